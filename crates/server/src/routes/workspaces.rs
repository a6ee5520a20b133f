//! Workspaces: one's own, and the one in the path.

use api::{CreateWorkspace, DeleteWorkspace, RenameWorkspace};
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, Clock, PageSize};
use identity::workspaces::{Details, WorkspaceError};
use identity::{Identity, Membership};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Permitted, SignedIn, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::repos_problem;
use crate::routes::roles::{permission_to_api, role_to_api};
use crate::routes::session::workspace_to_api;
use crate::state::AppState;

/// What everybody reaches.
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(my_workspaces, create_workspace))
}

/// What is in a workspace.
pub(crate) fn inside() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(workspace, rename_workspace, delete_workspace))
}

/// The workspaces that the signed-in person is in, by their names in addresses.
#[utoipa::path(
    get,
    path = "/workspaces",
    tag = "people",
    responses((status = 200, description = "Workspaces", body = api::Answer<Vec<api::OwnWorkspace>>))
)]
async fn my_workspaces(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<Vec<api::OwnWorkspace>>>, Problem> {
    let all = identity.memberships(session.user.id).await?;
    let data = all.into_iter().map(membership_to_api).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Makes a workspace; whoever makes it owns it.
#[utoipa::path(
    post,
    path = "/workspaces",
    tag = "people",
    request_body = api::CreateWorkspace,
    responses((status = 201, description = "Made", body = api::OwnWorkspace))
)]
async fn create_workspace(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<CreateWorkspace>,
) -> Result<(StatusCode, Json<api::OwnWorkspace>), Problem> {
    let made = identity.create_workspace(&session.user, &body.name, &client).await;
    Ok((StatusCode::CREATED, Json(membership_to_api(made.map_err(workspace_problem)?))))
}

/// The workspace, what it holds, and what the reader may do in it.
#[utoipa::path(
    get,
    path = "/workspace",
    tag = "people",
    responses((status = 200, description = "The workspace", body = api::Answer<api::WorkspaceDetails>))
)]
async fn workspace(
    State(app): State<AppState>,
    State(clock): State<Clock>,
    reader: Permitted<may::WorkspaceRead>,
) -> Result<Reply<api::Answer<api::WorkspaceDetails>>, Problem> {
    let details = app.identity.workspace(reader.actor()).await?.ok_or_else(Problem::not_found)?;
    let data = details_to_api(&app, reader.actor(), details).await?;
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Gives the workspace another name to show. Its name in addresses stays.
#[utoipa::path(
    patch,
    path = "/workspace",
    tag = "people",
    request_body = api::RenameWorkspace,
    responses((status = 200, description = "Renamed", body = api::WorkspaceDetails))
)]
async fn rename_workspace(
    State(app): State<AppState>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Json(body): Json<RenameWorkspace>,
) -> Result<Json<api::WorkspaceDetails>, Problem> {
    let renamed = app.identity.rename_workspace(admin.actor(), &body.name, body.version, &client).await;
    let details = renamed.map_err(workspace_problem)?;
    Ok(Json(details_to_api(&app, admin.actor(), details).await?))
}

/// Deletes the workspace with all it holds, for everybody in it.
#[utoipa::path(
    delete,
    path = "/workspace",
    tag = "people",
    request_body = api::DeleteWorkspace,
    responses((status = 204, description = "Deleted; what it held is removed in the background"))
)]
async fn delete_workspace(
    State(identity): State<Identity>,
    owner: Permitted<may::WorkspaceDelete>,
    Caller(client): Caller,
    Json(body): Json<DeleteWorkspace>,
) -> Result<StatusCode, Problem> {
    identity.delete_workspace(owner.actor(), &body.name, &client).await.map_err(workspace_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn workspace_problem(error: WorkspaceError) -> Problem {
    match error {
        WorkspaceError::Name | WorkspaceError::Unconfirmed => Problem::invalid("/name", error),
        WorkspaceError::Gone => Problem::not_found(),
        WorkspaceError::TooMany(wait) => Problem::too_many(wait),
        WorkspaceError::Storage(error) => error.into(),
    }
}

async fn details_to_api(
    app: &AppState,
    actor: &Actor,
    details: Details,
) -> Result<api::WorkspaceDetails, Problem> {
    let repos = app.repos.list(actor).await.map_err(repos_problem)?.len() as u64;
    let tasks = app.projects.tasks(actor, None, None, PageSize::clamped(1)).await?.total;
    Ok(api::WorkspaceDetails {
        workspace: workspace_to_api(details.workspace),
        role: role_to_api(actor.role),
        permissions: actor.granted.iter().map(permission_to_api).collect(),
        holds: api::WorkspaceHolds { members: details.members, repos, tasks },
        created_at: details.created_at.into(),
        version: details.version,
    })
}

pub(super) fn membership_to_api(membership: Membership) -> api::OwnWorkspace {
    api::OwnWorkspace {
        workspace: workspace_to_api(membership.workspace),
        role: role_to_api(membership.role),
    }
}
