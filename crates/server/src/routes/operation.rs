//! Running this server: its background work, caches, dependencies and limits. Only its operator sees any of it, because
//! it tells of every workspace.

use std::collections::BTreeMap;

use api::{ClearCaches, DiscardJob, JobSituation, RetryJob};
use axum::extract::State;
use axum::http::StatusCode;
use base::Timestamp;
use base::id::JobId;
use jobs::{Alike, CancelOutcome, Wanted, Which};
use mentor::operate::{By, action};
use outbound::{Condition, DependencyState};
use serde::Deserialize;
use transient::{Family, FamilyUse, Tag, Topic};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Operator, Path, Query};
use crate::health;
use crate::layers::rate;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::page;
use crate::routes::report::REPORTS;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(system_health))
        .routes(routes!(job_queues))
        .routes(routes!(system_jobs))
        .routes(routes!(cancel_job))
        .routes(routes!(retry_job))
        .routes(routes!(discard_job))
        .routes(routes!(caches))
        .routes(routes!(clear_caches))
        .routes(routes!(system_dependencies))
        .routes(routes!(reset_dependency))
        .routes(routes!(rate_limits))
}

/// Which job.
#[derive(Debug, Deserialize)]
struct JobPath {
    id: JobId,
}

/// Which dependency.
#[derive(Debug, Deserialize)]
struct DependencyPath {
    name: String,
}

/// Which jobs to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct JobsQuery {
    /// Where they stand.
    situation: JobSituation,
    /// Only of that kind.
    kind: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// How the server and what it depends on are.
#[utoipa::path(
    get,
    path = "/admin/health",
    tag = "admin",
    responses((status = 200, description = "Its parts", body = api::Answer<api::SystemHealth>))
)]
async fn system_health(
    State(app): State<AppState>,
    _operator: Operator,
) -> Result<Reply<api::Answer<api::SystemHealth>>, Problem> {
    let data = health::system(&app).await;
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

/// The background work there is, by kind.
#[utoipa::path(
    get,
    path = "/admin/queues",
    tag = "admin",
    responses((status = 200, description = "Queues and schedules", body = api::Answer<api::JobQueues>))
)]
async fn job_queues(
    State(app): State<AppState>,
    _operator: Operator,
) -> Result<Reply<api::Answer<api::JobQueues>>, Problem> {
    let data = api::JobQueues {
        queues: app.jobs.queues().await?.into_iter().map(queue_to_api).collect(),
        schedules: app.jobs.schedules().await?.into_iter().map(schedule_to_api).collect(),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

/// Jobs that run, wait or were given up, the newest first.
#[utoipa::path(
    get,
    path = "/admin/jobs",
    tag = "admin",
    params(JobsQuery),
    responses((status = 200, description = "Jobs", body = api::Listing<api::Job>))
)]
async fn system_jobs(
    State(app): State<AppState>,
    _operator: Operator,
    Query(query): Query<JobsQuery>,
) -> Result<Reply<api::Listing<api::Job>>, Problem> {
    let (after, size) = page(query.cursor, query.limit);
    let wanted = Wanted { which: which(query.situation), kind: query.kind };
    let found = app.jobs.find(&wanted, after.as_ref(), size).await?;
    let alike = if wanted.which == Which::Dead { app.jobs.dead_alike().await? } else { Vec::new() };
    Ok(Reply(api::Listing {
        meta: api::Meta::live(app.clock.now()),
        total: found.total,
        items: found.items.into_iter().map(|job| job_to_api(job, query.situation, &alike)).collect(),
        next: found.next.map(|cursor| cursor.0),
    }))
}

/// Stops a job. Whoever waits for it learns that it was stopped.
#[utoipa::path(
    post,
    path = "/admin/jobs/{id}/cancel",
    tag = "admin",
    responses((status = 202, description = "It was asked to stop, or will not begin"))
)]
async fn cancel_job(
    State(app): State<AppState>,
    Operator(session): Operator,
    Caller(client): Caller,
    Path(path): Path<JobPath>,
) -> Result<StatusCode, Problem> {
    let by = By { user: session.user.id, client: &client };
    match app.operations.cancel(by, path.id).await? {
        CancelOutcome::Asked | CancelOutcome::Cancelled => Ok(StatusCode::ACCEPTED),
        CancelOutcome::Over => Err(Problem::conflict("job_over", "This job is over. Read the list again.")),
    }
}

