//! Commits as they are kept from one analysis to the next. A commit never changes, nor what it did to its first
//! parent; only where a shallow clone ends may change, so that is looked at anew each time.
//!
//! What was kept is looked up where it lies: nothing of a commit is taken apart before somebody asks for it.

mod piece;

use analysis::source::Hunk;
use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::View;
use crate::git::changes::{Changes, FileChange};
use crate::git::ids::IdMap;
use crate::git::repository::CommitInfo;
pub(super) use piece::{Parent, Piece};

/// Commits that were read before.
#[derive(Debug, Default)]
pub struct KnownCommits<'a> {
    /// The piece with the most commits: they are found in it, and lead to each other by their rows.
    pub(super) table: Piece<'a>,
    /// The commits of the other pieces.
    few: IdMap<(Piece<'a>, u32)>,
}

/// What a commit changed against its first parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Compared<'a> {
    #[serde(borrow)]
    pub(super) files: Vec<File<'a>>,
    pub(super) cut: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) added: u32,
    pub(super) removed: u32,
    pub(super) before: u64,
    pub(super) after: u64,
    pub(super) hunks: Vec<Hunk>,
}

/// A commit that is to be kept, with what it changed where that is known for sure.
pub(super) type Fresh<'a> = (ObjectId, &'a CommitInfo, Option<&'a Changes>);

impl<'a> KnownCommits<'a> {
    /// Takes up what [`encode`] gave. Returns whether it was sound.
    pub fn add(&mut self, bytes: &'a [u8]) -> bool {
        let Some(mut piece) = Piece::read(bytes) else { return false };
        if piece.len() > self.table.len() {
            std::mem::swap(&mut piece, &mut self.table);
        }
        for (row, id) in (0_u32..).zip(piece.ids()) {
            // Of several records of a commit, one that says what it changed tells most.
            if !self.few.contains_key(&id) || piece.compared(row).is_some() {
                self.few.insert(id, (piece, row));
            }
        }
        true
    }

    /// Where a commit is written down.
    fn places(&self, id: &ObjectId) -> impl Iterator<Item = (&Piece<'a>, u32)> {
        let row = self.table.find(id).map(|row| (&self.table, row));
        row.into_iter().chain(self.few.get(id).map(|(piece, row)| (piece, *row)))
    }

    /// A commit with all its parents.
    pub(super) fn commit(&self, id: &ObjectId) -> Option<CommitInfo> {
        let (piece, row) = self.places(id).next()?;
        let view = piece.view(row)?;
        Some(CommitInfo {
            tree: view.tree,
            parents: piece.parents(row).filter_map(|parent| piece.parent_id(parent)).collect(),
            time: piece.time(row)?,
            authored: view.authored,
            author_name: view.name.to_vec(),
            author_email: view.email.to_vec(),
            subject: view.subject.into_owned(),
        })
    }

    /// The folder of files of a commit.
    pub(super) fn tree(&self, id: &ObjectId) -> Option<ObjectId> {
        self.places(id).next().and_then(|(piece, row)| piece.tree(row))
    }

    /// What a commit changed against its first parent, where that was compared.
    pub(super) fn changes(&self, id: &ObjectId) -> Option<Compared<'a>> {
        let compared = self.places(id).find_map(|(piece, row)| piece.compared(row))?;
        postcard::from_bytes(compared).ok()
    }

    /// The same of a commit that is in that row of the table.
    pub(super) fn changes_of(&self, row: u32, id: &ObjectId) -> Option<Compared<'a>> {
        match self.table.compared(row) {
            Some(compared) => postcard::from_bytes(compared).ok(),
            None => self.changes(id),
        }
    }

    /// Whether a commit is known, and if it was `compared`, then that too.
    pub(super) fn has(&self, id: &ObjectId, compared: bool) -> bool {
        self.places(id).any(|(piece, row)| !compared || piece.compared(row).is_some())
    }
}

/// Writes commits down; `None` where there are none, or too many.
pub(super) fn encode(commits: &[Fresh<'_>]) -> Option<Vec<u8>> {
    if commits.is_empty() {
        return None;
    }
    let compared = |changes: Option<&Changes>| {
        let Some(changes) = changes else { return Some(Vec::new()) };
        let files = changes.files.iter().map(File::of).collect();
        postcard::to_allocvec(&Compared { files, cut: changes.cut }).ok()
    };
    let views = commits.iter().map(|(id, commit, changes)| Some((*id, *commit, compared(*changes)?)));
    piece::write(&views.collect::<Option<Vec<_>>>()?)
}

impl<'a> File<'a> {
    fn of(file: &'a FileChange) -> Self {
        Self {
            path: &file.path,
            added: file.added,
            removed: file.removed,
            before: file.before,
            after: file.after,
            hunks: file.hunks.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
