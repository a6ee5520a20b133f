//! Access tokens: who somebody is, for ten minutes, in a form that any holder of the public keys can check.
//!
//! A JWT (RFC 7519) signed with Ed25519 and nothing else. Every claim has to be there; times are compared with the
//! clock of this program. A token that passes says which session it belongs to; whether that still lives is asked
//! elsewhere.

use std::time::Duration;

use base::id::{EventId, SessionId, UserId};
use base::{Ids, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// How long an access token is good.
pub const ACCESS_LIFETIME: Duration = Duration::from_mins(10);
/// How far two clocks may be apart.
const LEEWAY: Duration = Duration::from_secs(5);
/// Who issues them.
const ISSUER: &str = "devmentor";
/// Whom they are for.
const AUDIENCE: &str = "devmentor-api";
/// No token of ours is longer; what is longer is not even decoded.
const LONGEST: usize = 1_024;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    pub(crate) sub: UserId,
    pub(crate) sid: SessionId,
    jti: EventId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Why an access token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It was good and is too old: a refresh gives another.
    Expired,
    /// It is not one of ours, or not yet good.
    Invalid,
}

impl Claims {
    /// What a fresh token of that session says.
    pub(crate) fn new(user: UserId, session: SessionId, now: Timestamp, ids: &Ids) -> Self {
        let now = now.as_seconds();
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            jti: ids.new_id(),
            iat: now,
            nbf: now,
            exp: now + seconds(ACCESS_LIFETIME),
        }
    }

    /// When the token runs out.
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.exp)
    }

    /// The token.
    pub(crate) fn sign(&self, kid: &str, key: &EncodingKey) -> Result<String, jsonwebtoken::errors::Error> {
        super::eddsa::install();
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, self, key)
    }

    /// What the token says, once its signature and its times are right. `key` gives the public key of an id.
    pub(crate) fn verify(
        token: &str,
        now: Timestamp,
        key: impl FnOnce(&str) -> Option<DecodingKey>,
    ) -> Result<Self, NotTaken> {
        super::eddsa::install();
        let kid = kid(token).ok_or(NotTaken::Invalid)?;
        let key = key(&kid).ok_or(NotTaken::Invalid)?;
        let mut wanted = Validation::new(Algorithm::EdDSA);
        wanted.set_issuer(&[ISSUER]);
        wanted.set_audience(&[AUDIENCE]);
        wanted.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // Below, by our own clock.
        (wanted.validate_exp, wanted.validate_nbf) = (false, false);
        let data = jsonwebtoken::decode::<Self>(token, &key, &wanted).map_err(|_| NotTaken::Invalid)?;
        data.claims.in_time(now.as_seconds())
    }

    fn in_time(self, now: i64) -> Result<Self, NotTaken> {
        let leeway = seconds(LEEWAY);
        let soon = now.saturating_add(leeway);
        let possible = self.iat <= self.exp && self.exp - self.iat <= seconds(ACCESS_LIFETIME);
        if self.nbf > soon || self.iat > soon || !possible {
            return Err(NotTaken::Invalid);
        }
        if self.exp <= now.saturating_sub(leeway) { Err(NotTaken::Expired) } else { Ok(self) }
    }
}

/// The id of the key that a token names, where the token looks like one of ours at all.
pub(crate) fn kid(token: &str) -> Option<String> {
    if token.len() > LONGEST {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let plain =
        header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some("JWT") && header.crit.is_none();
    header.kid.filter(|_| plain)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
