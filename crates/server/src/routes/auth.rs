//! Signing up, in and out.
//!
//! A failure says nothing about whether an address has an account: problems of one operation have the same bytes for
//! every address, but for the id of the request.

pub(crate) mod hand_over;
mod password;
mod provider;
pub(crate) mod second_step;

use api::{RefreshSession, SessionAs, SignIn, SignOutWhich, SignUpMode, VerifyEmail};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Clock, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::password::{Busy, LONGEST, Refused, SHORTEST};
use identity::session::KeyError;
use identity::sign_in::SignInError;
use identity::sign_up::{SignUpError, VerifyError};
use identity::{GrantError, Identity, RefreshError, SignOut, SignUp, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::config::Config;
use crate::extract::{Caller, Json, SignedIn};
use crate::layers::session::cookie;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::invites::invite_refused;
use crate::state::AppState;
use hand_over::{answer, clear, hand_over};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(auth_methods))
        .routes(routes!(sign_up))
        .routes(routes!(verify_email))
        .routes(routes!(sign_in))
        .routes(routes!(refresh_session))
        .routes(routes!(sign_out))
        .merge(password::router())
        .merge(provider::router())
        .merge(second_step::router())
}

/// How people get into this server.
#[utoipa::path(
    get,
    path = "/auth/methods",
    tag = "auth",
    responses((status = 200, description = "The ways in", body = api::Answer<api::AuthMethods>))
)]
async fn auth_methods(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
) -> Reply<api::Answer<api::AuthMethods>> {
    let data = api::AuthMethods {
        sign_up: match identity.sign_up_mode() {
            SignUp::Closed => SignUpMode::Closed,
            SignUp::Open => SignUpMode::Open,
        },
        sends_mail: identity.sends_mail(),
        password_min: u32::try_from(SHORTEST).unwrap_or(u32::MAX),
        password_max: u32::try_from(LONGEST).unwrap_or(u32::MAX),
        providers: identity.providers().map(provider::provider_to_api).collect(),
    };
    Reply(api::Answer { meta: api::Meta::live(clock.now()), data })
}

/// Asks for an account. The answer is the same whether or not the address has one; the message is not.
#[utoipa::path(
    post,
    path = "/auth/sign-up",
    tag = "auth",
    request_body = api::SignUp,
    responses((status = 202, description = "If this address can be used, a message is on its way", body = api::SignUpAsked))
)]
async fn sign_up(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<api::SignUp>,
) -> Result<(StatusCode, Json<api::SignUpAsked>), Problem> {
    let password = Secret::new(body.password);
    let origin = app.config.origin();
    let invite = body.invite.as_deref().map(|text| Token::parse(text).ok_or(SignUpError::Invite));
    let ticket = match invite.transpose().map_err(sign_up_problem)? {
        None => app.identity.sign_up(&body.name, &body.email, &password, &origin, &client).await,
        Some(link) => {
            let (name, email) = (&body.name, &body.email);
            app.identity.sign_up_invited(&link, name, email, &password, &origin, &client).await
        }
    };
    let ticket = ticket.map_err(sign_up_problem)?;
    let asked =
        api::SignUpAsked { ticket: ticket.expose().to_owned(), sends_mail: app.identity.sends_mail() };
    Ok((StatusCode::ACCEPTED, Json(asked)))
}

/// Shows that an address is one's own, with the code or the link of the message; makes the account.
#[utoipa::path(
    post,
    path = "/auth/verify",
    tag = "auth",
    request_body = api::VerifyEmail,
    responses((status = 201, description = "The account is there; after a code its person is signed in", body = api::EmailVerified))
)]
async fn verify_email(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<VerifyEmail>,
) -> Result<Response, Problem> {
    match (body.ticket, body.code, body.link, body.password) {
        (Some(ticket), Some(code), None, None) => {
            let ticket = Token::parse(&ticket).ok_or_else(not_verified)?;
            let granted = app.identity.verify_code(&ticket, &code, &client).await.map_err(verify_problem)?;
            let (headers, session) = answer(&app, granted, body.hand_over).await?;
            let body = api::EmailVerified { session: Some(session) };
            Ok((StatusCode::CREATED, headers, Json(body)).into_response())
        }
        (None, None, Some(link), Some(password)) => {
            let link = Token::parse(&link).ok_or_else(not_verified)?;
            let password = Secret::new(password);
            app.identity.verify_link(&link, &password, &client).await.map_err(verify_problem)?;
            Ok((StatusCode::CREATED, Json(api::EmailVerified { session: None })).into_response())
        }
        _ => Err(Problem::invalid("", "send either `ticket` and `code`, or `link` and `password`")),
    }
}

