//! One-time links: the way in that needs no form and no password.

use std::time::Duration;

use base::id::UserId;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::session::{Granted, Means};
use crate::{Client, GrantError, Identity, Token, store};

/// How long the printed owner link can be used.
pub const LINK_LIFETIME: Duration = Duration::from_hours(1);

/// Links that one place may try in vain.
const LINKS: Rule = Rule { name: "link-place", quota: 30, window: Duration::from_mins(10) };

/// Why a link does not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// It was used before, has expired, or never existed: the answer does not tell which.
    #[error(
        "this link was used or has expired; restart the server, or run `devmentor link`, for a fresh one"
    )]
    Invalid,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for RedeemError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

impl Identity {
    /// A fresh one-time link token for that person. Older unused ones stop working.
    pub async fn new_link(&self, user: UserId) -> Result<Token, storage::Error> {
        let token = Token::new(&self.ids);
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        store::people::expire_links(&mut tx, user, now).await?;
        store::people::insert_link(&mut tx, &token.hash(), user, now, now.plus(LINK_LIFETIME)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Signs in with a link token, once.
    pub async fn redeem_link(&self, token: &Token, client: &Client) -> Result<Granted, RedeemError> {
        self.check_link(token, client).await?;
        let now = self.clock.now();
        let signer = self.signer().await?;
        let mut tx = self.db.begin().await?;
        let Some(user) = store::people::use_link(&mut tx, &token.hash(), now).await? else {
            drop(tx);
            return Err(self.refuse_link(client).await?);
        };
        let granted = self.grant(&mut tx, &signer, user, Means::Link, client).await?;
        tx.commit().await?;
        Ok(granted)
    }

    /// Whether the link can be used. Looked up before anything is written: anybody may send anything here, and what is
    /// noted stays.
    pub(crate) async fn check_link(&self, token: &Token, client: &Client) -> Result<(), RedeemError> {
        if store::people::link_works(&self.db, &token.hash(), self.clock.now()).await? {
            return Ok(());
        }
        Err(self.refuse_link(client).await?)
    }

    async fn refuse_link(&self, client: &Client) -> Result<RedeemError, RedeemError> {
        self.limits.check(&client.network().unwrap_or_default(), &LINKS).await?;
        self.note(Act::refused(action::SIGN_IN, client).means(Means::Link)).await?;
        Ok(RedeemError::Invalid)
    }
}
