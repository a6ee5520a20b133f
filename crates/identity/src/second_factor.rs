//! A second factor: codes of an app beside the password (TOTP, RFC 6238), and codes for the day the app is lost.
//!
//! The key that app and server share is sealed in the database. Whoever has one in force and shows the first factor gets a
//! ticket instead of a session; the ticket and a code are a session. A code works once: whoever saw one over a shoulder
//! comes too late. A browser can be trusted for thirty days, and then asks for no code; that ends with the password it was
//! trusted under. The printed link asks for none: whoever reads the server's own output runs the server.
//!
//! Reading order: [`SecondFactor`] and [`Enrolment`], [`Identity::enrol`], [`Identity::second_step`], then `codes` (what
//! is right), `keys` (sealing anew).

mod codes;
mod keys;

use std::time::Duration;

use base::id::UserId;
use base::{Secret, Timestamp};
use secrets::{KeyFileError, Place};
use storage::Tx;
use transient::{RetryAfter, Rule};

pub use keys::{KeysError, Resealed, keys_in_use, reseal};

use crate::account::AccountError;
use crate::audit::{Act, action};
use crate::mail::text;
use crate::people::User;
use crate::session::{Granted, Means, Session, Signer};
use crate::store::factors::{self, Factor};
use crate::{Client, GrantError, Identity, Token};
use codes::Codes;

/// How long a sign-in waits for its code.
pub const PENDING_LIFETIME: Duration = Duration::from_mins(10);
/// How long a browser is trusted.
pub const TRUST_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How often a code may be tried with one ticket.
const TRIES: u32 = 5;
/// Codes that one place may try.
const PLACE: Rule = Rule { name: "code-place", quota: 30, window: Duration::from_mins(10) };
/// Codes that may be tried at one account: hopeless against six digits, of which three are right at a time.
const ACCOUNT: Rule = Rule { name: "code-account", quota: 30, window: Duration::from_hours(1) };

/// What a person's page says about their second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactor {
    /// Since when it is in force; `None` where there is none.
    pub since: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_left: u32,
    /// Browsers that ask for no code.
    pub trusted_browsers: u32,
}

/// What an app needs to make codes. Shown once; nothing is asked for until a code of it was given back.
#[derive(Debug)]
pub struct Enrolment {
    /// The key as text, in base 32.
    pub key: Secret,
    /// The same as an address that apps read from a picture.
    pub address: Secret,
}

/// A sign-in that waits for its code.
#[derive(Debug, Clone)]
pub struct Pending {
    /// What the code belongs to.
    pub ticket: Token,
    /// When it waits no longer.
    pub expires_at: Timestamp,
}

/// What came of showing the first factor.
pub(crate) enum Admitted {
    /// A session.
    In(Granted),
    /// A ticket for the second step.
    Waiting(Pending),
}

/// Why a second factor is as it was.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// The password is not right, or the account cannot be changed now.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// There is one in force.
    #[error("a second factor is in force already; remove it first")]
    On,
    /// There is none.
    #[error("there is no second factor; set one up first")]
    Off,
    /// The code is not right, or was used before.
    #[error("this code is not right, or was used before; wait for the next one")]
    Code,
    /// This program has no keys to seal with.
    #[error("this program keeps no second factors")]
    Unavailable,
    /// The keys cannot be read.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
}

impl From<storage::Error> for FactorError {
    fn from(error: storage::Error) -> Self {
        Self::Account(error.into())
    }
}

impl From<RetryAfter> for FactorError {
    fn from(wait: RetryAfter) -> Self {
        Self::Account(wait.into())
    }
}

/// Why the second step signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum SecondStepError {
    /// The code is not right, or was used before.
    #[error("this code is not right, or was used before; wait for the next one")]
    Code,
    /// The ticket is none, waited too long, or was tried too often.
    #[error("this sign-in waits no longer; begin again")]
    Over,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for SecondStepError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

/// Which kind of code was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Used {
    App,
    Recovery,
}

impl Identity {
    /// How a person's second factor is.
    pub async fn second_factor(&self, user: UserId) -> Result<SecondFactor, storage::Error> {
        let factor = factors::factor(&self.db, user).await?;
        let counts = factors::counts(&self.db, user, self.clock.now()).await?;
        Ok(SecondFactor {
            since: factor.and_then(|factor| factor.confirmed_at).map(Timestamp::from),
            recovery_left: u32::try_from(counts.recovery).unwrap_or(u32::MAX),
            trusted_browsers: u32::try_from(counts.browsers).unwrap_or(u32::MAX),
        })
    }

