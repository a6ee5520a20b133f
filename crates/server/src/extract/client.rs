//! The program that sends a request: where it is, and what it calls itself.

use std::net::SocketAddr;
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use identity::{Client, Token};

use crate::layers::session::cookie;
use crate::problem::Problem;
use crate::state::AppState;

/// Where a request comes from, for limits, lists of sessions and the audit log.
pub(crate) struct Caller(pub(crate) Client);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let place = app.config.proxies().place(peer, &parts.headers).map(|place| place.to_string());
        if peer.is_some() && place.is_none() {
            UNTOLD.call_once(|| {
                tracing::warn!(
                    "a request came without X-Forwarded-For, or through a proxy on another machine: limits by address do not \
                     count until the proxy sends it and `server.trusted_proxies` names it"
                );
            });
        }
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let client = Client::new(place, agent.unwrap_or_default());
        let trusted = cookie(&app.config.browser_cookie_name(), &parts.headers).and_then(Token::parse);
        Ok(Self(match trusted {
            Some(token) => client.trusted_by(&token),
            None => client,
        }))
    }
}

/// Said once, not for every request.
static UNTOLD: Once = Once::new();
