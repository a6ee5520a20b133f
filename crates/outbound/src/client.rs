//! HTTP, protected.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base::{Secret, Timestamp};
use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::address::{self, Allowed, NotPublic};
use crate::dependency::Options;
use crate::error::Error;
use crate::guard::{Failed, Guard};
use crate::resolver::PublicOnly;

/// Bytes of an error's body that are kept, to be looked at.
const ERROR_BYTES: usize = 64 << 10;

/// What one call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time for one try. Of a streamed answer: until it begins, and between two of its parts.
    pub one_try: Duration,
    /// Time for all tries and the waits between them, until a streamed answer begins.
    pub all_tries: Duration,
    /// Bytes of an answer, after unpacking.
    pub answer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { one_try: Duration::from_secs(15), all_tries: Duration::from_mins(1), answer: 8 << 20 }
    }
}

/// The connections, shared by all clients.
#[derive(Debug)]
pub(crate) struct Http {
    /// Connects to public addresses only.
    public: reqwest::Client,
    /// Connects to any: for hosts that the operator named.
    named: reqwest::Client,
    pub(crate) allowed: Allowed,
    /// Somebody else looks names up, so that they can only be judged by how they are spelled.
    proxied: bool,
}

impl Http {
    pub(crate) fn new(options: Options, connect: Duration) -> Result<Self, Error> {
        // A second provider in one process can only mean that another part was first; they are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            let mut builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(connect)
                .no_proxy()
                .user_agent(concat!("devmentor/", env!("CARGO_PKG_VERSION")));
            if let Some(proxy) = &options.proxy {
                let proxy = reqwest::Proxy::all(proxy.clone()).map_err(Error::from_transport)?;
                builder = builder.proxy(proxy);
            }
            Ok::<_, Error>(builder)
        };
        let mut named = builder()?;
        if let Some(authorities) = &options.authorities {
            let certificates = reqwest::Certificate::from_pem_bundle(authorities);
            named = named.tls_certs_merge(certificates.map_err(Error::from_transport)?);
        }
        let mut public = builder()?;
        if options.proxy.is_none() {
            public = public.dns_resolver(Arc::new(PublicOnly));
        }
        Ok(Self {
            public: public.build().map_err(Error::from_transport)?,
            named: named.build().map_err(Error::from_transport)?,
            allowed: options.allowed,
            proxied: options.proxy.is_some(),
        })
    }

    /// The connections for that address, unless it must not be contacted. Names are looked at when they are resolved.
    fn for_address(&self, url: &Url, besides: &Allowed) -> Result<&reqwest::Client, Error> {
        let web = matches!(url.scheme(), "http" | "https");
        let Some((host, port)) = address::host_and_port(url).filter(|_| web) else {
            return Err(Error::Malformed("it needs an http or https address".to_owned()));
        };
        if self.allowed.names(&host, port) || besides.names(&host, port) {
            return Ok(&self.named);
        }
        let public = match host.parse::<IpAddr>() {
            Ok(address) => address::is_public(address),
            Err(_) => !self.proxied || (host != "localhost" && !host.ends_with(".localhost")),
        };
        if public { Ok(&self.public) } else { Err(NotPublic::new(host).into()) }
    }
}

/// HTTP to one dependency. Cheap to clone. It follows no redirect: where an answer leads is for its reader to decide.
#[derive(Debug, Clone)]
pub struct Client {
    http: Arc<Http>,
    guard: Guard,
    limits: Limits,
    /// Where this one may go besides.
    allowed: Allowed,
}

impl Client {
    pub(crate) fn new(http: Arc<Http>, guard: Guard, limits: Limits) -> Self {
        Self { http, guard, limits, allowed: Allowed::default() }
    }

    /// The same, also to those addresses, wherever they lead: the operator named them for this dependency, and nobody
    /// else's calls reach them by that.
    #[must_use]
    pub fn also_to<'a>(mut self, addresses: impl IntoIterator<Item = &'a Url>) -> Self {
        self.allowed = addresses.into_iter().fold(self.allowed, Allowed::with);
        self
    }

    /// The same under other limits. What is known of the dependency stays shared.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Reads; may be repeated.
    pub fn get(&self, url: Url) -> Request<'_> {
        self.request(Method::GET, url, true)
    }

    /// Makes something, or asks for much at once. It is not repeated unless [`Request::repeatable`] says that this
    /// does no harm.
    pub fn post(&self, url: Url) -> Request<'_> {
        self.request(Method::POST, url, false)
    }

    /// Takes something away; may be repeated, since what is gone stays gone.
    pub fn delete(&self, url: Url) -> Request<'_> {
        self.request(Method::DELETE, url, true)
    }

    fn request(&self, method: Method, url: Url, repeatable: bool) -> Request<'_> {
        let draft = Draft { method, url, headers: HeaderMap::new(), body: Bytes::new() };
        Request { client: self, repeatable, draft: Ok(draft) }
    }

    /// What is known of the dependency.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }
}

/// A request that is being written.
#[must_use = "it is not sent yet"]
#[derive(Debug)]
pub struct Request<'a> {
    client: &'a Client,
    repeatable: bool,
    draft: Result<Draft, Error>,
}

