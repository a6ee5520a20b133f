//! What one commit changed, and who made it.

use gix::ObjectId;

use super::super::protocol::{CommitFile, CommitShown, FileFate};
use super::blame::{author, mailmap};
use crate::failure::{Failure, FailureCode};
use crate::git::{Became, Repository};
use crate::limits::Limits;

/// Files of a commit that are told. Nobody reads a longer list.
const FILES: usize = 300;

/// Reads a commit that an analysed one is or follows: of others nothing is told, since a repository may hold what nobody
/// published.
pub(super) fn shown(
    repository: &Repository,
    analysed: &str,
    id: &str,
    limits: &Limits,
) -> Result<CommitShown, Failure> {
    let head = repository.resolve_commit(analysed)?.id;
    let wanted = ObjectId::from_hex(id.as_bytes()).map_err(|_| unknown())?;
    if repository.common_ancestor(wanted, head).map_err(|_| unknown())? != Some(wanted) {
        return Err(unknown());
    }
    let found = repository.shown(&wanted, limits).map_err(|_| {
        Failure::new(
            FailureCode::Unreadable,
            "What the commit changed cannot be read: a part of it is missing.",
        )
    })?;
    let mailmap = mailmap(repository, &repository.head_commit(&head)?, limits);
    let files = found.files.iter().take(FILES).map(|file| CommitFile {
        path: file.path.clone(),
        fate: match file.became {
            Became::Added => FileFate::Added,
            Became::Changed => FileFate::Changed,
            Became::Removed => FileFate::Removed,
        },
        added: file.added,
        removed: file.removed,
    });
    Ok(CommitShown {
        id: wanted.to_string(),
        author: author(&mailmap, &found.commit),
        authored: found.commit.authored,
        committed: found.commit.time,
        subject: analysis::inventory::masked(&found.commit.subject),
        parents: found.commit.parents.iter().map(ToString::to_string).collect(),
        files: files.collect(),
        files_total: u32::try_from(found.files.len()).unwrap_or(u32::MAX),
        more: found.cut,
        edge: repository.ends_at(&wanted),
    })
}

fn unknown() -> Failure {
    Failure::new(FailureCode::NotFound, "No analysed commit is this one or follows it.")
}
