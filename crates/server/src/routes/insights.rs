//! Insights: what is worth doing, its check, and the task made from it.

use analysis::check::Check;
use analysis::report;
use api::DismissInsight;
use axum::extract::State;
use axum::http::StatusCode;
use base::id::InsightId;
use base::{Actor, Permission};
use mentor::{MakeTaskError, Mentor};
use projects::Task;
use repos::Repos;
use repos::model::{Insight, InsightState};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::findings::severity_to_api;
use crate::routes::report::{newest, span_to_api};
use crate::routes::repos::{RepoPath, find_repo, repo_ref, repos_problem};
use crate::routes::tasks::{VersionQuery, status_to_api, task_to_api};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(insights))
        .routes(routes!(check_insight))
        .routes(routes!(make_task))
        .routes(routes!(dismiss_insight))
        .routes(routes!(restore_insight))
}

/// Which insights to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InsightsQuery {
    /// `open` (the default), `closed`, `dismissed` or `all`.
    state: Option<String>,
}

/// Which insight.
#[derive(Debug, Deserialize)]
struct InsightPath {
    id: InsightId,
}

/// What is worth doing, best value for effort first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/insights",
    tag = "insights",
    params(InsightsQuery),
    responses((status = 200, description = "Insights", body = api::Insights))
)]
async fn insights(
    State(repos): State<Repos>,
    State(mentor): State<Mentor>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<InsightsQuery>,
) -> Result<Reply<api::Insights>, Problem> {
    let actor = reader.actor();
    let found = newest(&repos, actor, &path.repo).await?;
    let wanted = state_from(query.state.as_deref())?;
    let mut all = repos.insights(actor, found.repo.id).await.map_err(repos_problem)?;
    all.retain(|insight| wanted.is_none_or(|state| insight.state == state));
    let mut tasks = mentor.tasks_of(actor, &all).await?;
    let reference = repo_ref(&found.repo);
    let items = all.into_iter().map(|insight| {
        let task = tasks.remove(&insight.id);
        insight_to_api(insight, &reference, task, actor)
    });
    Ok(Reply(api::Insights { meta: found.meta(), items: items.collect() }))
}

/// Holds the insight's check against the newest report; a check that passes closes it.
#[utoipa::path(
    post,
    path = "/insights/{id}/check",
    tag = "insights",
    responses((status = 200, description = "The insight with the result", body = api::Insight))
)]
async fn check_insight(
    State(app): State<AppState>,
    State(repos): State<Repos>,
    member: Permitted<may::FindingTriage>,
    Path(path): Path<InsightPath>,
) -> Result<Json<api::Insight>, Problem> {
    let insight = repos.rerun_check(member.actor(), path.id).await.map_err(repos_problem)?;
    Ok(Json(whole(&app, member.actor(), insight).await?))
}

/// Makes a task from an insight; a second time answers with the task that is there.
#[utoipa::path(
    post,
    path = "/insights/{id}/task",
    tag = "insights",
    responses((status = 200, description = "The task", body = api::Task))
)]
async fn make_task(
    State(mentor): State<Mentor>,
    member: Permitted<may::TaskWrite>,
    Path(path): Path<InsightPath>,
) -> Result<(StatusCode, Json<api::Task>), Problem> {
    let task = mentor.make_task(member.actor(), path.id).await.map_err(|error| match error {
        MakeTaskError::NotFound => Problem::not_found(),
        MakeTaskError::Storage(error) => error.into(),
    })?;
    Ok((StatusCode::OK, Json(task_to_api(task, member.actor()))))
}

/// Puts an insight away.
#[utoipa::path(
    post,
    path = "/insights/{id}/dismiss",
    tag = "insights",
    request_body = api::DismissInsight,
    responses((status = 200, description = "Put away", body = api::Insight))
)]
async fn dismiss_insight(
    State(app): State<AppState>,
    State(repos): State<Repos>,
    member: Permitted<may::FindingTriage>,
    Path(path): Path<InsightPath>,
    Json(body): Json<DismissInsight>,
) -> Result<Json<api::Insight>, Problem> {
    let dismissed = repos.dismiss(member.actor(), path.id, body.version, body.reason.as_deref()).await;
    Ok(Json(whole(&app, member.actor(), dismissed.map_err(repos_problem)?).await?))
}

