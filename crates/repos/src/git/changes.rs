//! Which files differ between two trees, and by how many lines.

use std::collections::BTreeMap;

use analysis::source::Hunk;
use gix::ObjectId;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::objs::{Kind, TreeRefIter};

use super::name::display_name;
use super::objects::{ObjectError, Objects};
use crate::limits::Limits;

/// Above this many files, lines are not compared: such a commit is formatting, a rename or an import.
const COMPARED_FILES: usize = 300;

/// Folders one comparison may open.
const FOLDERS: usize = 20_000;

/// Git looks at this many bytes to tell binary from text.
const BINARY_PROBE: usize = 8_000;

/// A file that two trees do not have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    pub(super) path: String,
    pub(super) added: u32,
    pub(super) removed: u32,
    pub(super) hunks: Vec<Hunk>,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
}

/// The differences of two trees.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// By path.
    pub(super) files: Vec<FileChange>,
    /// Whether there are more.
    pub(super) cut: bool,
}

/// The entries of a folder that matter here, by name and whether it is a folder.
type Entries = BTreeMap<(Vec<u8>, bool), ObjectId>;

/// Compares two trees; `None` stands for the empty one.
pub(super) fn between(
    objects: &Objects,
    old: Option<ObjectId>,
    new: ObjectId,
    limits: &Limits,
) -> Result<Changes, ObjectError> {
    let mut changes = Changes::default();
    let mut buffer = Vec::new();
    let mut opened = 0;
    let mut pending = vec![(old, Some(new), String::new(), 0_u32)];
    while let Some((old, new, path, depth)) = pending.pop() {
        opened += 1;
        if depth > limits.depth || opened > FOLDERS {
            changes.cut = true;
            continue;
        }
        let mut before = entries(objects, old, limits, &mut buffer)?;
        for ((name, is_folder), now) in entries(objects, new, limits, &mut buffer)? {
            let then = before.remove(&(name.clone(), is_folder));
            if then != Some(now) {
                note(&mut changes, &mut pending, (then, Some(now)), (&name, is_folder), &path, depth);
            }
        }
        for ((name, is_folder), then) in before {
            note(&mut changes, &mut pending, (Some(then), None), (&name, is_folder), &path, depth);
        }
        if changes.files.len() > limits.changes_per_commit {
            changes.cut = true;
            break;
        }
    }
    changes.files.sort_by(|a, b| a.path.cmp(&b.path));
    changes.files.truncate(limits.changes_per_commit);
    if !changes.cut && changes.files.len() <= COMPARED_FILES {
        for file in &mut changes.files {
            compare_lines(objects, file, limits);
        }
    }
    Ok(changes)
}

type PendingFolder = (Option<ObjectId>, Option<ObjectId>, String, u32);

fn note(
    changes: &mut Changes,
    pending: &mut Vec<PendingFolder>,
    (old, new): (Option<ObjectId>, Option<ObjectId>),
    (name, is_folder): (&[u8], bool),
    folder: &str,
    depth: u32,
) {
    let name = display_name(name);
    let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
    if is_folder {
        pending.push((old, new, path, depth + 1));
    } else {
        changes.files.push(FileChange { path, added: 0, removed: 0, hunks: Vec::new(), old, new });
    }
}

fn entries(
    objects: &Objects,
    tree: Option<ObjectId>,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> Result<Entries, ObjectError> {
    let Some(id) = tree else { return Ok(Entries::new()) };
    let data = objects.read(&id, Kind::Tree, limits.folder_bytes, buffer)?;
    let mut found = Entries::new();
    for entry in TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1) {
        let entry = entry.map_err(|_| ObjectError::Damaged)?;
        if entry.mode.is_tree() || entry.mode.is_blob() {
            found.insert((entry.filename.to_vec(), entry.mode.is_tree()), entry.oid.to_owned());
        }
    }
    Ok(found)
}

/// Finds the lines that differ; none where the content is binary, too large or not there.
fn compare_lines(objects: &Objects, file: &mut FileChange, limits: &Limits) {
    let text = |id: Option<ObjectId>| -> Option<Vec<u8>> {
        let Some(id) = id else { return Some(Vec::new()) };
        let mut buffer = Vec::new();
        objects.read(&id, Kind::Blob, limits.diff_bytes, &mut buffer).ok()?;
        (!buffer[..buffer.len().min(BINARY_PROBE)].contains(&0)).then_some(buffer)
    };
    let (Some(old), Some(new)) = (text(file.old), text(file.new)) else { return };
    let input = InternedInput::new(old.as_slice(), new.as_slice());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    (file.added, file.removed) = (diff.count_additions(), diff.count_removals());
    let places = diff.hunks().map(|hunk| Hunk {
        before: hunk.before.start,
        removed: hunk.before.end.saturating_sub(hunk.before.start),
        after: hunk.after.start,
        added: hunk.after.end.saturating_sub(hunk.after.start),
    });
    file.hunks = places.take(Hunk::MOST + 1).collect();
    if file.hunks.len() > Hunk::MOST {
        file.hunks = Vec::new();
    }
}
