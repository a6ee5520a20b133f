//! Signing a program in by a code (RFC 8628): the program shows it, and somebody who is signed in approves it.
//!
//! The program holds a long token that nobody sees; the person types a short code that alone signs nobody in. So a code
//! that is guessed approves another's program at worst, which its page names, and guesses are few.

use std::time::Duration;

use base::Timestamp;
use base::id::UserId;
use sha2::{Digest, Sha256};
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::session::{GrantError, Granted, Means, Session};
use crate::{Client, Identity, Token, address, store};

/// How long a code can be approved.
pub const DEVICE_LIFETIME: Duration = Duration::from_mins(10);
/// How long a program waits between two questions.
pub const DEVICE_PAUSE: Duration = Duration::from_secs(5);
/// What a code is made of: no vowels, so that it spells no word, and nothing that looks like another (RFC 8628, 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Codes that one place may ask for.
const BEGUN: Rule = Rule { name: "device-place", quota: 30, window: Duration::from_mins(10) };
/// Codes that one person may type.
const TYPED: Rule = Rule { name: "device-typed", quota: 30, window: Duration::from_mins(10) };
/// Tokens that one place may invent.
const INVENTED: Rule = Rule { name: "device-invented", quota: 30, window: Duration::from_mins(10) };

/// What a program needs to be signed in.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// With what it asks.
    pub token: Token,
    /// What it shows, such as `BCDF-GHJK`.
    pub code: String,
    /// Until when the code can be approved.
    pub expires_at: Timestamp,
}

/// A program that waits to be signed in, as the page shows it that asks whether it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// What it says that it is.
    pub client: String,
    /// The address it asked from, where that was known.
    pub place: Option<String>,
    /// What it calls itself to servers.
    pub agent: String,
    /// When it asked.
    pub created_at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
}

/// Why a code leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The name is none.
    #[error("a name has 1 to {} characters on one line", address::NAME)]
    Name,
    /// No program waits with that code.
    #[error("no program waits with this code; look at it again, or start the sign-in anew")]
    Unknown,
    /// There were too many.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why a program is not signed in, or not yet.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Nobody has approved it yet.
    #[error("nobody has approved the code yet")]
    Pending,
    /// It asks too often: from now on this many seconds have to pass.
    #[error("asked too soon; wait {0} seconds between two questions")]
    SlowDown(u32),
    /// Somebody said no.
    #[error("the sign-in was denied")]
    Denied,
    /// The code ran out, was used, or never was one.
    #[error("the code has expired; start the sign-in anew")]
    Expired,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for PollError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

/// The code as it is shown: two groups of four letters.
fn spell(random: &[u8; 32]) -> String {
    let letter = |bytes: &[u8]| {
        // Of 32 bits, so that none of twenty letters is likelier by more than one in a hundred million.
        let number = bytes.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        char::from(LETTERS[number as usize % LETTERS.len()])
    };
    let mut code: String = random.chunks(4).map(letter).collect();
    code.insert(4, '-');
    code
}

/// What is stored of a code, however it was typed.
fn hash(code: &str) -> Vec<u8> {
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    Sha256::digest(letters.as_bytes()).to_vec()
}

impl Identity {
    /// A code for a program that wants to be signed in. `name` is what it says that it is.
    pub async fn begin_device(&self, name: &str, client: &Client) -> Result<DeviceCode, CodeError> {
        let name = address::name(name).ok_or(CodeError::Name)?;
        self.limit_place(client, &BEGUN).await?;
        let (token, code, now) = (Token::new(&self.ids), spell(&self.ids.new_token()), self.clock.now());
        let expires_at = now.plus(DEVICE_LIFETIME);
        let waiting = store::devices::New {
            token: token.hash(),
            code: hash(&code),
            name,
            expires_at,
            pause: DEVICE_PAUSE,
        };
        let mut tx = self.db.begin().await?;
        store::devices::insert(&mut tx, waiting, client, now).await?;
        tx.commit().await?;
        Ok(DeviceCode { token, code, expires_at })
    }

