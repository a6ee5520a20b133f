//! How often, by session or token, person, address and kind of request.
//!
//! Who is signed in has a bound for each session or token, a wider one for all of theirs, and everybody at one address
//! together a still wider one; who is not signed in counts by address alone. A request that one of them refuses uses up
//! nothing of the others. Where the address is not known it does not count: it would be everybody's, and one could lock
//! out all. What is left is said in every answer, as the IETF's draft "`RateLimit` header fields for HTTP"
//! (draft-ietf-httpapi-ratelimit-headers-10) has it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use transient::{RetryAfter, Rule, Together};

use crate::config::Quotas;
use crate::extract::{CurrentSession, CurrentToken};
use crate::problem::Problem;
use crate::routes::CLASSES;
use crate::state::AppState;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// One person may ask so many times as often as one of their sessions.
const PERSON: u32 = 2;

/// An address may ask so many times as often as one session there.
const ADDRESS: u32 = 10;

/// A code host may be asked so many times as often as an analysis may be started: a list has many pages.
const LOOKS: u32 = 10;

/// Kinds of requests: what they cost, and what too many of them do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Looks.
    Read,
    /// Changes something.
    Change,
    /// Starts minutes of work.
    Analysis,
    /// Asks a code host while somebody waits.
    Host,
    /// Asks the mentor, or looks at what that would send.
    Ask,
    /// Tries to get in.
    SignIn,
}

/// The bounds of one class, from the narrowest.
struct Rules {
    session: Rule,
    person: Rule,
    address: Rule,
    /// For who is not signed in, and for tokens that nobody has.
    stranger: Rule,
}

impl Class {
    const ALL: [Self; 6] = [Self::Read, Self::Change, Self::Analysis, Self::Host, Self::Ask, Self::SignIn];

    fn of(method: &Method, route: &str) -> Self {
        let special = CLASSES.iter().find(|(on, path, _)| on == method && *path == route);
        match special {
            Some((_, _, class)) => *class,
            None if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) => Self::Read,
            None => Self::Change,
        }
    }

    fn rules(self, quotas: &Quotas) -> Rules {
        let (minute, hour) = (Duration::from_mins(1), Duration::from_hours(1));
        let (names, quota, window) = match self {
            Self::Read => (["read", "read-person", "read-address"], quotas.reads, minute),
            Self::Change => (["change", "change-person", "change-address"], quotas.changes, minute),
            Self::Analysis => (["analysis", "analysis-person", "analysis-address"], quotas.analyses, hour),
            Self::Host => {
                (["host", "host-person", "host-address"], quotas.analyses.saturating_mul(LOOKS), hour)
            }
            Self::Ask => (["ask", "ask-person", "ask-address"], quotas.questions, minute),
            Self::SignIn => (["enter", "enter-person", "enter-address"], quotas.sign_ins, minute),
        };
        let rule = |name, times| Rule { name, quota: quota.saturating_mul(times), window };
        Rules {
            session: rule(names[0], 1),
            person: rule(names[1], PERSON),
            address: rule(names[2], ADDRESS),
            stranger: rule(names[0], 1),
        }
    }
}

/// Every rule that requests are counted under, in a fixed order.
pub(crate) fn all_rules(quotas: &Quotas) -> Vec<Rule> {
    let classes = Class::ALL.iter().map(|class| class.rules(quotas));
    classes.flat_map(|rules| [rules.session, rules.person, rules.address]).collect()
}

/// Refuses who asks too often, and says to everybody what is left.
pub(crate) async fn rate(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Some(quotas) = &app.config.quotas else { return next.run(request).await };
    let asked = asked(&app, quotas, &request);
    counted(&app, &asked, next.run(request)).await
}

/// The answer to a request whose token nobody has. It counts like one of somebody who is not signed in, so that nobody
/// makes tokens up and tries them without end.
pub(crate) async fn refuse_token(app: &AppState, request: Request) -> Response {
    let answer = async { Problem::token_refused().into_response() };
    let Some(quotas) = &app.config.quotas else { return answer.await };
    counted(app, &asked(app, quotas, &request), answer).await
}

