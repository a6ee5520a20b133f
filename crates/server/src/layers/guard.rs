//! The host a request was sent to, and the site it came from.
//!
//! A web page of somebody else can make the reader's browser send requests here, and can make its own name resolve
//! to this machine. So only known hosts are answered; and a request that changes something, or that opens a live
//! channel, must come from the server's own pages or from a program that is not a browser.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::Config;
use crate::problem::Problem;
use crate::state::AppState;

/// What proxies add, each of them at least one.
const FORWARDED: [&str; 7] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses foreign hosts and foreign sites.
pub(crate) async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    // Probes reach a server under whatever address its supervisor knows, and learn nothing but whether it lives.
    let is_probe = matches!(request.uri().path(), "/livez" | "/readyz");
    if !is_probe {
        if !known_host(&app.config, &request) {
            return unknown_host().into_response();
        }
        if app.config.is_local() && forwarded(request.headers()) {
            return unexpected_proxy().into_response();
        }
        if (changes_something(request.method()) || opens_live_channel(request.headers()))
            && !own_site(&app.config, request.headers())
        {
            return Problem::foreign_origin().into_response();
        }
    }
    next.run(request).await
}

fn unknown_host() -> Problem {
    let detail = "This server does not go by that name. Use the address it printed, or add the name to its configuration.";
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", "Unknown host", detail)
}

/// Whoever is on this machine is trusted with its files; whoever comes through a proxy is somebody else, although
/// the proxy's connection begins here and many proxies write the server's own address into `Host`.
fn unexpected_proxy() -> Problem {
    let detail = "A proxy forwarded this request, but this server only knows people of its own machine. Set \
                  server.public_url to the https address of the proxy.";
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "unexpected_proxy", "Forwarded by a proxy", detail)
}

/// Whether a proxy says that it passed the request on.
fn forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

fn known_host(config: &Config, request: &Request) -> bool {
    let mut named = request.headers().get_all(header::HOST).iter();
    match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().is_ok_and(|host| config.allows_host(host)),
        // HTTP/2 has no such header; its authority is part of the target.
        (None, None) => request.uri().authority().is_some_and(|host| config.allows_host(host.as_str())),
        _ => false,
    }
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn opens_live_channel(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE) || headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

/// Whether the request comes from the server's own pages, or from something that is no browser.
fn own_site(config: &Config, headers: &HeaderMap) -> bool {
    let mut asked = false;
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        asked = true;
        if site != "same-origin" {
            return false;
        }
    }
    for origin in headers.get_all(header::ORIGIN) {
        asked = true;
        if !origin.to_str().is_ok_and(|origin| config.allows_origin(origin)) {
            return false;
        }
    }
    // Every browser says at least one of the two here. Without either, a cookie is not enough: what sends it may be
    // a browser that something made silent.
    asked || !headers.contains_key(header::COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(list: &[(&'static str, &'static str)]) -> bool {
        let config = Config::direct(std::net::SocketAddr::from(([127, 0, 0, 1], 4680)));
        let headers = list
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value)))
            .collect();
        own_site(&config, &headers)
    }

    #[test]
    fn only_own_pages_and_programs_may_change_something() {
        assert!(own(&[]));
        assert!(own(&[("authorization", "Bearer x")]));
        assert!(own(&[("origin", "http://localhost:4680"), ("cookie", "a=b")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(!own(&[("cookie", "a=b")]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[("origin", "http://localhost:3000")]));
        assert!(!own(&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:4680")]));
        assert!(!own(&[("sec-fetch-site", "none")]));
        assert!(!own(&[("origin", "http://localhost:4680"), ("origin", "http://evil.example")]));
    }
}
