//! placeholder

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
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
async fn advisories() -> Problem {
    Problem::busy(60)
}

/// Decides how known vulnerabilities are looked up.
#[utoipa::path(
    put,
    path = "/advisories/mode",
    tag = "advisories",
    request_body = api::SetAdvisoryMode,
    responses((status = 200, description = "Decided", body = api::AdvisoryStatus))
)]
async fn set_advisory_mode() -> Problem {
    Problem::busy(60)
}

/// Imports a mirror from a folder of the server's machine, and decides for it.
#[utoipa::path(
    post,
    path = "/advisories/import",
    tag = "advisories",
    request_body = api::ImportAdvisories,
    responses((status = 200, description = "Imported", body = api::AdvisoryStatus))
)]
async fn import_advisories() -> Problem {
    Problem::busy(60)
}
