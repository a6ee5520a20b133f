//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(insights))
        .routes(routes!(check_insight))
        .routes(routes!(make_task))
        .routes(routes!(dismiss_insight))
}

/// Which insights to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InsightsQuery {
    /// `open` (the default), `closed`, `dismissed` or `all`.
    state: Option<String>,
}

/// What is worth doing, best value for effort first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/insights",
    tag = "insights",
    params(InsightsQuery),
    responses((status = 200, description = "Insights", body = api::Insights))
)]
async fn insights() -> Problem {
    Problem::busy(60)
}

/// Holds the insight's check against the newest report; a check that passes closes it.
#[utoipa::path(
    post,
    path = "/insights/{id}/check",
    tag = "insights",
    responses((status = 200, description = "The insight with the result", body = api::Insight))
)]
async fn check_insight() -> Problem {
    Problem::busy(60)
}

/// Makes a task from an insight; a second time answers with the task that is there.
#[utoipa::path(
    post,
    path = "/insights/{id}/task",
    tag = "insights",
    responses((status = 201, description = "Created", body = api::Task), (status = 200, description = "Was already there", body = api::Task))
)]
async fn make_task() -> Problem {
    Problem::busy(60)
}

/// Puts an insight away.
#[utoipa::path(
    post,
    path = "/insights/{id}/dismiss",
    tag = "insights",
    request_body = api::DismissInsight,
    responses((status = 200, description = "Put away", body = api::Insight))
)]
async fn dismiss_insight() -> Problem {
    Problem::busy(60)
}
