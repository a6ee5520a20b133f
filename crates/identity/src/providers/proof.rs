//! What a provider signed about somebody: an ID token (`OpenID` Connect Core 1.0, section 2), a JWS of one of three algorithms.
//!
//! `jsonwebtoken` asks one provider of algorithms for the whole process, and that one knows the single algorithm of our own
//! tokens, on purpose. So the signature is checked here, by ring, with a key whose kind fits the algorithm that the header
//! names: no other combination exists.

use base::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 << 10;
/// How far clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// The longest name that a provider may have for somebody (`OpenID` Connect Core 1.0, section 2).
const SUBJECT: usize = 255;

/// The public keys of a provider (RFC 7517).
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<Key>,
}

/// One of them. Kinds that are not known here are kept and fit nothing.
#[derive(Debug, Clone, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// Who the token has to be from, for, and about which request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// What a token says, once everything about it is right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) email_verified: Flag,
    pub(super) name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A truth value; some providers write it as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "serde_json::Value")]
pub(super) struct Flag(pub(super) bool);

impl From<serde_json::Value> for Flag {
    fn from(value: serde_json::Value) -> Self {
        Self(value == serde_json::Value::Bool(true) || value == "true")
    }
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoProof {
    /// It is no token, or one with a header that is not understood.
    #[error("the token cannot be read")]
    Malformed,
    /// The key it names is not among those that are known.
    #[error("the token is signed with a key that the provider does not publish")]
    UnknownKey,
    /// The signature is not right.
    #[error("the token's signature is not right")]
    Signature,
    /// It is from or for somebody else, or about another sign-in.
    #[error("the token's {0} is not the one that was asked for")]
    Claim(&'static str),
    /// It is too old, or from the future.
    #[error("the token is not valid now")]
    Time,
}

/// What that token says.
pub(super) fn read(token: &str, keys: &KeySet, wanted: Wanted<'_>) -> Result<Claims, NoProof> {
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NoProof::Malformed);
    };
    if token.len() > LONGEST {
        return Err(NoProof::Malformed);
    }
    let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
    let header: Header = json(header)?;
    if header.crit.is_some() {
        return Err(NoProof::Malformed);
    }
    let signature = bytes(signature)?;
    let mut fitting = keys.keys.iter().filter(|key| key.fits(&header)).peekable();
    if fitting.peek().is_none() {
        return Err(NoProof::UnknownKey);
    }
    if !fitting.any(|key| key.verifies(&header.alg, signed, &signature)) {
        return Err(NoProof::Signature);
    }
    json::<Claims>(payload)?.checked(wanted)
}

impl Key {
    /// Whether it is of the kind that the algorithm wants, for signatures, and the one that is named, if one is.
    fn fits(&self, header: &Header) -> bool {
        let kind = match (header.alg.as_str(), self.crv.as_deref()) {
            ("RS256", _) => self.kty == "RSA",
            ("ES256", Some("P-256")) => self.kty == "EC",
            ("EdDSA", Some("Ed25519")) => self.kty == "OKP",
            _ => false,
        };
        let named = header.kid.is_none() || self.kid == header.kid;
        let said = self.alg.as_ref().is_none_or(|alg| *alg == header.alg);
        kind && named && said && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
    }

    fn verifies(&self, alg: &str, signed: &[u8], signature: &[u8]) -> bool {
        let part = |part: &Option<String>| part.as_deref().and_then(|text| bytes(text).ok());
        match alg {
            "RS256" => {
                let (Some(n), Some(e)) = (part(&self.n), part(&self.e)) else { return false };
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
            }
            "ES256" => {
                let (Some(x), Some(y)) = (part(&self.x), part(&self.y)) else { return false };
                // An uncompressed point (SEC 1, 2.3.3).
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
                key.verify(signed, signature).is_ok()
            }
            "EdDSA" => {
                let Some(x) = part(&self.x) else { return false };
                UnparsedPublicKey::new(&signature::ED25519, x).verify(signed, signature).is_ok()
            }
            _ => false,
        }
    }
}

impl Claims {
    /// `OpenID` Connect Core 1.0, section 3.1.3.7.
    fn checked(self, wanted: Wanted<'_>) -> Result<Self, NoProof> {
        let for_us = match &self.aud {
            Audience::One(one) => one == wanted.client,
            // For several it has to say which of them asked.
            Audience::Many(many) => {
                many.iter().any(|one| one == wanted.client)
                    && (many.len() == 1 || self.azp.as_deref() == Some(wanted.client))
            }
        };
        let asked_by_us = self.azp.as_deref().is_none_or(|azp| azp == wanted.client);
        let claims = [
            ("issuer", self.iss == wanted.issuer),
            ("audience", for_us && asked_by_us),
            ("nonce", self.nonce.as_deref() == Some(wanted.nonce)),
            ("subject", !self.sub.is_empty() && self.sub.len() <= SUBJECT),
        ];
        if let Some((name, _)) = claims.iter().find(|(_, right)| !right) {
            return Err(NoProof::Claim(name));
        }
        let now = wanted.now.as_seconds();
        let soon = now.saturating_add(LEEWAY);
        let begun = self.iat <= soon && self.nbf.is_none_or(|nbf| nbf <= soon);
        if !begun || self.exp <= now.saturating_sub(LEEWAY) {
            return Err(NoProof::Time);
        }
        Ok(self)
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, NoProof> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NoProof::Malformed)
}

fn json<T: DeserializeOwned>(part: &str) -> Result<T, NoProof> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| NoProof::Malformed)
}

#[cfg(test)]
mod tests;
