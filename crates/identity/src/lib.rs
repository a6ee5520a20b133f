//! People, workspaces and sessions.
//!
//! For now a server has one owner, who signs in with a one-time link that the server prints when it starts: nothing
//! to register, no password to lose. Tenancy is complete all the same: every session belongs to a user, every actor
//! to a workspace.
//!
//! Deliberately unknown here: HTTP, cookies, what the other contexts store.
//!
//! Reading order: [`Identity`], then [`token`] (what is handed out, and what is stored of it).

mod store;
pub mod token;

use std::time::Duration;

use base::id::{SessionId, UserId, WorkspaceId};
use base::{Actor, Clock, Ids, Role, Timestamp};
use events::{Event, Events};
use storage::Db;

pub use token::Token;

/// How long the printed owner link can be used.
pub const LINK_LIFETIME: Duration = Duration::from_hours(1);
/// How long a session lives.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// Sessions remember at most this much of what a client calls itself.
const USER_AGENT_LIMIT: usize = 200;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Short unique name.
    pub handle: String,
    /// Name as people write it.
    pub name: String,
}

/// A workspace: the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name as people write it.
    pub name: String,
}

/// A workspace and what somebody may do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The role in it.
    pub role: Role,
}

/// A signed-in client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user: User,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Why a link does not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// It was used before, has expired, or never existed: the answer does not tell which.
    #[error(
        "this link was used or has expired; restart the server, or run `devmentor link`, for a fresh one"
    )]
    Invalid,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// The context.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    events: Events,
    clock: Clock,
    ids: Ids,
}

impl Identity {
    /// Joins the context to its storage, clock and ids.
    pub fn new(db: Db, events: Events, clock: Clock, ids: Ids) -> Self {
        Self { db, events, clock, ids }
    }

    /// The owner of this server and their workspace; made when there is none yet.
    pub async fn ensure_owner(&self) -> Result<Actor, storage::Error> {
        if let Some(owner) = store::owner(&self.db).await? {
            return Ok(owner);
        }
        let mut tx = self.db.begin().await?;
        // Another process may have been faster; inside the transaction its owner is seen.
        if let Some(owner) = store::owner_in(&mut tx).await? {
            return Ok(owner);
        }
        let now = self.clock.now();
        let user = User { id: self.ids.new_id(), handle: "owner".into(), name: "Owner".into() };
        let workspace = Workspace { id: self.ids.new_id(), slug: "home".into(), name: "Home".into() };
        store::insert_user(&mut tx, &user, now).await?;
        store::insert_workspace(&mut tx, &workspace, now).await?;
        let owner = Actor { user: user.id, workspace: workspace.id, role: Role::Owner };
        store::insert_member(&mut tx, &owner, now).await?;
        tx.commit().await?;
        Ok(owner)
    }

    /// A fresh one-time link token for that person. Older unused ones stop working.
    pub async fn new_link(&self, user: UserId) -> Result<Token, storage::Error> {
        let token = Token::new(&self.ids);
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        store::expire_links(&mut tx, user, now).await?;
        store::insert_link(&mut tx, &token.hash(), user, now, now.plus(LINK_LIFETIME)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Signs in with a link token, once.
    pub async fn redeem_link(
        &self,
        token: &Token,
        user_agent: &str,
    ) -> Result<(Token, Session), RedeemError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let user = store::use_link(&mut tx, &token.hash(), now).await?.ok_or(RedeemError::Invalid)?;
        let session = Session { id: self.ids.new_id(), user, expires_at: now.plus(SESSION_LIFETIME) };
        let secret = Token::new(&self.ids);
        let user_agent: String = user_agent.chars().take(USER_AGENT_LIMIT).collect();
        store::insert_session(&mut tx, &session, &secret.hash(), &user_agent, now).await?;
        tx.commit().await?;
        Ok((secret, session))
    }

    /// The live session with that token.
    pub async fn session(&self, token: &Token) -> Result<Option<Session>, storage::Error> {
        store::session(&self.db, &token.hash(), self.clock.now()).await
    }

    /// Whether the session is still live; long connections ask again.
    pub async fn is_live(&self, session: SessionId) -> Result<bool, storage::Error> {
        store::is_live(&self.db, session, self.clock.now()).await
    }

    /// Ends a session everywhere. Ending one that has ended already is not an error.
    pub async fn revoke(&self, session: &Session) -> Result<(), storage::Error> {
        let mut tx = self.db.begin().await?;
        if store::revoke(&mut tx, session.id, self.clock.now()).await? {
            let channel = events::Channel::user(session.user.id);
            self.events.emit(
                &mut tx,
                channel,
                Some(session.user.id),
                Event::SessionRevoked { session: session.id },
            );
        }
        tx.commit().await
    }

    /// The workspaces of a person, by slug.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, storage::Error> {
        store::memberships(&self.db, user).await
    }

    /// The proof that a person belongs to the workspace with that slug, where they do.
    pub async fn actor(&self, user: UserId, slug: &str) -> Result<Option<Actor>, storage::Error> {
        store::actor(&self.db, user, slug).await
    }
}
