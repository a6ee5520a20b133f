//! Who is signed in, and what they are in the workspace of the path.

use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use identity::AuthError;
use identity::api_tokens::{ApiSecret, LookUpError, PREFIX};
use repos::sample;

use crate::config::Config;
use crate::extract::{Caller, CurrentSession, CurrentToken, SignedIn, nul_in};
use crate::layers::rate;
use crate::problem::Problem;
use crate::state::AppState;

/// Finds out whose access token the request carries. One that has run out is refused, so that its client refreshes it
/// instead of being taken for somebody who is not signed in; only what signs in, refreshes and signs out ignores it.
pub(crate) async fn read_session(
    State(app): State<AppState>,
    caller: Result<Caller, Problem>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(secret) = token(&app.config, request.headers()).filter(|text| text.starts_with(PREFIX)) {
        let client = caller.map(|Caller(client)| client).unwrap_or_default();
        let found = match ApiSecret::parse(secret) {
            Some(secret) => app.identity.authenticate_token(&secret, &client).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(token)) => request.extensions_mut().insert(CurrentToken(token)),
            Ok(None) => return rate::refuse_token(&app, request).await,
            Err(LookUpError::TooMany(after)) => return Problem::rate_limited(after).into_response(),
            Err(LookUpError::Storage(error)) => return Problem::from(error).into_response(),
        };
        request.extensions_mut().insert(CurrentSession(None));
        return next.run(request).await;
    }
    let session = match token(&app.config, request.headers()) {
        None => None,
        Some(token) => match app.identity.authenticate(token).await {
            Ok(session) => Some(session),
            Err(AuthError::Expired) if !enters(&request) => return Problem::access_expired().into_response(),
            Err(AuthError::Expired | AuthError::SignedOut) => None,
            Err(AuthError::Storage(error)) => return Problem::from(error).into_response(),
        },
    };
    request.extensions_mut().insert(CurrentSession(session));
    next.run(request).await
}

/// Whether the request is one of those with which sessions begin, go on and end.
fn enters(request: &Request) -> bool {
    let path = request.uri().path();
    let below = path.starts_with("/api/v1/auth/");
    below || path == "/api/v1/setup" || (path == "/api/v1/session" && request.method() == Method::POST)
}

/// Admits members of the workspace in the path, and notes who acts there. Others learn nothing about it: a foreign
/// workspace answers like one that does not exist.
pub(crate) async fn enter_workspace(
    State(app): State<AppState>,
    path: RawPathParams,
    matched: MatchedPath,
    signed_in: Result<SignedIn, Problem>,
    mut request: Request,
    next: Next,
) -> Response {
    let slug = path.iter().find(|(name, _)| *name == "workspace").map(|(_, value)| value);
    if slug == Some(sample::WORKSPACE) && is_shown(request.method(), matched.as_str()) {
        request.extensions_mut().insert(sample::reader());
        return next.run(request).await;
    }
    let acts = request.extensions().get::<CurrentToken>().map(|CurrentToken(token)| token.clone());
    let user = match (&acts, signed_in) {
        (Some(token), _) => token.user.id,
        (None, Ok(SignedIn(session))) => session.user.id,
        (None, Err(problem)) => return problem.into_response(),
    };
    let actor = match slug {
        None => Ok(None),
        Some(slug) if slug.contains('\0') => return nul_in("workspace").into_response(),
        Some(slug) => app.identity.actor(user, slug).await,
    };
    // A token does nothing outside of its workspace, also where its person is at home.
    let narrow = |actor| acts.as_ref().map_or(Some(actor), |token| token.narrows(actor));
    match actor.map(|actor| actor.and_then(narrow)) {
        Ok(Some(actor)) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Ok(None) => Problem::not_found().into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Whether a route of the sample's workspace is open to everybody: what reads repositories and their runs.
fn is_shown(method: &Method, route: &str) -> bool {
    let below = route.split_once("/w/{workspace}").map_or("", |(_, below)| below);
    let first = below.split('/').nth(1).unwrap_or_default();
    matches!(*method, Method::GET | Method::HEAD) && matches!(first, "repos" | "analyses")
}

/// The access token of the request: the bearer's before the cookie's, because a program says what it means.
fn token<'a>(config: &Config, headers: &'a HeaderMap) -> Option<&'a str> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim());
    }
    cookie(&config.cookie_name(), headers)
}

/// The value of the cookie with that name.
pub(crate) fn cookie<'a>(name: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn found(list: &[(&'static str, String)]) -> Option<String> {
        let config = Config::direct(std::net::SocketAddr::from(([127, 0, 0, 1], 4680)));
        let headers: HeaderMap = list
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        token(&config, &headers).map(str::to_owned)
    }

    #[test]
    fn the_token_comes_from_the_bearer_or_from_our_own_cookie() {
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        assert_eq!(found(&[("authorization", format!("bearer {a}"))]), Some(a.clone()));
        assert_eq!(
            found(&[("cookie", format!("x=1; devmentor-4680-refresh=no; devmentor-4680={b}"))]),
            Some(b.clone())
        );
        assert_eq!(found(&[("cookie", format!("devmentor-4681={b}"))]), None);
        let both = [("authorization", format!("Bearer {a}")), ("cookie", format!("devmentor-4680={b}"))];
        assert_eq!(found(&both), Some(a));
        // A broken bearer is not silently replaced by the cookie.
        let broken = [("authorization", "Basic abc".to_owned()), ("cookie", format!("devmentor-4680={b}"))];
        assert_eq!(found(&broken), None);
    }
}
