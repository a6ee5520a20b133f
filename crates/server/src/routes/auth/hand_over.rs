//! Handing a session over: as cookies to a browser, as texts to a program.

use api::SessionAs;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use identity::Granted;

use crate::config::Config;
use crate::extract::Json;
use crate::problem::Problem;
use crate::routes::session::session_to_api;
use crate::state::AppState;

/// The whole answer to having signed in.
pub(crate) async fn hand_over(app: &AppState, granted: Granted, how: SessionAs) -> Result<Response, Problem> {
    let (headers, session) = answer(app, granted, how).await?;
    Ok((StatusCode::CREATED, headers, Json(session)).into_response())
}

/// The session as its client is told of it, and the headers that go with it.
pub(crate) async fn answer(
    app: &AppState,
    granted: Granted,
    how: SessionAs,
) -> Result<(HeaderMap, api::Session), Problem> {
    let Granted { session, access, access_expires_at, refresh } = granted;
    let memberships = app.identity.memberships(session.user.id).await?;
    let seconds = session.expires_at.since(app.clock.now()).as_secs();
    let mut told = session_to_api(session, memberships, &app.config)?;
    told.access_expires_at = Some(access_expires_at.into());
    let mut headers = HeaderMap::new();
    match how {
        SessionAs::Token => {
            told.token = Some(access.expose().to_owned());
            told.refresh_token = Some(refresh.expose().to_owned());
        }
        // Both cookies live as long as the session: one that has run out inside says that a refresh is needed.
        SessionAs::Cookie => set(&app.config, &mut headers, access.expose(), refresh.expose(), seconds)?,
    }
    Ok((headers, told))
}

/// What takes both cookies away.
pub(crate) fn clear(config: &Config) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    set(config, &mut headers, "", "", 0)?;
    Ok(headers)
}

fn set(
    config: &Config,
    headers: &mut HeaderMap,
    access: &str,
    refresh: &str,
    seconds: u64,
) -> Result<(), Problem> {
    set_one(config, headers, &config.cookie_name(), access, seconds)?;
    set_one(config, headers, &config.refresh_cookie_name(), refresh, seconds)
}

/// One more cookie of the server's own.
pub(crate) fn set_one(
    config: &Config,
    headers: &mut HeaderMap,
    name: &str,
    value: &str,
    seconds: u64,
) -> Result<(), Problem> {
    let secure = if config.https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    let mut cookie = HeaderValue::from_str(&text).map_err(Problem::internal)?;
    cookie.set_sensitive(true);
    headers.append(header::SET_COOKIE, cookie);
    Ok(())
}
