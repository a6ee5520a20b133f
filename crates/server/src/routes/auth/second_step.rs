//! The code that follows a password.

use api::SecondStep;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::Token;
use identity::second_factor::{Pending, SecondStepError, TRUST_LIFETIME};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::grant_problem;
use super::hand_over::{answer, set_one};
use crate::extract::{Caller, Json};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(second_step))
}

/// Signs in with the ticket of the first step and a code of the app, or a recovery code. Five tries for each ticket.
#[utoipa::path(
    post,
    path = "/auth/second-factor",
    tag = "auth",
    request_body = api::SecondStep,
    responses((status = 201, description = "Signed in; the cookies are set, or the tokens are in the answer", body = api::Session))
)]
async fn second_step(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<SecondStep>,
) -> Result<Response, Problem> {
    let ticket = Token::parse(&body.ticket).ok_or_else(over)?;
    // A program has no jar for what would make it trusted.
    let trust = body.trust_browser && body.hand_over == api::SessionAs::Cookie;
    let origin = app.config.origin();
    let stepped = app.identity.second_step(&ticket, &body.code, trust, &origin, &client).await;
    let (granted, browser) = stepped.map_err(second_step_problem)?;
    let (mut headers, session) = answer(&app, granted, body.hand_over).await?;
    if let Some(browser) = browser {
        let name = app.config.browser_cookie_name();
        set_one(&app.config, &mut headers, &name, browser.expose(), TRUST_LIFETIME.as_secs())?;
    }
    Ok((StatusCode::CREATED, headers, Json(session)).into_response())
}

/// The answer to a first factor that is right where there is a second one.
pub(super) fn code_needed(pending: &Pending) -> Response {
    let body =
        api::CodeNeeded { ticket: pending.ticket.expose().to_owned(), expires_at: pending.expires_at.into() };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

fn second_step_problem(error: SecondStepError) -> Problem {
    match error {
        SecondStepError::Code => code_refused(),
        SecondStepError::Over => over(),
        SecondStepError::TooMany(wait) => Problem::too_many(wait),
        SecondStepError::Grant(error) => grant_problem(error),
    }
}

/// A code that is none, or no longer.
pub(crate) fn code_refused() -> Problem {
    let detail = "This code is not right, or was used before. Enter the one that the app shows next.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "code_refused", "Another code is needed", detail)
        .with_error("/code", "is not right, or was used before")
}

fn over() -> Problem {
    let detail = "This sign-in waits no longer. Begin again, with the password or with the provider.";
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_over", "Sign in again", detail)
}
