//! Who is in which workspace.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Role, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use super::people::UserRow;
use crate::members::Member;

#[derive(sqlx::FromRow)]
struct Row {
    role: String,
    #[sqlx(try_from = "i64")]
    since: Timestamp,
    #[sqlx(flatten)]
    user: UserRow,
}

impl Row {
    fn member(self) -> Member {
        Member { user: self.user.user(), role: role(&self.role), since: self.since }
    }
}

/// The column's CHECK admits only these names; an unknown one gets the least rights.
pub(super) fn role(name: &str) -> Role {
    Role::parse(name).unwrap_or(Role::Viewer)
}

const MEMBERS: &str =
    "SELECT m.role, m.created_at AS since, u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar
    FROM identity_member m JOIN identity_user u ON u.id = m.user_id WHERE m.workspace_id = ";

/// Everybody in the workspace, by handle.
pub(crate) async fn all(db: &Db, workspace: WorkspaceId) -> Result<Vec<Member>, Error> {
    let mut find = SqlBuilder::new(MEMBERS);
    find.bind(workspace).push(" ORDER BY u.handle");
    Ok(db.query(find).all::<Row>().await?.into_iter().map(Row::member).collect())
}

/// One of them.
pub(crate) async fn one(db: &Db, workspace: WorkspaceId, user: UserId) -> Result<Option<Member>, Error> {
    let mut find = SqlBuilder::new(MEMBERS);
    find.bind(workspace).push(" AND m.user_id = ").bind(user);
    Ok(db.query(find).optional::<Row>().await?.map(Row::member))
}

/// Others in the actor's workspace who have at least that role: the lowest roles first, then by handle.
pub(crate) async fn from_role(db: &Db, actor: &Actor, least: Role, limit: u32) -> Result<Vec<Member>, Error> {
    let mut find = SqlBuilder::new(MEMBERS);
    find.bind(actor.workspace).push(" AND m.user_id <> ").bind(actor.user).push(" AND (m.role = 'owner'");
    if least <= Role::Admin {
        find.push(" OR m.role = 'admin'");
    }
    find.push(") ORDER BY CASE WHEN m.role = 'admin' THEN 0 ELSE 1 END, u.handle LIMIT ").bind(limit);
    Ok(db.query(find).all::<Row>().await?.into_iter().map(Row::member).collect())
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    #[sqlx(try_from = "String")]
    user_id: UserId,
    role: String,
}

/// The roles of everybody in the workspace, the longest in it first.
pub(crate) async fn roles(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(UserId, Role)>, Error> {
    let rows = tx
        .query(
            "SELECT user_id, role FROM identity_member WHERE workspace_id = $1 ORDER BY created_at, user_id",
        )
        .bind(workspace)
        .all::<RoleRow>()
        .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, role(&row.role))).collect())
}

pub(crate) async fn set_role(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<(), Error> {
    tx.query("UPDATE identity_member SET role = $3 WHERE workspace_id = $1 AND user_id = $2")
        .bind(workspace)
        .bind(user)
        .bind(role.as_str())
        .swap()
        .await
}

pub(crate) async fn remove(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_member WHERE workspace_id = $1 AND user_id = $2")
        .bind(workspace)
        .bind(user)
        .swap()
        .await
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
}

/// The workspaces that somebody is in, in the order in which all who hold several of them do.
pub(crate) async fn places(tx: &mut Tx, user: UserId) -> Result<Vec<WorkspaceId>, Error> {
    let rows = tx
        .query("SELECT workspace_id FROM identity_member WHERE user_id = $1 ORDER BY workspace_id")
        .bind(user)
        .all::<PlaceRow>()
        .await?;
    Ok(rows.into_iter().map(|row| row.workspace_id).collect())
}

/// Whether somebody is in any workspace.
pub(crate) async fn is_anywhere(tx: &mut Tx, user: UserId) -> Result<bool, Error> {
    let found = tx
        .query("SELECT workspace_id FROM identity_member WHERE user_id = $1 LIMIT 1")
        .bind(user)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}
