//! What a workspace decided for all its pages.

use api::SetWorkspaceSettings;
use axum::extract::State;
use base::{Actor, Clock, Permission};
use identity::Identity;
use repos::Repos;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Permitted, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::audit::{acts, note};
use crate::routes::repos::repos_problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(settings, set_settings))
}

/// What the workspace decided.
#[utoipa::path(
    get,
    path = "/settings",
    tag = "repos",
    responses((status = 200, description = "Settings", body = api::Answer<api::WorkspaceSettings>))
)]
async fn settings(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::WorkspaceRead>,
) -> Result<Reply<api::Answer<api::WorkspaceSettings>>, Problem> {
    let name_people = repos.name_people(reader.actor()).await.map_err(repos_problem)?;
    let data = settings_to_api(name_people, reader.actor());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Decides for all pages of the workspace.
#[utoipa::path(
    put,
    path = "/settings",
    tag = "repos",
    request_body = api::SetWorkspaceSettings,
    responses((status = 200, description = "Decided", body = api::WorkspaceSettings))
)]
async fn set_settings(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Caller(client): Caller,
    Json(body): Json<SetWorkspaceSettings>,
) -> Result<Json<api::WorkspaceSettings>, Problem> {
    repos.set_name_people(admin.actor(), body.name_people).await.map_err(repos_problem)?;
    note(&identity, admin.actor(), &client, acts::SETTINGS, "").await?;
    Ok(Json(settings_to_api(body.name_people, admin.actor())))
}

fn settings_to_api(name_people: bool, actor: &Actor) -> api::WorkspaceSettings {
    api::WorkspaceSettings {
        name_people,
        can: api::WorkspaceSettingsCan { change: actor.may(Permission::WorkspaceManage) },
    }
}
