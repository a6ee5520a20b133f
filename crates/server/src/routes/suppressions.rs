//! What people decide about findings: not to act on some, and from when on they count as new.

use api::{NewSuppression, SetBaseline};
use axum::extract::State;
use axum::http::StatusCode;
use base::id::SuppressionId;
use base::{Actor, Clock, Permission, Timestamp};
use identity::Identity;
use repos::Repos;
use repos::model::{self, SuppressionTarget};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::audit::{acts, note};
use crate::routes::findings::{baseline_to_api, filter_of, finding_to_api, tally_to_api};
use crate::routes::repos::{RepoPath, find_repo, repos_problem};
use crate::routes::tasks::VersionQuery;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(suppressions, suppress))
        .routes(routes!(preview_suppression))
        .routes(routes!(unsuppress))
        .routes(routes!(set_baseline))
}

/// Which suppression of which repository.
#[derive(Debug, Deserialize)]
struct SuppressionPath {
    repo: String,
    id: SuppressionId,
}

/// What people decided not to act on and did not take back, the newest first; also what ended by itself.
#[utoipa::path(
    get,
    path = "/repos/{repo}/suppressions",
    tag = "report",
    responses((status = 200, description = "Suppressions", body = api::Answer<api::Suppressions>))
)]
async fn suppressions(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Reply<api::Answer<api::Suppressions>>, Problem> {
    let actor = reader.actor();
    let repo = find_repo(&repos, actor, &path.repo).await?.repo;
    let now = clock.now();
    let all = repos.suppressions(actor, repo.id).await.map_err(repos_problem)?;
    let items = all.iter().map(|each| suppression_to_api(each, actor, now)).collect();
    let data = api::Suppressions { items, can_end: actor.may(Permission::FindingTriage) };
    Ok(Reply(api::Answer { meta: api::Meta::live(now), data }))
}

/// Decides not to act on findings: they leave lists and counts. The report stays as it is, and so does its grade.
#[utoipa::path(
    post,
    path = "/repos/{repo}/suppressions",
    tag = "report",
    request_body = api::NewSuppression,
    responses((status = 201, description = "Suppressed", body = api::Suppression))
)]
async fn suppress(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    State(identity): State<Identity>,
    member: Permitted<may::FindingTriage>,
    Caller(client): Caller,
    Path(path): Path<RepoPath>,
    Json(body): Json<NewSuppression>,
) -> Result<(StatusCode, Json<api::Suppression>), Problem> {
    let actor = member.actor();
    let repo = find_repo(&repos, actor, &path.repo).await?.repo;
    let made = repos.suppress(actor, repo.id, new_from(body)?).await.map_err(repos_problem)?;
    note(&identity, actor, &client, acts::SUPPRESSED, &made.id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(suppression_to_api(&made, actor, clock.now()))))
}

/// Says what a suppression would cover, without making it.
#[utoipa::path(
    post,
    path = "/repos/{repo}/suppressions/preview",
    tag = "report",
    request_body = api::SuppressionTarget,
    responses((status = 200, description = "What it would hide", body = api::SuppressionPreview))
)]
async fn preview_suppression(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    member: Permitted<may::FindingTriage>,
    Path(path): Path<RepoPath>,
    Json(body): Json<api::SuppressionTarget>,
) -> Result<Json<api::SuppressionPreview>, Problem> {
    let actor = member.actor();
    let repo = find_repo(&repos, actor, &path.repo).await?.repo;
    let target = target_from(body, "/filter")?;
    let preview = repos.preview_suppression(actor, repo.id, &target).await.map_err(repos_problem)?;
    let counts = tally_to_api(preview.tally);
    let now = clock.now();
    Ok(Json(api::SuppressionPreview {
        total: counts.shipped.total() + counts.tests.total(),
        counts,
        hidden_already: preview.hidden_already,
        first: preview.first.into_iter().map(|finding| finding_to_api(finding, None, now)).collect(),
    }))
}

