//! Where code hosts tell of pushes. No session: a delivery proves itself by its signature.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base::id::HostId;
use hosts::Kind;
use repos::{Received, Repos};
use serde::Deserialize;

use crate::extract::{Path, too_large};
use crate::problem::Problem;
use crate::routes::repos::repos_problem;
use crate::state::AppState;

/// Bytes of a delivery. GitHub sends up to 25 MB, but needs that for a push of thousands of commits only. Whoever is not
/// known yet must not fill the memory: few are taken in at once (`limits::HOOKS_AT_ONCE`).
const BODY: usize = 8 << 20;

/// Where each connection's hooks are sent to.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/hooks/{kind}/{id}", post(receive)).layer(DefaultBodyLimit::max(BODY))
}

/// Which connection.
#[derive(Debug, Deserialize)]
struct HookPath {
    kind: String,
    id: String,
}

/// Takes a delivery in. One that is not signed answers as one to a connection that does not exist.
async fn receive(
    State(repos): State<Repos>,
    Path(path): Path<HookPath>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::malformed("The body could not be read.").because(rejection),
    })?;
    let kind = Kind::parse(&path.kind).ok_or_else(Problem::not_found)?;
    let header = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let received = repos.receive(kind, path.id.parse::<HostId>().ok(), &header, &body).await;
    match received.map_err(repos_problem)? {
        Received::Taken => Ok(StatusCode::NO_CONTENT),
        Received::Refused => Err(Problem::not_found()),
    }
}