/// The answer, unless those who ask did too often.
async fn counted(
    app: &AppState,
    asked: &[(String, Rule)],
    answer: impl Future<Output = Response>,
) -> Response {
    if asked.is_empty() {
        return answer.await;
    }
    let keys: Vec<(&str, Rule)> = asked.iter().map(|(key, rule)| (key.as_str(), *rule)).collect();
    let told = app.limits.check_all(&keys).await;
    let mut response = match told.refused() {
        None => answer.await,
        Some(after) => Problem::rate_limited(after).into_response(),
    };
    tell(response.headers_mut(), asked, &told);
    response
}

/// Who asks, under which rules; the narrowest first.
fn asked(app: &AppState, quotas: &Quotas, request: &Request) -> Vec<(String, Rule)> {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let rules = Class::of(request.method(), route).rules(quotas);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = app.config.proxies().place(peer, request.headers());
    let address = address.map(|address| format!("address:{}", subscriber(address)));
    let session = request.extensions().get::<CurrentSession>().and_then(|CurrentSession(it)| it.as_ref());
    let token = request.extensions().get::<CurrentToken>().map(|CurrentToken(it)| it);
    let known = match (token, session) {
        (Some(token), _) => Some((format!("token:{}", token.id), token.user.id)),
        (None, Some(session)) => Some((format!("session:{}", session.id), session.user.id)),
        (None, None) => None,
    };
    let mut asked = Vec::new();
    if let Some((key, person)) = known {
        asked.push((key, rules.session));
        asked.push((format!("person:{person}"), rules.person));
        asked.extend(address.map(|address| (address, rules.address)));
    } else {
        asked.extend(address.map(|address| (address, rules.stranger)));
    }
    asked
}

/// What was promised, and what is left of the promise that is nearest to its end.
fn tell(headers: &mut HeaderMap, asked: &[(String, Rule)], told: &Together) {
    let policy = |(_, rule): &(String, Rule)| {
        format!("\"{}\";q={};w={}", rule.name, rule.quota, rule.window.as_secs())
    };
    let policies: Vec<String> = asked.iter().map(policy).collect();
    let left = asked.iter().zip(&told.each).map(|((_, rule), told)| match told {
        Ok(left) => (left.remaining, RetryAfter(left.full_in).seconds(), rule.name),
        Err(after) => (0, after.seconds(), rule.name),
    });
    // Of several that are used up, the one that is waited for longest.
    let nearest = left.min_by_key(|(remaining, seconds, _)| (*remaining, std::cmp::Reverse(*seconds)));
    let left = nearest.map(|(remaining, seconds, name)| format!("\"{name}\";r={remaining};t={seconds}"));
    for (header, value) in [(POLICY, Some(policies.join(", "))), (LEFT, left)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(header, value);
        }
    }
}

/// What one subscriber has: an IPv4 address, or the 2^64 of an IPv6 network.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_an_address_or_a_network() {
        let of = |text: &str| subscriber(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8::1:2:3:4"), "2001:db8::");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
    }

    /// What begins like a way in and is none: nobody must be kept from going on, from ending, and from waiting.
    const PLAIN: [&str; 3] = ["/api/v1/auth/refresh", "/api/v1/auth/sign-out", "/api/v1/auth/device/token"];

    #[test]
    fn special_routes_exist_and_others_are_reads_or_changes() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        for (method, path, class) in &CLASSES {
            assert!(document["paths"][*path][method.as_str().to_lowercase()].is_object(), "{method} {path}");
            assert_eq!(Class::of(method, path), *class);
        }
        for (path, methods) in document["paths"].as_object().unwrap() {
            for name in methods.as_object().unwrap().keys() {
                let method: Method = name.to_uppercase().parse().unwrap();
                let class = Class::of(&method, path);
                let enters = path.starts_with("/api/v1/auth/") || path.starts_with("/api/v1/invites/");
                if method == Method::POST && enters && !PLAIN.contains(&path.as_str()) {
                    assert_eq!(class, Class::SignIn, "{method} {path}");
                }
                // Disconnecting is all that can be done with a host without asking it.
                if path.contains("/hosts/{id}") && method != Method::DELETE {
                    assert!(matches!(class, Class::Host | Class::Analysis), "{method} {path}");
                }
            }
        }
        assert_eq!(Class::of(&Method::GET, "/api/v1/session"), Class::Read);
        assert_eq!(Class::of(&Method::DELETE, "/api/v1/session"), Class::Change);
    }
}
