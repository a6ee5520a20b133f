//! One provider: where it is, and what is asked of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base::{Clock, Secret, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use outbound::{Client, Dependency, Limits, Outbound};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::proof::{self, Flag, KeySet, NoProof, Wanted};
use crate::store::providers::Holder;

/// How long what a provider says about itself is believed.
const FRESH: Duration = Duration::from_hours(1);
/// Time for one answer, and for all tries: whoever signs in waits.
const ONE_TRY: Duration = Duration::from_secs(5);
const ALL_TRIES: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const ANSWER: usize = 1 << 20;
/// Letters that are kept of the name of an error.
const ERROR: usize = 60;
/// What GitHub calls its answers.
const GITHUB: &str = "application/vnd.github+json";

/// What kind of provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Any that speaks `OpenID` Connect, under its issuer.
    Oidc(Url),
    /// GitHub, or GitHub Enterprise Server: its pages, and its interface for programs.
    GitHub {
        /// Where people sign in, such as `https://github.com`.
        web: Url,
        /// Where programs ask, such as `https://api.github.com`.
        api: Url,
    },
}

/// A provider that the operator named.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name in addresses: small letters, digits and hyphens.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
    /// What it speaks, and where.
    pub kind: Kind,
    /// This server's name at the provider.
    pub client_id: String,
    /// This server's password at the provider.
    pub client_secret: Secret,
}

impl Provider {
    /// The addresses that the operator wrote, or that its preset knows.
    pub fn addresses(&self) -> impl Iterator<Item = &Url> {
        let (first, second) = match &self.kind {
            Kind::Oidc(issuer) => (issuer, None),
            Kind::GitHub { web, api } => (web, Some(api)),
        };
        std::iter::once(first).chain(second)
    }

    /// Whose names for people count: for `OpenID` Connect the issuer, which its tokens have to name, else where people sign in.
    pub(super) fn issuer(&self) -> &str {
        match &self.kind {
            Kind::Oidc(address) | Kind::GitHub { web: address, .. } => address.as_str().trim_end_matches('/'),
        }
    }
}

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Who, for ever: nobody else gets this name.
    pub(super) subject: String,
    /// Their address of mail, where the provider has seen that they read it.
    pub(super) email: Option<String>,
    /// Their name.
    pub(super) name: Option<String>,
}

/// A sign-in as it comes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Back<'a> {
    pub(super) code: &'a Secret,
    pub(super) issuer: Option<&'a str>,
    pub(super) verifier: &'a Secret,
    pub(super) nonce: &'a Secret,
    pub(super) redirect: &'a str,
}

/// Why a provider told nothing about somebody.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It could not be asked.
    #[error(transparent)]
    Call(#[from] outbound::Error),
    /// It refused what came back with the browser.
    #[error("the provider does not know this sign-in, or no longer")]
    Refused,
    /// It traded nothing for the code, and not for the code's sake: most often this server's set-up there is not right.
    #[error("the provider refused to trade the code (status {status}): {error}")]
    SetUp {
        /// The status of its answer.
        status: u16,
        /// What it calls the error (RFC 6749, 5.2), such as `invalid_client`.
        error: String,
    },
    /// It answered with what it should not.
    #[error("the provider's answer cannot be used: {0}")]
    Answer(&'static str),
    /// What it signed proves nothing.
    #[error("the provider's proof is not valid: {0}")]
    Proof(String),
    /// The sign-in came back from another provider than it went to (RFC 9207).
    #[error("the sign-in came back from another provider")]
    MixedUp,
}

impl From<NoProof> for ProviderError {
    fn from(error: NoProof) -> Self {
        Self::Proof(error.to_string())
    }
}

/// What a provider says about itself (`OpenID` Connect Discovery 1.0, section 3).
#[derive(Debug, Clone, Deserialize)]
struct Metadata {
    issuer: String,
    #[serde(deserialize_with = "url")]
    authorization_endpoint: Url,
    #[serde(deserialize_with = "url")]
    token_endpoint: Url,
    #[serde(deserialize_with = "url")]
    jwks_uri: Url,
    #[serde(default, deserialize_with = "url_or_none")]
    userinfo_endpoint: Option<Url>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn url_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}

/// What a provider tells of whoever the access token is about (`OpenID` Connect Core 1.0, section 5.3).
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: Flag,
    name: Option<String>,
}

#[derive(Debug, Clone)]
struct Known {
    metadata: Metadata,
    keys: KeySet,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Option<Secret>,
    id_token: Option<String>,
    token_type: Option<String>,
}

/// Why there are no tokens (RFC 6749, 5.2). GitHub says so with a status of 200.
#[derive(Default, Deserialize)]
struct NoTokens {
    error: Option<String>,
}

impl NoTokens {
    /// The code alone is what people can mend by beginning again.
    fn problem(self, status: u16) -> ProviderError {
        match self.error.as_deref() {
            Some("invalid_grant" | "bad_verification_code") => ProviderError::Refused,
            said => {
                let word = said.unwrap_or("it does not say why");
                let error = word.chars().filter(|letter| matches!(letter, ' '..='~')).take(ERROR).collect();
                ProviderError::SetUp { status, error }
            }
        }
    }
}