/// Takes a suppression back: what it hid is in lists and counts again.
#[utoipa::path(
    delete,
    path = "/repos/{repo}/suppressions/{id}",
    tag = "report",
    params(VersionQuery),
    responses((status = 204, description = "Taken back"))
)]
async fn unsuppress(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    member: Permitted<may::FindingTriage>,
    Caller(client): Caller,
    Path(path): Path<SuppressionPath>,
    Query(query): Query<VersionQuery>,
) -> Result<StatusCode, Problem> {
    let actor = member.actor();
    let repo = find_repo(&repos, actor, &path.repo).await?.repo;
    repos.unsuppress(actor, repo.id, path.id, query.version).await.map_err(repos_problem)?;
    note(&identity, actor, &client, acts::UNSUPPRESSED, &path.id.to_string()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decides from when on findings count as new: what an analysis had is hidden from the list, not from the counts.
#[utoipa::path(
    put,
    path = "/repos/{repo}/baseline",
    tag = "report",
    request_body = api::SetBaseline,
    responses((status = 200, description = "Set", body = api::Baseline))
)]
async fn set_baseline(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    member: Permitted<may::FindingTriage>,
    Caller(client): Caller,
    Path(path): Path<RepoPath>,
    Json(body): Json<SetBaseline>,
) -> Result<Json<api::Baseline>, Problem> {
    let actor = member.actor();
    let repo = find_repo(&repos, actor, &path.repo).await?.repo;
    let set = repos.set_baseline(actor, repo.id, body.version, body.analysis).await.map_err(repos_problem)?;
    note(&identity, actor, &client, acts::BASELINE, &repo.name).await?;
    Ok(Json(baseline_to_api(&set)))
}

pub(super) fn suppression_to_api(
    suppression: &model::Suppression,
    actor: &Actor,
    now: Timestamp,
) -> api::Suppression {
    api::Suppression {
        id: suppression.id,
        kind: kind_to_api(suppression.kind),
        reason: suppression.reason.clone(),
        scope: scope_to_api(suppression.scope),
        rule: suppression.rule.clone(),
        path: suppression.path.clone(),
        expires_at: suppression.expires_at.map(Into::into),
        ended: suppression.expires_at.is_some_and(|at| at <= now),
        created_at: suppression.created_at.into(),
        mine: suppression.created_by == actor.user,
        findings: suppression.findings,
        version: suppression.version,
    }
}

fn new_from(new: NewSuppression) -> Result<model::NewSuppression, Problem> {
    Ok(model::NewSuppression {
        kind: kind_from_api(new.kind),
        reason: new.reason,
        target: target_from(new.target, "/target/filter")?,
        days: new.days,
    })
}

/// `filter_at` is where the body has a filter, if it has one.
fn target_from(target: api::SuppressionTarget, filter_at: &str) -> Result<SuppressionTarget, Problem> {
    Ok(match target {
        api::SuppressionTarget::Findings { ids } => SuppressionTarget::Findings(ids),
        api::SuppressionTarget::Filter { filter } => {
            SuppressionTarget::Filter(Box::new(filter_of(filter, filter_at)?))
        }
        api::SuppressionTarget::File { rule, path } => SuppressionTarget::File { rule, path },
        api::SuppressionTarget::Folder { rule, path } => SuppressionTarget::Folder { rule, path },
        api::SuppressionTarget::Rule { rule } => SuppressionTarget::Rule { rule },
    })
}

fn kind_to_api(kind: model::SuppressionKind) -> api::SuppressionKind {
    match kind {
        model::SuppressionKind::FalsePositive => api::SuppressionKind::FalsePositive,
        model::SuppressionKind::AcceptedRisk => api::SuppressionKind::AcceptedRisk,
        model::SuppressionKind::TestCode => api::SuppressionKind::TestCode,
        model::SuppressionKind::GeneratedCode => api::SuppressionKind::GeneratedCode,
        model::SuppressionKind::Tracked => api::SuppressionKind::Tracked,
        model::SuppressionKind::WontFix => api::SuppressionKind::WontFix,
    }
}

fn kind_from_api(kind: api::SuppressionKind) -> model::SuppressionKind {
    match kind {
        api::SuppressionKind::FalsePositive => model::SuppressionKind::FalsePositive,
        api::SuppressionKind::AcceptedRisk => model::SuppressionKind::AcceptedRisk,
        api::SuppressionKind::TestCode => model::SuppressionKind::TestCode,
        api::SuppressionKind::GeneratedCode => model::SuppressionKind::GeneratedCode,
        api::SuppressionKind::Tracked => model::SuppressionKind::Tracked,
        api::SuppressionKind::WontFix => model::SuppressionKind::WontFix,
    }
}

fn scope_to_api(scope: model::SuppressionScope) -> api::SuppressionScope {
    match scope {
        model::SuppressionScope::Findings => api::SuppressionScope::Findings,
        model::SuppressionScope::File => api::SuppressionScope::File,
        model::SuppressionScope::Folder => api::SuppressionScope::Folder,
        model::SuppressionScope::Rule => api::SuppressionScope::Rule,
    }
}
