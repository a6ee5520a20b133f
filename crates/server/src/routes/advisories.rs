//! How known vulnerabilities are looked up.

use api::{ImportAdvisories, SetAdvisoryMode};
use axum::extract::State;
use base::{Actor, Clock, Permission};
use identity::Identity;
use identity::audit::{Act, action};
use repos::Repos;
use repos::advisories::import::ImportError;
use repos::model::{AdvisoryMode, AdvisoryStatus};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Operator, Permitted, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::repos_problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(advisories))
        .routes(routes!(set_advisory_mode))
        .routes(routes!(import_advisories))
}

/// How known vulnerabilities are looked up, and how old the data is.
#[utoipa::path(
    get,
    path = "/advisories",
    tag = "advisories",
    responses((status = 200, description = "State", body = api::Answer<api::AdvisoryStatus>))
)]
async fn advisories(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    operator: Result<Operator, Problem>,
) -> Result<Reply<api::Answer<api::AdvisoryStatus>>, Problem> {
    let status = repos.advisory_status(reader.actor()).await.map_err(repos_problem)?;
    let data = status_to_api(status, reader.actor(), operator.is_ok());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Decides how known vulnerabilities are looked up.
#[utoipa::path(
    put,
    path = "/advisories/mode",
    tag = "advisories",
    request_body = api::SetAdvisoryMode,
    responses((status = 200, description = "Decided", body = api::AdvisoryStatus))
)]
async fn set_advisory_mode(
    State(repos): State<Repos>,
    admin: Permitted<may::WorkspaceManage>,
    operator: Result<Operator, Problem>,
    Json(body): Json<SetAdvisoryMode>,
) -> Result<Json<api::AdvisoryStatus>, Problem> {
    let mode = match body.mode {
        api::AdvisoryMode::Online => AdvisoryMode::Online,
        api::AdvisoryMode::Mirror => AdvisoryMode::Mirror,
        api::AdvisoryMode::None => AdvisoryMode::None,
        api::AdvisoryMode::Undecided => {
            return Err(Problem::invalid("/mode", "decide for `online`, `mirror` or `none`"));
        }
    };
    let status = repos.set_advisory_mode(admin.actor(), mode).await.map_err(repos_problem)?;
    Ok(Json(status_to_api(status, admin.actor(), operator.is_ok())))
}

/// Imports a mirror from a folder of the server's machine, and decides for it in this workspace. All workspaces look
/// vulnerabilities up in it, so it takes whoever runs the server, and is noted.
#[utoipa::path(
    post,
    path = "/advisories/import",
    tag = "advisories",
    request_body = api::ImportAdvisories,
    responses((status = 200, description = "Imported", body = api::AdvisoryStatus))
)]
async fn import_advisories(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    admin: Permitted<may::WorkspaceManage>,
    Operator(session): Operator,
    Caller(client): Caller,
    Json(body): Json<ImportAdvisories>,
) -> Result<Json<api::AdvisoryStatus>, Problem> {
    let folder = std::path::Path::new(&body.path);
    let imported = repos.import_advisories(admin.actor(), folder, |_| {}).await.map_err(repos_problem)?;
    let act = Act::done(action::ADVISORIES, session.user.id, &client).within(admin.actor().workspace);
    identity.note(act).await?;
    if imported.malformed_total > 0 {
        tracing::warn!(malformed = imported.malformed_total, "the mirror has records that were left out");
    }
    let status = repos.set_advisory_mode(admin.actor(), AdvisoryMode::Mirror).await.map_err(repos_problem)?;
    Ok(Json(status_to_api(status, admin.actor(), true)))
}

fn status_to_api(status: AdvisoryStatus, actor: &Actor, operator: bool) -> api::AdvisoryStatus {
    let manages = actor.may(Permission::WorkspaceManage);
    api::AdvisoryStatus {
        mode: match status.mode {
            AdvisoryMode::Undecided => api::AdvisoryMode::Undecided,
            AdvisoryMode::Online => api::AdvisoryMode::Online,
            AdvisoryMode::Mirror => api::AdvisoryMode::Mirror,
            AdvisoryMode::None => api::AdvisoryMode::None,
        },
        ecosystems: status
            .sources
            .into_iter()
            .map(|source| api::AdvisoryEcosystem {
                ecosystem: source.ecosystem,
                records: source.records,
                as_of: Some(source.as_of.into()),
                imported_at: source.imported_at.into(),
            })
            .collect(),
        version: status.version,
        can: api::AdvisoryStatusCan { set_mode: manages, import: manages && operator },
    }
}

/// Why a mirror was not imported, for who asked.
pub(super) fn import_problem(error: ImportError) -> Problem {
    match error {
        ImportError::Storage(error) => error.into(),
        ImportError::NotAnExport(_) | ImportError::Unreadable(..) | ImportError::TooLarge(_) => {
            Problem::invalid("/path", error)
        }
    }
}
