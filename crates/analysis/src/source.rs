//! What the analysis is given: files one at a time, and the history as plain data.
//!
//! Nothing here opens anything. The caller reads the commit and hands the bytes over.

use serde::{Deserialize, Serialize};

use crate::inventory::masked;
use crate::report::CommitRef;

/// A file of the analysed commit.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// Path from the root, with `/`; bytes that were not UTF-8 are already written as `\xNN`.
    pub path: &'a str,
    /// Whether its mode says that it can be executed.
    pub executable: bool,
    /// The content.
    pub bytes: &'a [u8],
}

/// A commit of the history, newest first in every list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRecord {
    /// Object id, in hexadecimal.
    pub id: String,
    /// Committer time, seconds since the epoch.
    pub time: i64,
    /// Author time, which a commit keeps when it is carried over to another branch; in the same way.
    pub authored: i64,
    /// Author after the mailmap: index into [`HistoryInput::people`].
    pub author: u32,
    /// First line of the message.
    pub subject: String,
    /// How many parents.
    pub parents: u32,
    /// Files it changed against its first parent; empty for merges, which are not compared.
    pub changes: Vec<Change>,
    /// Whether `changes` was cut off because the commit touches too many files.
    pub changes_cut: bool,
}

/// What a commit did to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Index into [`HistoryInput::paths`].
    pub path: u32,
    /// Lines added; 0 when the content was not compared.
    pub added: u32,
    /// Lines removed; 0 when the content was not compared.
    pub removed: u32,
    /// The content before: the first eight bytes of its object id, 0 where there was none.
    pub before: u64,
    /// The content after, in the same way.
    pub after: u64,
    /// Where the lines differ, from the first line on; empty when they were not compared or differ in more than
    /// [`Hunk::MOST`] places.
    pub hunks: Vec<Hunk>,
}

/// A place where two versions of a file differ. Lines count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// First line of the old version that is gone.
    pub before: u32,
    /// How many lines are gone.
    pub removed: u32,
    /// First line of the new version that is new.
    pub after: u32,
    /// How many lines are new.
    pub added: u32,
}

impl Hunk {
    /// Places of one file and commit that are kept: one with more rewrites the file.
    pub const MOST: usize = 64;
}

impl CommitRecord {
    /// The commit as a report names it.
    pub(crate) fn reference(&self) -> CommitRef {
        reference(self.id.clone(), &self.subject, self.time)
    }
}

/// A commit as a report names it. Subjects are shown everywhere, so what looks like a credential in one is not.
pub fn reference(id: String, subject: &str, time: i64) -> CommitRef {
    CommitRef { id, subject: masked(subject), time }
}

/// A person of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name after the mailmap.
    pub name: String,
    /// Address after the mailmap.
    pub email: String,
}

/// The history that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryInput {
    /// Newest first, down to the last one of the [window](crate::history::WINDOW_DAYS); there may be others of any age
    /// among them.
    pub commits: Vec<CommitRecord>,
    /// Those that follow.
    pub older: Older,
    /// Interned authors.
    pub people: Vec<Person>,
    /// Interned paths.
    pub paths: Vec<String>,
    /// For each path its content in the analysed commit, as in [`Change::after`]; 0 where it is gone.
    pub heads: Vec<u64>,
    /// Whether older commits exist that are not in `commits`.
    pub truncated: bool,
}

impl HistoryInput {
    /// How many commits were read.
    pub fn total(&self) -> u32 {
        u32::try_from(self.commits.len()).unwrap_or(u32::MAX).saturating_add(self.older.commits)
    }
}

/// Commits of which only this much matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Older {
    /// How many.
    pub commits: u32,
    /// Committer time of the oldest one.
    pub first: Option<i64>,
}

/// The folder a file lies in, or another folder; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or("", |end| path.get(..end).unwrap_or_default())
}

/// Joins a folder and a relative path, which counts from the root where it begins with `/`; `None` when it leaves the
/// repository.
pub(crate) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = if relative.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
