//! placeholder

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;

pub(crate) fn router() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(redeem_link, session, end_session))
}

/// Exchanges a one-time link for a session.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = api::RedeemLink,
    responses((status = 201, description = "Signed in; the cookie is set, or the token is in the answer", body = api::Session))
)]
async fn redeem_link() -> Problem {
    Problem
}

/// Who is signed in, and what they may do.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses((status = 200, description = "The session", body = api::Answer<api::Session>))
)]
async fn session() -> Problem {
    Problem
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses((status = 204, description = "Signed out"))
)]
async fn end_session() -> Problem {
    Problem
}
