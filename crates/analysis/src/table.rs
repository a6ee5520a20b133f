//! The tables in `data`, as the build script writes them: JSON is read in a fraction of the time that TOML takes.

use serde::de::DeserializeOwned;

/// The text of a table, by its path within `data` and without its ending.
macro_rules! table {
    ($path:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $path, ".json"))
    };
}

/// Reads a table.
///
/// # Errors
/// When it has another form.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}
