//! The layers of the configuration, each value with where it came from.

use std::path::Path;

use figment::error::Kind;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{ConfigError, Environment, TEMPLATE};
use crate::cli::{Command, Global};

/// One setting made by an option of the command line.
#[derive(Debug, Clone)]
pub(crate) struct Flag {
    key: &'static str,
    name: &'static str,
    value: Value,
}

impl Flag {
    pub(crate) fn new(key: &'static str, name: &'static str, value: impl Into<Value>) -> Self {
        Self { key, name, value: value.into() }
    }
}

/// The settings that the command line makes.
pub(crate) fn flags(global: &Global, command: &Command) -> Vec<Flag> {
    let mut flags = Vec::new();
    if let Some(folder) = &global.data_dir {
        // Relative to where the command was typed, whatever runs later.
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        flags.push(Flag::new("data_dir", "--data-dir", folder.to_string_lossy().into_owned()));
    }
    if let Command::Serve(serve) = command {
        if let Some(listen) = &serve.listen {
            flags.push(Flag::new("server.listen", "--listen", listen.clone()));
        }
        if serve.allow_network {
            flags.push(Flag::new("server.allow_network", "--allow-network", true));
        }
    }
    flags
}

/// One value and the words for where it was set.
struct Single {
    source: String,
    key: String,
    value: Value,
}

impl Provider for Single {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let nested = figment::util::nest(&self.key, self.value.clone());
        Ok(Profile::Default.collect(nested.into_dict().unwrap_or_default()))
    }
}

/// All layers, the weakest first.
pub(super) fn layers(
    flags: &[Flag],
    environment: &Environment,
    file: Option<&Path>,
) -> Result<Figment, ConfigError> {
    let mut layers = Figment::from(Toml::string(TEMPLATE));
    if let Some(folder) = environment.data_dir() {
        layers = layers.merge(Single {
            source: "default".to_owned(),
            key: "data_dir".to_owned(),
            value: folder.to_string_lossy().into_owned().into(),
        });
    }
    if let Some(file) = file {
        if !file.is_file() {
            return Err(ConfigError(format!("there is no configuration file {}", file.display())));
        }
        layers = layers.merge(Toml::file_exact(file));
    } else if let Some(folder) = environment.config_dir() {
        layers = with_file(layers, &folder);
    }
    let stronger = over(Figment::new(), flags, environment);
    if file.is_none() {
        // The data folder may hold a file too; which folder that is, the other layers decide.
        let folder = layers.clone().merge(stronger.clone()).extract_inner::<String>("data_dir").ok();
        if let Some(folder) = folder {
            layers = with_file(layers, Path::new(&folder));
        }
    }
    let layers = over(layers, flags, environment);
    match layers.find_value("data_dir") {
        Ok(_) => Ok(layers),
        Err(error) if error.missing() => {
            Err(ConfigError("no place for data: set HOME, or say one with --data-dir".to_owned()))
        }
        // A file that is no TOML has no value at all.
        Err(error) => Err(explain(&error)),
    }
}

/// The folder's configuration file on top of what is there, where the folder has one.
fn with_file(layers: Figment, folder: &Path) -> Figment {
    let file = folder.join("devmentor.toml");
    if file.is_file() { layers.merge(Toml::file_exact(file)) } else { layers }
}

/// The environment and the options on top of what is there.
fn over(mut layers: Figment, flags: &[Flag], environment: &Environment) -> Figment {
    for (name, key, value) in environment.settings() {
        let value = value.parse().unwrap_or_else(|_| value.to_owned().into());
        layers = layers.merge(Single { source: format!("environment variable {name}"), key, value });
    }
    for flag in flags {
        let source = format!("option {}", flag.name);
        layers = layers.merge(Single { source, key: flag.key.to_owned(), value: flag.value.clone() });
    }
    layers
}

/// What is wrong, in the user's words: the setting, where it was made, and the nearest name that exists.
pub(super) fn explain(error: &figment::Error) -> ConfigError {
    let key = error.path.join(".");
    let place =
        error.metadata.as_ref().map_or_else(String::new, |metadata| format!(" ({})", source(metadata)));
    ConfigError(match &error.kind {
        Kind::UnknownField(name, known) => {
            let path = if key.is_empty() || key == *name { name.clone() } else { with_last(&key, name) };
            let nearest = nearest(name, known).map_or_else(
                || format!("the settings here are {}", known.join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            format!("there is no setting `{path}`{place}: {nearest}")
        }
        Kind::InvalidType(actual, expected) => {
            format!("`{key}`{place} is {actual}, but has to be {}", kind_of_value(expected))
        }
        Kind::UnknownVariant(actual, known) => {
            format!("`{key}`{place} is `{actual}`, but has to be one of {}", known.join(", "))
        }
        _ => one_line(&error.to_string()),
    })
}

/// The first and the last line of an explanation: where it is and what; between them others draw the place.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines[..] {
        [] => String::new(),
        [only] => only.to_owned(),
        [first, .., last] => format!("{first}: {last}"),
    }
}

/// The kind of a value in words, where the reader of the configuration has a name of the language for it.
fn kind_of_value(expected: &str) -> &str {
    match expected {
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number, not below 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        other => other,
    }
}

/// The path of a setting whose last part is `name`, whether or not the path already ends with it.
fn with_last(key: &str, name: &str) -> String {
    if key.rsplit('.').next() == Some(name) { key.to_owned() } else { format!("{key}.{name}") }
}

/// Where a value came from.
pub(super) fn source(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ if metadata.name.starts_with("TOML") => "default".to_owned(),
        _ => metadata.name.to_string(),
    }
}

/// The known name that is most like the one that was written.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let scored = known.iter().map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate));
    let limit = (name.len() / 3).max(2);
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}
