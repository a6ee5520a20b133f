//! A new password by mail.

use api::{CheckReset, ForgotPassword, ResetPassword};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::Secret;
use identity::Token;
use identity::recover::{ForgotError, ResetError};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::hand_over::hand_over;
use super::second_step::code_needed;
use super::{busy_problem, grant_problem, password_refused};
use crate::extract::{Caller, Json};
use crate::problem::Problem;
use crate::routes::me::session_info_to_api;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(forgot_password))
        .routes(routes!(check_reset))
        .routes(routes!(reset_password))
}

/// Asks for a message with which a new password can be set. The answer is the same for every address.
#[utoipa::path(
    post,
    path = "/auth/forgot",
    tag = "auth",
    request_body = api::ForgotPassword,
    responses((status = 202, description = "If this address has an account, a message is on its way", body = api::PasswordForgotten))
)]
async fn forgot_password(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<ForgotPassword>,
) -> Result<(StatusCode, Json<api::PasswordForgotten>), Problem> {
    let origin = app.config.origin();
    app.identity.forgot(&body.email, &origin, &client).await.map_err(forgot_problem)?;
    Ok((StatusCode::ACCEPTED, Json(api::PasswordForgotten { sends_mail: app.identity.sends_mail() })))
}

/// Says which sessions end when the link of a message is used. Changes nothing.
#[utoipa::path(
    post,
    path = "/auth/reset/check",
    tag = "auth",
    request_body = api::CheckReset,
    responses((status = 200, description = "The link works", body = api::ResetPreview))
)]
async fn check_reset(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<CheckReset>,
) -> Result<Json<api::ResetPreview>, Problem> {
    let token = Token::parse(&body.token).ok_or_else(link_refused)?;
    let sessions = app.identity.sessions_of_reset(&token, &client).await.map_err(reset_problem)?;
    let sessions = sessions.into_iter().map(|session| session_info_to_api(session, None)).collect();
    Ok(Json(api::ResetPreview { sessions }))
}

/// Sets a new password with the link of a message, ends every session, and signs in here.
#[utoipa::path(
    post,
    path = "/auth/reset",
    tag = "auth",
    request_body = api::ResetPassword,
    responses(
        (status = 201, description = "Signed in; the cookies are set, or the tokens are in the answer", body = api::Session),
        (status = 202, description = "The password is set, and a code is needed to sign in", body = api::CodeNeeded),
    )
)]
async fn reset_password(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<ResetPassword>,
) -> Result<Response, Problem> {
    let token = Token::parse(&body.token).ok_or_else(link_refused)?;
    let password = Secret::new(body.password);
    match app.identity.reset(&token, &password, &client).await {
        Ok(granted) => hand_over(&app, granted, body.hand_over).await,
        Err(ResetError::CodeNeeded(pending)) => Ok(code_needed(&pending)),
        Err(error) => Err(reset_problem(error)),
    }
}

fn forgot_problem(error: ForgotError) -> Problem {
    match error {
        ForgotError::Email => Problem::invalid("/email", error),
        ForgotError::TooMany(wait) => Problem::too_many(wait),
        ForgotError::Storage(error) => error.into(),
    }
}

fn reset_problem(error: ResetError) -> Problem {
    match error {
        ResetError::Link | ResetError::CodeNeeded(_) => link_refused(),
        ResetError::Password(refused) => password_refused(&refused),
        ResetError::TooMany(wait) => Problem::too_many(wait),
        ResetError::Busy(busy) => busy_problem(busy),
        ResetError::Grant(error) => grant_problem(error),
    }
}

fn link_refused() -> Problem {
    let detail = "This link was used or has expired. Ask for a fresh one.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "reset_refused", "Link does not work", detail)
}