/// Gives a dead letter all its tries again, and those that failed for the same reason where that is wanted.
#[utoipa::path(
    post,
    path = "/admin/jobs/{id}/retry",
    tag = "admin",
    request_body = api::RetryJob,
    responses((status = 200, description = "They wait for a runner", body = api::RetriedJobs))
)]
async fn retry_job(
    State(app): State<AppState>,
    Operator(session): Operator,
    Caller(client): Caller,
    Path(path): Path<JobPath>,
    Json(body): Json<RetryJob>,
) -> Result<Json<api::RetriedJobs>, Problem> {
    let by = By { user: session.user.id, client: &client };
    match app.operations.retry(by, path.id, body.alike).await? {
        0 => Err(Problem::conflict(
            "not_dead",
            "This job was not given up, or another one does the same already. Read the list again.",
        )),
        retried => Ok(Json(api::RetriedJobs { retried })),
    }
}

/// Puts a dead letter away. The audit log keeps the note.
#[utoipa::path(
    post,
    path = "/admin/jobs/{id}/discard",
    tag = "admin",
    request_body = api::DiscardJob,
    responses((status = 204, description = "Put away"))
)]
async fn discard_job(
    State(app): State<AppState>,
    Operator(session): Operator,
    Caller(client): Caller,
    Path(path): Path<JobPath>,
    Json(body): Json<DiscardJob>,
) -> Result<StatusCode, Problem> {
    let note = body.note.trim();
    if !(1..=NOTE).contains(&note.chars().count()) {
        return Err(Problem::invalid("/note", "say in 1 to 500 characters why it is not needed"));
    }
    let by = By { user: session.user.id, client: &client };
    if app.operations.discard(by, path.id, note).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::conflict("not_dead", "This job was not given up. Read the list again."))
}

/// Characters of a note.
const NOTE: usize = 500;

/// What is kept for a while, because it took work to make.
#[utoipa::path(
    get,
    path = "/admin/caches",
    tag = "admin",
    responses((status = 200, description = "Caches", body = api::Answer<api::Caches>))
)]
async fn caches(
    State(app): State<AppState>,
    _operator: Operator,
) -> Result<Reply<api::Answer<api::Caches>>, Problem> {
    let held = app.cache.held().await;
    let data = api::Caches {
        values: held.values,
        bytes: held.bytes,
        limit: held.limit,
        shared: app.cache.is_shared(),
        families: app.cache.families().into_iter().map(family_to_api).collect(),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

/// The caches there are.
const FAMILIES: [Family; 1] = [REPORTS];

/// Forgets what is kept, on every node. Nothing is lost; the next readers wait until it is made anew.
#[utoipa::path(
    post,
    path = "/admin/caches/clear",
    tag = "admin",
    request_body = api::ClearCaches,
    responses((status = 204, description = "Forgotten"))
)]
async fn clear_caches(
    State(app): State<AppState>,
    Operator(session): Operator,
    Caller(client): Caller,
    Json(body): Json<ClearCaches>,
) -> Result<StatusCode, Problem> {
    let tag = match &body.family {
        None => Tag::all(),
        // Those this program knows, not those it was asked for: another node, or this one before its start, may have kept.
        Some(name) if FAMILIES.iter().any(|family| family.name == name) => Tag::family(name),
        Some(_) => return Err(Problem::invalid("/family", "there is no cache of that name")),
    };
    let by = By { user: session.user.id, client: &client };
    app.operations.note(by, action::CACHE_CLEARED, body.family.as_deref().unwrap_or("all")).await?;
    app.cache.forget(&[tag]).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The services of others that this server has called since it began, by name.
#[utoipa::path(
    get,
    path = "/admin/dependencies",
    tag = "admin",
    responses((status = 200, description = "Dependencies", body = api::Listing<api::DependencyStatus>))
)]
async fn system_dependencies(
    State(app): State<AppState>,
    _operator: Operator,
) -> Result<Reply<api::Listing<api::DependencyStatus>>, Problem> {
    let states = app.outbound.states();
    Ok(Reply(api::Listing {
        meta: api::Meta::live(app.clock.now()),
        total: states.len() as u64,
        items: states.into_iter().map(dependency_to_api).collect(),
        next: None,
    }))
}

/// Lets calls to a dependency through again at once, on all nodes: for who knows that it works.
#[utoipa::path(
    post,
    path = "/admin/dependencies/{name}/reset",
    tag = "admin",
    responses((status = 204, description = "Calls are let through"))
)]
async fn reset_dependency(
    State(app): State<AppState>,
    Operator(session): Operator,
    Caller(client): Caller,
    Path(path): Path<DependencyPath>,
) -> Result<StatusCode, Problem> {
    if !app.outbound.states().iter().any(|known| known.name == path.name) {
        return Err(Problem::not_found());
    }
    // Noted first: an act that is in no log must not have happened.
    let by = By { user: session.user.id, client: &client };
    app.operations.note(by, action::DEPENDENCY_RESET, &path.name).await?;
    app.outbound.reset(&path.name);
    app.bus.say(Topic::Dependencies, path.name);
    Ok(StatusCode::NO_CONTENT)
}

