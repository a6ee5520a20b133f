//! Tasks.

use api::{CreateTask, TaskPriority, TaskStatus, UpdateTask};
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, Clock, Permission};
use projects::{
    Change, ChangeTaskError, CreateTaskError, Edit, InvalidTask, NewTask, Priority, Projects, Status, TaskKey,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::page;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tasks, create_task))
        .routes(routes!(task, update_task, delete_task))
        .routes(routes!(restore_task))
}

/// Which tasks to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TasksQuery {
    /// Only in this state.
    status: Option<TaskStatus>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// Which task.
#[derive(Deserialize)]
struct TaskPath {
    key: String,
}

impl TaskPath {
    /// What is not written like a key is the key of nothing.
    fn key(&self) -> Result<TaskKey, Problem> {
        self.key.parse().map_err(|_| Problem::not_found())
    }
}

/// The version that was seen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionQuery {
    /// The version that was seen; a newer one on the server answers 409.
    pub(crate) version: i64,
}

/// Tasks that are not deleted, the newest first.
#[utoipa::path(
    get,
    path = "/tasks",
    tag = "tasks",
    params(TasksQuery),
    responses((status = 200, description = "Tasks", body = api::Listing<api::Task>))
)]
async fn tasks(
    State(projects): State<Projects>,
    State(clock): State<Clock>,
    reader: Permitted<may::TaskRead>,
    Query(query): Query<TasksQuery>,
) -> Result<Reply<api::Listing<api::Task>>, Problem> {
    let (after, size) = page(query.cursor, query.limit);
    let status = query.status.map(status_from);
    let page = projects.tasks(reader.actor(), status, after.as_ref(), size).await?;
    let actor = reader.actor();
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        items: page.items.into_iter().map(|task| task_to_api(task, actor)).collect(),
        next: page.next.map(|cursor| cursor.0),
        total: page.total,
    }))
}

/// Creates a task; a title is enough.
#[utoipa::path(
    post,
    path = "/tasks",
    tag = "tasks",
    request_body = api::CreateTask,
    responses((status = 201, description = "Created", body = api::Task))
)]
async fn create_task(
    State(projects): State<Projects>,
    member: Permitted<may::TaskWrite>,
    Json(body): Json<CreateTask>,
) -> Result<(StatusCode, Json<api::Task>), Problem> {
    let new = NewTask {
        title: body.title,
        description: body.description.unwrap_or_default(),
        priority: body.priority.map_or(Priority::None, priority_from),
        origin: None,
    };
    let task = projects.create_task(member.actor(), new).await.map_err(create_problem)?;
    Ok((StatusCode::CREATED, Json(task_to_api(task, member.actor()))))
}

/// One task.
#[utoipa::path(
    get,
    path = "/tasks/{key}",
    tag = "tasks",
    responses((status = 200, description = "The task", body = api::Answer<api::Task>))
)]
async fn task(
    State(projects): State<Projects>,
    State(clock): State<Clock>,
    reader: Permitted<may::TaskRead>,
    Path(path): Path<TaskPath>,
) -> Result<Reply<api::Answer<api::Task>>, Problem> {
    let task = projects.task(reader.actor(), &path.key()?).await?;
    let task = task.filter(|task| task.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    let data = task_to_api(task, reader.actor());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Changes a task: what is left out stays.
#[utoipa::path(
    patch,
    path = "/tasks/{key}",
    tag = "tasks",
    request_body = api::UpdateTask,
    responses((status = 200, description = "Changed", body = api::Task))
)]
async fn update_task(
    State(projects): State<Projects>,
    member: Permitted<may::TaskWrite>,
    Path(path): Path<TaskPath>,
    Json(body): Json<UpdateTask>,
) -> Result<Json<api::Task>, Problem> {
    let edit = Edit {
        title: body.title,
        description: body.description,
        status: body.status.map(status_from),
        priority: body.priority.map(priority_from),
    };
    let changed = projects.change_task(member.actor(), &path.key()?, body.version, Change::Edit(edit)).await;
    Ok(Json(task_to_api(changed.map_err(change_problem)?, member.actor())))
}

