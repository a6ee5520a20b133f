//! Tokens for programs.

use base::id::{TokenId, UserId, WorkspaceId};
use base::{Actor, Permission, Permissions, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use super::people::UserRow;
use crate::api_tokens::ApiToken;
use crate::people::Workspace;

/// A token that is to be kept.
pub(crate) struct New {
    pub(crate) id: TokenId,
    pub(crate) name: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) hint: String,
    pub(crate) scopes: Permissions,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert(tx: &mut Tx, actor: &Actor, new: New, now: Timestamp) -> Result<(), Error> {
    let scopes: Vec<_> = new.scopes.iter().map(Permission::as_str).collect();
    tx.query(
        "INSERT INTO identity_token (id, user_id, workspace_id, name, token_hash, hint, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(actor.user)
    .bind(actor.workspace)
    .bind(new.name)
    .bind(new.hash)
    .bind(new.hint)
    .bind(scopes.join(" "))
    .bind(now)
    .bind(new.expires_at)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: TokenId,
    label: String,
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
    workspace_slug: String,
    workspace_name: String,
    scopes: String,
    hint: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
    used_at: Option<i64>,
    used_from: Option<String>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl Row {
    fn token(self) -> ApiToken {
        ApiToken {
            id: self.id,
            name: self.label,
            user: self.user.user(),
            workspace: Workspace {
                id: self.workspace_id,
                slug: self.workspace_slug,
                name: self.workspace_name,
            },
            // A scope that this version does not know permits nothing.
            scopes: self.scopes.split(' ').filter_map(Permission::parse).collect(),
            hint: self.hint,
            created_at: self.created_at,
            expires_at: self.expires_at,
            used_at: self.used_at.map(Timestamp::from),
            used_from: self.used_from,
        }
    }
}

const TOKENS: &str = "SELECT t.id, t.name AS label, w.id AS workspace_id, w.slug AS workspace_slug,
    w.name AS workspace_name, t.scopes, t.hint, t.created_at, t.expires_at, t.used_at, t.used_from,
    u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar
    FROM identity_token t JOIN identity_workspace w ON w.id = t.workspace_id JOIN identity_user u ON u.id = t.user_id
    WHERE t.revoked_at IS NULL AND ";

/// Those of a person that were not revoked, the newest first.
pub(crate) async fn of_user(db: &Db, user: UserId) -> Result<Vec<ApiToken>, Error> {
    let mut find = SqlBuilder::new(TOKENS);
    find.push("t.user_id = ").bind(user).push(" ORDER BY t.created_at DESC, t.id DESC");
    Ok(db.query(find).all::<Row>().await?.into_iter().map(Row::token).collect())
}

/// The one with that hash, while it works and its person may come in.
pub(crate) async fn by_hash(db: &Db, hash: &[u8], now: Timestamp) -> Result<Option<ApiToken>, Error> {
    let mut find = SqlBuilder::new(TOKENS);
    find.push("t.token_hash = ").bind(hash).push(" AND t.expires_at > ").bind(now);
    find.push(" AND u.disabled_at IS NULL AND u.deleted_at IS NULL");
    Ok(db.query(find).optional::<Row>().await?.map(Row::token))
}

/// Notes that a token is in use, and from where.
pub(crate) async fn touch(
    tx: &mut Tx,
    token: TokenId,
    place: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query("UPDATE identity_token SET used_at = $2, used_from = $3 WHERE id = $1")
        .bind(token)
        .bind(now)
        .bind(place)
        .execute()
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
}

/// Ends a token of that person; where it acted, if there was such a one.
pub(crate) async fn revoke(
    tx: &mut Tx,
    user: UserId,
    token: TokenId,
    now: Timestamp,
) -> Result<Option<WorkspaceId>, Error> {
    let row = tx
        .query(
            "UPDATE identity_token SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL
             RETURNING workspace_id",
        )
        .bind(user)
        .bind(token)
        .bind(now)
        .optional::<PlaceRow>()
        .await?;
    Ok(row.map(|row| row.workspace_id))
}

/// Ends the tokens of a person for a workspace.
pub(crate) async fn revoke_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_token SET revoked_at = $3
         WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL",
    )
    .bind(workspace)
    .bind(user)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Forgets those that ran out or were revoked before that moment.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM identity_token WHERE expires_at < $1 OR revoked_at < $1")
        .bind(before)
        .execute()
        .await
}
