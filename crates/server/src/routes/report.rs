//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(dependencies))
        .routes(routes!(hotspots))
        .routes(routes!(graph))
        .routes(routes!(source_lines))
}

/// Which packages to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DependenciesQuery {
    /// Only this ecosystem.
    ecosystem: Option<String>,
    /// Only names with this in them.
    q: Option<String>,
    /// Only those asked for by a manifest of the repository, or only the others.
    direct: Option<bool>,
    /// Only those with a known vulnerability.
    vulnerable: Option<bool>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most: 1 to 500, by default 50.
    limit: Option<u16>,
}

/// Which lines to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SourceQuery {
    /// The file.
    path: String,
    /// First line, from 1; by default the first.
    start: Option<u32>,
    /// Last line, inclusive; by default as many as one answer takes (400).
    end: Option<u32>,
}

/// The overview: coverage, languages, stack, the grade with its table, history, counts.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report",
    tag = "report",
    responses((status = 200, description = "The overview", body = api::Answer<api::Overview>))
)]
async fn overview() -> Problem {
    Problem::busy(60)
}

/// Packages in use, with their known vulnerabilities.
#[utoipa::path(
    get,
    path = "/repos/{repo}/dependencies",
    tag = "report",
    params(DependenciesQuery),
    responses((status = 200, description = "Packages", body = api::Dependencies))
)]
async fn dependencies() -> Problem {
    Problem::busy(60)
}

/// Files that change often and are hard to change, the worst first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/hotspots",
    tag = "report",
    responses((status = 200, description = "Hotspots", body = api::Hotspots))
)]
async fn hotspots() -> Problem {
    Problem::busy(60)
}

/// Modules and what they import, laid out.
#[utoipa::path(
    get,
    path = "/repos/{repo}/graph",
    tag = "report",
    responses((status = 200, description = "The diagram", body = api::Answer<api::Graph>))
)]
async fn graph() -> Problem {
    Problem::busy(60)
}

/// Lines of a file of the analysed commit, as text.
#[utoipa::path(
    get,
    path = "/repos/{repo}/source",
    tag = "report",
    params(SourceQuery),
    responses((status = 200, description = "Lines", body = api::Answer<api::SourceLines>))
)]
async fn source_lines() -> Problem {
    Problem::busy(60)
}
