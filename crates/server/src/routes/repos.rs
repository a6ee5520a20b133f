//! Connected repositories, and choosing one.

use api::{BehindState, ConnectRepo, ProbeSource, SourceKind, UpdateRepo};
use axum::extract::State;
use axum::http::StatusCode;
use base::id::RepoId;
use base::{Actor, Clock, Permission};
use identity::Identity;
use repos::child::Ahead;
use repos::model::{Analysis, Repo, RepoChange, RepoOverview};
use repos::{Failure, FailureCode, ProbeResult, RepoError, Repos, Source};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::browse;
use crate::extract::{Caller, Json, Path, Permitted, Query, may};
use crate::layers::idempotency;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::advisories::import_problem;
use crate::routes::analyses::{analysis_to_api, summary_to_api};
use crate::routes::audit::{acts, note};
use crate::routes::findings::tally_to_api;
use crate::routes::hosts::host_problem;
use crate::routes::report::of_repo;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(local_paths))
        .routes(routes!(probe))
        .routes(routes!(repos, connect_repo))
        .routes(routes!(repo, update_repo, remove_repo))
        .routes(routes!(behind))
}

/// Which folders to complete.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LocalPathsQuery {
    /// What was typed so far: an absolute path. Empty: the allowed folders themselves.
    #[serde(default)]
    prefix: String,
}

/// Which repository: its name in addresses, or its id.
#[derive(Debug, Deserialize)]
pub(super) struct RepoPath {
    pub(super) repo: String,
}

/// Completes a path on the server's machine, inside the allowed folders.
#[utoipa::path(
    get,
    path = "/local-paths",
    tag = "repos",
    params(LocalPathsQuery),
    responses((status = 200, description = "Folders that go on as the prefix does", body = api::Answer<api::LocalPathList>))
)]
async fn local_paths(
    State(app): State<AppState>,
    _member: Permitted<may::RepoConnect>,
    Query(query): Query<LocalPathsQuery>,
) -> Result<Reply<api::Answer<api::LocalPathList>>, Problem> {
    let data = browse::complete(&app.config.allowed_roots, query.prefix).await?;
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

/// Looks at a source without connecting it.
#[utoipa::path(
    post,
    path = "/repos/probe",
    tag = "repos",
    request_body = api::ProbeSource,
    responses((status = 200, description = "What is there", body = api::Probe))
)]
async fn probe(
    State(repos): State<Repos>,
    member: Permitted<may::RepoConnect>,
    Json(body): Json<ProbeSource>,
) -> Result<Json<api::Probe>, Problem> {
    let probe =
        repos.probe(member.actor(), &body.source, body.branch.as_deref()).await.map_err(source_problem)?;
    Ok(Json(probe_to_api(probe)))
}

/// The connected repositories, by name.
#[utoipa::path(
    get,
    path = "/repos",
    tag = "repos",
    responses((status = 200, description = "Repositories", body = api::Listing<api::Repo>))
)]
async fn repos(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
) -> Result<Reply<api::Listing<api::Repo>>, Problem> {
    let all = repos.list(reader.actor()).await.map_err(repos_problem)?;
    let actor = reader.actor();
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        total: all.len() as u64,
        items: all.into_iter().map(|repo| repo_to_api(&repos, repo, actor)).collect(),
        next: None,
    }))
}

