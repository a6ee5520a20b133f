//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md, as checks over the sources.
//!
//! Each check is a plain function from what it looks at to a list of problems, so that its tests can hand it a
//! mistake and see it caught.

mod documents;
mod files;
mod imports;
mod licences;
mod rust;
mod sql;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use cargo_metadata::{Metadata, MetadataCommand};

use crate::shell;

/// Something that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    /// The file, and the line where there is one.
    place: String,
    /// What is wrong, and what to do instead.
    text: String,
}

impl Problem {
    fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }

    fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), text)
    }
}

/// The text files of the work tree, by path from the root.
pub(crate) type Tree = BTreeMap<String, String>;

pub(crate) fn run() -> Result<()> {
    let tree = tree()?;
    let metadata = metadata()?;
    let mut problems = Vec::new();
    problems.extend(imports::check(&metadata));
    problems.extend(licences::check(&metadata));
    problems.extend(files::check(&tree));
    problems.extend(rust::check(&tree));
    problems.extend(sql::check(&tree));
    problems.extend(documents::check(&tree));
    problems.sort();
    problems.dedup();
    for problem in &problems {
        shell::say(&format!("{}: {}", problem.place, problem.text));
    }
    if problems.is_empty() {
        shell::say(&format!("tidy: {} files, nothing to say", tree.len()));
        return Ok(());
    }
    bail!("{} to mend", problems.len())
}

fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(shell::root())
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .context("cargo metadata does not answer: is Cargo.lock up to date?")
}

/// Every file that is committed or would be; binary ones are left out.
pub(crate) fn tree() -> Result<Tree> {
    let list = shell::output(shell::command(
        "git",
        &["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    ))?;
    let root = shell::root();
    let mut tree = Tree::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        // A file can be in the index and already deleted; a binary one has no lines to look at.
        if let Ok(bytes) = fs::read(root.join(path))
            && let Ok(text) = String::from_utf8(bytes)
        {
            tree.insert(path.to_owned(), text);
        }
    }
    Ok(tree)
}

/// Whether the path ends with a dot and these letters.
pub(crate) fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last == ending)
}

/// Whether the file holds nothing but tests.
pub(crate) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/testing.rs")
}

/// The lines of a source up to its tests, which by custom stand at its end, counted from 1.
pub(crate) fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).take_while(|(_, line)| *line != "#[cfg(test)]")
}

/// The crate a path belongs to, and the path inside it.
fn crate_of(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("crates/")?.split_once('/')
}
