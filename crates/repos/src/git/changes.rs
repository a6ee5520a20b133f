//! Which files differ between two trees, and by how many lines.

mod lines;
mod recent;

use std::cmp::Ordering;

use analysis::source::Hunk;
use gix::ObjectId;
use gix::objs::{Kind, TreeRefIter};

use super::history::short;
use super::name::display_name;
use super::objects::{ObjectError, Objects};
use crate::limits::Limits;
use lines::Compared;
pub(crate) use lines::is_binary;
pub(super) use recent::{Content, Recent};

/// Above this many files, lines are not compared: such a commit is formatting, a rename or an import.
const COMPARED_FILES: usize = 300;

/// Folders one comparison may open.
const FOLDERS: usize = 20_000;

/// A file that two trees do not have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    pub(super) path: String,
    pub(super) added: u32,
    pub(super) removed: u32,
    /// Where the lines differ; empty where they were not compared or differ in more than [`Hunk::MOST`] places.
    pub(super) hunks: Vec<Hunk>,
    /// The content before, as [`short`](super::history::short) writes it; 0 where there was none.
    pub(super) before: u64,
    /// The content after.
    pub(super) after: u64,
}

/// The differences of two trees.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// By path.
    pub(super) files: Vec<FileChange>,
    /// Whether there are more.
    pub(super) cut: bool,
    /// Whether they depend on the two trees alone: every object that was wanted was there.
    pub(super) sure: bool,
}

/// A file that differs, with its contents.
struct Found {
    path: String,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
}

/// Compares trees, one pair after the other. Commits that follow each other share most of what is read: what one
/// leaves is what the next one finds.
pub(super) struct Comparer<'a> {
    objects: &'a Objects,
    limits: &'a Limits,
    recent: Recent,
}

/// An entry of a folder that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry<'a> {
    name: &'a [u8],
    folder: bool,
    id: ObjectId,
}

impl Entry<'_> {
    fn order(&self, other: &Self) -> Ordering {
        (self.name, self.folder).cmp(&(other.name, other.folder))
    }
}

struct PendingFolder {
    old: Option<ObjectId>,
    new: Option<ObjectId>,
    path: String,
    depth: u32,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(objects: &'a Objects, limits: &'a Limits) -> Self {
        Self { objects, limits, recent: Recent::default() }
    }

    /// Compares two trees; `None` stands for the empty one.
    pub(super) fn between(&mut self, old: Option<ObjectId>, new: ObjectId) -> Result<Changes, ObjectError> {
        let mut found = Vec::new();
        let mut cut = false;
        let mut opened = 0;
        let mut pending = vec![PendingFolder { old, new: Some(new), path: String::new(), depth: 0 }];
        while let Some(folder) = pending.pop() {
            opened += 1;
            if folder.depth > self.limits.depth || opened > FOLDERS {
                cut = true;
                continue;
            }
            self.folder(&folder, &mut found, &mut pending)?;
            if found.len() > self.limits.changes_per_commit {
                cut = true;
                break;
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found.truncate(self.limits.changes_per_commit);
        let by_lines = !cut && found.len() <= COMPARED_FILES;
        let mut changes = Changes { files: Vec::with_capacity(found.len()), cut, sure: true };
        for file in found {
            let lines = if by_lines { self.lines(file.old, file.new) } else { Ok(Compared::default()) };
            changes.sure &= lines.is_ok();
            let Compared { added, removed, hunks } = lines.unwrap_or_default();
            let [before, after] = [file.old, file.new].map(|id| id.map_or(0, |id| short(&id)));
            changes.files.push(FileChange { path: file.path, added, removed, hunks, before, after });
        }
        Ok(changes)
    }

    /// Notes what differs in one folder; its folders that differ are left for later.
    fn folder(
        &mut self,
        folder: &PendingFolder,
        found: &mut Vec<Found>,
        pending: &mut Vec<PendingFolder>,
    ) -> Result<(), ObjectError> {
        let (before, after) = (self.tree(folder.old)?, self.tree(folder.new)?);
        let (before, after) = (entries(&before)?, entries(&after)?);
        let (mut olds, mut news) = (before.iter().peekable(), after.iter().peekable());
        // First what is new or changed, then what is gone.
        let mut gone = Vec::new();
        let mut note = |entry: &Entry<'_>, old, new| {
            let name = display_name(entry.name);
            let path =
                if folder.path.is_empty() { name.into_owned() } else { format!("{}/{name}", folder.path) };
            if entry.folder {
                pending.push(PendingFolder { old, new, path, depth: folder.depth + 1 });
            } else {
                found.push(Found { path, old, new });
            }
        };
        loop {
            let order = match (olds.peek(), news.peek()) {
                (Some(old), Some(new)) => old.order(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let old = if order.is_le() { olds.next() } else { None };
            let new = if order.is_ge() { news.next() } else { None };
            match (old, new) {
                (Some(old), Some(new)) if old.id != new.id => note(new, Some(old.id), Some(new.id)),
                (None, Some(new)) => note(new, None, Some(new.id)),
                (Some(old), None) => gone.push(*old),
                _ => {}
            }
        }
        for old in gone {
            note(&old, Some(old.id), None);
        }
        Ok(())
    }

    fn tree(&mut self, id: Option<ObjectId>) -> Result<recent::Content, ObjectError> {
        match id {
            Some(id) => self.recent.read(self.objects, &id, Kind::Tree, self.limits.folder_bytes),
            None => Ok(recent::Content::default()),
        }
    }

    /// The lines that differ; none where the content is binary or too large. An error says that it is not there.
    fn lines(&mut self, old: Option<ObjectId>, new: Option<ObjectId>) -> Result<Compared, ObjectError> {
        let mut text = |id: Option<ObjectId>| match id {
            Some(id) => match self.recent.read(self.objects, &id, Kind::Blob, self.limits.diff_bytes) {
                Ok(content) => Ok(Some(content).filter(|content| !is_binary(content))),
                Err(ObjectError::TooLarge(_)) => Ok(None),
                Err(error) => Err(error),
            },
            None => Ok(Some(recent::Content::default())),
        };
        Ok(match (text(old)?, text(new)?) {
            (Some(old), Some(new)) => lines::compare(&old, &new),
            _ => Compared::default(),
        })
    }
}

/// The files and folders in the data of a tree, by name. Git keeps them nearly in this order; of equal ones, which
/// only a hand-made tree has, the last counts.
fn entries(data: &[u8]) -> Result<Vec<Entry<'_>>, ObjectError> {
    let mut found = Vec::with_capacity(data.len() / 40);
    for entry in TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1) {
        let entry = entry.map_err(|_| ObjectError::Damaged)?;
        if entry.mode.is_tree() || entry.mode.is_blob() {
            let (name, folder) = (entry.filename.as_ref(), entry.mode.is_tree());
            found.push(Entry { name, folder, id: entry.oid.to_owned() });
        }
    }
    found.sort_by(Entry::order);
    // `dedup_by` keeps the first of equal ones, so it is given them backwards.
    if found.is_sorted_by(|a, b| a.order(b).is_lt()) {
        return Ok(found);
    }
    found.reverse();
    found.dedup_by(|later, kept| later.order(kept).is_eq());
    found.reverse();
    Ok(found)
}