/// Signs in with a password. Every failure is the same.
#[utoipa::path(
    post,
    path = "/auth/sign-in",
    tag = "auth",
    request_body = api::SignIn,
    responses(
        (status = 201, description = "Signed in; the cookies are set, or the tokens are in the answer", body = api::Session),
        (status = 202, description = "The password is right, and a code is needed besides", body = api::CodeNeeded),
    )
)]
async fn sign_in(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<SignIn>,
) -> Result<Response, Problem> {
    let password = Secret::new(body.password);
    match app.identity.sign_in(&body.email, &password, &client).await {
        Ok(granted) => hand_over(&app, granted, body.hand_over).await,
        Err(SignInError::CodeNeeded(pending)) => Ok(second_step::code_needed(&pending)),
        Err(error) => Err(sign_in_problem(error)),
    }
}

/// Gets the next pair of tokens for the refresh token, which is good for this once. One that comes again ends its session,
/// unless it is the same request repeated within ten seconds.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "auth",
    request_body = api::RefreshSession,
    responses((status = 201, description = "The next pair, handed over as the last one was", body = api::Session))
)]
async fn refresh_session(
    State(app): State<AppState>,
    Caller(client): Caller,
    headers: HeaderMap,
    Json(body): Json<RefreshSession>,
) -> Result<Response, Problem> {
    let how = if body.refresh_token.is_some() { SessionAs::Token } else { SessionAs::Cookie };
    let kept = cookie(&app.config.refresh_cookie_name(), &headers);
    let token = body.refresh_token.as_deref().or(kept).and_then(Token::parse);
    let refreshed = match &token {
        Some(token) => app.identity.refresh(token, &client).await,
        None => Err(RefreshError::SignedOut),
    };
    match refreshed {
        Ok(granted) => hand_over(&app, granted, how).await,
        // The browser is not to ask again and again with what does not work.
        Err(RefreshError::SignedOut) if how == SessionAs::Cookie => {
            Ok((clear(&app.config)?, Problem::signed_out()).into_response())
        }
        Err(RefreshError::SignedOut) => Err(Problem::signed_out()),
        Err(RefreshError::TooMany(wait)) => Err(Problem::too_many(wait)),
        Err(RefreshError::Grant(error)) => Err(grant_problem(error)),
    }
}

/// Signs out: here, everywhere else, or everywhere.
#[utoipa::path(
    post,
    path = "/auth/sign-out",
    tag = "auth",
    request_body = api::SignOut,
    responses((status = 200, description = "How many sessions were ended", body = api::SignedOut))
)]
async fn sign_out(
    State(app): State<AppState>,
    signed_in: Result<SignedIn, Problem>,
    Caller(client): Caller,
    headers: HeaderMap,
    Json(body): Json<api::SignOut>,
) -> Result<Response, Problem> {
    let session = match signed_in {
        Ok(SignedIn(session)) => session,
        // The access token may have run out. Whoever wants to leave does not have to refresh it before.
        Err(problem) => {
            let kept = cookie(&app.config.refresh_cookie_name(), &headers).and_then(Token::parse);
            let held = match kept {
                Some(token) => app.identity.held_with(&token).await?,
                None => None,
            };
            held.ok_or(problem)?
        }
    };
    let which = match body.which {
        SignOutWhich::This => SignOut::This,
        SignOutWhich::Others => SignOut::Others,
        SignOutWhich::All => SignOut::All,
    };
    let ended = app.identity.sign_out(&session, which, &client).await?;
    let answer = Json(api::SignedOut { ended: u32::try_from(ended.len()).unwrap_or(u32::MAX) });
    if which == SignOut::Others {
        return Ok(answer.into_response());
    }
    Ok((signed_out(&app.config, StatusCode::OK)?.into_parts().0.headers, answer).into_response())
}

