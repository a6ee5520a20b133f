//! Which commit each line of a file comes from, and who made it.

use std::time::Duration;

use gix::mailmap::Snapshot;
use gix::objs::Kind;

use super::super::protocol::{Blame, BlameCommit, BlameRun, Form};
use super::files::{Content, content, missing};
use crate::failure::Failure;
use crate::git::{CommitInfo, Repository, blame as search, display_name, tree};
use crate::limits::Limits;

/// Nobody has written a longer `.mailmap`.
const MAILMAP_BYTES: u64 = 4 << 20;

/// Characters of a name.
const NAME_CHARACTERS: usize = 200;

/// Follows the lines of a file back.
pub(super) fn blame(
    repository: &Repository,
    commit: &str,
    path: &str,
    within: Duration,
    limits: &Limits,
) -> Result<Blame, Failure> {
    let bytes = match content(repository, commit, path, limits)? {
        Content::Other(form, _) => return Ok(Blame { form, ..Blame::default() }),
        Content::Text(bytes) => bytes.len() as u64,
    };
    let head = repository.resolve_commit(commit)?.id;
    let mailmap = mailmap(repository, &repository.head_commit(&head)?, limits);
    if bytes > limits.diff_bytes {
        return Ok(Blame { form: Form::TooLarge, ..Blame::default() });
    }
    // It is text of a size that can be compared, so that nothing but a failed read is left as the reason.
    let found = search::blame(repository, head, path, within, limits).ok_or_else(missing)?;
    let names: Vec<String> = found.commits.iter().map(|(_, commit)| author(&mailmap, commit)).collect();
    let mut people = names.clone();
    people.sort();
    people.dedup();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let commits = found.commits.iter().zip(&names).map(|((id, commit), name)| BlameCommit {
        id: id.to_string(),
        author: number(people.partition_point(|person| person < name)),
        authored: commit.authored,
        subject: analysis::inventory::masked(&commit.subject),
        edge: repository.ends_at(id),
    });
    let commits: Vec<BlameCommit> = commits.collect();
    let mut notes = Vec::new();
    if found.runs.iter().any(|run| run.commit.is_none()) {
        notes
            .push("The way back was too long or broken: some lines are older than what was read.".to_owned());
    }
    if commits.iter().any(|commit| commit.edge) {
        notes.push("The clone is shallow: lines of its oldest commits may be older.".to_owned());
    }
    let runs = found.runs.iter().map(|run| BlameRun {
        start: run.start + 1,
        end: run.start + run.lines,
        commit: run.commit,
    });
    Ok(Blame { form: Form::Text, runs: runs.collect(), commits, people, notes })
}

pub(super) fn mailmap(repository: &Repository, newest: &CommitInfo, limits: &Limits) -> Snapshot {
    let mut buffer = Vec::new();
    tree::find(repository.objects(), newest.tree, ".mailmap", limits)
        .and_then(|(id, _)| repository.objects().read(&id, Kind::Blob, MAILMAP_BYTES, &mut buffer).ok())
        .map_or_else(Snapshot::default, Snapshot::from_bytes)
}

pub(super) fn author(mailmap: &Snapshot, commit: &CommitInfo) -> String {
    let (name, email) = (commit.author_name.as_slice(), commit.author_email.as_slice());
    let signature = gix::actor::SignatureRef { name: name.into(), email: email.into(), time: "0 +0000" };
    let resolved = mailmap.resolve_cow(signature);
    display_name(resolved.name.as_ref()).chars().take(NAME_CHARACTERS).collect()
}
