//! Invitations. One that ran out waits like the others until it is sent again, revoked or forgotten.

use base::id::{InviteId, UserId, WorkspaceId};
use base::{Actor, Role, Timestamp};
use storage::{Db, Error, Tx};

use super::members::role;
use crate::invites::{Invitation, Invite};
use crate::people::Workspace;

/// An invitation that is to be sent.
pub(crate) struct New {
    pub(crate) id: InviteId,
    pub(crate) email: String,
    pub(crate) role: Role,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    new: &New,
    hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_invite (id, workspace_id, email, role, token_hash, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(actor.workspace)
    .bind(new.email.as_str())
    .bind(new.role.as_str())
    .bind(hash)
    .bind(now)
    .bind(actor.user)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Whether somebody with that address is in the workspace.
pub(crate) async fn is_member(tx: &mut Tx, workspace: WorkspaceId, email: &str) -> Result<bool, Error> {
    let found = tx
        .query(
            "SELECT m.user_id FROM identity_member m JOIN identity_user u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND u.email = $2",
        )
        .bind(workspace)
        .bind(email)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
struct IdRow {
    #[sqlx(try_from = "String")]
    id: InviteId,
}

/// The invitation that waits for that address.
pub(crate) async fn waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    email: &str,
) -> Result<Option<InviteId>, Error> {
    let row = tx
        .query("SELECT id FROM identity_invite WHERE workspace_id = $1 AND email = $2 AND ended_at IS NULL")
        .bind(workspace)
        .bind(email)
        .optional::<IdRow>()
        .await?;
    Ok(row.map(|row| row.id))
}

/// Takes an invitation out that is to be sent anew: its address and role.
pub(crate) async fn take(
    tx: &mut Tx,
    workspace: WorkspaceId,
    invite: InviteId,
) -> Result<Option<(String, Role)>, Error> {
    let row = tx
        .query(
            "DELETE FROM identity_invite WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL
             RETURNING email, role",
        )
        .bind(workspace)
        .bind(invite)
        .optional::<(String, String)>()
        .await?;
    Ok(row.map(|(email, name)| (email, role(&name))))
}

/// Takes an invitation back; whether it waited.
pub(crate) async fn revoke(
    tx: &mut Tx,
    workspace: WorkspaceId,
    invite: InviteId,
    now: Timestamp,
) -> Result<bool, Error> {
    let revoked = tx
        .query(
            "UPDATE identity_invite SET ended_at = $3, ended_how = 'revoked'
             WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL",
        )
        .bind(workspace)
        .bind(invite)
        .bind(now)
        .execute()
        .await?;
    Ok(revoked == 1)
}

/// Takes back what somebody sent and waits; which ones, in a fixed order.
pub(crate) async fn revoke_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<InviteId>, Error> {
    let mut revoked: Vec<_> = tx
        .query(
            "UPDATE identity_invite SET ended_at = $3, ended_how = 'revoked'
             WHERE workspace_id = $1 AND created_by = $2 AND ended_at IS NULL RETURNING id",
        )
        .bind(workspace)
        .bind(user)
        .bind(now)
        .all::<IdRow>()
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    revoked.sort();
    Ok(revoked)
}

/// Takes every invitation to the workspace back.
pub(crate) async fn revoke_all(tx: &mut Tx, workspace: WorkspaceId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_invite SET ended_at = $2, ended_how = 'revoked'
         WHERE workspace_id = $1 AND ended_at IS NULL",
    )
    .bind(workspace)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AcceptedRow {
    #[sqlx(try_from = "String")]
    id: InviteId,
    role: String,
}

/// Uses the link up; which invitation it was, while it worked.
pub(crate) async fn accept(
    tx: &mut Tx,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<(InviteId, Role)>, Error> {
    let row = tx
        .query(
            "UPDATE identity_invite SET ended_at = $2, ended_how = 'accepted'
             WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING id, role",
        )
        .bind(hash)
        .bind(now)
        .optional::<AcceptedRow>()
        .await?;
    Ok(row.map(|row| (row.id, role(&row.role))))
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: InviteId,
    email: String,
    role: String,
    invited_by: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
}

/// Those of the workspace that wait, the newest first.
pub(crate) async fn all(db: &Db, workspace: WorkspaceId) -> Result<Vec<Invite>, Error> {
    let rows = db
        .query(
            "SELECT i.id, i.email, i.role, u.name AS invited_by, i.created_at, i.expires_at FROM identity_invite i
             JOIN identity_user u ON u.id = i.created_by
             WHERE i.workspace_id = $1 AND i.ended_at IS NULL ORDER BY i.created_at DESC, i.id DESC",
        )
        .bind(workspace)
        .all::<Row>()
        .await?;
    let invite = |row: Row| Invite {
        id: row.id,
        email: row.email,
        role: role(&row.role),
        invited_by: row.invited_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(invite).collect())
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
    slug: String,
    name: String,
    role: String,
    invited_by: String,
    email: String,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
}

/// What a link leads to, while it works.
pub(crate) async fn by_link(db: &Db, hash: &[u8], now: Timestamp) -> Result<Option<Invitation>, Error> {
    let row = db
        .query(
            "SELECT w.id AS workspace_id, w.slug, w.name, i.role, u.name AS invited_by, i.email, i.expires_at
             FROM identity_invite i JOIN identity_workspace w ON w.id = i.workspace_id
             JOIN identity_user u ON u.id = i.created_by
             WHERE i.token_hash = $1 AND i.ended_at IS NULL AND i.expires_at > $2",
        )
        .bind(hash)
        .bind(now)
        .optional::<LinkRow>()
        .await?;
    Ok(row.map(|row| Invitation {
        workspace: Workspace { id: row.workspace_id, slug: row.slug, name: row.name },
        role: role(&row.role),
        invited_by: row.invited_by,
        email: row.email,
        expires_at: row.expires_at,
    }))
}

/// Forgets those that ran out before that moment.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM identity_invite WHERE expires_at < $1").bind(before).execute().await
}