/// Deletes a task. It can be brought back with `restore`, which takes the version of this answer.
#[utoipa::path(
    delete,
    path = "/tasks/{key}",
    tag = "tasks",
    params(VersionQuery),
    responses((status = 200, description = "Deleted; the answer is the task as it can be brought back", body = api::Task))
)]
async fn delete_task(
    State(projects): State<Projects>,
    member: Permitted<may::TaskWrite>,
    Path(path): Path<TaskPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Task>, Problem> {
    let deleted = projects.change_task(member.actor(), &path.key()?, query.version, Change::Delete).await;
    Ok(Json(task_to_api(deleted.map_err(change_problem)?, member.actor())))
}

/// Brings a deleted task back.
#[utoipa::path(
    post,
    path = "/tasks/{key}/restore",
    tag = "tasks",
    params(VersionQuery),
    responses((status = 200, description = "Brought back", body = api::Task))
)]
async fn restore_task(
    State(projects): State<Projects>,
    member: Permitted<may::TaskWrite>,
    Path(path): Path<TaskPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Task>, Problem> {
    let restored = projects.change_task(member.actor(), &path.key()?, query.version, Change::Restore).await;
    Ok(Json(task_to_api(restored.map_err(change_problem)?, member.actor())))
}

fn create_problem(error: CreateTaskError) -> Problem {
    match error {
        CreateTaskError::Invalid(invalid) => invalid_problem(&invalid),
        CreateTaskError::Storage(error) => error.into(),
    }
}

fn change_problem(error: ChangeTaskError) -> Problem {
    match error {
        ChangeTaskError::NotFound(_) => Problem::not_found(),
        ChangeTaskError::Conflict(_) => Problem::changed(),
        ChangeTaskError::Invalid(invalid) => invalid_problem(&invalid),
        ChangeTaskError::Storage(error) => error.into(),
    }
}

pub(super) fn invalid_problem(invalid: &InvalidTask) -> Problem {
    let field = match invalid {
        InvalidTask::NoTitle | InvalidTask::LongTitle => "/title",
        InvalidTask::LongDescription => "/description",
    };
    Problem::invalid(field, invalid)
}

/// The task as that person sees it.
pub(super) fn task_to_api(task: projects::Task, actor: &Actor) -> api::Task {
    let works = actor.may(Permission::TaskWrite);
    let live = task.deleted_at.is_none();
    let status = status_to_api(task.status);
    api::Task {
        id: task.id,
        key: task.key.to_string(),
        title: task.title,
        description: task.description,
        status,
        next: Status::ALL.iter().copied().map(status_to_api).filter(|next| *next != status).collect(),
        priority: match task.priority {
            Priority::None => TaskPriority::None,
            Priority::Low => TaskPriority::Low,
            Priority::Medium => TaskPriority::Medium,
            Priority::High => TaskPriority::High,
            Priority::Urgent => TaskPriority::Urgent,
        },
        origin: task.origin.map(|origin| api::TaskOrigin {
            kind: origin.kind,
            id: origin.id,
            repo: origin.repo,
        }),
        created_at: task.created_at.into(),
        updated_at: task.updated_at.into(),
        deleted_at: task.deleted_at.map(Into::into),
        version: task.version,
        can: api::TaskCan { edit: works && live, delete: works && live },
    }
}

pub(super) fn status_to_api(status: Status) -> TaskStatus {
    match status {
        Status::Todo => TaskStatus::Todo,
        Status::InProgress => TaskStatus::InProgress,
        Status::Review => TaskStatus::Review,
        Status::Done => TaskStatus::Done,
    }
}

fn status_from(status: TaskStatus) -> Status {
    match status {
        TaskStatus::Todo => Status::Todo,
        TaskStatus::InProgress => Status::InProgress,
        TaskStatus::Review => Status::Review,
        TaskStatus::Done => Status::Done,
    }
}

fn priority_from(priority: TaskPriority) -> Priority {
    match priority {
        TaskPriority::None => Priority::None,
        TaskPriority::Low => Priority::Low,
        TaskPriority::Medium => Priority::Medium,
        TaskPriority::High => Priority::High,
        TaskPriority::Urgent => Priority::Urgent,
    }
}
