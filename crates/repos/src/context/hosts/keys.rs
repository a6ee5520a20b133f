//! Changing the keys that tokens are sealed under, while everything runs.

use std::collections::BTreeSet;

use base::id::HostId;
use secrets::{KeyFileError, KeyId, Keyring, OpenError};
use storage::Db;

use super::place;
use crate::store::hosts::{self as store, Held};

/// Rows of one step.
const BATCH: u32 = 100;

/// What came of sealing anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Connections whose secrets are under the current key now.
    pub done: u64,
    /// Those that no key opens: their token has to be given again.
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

/// Seals every secret of this crate under the current key. Others may connect hosts and change tokens at the same time:
/// what they store is never overwritten.
pub async fn reseal(db: &Db, keyring: &Keyring) -> Result<Resealed, KeysError> {
    let mut resealed = Resealed::default();
    let current = keyring.current()?;
    let mut after: Option<HostId> = None;
    loop {
        let batch = store::sealed_otherwise(db, current, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(resealed) };
        after = Some(last.host);
        for held in batch {
            match reopened(keyring, &held)? {
                Ok(new) => {
                    let mut tx = db.begin().await?;
                    let done = store::reseal(&mut tx, &held, &new).await?;
                    tx.commit().await?;
                    resealed.done += u64::from(done);
                }
                Err(error) => {
                    tracing::warn!(%error, host = %held.host, "the secrets of a connection cannot be opened");
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

fn reopened(keyring: &Keyring, held: &Held) -> Result<Result<Held, OpenError>, KeyFileError> {
    let token_place = place(held.workspace, "token", held.host);
    let hook_place = place(held.workspace, "hook_secret", held.host);
    let opened = keyring
        .open(&token_place, &held.token)
        .and_then(|token| Ok((token, keyring.open(&hook_place, &held.hook_secret)?)));
    let (token, hook_secret) = match opened {
        Ok(opened) => opened,
        Err(error) => return Ok(Err(error)),
    };
    let token = keyring.seal(&token_place, &token)?;
    let hook_secret = keyring.seal(&hook_place, &hook_secret)?;
    Ok(Ok(Held { workspace: held.workspace, host: held.host, token, hook_secret }))
}