/// Brings a dismissed insight back. It is held against the newest report: what was done meanwhile comes back closed.
#[utoipa::path(
    post,
    path = "/insights/{id}/restore",
    tag = "insights",
    params(VersionQuery),
    responses((status = 200, description = "Brought back", body = api::Insight))
)]
async fn restore_insight(
    State(app): State<AppState>,
    State(repos): State<Repos>,
    member: Permitted<may::FindingTriage>,
    Path(path): Path<InsightPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Insight>, Problem> {
    let restored = repos.restore_insight(member.actor(), path.id, query.version).await;
    Ok(Json(whole(&app, member.actor(), restored.map_err(repos_problem)?).await?))
}

fn state_from(name: Option<&str>) -> Result<Option<InsightState>, Problem> {
    match name {
        None => Ok(Some(InsightState::Open)),
        Some("all") => Ok(None),
        Some(name) => InsightState::parse(name).map(Some).ok_or_else(|| {
            Problem::malformed("A filter has a value that does not exist.")
                .with_error("state", "one of `open`, `closed`, `dismissed`, `all`")
        }),
    }
}

/// The insight with its repository and its task.
async fn whole(app: &AppState, actor: &Actor, insight: Insight) -> Result<api::Insight, Problem> {
    let repo = find_repo(&app.repos, actor, &insight.repo.to_string()).await?;
    let task = app.mentor.tasks_of(actor, std::slice::from_ref(&insight)).await?.remove(&insight.id);
    Ok(insight_to_api(insight, &repo_ref(&repo.repo), task, actor))
}

fn insight_to_api(insight: Insight, repo: &api::RepoRef, task: Option<Task>, actor: &Actor) -> api::Insight {
    let may = actor.may(Permission::FindingTriage);
    let open = may && insight.state == InsightState::Open;
    let dismissed = may && insight.state == InsightState::Dismissed;
    let plans = actor.may(Permission::TaskWrite) && insight.state == InsightState::Open;
    let body = insight.body;
    api::Insight {
        id: insight.id,
        repo: repo.clone(),
        kind: body.kind,
        severity: severity_to_api(body.severity),
        title: body.title,
        why: body.why,
        evidence: body.evidence.into_iter().map(evidence_to_api).collect(),
        effort: effort_to_api(&body.effort),
        check: api::Check {
            text: check_text(&body.check),
            last: insight.last_check.map(|check| api::CheckResult {
                passed: check.outcome.passed,
                detail: check.outcome.detail,
                analysis: Some(check.analysis),
            }),
        },
        rank: body.rank,
        quick_win: body.quick_win,
        state: match insight.state {
            InsightState::Open => api::InsightState::Open,
            InsightState::Closed => api::InsightState::Closed,
            InsightState::Dismissed => api::InsightState::Dismissed,
        },
        can: api::InsightCan {
            check: open,
            make_task: plans && task.is_none(),
            dismiss: open,
            restore: dismissed,
        },
        task: task.map(|task| api::TaskRef {
            key: task.key.to_string(),
            title: task.title,
            status: status_to_api(task.status),
        }),
        created_at: insight.created_at.into(),
        closed_at: insight.closed_at.map(Into::into),
        version: insight.version,
    }
}

pub(super) fn effort_to_api(effort: &report::Effort) -> api::Effort {
    api::Effort {
        min_minutes: effort.min_minutes,
        max_minutes: effort.max_minutes,
        reason: effort.reason.clone(),
    }
}

/// Everything here was read from code, history or data.
fn evidence_to_api(evidence: report::Evidence) -> api::Evidence {
    let origin = api::Origin::Measured;
    match evidence {
        report::Evidence::Span { span, note } => {
            api::Evidence::Span { span: span_to_api(&span), note, origin }
        }
        report::Evidence::Advisory { id, note } => api::Evidence::Advisory { id, note, origin },
        report::Evidence::Commit { id, note } => api::Evidence::Commit { id, note, origin },
        report::Evidence::Metric { name, note } => api::Evidence::Metric { name, note, origin },
    }
}

/// The condition as a sentence.
fn check_text(check: &Check) -> String {
    match check {
        Check::FindingsGone { fingerprints } => match fingerprints.len() {
            1 => "The finding is gone.".to_owned(),
            count => format!("All {count} findings are gone."),
        },
        Check::PackageClean { name, advisories, .. } => {
            format!("No version of {name} in use is affected by {}.", advisories.join(", "))
        }
        Check::VersionsLeft { name, also, versions, .. } => {
            let names: Vec<&str> = std::iter::once(name).chain(also).map(String::as_str).collect();
            format!("{} {} is no longer in use.", names.join(", "), versions.join(", "))
        }
        Check::FunctionAtMost { path, function, cognitive } => {
            format!("{function} in {path} is gone or has a cognitive complexity of at most {cognitive}.")
        }
        Check::CycleGone { paths } => {
            format!("These {} files no longer import each other in a circle.", paths.len())
        }
        Check::AnyFileExists { globs } => format!("A file matches {}.", globs.join(" or ")),
        Check::CloneGone { paths, lines } => {
            format!("No {lines} lines stand more than once in {}.", paths.join(", "))
        }
        Check::ChangesShared { folder, percent } => {
            let folder = if folder.is_empty() { "the root folder" } else { folder };
            format!("Less than {percent} % of the changes to {folder} are by one person.")
        }
        Check::NoLongerCoupled { path, other, percent } => {
            format!("{path} imports {other}, or less than {percent} % of its commits change both.")
        }
        Check::FileTested { path } => format!("A test imports {path} or is named after it."),
        Check::Unknown => "A check that another version of the program wrote down.".to_owned(),
        Check::PastSecretsGone { fingerprints } => match fingerprints.len() {
            1 => "The secret is gone from the history, or suppressed with a reason.".to_owned(),
            several => {
                format!("All {several} secrets are gone from the history, or suppressed with a reason.")
            }
        },
    }
}