    /// The program that shows a code, for whoever is asked to approve it.
    pub async fn device_request(&self, user: UserId, code: &str) -> Result<DeviceRequest, CodeError> {
        self.limits.check(&user.to_string(), &TYPED).await?;
        let found = store::devices::waiting(&self.db, &hash(code), self.clock.now()).await?;
        found.ok_or(CodeError::Unknown)
    }

    /// Approves the program that shows a code, so that it is signed in as that person, or says no.
    pub async fn decide_device(
        &self,
        session: &Session,
        code: &str,
        allow: bool,
        client: &Client,
    ) -> Result<(), CodeError> {
        let user = session.user.id;
        let waiting = self.device_request(user, code).await?;
        let mut tx = self.db.begin().await?;
        // Whoever ends the sessions of this person is before it, or takes the approval back with them.
        store::accounts::hold(&mut tx, user).await?;
        if !store::sessions::lives_in(&mut tx, user, session.id, self.clock.now()).await? {
            return Err(CodeError::Unknown);
        }
        if !store::devices::decide(&mut tx, &hash(code), user, allow, self.clock.now()).await? {
            return Err(CodeError::Unknown);
        }
        let act = if allow {
            Act::done(action::DEVICE, user, client)
        } else {
            Act::refused(action::DEVICE, client).by(user)
        };
        self.audit().record(&mut tx, &act.saying(&waiting.client)).await?;
        Ok(tx.commit().await?)
    }

    /// Signs the program in that holds the token, once its code was approved.
    pub async fn poll_device(&self, token: &Token, client: &Client) -> Result<Granted, PollError> {
        let (hash, now) = (token.hash(), self.clock.now());
        // Looked up before anything is written: anybody may send anything here.
        let Some(found) = store::devices::by_token(&self.db, &hash).await? else {
            self.limits.check(&client.network().unwrap_or_default(), &INVENTED).await?;
            return Err(PollError::Expired);
        };
        if found.used || found.expires_at <= now {
            return Err(PollError::Expired);
        }
        match found.answer {
            None => self.wait(&hash, &found, now).await,
            Some((_, false)) => Err(PollError::Denied),
            Some((user, true)) => self.enter_by_code(&hash, user, client).await,
        }
    }

    /// What a program is told that is not approved yet. One that asks too soon waits longer from then on (RFC 8628, 3.5).
    async fn wait(
        &self,
        hash: &[u8],
        found: &store::devices::Polled,
        now: Timestamp,
    ) -> Result<Granted, PollError> {
        let soon = found.asked_at.is_some_and(|at| now.since(at) < found.pause);
        let pause = if soon { found.pause + DEVICE_PAUSE } else { found.pause };
        let mut tx = self.db.begin().await?;
        store::devices::polled(&mut tx, hash, pause, now).await?;
        tx.commit().await?;
        Err(if soon {
            PollError::SlowDown(u32::try_from(pause.as_secs()).unwrap_or(u32::MAX))
        } else {
            PollError::Pending
        })
    }

    async fn enter_by_code(&self, hash: &[u8], user: UserId, client: &Client) -> Result<Granted, PollError> {
        let signer = self.signer().await?;
        let known = store::accounts::by_id(&self.db, user).await?.filter(|known| !known.shut);
        let known = known.ok_or(PollError::Expired)?;
        let mut tx = self.db.begin().await?;
        if !store::devices::use_up(&mut tx, hash, self.clock.now()).await? {
            return Err(PollError::Expired);
        }
        let granted = self.grant(&mut tx, &signer, known.user, Means::Device, client).await?;
        tx.commit().await.map_err(GrantError::from)?;
        Ok(granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eight_letters_and_is_known_however_it_is_typed() {
        let code = spell(&base::Ids::random(base::Clock::system()).new_token());
        let letters = code.replace('-', "");
        assert!(
            code.len() == 9 && letters.len() == 8 && letters.bytes().all(|letter| LETTERS.contains(&letter))
        );
        assert_eq!(hash(&code), hash(&format!(" {} ", letters.to_lowercase())));
        assert_ne!(hash(&code), hash("BBBB-BBBZ"));
        assert_eq!(spell(&[0; 32]), "BBBB-BBBB");
    }
}
