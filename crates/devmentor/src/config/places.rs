//! Where files are by default, and the one place that reads the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Variables that belong to the tests and the tasks around the program, or to commands that speak with a server, not to its
/// configuration.
const NOT_OURS: [&str; 5] =
    ["DEVMENTOR_TEST_", "DEVMENTOR_BIN", "DEVMENTOR_SQL_LOG", "DEVMENTOR_TOKEN", "DEVMENTOR_URL"];

/// The prefix of every variable that is a setting.
pub(super) const PREFIX: &str = "DEVMENTOR_";

/// The environment as it was when the program started.
#[derive(Debug, Clone)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The environment of this process. Variables that are not UTF-8 are none of ours.
    pub(crate) fn of_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        )
    }

    /// No variables at all.
    pub fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// Only these variables.
    #[cfg(test)]
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// A variable, where it is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Variables that are settings: name, dotted key, value.
    pub(super) fn settings(&self) -> impl Iterator<Item = (&str, String, &str)> {
        self.0.iter().filter(|(name, _)| !NOT_OURS.iter().any(|other| name.starts_with(other))).filter_map(
            |(name, value)| {
                let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
                Some((name.as_str(), key, value.as_str()))
            },
        )
    }

    /// Whether colours are declined (<https://no-color.org>).
    pub(crate) fn declines_color(&self) -> bool {
        self.get("NO_COLOR").is_some() || self.get("TERM") == Some("dumb")
    }

    /// The folder for application data.
    pub(crate) fn data_dir(&self) -> Option<PathBuf> {
        self.folder(
            "XDG_DATA_HOME",
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" },
        )
    }

    /// The folder for configuration.
    pub(crate) fn config_dir(&self) -> Option<PathBuf> {
        self.folder(
            "XDG_CONFIG_HOME",
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" },
        )
    }

    /// The folder for what can be made again.
    pub(crate) fn cache_dir(&self) -> Option<PathBuf> {
        self.folder("XDG_CACHE_HOME", if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" })
    }

    fn folder(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        // The XDG specification: a relative path in these variables is to be ignored.
        let stated = self.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = stated.or_else(|| Some(PathBuf::from(self.get("HOME")?).join(below_home)))?;
        Some(base.join("devmentor"))
    }
}