/// The public keys of access tokens as a JWK set (RFC 7517, RFC 8037), for other programs that check them.
pub(crate) async fn jwks(State(app): State<AppState>) -> Result<Response, Problem> {
    let keys = app.identity.public_keys().await?;
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": key.kid, "x": URL_SAFE_NO_PAD.encode(&key.public),
            })
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jwk-set+json")),
        // Public, and the same for minutes: a new key is among them before most tokens name it.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    Ok((headers, serde_json::json!({ "keys": keys }).to_string()).into_response())
}

/// Browsers keep answers on disk to ask whether they are still true; nothing of them is to outlive the session.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The answer after which a browser has nothing of the session any more.
pub(crate) fn signed_out(config: &Config, status: StatusCode) -> Result<Response, Problem> {
    let clear_cache = [(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""))];
    Ok((status, clear(config)?, clear_cache).into_response())
}

fn sign_up_problem(error: SignUpError) -> Problem {
    match error {
        SignUpError::Closed => {
            let detail = "This server takes nobody new by itself. Ask whoever runs it to open sign-up.";
            Problem::new(StatusCode::FORBIDDEN, "sign_up_closed", "Sign-up is closed", detail)
        }
        SignUpError::Invite => invite_refused(),
        SignUpError::Name => Problem::invalid("/name", error),
        SignUpError::Email | SignUpError::OtherAddress => Problem::invalid("/email", error),
        SignUpError::Password(refused) => password_refused(&refused),
        SignUpError::TooMany(wait) => Problem::too_many(wait),
        SignUpError::Busy(busy) => busy_problem(busy),
        SignUpError::Storage(error) => error.into(),
    }
}

fn verify_problem(error: VerifyError) -> Problem {
    match error {
        VerifyError::Refused => not_verified(),
        VerifyError::Password => Problem::invalid("/password", error),
        VerifyError::Busy(busy) => busy_problem(busy),
        VerifyError::TooMany(wait) => Problem::too_many(wait),
        VerifyError::Grant(error) => grant_problem(error),
    }
}

fn not_verified() -> Problem {
    let detail = "This code or link does not work, or no longer. Sign up again for a fresh one.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_verified", "Not verified", detail)
}

fn sign_in_problem(error: SignInError) -> Problem {
    match error {
        // Asked for with another answer; a program that takes it for a failure reads what is missing.
        SignInError::Refused | SignInError::CodeNeeded(_) => {
            let detail = "Email or password is not right.";
            Problem::new(StatusCode::UNAUTHORIZED, "sign_in_refused", "Not signed in", detail)
        }
        SignInError::TooMany(wait) => Problem::too_many(wait),
        SignInError::Busy(busy) => busy_problem(busy),
        SignInError::Grant(error) => grant_problem(error),
    }
}

/// The password says why it is not taken, and what would be.
pub(crate) fn password_refused(refused: &Refused) -> Problem {
    let detail = format!("The password needs a change: {refused}.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password_refused", "Another password is needed", detail)
        .with_error("/password", refused)
}

/// More passwords wait than are looked at soon.
pub(crate) fn busy_problem(busy: Busy) -> Problem {
    Problem::busy(u32::try_from(busy.retry_after.as_secs()).unwrap_or(1).max(1))
}

/// No session although everything was right.
pub(crate) fn grant_problem(error: GrantError) -> Problem {
    match error {
        GrantError::Storage(error) | GrantError::Key(KeyError::Storage(error)) => error.into(),
        GrantError::Key(error) => Problem::internal(error),
        GrantError::Sign(error) => Problem::internal(error),
    }
}
