//! Accounts that are asked for, passwords, and what ends an account.

use base::Timestamp;
use base::id::{UserId, WorkspaceId};
use storage::{Db, Error, Tx};

use super::people::UserRow;
use crate::people::User;

/// A person and the hash of their password.
#[derive(sqlx::FromRow)]
struct SecretRow {
    password: Option<String>,
    shut: bool,
    #[sqlx(flatten)]
    user: UserRow,
}

/// A person who may sign in with a password.
pub(crate) struct Known {
    /// Who.
    pub(crate) user: User,
    /// The hash; `None` for somebody who has no password.
    pub(crate) password: Option<String>,
    /// They may not come in.
    pub(crate) shut: bool,
}

const KNOWN: &str = "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar, u.password,
    CASE WHEN u.disabled_at IS NULL AND u.deleted_at IS NULL THEN FALSE ELSE TRUE END AS shut
    FROM identity_user u WHERE u.email = $1";

fn known(row: SecretRow) -> Known {
    Known { user: row.user.user(), password: row.password, shut: row.shut }
}

/// The person with that address.
pub(crate) async fn by_email(db: &Db, email: &str) -> Result<Option<Known>, Error> {
    Ok(db.query(KNOWN).bind(email).optional::<SecretRow>().await?.map(known))
}

/// The same inside a transaction.
pub(crate) async fn by_email_in(tx: &mut Tx, email: &str) -> Result<Option<Known>, Error> {
    Ok(tx.query(KNOWN).bind(email).optional::<SecretRow>().await?.map(known))
}

/// The person with that id.
pub(crate) async fn by_id(db: &Db, user: UserId) -> Result<Option<Known>, Error> {
    let row = db
        .query(
            "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar, u.password,
             CASE WHEN u.disabled_at IS NULL AND u.deleted_at IS NULL THEN FALSE ELSE TRUE END AS shut
             FROM identity_user u WHERE u.id = $1",
        )
        .bind(user)
        .optional::<SecretRow>()
        .await?;
    Ok(row.map(known))
}

/// What a person's own page says besides their name.
#[derive(sqlx::FromRow)]
pub(crate) struct About {
    pub(crate) created_at: i64,
    pub(crate) password_at: Option<i64>,
    pub(crate) version: i64,
}

pub(crate) async fn about(db: &Db, user: UserId) -> Result<Option<About>, Error> {
    db.query(
        "SELECT created_at, password_at, version FROM identity_user WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(user)
    .optional::<About>()
    .await
}

/// Gives a person another name, if nobody did since that version.
pub(crate) async fn rename(tx: &mut Tx, user: UserId, name: &str, version: i64) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_user SET name = $2, version = version + 1
         WHERE id = $1 AND version = $3 AND deleted_at IS NULL",
    )
    .bind(user)
    .bind(name)
    .bind(version)
    .swap()
    .await
}

/// Stores the hash of a password, whatever it was before.
pub(crate) async fn set_password(
    tx: &mut Tx,
    user: UserId,
    password: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_user SET password = $2, password_at = $3, version = version + 1
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(user)
    .bind(password)
    .bind(now)
    .swap()
    .await
}

/// Stores the hash of another password, unless it was changed meanwhile; whether it was stored.
pub(crate) async fn replace_password(
    tx: &mut Tx,
    user: UserId,
    before: Option<&str>,
    after: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE identity_user SET password = $3, password_at = $4, version = version + 1
             WHERE id = $1 AND password IS NOT DISTINCT FROM $2 AND deleted_at IS NULL",
        )
        .bind(user)
        .bind(before)
        .bind(after)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Makes whatever else holds that person wait for this transaction.
pub(crate) async fn hold(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("UPDATE identity_user SET version = version WHERE id = $1").bind(user).execute().await?;
    Ok(())
}

/// Holds a person to the hash that was compared, and stores the one that the same password has today; whether it is
/// still theirs and they may come in. Whoever changes the password waits for this transaction, or was before it.
pub(crate) async fn hold_password(
    tx: &mut Tx,
    user: UserId,
    compared: &str,
    today: &str,
) -> Result<bool, Error> {
    let held = tx
        .query(
            "UPDATE identity_user SET password = $3
             WHERE id = $1 AND password = $2 AND disabled_at IS NULL AND deleted_at IS NULL",
        )
        .bind(user)
        .bind(compared)
        .bind(today)
        .execute()
        .await?;
    Ok(held == 1)
}

