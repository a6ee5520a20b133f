//! placeholder

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;

pub(crate) fn router() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(server_info)).routes(routes!(openapi_document))
}

/// What this server is and what it allows.
#[utoipa::path(
    get,
    path = "/server",
    tag = "server",
    responses((status = 200, description = "The server", body = api::Answer<api::ServerInfo>))
)]
async fn server_info() -> Problem {
    Problem
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "server",
    responses((status = 200, description = "The OpenAPI 3.1 document", body = serde_json::Value))
)]
async fn openapi_document() -> Problem {
    Problem
}
