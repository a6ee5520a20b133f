//! The report in formats other programs read, as attachments.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use repos::Repos;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Path, Permitted, may};
use crate::problem::Problem;
use crate::reply;
use crate::routes::report::{Found, newest, without_names};
use crate::routes::repos::{RepoPath, repos_problem};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(export_json))
        .routes(routes!(export_sarif))
        .routes(routes!(export_cyclonedx))
}

/// The whole report as JSON. Where the workspace does not name people, they are called by letters.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.json",
    tag = "report",
    responses((status = 200, description = "The canonical report", content_type = "application/json", body = serde_json::Value))
)]
async fn export_json(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Response, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    if repos.name_people(reader.actor()).await.map_err(repos_problem)? {
        return attachment(&found, "json", "application/json", &*found.report);
    }
    let mut report = (*found.report).clone();
    without_names(&mut report.history.people);
    attachment(&found, "json", "application/json", &report)
}

/// The findings as SARIF 2.1.0.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.sarif",
    tag = "report",
    responses((status = 200, description = "SARIF", content_type = "application/sarif+json", body = serde_json::Value))
)]
async fn export_sarif(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Response, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    attachment(&found, "sarif", "application/sarif+json", &analysis::export::sarif(&found.report, None))
}

/// The packages in use as a `CycloneDX` bill of materials.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report.cdx.json",
    tag = "report",
    responses((status = 200, description = "CycloneDX", content_type = "application/vnd.cyclonedx+json", body = serde_json::Value))
)]
async fn export_cyclonedx(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Response, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    attachment(
        &found,
        "cdx.json",
        "application/vnd.cyclonedx+json",
        &analysis::export::cyclonedx(&found.report),
    )
}

/// A file named after the repository and the commit. Slugs and object ids need no quoting.
fn attachment(
    found: &Found,
    extension: &str,
    content_type: &'static str,
    content: &impl Serialize,
) -> Result<Response, Problem> {
    let body = serde_json::to_vec_pretty(content).map_err(Problem::internal)?;
    let commit: String = found.report.commit.id.chars().take(8).collect();
    let name = format!("attachment; filename=\"{}-{commit}.{extension}\"", found.repo.slug);
    let mut response = reply::tagged(&reply::tag(&body), content_type, body);
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