/// Gives an account without an address its name, address and password; whether it had none until now.
pub(crate) async fn set_up(
    tx: &mut Tx,
    user: &User,
    password: Option<&str>,
    now: Timestamp,
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE identity_user SET name = $2, email = $3, password = $4, password_at = $5, version = version + 1
             WHERE id = $1 AND email IS NULL AND deleted_at IS NULL",
        )
        .bind(user.id)
        .bind(user.name.as_str())
        .bind(user.email.as_deref())
        .bind(password)
        .bind(password.map(|_| now))
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Whether the server has an operator with an address.
pub(crate) async fn is_set_up(db: &Db) -> Result<bool, Error> {
    let found = db
        .query(
            "SELECT id FROM identity_user WHERE operator = TRUE AND email IS NOT NULL AND deleted_at IS NULL",
        )
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

/// An account that somebody asked for.
pub(crate) struct SignUp {
    pub(crate) ticket: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) code: Vec<u8>,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password: String,
    /// Somebody has the address already.
    pub(crate) known: bool,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert_sign_up(tx: &mut Tx, row: SignUp, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_sign_up (ticket_hash, link_hash, code_hash, email, name, password, known, tries,
             created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
    )
    .bind(row.ticket)
    .bind(row.link)
    .bind(row.code)
    .bind(row.email)
    .bind(row.name)
    .bind(row.password)
    .bind(row.known)
    .bind(now)
    .bind(row.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// An account that is to be made.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Wanted {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) known: bool,
}

/// Counts a try of a code for that ticket, asked for after `since`; the hash that the code should have, while tries are left.
pub(crate) async fn try_code(
    tx: &mut Tx,
    ticket: &[u8],
    tries: u32,
    since: Timestamp,
) -> Result<Option<Vec<u8>>, Error> {
    let row = tx
        .query(
            "UPDATE identity_sign_up SET tries = tries + 1
             WHERE ticket_hash = $1 AND used_at IS NULL AND created_at > $2 AND tries < $3 RETURNING code_hash",
        )
        .bind(ticket)
        .bind(since)
        .bind(tries)
        .optional::<(Vec<u8>,)>()
        .await?;
    Ok(row.map(|(code,)| code))
}

/// Counts a try of the password that was chosen with that link; the hash that it has, while tries are left.
pub(crate) async fn try_link(
    tx: &mut Tx,
    link: &[u8],
    tries: u32,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let row = tx
        .query(
            "UPDATE identity_sign_up SET tries = tries + 1
             WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3 RETURNING password",
        )
        .bind(link)
        .bind(now)
        .bind(tries)
        .optional::<(String,)>()
        .await?;
    Ok(row.map(|(password,)| password))
}

/// Takes what was asked for under that ticket or, without one, that link: with its row the hash of the password goes.
pub(crate) async fn take_sign_up(
    tx: &mut Tx,
    ticket: Option<&[u8]>,
    link: Option<&[u8]>,
    now: Timestamp,
) -> Result<Option<Wanted>, Error> {
    tx.query(
        "DELETE FROM identity_sign_up WHERE (ticket_hash = $1 OR link_hash = $2) AND expires_at > $3
         RETURNING email, name, password, known",
    )
    .bind(ticket)
    .bind(link)
    .bind(now)
    .optional::<Wanted>()
    .await
}

/// A password that somebody wants to set anew; of nobody where the address is unknown.
pub(crate) async fn insert_reset(
    tx: &mut Tx,
    token: &[u8],
    user: Option<UserId>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_reset (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(token)
    .bind(user)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Whose password that token may set, while it may.
pub(crate) async fn reset(db: &Db, token: &[u8], now: Timestamp) -> Result<Option<User>, Error> {
    let row = db
        .query(
            "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar FROM identity_reset r
             JOIN identity_user u ON u.id = r.user_id
             WHERE r.token_hash = $1 AND r.used_at IS NULL AND r.expires_at > $2
             AND u.disabled_at IS NULL AND u.deleted_at IS NULL",
        )
        .bind(token)
        .bind(now)
        .optional::<UserRow>()
        .await?;
    Ok(row.map(UserRow::user))
}

/// Uses up every token that could set that person's password; whether this one could until now.
pub(crate) async fn use_resets(
    tx: &mut Tx,
    token: &[u8],
    user: UserId,
    now: Timestamp,
) -> Result<bool, Error> {
    let used = tx
        .query(
            "UPDATE identity_reset SET used_at = $3
             WHERE token_hash = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3",
        )
        .bind(token)
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    void_resets(tx, user, now).await?;
    Ok(used == 1)
}

/// Makes every token useless that could set that person's password.
pub(crate) async fn void_resets(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Error> {
    tx.query("UPDATE identity_reset SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL")
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Forgets what was asked for and has run out.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    let asked = tx.query("DELETE FROM identity_sign_up WHERE expires_at <= $1").bind(now).execute().await?;
    let resets = tx.query("DELETE FROM identity_reset WHERE expires_at <= $1").bind(now).execute().await?;
    Ok(asked + resets)
}

/// A workspace of which a person is the only owner, and how many others are in it.
#[derive(sqlx::FromRow)]
pub(crate) struct Owned {
    #[sqlx(try_from = "String")]
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) name: String,
    pub(crate) others: i64,
}

/// The workspaces that would have no owner without that person.
pub(crate) async fn owned_alone(tx: &mut Tx, user: UserId) -> Result<Vec<Owned>, Error> {
    tx.query(
        "SELECT m.workspace_id, w.name, (SELECT CAST(COUNT(*) AS BIGINT) FROM identity_member o
             WHERE o.workspace_id = m.workspace_id AND o.user_id <> m.user_id) AS others
         FROM identity_member m JOIN identity_workspace w ON w.id = m.workspace_id
         WHERE m.user_id = $1 AND m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM identity_member o
             WHERE o.workspace_id = m.workspace_id AND o.user_id <> m.user_id AND o.role = 'owner')
         ORDER BY w.slug",
    )
    .bind(user)
    .all::<Owned>()
    .await
}

/// Takes everything from a person's row that says who they are, and them out of every workspace; with it goes what was
/// written to their address.
pub(crate) async fn erase(tx: &mut Tx, user: UserId, handle: &str, now: Timestamp) -> Result<(), Error> {
    for theirs in [
        "DELETE FROM identity_mail WHERE recipient = (SELECT u.email FROM identity_user u WHERE u.id = $1)",
        "DELETE FROM identity_sign_up WHERE email = (SELECT u.email FROM identity_user u WHERE u.id = $1)",
        "DELETE FROM identity_invite WHERE email = (SELECT u.email FROM identity_user u WHERE u.id = $1)",
    ] {
        tx.query(theirs).bind(user).execute().await?;
    }
    super::factors::remove(tx, user).await?;
    super::providers::erase(tx, user).await?;
    tx.query("DELETE FROM identity_avatar WHERE user_id = $1").bind(user).execute().await?;
    tx.query("DELETE FROM identity_member WHERE user_id = $1").bind(user).execute().await?;
    tx.query("DELETE FROM identity_link WHERE user_id = $1").bind(user).execute().await?;
    tx.query("DELETE FROM identity_token WHERE user_id = $1").bind(user).execute().await?;
    tx.query("DELETE FROM identity_request WHERE user_id = $1").bind(user).execute().await?;
    tx.query("DELETE FROM identity_reset WHERE user_id = $1").bind(user).execute().await?;
    tx.query(
        "UPDATE identity_user SET handle = $2, name = '', email = NULL, password = NULL, password_at = NULL,
             operator = FALSE, avatar = NULL, deleted_at = $3, version = version + 1 WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(user)
    .bind(handle)
    .bind(now)
    .swap()
    .await
}

/// Removes a workspace that nobody is in.
pub(crate) async fn drop_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_invite WHERE workspace_id = $1").bind(workspace).execute().await?;
    tx.query("DELETE FROM identity_request WHERE workspace_id = $1").bind(workspace).execute().await?;
    tx.query("DELETE FROM identity_token WHERE workspace_id = $1").bind(workspace).execute().await?;
    tx.query(
        "DELETE FROM identity_workspace WHERE id = $1
         AND NOT EXISTS (SELECT 1 FROM identity_member m WHERE m.workspace_id = $1)",
    )
    .bind(workspace)
    .execute()
    .await?;
    Ok(())
}
