//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::routes::PageQuery;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(local_paths))
        .routes(routes!(probe))
        .routes(routes!(repos, connect_repo))
        .routes(routes!(repo, remove_repo))
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

/// Completes a path on the server's machine, inside the allowed folders.
#[utoipa::path(
    get,
    path = "/local-paths",
    tag = "repos",
    params(LocalPathsQuery),
    responses((status = 200, description = "Folders that go on as the prefix does", body = api::Answer<api::LocalPathList>))
)]
async fn local_paths() -> Problem {
    Problem::busy(60)
}

/// Looks at a source without connecting it.
#[utoipa::path(
    post,
    path = "/repos/probe",
    tag = "repos",
    request_body = api::ProbeSource,
    responses((status = 200, description = "What is there", body = api::Probe))
)]
async fn probe() -> Problem {
    Problem::busy(60)
}

/// The connected repositories, by name.
#[utoipa::path(
    get,
    path = "/repos",
    tag = "repos",
    params(PageQuery),
    responses((status = 200, description = "Repositories", body = api::Listing<api::Repo>))
)]
async fn repos() -> Problem {
    Problem::busy(60)
}

/// Connects a repository and starts its first analysis. The same source again answers with the repository that is there.
#[utoipa::path(
    post,
    path = "/repos",
    tag = "repos",
    request_body = api::ConnectRepo,
    responses((status = 201, description = "Connected", body = api::Repo), (status = 200, description = "Was already connected", body = api::Repo))
)]
async fn connect_repo() -> Problem {
    Problem::busy(60)
}

/// One repository.
#[utoipa::path(
    get,
    path = "/repos/{repo}",
    tag = "repos",
    responses((status = 200, description = "The repository", body = api::Answer<api::Repo>))
)]
async fn repo() -> Problem {
    Problem::busy(60)
}

/// Removes a repository with its analyses, findings and insights. Tasks stay.
#[utoipa::path(
    delete,
    path = "/repos/{repo}",
    tag = "repos",
    responses((status = 204, description = "Removed"))
)]
async fn remove_repo() -> Problem {
    Problem::busy(60)
}
