//! A provider of accounts that does as it is told, also what no honest one would.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base::{Clock, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use identity::providers::{Kind, Provider};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What this server is called there, and its password.
const CLIENT: (&str, &str) = ("devmentor", "open sesame");

/// What it does otherwise than an honest provider.
#[derive(Default)]
pub(crate) struct Ways {
    /// Claims of the ID token that are others; `null` leaves one out.
    pub(crate) claims: Vec<(&'static str, Value)>,
    /// The header of the ID token.
    pub(crate) header: Option<Value>,
    /// Publishes the key of this seed under the name of the first, and signs with it.
    pub(crate) key: Option<u8>,
    /// Signs with a key that it does not publish.
    pub(crate) foreign_key: bool,
    /// Signs with its public key as if that were a shared one.
    pub(crate) public_key_as_secret: bool,
    /// Signs nothing.
    pub(crate) unsigned: bool,
    /// What it says about itself otherwise.
    pub(crate) metadata: Vec<(&'static str, Value)>,
    /// The addresses of mail that GitHub tells; `null` for an app that may not see them.
    pub(crate) emails: Option<Value>,
    /// What it tells of whoever an access token is about, as it tells nothing but the subject in the ID token then; `null`
    /// for a server that may not ask.
    pub(crate) user_info: Option<Value>,
    /// What it answers to whoever trades a code.
    pub(crate) no_tokens: Option<(u16, Value)>,
}

/// A sign-in that somebody agreed to there.
struct Grant {
    challenge: String,
    nonce: Option<String>,
    redirect: String,
}

struct State {
    ways: Ways,
    person: &'static str,
    grants: HashMap<String, Grant>,
    given: u32,
    clock: Clock,
    address: String,
}

#[derive(Clone)]
pub(crate) struct StandIn(Arc<Mutex<State>>);

impl StandIn {
    pub(crate) async fn start(clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state =
            State { ways: Ways::default(), person: "ana", grants: HashMap::new(), given: 0, clock, address };
        let stand_in = Self(Arc::new(Mutex::new(state)));
        let serving = stand_in.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                serving.answer(socket).await;
            }
        });
        stand_in
    }

    pub(crate) fn address(&self) -> String {
        self.0.lock().unwrap().address.clone()
    }

    /// This provider as an operator names it.
    pub(crate) fn named(&self, id: &str, github: bool) -> Provider {
        let url: Url = self.address().parse().unwrap();
        let kind = if github {
            Kind::GitHub { web: url.clone(), api: url.join("api/v3").unwrap() }
        } else {
            Kind::Oidc(url)
        };
        let (client_id, client_secret) = (CLIENT.0.to_owned(), Secret::new(CLIENT.1));
        Provider { id: id.to_owned(), name: id.to_owned(), kind, client_id, client_secret }
    }

    pub(crate) fn behave(&self, ways: Ways) {
        self.0.lock().unwrap().ways = ways;
    }

    /// Somebody else is signed in there from now on.
    pub(crate) fn person(&self, person: &'static str) {
        self.0.lock().unwrap().person = person;
    }

    /// Somebody follows the address and agrees; the code that their browser comes back with.
    pub(crate) fn agree(&self, address: &Url) -> Secret {
        let query: HashMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!((query["client_id"].as_str(), query["response_type"].as_str()), (CLIENT.0, "code"));
        assert_eq!(query["code_challenge_method"], "S256");
        let mut state = self.0.lock().unwrap();
        state.given += 1;
        let code = format!("code-{}", state.given);
        let grant = Grant {
            challenge: query["code_challenge"].clone(),
            nonce: query.get("nonce").cloned(),
            redirect: query["redirect_uri"].clone(),
        };
        state.grants.insert(code.clone(), grant);
        Secret::new(code)
    }

    async fn answer(&self, mut socket: TcpStream) {
        let mut text = String::new();
        let (head, body) = loop {
            let mut bytes = [0; 4096];
            let read = socket.read(&mut bytes).await.unwrap();
            text.push_str(&String::from_utf8_lossy(&bytes[..read]));
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if read == 0 || body.len() >= length.unwrap_or(0) {
                break (head, body);
            }
        };
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let (status, answer) = self.0.lock().unwrap().route(method, path, head, body);
        let answer = answer.to_string();
        let said = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
            answer.len()
        );
        // Who went away already does not hear it.
        drop(socket.write_all(said.as_bytes()).await);
    }
}

