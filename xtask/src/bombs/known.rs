//! What the product says it reads, taken from its sources, so that nothing is added there and forgotten here.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::shell;

/// The languages whose syntax is understood.
pub(super) fn languages() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(sources().join("syntax/languages"))? {
        let path = entry?.path();
        // A language of several files has the call in the one beside its folder.
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(path)?;
        names.extend(text.split("Language::new(").skip(1).filter_map(|call| quoted(call).next()));
    }
    names.sort();
    ensure!(!names.is_empty(), "no languages were found");
    Ok(names)
}

/// The formats of manifests and lockfiles: file names, and endings that begin with a dot or not.
pub(super) fn formats() -> Result<Vec<String>> {
    let text = fs::read_to_string(sources().join("inventory/manifest.rs"))?;
    let mut names = Vec::new();
    for table in ["const FORMATS", "const ENDINGS"] {
        let from = text.split_once(table).with_context(|| format!("no `{table}` in manifest.rs"))?.1;
        let rows = from.split_once("];").context("a table without an end")?.0;
        names.extend(quoted(rows));
    }
    names.sort();
    Ok(names)
}

fn sources() -> std::path::PathBuf {
    shell::root().join("crates/analysis/src")
}

fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}
