//! Which contents each commit brought: what it has and none of its parents has at the same place.

use std::collections::{BTreeSet, HashMap};

use gix::ObjectId;
use gix::objs::{Kind, TreeRefIter};

use super::changes::{Content, Recent};
use super::name::{display_name, is_plain};
use super::objects::{ObjectError, Objects};
use crate::limits::Limits;

/// What is noted of the parents of one folder; a commit with more is not looked through.
const MOST_NOTED: usize = 2_000_000;

/// A content that a commit brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Path from the root.
    pub(crate) path: String,
    /// The content.
    pub(crate) id: ObjectId,
    /// What the parents have there.
    pub(crate) before: Vec<ObjectId>,
}

/// Looks commits through one after the other: what one leaves is mostly what the next one needs.
pub(crate) struct Bringer<'a> {
    objects: &'a Objects,
    limits: &'a Limits,
    recent: Recent,
}

/// A folder that waits to be opened, with those of the parents at the same place.
struct Pending {
    id: ObjectId,
    before: Vec<ObjectId>,
    path: String,
    depth: u32,
}

impl<'a> Bringer<'a> {
    pub(crate) fn new(objects: &'a Objects, limits: &'a Limits) -> Self {
        Self { objects, limits, recent: Recent::default() }
    }

    /// What a commit with this tree brought, at most as many files as one commit may have. `parents` are the trees of
    /// its parents, each counted once; a commit without any brought everything.
    pub(crate) fn brought(
        &mut self,
        parents: &[ObjectId],
        tree: ObjectId,
    ) -> Result<Vec<Brought>, ObjectError> {
        let mut found = Vec::new();
        let mut opened = 0;
        let distinct: BTreeSet<ObjectId> = parents.iter().copied().collect();
        let before = distinct.into_iter().collect();
        let root = Pending { id: tree, before, path: String::new(), depth: 0 };
        let mut pending = if parents.contains(&tree) { Vec::new() } else { vec![root] };
        while let Some(folder) = pending.pop() {
            opened += 1;
            if opened > self.limits.folders || found.len() as u64 >= self.limits.files {
                break;
            }
            self.folder(&folder, &mut found, &mut pending)?;
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Reads the folders of the parents one after the other: only what the commit's own folder has is noted of them.
    fn folder(
        &mut self,
        folder: &Pending,
        found: &mut Vec<Brought>,
        pending: &mut Vec<Pending>,
    ) -> Result<(), ObjectError> {
        let data = self.tree(&folder.id)?;
        let mut there: HashMap<&[u8], Vec<(bool, ObjectId)>> = HashMap::new();
        for entry in entries(&data) {
            there.entry(entry?.0).or_default();
        }
        let mut noted = 0;
        for parent in &folder.before {
            let data = self.tree(parent)?;
            for entry in entries(&data) {
                let (name, of_parent) = entry?;
                let Some(known) = there.get_mut(name).filter(|known| !known.contains(&of_parent)) else {
                    continue;
                };
                known.push(of_parent);
                noted += 1;
                if noted > MOST_NOTED {
                    return Err(ObjectError::TooLarge(data.len() as u64));
                }
            }
        }
        for entry in entries(&data) {
            let (name, (is_folder, id)) = entry?;
            let there = there.get(name).map(Vec::as_slice).unwrap_or_default();
            if there.contains(&(is_folder, id)) || !is_plain(name) {
                continue;
            }
            if found.len() as u64 >= self.limits.files || pending.len() as u64 >= self.limits.folders {
                return Ok(());
            }
            let own = display_name(name);
            let path =
                if folder.path.is_empty() { own.into_owned() } else { format!("{}/{own}", folder.path) };
            if path.len() > self.limits.path_bytes {
                continue;
            }
            let alike = there.iter().filter(|(other, _)| *other == is_folder);
            let before: Vec<ObjectId> = alike.map(|(_, id)| *id).collect();
            if !is_folder {
                found.push(Brought { path, id, before });
            } else if folder.depth < self.limits.depth {
                pending.push(Pending { id, before, path, depth: folder.depth + 1 });
            }
        }
        Ok(())
    }

    fn tree(&mut self, id: &ObjectId) -> Result<Content, ObjectError> {
        self.recent.read(self.objects, id, Kind::Tree, self.limits.folder_bytes)
    }
}

/// The files and folders in the data of a tree: the name, whether it is a folder, and what it holds. Links and modules
/// are none.
fn entries(data: &[u8]) -> impl Iterator<Item = Result<(&[u8], (bool, ObjectId)), ObjectError>> {
    let entries = TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1);
    entries.filter_map(|entry| match entry {
        Ok(entry) if entry.mode.is_tree() || entry.mode.is_blob() => {
            Some(Ok((entry.filename.as_ref(), (entry.mode.is_tree(), entry.oid.to_owned()))))
        }
        Ok(_) => None,
        Err(_) => Some(Err(ObjectError::Damaged)),
    })
}
