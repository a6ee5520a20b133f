//! How hosts are spoken to.

use std::time::Duration;

use base::{Secret, Timestamp};
use outbound::{Answer, Client, Dependency, Error, Limits, Outbound, Protection, Request, RetryPolicy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::Standing;
use crate::endpoint::Endpoint;
use crate::error::HostError;

/// Somebody waits for the answer.
const LIMITS: Limits =
    Limits { one_try: Duration::from_secs(10), all_tries: Duration::from_secs(20), answer: 8 << 20 };

/// Who is told to come back later is told so at once, with the time; they do not wait here.
const PATIENCE: Duration = Duration::from_secs(2);

/// Characters of a host's own words that are passed on.
const WORDS: usize = 300;

/// A host's interface, with a token.
pub(crate) struct Access {
    client: Client,
    api: Url,
    token: Secret,
}

/// The parts of `/repos/OWNER/NAME/...`, where GitHub and Gitea keep what is of one repository.
pub(crate) fn below<'a>(path: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut parts = vec!["repos"];
    parts.extend(path.split('/'));
    parts.extend_from_slice(rest);
    parts
}

/// An answer that is being read.
pub(crate) struct Read(Answer);

impl Access {
    pub(crate) fn new(outbound: &Outbound, endpoint: &Endpoint, token: Secret, standing: Standing) -> Self {
        let retry = RetryPolicy { longest: PATIENCE, ..RetryPolicy::default() };
        let client = match standing {
            Standing::Kept => {
                let dependency = Dependency::new(format!("code_host:{}", endpoint.host()));
                outbound.guard(dependency.clone(), Protection { retry, ..Protection::default() });
                outbound.client(dependency, LIMITS)
            }
            // Whoever typed it sees the answer, and is the one to try again.
            Standing::New => {
                let retry = RetryPolicy { tries: 1, ..retry };
                let protection = Protection { retry, ..Protection::default() };
                outbound.stranger(Dependency::new("code_host:new"), protection, LIMITS)
            }
        };
        Self { client, api: endpoint.api(), token }
    }

