//! Workspaces.

use base::Timestamp;
use base::id::{UserId, WorkspaceId};
use storage::{Db, Error, Tx};

use crate::people::Workspace;
use crate::workspaces::Details;

/// Makes others who change the people of the workspace wait for this transaction.
pub(crate) async fn hold(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    tx.query("UPDATE identity_workspace SET created_at = created_at WHERE id = $1")
        .bind(workspace)
        .execute()
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: WorkspaceId,
    slug: String,
    name: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    version: i64,
    members: i64,
}

pub(crate) async fn details(db: &Db, workspace: WorkspaceId) -> Result<Option<Details>, Error> {
    let row = db
        .query(
            "SELECT w.id, w.slug, w.name, w.created_at, w.version, (SELECT CAST(COUNT(*) AS BIGINT)
             FROM identity_member m WHERE m.workspace_id = w.id) AS members FROM identity_workspace w WHERE w.id = $1",
        )
        .bind(workspace)
        .optional::<Row>()
        .await?;
    Ok(row.map(|row| Details {
        workspace: Workspace { id: row.id, slug: row.slug, name: row.name },
        members: u64::try_from(row.members).unwrap_or(0),
        created_at: row.created_at,
        version: row.version,
    }))
}

pub(crate) async fn name(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<String>, Error> {
    let row = tx.query("SELECT name FROM identity_workspace WHERE id = $1").bind(workspace);
    Ok(row.optional::<(String,)>().await?.map(|(name,)| name))
}

/// Gives the workspace another name, if nobody did since that version.
pub(crate) async fn rename(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: &str,
    version: i64,
) -> Result<(), Error> {
    tx.query("UPDATE identity_workspace SET name = $2, version = version + 1 WHERE id = $1 AND version = $3")
        .bind(workspace)
        .bind(name)
        .bind(version)
        .swap()
        .await
}

/// The handle and the name of somebody who still has an account.
pub(crate) async fn person(tx: &mut Tx, user: UserId) -> Result<Option<(String, String)>, Error> {
    tx.query("SELECT handle, name FROM identity_user WHERE id = $1 AND deleted_at IS NULL")
        .bind(user)
        .optional::<(String, String)>()
        .await
}
