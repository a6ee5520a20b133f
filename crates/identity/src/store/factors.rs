//! Second factors, recovery codes, trusted browsers, and sign-ins that wait for a code.

use base::Timestamp;
use base::id::UserId;
use secrets::{KeyId, Sealed};
use storage::{Db, Error, Tx};

use super::people::UserRow;
use crate::people::User;

/// A second factor as it is kept.
#[derive(sqlx::FromRow)]
pub(crate) struct Factor {
    secret: Vec<u8>,
    pub(crate) confirmed_at: Option<i64>,
}

impl Factor {
    /// The key that app and server share.
    pub(crate) fn sealed(&self) -> Sealed {
        Sealed::from(self.secret.clone())
    }
}

const FACTOR: &str = "SELECT secret, confirmed_at FROM identity_factor WHERE user_id = $1";

pub(crate) async fn factor(db: &Db, user: UserId) -> Result<Option<Factor>, Error> {
    db.query(FACTOR).bind(user).optional::<Factor>().await
}

fn key_name(sealed: &Sealed) -> String {
    sealed.key().map(|key| key.to_string()).unwrap_or_default()
}

/// Keeps a key that is to be confirmed, instead of one that never was; whether there is none that is in force.
pub(crate) async fn offer(tx: &mut Tx, user: UserId, sealed: &Sealed, now: Timestamp) -> Result<bool, Error> {
    let kept = tx
        .query(
            "INSERT INTO identity_factor (user_id, secret, sealed_key, used_step, created_at)
             VALUES ($1, $2, $3, 0, $4) ON CONFLICT (user_id) DO UPDATE SET
             secret = excluded.secret, sealed_key = excluded.sealed_key, created_at = excluded.created_at
             WHERE identity_factor.confirmed_at IS NULL",
        )
        .bind(user)
        .bind(sealed.as_bytes())
        .bind(key_name(sealed))
        .bind(now)
        .execute()
        .await?;
    Ok(kept == 1)
}

/// Puts the key in force with the code of that step; whether it was that key, and not in force until now.
pub(crate) async fn confirm(
    tx: &mut Tx,
    user: UserId,
    sealed: &Sealed,
    step: i64,
    now: Timestamp,
) -> Result<bool, Error> {
    let confirmed = tx
        .query(
            "UPDATE identity_factor SET confirmed_at = $4, used_step = $3
             WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL",
        )
        .bind(user)
        .bind(sealed.as_bytes())
        .bind(step)
        .bind(now)
        .execute()
        .await?;
    Ok(confirmed == 1)
}

/// Uses up the code of a step and every one before it; whether it was not used up yet.
pub(crate) async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool, Error> {
    let used = tx
        .query(
            "UPDATE identity_factor SET used_step = $2
             WHERE user_id = $1 AND used_step < $2 AND confirmed_at IS NOT NULL",
        )
        .bind(user)
        .bind(step)
        .execute()
        .await?;
    Ok(used == 1)
}

