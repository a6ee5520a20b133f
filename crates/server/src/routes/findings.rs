//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(findings))
}

/// Which findings to give; lists are separated by commas.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FindingsQuery {
    /// Only these severities.
    severity: Option<String>,
    /// Only these kinds.
    kind: Option<String>,
    /// Only these rules.
    rule: Option<String>,
    /// Only below this path.
    path: Option<String>,
    /// Only with this in the message, the path or the rule.
    q: Option<String>,
    /// `open` (the default), `gone` or `all`.
    state: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most: 1 to 500, by default 50.
    limit: Option<u16>,
}

/// What should be looked at: most severe first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/findings",
    tag = "report",
    params(FindingsQuery),
    responses((status = 200, description = "Findings", body = api::Findings))
)]
async fn findings() -> Problem {
    Problem::busy(60)
}
