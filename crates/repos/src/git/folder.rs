//! One folder of a commit, and what lies at one path: no more of the tree than leads there is read.

use std::collections::HashSet;

use gix::ObjectId;
use gix::objs::tree::EntryMode;
use gix::objs::{Kind, TreeRefIter};
use serde::{Deserialize, Serialize};

use super::name::{display_name, is_plain};
use super::objects::Objects;
use crate::limits::Limits;

/// What lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; see [`display_name`].
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its object; for a submodule the commit of the other repository.
    pub id: ObjectId,
}

/// Kinds of things in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A link. Links are never followed.
    Link,
    /// A commit of another repository.
    Submodule,
}

impl EntryKind {
    fn of(mode: EntryMode) -> Self {
        if mode.is_tree() {
            Self::Folder
        } else if mode.is_link() {
            Self::Link
        } else if mode.is_commit() {
            Self::Submodule
        } else {
            Self::File
        }
    }
}

/// What lies at a path as [`walk`](super::tree::walk) writes it. Names are compared with those in the tree, so that
/// no path leads out of it.
pub fn at(objects: &Objects, root: ObjectId, path: &str, limits: &Limits) -> Option<Entry> {
    let mut here = Entry { name: String::new(), kind: EntryKind::Folder, id: root };
    let parts = path.split('/').filter(|_| !path.is_empty());
    for (depth, part) in (0_u32..).zip(parts) {
        if here.kind != EntryKind::Folder || depth > limits.depth {
            return None;
        }
        let mut buffer = Vec::new();
        let data = objects.read(&here.id, Kind::Tree, limits.folder_bytes, &mut buffer).ok()?;
        here = entries(data).find(|entry| entry.name == part)?;
    }
    Some(here)
}

/// What is in the folder at a path: folders first, then by name; at most `most`, and whether there is more. `None`
/// where there is no such folder or it cannot be read.
pub fn list(
    objects: &Objects,
    root: ObjectId,
    path: &str,
    limits: &Limits,
    most: usize,
) -> Option<(Vec<Entry>, bool)> {
    let folder = at(objects, root, path, limits).filter(|entry| entry.kind == EntryKind::Folder)?;
    let mut buffer = Vec::new();
    let data = objects.read(&folder.id, Kind::Tree, limits.folder_bytes, &mut buffer).ok()?;
    // No path may stand for two things; of equal names, which only a hand-made tree has, the first counts.
    let mut seen = HashSet::new();
    let mut found: Vec<Entry> = entries(data).filter(|entry| seen.insert(entry.name.clone())).collect();
    found.sort_by(|a, b| (a.kind != EntryKind::Folder, &a.name).cmp(&(b.kind != EntryKind::Folder, &b.name)));
    let more = found.len() > most;
    found.truncate(most);
    Some((found, more))
}

fn entries(data: &[u8]) -> impl Iterator<Item = Entry> {
    TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1)
        .map_while(Result::ok)
        .filter(|entry| is_plain(entry.filename))
        .map(|entry| Entry {
            name: display_name(entry.filename).into_owned(),
            kind: EntryKind::of(entry.mode),
            id: entry.oid.to_owned(),
        })
}
