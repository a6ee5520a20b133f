//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;

pub(crate) fn router() -> OpenApiRouter {
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
    /// Only in these states, separated by commas.
    status: Option<String>,
    /// Only with this in the title or the key.
    q: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most: 1 to 500, by default 50.
    limit: Option<u16>,
}

/// Tasks, the newest first.
#[utoipa::path(
    get,
    path = "/tasks",
    tag = "tasks",
    params(TasksQuery),
    responses((status = 200, description = "Tasks", body = api::Listing<api::Task>))
)]
async fn tasks() -> Problem {
    Problem
}

/// Creates a task; a title is enough.
#[utoipa::path(
    post,
    path = "/tasks",
    tag = "tasks",
    request_body = api::CreateTask,
    responses((status = 201, description = "Created", body = api::Task))
)]
async fn create_task() -> Problem {
    Problem
}

/// One task.
#[utoipa::path(
    get,
    path = "/tasks/{key}",
    tag = "tasks",
    responses((status = 200, description = "The task", body = api::Answer<api::Task>))
)]
async fn task() -> Problem {
    Problem
}

/// Changes a task: what is left out stays.
#[utoipa::path(
    patch,
    path = "/tasks/{key}",
    tag = "tasks",
    request_body = api::UpdateTask,
    responses((status = 200, description = "Changed", body = api::Task))
)]
async fn update_task() -> Problem {
    Problem
}

/// Deletes a task. It can be brought back with `restore`.
#[utoipa::path(
    delete,
    path = "/tasks/{key}",
    tag = "tasks",
    responses((status = 204, description = "Deleted"))
)]
async fn delete_task() -> Problem {
    Problem
}

/// Brings a deleted task back.
#[utoipa::path(
    post,
    path = "/tasks/{key}/restore",
    tag = "tasks",
    responses((status = 200, description = "Brought back", body = api::Task))
)]
async fn restore_task() -> Problem {
    Problem
}
