//! Which contents each commit brought: what it has and none of its parents has at the same place.

use std::collections::HashMap;

use gix::ObjectId;
use gix::objs::{Kind, TreeRefIter};

use super::changes::{Content, Recent};
use super::name::{display_name, is_plain};
use super::objects::{ObjectError, Objects};
use crate::limits::Limits;

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
    /// its parents; a commit without any brought everything.
    pub(crate) fn brought(
        &mut self,
        parents: &[ObjectId],
        tree: ObjectId,
    ) -> Result<Vec<Brought>, ObjectError> {
        let mut found = Vec::new();
        let mut opened = 0;
        let root = Pending { id: tree, before: parents.to_vec(), path: String::new(), depth: 0 };
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

    fn folder(
        &mut self,
        folder: &Pending,
        found: &mut Vec<Brought>,
        pending: &mut Vec<Pending>,
    ) -> Result<(), ObjectError> {
        let before: Vec<Content> =
            folder.before.iter().map(|id| self.tree(id)).collect::<Result<_, ObjectError>>()?;
        let before: Vec<HashMap<&[u8], (bool, ObjectId)>> =
            before.iter().map(|data| Ok(entries(data)?.collect())).collect::<Result<_, ObjectError>>()?;
        let data = self.tree(&folder.id)?;
        for (name, (is_folder, id)) in entries(&data)? {
            let there: Vec<(bool, ObjectId)> = before.iter().filter_map(|of| of.get(name).copied()).collect();
            if there.contains(&(is_folder, id)) || !is_plain(name) {
                continue;
            }
            let own = display_name(name);
            let path = if folder.path.is_empty() { own } else { format!("{}/{own}", folder.path) };
            let alike = there.into_iter().filter(|(other, _)| *other == is_folder).map(|(_, id)| id);
            let before: Vec<ObjectId> = alike.collect();
            if path.len() > self.limits.path_bytes {
                continue;
            }
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
fn entries(data: &[u8]) -> Result<impl Iterator<Item = (&[u8], (bool, ObjectId))>, ObjectError> {
    let entries: Vec<_> = TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1)
        .collect::<Result<_, _>>()
        .map_err(|_| ObjectError::Damaged)?;
    let wanted = entries.into_iter().filter(|entry| entry.mode.is_tree() || entry.mode.is_blob());
    Ok(wanted.map(|entry| (entry.filename.as_ref(), (entry.mode.is_tree(), entry.oid.to_owned()))))
}
