//! Signing in with an account of a provider, and linking one.

use api::{AuthProviderKind, BeginProvider, FinishProvider, UnlinkAccount};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base::{Clock, Secret};
use identity::providers::{
    Arrival, Arrived, JOURNEY_LIFETIME, Kind, Linked, Provider, ProviderError, ProviderSignInError,
    UnlinkError,
};
use identity::{Identity, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::grant_problem;
use super::hand_over::{answer, set_one};
use super::second_step::code_needed;
use crate::config::Config;
use crate::extract::{Caller, CurrentSession, Json, Path, SignedIn};
use crate::layers::session::cookie;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::me::account_problem;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(begin_provider))
        .routes(routes!(finish_provider))
        .routes(routes!(my_linked_accounts))
        .routes(routes!(unlink_account))
}

/// Begins a sign-in with a provider, or with `link` the linking of an account there. Sets the cookie without which nobody
/// comes back.
#[utoipa::path(
    post,
    path = "/auth/providers/{provider}",
    tag = "auth",
    request_body = api::BeginProvider,
    responses((status = 201, description = "Where the browser goes", body = api::ProviderAddress))
)]
async fn begin_provider(
    State(app): State<AppState>,
    Extension(CurrentSession(session)): Extension<CurrentSession>,
    Caller(client): Caller,
    Path(id): Path<String>,
    Json(body): Json<BeginProvider>,
) -> Result<Response, Problem> {
    let current = body.current.map(Secret::new);
    let linking = match (body.link, &session) {
        (true, None) => return Err(Problem::signed_out()),
        (true, Some(session)) => Some((session, current.as_ref())),
        (false, _) => None,
    };
    let begun = app.identity.depart(&id, linking, &redirect(&app.config, &id), &client).await;
    let departure = begun.map_err(provider_problem)?;
    let mut headers = HeaderMap::new();
    let name = app.config.journey_cookie_name();
    set_one(&app.config, &mut headers, &name, departure.browser.expose(), JOURNEY_LIFETIME.as_secs())?;
    let body = api::ProviderAddress { address: departure.address.into() };
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// Ends a sign-in that came back to the page `/oauth/{id}/callback`, with what its query holds.
#[utoipa::path(
    post,
    path = "/auth/providers/{provider}/finish",
    tag = "auth",
    request_body = api::FinishProvider,
    responses(
        (status = 201, description = "Signed in or linked", body = api::ProviderFinished),
        (status = 202, description = "The account is right, and a code is needed besides", body = api::CodeNeeded),
    )
)]
async fn finish_provider(
    State(app): State<AppState>,
    Caller(client): Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<FinishProvider>,
) -> Result<Response, Problem> {
    let name = app.config.journey_cookie_name();
    let browser = cookie(&name, &headers).and_then(Token::parse).ok_or_else(over)?;
    let state = Token::parse(&body.state).ok_or_else(over)?;
    let code = Secret::new(body.code);
    let arrival = Arrival { state: &state, browser: &browser, code: &code, issuer: body.iss.as_deref() };
    let (redirect, origin) = (redirect(&app.config, &id), app.config.origin());
    let arrived = app.identity.arrive(&id, arrival, &redirect, &origin, &client).await;
    let mut gone = HeaderMap::new();
    set_one(&app.config, &mut gone, &name, "", 0)?;
    match arrived.map_err(provider_problem)? {
        Arrived::In(granted) => {
            let (headers, session) = answer(&app, granted, body.hand_over).await?;
            gone.extend(headers);
            let body = api::ProviderFinished { session: Some(session) };
            Ok((StatusCode::CREATED, gone, Json(body)).into_response())
        }
        Arrived::Waiting(pending) => Ok((gone, code_needed(&pending)).into_response()),
        Arrived::Linked => {
            Ok((StatusCode::CREATED, gone, Json(api::ProviderFinished { session: None })).into_response())
        }
    }
}

