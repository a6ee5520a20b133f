//! One commit and what it changed.

use axum::extract::State;
use axum::http::StatusCode;
use base::Timestamp;
use repos::child::{CommitShown, FileFate};
use repos::{FailureCode, RepoError, Repos};
use serde::Deserialize;

use super::code::letters;
use super::newest;
use crate::extract::{Path, Permitted, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::repos_problem;

/// Which commit of which repository.
#[derive(Debug, Deserialize)]
pub(super) struct CommitPath {
    repo: String,
    commit: String,
}

/// A commit and the files it changed: the one that was analysed last, or one that it follows, by its full id. People are
/// named as the workspace wishes.
#[utoipa::path(
    get,
    path = "/repos/{repo}/commits/{commit}",
    tag = "report",
    responses((status = 200, description = "The commit", body = api::Answer<api::CommitChanges>))
)]
pub(super) async fn commit(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<CommitPath>,
) -> Result<Reply<api::Answer<api::CommitChanges>>, Problem> {
    let actor = reader.actor();
    let found = newest(&repos, actor, &path.repo).await?;
    let shown = repos.commit(actor, found.repo.id, &path.commit).await.map_err(problem)?;
    let named = repos.name_people(actor).await.map_err(repos_problem)?;
    let people: Vec<&str> = found.report.history.people.iter().map(|person| person.name.as_str()).collect();
    Ok(Reply(api::Answer { meta: found.meta(), data: to_api(shown, (!named).then_some(&people)) }))
}

fn problem(error: RepoError) -> Problem {
    match error {
        RepoError::Refused(failure) if failure.code == FailureCode::NotFound => {
            Problem::new(StatusCode::NOT_FOUND, "not_in_history", "Not in this history", failure.detail)
        }
        other => repos_problem(other),
    }
}

/// `letters_for`: where people are not to be named, those of the report, whose letters hold here too.
fn to_api(shown: CommitShown, letters_for: Option<&Vec<&str>>) -> api::CommitChanges {
    let files = shown.files.into_iter().map(|file| api::ChangedFile {
        path: file.path,
        fate: match file.fate {
            FileFate::Added => api::ChangedFileFate::Added,
            FileFate::Changed => api::ChangedFileFate::Changed,
            FileFate::Removed => api::ChangedFileFate::Removed,
        },
        added: file.added,
        removed: file.removed,
    });
    api::CommitChanges {
        id: shown.id,
        author: match letters_for {
            None => shown.author,
            Some(people) => letters(people, &shown.author),
        },
        named: letters_for.is_none(),
        authored: Timestamp::from_seconds(shown.authored).into(),
        committed: Timestamp::from_seconds(shown.committed).into(),
        subject: shown.subject,
        parents: shown.parents,
        files: files.collect(),
        files_total: shown.files_total,
        more: shown.more,
        edge: shown.edge,
    }
}
