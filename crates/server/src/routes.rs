//! Every route of the API, one file for each context.
//!
//! A handler has its proof of permission and its input in its signature, makes one call, and maps the result. The
//! functions between domain and wire types stand below the handlers that use them.

mod admin;
mod advisories;
mod analyses;
mod audit;
mod auth;
mod chat;
mod device;
mod exports;
mod findings;
mod gateway;
mod hooks;
mod hosts;
mod insights;
mod instance;
mod invites;
mod live;
mod me;
mod members;
mod memories;
mod models;
mod operation;
mod report;
mod repos;
pub(crate) mod roles;
mod session;
mod settings;
mod setup;
mod suppressions;
mod tasks;
mod tokens;
mod workspaces;

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use base::{Cursor, PageSize};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::layers::idempotency::idempotency;
use crate::layers::rate::Class;
use crate::layers::session::enter_workspace;
use crate::openapi::Document;
use crate::state::AppState;

pub(crate) use gateway::{in_its_words, is_gateway, router as gateway};
pub(crate) use hooks::router as hooks;

/// The cursor and size that a query asks for.
pub(crate) fn page(cursor: Option<String>, limit: Option<u32>) -> (Option<Cursor>, PageSize) {
    let size = limit.map(|limit| PageSize::clamped(u16::try_from(limit).unwrap_or(PageSize::MAX)));
    (cursor.map(Cursor), size.unwrap_or(PageSize::DEFAULT))
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

/// The routes that are neither plain reads nor plain changes, for how often they may be asked. Refreshing a session and
/// ending one are plain changes: they cost no password, and nobody must be kept from them. So is asking whether a code was
/// approved: a program does that every few seconds, and one that asks more often is told to slow down.
pub(crate) static CLASSES: [(Method, &str, Class); 28] = [
    (Method::POST, "/api/v1/session", Class::SignIn),
    (Method::POST, "/api/v1/setup", Class::SignIn),
    (Method::POST, "/api/v1/auth/sign-in", Class::SignIn),
    (Method::POST, "/api/v1/auth/sign-up", Class::SignIn),
    (Method::POST, "/api/v1/auth/verify", Class::SignIn),
    (Method::POST, "/api/v1/auth/forgot", Class::SignIn),
    (Method::POST, "/api/v1/auth/reset", Class::SignIn),
    (Method::POST, "/api/v1/auth/reset/check", Class::SignIn),
    (Method::POST, "/api/v1/auth/second-factor", Class::SignIn),
    (Method::POST, "/api/v1/auth/providers/{provider}", Class::SignIn),
    (Method::POST, "/api/v1/auth/providers/{provider}/finish", Class::SignIn),
    (Method::POST, "/api/v1/auth/device", Class::SignIn),
    (Method::POST, "/api/v1/auth/device/check", Class::SignIn),
    (Method::POST, "/api/v1/auth/device/decide", Class::SignIn),
    (Method::POST, "/api/v1/invites/check", Class::SignIn),
    (Method::POST, "/api/v1/invites/accept", Class::SignIn),
    (Method::GET, "/api/v1/w/{workspace}/hosts/{id}/repos", Class::Host),
    (Method::POST, "/api/v1/w/{workspace}/hosts/{id}/check", Class::Host),
    (Method::PUT, "/api/v1/w/{workspace}/hosts/{id}/token", Class::Host),
    (Method::POST, "/api/v1/w/{workspace}/models/check", Class::Host),
    (Method::POST, "/api/v1/w/{workspace}/chat/preview", Class::Ask),
    (Method::POST, "/api/v1/w/{workspace}/chat/threads/{thread}/messages", Class::Ask),
    (Method::POST, "/api/v1/w/{workspace}/repos", Class::Analysis),
    (Method::POST, "/api/v1/w/{workspace}/repos/probe", Class::Analysis),
    (Method::POST, "/api/v1/w/{workspace}/repos/{repo}/analyses", Class::Analysis),
    (Method::POST, "/api/v1/w/{workspace}/hosts", Class::Analysis),
    (Method::POST, "/api/v1/w/{workspace}/hosts/{id}/import", Class::Analysis),
    (Method::POST, "/api/v1/w/{workspace}/advisories/import", Class::Analysis),
];

/// What changes nothing and is no GET because what it is given does not fit into an address.
pub(crate) static LOOKS: [&str; 4] = [
    "/api/v1/w/{workspace}/chat/preview",
    "/api/v1/w/{workspace}/recall",
    "/api/v1/w/{workspace}/repos/probe",
    "/api/v1/w/{workspace}/repos/{repo}/suppressions/preview",
];

fn everyone() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(auth::router())
        .merge(setup::router())
        .merge(device::router())
        .merge(me::router())
        .merge(tokens::router())
        .merge(roles::router())
        .merge(workspaces::router())
        .merge(invites::router())
        .merge(audit::router())
        .merge(admin::router())
        .merge(operation::router())
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
        .merge(chat::router())
        .merge(models::router())
        .merge(advisories::router())
        .merge(settings::router())
        .merge(hosts::router())
        .merge(workspaces::inside())
        .merge(members::router())
        .merge(invites::inside())
        .merge(audit::inside())
        .merge(live::router())
}