/// Takes a second factor away with all that belongs to it.
pub(crate) async fn remove(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    forget_recovery(tx, user).await?;
    forget_browsers(tx, user).await?;
    forget_pending(tx, user).await?;
    tx.query("DELETE FROM identity_factor WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

pub(crate) async fn insert_recovery(tx: &mut Tx, user: UserId, code: Vec<u8>) -> Result<(), Error> {
    tx.query("INSERT INTO identity_recovery (user_id, code_hash) VALUES ($1, $2)")
        .bind(user)
        .bind(code)
        .execute()
        .await?;
    Ok(())
}

pub(crate) async fn forget_recovery(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_recovery WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

/// Uses up a recovery code; whether it was one.
pub(crate) async fn use_recovery(tx: &mut Tx, user: UserId, code: Vec<u8>) -> Result<bool, Error> {
    let used = tx
        .query("DELETE FROM identity_recovery WHERE user_id = $1 AND code_hash = $2")
        .bind(user)
        .bind(code)
        .execute()
        .await?;
    Ok(used == 1)
}

/// What a person's page says of it.
#[derive(sqlx::FromRow)]
pub(crate) struct Counts {
    pub(crate) recovery: i64,
    pub(crate) browsers: i64,
}

pub(crate) async fn counts(db: &Db, user: UserId, now: Timestamp) -> Result<Counts, Error> {
    db.query(
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM identity_recovery WHERE user_id = $1) AS recovery,
         (SELECT CAST(COUNT(*) AS BIGINT) FROM identity_browser WHERE user_id = $1 AND expires_at > $2) AS browsers",
    )
    .bind(user)
    .bind(now)
    .one::<Counts>()
    .await
}

pub(crate) async fn insert_browser(
    tx: &mut Tx,
    token: Vec<u8>,
    user: UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_browser (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(token)
    .bind(user)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Whether a browser with that token is one that the person trusts.
pub(crate) async fn trusts(tx: &mut Tx, token: &[u8], user: UserId, now: Timestamp) -> Result<bool, Error> {
    let found = tx
        .query(
            "SELECT user_id FROM identity_browser WHERE token_hash = $1 AND user_id = $2 AND expires_at > $3",
        )
        .bind(token)
        .bind(user)
        .bind(now)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

pub(crate) async fn forget_browsers(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_browser WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

/// Whether the person has a second factor in force.
pub(crate) async fn is_on(tx: &mut Tx, user: UserId) -> Result<bool, Error> {
    let found = tx
        .query("SELECT user_id FROM identity_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL")
        .bind(user)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

/// Keeps a sign-in that waits for its code.
pub(crate) async fn insert_pending(
    tx: &mut Tx,
    ticket: Vec<u8>,
    user: UserId,
    means: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_pending (ticket_hash, user_id, means, tries, created_at, expires_at)
         VALUES ($1, $2, $3, 0, $4, $5)",
    )
    .bind(ticket)
    .bind(user)
    .bind(means)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PendingRow {
    means: String,
    #[sqlx(flatten)]
    user: UserRow,
}

/// Counts a try at a sign-in that waits; whose it is and how it began, while tries are left.
pub(crate) async fn try_pending(
    tx: &mut Tx,
    ticket: &[u8],
    tries: u32,
    now: Timestamp,
) -> Result<Option<(User, String)>, Error> {
    let counted = tx
        .query("UPDATE identity_pending SET tries = tries + 1 WHERE ticket_hash = $1 AND expires_at > $2 AND tries < $3")
        .bind(ticket)
        .bind(now)
        .bind(tries)
        .execute()
        .await?;
    if counted == 0 {
        return Ok(None);
    }
    let row = tx
        .query(
            "SELECT u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar, p.means FROM identity_pending p
             JOIN identity_user u ON u.id = p.user_id
             WHERE p.ticket_hash = $1 AND u.disabled_at IS NULL AND u.deleted_at IS NULL",
        )
        .bind(ticket)
        .optional::<PendingRow>()
        .await?;
    Ok(row.map(|row| (row.user.user(), row.means)))
}

/// Ends a sign-in that waited; whether it still did.
pub(crate) async fn take_pending(tx: &mut Tx, ticket: &[u8]) -> Result<bool, Error> {
    let taken =
        tx.query("DELETE FROM identity_pending WHERE ticket_hash = $1").bind(ticket).execute().await?;
    Ok(taken == 1)
}

/// Ends every sign-in of a person that waits.
pub(crate) async fn forget_pending(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_pending WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

/// Forgets what ran out; how much.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    let pending = tx.query("DELETE FROM identity_pending WHERE expires_at <= $1").bind(now).execute().await?;
    let browsers =
        tx.query("DELETE FROM identity_browser WHERE expires_at <= $1").bind(now).execute().await?;
    Ok(pending + browsers)
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    #[sqlx(try_from = "String")]
    user_id: UserId,
    secret: Vec<u8>,
}

/// Keys that are not sealed under that key, after a person: for whoever changes keys.
pub(crate) async fn sealed_otherwise(
    db: &Db,
    key: KeyId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<(UserId, Sealed)>, Error> {
    let rows = db
        .query(
            "SELECT user_id, secret FROM identity_factor WHERE sealed_key <> $1 AND user_id > $2
             ORDER BY user_id LIMIT $3",
        )
        .bind(key.to_string())
        .bind(after.map(String::from).unwrap_or_default())
        .bind(limit)
        .all::<HeldRow>()
        .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, Sealed::from(row.secret))).collect())
}

/// Stores the same key sealed anew, unless another one was stored meanwhile.
pub(crate) async fn reseal(tx: &mut Tx, user: UserId, old: &Sealed, new: &Sealed) -> Result<bool, Error> {
    let changed = tx
        .query("UPDATE identity_factor SET secret = $3, sealed_key = $4 WHERE user_id = $1 AND secret = $2")
        .bind(user)
        .bind(old.as_bytes())
        .bind(new.as_bytes())
        .bind(key_name(new))
        .execute()
        .await?;
    Ok(changed == 1)
}

/// The names of the keys that something is sealed under, sorted.
pub(crate) async fn keys_in_use(db: &Db) -> Result<Vec<String>, Error> {
    let rows =
        db.query("SELECT DISTINCT sealed_key FROM identity_factor ORDER BY sealed_key").all::<(String,)>();
    Ok(rows.await?.into_iter().map(|(key,)| key).collect())
}
