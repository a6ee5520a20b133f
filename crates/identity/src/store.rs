//! The SQL of people, workspaces and sessions.

use base::id::{SessionId, UserId, WorkspaceId};
use base::{Actor, Role, Timestamp};
use storage::{Db, Error, Tx};

use crate::{Membership, Session, User, Workspace};

#[derive(sqlx::FromRow)]
struct ActorRow {
    #[sqlx(try_from = "String")]
    user_id: UserId,
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
    role: String,
}

impl ActorRow {
    fn actor(self) -> Actor {
        // The column's CHECK admits only these names; an unknown one gets the least rights.
        let role = Role::parse(&self.role).unwrap_or(Role::Viewer);
        Actor { user: self.user_id, workspace: self.workspace_id, role }
    }
}

const OWNER: &str = "SELECT user_id, workspace_id, role FROM identity_member WHERE role = 'owner'
    ORDER BY created_at, workspace_id LIMIT 1";

pub(crate) async fn owner(db: &Db) -> Result<Option<Actor>, Error> {
    Ok(db.query(OWNER).optional::<ActorRow>().await?.map(ActorRow::actor))
}

pub(crate) async fn owner_in(tx: &mut Tx) -> Result<Option<Actor>, Error> {
    Ok(tx.query(OWNER).optional::<ActorRow>().await?.map(ActorRow::actor))
}

pub(crate) async fn insert_user(tx: &mut Tx, user: &User, now: Timestamp) -> Result<(), Error> {
    tx.query("INSERT INTO identity_user (id, handle, name, created_at, version) VALUES ($1, $2, $3, $4, 1)")
        .bind(user.id)
        .bind(user.handle.as_str())
        .bind(user.name.as_str())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub(crate) async fn insert_workspace(
    tx: &mut Tx,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_workspace (id, slug, name, created_at, version) VALUES ($1, $2, $3, $4, 1)",
    )
    .bind(workspace.id)
    .bind(workspace.slug.as_str())
    .bind(workspace.name.as_str())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

pub(crate) async fn insert_member(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), Error> {
    tx.query("INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)")
        .bind(actor.workspace)
        .bind(actor.user)
        .bind(actor.role.as_str())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub(crate) async fn expire_links(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_link SET expires_at = $2 WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(user)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

pub(crate) async fn insert_link(
    tx: &mut Tx,
    hash: &[u8],
    user: UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_link (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(hash.to_vec())
    .bind(user)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct UserRow {
    #[sqlx(try_from = "String")]
    id: UserId,
    handle: String,
    name: String,
}

/// Marks the link as used and gives its person; `None` when it cannot be used (any more).
pub(crate) async fn use_link(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<Option<User>, Error> {
    let used = tx
        .query("UPDATE identity_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(hash.to_vec())
        .bind(now)
        .execute()
        .await?;
    if used == 0 {
        return Ok(None);
    }
    let user = tx
        .query(
            "SELECT u.id, u.handle, u.name FROM identity_link l JOIN identity_user u ON u.id = l.user_id
             WHERE l.token_hash = $1",
        )
        .bind(hash.to_vec())
        .optional::<UserRow>()
        .await?;
    Ok(user.map(|row| User { id: row.id, handle: row.handle, name: row.name }))
}

pub(crate) async fn insert_session(
    tx: &mut Tx,
    session: &Session,
    hash: &[u8],
    user_agent: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_session (id, user_id, token_hash, user_agent, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session.id)
    .bind(session.user.id)
    .bind(hash.to_vec())
    .bind(user_agent)
    .bind(now)
    .bind(session.expires_at)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    #[sqlx(try_from = "String")]
    id: SessionId,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
    #[sqlx(try_from = "String")]
    user_id: UserId,
    handle: String,
    name: String,
}

pub(crate) async fn session(db: &Db, hash: &[u8], now: Timestamp) -> Result<Option<Session>, Error> {
    let row = db
        .query(
            "SELECT s.id, s.expires_at, u.id AS user_id, u.handle, u.name
             FROM identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2",
        )
        .bind(hash.to_vec())
        .bind(now)
        .optional::<SessionRow>()
        .await?;
    Ok(row.map(|row| Session {
        id: row.id,
        user: User { id: row.user_id, handle: row.handle, name: row.name },
        expires_at: row.expires_at,
    }))
}

pub(crate) async fn is_live(db: &Db, session: SessionId, now: Timestamp) -> Result<bool, Error> {
    let row = db
        .query("SELECT id FROM identity_session WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2")
        .bind(session)
        .bind(now)
        .optional::<(String,)>()
        .await?;
    Ok(row.is_some())
}

/// Whether the session was live until now.
pub(crate) async fn revoke(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<bool, Error> {
    let ended = tx
        .query("UPDATE identity_session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(session)
        .bind(now)
        .execute()
        .await?;
    Ok(ended > 0)
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    #[sqlx(try_from = "String")]
    id: WorkspaceId,
    slug: String,
    name: String,
    role: String,
}

pub(crate) async fn memberships(db: &Db, user: UserId) -> Result<Vec<Membership>, Error> {
    let rows = db
        .query(
            "SELECT w.id, w.slug, w.name, m.role FROM identity_member m
             JOIN identity_workspace w ON w.id = m.workspace_id
             WHERE m.user_id = $1 ORDER BY w.slug",
        )
        .bind(user)
        .all::<MembershipRow>()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Membership {
            workspace: Workspace { id: row.id, slug: row.slug, name: row.name },
            role: Role::parse(&row.role).unwrap_or(Role::Viewer),
        })
        .collect())
}

pub(crate) async fn actor(db: &Db, user: UserId, slug: &str) -> Result<Option<Actor>, Error> {
    let row = db
        .query(
            "SELECT m.user_id, m.workspace_id, m.role FROM identity_member m
             JOIN identity_workspace w ON w.id = m.workspace_id
             WHERE m.user_id = $1 AND w.slug = $2",
        )
        .bind(user)
        .bind(slug)
        .optional::<ActorRow>()
        .await?;
    Ok(row.map(ActorRow::actor))
}
