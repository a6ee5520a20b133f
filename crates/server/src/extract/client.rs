//! The program that sends a request: where it is, and what it calls itself.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use identity::Client;

use crate::problem::Problem;
use crate::state::AppState;

/// Where a request comes from, for limits, lists of sessions and the audit log.
pub(crate) struct Caller(pub(crate) Client);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let place = place(peer, app.config.https, &parts.headers).map(|place| place.to_string());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(Client::new(place, agent.unwrap_or_default())))
    }
}

/// The address of the client. Behind a proxy on this machine it is the last one that the proxy noted: those before it
/// are what the client said of itself.
fn place(peer: Option<IpAddr>, behind_proxy: bool, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !behind_proxy || !peer.is_loopback() {
        return Some(peer);
    }
    let noted = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
    let last = noted.and_then(|line| line.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    Some(last.unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_proxy_itself_noted_is_believed() {
        let headers = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(line));
            }
            headers
        };
        let (here, there) = ("127.0.0.1".parse().ok(), "192.0.2.7".parse().ok());
        let told = headers(&["203.0.113.9, 198.51.100.4"]);
        assert_eq!(place(here, true, &told), "198.51.100.4".parse().ok());
        assert_eq!(place(here, true, &headers(&["203.0.113.9", "2001:db8::1"])), "2001:db8::1".parse().ok());
        assert_eq!(place(here, true, &headers(&["nonsense"])), here);
        assert_eq!(place(here, false, &told), here);
        assert_eq!(place(there, true, &told), there);
        assert_eq!(place("::ffff:192.0.2.7".parse().ok(), false, &told), there);
        assert_eq!(place(None, true, &told), None);
    }
}
