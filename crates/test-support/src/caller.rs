//! Who asks: a program with a session of its own, or with none.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use crate::OrFail;

/// Keys of changes are different unless a test wants them to be the same.
static KEYS: AtomicU64 = AtomicU64::new(1);

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Caller {
    pub(crate) client: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// The body as JSON; null when there is none, text when it is something else.
    pub body: Value,
}

impl Reply {
    /// The body of a success.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {:#}", self.status, self.body);
        self.body
    }

    /// The code of a problem with that status.
    ///
    /// # Panics
    /// When it is something else.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Caller {
    /// Reads; the path begins behind `/api/v1`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, None).await
    }

    /// Changes something, with a fresh idempotency key.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        self.post_as(path, body, &key).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str, body: Value) -> Reply {
        self.send(Method::DELETE, path, Some(body), None).await
    }

    /// Changes something, with that idempotency key.
    pub async fn post_as(&self, path: &str, body: Value, key: &str) -> Reply {
        self.send(Method::POST, path, Some(body), Some(key)).await
    }

    /// The same caller with the session that a one-time link gives.
    pub(crate) async fn signed_in(mut self, link: &str) -> Self {
        let session = self.post("/session", json!({ "token": link, "hand_over": "token" })).await.ok();
        self.token = session["token"].as_str().map(str::to_owned);
        self
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>, key: Option<&str>) -> Reply {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body.filter(|body| !body.is_null()) {
            request = request.json(&body);
        }
        let response = request.send().await.or_fail("the server does not answer");
        let status = response.status().as_u16();
        let text = response.text().await.or_fail("the answer broke off");
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Reply { status, body }
    }
}