/// Connects a repository and starts its first analysis. The same source again answers with the repository that is
/// there.
#[utoipa::path(
    post,
    path = "/repos",
    tag = "repos",
    request_body = api::ConnectRepo,
    responses(
        (status = 201, description = "Connected", body = api::Repo),
        (status = 200, description = "Was already connected", body = api::Repo)
    )
)]
async fn connect_repo(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    member: Permitted<may::RepoConnect>,
    Caller(client): Caller,
    Json(body): Json<ConnectRepo>,
) -> Result<(StatusCode, Json<api::Repo>), Problem> {
    let actor = member.actor();
    let connected = repos
        .connect(actor, &body.source, body.branch.as_deref(), body.name.as_deref())
        .await
        .map_err(source_problem)?;
    if connected.fresh {
        note(&identity, actor, &client, acts::REPO_CONNECTED, &connected.repo.name).await?;
    }
    if body.secrets_in_history.is_some_and(|wanted| wanted != connected.repo.secrets_in_history) {
        let change = RepoChange { secrets_in_history: body.secrets_in_history, ..RepoChange::default() };
        let (id, version) = (connected.repo.id, connected.repo.version);
        repos.change_repo(actor, id, version, change).await.map_err(repos_problem)?;
    }
    repos.analyze(actor, connected.repo.id, false).await.map_err(repos_problem)?;
    let status = if connected.fresh { StatusCode::CREATED } else { StatusCode::OK };
    let repo = find_repo(&repos, actor, &connected.repo.id.to_string()).await?;
    Ok((status, Json(repo_to_api(&repos, repo, actor))))
}

/// One repository.
#[utoipa::path(
    get,
    path = "/repos/{repo}",
    tag = "repos",
    responses((status = 200, description = "The repository", body = api::Answer<api::Repo>))
)]
async fn repo(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Reply<api::Answer<api::Repo>>, Problem> {
    let repo = find_repo(&repos, reader.actor(), &path.repo).await?;
    let data = repo_to_api(&repos, repo, reader.actor());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// How far a repository has moved on since its newest analysis. Whoever asks hears `repo.moved` on the live channel when
/// that may have changed, for two and a half minutes.
#[utoipa::path(
    get,
    path = "/repos/{repo}/behind",
    tag = "repos",
    responses((status = 200, description = "How far", body = api::Answer<api::Behind>))
)]
async fn behind(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Reply<api::Answer<api::Behind>>, Problem> {
    let repo = find_repo(&repos, reader.actor(), &path.repo).await?;
    let ahead = repos.behind(reader.actor(), repo.repo.id).await.map_err(repos_problem)?;
    let data = behind_to_api(ahead, repo.latest.as_ref());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

fn behind_to_api(ahead: Option<Ahead>, analysed: Option<&Analysis>) -> api::Behind {
    let Some(ahead) = ahead else {
        let state = BehindState::NotAsked;
        return api::Behind { state, head: None, branch: None, commits: None, more: false };
    };
    let commit = analysed.and_then(|analysed| analysed.commit.as_deref());
    let branch = analysed.and_then(|analysed| analysed.summary.as_ref()?.branch.as_deref());
    let state = standing(commit, branch, &ahead);
    let Ahead { commit, branch, commits, more, follows: _ } = ahead;
    api::Behind { state, head: Some(commit), branch, commits, more }
}

/// How the report of a commit and the branch it was reached by stands to what would be analysed now.
fn standing(commit: Option<&str>, branch: Option<&str>, ahead: &Ahead) -> BehindState {
    match ahead {
        _ if commit == Some(&ahead.commit) => BehindState::Current,
        _ if branch != ahead.branch.as_deref() => BehindState::OtherBranch,
        Ahead { follows: true, .. } => BehindState::Behind,
        Ahead { commits: Some(0), .. } => BehindState::Older,
        Ahead { branch: Some(_), .. } => BehindState::Rewritten,
        // Without a branch there is no history that could have been rewritten.
        Ahead { branch: None, .. } => BehindState::OtherBranch,
    }
}

/// Changes how a repository is analysed, from the next analysis on.
#[utoipa::path(
    patch,
    path = "/repos/{repo}",
    tag = "repos",
    request_body = api::UpdateRepo,
    responses((status = 200, description = "Changed", body = api::Repo))
)]
async fn update_repo(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    member: Permitted<may::RepoConnect>,
    Caller(client): Caller,
    Path(path): Path<RepoPath>,
    Json(body): Json<UpdateRepo>,
) -> Result<Json<api::Repo>, Problem> {
    let actor = member.actor();
    let id = find_repo(&repos, actor, &path.repo).await?.repo.id;
    let change = RepoChange { branch: body.branch, secrets_in_history: body.secrets_in_history };
    repos.change_repo(actor, id, body.version, change).await.map_err(source_problem)?;
    let repo = find_repo(&repos, actor, &id.to_string()).await?;
    note(&identity, actor, &client, acts::REPO_CHANGED, &repo.repo.name).await?;
    Ok(Json(repo_to_api(&repos, repo, actor)))
}

