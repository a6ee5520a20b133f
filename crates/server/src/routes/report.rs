//! What the newest analysis found.
//!
//! The handlers are here and in `code`, `commit`, `diagram`, `compare`, `explain`, `past` and `search`; the other modules
//! turn a report into wire types.

mod code;
mod commit;
mod compare;
mod dependencies;
mod diagram;
mod explain;
mod hotspots;
mod kept;
mod overview;
mod past;
mod search;
mod shape;
mod way;

pub(super) use hotspots::without_names;
pub(super) use kept::{REPORTS, of_repo};
pub(super) use overview::{coverage_to_api, span_to_api};

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base::Actor;
use repos::Repos;
use repos::model::{Analysis, FindingTally, Repo, RepoOverview};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::routes::page;
use crate::routes::repos::{RepoPath, find_repo, repos_problem};
use crate::state::AppState;
use kept::Newest;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(dependencies))
        .routes(routes!(hotspots))
        .routes(routes!(graph))
        .routes(routes!(diagram::diagram))
        .routes(routes!(past::past_secrets))
        .routes(routes!(compare::compare))
        .routes(routes!(explain::explain))
        .routes(routes!(code::folder))
        .routes(routes!(code::source_lines))
        .routes(routes!(code::blame))
        .routes(routes!(search::search_code))
        .routes(routes!(commit::commit))
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
    /// Only those with a known vulnerability, or only the others.
    vulnerable: Option<bool>,
    /// Only those with this licence, as it is stated; `unknown` for those that state none.
    license: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// Over which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HotspotsQuery {
    /// Days before the analysed commit: one of `windows`; by default the longest.
    window: Option<u32>,
}

/// A report with the analysis it belongs to.
pub(super) struct Found {
    pub(super) repo: Repo,
    pub(super) analysis: Analysis,
    pub(super) report: Arc<analysis::report::Report>,
    /// Its findings as people left them.
    pub(super) tally: FindingTally,
    /// How many insights are open.
    pub(super) open_insights: u64,
}

impl Found {
    /// How fresh and complete it is.
    pub(super) fn meta(&self) -> api::Meta {
        api::Meta {
            as_of: self.analysis.finished_at.unwrap_or(self.analysis.created_at).into(),
            source: api::Freshness::Cache,
            commit: Some(self.report.commit.id.clone()),
            analyzer: Some(self.report.analyzer.clone()),
            partial: overview::gaps(&self.report.coverage),
        }
    }
}

/// The newest report of a repository. One that was never analysed says so.
pub(super) async fn newest(repos: &Repos, actor: &Actor, repo: &str) -> Result<Found, Problem> {
    let RepoOverview { repo, findings: tally, open_insights, .. } = find_repo(repos, actor, repo).await?;
    match repos.report(actor, repo.id).await.map_err(repos_problem)? {
        Some((analysis, report)) => Ok(Found { repo, analysis, report, tally, open_insights }),
        None => Err(not_analysed()),
    }
}

fn not_analysed() -> Problem {
    let detail = "This repository has no finished analysis yet. Start one; it reads code and history and runs nothing.";
    Problem::new(axum::http::StatusCode::NOT_FOUND, "not_analysed", "Not analysed yet", detail)
}

/// The overview: coverage, languages, stack, the grade with its table, history, counts.
#[utoipa::path(
    get,
    path = "/repos/{repo}/report",
    tag = "report",
    responses((status = 200, description = "The overview", body = api::Answer<api::Overview>))
)]
async fn overview(
    State(app): State<AppState>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let newest = Newest::of(&app, reader.actor(), &path.repo, &headers).await?;
    let RepoOverview { repo, findings, open_insights, .. } = &newest.overview;
    let insights = app.repos.insights(reader.actor(), repo.id).await.map_err(repos_problem)?;
    let shown = format!("{:?}", (repo, findings, open_insights, &insights));
    let make = |found: Found| {
        Ok(api::Answer { meta: found.meta(), data: overview::overview_to_api(&found, &insights) })
    };
    newest.answer(&["overview", &shown], make).await
}

/// Packages in use, with their known vulnerabilities.
#[utoipa::path(
    get,
    path = "/repos/{repo}/dependencies",
    tag = "report",
    params(DependenciesQuery),
    responses((status = 200, description = "Packages", body = api::Dependencies))
)]
async fn dependencies(
    State(app): State<AppState>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<DependenciesQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let newest = Newest::of(&app, reader.actor(), &path.repo, &headers).await?;
    let question = format!("{query:?}");
    let (after, size) = page(query.cursor, query.limit);
    let filter = dependencies::Filter {
        ecosystem: query.ecosystem,
        text: query.q,
        direct: query.direct,
        vulnerable: query.vulnerable,
        license: query.license,
    };
    let make = |found: Found| dependencies::page_to_api(&found, &filter, after.as_ref(), size);
    newest.answer(&["dependencies", &question], make).await
}

/// Files that change often and are hard to change, the worst first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/hotspots",
    tag = "report",
    params(HotspotsQuery),
    responses((status = 200, description = "Hotspots", body = api::Hotspots))
)]
async fn hotspots(
    State(app): State<AppState>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<HotspotsQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let newest = Newest::of(&app, reader.actor(), &path.repo, &headers).await?;
    let named = app.repos.name_people(reader.actor()).await.map_err(repos_problem)?;
    let question = format!("{:?} {named:?}", query.window);
    let make = |found: Found| hotspots::hotspots_to_api(&found, query.window, named);
    newest.answer(&["hotspots", &question], make).await
}

/// Modules and what they import, laid out.
#[utoipa::path(
    get,
    path = "/repos/{repo}/graph",
    tag = "report",
    responses((status = 200, description = "The diagram", body = api::Answer<api::Graph>))
)]
async fn graph(
    State(app): State<AppState>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let newest = Newest::of(&app, reader.actor(), &path.repo, &headers).await?;
    let make =
        |found: Found| Ok(api::Answer { meta: found.meta(), data: shape::graph_to_api(&found.report.graph) });
    newest.answer(&["graph"], make).await
}
