//! A new password by mail, for somebody who forgot theirs.

use std::time::Duration;

use base::Secret;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::mail::text;
use crate::password::{Busy, Refused, SetError};
use crate::second_factor::{Admitted, Pending};
use crate::session::{Ended, Granted, Means, SessionInfo};
use crate::store::sessions::Which;
use crate::{Client, GrantError, Identity, Token, address, store};

/// How long a reset link works.
pub const RESET_LIFETIME: Duration = Duration::from_hours(1);
/// Resets that one place may ask for.
const PLACE: Rule = Rule { name: "forgot-place", quota: 20, window: Duration::from_hours(1) };
/// Mails that one address is sent because of it.
const ADDRESS: Rule = Rule { name: "forgot-address", quota: 5, window: Duration::from_hours(1) };
/// Links that one place may try.
const LINKS: Rule = Rule { name: "reset-place", quota: 30, window: Duration::from_mins(10) };

/// Why no mail is on its way.
#[derive(Debug, thiserror::Error)]
pub enum ForgotError {
    /// The address is none.
    #[error("this is not an address of mail")]
    Email,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why the password is what it was.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The link was used, is too old, or never existed; which is not told.
    #[error("this link does not work, or no longer; ask for a fresh one")]
    Link,
    /// The password is set, and everybody is signed out; a code of the app is needed to sign in here.
    #[error("the password is set; a code of the app is needed to sign in")]
    CodeNeeded(Pending),
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] Refused),
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// Too many passwords are being looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for ResetError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

impl From<SetError> for ResetError {
    fn from(error: SetError) -> Self {
        match error {
            SetError::Refused(refused) => Self::Password(refused),
            SetError::Busy(busy) => Self::Busy(busy),
        }
    }
}

impl Identity {
    /// Sends a link to set a new password, if somebody has that address. `origin` is where people reach this server.
    pub async fn forgot(&self, email: &str, origin: &str, client: &Client) -> Result<(), ForgotError> {
        let email = address::email(email).ok_or(ForgotError::Email)?;
        self.limit_place(client, &PLACE).await?;
        self.limits.check(&email, &ADDRESS).await?;
        let (token, now) = (Token::new(&self.ids), self.clock.now());
        let mut tx = self.db.begin().await?;
        let known = store::accounts::by_email_in(&mut tx, &email).await?.filter(|known| !known.shut);
        let user = known.map(|known| known.user.id);
        // The same rows for an address that nobody has, so that it takes as long.
        store::accounts::insert_reset(&mut tx, &token.hash(), user, now, now.plus(RESET_LIFETIME)).await?;
        self.post(&mut tx, user.map(|_| email.as_str()), &text::reset(origin, &token)).await?;
        let mut act = Act::by_nobody(action::FORGOT, client);
        act.object = user.map(String::from);
        self.audit().record(&mut tx, &act).await?;
        Ok(tx.commit().await?)
    }

    /// The sessions that end when that link is used.
    pub async fn sessions_of_reset(
        &self,
        token: &Token,
        client: &Client,
    ) -> Result<Vec<SessionInfo>, ResetError> {
        self.limit_place(client, &LINKS).await?;
        let user = store::accounts::reset(&self.db, &token.hash(), self.clock.now()).await?;
        Ok(self.sessions(user.ok_or(ResetError::Link)?.id).await?)
    }

    /// Sets a new password, ends every session, and signs in here.
    pub async fn reset(
        &self,
        token: &Token,
        password: &Secret,
        client: &Client,
    ) -> Result<Granted, ResetError> {
        self.limit_place(client, &LINKS).await?;
        let signer = self.signer().await?;
        let Some(user) = store::accounts::reset(&self.db, &token.hash(), self.clock.now()).await? else {
            self.note(Act::refused(action::RESET, client)).await?;
            return Err(ResetError::Link);
        };
        let email = user.email.as_deref().unwrap_or_default();
        let kept = self.passwords.set(password, &[&user.name, email]).await?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Somebody may have used it meanwhile.
        if !store::accounts::use_resets(&mut tx, &token.hash(), user.id, now).await? {
            return Err(ResetError::Link);
        }
        store::accounts::set_password(&mut tx, user.id, &kept, now).await?;
        self.end(&mut tx, user.id, Which::All, Ended::PasswordChanged).await?;
        self.audit().record(&mut tx, &Act::done(action::RESET, user.id, client)).await?;
        // Whoever reads the mail has one factor, not both: no browser is trusted any more.
        store::factors::forget_browsers(&mut tx, user.id).await?;
        let admitted = self.admit(&mut tx, &signer, user, Means::Reset, client).await?;
        tx.commit().await?;
        match admitted {
            Admitted::In(granted) => Ok(granted),
            Admitted::Waiting(pending) => Err(ResetError::CodeNeeded(pending)),
        }
    }
}
