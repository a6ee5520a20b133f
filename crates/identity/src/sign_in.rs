//! Signing in with an address and a password.
//!
//! Whoever fails learns nothing: a wrong password, an address that nobody has, an account without a password and one
//! that is closed answer alike, after the same work. Tries are limited for each pair of place and account, for each
//! place, and for each account. That last bound is far above what a few places reach, and does not count for places from
//! which the account was signed in to before, so that nobody can lock somebody else out. Where the place is not known,
//! only the last one counts.

use std::time::Duration;

use base::Secret;
use base::id::UserId;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::password::{Busy, Verdict};
use crate::second_factor::{Admitted, Pending};
use crate::session::{Granted, Means, SESSION_LIFETIME};
use crate::{Client, GrantError, Identity, address, store};

/// Tries of one place at one account.
const PAIR: Rule = Rule { name: "sign-in-place_and_account", quota: 5, window: Duration::from_mins(1) };
/// The same for as long as it goes on.
const PAIR_LASTING: Rule =
    Rule { name: "sign-in-place_and_account-lasting", quota: 30, window: Duration::from_hours(1) };
/// Tries of one place at any account.
const PLACE: Rule = Rule { name: "sign-in-place", quota: 50, window: Duration::from_mins(1) };
/// Tries of places that the account does not know at one account: more than a hundred places together reach, so that few
/// cannot close it to its person, and still hopeless against a password that is taken.
const ACCOUNT: Rule = Rule { name: "sign-in-account", quota: 5_000, window: Duration::from_hours(1) };

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Address or password is not right; which one is not told.
    #[error("email or password is not right")]
    Refused,
    /// They are, and a code of the app is needed besides.
    #[error("a code of the app is needed")]
    CodeNeeded(Pending),
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

impl From<storage::Error> for SignInError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

impl Identity {
    /// Signs in.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Secret,
        client: &Client,
    ) -> Result<Granted, SignInError> {
        let email = address::email(email);
        let signer = self.signer().await?;
        // An address that is none is limited like one that nobody has.
        self.limit_sign_in(email.as_deref().unwrap_or_default(), client).await?;
        let known = match &email {
            Some(email) => store::accounts::by_email(&self.db, email).await?,
            None => None,
        };
        let kept = known.as_ref().and_then(|known| known.password.as_deref());
        let verdict = self.passwords.verify(password, kept).await?;
        let (known, kept, today) = match (&known, kept, &verdict) {
            (Some(known), Some(kept), Verdict::Right) if !known.shut => (known, kept, kept),
            (Some(known), Some(kept), Verdict::Outdated(today)) if !known.shut => {
                (known, kept, today.as_str())
            }
            _ => return self.refuse_sign_in(known.map(|known| known.user.id), client).await,
        };
        let mut tx = self.db.begin().await?;
        // Comparing took a while: who changed the password meanwhile means the old one to sign nobody in any more.
        if !store::accounts::hold_password(&mut tx, known.user.id, kept, today).await? {
            drop(tx);
            return self.refuse_sign_in(Some(known.user.id), client).await;
        }
        let admitted = self.admit(&mut tx, &signer, known.user.clone(), Means::Password, client).await?;
        tx.commit().await?;
        match admitted {
            Admitted::In(granted) => Ok(granted),
            Admitted::Waiting(pending) => Err(SignInError::CodeNeeded(pending)),
        }
    }

    async fn refuse_sign_in(&self, of: Option<UserId>, client: &Client) -> Result<Granted, SignInError> {
        let mut act = Act::refused(action::SIGN_IN, client).means(Means::Password);
        act.actor = of;
        self.note(act).await?;
        Err(SignInError::Refused)
    }

    async fn limit_sign_in(&self, email: &str, client: &Client) -> Result<(), SignInError> {
        let mut was_here = false;
        if let Some(network) = client.network() {
            let pair = format!("{network} {email}");
            self.limits.check(&pair, &PAIR).await?;
            self.limits.check(&pair, &PAIR_LASTING).await?;
            self.limits.check(&network, &PLACE).await?;
            // Longer than a session lasts that nobody uses: who comes back after its end is no stranger.
            let since = self.clock.now().minus(SESSION_LIFETIME);
            let places = store::sessions::places(&self.db, email, since).await?;
            was_here = places
                .into_iter()
                .any(|place| Client::new(Some(place), "").network().as_ref() == Some(&network));
        }
        // Without a place everybody would be where somebody was.
        if !was_here {
            self.limits.check(email, &ACCOUNT).await?;
        }
        Ok(())
    }
}