#[derive(Deserialize)]
struct GitHubUser {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct GitHubAddress {
    email: String,
    primary: bool,
    verified: bool,
}

/// A provider and the way to it.
pub(super) struct Connected {
    pub(super) provider: Provider,
    client: Client,
    clock: Clock,
    known: Mutex<Option<Known>>,
}

impl Connected {
    pub(super) fn new(provider: Provider, outbound: &Outbound, clock: Clock) -> Self {
        let limits = Limits { one_try: ONE_TRY, all_tries: ALL_TRIES, answer: ANSWER };
        let client = outbound.client(Dependency::new(format!("sign-in:{}", provider.id)), limits);
        let client = client.also_to(provider.addresses());
        Self { provider, client, clock, known: Mutex::default() }
    }

    /// An account there: what the provider is called here may be given to another one, so its address counts, too.
    pub(super) fn holder<'a>(&'a self, subject: &'a str) -> Holder<'a> {
        Holder { provider: &self.provider.id, issuer: self.provider.issuer(), subject }
    }

    /// Where the browser goes to sign in there.
    pub(super) async fn address(
        &self,
        state: &str,
        nonce: &Secret,
        verifier: &Secret,
        redirect: &str,
    ) -> Result<Url, ProviderError> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()));
        let (mut address, scope) = match &self.provider.kind {
            Kind::Oidc(issuer) => {
                (self.known(issuer, None).await?.metadata.authorization_endpoint, "openid email profile")
            }
            Kind::GitHub { web, .. } => (below(web, "login/oauth/authorize")?, "read:user user:email"),
        };
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.provider.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", scope)
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if matches!(self.provider.kind, Kind::Oidc(_)) {
            address.query_pairs_mut().append_pair("nonce", nonce.expose());
        }
        Ok(address)
    }

    /// Who came back.
    pub(super) async fn person(&self, back: Back<'_>) -> Result<Person, ProviderError> {
        match &self.provider.kind {
            Kind::Oidc(issuer) => self.person_of_oidc(issuer, back).await,
            Kind::GitHub { web, api } => self.person_of_github(web, api, back).await,
        }
    }

    async fn person_of_oidc(&self, issuer: &Url, back: Back<'_>) -> Result<Person, ProviderError> {
        let known = self.known(issuer, None).await?;
        let metadata = &known.metadata;
        let required = metadata.authorization_response_iss_parameter_supported;
        match back.issuer {
            Some(said) if said != metadata.issuer => return Err(ProviderError::MixedUp),
            None if required => return Err(ProviderError::MixedUp),
            _ => {}
        }
        let methods = metadata.token_endpoint_auth_methods_supported.as_deref();
        // Without a word about it the provider takes Basic (OpenID Connect Discovery 1.0, section 3).
        let basic =
            methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let tokens = self.exchange(metadata.token_endpoint.clone(), basic, back).await?;
        let token = tokens.id_token.ok_or(ProviderError::Answer("it has no ID token"))?;
        let wanted = Wanted {
            issuer: &metadata.issuer,
            client: &self.provider.client_id,
            nonce: back.nonce.expose(),
            now: self.clock.now(),
        };
        let claims = match proof::read(&token, &known.keys, wanted) {
            // It may have changed its keys since, under the same name or without any; asked once, and no more often than
            // somebody comes back with a code.
            Err(NoProof::UnknownKey | NoProof::Signature) => {
                let fresh = self.known(issuer, Some(known.at)).await?;
                proof::read(&token, &fresh.keys, wanted)?
            }
            read => read?,
        };
        let mut person = Person {
            email: claims.email.filter(|_| claims.email_verified.0),
            name: claims.name,
            subject: claims.sub,
        };
        // With a code, providers may tell of people only where they are asked with the access token (section 5.4).
        if person.email.is_none()
            && let (Some(address), Some(access)) = (&metadata.userinfo_endpoint, &tokens.access_token)
        {
            self.complete(&mut person, address, access).await?;
        }
        Ok(person)
    }

    /// Adds what the provider tells of the person apart from the proof.
    async fn complete(
        &self,
        person: &mut Person,
        address: &Url,
        access: &Secret,
    ) -> Result<(), ProviderError> {
        let told: UserInfo = match self.ask(address.clone(), access, "application/json").await {
            // It tells nothing to this server: whoever is linked comes in all the same.
            Err(ProviderError::Call(outbound::Error::Status(answer)))
                if matches!(answer.status, 401 | 403 | 404) =>
            {
                return Ok(());
            }
            told => told?,
        };
        // Nothing but this binds the answer to the proof (section 5.3.2).
        if told.sub != person.subject {
            return Err(ProviderError::Answer("it tells of somebody else than it signed in"));
        }
        person.email = told.email.filter(|_| told.email_verified.0);
        person.name = person.name.take().or(told.name);
        Ok(())
    }

    async fn person_of_github(&self, web: &Url, api: &Url, back: Back<'_>) -> Result<Person, ProviderError> {
        let tokens = self.exchange(below(web, "login/oauth/access_token")?, false, back).await?;
        let access = tokens.access_token.ok_or(ProviderError::Answer("it has no access token"))?;
        if !tokens.token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(ProviderError::Answer("its token is of another kind"));
        }
        let user: GitHubUser = self.ask(below(api, "user")?, &access, GITHUB).await?;
        let addresses: Vec<GitHubAddress> = match self.ask(below(api, "user/emails")?, &access, GITHUB).await
        {
            // An app that may not see them: whoever is linked comes in by their number all the same.
            Err(ProviderError::Call(outbound::Error::Status(answer)))
                if matches!(answer.status, 403 | 404) =>
            {
                Vec::new()
            }
            addresses => addresses?,
        };
        let email = addresses.into_iter().find(|address| address.primary && address.verified);
        Ok(Person {
            // The number: a name can be given up, and taken by somebody else.
            subject: user.id.to_string(),
            email: email.map(|address| address.email),
            name: Some(user.name.filter(|name| !name.is_empty()).unwrap_or(user.login)),
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        address: Url,
        access: &Secret,
        accept: &str,
    ) -> Result<T, ProviderError> {
        let request = self.client.get(address).bearer(access).header("accept", accept);
        request.send().await?.json().map_err(|_| ProviderError::Answer("it is not what was asked for"))
    }

    /// Trades the code for tokens, once: a second try with the same code would be refused, or revoke what the first gave.
    async fn exchange(&self, address: Url, basic: bool, back: Back<'_>) -> Result<Tokens, ProviderError> {
        let Provider { client_id, client_secret, .. } = &self.provider;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", back.code.expose()),
            ("redirect_uri", back.redirect),
            ("code_verifier", back.verifier.expose()),
        ];
        let mut request = self.client.post(address).header("accept", "application/json");
        if basic {
            // RFC 6749, 2.3.1: both parts are encoded like a form first.
            let encoded =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encoded(client_id), encoded(client_secret.expose()));
            let value = Secret::new(format!("Basic {}", STANDARD.encode(pair)));
            request = request.secret_header("authorization", &value);
        } else {
            form.extend([("client_id", client_id.as_str()), ("client_secret", client_secret.expose())]);
        }
        let answer = match request.form(&form).send().await {
            Err(outbound::Error::Status(answer)) if (400..500).contains(&answer.status) => {
                return Err(answer.json::<NoTokens>().unwrap_or_default().problem(answer.status));
            }
            answer => answer?,
        };
        if let Ok(NoTokens { error: Some(error) }) = answer.json() {
            return Err(NoTokens { error: Some(error) }.problem(answer.status));
        }
        answer.json().map_err(|_| ProviderError::Answer("it is not what was asked for"))
    }

    /// What the provider says about itself, asked for when it is not known, too old, or as old as `stale`.
    async fn known(&self, issuer: &Url, stale: Option<Timestamp>) -> Result<Known, ProviderError> {
        let now = self.clock.now();
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = kept.filter(|known| now.since(known.at) < FRESH && stale != Some(known.at)) {
            return Ok(known);
        }
        let metadata: Metadata = self.read(below(issuer, ".well-known/openid-configuration")?).await?;
        // Whoever answers under this address has to be the one that was named (section 4.3).
        if metadata.issuer.trim_end_matches('/') != issuer.as_str().trim_end_matches('/') {
            return Err(ProviderError::Answer("it names another issuer than the one that is configured"));
        }
        let needed = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        for address in needed.into_iter().chain(&metadata.userinfo_endpoint) {
            if !is_private(address) {
                return Err(ProviderError::Answer("one of its addresses is not https"));
            }
        }
        let keys: KeySet = self.read(metadata.jwks_uri.clone()).await?;
        let known = Known { metadata, keys, at: now };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    async fn read<T: DeserializeOwned>(&self, address: Url) -> Result<T, ProviderError> {
        let answer = self.client.get(address).header("accept", "application/json").send().await?;
        answer.json().map_err(|_| ProviderError::Answer("it is not what was asked for"))
    }
}

/// Whether nobody on the way reads along: https, or this machine.
pub(super) fn is_private(address: &Url) -> bool {
    let here = match address.host() {
        Some(url::Host::Ipv4(host)) => host.is_loopback(),
        Some(url::Host::Ipv6(host)) => host.is_loopback(),
        Some(url::Host::Domain(host)) => host == "localhost",
        None => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && here)
}

/// An address below another.
fn below(base: &Url, path: &str) -> Result<Url, ProviderError> {
    let text = format!("{}/{path}", base.as_str().trim_end_matches('/'));
    Url::parse(&text).map_err(|_| ProviderError::Answer("its address cannot be read"))
}
