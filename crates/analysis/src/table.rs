//! The tables in `data`, as the build script writes them: JSON is read in a fraction of the time that TOML takes.

use serde::Deserialize;

/// The text of a table, by its path within `data` and without its ending.
macro_rules! table {
    ($path:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $path, ".json"))
    };
}

/// Reads a table. Its texts may stay where they are.
///
/// # Errors
/// When it has another form.
pub(crate) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}