/// How often somebody may ask, and how often that was refused.
#[utoipa::path(
    get,
    path = "/admin/limits",
    tag = "admin",
    responses((status = 200, description = "Limits", body = api::Answer<api::RateLimits>))
)]
async fn rate_limits(
    State(app): State<AppState>,
    _operator: Operator,
) -> Result<Reply<api::Answer<api::RateLimits>>, Problem> {
    let mut rules: BTreeMap<&str, api::RateLimitRule> = BTreeMap::new();
    for rule in app.config.quotas.as_ref().map(rate::all_rules).unwrap_or_default() {
        let (quota, window_seconds) = (Some(rule.quota), Some(rule.window.as_secs()));
        let told = api::RateLimitRule { name: rule.name.to_owned(), quota, window_seconds, refused: 0 };
        rules.insert(rule.name, told);
    }
    for (name, refused) in app.limits.refused() {
        let unknown =
            || api::RateLimitRule { name: name.to_owned(), quota: None, window_seconds: None, refused: 0 };
        rules.entry(name).or_insert_with(unknown).refused = refused;
    }
    let data = api::RateLimits {
        applied: app.config.quotas.is_some(),
        shared: app.limits.is_shared(),
        rules: rules.into_values().collect(),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

fn queue_to_api(queue: jobs::Queue) -> api::JobQueue {
    api::JobQueue {
        kind: queue.kind,
        waiting: queue.waiting,
        scheduled: queue.scheduled,
        running: queue.running,
        dead: queue.dead,
        waiting_since: queue.waiting_since.map(Into::into),
    }
}

fn schedule_to_api(schedule: jobs::Schedule) -> api::JobSchedule {
    api::JobSchedule { name: schedule.name, next_at: schedule.next_at.into() }
}

fn which(situation: JobSituation) -> Which {
    match situation {
        JobSituation::Running => Which::Running,
        JobSituation::Waiting => Which::Waiting,
        JobSituation::Scheduled => Which::Scheduled,
        JobSituation::Dead => Which::Dead,
    }
}

fn job_to_api(job: jobs::Job, situation: JobSituation, alike: &[Alike]) -> api::Job {
    let dead = situation == JobSituation::Dead;
    let same = alike.iter().find(|one| one.holds(&job)).map_or(0, |one| one.count);
    let time = |at: Timestamp| at.into();
    let failure = job.error_kind.zip(job.error);
    api::Job {
        id: job.id,
        kind: job.kind,
        workspace: job.workspace,
        situation,
        payload: job.payload,
        priority: job.priority,
        attempt: job.attempt,
        max_attempts: job.max_attempts,
        run_at: job.run_at.into(),
        created_at: job.created_at.into(),
        started_at: job.started_at.map(time),
        finished_at: job.finished_at.map(time),
        progress: job.progress,
        stopping: job.cancel,
        failure: failure.map(|(kind, detail)| api::JobFailure { kind: failure_to_api(kind), detail }),
        alike: same,
        can: api::JobCan { cancel: !dead && !job.cancel, retry: dead, discard: dead },
    }
}

fn failure_to_api(kind: jobs::ErrorKind) -> api::JobFailureKind {
    match kind {
        jobs::ErrorKind::Retry => api::JobFailureKind::Retry,
        jobs::ErrorKind::Fail => api::JobFailureKind::Fail,
        jobs::ErrorKind::Panic => api::JobFailureKind::Panic,
        jobs::ErrorKind::Timeout => api::JobFailureKind::Timeout,
        jobs::ErrorKind::Lost => api::JobFailureKind::Lost,
    }
}

fn family_to_api(used: FamilyUse) -> api::CacheFamily {
    let found = used.in_process + used.shared;
    let asked = found + used.made;
    api::CacheFamily {
        name: used.family.name.to_owned(),
        in_process_seconds: used.family.in_process.as_secs(),
        shared_seconds: used.family.shared.as_secs(),
        in_process: used.in_process,
        in_redis: used.shared,
        made: used.made,
        hit_rate: (asked > 0).then(|| found as f64 / asked as f64),
    }
}

pub(crate) fn dependency_to_api(state: DependencyState) -> api::DependencyStatus {
    api::DependencyStatus {
        name: state.name,
        condition: match state.condition {
            Condition::Working => api::DependencyCondition::Working,
            Condition::Resting => api::DependencyCondition::Resting,
            Condition::Probing => api::DependencyCondition::Probing,
        },
        since: state.since.into(),
        next_try: state.next_try.map(Into::into),
        calls: state.calls,
        failures: state.failures,
        retries_left: state.retries_left,
        last_error: state.last_error,
        last_error_at: state.last_error_at.map(Into::into),
    }
}
