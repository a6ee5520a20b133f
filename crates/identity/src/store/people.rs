//! People, workspaces and links.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Role, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::people::{Membership, User, Workspace};

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
        Actor::new(self.user_id, self.workspace_id, role)
    }
}

/// Whoever runs the server, in the workspace that they have owned longest: others own workspaces too.
const OWNER: &str = "SELECT m.user_id, m.workspace_id, m.role FROM identity_member m
    JOIN identity_user u ON u.id = m.user_id WHERE m.role = 'owner' AND u.operator = TRUE
    ORDER BY m.created_at, m.workspace_id LIMIT 1";

pub(crate) async fn owner(db: &Db) -> Result<Option<Actor>, Error> {
    Ok(db.query(OWNER).optional::<ActorRow>().await?.map(ActorRow::actor))
}

pub(crate) async fn owner_in(tx: &mut Tx) -> Result<Option<Actor>, Error> {
    Ok(tx.query(OWNER).optional::<ActorRow>().await?.map(ActorRow::actor))
}

/// Whoever runs the server, also where they own nothing. Another process that asks waits for this transaction.
pub(crate) async fn hold_operator(tx: &mut Tx) -> Result<Option<User>, Error> {
    let row = tx
        .query(
            "UPDATE identity_user SET version = version WHERE operator = TRUE AND deleted_at IS NULL
             RETURNING id AS user_id, handle, name, email, operator, avatar",
        )
        .optional::<UserRow>()
        .await?;
    Ok(row.map(UserRow::user))
}

pub(crate) async fn insert_user(
    tx: &mut Tx,
    user: &User,
    password: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_user (id, handle, name, email, password, password_at, operator, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(user.id)
    .bind(user.handle.as_str())
    .bind(user.name.as_str())
    .bind(user.email.as_deref())
    .bind(password)
    .bind(password.map(|_| now))
    .bind(user.operator)
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

/// A person as every statement here reads them.
#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    #[sqlx(try_from = "String")]
    user_id: UserId,
    handle: String,
    name: String,
    email: Option<String>,
    operator: bool,
    avatar: Option<String>,
}

impl UserRow {
    pub(super) fn user(self) -> User {
        User {
            id: self.user_id,
            handle: self.handle,
            name: self.name,
            email: self.email,
            operator: self.operator,
            avatar: self.avatar,
        }
    }
}

/// Those of these people who have an account, by handle.
pub(crate) async fn by_ids(db: &Db, ids: impl IntoIterator<Item = UserId>) -> Result<Vec<User>, Error> {
    let mut find = SqlBuilder::new(
        "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar FROM identity_user u
         WHERE u.deleted_at IS NULL AND u.id IN (",
    );
    find.bind_all(ids).push(") ORDER BY u.handle");
    Ok(db.query(find).all::<UserRow>().await?.into_iter().map(UserRow::user).collect())
}

/// Whether the link can be used.
pub(crate) async fn link_works(db: &Db, hash: &[u8], now: Timestamp) -> Result<bool, Error> {
    let found = db
        .query(
            "SELECT user_id FROM identity_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(hash.to_vec())
        .bind(now)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
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
            "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar FROM identity_link l
             JOIN identity_user u ON u.id = l.user_id
             WHERE l.token_hash = $1 AND u.disabled_at IS NULL AND u.deleted_at IS NULL",
        )
        .bind(hash.to_vec())
        .optional::<UserRow>()
        .await?;
    Ok(user.map(UserRow::user))
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

/// Whether a handle or a workspace of that name is taken.
pub(crate) async fn name_is_taken(tx: &mut Tx, name: &str) -> Result<bool, Error> {
    let found = tx
        .query(
            "SELECT handle FROM identity_user WHERE handle = $1
             UNION ALL SELECT slug FROM identity_workspace WHERE slug = $1",
        )
        .bind(name)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}