/// Removes a repository with its analyses, findings and insights, and takes what answers rest on out of conversations about
/// it. Tasks stay, and so does what was said.
#[utoipa::path(
    delete,
    path = "/repos/{repo}",
    tag = "repos",
    responses((status = 204, description = "Removed"))
)]
async fn remove_repo(
    State(app): State<AppState>,
    member: Permitted<may::RepoConnect>,
    Caller(client): Caller,
    Path(path): Path<RepoPath>,
) -> Result<StatusCode, Problem> {
    let actor = *member.actor();
    let repo = find_repo(&app.repos, &actor, &path.repo).await?.repo;
    // Once it is removed, what shows it is looked for and the act is noted whether or not somebody still waits.
    let working = app.clone();
    let work = async move {
        working.mentor.remove_repo(&actor, repo.id).await.map_err(repos_problem)?;
        working.cache.forget(&[of_repo(repo.id)]).await;
        if let Err(error) = idempotency::forget(&working.db, actor.workspace, &repo.id.to_string()).await {
            tracing::warn!(%error, "kept answers go on showing a removed repository for a day at most");
        }
        note(&working.identity, &actor, &client, acts::REPO_REMOVED, &repo.name).await?;
        Ok(StatusCode::NO_CONTENT)
    };
    app.to_its_end(work).await?
}

/// The repository that a path names.
pub(super) async fn find_repo(repos: &Repos, actor: &Actor, name: &str) -> Result<RepoOverview, Problem> {
    let found = match name.parse::<RepoId>() {
        Ok(id) => repos.repo(actor, id).await,
        Err(_) => repos.repo_by_slug(actor, name).await,
    };
    found.map_err(repos_problem)?.ok_or_else(Problem::not_found)
}

pub(super) fn repo_ref(repo: &Repo) -> api::RepoRef {
    api::RepoRef { id: repo.id, slug: repo.slug.clone(), name: repo.name.clone() }
}

fn repo_to_api(repos: &Repos, overview: RepoOverview, actor: &Actor) -> api::Repo {
    let RepoOverview { repo, latest, running, last_failure, findings, open_insights } = overview;
    let reference = repo_ref(&repo);
    let connects = actor.may(Permission::RepoConnect);
    api::Repo {
        source: source_to_api(&repo.source),
        findings: latest.is_some().then(|| tally_to_api(findings)),
        open_insights,
        latest: latest.as_ref().and_then(summary_to_api),
        running: running.map(|analysis| analysis_to_api(analysis, &reference, actor)),
        last_failure: last_failure.map(|analysis| analysis_to_api(analysis, &reference, actor)),
        id: repo.id,
        slug: repo.slug,
        name: repo.name,
        branch: repo.branch,
        secrets_in_history: repo.secrets_in_history,
        secrets_in_every_history: repos.searches_every_history(),
        created_at: repo.created_at.into(),
        version: repo.version,
        can: api::RepoCan {
            analyze: actor.may(Permission::RepoAnalyze),
            remove: connects,
            configure: connects,
        },
    }
}

fn source_to_api(source: &Source) -> api::RepoSource {
    // Where this machine keeps it is nobody's business.
    if source.is_sample() {
        return api::RepoSource { kind: SourceKind::Sample, location: repos::sample::SOURCE.to_owned() };
    }
    let kind = match source {
        Source::Local(_) => SourceKind::Local,
        Source::Git(_) => SourceKind::Git,
    };
    api::RepoSource { kind, location: source.to_string() }
}

