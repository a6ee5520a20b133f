//! Sealing the keys of second factors anew, when the keys that seal change.

use std::collections::BTreeSet;

use base::id::UserId;
use secrets::{KeyFileError, KeyId, Keyring};
use storage::Db;

use super::place;
use crate::store::factors as store;

/// How many are read at once.
const BATCH: u32 = 200;

/// What came of sealing anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed under the current key now.
    pub done: u64,
    /// Could not be opened with any key that is there.
    pub lost: u64,
}

/// Why not everything could be sealed anew.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The keys cannot be read.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Seals every secret of this crate under the current key. What others store at the same time is never overwritten.
pub async fn reseal(db: &Db, keyring: &Keyring) -> Result<Resealed, KeysError> {
    let mut resealed = Resealed::default();
    let current = keyring.current()?;
    let mut after: Option<UserId> = None;
    loop {
        let batch = store::sealed_otherwise(db, current, after, BATCH).await?;
        let Some((last, _)) = batch.last() else { return Ok(resealed) };
        after = Some(*last);
        for (user, old) in batch {
            match keyring.open(&place(user), &old) {
                Ok(key) => {
                    let new = keyring.seal(&place(user), &key)?;
                    let mut tx = db.begin().await?;
                    let done = store::reseal(&mut tx, user, &old, &new).await?;
                    tx.commit().await?;
                    resealed.done += u64::from(done);
                }
                Err(error) => {
                    tracing::warn!(%error, %user, "the key of a second factor cannot be opened");
                    resealed.lost += 1;
                }
            }
        }
    }
}

/// The keys that something of this crate is sealed under.
pub async fn keys_in_use(db: &Db, keyring: &Keyring) -> Result<BTreeSet<KeyId>, KeysError> {
    let names = store::keys_in_use(db).await?;
    let known = keyring.key_ids()?;
    Ok(known.into_iter().filter(|key| names.contains(&key.to_string())).collect())
}
