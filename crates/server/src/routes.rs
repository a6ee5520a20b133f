//! placeholder
mod advisories;
mod analyses;
mod exports;
mod findings;
mod insights;
mod instance;
mod live;
mod report;
mod repos;
mod session;
mod tasks;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

/// Which part of a list to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most: 1 to 500, by default 50.
    limit: Option<u16>,
}

pub(crate) fn api() -> OpenApiRouter {
    let workspace = OpenApiRouter::new()
        .merge(repos::router())
        .merge(analyses::router())
        .merge(report::router())
        .merge(exports::router())
        .merge(findings::router())
        .merge(insights::router())
        .merge(tasks::router())
        .merge(advisories::router())
        .merge(live::router());
    let v1 = OpenApiRouter::new()
        .merge(session::router())
        .merge(instance::router())
        .nest("/w/{workspace}", workspace);
    OpenApiRouter::with_openapi(crate::openapi::Document::openapi()).nest("/api/v1", v1)
}
