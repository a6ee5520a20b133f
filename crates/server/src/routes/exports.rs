//! placeholder

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(export_json))
        .routes(routes!(export_sarif))
        .routes(routes!(export_cyclonedx))
}

/// The whole report as JSON.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.json",
    tag = "report",
    responses((status = 200, description = "The canonical report", content_type = "application/json", body = serde_json::Value))
)]
async fn export_json() -> Problem {
    Problem::busy(60)
}

/// The findings as SARIF 2.1.0.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.sarif",
    tag = "report",
    responses((status = 200, description = "SARIF", content_type = "application/sarif+json", body = serde_json::Value))
)]
async fn export_sarif() -> Problem {
    Problem::busy(60)
}

/// The packages in use as a CycloneDX bill of materials.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.cdx.json",
    tag = "report",
    responses((status = 200, description = "CycloneDX", content_type = "application/vnd.cyclonedx+json", body = serde_json::Value))
)]
async fn export_cyclonedx() -> Problem {
    Problem::busy(60)
}
