//! placeholder

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::routes::PageQuery;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start_analysis, analyses))
        .routes(routes!(analysis))
        .routes(routes!(cancel_analysis))
}

/// Analyses the newest commit. Joins a run that is going on; answers with the finished one when nothing changed for a day.
#[utoipa::path(
    post,
    path = "/repos/{repo}/analyses",
    tag = "analyses",
    params(("fresh" = Option<bool>, Query, description = "Analyse again although nothing changed")),
    responses((status = 202, description = "Queued, or joined", body = api::Analysis), (status = 200, description = "A finished one still holds", body = api::Analysis))
)]
async fn start_analysis() -> Problem {
    Problem::busy(60)
}

/// The runs of a repository, the newest first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/analyses",
    tag = "analyses",
    params(PageQuery),
    responses((status = 200, description = "Runs", body = api::Listing<api::Analysis>))
)]
async fn analyses() -> Problem {
    Problem::busy(60)
}

/// One run, with what it did not read.
#[utoipa::path(
    get,
    path = "/analyses/{id}",
    tag = "analyses",
    responses((status = 200, description = "The run", body = api::Answer<api::AnalysisDetail>))
)]
async fn analysis() -> Problem {
    Problem::busy(60)
}

/// Stops a run.
#[utoipa::path(
    post,
    path = "/analyses/{id}/cancel",
    tag = "analyses",
    responses((status = 200, description = "Stopped, or ended before", body = api::Analysis))
)]
async fn cancel_analysis() -> Problem {
    Problem::busy(60)
}
