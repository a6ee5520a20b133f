//! Signing a program in by a code (RFC 8628, with JSON and problems).

use api::{BeginDevice, CheckDevice, DecideDevice, PollDevice, SessionAs};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::device::{CodeError, DEVICE_LIFETIME, DEVICE_PAUSE, PollError};
use identity::{Identity, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, SignedIn};
use crate::problem::Problem;
use crate::routes::auth::grant_problem;
use crate::routes::auth::hand_over::hand_over;
use crate::state::AppState;

/// What such a program can do, in words: it is signed in like a browser.
const EVERYTHING: &str = "everything that you may do, until you end its session";

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(begin_device))
        .routes(routes!(poll_device))
        .routes(routes!(check_device))
        .routes(routes!(decide_device))
}

/// Asks for a code that somebody who is signed in can approve.
#[utoipa::path(
    post,
    path = "/auth/device",
    tag = "auth",
    request_body = api::BeginDevice,
    responses((status = 201, description = "The code", body = api::DeviceCode))
)]
async fn begin_device(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<BeginDevice>,
) -> Result<(StatusCode, Json<api::DeviceCode>), Problem> {
    let begun = app.identity.begin_device(&body.client, &client).await.map_err(code_problem)?;
    let page = format!("{}/device", app.config.origin());
    let seconds = |time: std::time::Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    Ok((
        StatusCode::CREATED,
        Json(api::DeviceCode {
            device_code: begun.token.expose().to_owned(),
            // Behind `#`, so that the code reaches no log.
            verification_uri_complete: format!("{page}#{}", begun.code),
            verification_uri: page,
            user_code: begun.code,
            expires_in: seconds(DEVICE_LIFETIME),
            interval: seconds(DEVICE_PAUSE),
        }),
    ))
}

/// Asks whether the code was approved. Until then the problem's code is `authorization_pending`, or `slow_down` with the
/// seconds to wait from now on; then `access_denied` or `expired_token`, or the session.
#[utoipa::path(
    post,
    path = "/auth/device/token",
    tag = "auth",
    request_body = api::PollDevice,
    responses((status = 201, description = "Signed in; the tokens are in the answer", body = api::Session))
)]
async fn poll_device(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<PollDevice>,
) -> Result<Response, Problem> {
    let granted = match Token::parse(&body.device_code) {
        Some(token) => app.identity.poll_device(&token, &client).await,
        None => Err(PollError::Expired),
    };
    hand_over(&app, granted.map_err(poll_problem)?, SessionAs::Token).await
}

/// The program that shows a code, for the page that asks whether it may be signed in.
#[utoipa::path(
    post,
    path = "/auth/device/check",
    tag = "auth",
    request_body = api::CheckDevice,
    responses((status = 200, description = "The program", body = api::DeviceRequest))
)]
async fn check_device(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Json(body): Json<CheckDevice>,
) -> Result<Json<api::DeviceRequest>, Problem> {
    let found = identity.device_request(session.user.id, &body.user_code).await.map_err(code_problem)?;
    Ok(Json(api::DeviceRequest {
        client: found.client,
        place: found.place,
        user_agent: found.agent,
        scopes: vec![EVERYTHING.to_owned()],
        created_at: found.created_at.into(),
        expires_at: found.expires_at.into(),
    }))
}

/// Signs the program in that shows the code, as whoever answers, or says no.
#[utoipa::path(
    post,
    path = "/auth/device/decide",
    tag = "auth",
    request_body = api::DecideDevice,
    responses((status = 204, description = "Answered; the program learns it with its next question"))
)]
async fn decide_device(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<DecideDevice>,
) -> Result<StatusCode, Problem> {
    identity.decide_device(&session, &body.user_code, body.allow, &client).await.map_err(code_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn code_problem(error: CodeError) -> Problem {
    match error {
        CodeError::Name => Problem::invalid("/client", error),
        CodeError::Unknown => Problem::invalid("/user_code", error),
        CodeError::TooMany(wait) => Problem::too_many(wait),
        CodeError::Storage(error) => error.into(),
    }
}

fn poll_problem(error: PollError) -> Problem {
    let not_yet = |code, title, detail| Problem::new(StatusCode::BAD_REQUEST, code, title, detail);
    match error {
        PollError::Pending => {
            let detail = "Nobody has approved the code yet. Ask again after the interval.";
            not_yet("authorization_pending", "Not approved yet", detail)
        }
        PollError::SlowDown(seconds) => {
            let detail = "The program asks too often. Wait longer between two questions from now on.";
            not_yet("slow_down", "Too often", detail).retry_after(seconds)
        }
        PollError::Denied => {
            not_yet("access_denied", "Denied", "The sign-in was denied. Start it anew if it was a mistake.")
        }
        PollError::Expired => {
            let detail = "The code has expired or was used. Start the sign-in anew.";
            not_yet("expired_token", "Code expired", detail)
        }
        PollError::TooMany(wait) => Problem::too_many(wait),
        PollError::Grant(error) => grant_problem(error),
    }
}
