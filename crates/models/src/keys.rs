//! Changing the keys that providers' keys are sealed under, while everything runs.

use std::collections::BTreeSet;

use base::id::ProviderId;
use secrets::{KeyFileError, KeyId, Keyring};
use storage::Db;

use crate::{place, store};

/// Rows of one step.
const BATCH: u32 = 100;

/// What came of sealing anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Keys that are under the current one now.
    pub done: u64,
    /// Those that no key opens: they have to be given again.
    pub lost: u64,
}

/// Why keys could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Seals every secret of this crate under the current key. What others store at the same time is never overwritten.
pub async fn reseal(db: &Db, keyring: &Keyring) -> Result<Resealed, KeysError> {
    let mut resealed = Resealed::default();
    let current = keyring.current()?;
    let mut after: Option<ProviderId> = None;
    loop {
        let batch = store::sealed_otherwise(db, current, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(resealed) };
        after = Some(last.id);
        for kept in batch {
            let place = place(kept.workspace, kept.id);
            match keyring.open(&place, &kept.key) {
                Ok(key) => {
                    let new = keyring.seal(&place, &key)?;
                    let mut tx = db.begin().await?;
                    let done = store::reseal(&mut tx, &kept, &new).await?;
                    tx.commit().await?;
                    resealed.done += u64::from(done);
                }
                Err(error) => {
                    tracing::warn!(%error, provider = %kept.id, "the key of a provider cannot be opened");
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
