//! The configuration in force as a list, for `devmentor config`.

use std::path::Path;

use figment::value::Value;
use serde::Serialize;

use super::{ConfigError, Environment, Flag, layers};

/// Settings that are never shown: every one that [`super::Config`] holds as a [`base::Secret`].
pub(super) const SECRET: &[&str] = &[
    "database.url",
    "identity.providers",
    "mail.smtp_url",
    "models.providers",
    "outbound.proxy",
    "redis.url",
    "repositories.tokens",
    "secrets.keys",
];

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Setting {
    /// Dotted name.
    pub(crate) key: String,
    /// Its value; secrets are replaced.
    pub(crate) value: serde_json::Value,
    /// Where it was made.
    pub(crate) source: String,
}

/// Every setting in force, by name.
pub(crate) fn settings(
    flags: &[Flag],
    environment: &Environment,
    file: Option<&Path>,
) -> Result<Vec<Setting>, ConfigError> {
    let layers = layers::layers(flags, environment, file)?;
    // A file with a mistake in it has no effective values to show.
    super::Config::from_layers(&layers)?;
    let root: Value = layers.extract().map_err(|error| layers::explain(&error))?;
    let mut found = Vec::new();
    collect(&layers, "", &root, &mut found);
    found.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(found)
}

fn collect(layers: &figment::Figment, key: &str, value: &Value, found: &mut Vec<Setting>) {
    if let Value::Dict(_, entries) = value {
        for (name, value) in entries {
            let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            collect(layers, &key, value, found);
        }
        return;
    }
    let shown = if SECRET.contains(&key) {
        "[secret]".into()
    } else {
        serde_json::to_value(value).unwrap_or_default()
    };
    let source = layers.get_metadata(value.tag()).map_or_else(|| "default".to_owned(), layers::source);
    found.push(Setting { key: key.to_owned(), value: shown, source });
}