    /// Offers a key to somebody who has no second factor in force. Asking again offers another one.
    pub async fn enrol(
        &self,
        session: &Session,
        present: Option<&Secret>,
        client: &Client,
    ) -> Result<Enrolment, FactorError> {
        let keyring = self.keyring.as_ref().ok_or(FactorError::Unavailable)?;
        let user = &session.user;
        self.confirm(session, present, action::FACTOR_ON, client).await?;
        let codes = Codes::fresh(&self.ids, name(user));
        let sealed = keyring.seal(&place(user.id), &codes.key())?;
        let mut tx = self.db.begin().await?;
        if !factors::offer(&mut tx, user.id, &sealed, self.clock.now()).await? {
            return Err(FactorError::On);
        }
        tx.commit().await?;
        Ok(Enrolment { key: codes.key(), address: codes.address() })
    }

    /// Puts the offered key in force, with a code that shows that the app has it. What comes back are the recovery codes,
    /// the only time they are shown. `origin` is where people reach this server.
    pub async fn confirm_factor(
        &self,
        session: &Session,
        code: &str,
        origin: &str,
        client: &Client,
    ) -> Result<Vec<Secret>, FactorError> {
        let user = &session.user;
        self.limits.check(&user.id.to_string(), &ACCOUNT).await?;
        let factor = factors::factor(&self.db, user.id).await?.ok_or(FactorError::Off)?;
        if factor.confirmed_at.is_some() {
            return Err(FactorError::On);
        }
        let now = self.clock.now();
        let step =
            self.codes(user, &factor).and_then(|codes| codes.step(code, now)).ok_or(FactorError::Code)?;
        let mut tx = self.db.begin().await?;
        if !factors::confirm(&mut tx, user.id, &factor.sealed(), step, now).await? {
            return Err(FactorError::Code);
        }
        let recovery = self.new_recovery(&mut tx, user.id).await?;
        self.post(&mut tx, user.email.as_deref(), &text::factor_on(origin)).await?;
        self.audit().record(&mut tx, &Act::done(action::FACTOR_ON, user.id, client)).await?;
        tx.commit().await?;
        Ok(recovery)
    }

    /// Takes the second factor away, for password and code.
    pub async fn remove_factor(
        &self,
        session: &Session,
        present: Option<&Secret>,
        code: &str,
        origin: &str,
        client: &Client,
    ) -> Result<(), FactorError> {
        let user = &session.user;
        let mut tx = self.prove(session, present, code, action::FACTOR_OFF, client).await?;
        factors::remove(&mut tx, user.id).await?;
        self.post(&mut tx, user.email.as_deref(), &text::factor_off(origin)).await?;
        self.audit().record(&mut tx, &Act::done(action::FACTOR_OFF, user.id, client)).await?;
        Ok(tx.commit().await?)
    }

    /// Gives other recovery codes instead of all there were, for password and code.
    pub async fn renew_recovery(
        &self,
        session: &Session,
        present: Option<&Secret>,
        code: &str,
        client: &Client,
    ) -> Result<Vec<Secret>, FactorError> {
        let user = &session.user;
        let mut tx = self.prove(session, present, code, action::RECOVERY, client).await?;
        let recovery = self.new_recovery(&mut tx, user.id).await?;
        self.audit().record(&mut tx, &Act::done(action::RECOVERY, user.id, client)).await?;
        tx.commit().await?;
        Ok(recovery)
    }

    /// Trusts no browser any more.
    pub async fn forget_browsers(&self, user: UserId, client: &Client) -> Result<(), storage::Error> {
        let mut tx = self.db.begin().await?;
        factors::forget_browsers(&mut tx, user).await?;
        self.audit().record(&mut tx, &Act::done(action::DISTRUST, user, client)).await?;
        tx.commit().await
    }

    /// Compares password and code, and begins the transaction in which the code is used up.
    async fn prove(
        &self,
        session: &Session,
        present: Option<&Secret>,
        code: &str,
        act: &str,
        client: &Client,
    ) -> Result<Tx, FactorError> {
        let user = &session.user;
        self.confirm(session, present, act, client).await?;
        self.limits.check(&user.id.to_string(), &ACCOUNT).await?;
        let factor = factors::factor(&self.db, user.id).await?;
        let factor = factor.filter(|factor| factor.confirmed_at.is_some()).ok_or(FactorError::Off)?;
        let mut tx = self.db.begin().await?;
        if self.use_code(&mut tx, user, &factor, code).await?.is_none() {
            drop(tx);
            self.note(Act::refused(act, client).by(user.id)).await?;
            return Err(FactorError::Code);
        }
        Ok(tx)
    }

