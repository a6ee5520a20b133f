//! Commits as they are kept from one analysis to the next. A commit never changes, nor what it did to its first
//! parent; only where a shallow clone ends may change, so that is looked at anew each time.

use analysis::source::Hunk;
use gix::ObjectId;
use serde::{Deserialize, Serialize};

use crate::git::changes::{Changes, FileChange};
use crate::git::ids::IdMap;
use crate::git::repository::CommitInfo;

/// Commits that were read before.
#[derive(Debug, Default)]
pub struct KnownCommits<'a> {
    commits: IdMap<Commit<'a>>,
}

/// A commit. Ids are bytes, and so is what was compared: most of it is never looked at again.
#[derive(Debug, Serialize, Deserialize)]
struct Commit<'a> {
    id: &'a [u8],
    tree: &'a [u8],
    #[serde(borrow)]
    parents: Vec<&'a [u8]>,
    time: i64,
    authored: i64,
    name: &'a [u8],
    email: &'a [u8],
    subject: &'a str,
    /// A [`Compared`]; empty when the commit was not compared.
    compared: &'a [u8],
}

/// What a commit changed against its first parent.
#[derive(Debug, Serialize, Deserialize)]
struct Compared<'a> {
    #[serde(borrow)]
    files: Vec<File<'a>>,
    cut: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct File<'a> {
    path: &'a str,
    added: u32,
    removed: u32,
    before: u64,
    after: u64,
    hunks: Vec<Hunk>,
}

impl<'a> KnownCommits<'a> {
    /// Takes up what [`encode`] gave; of several records of a commit the last counts. Returns whether it was sound.
    pub fn add(&mut self, bytes: &'a [u8]) -> bool {
        let Ok(commits) = postcard::from_bytes::<Vec<Commit<'a>>>(bytes) else { return false };
        let known = commits.into_iter().map(|commit| Some((ObjectId::try_from(commit.id).ok()?, commit)));
        let Some(known) = known.collect::<Option<Vec<_>>>() else { return false };
        self.commits.extend(known);
        true
    }

    /// A commit with all its parents.
    pub(super) fn commit(&self, id: &ObjectId) -> Option<CommitInfo> {
        let commit = self.commits.get(id)?;
        let parents = commit.parents.iter().map(|parent| ObjectId::try_from(*parent).ok());
        Some(CommitInfo {
            tree: ObjectId::try_from(commit.tree).ok()?,
            parents: parents.collect::<Option<_>>()?,
            time: commit.time,
            authored: commit.authored,
            author_name: commit.name.to_vec(),
            author_email: commit.email.to_vec(),
            subject: commit.subject.to_owned(),
        })
    }

    /// What a commit changed against its first parent, where that was compared.
    pub(super) fn changes(&self, id: &ObjectId) -> Option<Changes> {
        let commit = self.commits.get(id).filter(|commit| !commit.compared.is_empty())?;
        let compared: Compared<'_> = postcard::from_bytes(commit.compared).ok()?;
        let file = |file: File<'_>| FileChange {
            path: file.path.to_owned(),
            added: file.added,
            removed: file.removed,
            hunks: file.hunks,
            before: file.before,
            after: file.after,
        };
        Some(Changes { files: compared.files.into_iter().map(file).collect(), cut: compared.cut, sure: true })
    }

    /// Whether a commit is known, and if it was `compared`, then that too.
    pub(super) fn has(&self, id: &ObjectId, compared: bool) -> bool {
        self.commits.get(id).is_some_and(|commit| !compared || !commit.compared.is_empty())
    }
}

/// Writes commits down, with what they changed where that is known for sure.
pub(super) fn encode<'a>(
    commits: impl Iterator<Item = (&'a ObjectId, &'a CommitInfo, Option<&'a Changes>)>,
) -> Option<Vec<u8>> {
    let commits: Vec<_> =
        commits.map(|(id, commit, changes)| Some((id, commit, compared(changes)?))).collect::<Option<_>>()?;
    let records: Vec<Commit<'_>> = commits
        .iter()
        .map(|(id, commit, compared)| Commit {
            id: id.as_slice(),
            tree: commit.tree.as_slice(),
            parents: commit.parents.iter().map(ObjectId::as_slice).collect(),
            time: commit.time,
            authored: commit.authored,
            name: &commit.author_name,
            email: &commit.author_email,
            subject: &commit.subject,
            compared,
        })
        .collect();
    postcard::to_allocvec(&records).ok().filter(|_| !records.is_empty())
}

fn compared(changes: Option<&Changes>) -> Option<Vec<u8>> {
    let Some(changes) = changes else { return Some(Vec::new()) };
    let files = changes.files.iter().map(|file| File {
        path: &file.path,
        added: file.added,
        removed: file.removed,
        before: file.before,
        after: file.after,
        hunks: file.hunks.clone(),
    });
    postcard::to_allocvec(&Compared { files: files.collect(), cut: changes.cut }).ok()
}
