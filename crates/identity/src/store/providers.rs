//! Accounts of providers that sign people in, and sign-ins that are under way.

use base::Timestamp;
use base::id::{SessionId, UserId};
use storage::{Db, Error, Tx};

use crate::providers::Linked;

/// A sign-in that goes out.
pub(crate) struct Journey<'a> {
    pub(crate) state: Vec<u8>,
    pub(crate) browser: Vec<u8>,
    pub(crate) provider: &'a str,
    pub(crate) session: Option<SessionId>,
}

pub(crate) async fn insert_journey(
    tx: &mut Tx,
    journey: Journey<'_>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_journey (state_hash, browser_hash, provider, session_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(journey.state)
    .bind(journey.browser)
    .bind(journey.provider)
    .bind(journey.session.map(String::from))
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

/// A sign-in that came back.
#[derive(sqlx::FromRow)]
pub(crate) struct Taken {
    /// The session that wants to link an account, where it is for that.
    pub(crate) session_id: Option<String>,
}

/// Takes a sign-in that is under way, from the browser and to the provider that it went out with; once.
pub(crate) async fn take_journey(
    tx: &mut Tx,
    state: Vec<u8>,
    browser: Vec<u8>,
    provider: &str,
    now: Timestamp,
) -> Result<Option<Taken>, Error> {
    tx.query(
        "DELETE FROM identity_journey
         WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > $4 RETURNING session_id",
    )
    .bind(state)
    .bind(browser)
    .bind(provider)
    .bind(now)
    .optional::<Taken>()
    .await
}

/// An account of a provider. The name that the operator gave the provider is not enough: another one may be called so now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) provider: &'a str,
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
}

/// Who has that account.
pub(crate) async fn person(db: &Db, holder: Holder<'_>) -> Result<Option<UserId>, Error> {
    let found = db
        .query("SELECT user_id FROM identity_linked WHERE provider = $1 AND issuer = $2 AND subject = $3")
        .bind(holder.provider)
        .bind(holder.issuer)
        .bind(holder.subject)
        .optional::<(String,)>()
        .await?;
    found.map(|(user,)| user.parse().map_err(Error::corrupt)).transpose()
}

/// Notes that the account of that person was used; whether it still is theirs. Whoever takes the link away, or the person,
/// is before this, or waits for it.
pub(crate) async fn use_link(
    tx: &mut Tx,
    holder: Holder<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Error> {
    let used = tx
        .query(
            "UPDATE identity_linked SET used_at = $5
             WHERE provider = $1 AND issuer = $2 AND subject = $3 AND user_id = $4",
        )
        .bind(holder.provider)
        .bind(holder.issuer)
        .bind(holder.subject)
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    Ok(used == 1)
}

/// Whether nobody has that account, and the person none of that provider. What they had of another one that was called so
/// leads nowhere, and makes room.
pub(crate) async fn may_link(tx: &mut Tx, holder: Holder<'_>, user: UserId) -> Result<bool, Error> {
    tx.query("DELETE FROM identity_linked WHERE provider = $1 AND issuer <> $2 AND user_id = $3")
        .bind(holder.provider)
        .bind(holder.issuer)
        .bind(user)
        .execute()
        .await?;
    let found = tx
        .query(
            "SELECT subject FROM identity_linked
             WHERE provider = $1 AND ((issuer = $2 AND subject = $3) OR user_id = $4) LIMIT 1",
        )
        .bind(holder.provider)
        .bind(holder.issuer)
        .bind(holder.subject)
        .bind(user)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_none())
}

pub(crate) async fn insert_link(
    tx: &mut Tx,
    holder: Holder<'_>,
    user: UserId,
    label: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_linked (provider, issuer, subject, user_id, label, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(holder.provider)
    .bind(holder.issuer)
    .bind(holder.subject)
    .bind(user)
    .bind(label)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LinkedRow {
    provider: String,
    label: String,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    used_at: Option<i64>,
}

/// The accounts that sign a person in, by provider.
pub(crate) async fn linked(db: &Db, user: UserId) -> Result<Vec<Linked>, Error> {
    let rows = db
        .query(
            "SELECT provider, label, created_at, used_at FROM identity_linked WHERE user_id = $1 ORDER BY provider",
        )
        .bind(user)
        .all::<LinkedRow>()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Linked {
            provider: row.provider,
            label: row.label,
            created_at: row.created_at,
            used_at: row.used_at.map(Timestamp::from),
        })
        .collect())
}

/// Takes a link away; the issuer that it was to, if there was one.
pub(crate) async fn remove_link(tx: &mut Tx, user: UserId, provider: &str) -> Result<Option<String>, Error> {
    let removed = tx
        .query("DELETE FROM identity_linked WHERE user_id = $1 AND provider = $2 RETURNING issuer")
        .bind(user)
        .bind(provider)
        .optional::<(String,)>()
        .await?;
    Ok(removed.map(|(issuer,)| issuer))
}

/// The providers and issuers that a person is linked to, by provider.
pub(crate) async fn left(tx: &mut Tx, user: UserId) -> Result<Vec<(String, String)>, Error> {
    tx.query("SELECT provider, issuer FROM identity_linked WHERE user_id = $1 ORDER BY provider")
        .bind(user)
        .all::<(String, String)>()
        .await
}

/// Takes every link of a person away.
pub(crate) async fn erase(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.query("DELETE FROM identity_linked WHERE user_id = $1").bind(user).execute().await?;
    Ok(())
}

/// Forgets sign-ins that took too long; how many.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM identity_journey WHERE expires_at <= $1").bind(now).execute().await
}
