//! One-time links: the way in that needs no form and no password.

use std::time::Duration;

use base::id::UserId;

use crate::audit::{Act, action};
use crate::session::{Granted, Means};
use crate::{Client, GrantError, Identity, Token, store};

/// How long the printed owner link can be used.
pub const LINK_LIFETIME: Duration = Duration::from_hours(1);

/// Why a link does not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// It was used before, has expired, or never existed: the answer does not tell which.
    #[error(
        "this link was used or has expired; restart the server, or run `devmentor link`, for a fresh one"
    )]
    Invalid,
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
        let signer = self.signer().await?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some(user) = store::people::use_link(&mut tx, &token.hash(), now).await? else {
            drop(tx);
            self.note(Act::refused(action::SIGN_IN, client).means(Means::Link)).await?;
            return Err(RedeemError::Invalid);
        };
        let granted = self.grant(&mut tx, &signer, user, Means::Link, client).await?;
        tx.commit().await?;
        Ok(granted)
    }
}
