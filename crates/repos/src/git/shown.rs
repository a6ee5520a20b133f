//! What one commit changed.

use gix::ObjectId;

use super::changes::Comparer;
use super::objects::ObjectError;
use super::repository::{CommitInfo, Repository};
use crate::limits::Limits;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was not there before.
    Added,
    /// It has another content.
    Changed,
    /// It is not there any more.
    Removed,
}

/// A file that a commit changed. A file that was renamed is one that is gone and one that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path.
    pub path: String,
    /// What became of it.
    pub became: Became,
    /// Lines that are new; 0 where its lines were not compared: it is binary, too large, or one of too many.
    pub added: u32,
    /// Lines that are gone, in the same way.
    pub removed: u32,
}

/// A commit and what it changed.
#[derive(Debug)]
pub struct Shown {
    /// The commit itself.
    pub commit: CommitInfo,
    /// The files that differ from its first parent, by path.
    pub files: Vec<ChangedFile>,
    /// Whether there are more.
    pub cut: bool,
}

impl Repository {
    /// What a commit changed beside the first one it follows: of a merge, what it brought.
    ///
    /// # Errors
    /// When the commit or a folder of it cannot be read.
    pub fn shown(&self, id: &ObjectId, limits: &Limits) -> Result<Shown, ObjectError> {
        let mut buffer = Vec::new();
        let commit = self.commit(id, &mut buffer)?;
        let before = match commit.parents.first() {
            Some(parent) => Some(self.commit(parent, &mut buffer)?.tree),
            None => None,
        };
        let changes = Comparer::new(self.objects(), limits).between(before, commit.tree)?;
        let files = changes.files.into_iter().map(|file| ChangedFile {
            became: match (file.before, file.after) {
                (0, _) => Became::Added,
                (_, 0) => Became::Removed,
                _ => Became::Changed,
            },
            path: file.path,
            added: file.added,
            removed: file.removed,
        });
        Ok(Shown { files: files.collect(), cut: changes.cut, commit })
    }
}
