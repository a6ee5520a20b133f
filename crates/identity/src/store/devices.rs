//! Programs that wait to be signed in.

use std::time::Duration;

use base::Timestamp;
use base::id::UserId;
use storage::{Db, Error, Tx};

use crate::Client;
use crate::device::DeviceRequest;

/// A program that begins to wait.
pub(crate) struct New {
    pub(crate) token: Vec<u8>,
    pub(crate) code: Vec<u8>,
    pub(crate) name: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) pause: Duration,
}

pub(crate) async fn insert(tx: &mut Tx, new: New, client: &Client, now: Timestamp) -> Result<(), Error> {
    // What ran out makes room, so that whoever asks for many codes keeps few.
    forget(tx, now).await?;
    tx.query(
        "INSERT INTO identity_device (token_hash, code_hash, client, place, user_agent, created_at, expires_at, pause)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.token)
    .bind(new.code)
    .bind(new.name)
    .bind(client.place.as_deref())
    .bind(client.agent.as_str())
    .bind(now)
    .bind(new.expires_at)
    .bind(seconds(new.pause))
    .execute()
    .await?;
    Ok(())
}

fn seconds(pause: Duration) -> i64 {
    i64::try_from(pause.as_secs()).unwrap_or(i64::MAX)
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    client: String,
    place: Option<String>,
    user_agent: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
}

/// The program that waits with that code.
pub(crate) async fn waiting(db: &Db, code: &[u8], now: Timestamp) -> Result<Option<DeviceRequest>, Error> {
    let row = db
        .query(
            "SELECT client, place, user_agent, created_at, expires_at FROM identity_device
             WHERE code_hash = $1 AND decided_at IS NULL AND expires_at > $2",
        )
        .bind(code)
        .bind(now)
        .optional::<WaitingRow>()
        .await?;
    Ok(row.map(|row| DeviceRequest {
        client: row.client,
        place: row.place,
        agent: row.user_agent,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }))
}

/// Notes the answer; whether the program still waited for it.
pub(crate) async fn decide(
    tx: &mut Tx,
    code: &[u8],
    user: UserId,
    allow: bool,
    now: Timestamp,
) -> Result<bool, Error> {
    let decided = tx
        .query(
            "UPDATE identity_device SET user_id = $2, allowed = $3, decided_at = $4
             WHERE code_hash = $1 AND decided_at IS NULL AND expires_at > $4",
        )
        .bind(code)
        .bind(user)
        .bind(allow)
        .bind(now)
        .execute()
        .await?;
    Ok(decided == 1)
}

#[derive(sqlx::FromRow)]
struct PolledRow {
    user_id: Option<String>,
    allowed: Option<bool>,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
    pause: i64,
    polled_at: Option<i64>,
    used_at: Option<i64>,
}

/// A program that asks whether it was approved.
pub(crate) struct Polled {
    /// By whom it was answered, and how.
    pub(crate) answer: Option<(UserId, bool)>,
    pub(crate) expires_at: Timestamp,
    pub(crate) pause: Duration,
    /// When it asked last.
    pub(crate) asked_at: Option<Timestamp>,
    pub(crate) used: bool,
}

pub(crate) async fn by_token(db: &Db, token: &[u8]) -> Result<Option<Polled>, Error> {
    let row = db
        .query(
            "SELECT user_id, allowed, expires_at, pause, polled_at, used_at FROM identity_device WHERE token_hash = $1",
        )
        .bind(token)
        .optional::<PolledRow>()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let user = row.user_id.map(|id| id.parse::<UserId>()).transpose().map_err(Error::corrupt)?;
    Ok(Some(Polled {
        answer: user.zip(row.allowed),
        expires_at: row.expires_at,
        pause: Duration::from_secs(u64::try_from(row.pause).unwrap_or(0)),
        asked_at: row.polled_at.map(Timestamp::from),
        used: row.used_at.is_some(),
    }))
}

/// Notes that the program asked, and how long it waits until it asks again.
pub(crate) async fn polled(tx: &mut Tx, token: &[u8], pause: Duration, now: Timestamp) -> Result<(), Error> {
    tx.query("UPDATE identity_device SET polled_at = $2, pause = $3 WHERE token_hash = $1")
        .bind(token)
        .bind(now)
        .bind(seconds(pause))
        .execute()
        .await?;
    Ok(())
}

/// Uses an approval up; whether it was there.
pub(crate) async fn use_up(tx: &mut Tx, token: &[u8], now: Timestamp) -> Result<bool, Error> {
    let used = tx
        .query(
            "UPDATE identity_device SET used_at = $2
             WHERE token_hash = $1 AND allowed = TRUE AND used_at IS NULL AND expires_at > $2",
        )
        .bind(token)
        .bind(now)
        .execute()
        .await?;
    Ok(used == 1)
}

/// Forgets those that a person answered.
pub(crate) async fn forget_of(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_device WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

/// Forgets those that ran out before that moment.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM identity_device WHERE expires_at < $1").bind(before).execute().await
}