fn probe_to_api(probe: ProbeResult) -> api::Probe {
    api::Probe {
        description: probe.description(),
        source: source_to_api(&probe.source),
        name: probe.name,
        branch: probe.branch,
        branches: probe.branches,
        commit: probe.commit,
        files: probe.files,
        bytes: probe.bytes,
        notes: probe.notes,
        connected: probe.connected.as_ref().map(repo_ref),
    }
}

pub(super) fn repos_problem(error: RepoError) -> Problem {
    match error {
        RepoError::NotFound => Problem::not_found(),
        RepoError::NotAnalysed => Problem::new(
            StatusCode::NOT_FOUND,
            "not_analysed",
            "Not analysed",
            "No analysis of this repository was of that commit.",
        ),
        RepoError::Changed => Problem::changed(),
        RepoError::Refused(failure) => failure_problem(failure),
        RepoError::Unsuitable { field, detail } => Problem::invalid(field, detail),
        RepoError::Import(error) => import_problem(error),
        RepoError::Host(error) => host_problem(error),
        RepoError::Sealed(error) => Problem::conflict("host_token_lost", "The token of this connection cannot be opened with the keys of this server. Connect the host again under Integrations.").because(error),
        RepoError::Keys(error) => Problem::internal(error),
        RepoError::Storage(error) => error.into(),
    }
}

/// Why a repository could not be read, for who asked: mostly something about the source that they can change.
fn failure_problem(failure: Failure) -> Problem {
    let (status, title) = match failure.code {
        FailureCode::Internal | FailureCode::AnalysisCrashed => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Something failed")
        }
        FailureCode::Unreachable => (StatusCode::BAD_GATEWAY, "Not reachable"),
        FailureCode::Timeout => (StatusCode::GATEWAY_TIMEOUT, "Took too long"),
        FailureCode::Cancelled => (StatusCode::CONFLICT, "Stopped"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "This source cannot be used"),
    };
    Problem::new(status, failure.code.as_str(), title, failure.detail)
}

/// The same for a source that was just typed: the field says what is wrong with it.
fn source_problem(error: RepoError) -> Problem {
    match error {
        RepoError::Refused(failure) => {
            let field = if failure.code == FailureCode::NoSuchBranch { "/branch" } else { "/source" };
            let message = failure.detail.clone();
            failure_problem(failure).with_error(field, message)
        }
        other => repos_problem(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_branch_is_behind_or_rewritten() {
        let of = |report: Option<&str>, now: Option<&str>, commits, follows| {
            let branch = now.map(str::to_owned);
            let ahead = Ahead { commit: "b".to_owned(), branch, commits, more: false, follows };
            standing(Some("a"), report, &ahead)
        };
        let main = Some("main");
        assert_eq!(of(main, main, Some(2), true), BehindState::Behind);
        assert_eq!(of(main, main, Some(2), false), BehindState::Rewritten);
        assert_eq!(of(main, main, None, false), BehindState::Rewritten);
        // The branch was set back.
        assert_eq!(of(main, main, Some(0), false), BehindState::Older);
        for (commits, follows) in [(Some(0), false), (Some(1), false), (Some(1), true), (None, false)] {
            assert_eq!(of(main, Some("feature"), commits, follows), BehindState::OtherBranch);
            assert_eq!(of(main, None, commits, follows), BehindState::OtherBranch);
        }
        assert_eq!(of(None, None, Some(0), false), BehindState::Older);
        assert_eq!(of(None, None, Some(1), false), BehindState::OtherBranch);
        // Another branch of the same commit has the same report.
        let same = Ahead {
            commit: "a".to_owned(),
            branch: Some("feature".to_owned()),
            commits: Some(0),
            more: false,
            follows: true,
        };
        assert_eq!(standing(Some("a"), main, &same), BehindState::Current);
    }
}
