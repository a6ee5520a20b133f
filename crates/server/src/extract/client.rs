//! The program that sends a request: where it is, and what it calls itself.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

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
        if peer.is_some() && place.is_none() {
            UNTOLD.call_once(|| {
                tracing::warn!(
                    "a request came without X-Forwarded-For through a proxy, or the proxy is not on this machine: limits by address do not \
                     count until the proxy sends it"
                );
            });
        }
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(Client::new(place, agent.unwrap_or_default())))
    }
}

/// Said once, not for every request.
static UNTOLD: Once = Once::new();

/// The address of the client. Behind a proxy it is the last one that a proxy on this machine noted: those before it are
/// what the client said of itself. Where none was noted, it is not known: the proxy's own would be everybody's.
fn place(peer: Option<IpAddr>, behind_proxy: bool, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !behind_proxy {
        return Some(peer);
    }
    let lines = headers.get_all("x-forwarded-for");
    let noted = lines.iter().next_back().filter(|_| peer.is_loopback())?.to_str().ok()?;
    Some(noted.rsplit(',').next()?.trim().parse::<IpAddr>().ok()?.to_canonical())
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
        assert_eq!(place(here, true, &headers(&["nonsense"])), None);
        assert_eq!(place(here, true, &headers(&[])), None, "the proxy's address is everybody's");
        assert_eq!(place(here, false, &told), here);
        assert_eq!(place(there, true, &told), None, "whoever is elsewhere may say anything");
        assert_eq!(place("::ffff:192.0.2.7".parse().ok(), false, &told), there);
        assert_eq!(place(None, true, &told), None);
    }
}