/// The accounts of providers that sign one in, by provider.
#[utoipa::path(
    get,
    path = "/me/linked-accounts",
    tag = "me",
    responses((status = 200, description = "The accounts", body = api::Answer<Vec<api::LinkedAccount>>))
)]
async fn my_linked_accounts(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<Vec<api::LinkedAccount>>>, Problem> {
    let data = identity.linked(session.user.id).await?.into_iter().map(linked_to_api).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Takes the link to an account away; not the last way in.
#[utoipa::path(
    delete,
    path = "/me/linked-accounts/{provider}",
    tag = "me",
    request_body = api::UnlinkAccount,
    responses((status = 204, description = "That account signs nobody in here any more"))
)]
async fn unlink_account(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Path(id): Path<String>,
    Json(body): Json<UnlinkAccount>,
) -> Result<StatusCode, Problem> {
    let current = body.current.map(Secret::new);
    let unlinked = identity.unlink(&session, &id, current.as_ref(), &client).await;
    unlinked.map_err(unlink_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The page that browsers come back to: one for each provider, so that an answer of one is never taken for another's.
fn redirect(config: &Config, id: &str) -> String {
    format!("{}/oauth/{id}/callback", config.origin())
}

pub(super) fn provider_to_api(provider: &Provider) -> api::AuthProvider {
    let kind = match &provider.kind {
        Kind::GitHub { .. } => AuthProviderKind::Github,
        Kind::Oidc(issuer) if issuer.host_str() == Some("accounts.google.com") => AuthProviderKind::Google,
        Kind::Oidc(_) => AuthProviderKind::Oidc,
    };
    api::AuthProvider { id: provider.id.clone(), name: provider.name.clone(), kind }
}

fn linked_to_api(linked: Linked) -> api::LinkedAccount {
    api::LinkedAccount {
        provider: linked.provider,
        label: linked.label,
        created_at: linked.created_at.into(),
        used_at: linked.used_at.map(Into::into),
    }
}

fn provider_problem(error: ProviderSignInError) -> Problem {
    match error {
        ProviderSignInError::Unknown => Problem::not_found(),
        ProviderSignInError::Over => over(),
        ProviderSignInError::Provider(error) => refused_by_provider(error),
        ProviderSignInError::Closed => {
            let detail = "No account here is linked to it, and this server takes nobody new by itself. Ask whoever runs it.";
            Problem::new(StatusCode::FORBIDDEN, "sign_up_closed", "Sign-up is closed", detail)
        }
        ProviderSignInError::NoEmail => {
            let detail = "The provider vouches for no address of mail. Verify one there, and begin again.";
            Problem::new(StatusCode::FORBIDDEN, "no_email", "An address is needed", detail)
        }
        ProviderSignInError::EmailKnown => Problem::conflict(
            "email_known",
            "Its address has an account here. Sign in to that, and link the two in its settings.",
        ),
        ProviderSignInError::Taken => Problem::conflict(
            "account_taken",
            "This account is linked to somebody else here, or another one of this provider to you.",
        ),
        ProviderSignInError::Shut => {
            let detail = "This account is closed. Ask whoever runs the server.";
            Problem::new(StatusCode::FORBIDDEN, "account_closed", "Closed", detail)
        }
        ProviderSignInError::Account(error) => account_problem(error),
        ProviderSignInError::TooMany(wait) => Problem::too_many(wait),
        ProviderSignInError::Grant(error) => grant_problem(error),
    }
}

/// What went wrong between the servers is logged; people learn whether trying again helps.
fn refused_by_provider(error: ProviderError) -> Problem {
    let problem = match &error {
        ProviderError::Call(_) => {
            let detail = "The provider does not answer. Try again in a moment, or sign in another way.";
            Problem::new(StatusCode::BAD_GATEWAY, "provider_unreachable", "Provider unreachable", detail)
        }
        ProviderError::Refused => over(),
        ProviderError::SetUp { .. } => {
            let detail = "The provider refuses this server, not you. Ask whoever runs the server to look at its log and at how it is set up there.";
            Problem::new(StatusCode::BAD_GATEWAY, "provider_refused", "Not signed in", detail)
        }
        ProviderError::Answer(_) | ProviderError::Proof(_) | ProviderError::MixedUp => {
            let detail = "What the provider answered proves nothing. Begin again; if it stays, ask whoever runs the server.";
            Problem::new(StatusCode::BAD_GATEWAY, "provider_refused", "Not signed in", detail)
        }
    };
    problem.because(error)
}

fn unlink_problem(error: UnlinkError) -> Problem {
    match error {
        UnlinkError::None => Problem::not_found(),
        UnlinkError::OnlyWay => Problem::conflict(
            "only_way_in",
            "This is the only way into the account. Set a password or link another account first.",
        ),
        UnlinkError::Account(error) => account_problem(error),
    }
}

fn over() -> Problem {
    let detail = "This sign-in was used, took too long, or began in another browser. Begin again.";
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_over", "Sign in again", detail)
}