#[derive(Debug)]
struct Draft {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; of an error no more than the beginning.
    pub body: Bytes,
    /// When to ask again, where it says so.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// Its body, read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl Request<'_> {
    /// With one more header.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        self.set(HeaderName::from_static(name), HeaderValue::from_str(value))
    }

    /// With a token that never shows in a log.
    pub fn bearer(self, token: &Secret) -> Self {
        self.set(AUTHORIZATION, sensitive(&format!("Bearer {}", token.expose())))
    }

    /// With a key in a header of the service's own, which never shows in a log either.
    pub fn secret_header(self, name: &'static str, key: &Secret) -> Self {
        self.set(HeaderName::from_static(name), sensitive(key.expose()))
    }

    /// With JSON as its body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match (serde_json::to_vec(body), &mut self.draft) {
            (Ok(body), Ok(draft)) => draft.body = body.into(),
            (Err(error), Ok(_)) => self.draft = Err(Error::Malformed(error.to_string())),
            (_, Err(_)) => {}
        }
        self.set(CONTENT_TYPE, Ok(HeaderValue::from_static("application/json")))
    }

    /// With a form as its body, as pages send it.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        if let Ok(draft) = &mut self.draft {
            draft.body =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into();
        }
        self.set(CONTENT_TYPE, Ok(HeaderValue::from_static("application/x-www-form-urlencoded")))
    }

    /// Sending it twice does no harm.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    fn set(
        mut self,
        name: HeaderName,
        value: Result<HeaderValue, reqwest::header::InvalidHeaderValue>,
    ) -> Self {
        match (value, &mut self.draft) {
            (Ok(value), Ok(draft)) => drop(draft.headers.insert(name, value)),
            (Err(_), Ok(_)) => {
                self.draft =
                    Err(Error::Malformed(format!("the header `{name}` has a value that cannot be sent")));
            }
            (_, Err(_)) => {}
        }
        self
    }

    /// Sends it and reads the whole answer. Any status but a success is [`Error::Status`].
    pub async fn send(self) -> Result<Answer, Error> {
        let Limits { one_try, answer, .. } = self.client.limits;
        let clock = self.client.guard.clock().clone();
        self.run(move |response| read(response, answer, clock.now()), Some(one_try)).await
    }

    /// Sends it and returns as soon as the answer begins. Dropping that ends the call.
    pub async fn stream(self) -> Result<Streaming, Error> {
        let (guard, limits) = (self.client.guard.clone(), self.client.limits);
        self.run(move |response| begin(response, limits, guard.clone()), None).await
    }

    /// Tries, each within its time, all within theirs. `whole` is the time for a try that ends with the body; one
    /// without it ends with the headers.
    async fn run<T, F: Future<Output = Result<T, Error>>>(
        self,
        take: impl Fn(Response) -> F,
        whole: Option<Duration>,
    ) -> Result<T, Error> {
        let draft = self.draft?;
        let http = self.client.http.for_address(&draft.url, &self.client.allowed)?;
        let limits = self.client.limits;
        let attempt = || {
            let mut request = http
                .request(draft.method.clone(), draft.url.clone())
                .headers(draft.headers.clone())
                .body(draft.body.clone());
            if let Some(time) = whole {
                request = request.timeout(time);
            }
            let sent = tokio::time::timeout(limits.one_try, request.send());
            let take = &take;
            async move { take(sent.await.map_err(|_| Error::TimedOut)?.map_err(Error::from_transport)?).await }
        };
        let call = self.client.guard.call(self.repeatable, Error::verdict, attempt);
        match tokio::time::timeout(limits.all_tries, call).await {
            Err(_) => Err(Error::TimedOut),
            Ok(Err(Failed::Resting(after))) => Err(Error::Resting(after)),
            Ok(Err(Failed::Tried(error))) => Err(error),
            Ok(Ok(value)) => Ok(value),
        }
    }
}

/// A value that no log shows.
fn sensitive(value: &str) -> Result<HeaderValue, reqwest::header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn begin(response: Response, limits: Limits, guard: Guard) -> Result<Streaming, Error> {
    if !response.status().is_success() {
        let now = guard.clock().now();
        return Err(Error::Status(Box::new(read_up_to(response, ERROR_BYTES, false, now).await?)));
    }
    Ok(Streaming {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        response,
        left: limits.answer,
        patience: limits.one_try,
        guard,
    })
}

async fn read(response: Response, most: usize, now: Timestamp) -> Result<Answer, Error> {
    if response.status().is_success() {
        return read_up_to(response, most, true, now).await;
    }
    Err(Error::Status(Box::new(read_up_to(response, ERROR_BYTES, false, now).await?)))
}

/// Reads a body up to a size; what is longer is an error, or is cut.
async fn read_up_to(
    mut response: Response,
    most: usize,
    strict: bool,
    now: Timestamp,
) -> Result<Answer, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(Error::from_transport)? {
        let room = most - body.len();
        if chunk.len() > room {
            if strict {
                return Err(Error::TooLarge);
            }
            body.extend_from_slice(&chunk[..room]);
            break;
        }
        body.extend_from_slice(&chunk);
    }
    let headers = response.headers().clone();
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, now));
    Ok(Answer { status: response.status().as_u16(), headers, body: body.freeze(), retry_after })
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    let date = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::default().plus(date).since(now))
}

/// An answer that comes in parts.
#[derive(Debug)]
pub struct Streaming {
    /// Its status, a success.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    response: Response,
    left: usize,
    patience: Duration,
    guard: Guard,
}

impl Streaming {
    /// The next part; `None` at the end. An answer that breaks off counts against the dependency.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let next = tokio::time::timeout(self.patience, self.response.chunk()).await;
        let part = next.map_err(|_| Error::TimedOut).and_then(|part| part.map_err(Error::from_transport));
        match part {
            Ok(Some(part)) => {
                self.left = self.left.checked_sub(part.len()).ok_or(Error::TooLarge)?;
                Ok(Some(part))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.guard.broke_off(&error);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_wait_comes_as_seconds_or_as_a_date() {
        let now = Timestamp::from_seconds(784_111_777 - 90);
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(90)));
        let past = Timestamp::from_seconds(800_000_000);
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", past), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-1", now), None);
    }
}
