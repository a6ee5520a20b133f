//! This server, and its OpenAPI document.

use api::{LocalPaths, ServerInfo, WhatItListensOn};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::config::Config;
use crate::extract::CurrentSession;
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::routes::repos::repos_problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(server_info)).routes(routes!(openapi_document))
}

/// What this server is and what it allows. Those who are not signed in learn less.
#[utoipa::path(
    get,
    path = "/server",
    tag = "server",
    responses((status = 200, description = "The server", body = api::Answer<api::ServerInfo>))
)]
async fn server_info(
    State(app): State<AppState>,
    Extension(CurrentSession(session)): Extension<CurrentSession>,
) -> Result<Reply<api::Answer<ServerInfo>>, Problem> {
    let first_use = match &session {
        Some(session) => Some(first_use(&app, session).await?),
        None => None,
    };
    let data = ServerInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        analyzer: analysis::pipeline::version().to_owned(),
        listens_on: if app.config.is_local() { WhatItListensOn::Loopback } else { WhatItListensOn::Network },
        signed_in: session.is_some(),
        first_use,
        local_paths: local_paths(&app.config, session.is_some()),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(app.clock.now()), data }))
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "server",
    responses((status = 200, description = "The OpenAPI 3.1 document", body = serde_json::Value))
)]
async fn openapi_document(State(app): State<AppState>) -> Response {
    reply::tagged(&reply::tag(&app.document), "application/json", app.document.to_vec())
}

/// Whether nothing was connected yet in the person's workspace.
async fn first_use(app: &AppState, session: &identity::Session) -> Result<bool, Problem> {
    let memberships = app.identity.memberships(session.user.id).await?;
    let Some(first) = memberships.first() else { return Ok(true) };
    let actor = base::Actor::new(session.user.id, first.workspace.id, first.role);
    Ok(app.repos.list(&actor).await.map_err(repos_problem)?.is_empty())
}

fn local_paths(config: &Config, signed_in: bool) -> LocalPaths {
    let allowed = !config.allowed_roots.is_empty();
    let roots = config.allowed_roots.iter().map(|root| root.display().to_string());
    LocalPaths {
        allowed,
        reason: (!allowed)
            .then(|| "Who runs this server has not allowed any folder of its machine.".to_owned()),
        roots: if signed_in { roots.collect() } else { Vec::new() },
    }
}
