//! Requests for more than a role permits.

use base::id::{AccessRequestId, UserId, WorkspaceId};
use base::{Actor, Permission, Timestamp};
use storage::{Db, Error, Tx};

use super::people::UserRow;
use crate::requests::AccessRequest;

pub(crate) async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    id: AccessRequestId,
    permission: Permission,
    note: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_request (id, workspace_id, user_id, permission, note, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(actor.workspace)
    .bind(actor.user)
    .bind(permission.as_str())
    .bind(note)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Removes what somebody asked for and was not answered.
pub(crate) async fn withdraw(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_request WHERE workspace_id = $1 AND user_id = $2 AND decided_at IS NULL")
        .bind(workspace)
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: AccessRequestId,
    permission: String,
    note: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(flatten)]
    user: UserRow,
}

impl Row {
    /// One for a permission that this version does not know is not shown.
    fn request(self) -> Option<AccessRequest> {
        Some(AccessRequest {
            id: self.id,
            permission: Permission::parse(&self.permission)?,
            note: self.note,
            created_at: self.created_at,
            user: self.user.user(),
        })
    }
}

/// Those of the workspace that wait, the oldest first.
pub(crate) async fn all(db: &Db, workspace: WorkspaceId) -> Result<Vec<AccessRequest>, Error> {
    let rows = db
        .query(
            "SELECT r.id, r.permission, r.note, r.created_at, u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar
             FROM identity_request r JOIN identity_user u ON u.id = r.user_id
             WHERE r.workspace_id = $1 AND r.decided_at IS NULL ORDER BY r.created_at, r.id",
        )
        .bind(workspace)
        .all::<Row>()
        .await?;
    Ok(rows.into_iter().filter_map(Row::request).collect())
}

/// Removes a request that is answered; whether it still waited.
pub(crate) async fn take(
    tx: &mut Tx,
    workspace: WorkspaceId,
    request: AccessRequestId,
) -> Result<bool, Error> {
    let taken = tx
        .query("DELETE FROM identity_request WHERE workspace_id = $1 AND id = $2 AND decided_at IS NULL")
        .bind(workspace)
        .bind(request)
        .execute()
        .await?;
    Ok(taken == 1)
}
