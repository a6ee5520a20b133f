//! Signing in with a one-time link, and out.

use api::{RedeemLink, SessionAs};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Clock, Role};
use identity::{Identity, Membership, RedeemError, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::config::Config;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
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
async fn redeem_link(
    State(app): State<AppState>,
    headers: HeaderMap,
    Json(body): Json<RedeemLink>,
) -> Result<Response, Problem> {
    let link = Token::parse(&body.token).ok_or_else(link_refused)?;
    let user_agent =
        headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (token, session) = app.identity.redeem_link(&link, user_agent).await.map_err(redeem_problem)?;
    let memberships = app.identity.memberships(session.user.id).await?;
    let mut answer = session_to_api(session, memberships, &app.config)?;
    if body.hand_over == SessionAs::Token {
        answer.token = Some(token.expose().to_owned());
        return Ok((StatusCode::CREATED, Json(answer)).into_response());
    }
    let seconds = answer.expires_at.timestamp().since(app.clock.now()).as_secs();
    let cookie = cookie(&app.config, token.expose(), seconds)?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// Who is signed in, and what they may do.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses((status = 200, description = "The session", body = api::Answer<api::Session>))
)]
async fn session(
    State(app): State<AppState>,
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<api::Session>>, Problem> {
    let memberships = identity.memberships(session.user.id).await?;
    let data = session_to_api(session, memberships, &app.config)?;
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Browsers keep answers on disk to ask whether they are still true; nothing of them is to outlive the session.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses((status = 204, description = "Signed out"))
)]
async fn end_session(State(app): State<AppState>, SignedIn(session): SignedIn) -> Result<Response, Problem> {
    app.identity.revoke(&session).await?;
    let headers = [
        (header::SET_COOKIE, cookie(&app.config, "", 0)?),
        (CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\"")),
    ];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

fn redeem_problem(error: RedeemError) -> Problem {
    match error {
        RedeemError::Invalid => link_refused(),
        RedeemError::Storage(error) => error.into(),
    }
}

fn link_refused() -> Problem {
    let detail =
        "This link was used or has expired. Restart the server, or run `devmentor link`, for a fresh one.";
    Problem::new(StatusCode::UNAUTHORIZED, "link_refused", "Link does not work", detail)
}

/// The cookie of a session; without a token, the one that removes it.
fn cookie(config: &Config, token: &str, seconds: u64) -> Result<HeaderValue, Problem> {
    let secure = if config.https { "; Secure" } else { "" };
    let name = config.cookie_name();
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    let mut cookie = HeaderValue::from_str(&text).map_err(Problem::internal)?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

/// A person without a workspace may do nothing here: they count as signed out.
fn session_to_api(
    session: identity::Session,
    memberships: Vec<Membership>,
    config: &Config,
) -> Result<api::Session, Problem> {
    let membership = memberships.into_iter().next().ok_or_else(Problem::signed_out)?;
    Ok(api::Session {
        user: api::Person { id: session.user.id, handle: session.user.handle, name: session.user.name },
        can: can(membership.role, config),
        role: role_to_api(membership.role),
        workspace: api::Workspace {
            id: membership.workspace.id,
            slug: membership.workspace.slug,
            name: membership.workspace.name,
        },
        expires_at: session.expires_at.into(),
        token: None,
    })
}

fn can(role: Role, config: &Config) -> api::SessionCan {
    let works = role >= Role::Member;
    api::SessionCan {
        connect_repo: works,
        analyze: works,
        triage: works,
        write_tasks: works,
        manage_advisories: role >= Role::Admin,
        browse_local_paths: works && !config.allowed_roots.is_empty(),
    }
}

fn role_to_api(role: Role) -> api::Role {
    match role {
        Role::Viewer => api::Role::Viewer,
        Role::Member => api::Role::Member,
        Role::Admin => api::Role::Admin,
        Role::Owner => api::Role::Owner,
    }
}