impl State {
    fn route(&mut self, method: &str, path: &str, head: &str, body: &str) -> (u16, Value) {
        let told = head.to_lowercase().contains("authorization: bearer the-access-token");
        match (method, path) {
            ("GET", "/.well-known/openid-configuration") => (200, self.metadata()),
            ("GET", "/keys") => (200, json!({ "keys": [published(&self.pair())] })),
            ("POST", "/token") => self.token(head, body, true),
            ("POST", "/login/oauth/access_token") => self.token(head, body, false),
            ("GET", "/user-info") if told && self.ways.user_info != Some(Value::Null) => {
                (200, self.ways.user_info.clone().unwrap_or_default())
            }
            ("GET", "/api/v3/user") if told => {
                (200, json!({ "id": 583_231, "login": self.person, "name": "Ana Lopez" }))
            }
            ("GET", "/api/v3/user/emails") if told && self.ways.emails != Some(Value::Null) => {
                let own = json!([
                    { "email": "old@example.org", "primary": false, "verified": true },
                    { "email": format!("{}@example.org", self.person), "primary": true, "verified": true },
                ]);
                (200, self.ways.emails.clone().unwrap_or(own))
            }
            _ => (404, json!({})),
        }
    }

    fn pair(&self) -> Ed25519KeyPair {
        pair(self.ways.key.unwrap_or(1))
    }

    fn metadata(&self) -> Value {
        let address = &self.address;
        let mut metadata = json!({
            "issuer": address,
            "authorization_endpoint": format!("{address}/authorize"),
            "token_endpoint": format!("{address}/token"),
            "jwks_uri": format!("{address}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        if self.ways.user_info.is_some() {
            metadata["userinfo_endpoint"] = format!("{address}/user-info").into();
        }
        for (name, value) in &self.ways.metadata {
            metadata[*name] = value.clone();
        }
        metadata
    }

    /// Trades a code once, with the verifier and the address that belong to it.
    fn token(&mut self, head: &str, body: &str, basic: bool) -> (u16, Value) {
        if let Some(refused) = &self.ways.no_tokens {
            return refused.clone();
        }
        let form: HashMap<String, String> =
            url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let known = if basic {
            let encoded = CLIENT.1.replace(' ', "+");
            let pair = STANDARD.encode(format!("{}:{encoded}", CLIENT.0));
            head.contains(&format!("Basic {pair}"))
        } else {
            form["client_id"] == CLIENT.0 && form["client_secret"] == CLIENT.1
        };
        let grant = self.grants.remove(&form["code"]);
        let fits = |grant: &Grant| {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
            known && grant.challenge == challenge && grant.redirect == form["redirect_uri"]
        };
        let Some(grant) = grant.filter(fits) else {
            return (400, json!({ "error": "invalid_grant" }));
        };
        let mut tokens = json!({ "access_token": "the-access-token", "token_type": "bearer" });
        if basic {
            tokens["id_token"] = self.id_token(grant.nonce.as_deref()).into();
        }
        (200, tokens)
    }

    fn id_token(&self, nonce: Option<&str>) -> String {
        let now = self.clock.now().as_seconds();
        let mut claims = json!({
            "iss": self.address, "sub": format!("sub-{}", self.person), "aud": CLIENT.0, "exp": now + 300, "iat": now,
            "nonce": nonce, "name": "Ana Lopez", "email": format!("{}@example.org", self.person), "email_verified": true,
        });
        if self.ways.user_info.is_some() {
            for name in ["name", "email", "email_verified"] {
                claims[name] = Value::Null;
            }
        }
        for (name, value) in &self.ways.claims {
            claims[*name] = value.clone();
        }
        let header = self.ways.header.clone().unwrap_or(json!({ "alg": "EdDSA", "kid": "one" }));
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = if self.ways.unsigned {
            Vec::new()
        } else if self.ways.public_key_as_secret {
            let key = hmac::Key::new(hmac::HMAC_SHA256, pair(1).public_key().as_ref());
            hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
        } else {
            let pair = if self.ways.foreign_key { pair(2) } else { self.pair() };
            pair.sign(signed.as_bytes()).as_ref().to_vec()
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

/// The public half as it is published (RFC 8037).
pub(crate) fn published(pair: &Ed25519KeyPair) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": "one", "x": URL_SAFE_NO_PAD.encode(pair.public_key()) })
}

/// The key of somebody else, as a token may bring it along.
pub(crate) fn foreign_key() -> Value {
    published(&pair(2))
}