    async fn new_recovery(&self, tx: &mut Tx, user: UserId) -> Result<Vec<Secret>, storage::Error> {
        factors::forget_recovery(tx, user).await?;
        let recovery = codes::recovery(&self.ids);
        for code in &recovery {
            factors::insert_recovery(tx, user, codes::hash(code.expose())).await?;
        }
        Ok(recovery)
    }

    /// Makes a session for somebody who has shown the first factor; or a ticket, where a second one is in force and this is
    /// no browser that they trust.
    pub(crate) async fn admit(
        &self,
        tx: &mut Tx,
        signer: &Signer,
        user: User,
        means: Means,
        client: &Client,
    ) -> Result<Admitted, GrantError> {
        let now = self.clock.now();
        let trusted = match &client.browser {
            Some(token) => factors::trusts(tx, token, user.id, now).await?,
            None => false,
        };
        if trusted || !factors::is_on(tx, user.id).await? {
            return Ok(Admitted::In(self.grant(tx, signer, user, means, client).await?));
        }
        let pending = Pending { ticket: Token::new(&self.ids), expires_at: now.plus(PENDING_LIFETIME) };
        let ticket = pending.ticket.hash();
        factors::insert_pending(tx, ticket, user.id, means.as_str(), now, pending.expires_at).await?;
        Ok(Admitted::Waiting(pending))
    }

    /// Signs in with the ticket of the first step and a code. With `trust` there is also what makes this browser one that
    /// asks for none. `origin` is where people reach this server.
    pub async fn second_step(
        &self,
        ticket: &Token,
        code: &str,
        trust: bool,
        origin: &str,
        client: &Client,
    ) -> Result<(Granted, Option<Token>), SecondStepError> {
        self.limit_place(client, &PLACE).await?;
        let signer = self.signer().await?;
        let mut tx = self.db.begin().await?;
        // The try counts, whatever comes of it; so it is kept before it is looked at.
        let waiting = factors::try_pending(&mut tx, &ticket.hash(), TRIES, self.clock.now()).await?;
        tx.commit().await?;
        let Some((user, means)) = waiting else {
            self.note(Act::refused(action::SECOND_STEP, client)).await?;
            return Err(SecondStepError::Over);
        };
        self.limits.check(&user.id.to_string(), &ACCOUNT).await?;
        let factor = factors::factor(&self.db, user.id).await?.ok_or(SecondStepError::Over)?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some(used) = self.use_code(&mut tx, &user, &factor, code).await? else {
            drop(tx);
            self.note(Act::refused(action::SECOND_STEP, client).by(user.id)).await?;
            return Err(SecondStepError::Code);
        };
        // Whoever changed the password meanwhile ended what waited under the old one.
        if !factors::take_pending(&mut tx, &ticket.hash()).await? {
            return Err(SecondStepError::Over);
        }
        if used == Used::Recovery {
            self.post(&mut tx, user.email.as_deref(), &text::recovery_used(origin)).await?;
        }
        let browser = trust.then(|| Token::new(&self.ids));
        if let Some(token) = &browser {
            factors::insert_browser(&mut tx, token.hash(), user.id, now, now.plus(TRUST_LIFETIME)).await?;
        }
        let means = Means::parse(&means).unwrap_or(Means::Password);
        let granted = self.grant(&mut tx, &signer, user, means, client).await?;
        tx.commit().await?;
        Ok((granted, browser))
    }

    /// Uses up a code of the app, or a recovery code; `None` for what is none, or no longer.
    async fn use_code(
        &self,
        tx: &mut Tx,
        user: &User,
        factor: &Factor,
        code: &str,
    ) -> Result<Option<Used>, storage::Error> {
        let step = self.codes(user, factor).and_then(|codes| codes.step(code, self.clock.now()));
        let used = match step {
            Some(step) => factors::use_step(tx, user.id, step).await?.then_some(Used::App),
            None => factors::use_recovery(tx, user.id, codes::hash(code)).await?.then_some(Used::Recovery),
        };
        Ok(used)
    }

    /// What makes a person's codes; `None` where their key cannot be opened. Recovery codes still work then.
    fn codes(&self, user: &User, factor: &Factor) -> Option<Codes> {
        let keyring = self.keyring.as_ref()?;
        let opened = keyring.open(&place(user.id), &factor.sealed());
        let opened = opened.inspect_err(|error| {
            tracing::error!(user = %user.id, %error, "the key of a second factor cannot be opened");
        });
        Codes::kept(&opened.ok()?, name(user))
    }
}

/// What apps show beside the code.
fn name(user: &User) -> &str {
    user.email.as_deref().unwrap_or(&user.handle)
}

/// Where a key belongs.
fn place(user: UserId) -> Place {
    Place::new(user, "identity_factor", "secret", user)
}
