//! The public keys.

use base::Timestamp;
use storage::{Db, Error, Tx};

use crate::session::PublicKey;

#[derive(sqlx::FromRow)]
struct KeyRow {
    kid: String,
    public: Vec<u8>,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
}

/// Publishes a key; one that is there already stays as it is.
pub(crate) async fn insert(
    tx: &mut Tx,
    kid: &str,
    public: &[u8],
    created_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_key (kid, public, created_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kid) DO NOTHING",
    )
    .bind(kid)
    .bind(public)
    .bind(created_at)
    .bind(expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Forgets the keys that are not believed any more.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    tx.query("DELETE FROM identity_key WHERE expires_at <= $1").bind(now).execute().await?;
    Ok(())
}

/// The keys that are believed, the newest first.
pub(crate) async fn believed(db: &Db, now: Timestamp) -> Result<Vec<PublicKey>, Error> {
    let rows = db
        .query(
            "SELECT kid, public, expires_at FROM identity_key WHERE expires_at > $1 ORDER BY created_at DESC, kid",
        )
        .bind(now)
        .all::<KeyRow>()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| PublicKey { kid: row.kid, public: row.public, expires_at: row.expires_at })
        .collect())
}
