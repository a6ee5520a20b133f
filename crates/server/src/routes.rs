//! Every route of the API, one file for each context.
//!
//! A handler has its proof of permission and its input in its signature, makes one call, and maps the result. The
//! functions between domain and wire types stand below the handlers that use them.

mod admin;
mod advisories;
mod analyses;
mod auth;
mod exports;
mod findings;
mod hooks;
mod hosts;
mod insights;
mod instance;
mod live;
mod me;
mod memories;
mod report;
mod repos;
mod session;
mod settings;
mod setup;
mod suppressions;
mod tasks;

use axum::Router;
use axum::middleware::from_fn_with_state;
use base::{Cursor, PageSize};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::layers::idempotency::idempotency;
use crate::layers::session::enter_workspace;
use crate::openapi::Document;
use crate::state::AppState;

pub(crate) use hooks::router as hooks;

/// The cursor and size that a query asks for.
pub(crate) fn page(cursor: Option<String>, limit: Option<u16>) -> (Option<Cursor>, PageSize) {
    (cursor.map(Cursor), limit.map_or(PageSize::DEFAULT, PageSize::clamped))
}

pub(crate) use auth::jwks;

/// The routes under `/api/v1`.
pub(crate) fn api(app: &AppState) -> Router<AppState> {
    let workspace: Router<AppState> = Router::from(workspace())
        .layer(from_fn_with_state(app.clone(), idempotency))
        .layer(from_fn_with_state(app.clone(), enter_workspace));
    let everyone = Router::from(everyone());
    Router::new().nest(PREFIX, everyone.nest(WORKSPACE, workspace))
}

/// What the routes say of themselves.
pub(crate) fn api_document() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<AppState>::with_openapi(Document::openapi())
        .nest(PREFIX, everyone().nest(WORKSPACE, workspace()))
        .into_openapi()
}

const PREFIX: &str = "/api/v1";
const WORKSPACE: &str = "/w/{workspace}";

fn everyone() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(auth::router())
        .merge(setup::router())
        .merge(me::router())
        .merge(admin::router())
        .merge(instance::router())
}

fn workspace() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(repos::router())
        .merge(analyses::router())
        .merge(report::router())
        .merge(exports::router())
        .merge(findings::router())
        .merge(suppressions::router())
        .merge(insights::router())
        .merge(tasks::router())
        .merge(memories::router())
        .merge(advisories::router())
        .merge(settings::router())
        .merge(hosts::router())
        .merge(live::router())
}