    /// An address of the interface. Each part of `path` is one part of it, whatever it holds.
    fn address(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.api.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub(crate) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Read, HostError> {
        self.send(self.client.get(self.address(path, query))).await
    }

    pub(crate) async fn post(&self, path: &[&str], body: &impl Serialize) -> Result<Read, HostError> {
        self.send(self.client.post(self.address(path, &[])).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &[&str]) -> Result<(), HostError> {
        match self.send(self.client.delete(self.address(path, &[]))).await {
            Ok(_) | Err(HostError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn send(&self, request: Request<'_>) -> Result<Read, HostError> {
        let request = request.header("accept", "application/json").bearer(&self.token);
        request.send().await.map(Read).map_err(|error| failure(error, self.client.guard().clock().now()))
    }
}

impl Read {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, HostError> {
        self.0.json().map_err(|_| HostError::Malformed)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// Whether a list goes on (RFC 8288): an address with `rel="next"`.
    pub(crate) fn goes_on(&self) -> bool {
        let links = self.0.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
        links.flat_map(|line| line.split(',')).any(|link| {
            link.split(';').skip(1).any(|part| matches!(part.trim(), "rel=\"next\"" | "rel=next"))
        })
    }
}

fn failure(error: Error, now: Timestamp) -> HostError {
    match error {
        Error::Status(answer) => refusal(&answer, now),
        Error::Refused(refused) => HostError::Refused(format!(
            "{refused}. The operator can allow it: add it to `outbound.allowed_hosts` in the configuration, and to \
             `repositories.allowed_hosts` for git."
        )),
        Error::Malformed(_) => HostError::TokenRefused,
        Error::TooLarge => HostError::Malformed,
        error => HostError::Unavailable { detail: format!("{error}"), after: error.retry_after() },
    }
}

/// What an answer that is no success means.
fn refusal(answer: &Answer, now: Timestamp) -> HostError {
    let number = |name: &str| answer.headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    // GitHub says 403 and what is left; GitLab and proxies say 429. A limit on how fast questions come says how long to
    // wait; one on how many there are says when they count anew, in seconds since 1970.
    let spent = ["x-ratelimit-remaining", "ratelimit-remaining"].iter().any(|name| number(name) == Some(0));
    if answer.status == 429 || (answer.status == 403 && (spent || answer.retry_after.is_some())) {
        let reset = ["x-ratelimit-reset", "ratelimit-reset"].iter().find_map(|name| number(name));
        let pause = answer.retry_after.map(|pause| now.plus(pause));
        return HostError::RateLimited { until: pause.or(reset.map(Timestamp::from_seconds)) };
    }
    match answer.status {
        401 => HostError::TokenRefused,
        403 => HostError::Forbidden(words(answer)),
        404 | 410 => HostError::NotFound,
        // It ran out of time; every other number below 500 is a decision.
        408 => silent(answer),
        400..=499 => HostError::Declined(words(answer)),
        // A host of another kind leads to its start page, or knows no such path in its own way.
        300..=399 => HostError::Malformed,
        _ => silent(answer),
    }
}

fn silent(answer: &Answer) -> HostError {
    let detail = format!("the host answered with status {}", answer.status);
    HostError::Unavailable { detail, after: answer.retry_after }
}

/// What the host says about it, as far as it is text to be shown.
fn words(answer: &Answer) -> String {
    let said = answer.json::<Value>().unwrap_or_default();
    let mut found = Vec::new();
    let first = ["error_description", "message", "error"].iter().find_map(|name| said.get(name));
    for part in first.into_iter().chain(said.get("errors")) {
        texts(part, None, &mut found);
    }
    let said: String = found.join("; ").chars().filter(|it| !it.is_control()).take(WORDS).collect();
    if said.is_empty() { "the host gave no reason".to_owned() } else { said }
}

/// The texts in a part of an answer. GitLab says what is wrong with each field by its name; of GitHub's errors only the
/// messages are for people.
fn texts(part: &Value, name: Option<&str>, into: &mut Vec<String>) {
    match part {
        Value::String(text) => into.push(match name {
            Some(name) if name != "message" => format!("{name}: {text}"),
            _ => text.clone(),
        }),
        Value::Array(parts) => parts.iter().for_each(|part| texts(part, name, into)),
        Value::Object(parts) => match parts.get("message") {
            Some(message) => texts(message, None, into),
            None => parts.iter().for_each(|(name, part)| texts(part, Some(name), into)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> HostError {
        let answer = Answer {
            status,
            headers: std::iter::empty().collect(),
            body: body.to_owned().into(),
            retry_after: None,
        };
        refusal(&answer, Timestamp::from_seconds(0))
    }

    #[test]
    fn what_a_host_decided_is_told_in_its_words_and_is_no_outage() {
        // As GitHub, GitLab and Gitea refuse a hook.
        for (status, body, words) in [
            (
                422,
                r#"{"message":"Validation Failed","errors":[{"resource":"Hook","code":"custom",
                    "message":"Hook already exists on this repository"}],"documentation_url":"https://a.example"}"#,
                "Validation Failed; Hook already exists on this repository",
            ),
            (
                422,
                r#"{"message":{"url":["is blocked: not public","is too long"]}}"#,
                "url: is blocked: not public; url: is too long",
            ),
            (400, r#"{"error":"url is invalid"}"#, "url is invalid"),
            (422, r#"{"message":"Invalid\u0007 hook","url":"https://a.example/swagger"}"#, "Invalid hook"),
            (409, "<html>", "the host gave no reason"),
            (451, r#"{"message":null}"#, "the host gave no reason"),
        ] {
            assert!(matches!(said(status, body), HostError::Declined(it) if it == words), "{body}");
        }
        let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(WORDS + 1));
        assert!(matches!(said(422, &long), HostError::Declined(it) if it.chars().count() == WORDS));
        for status in [408, 500, 503] {
            assert!(matches!(said(status, "{}"), HostError::Unavailable { .. }), "{status}");
        }
    }
}
