//! The keys of this server, and what is done with them.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use base::{Ids, Secret};

use crate::file::{self, KeyFileError, Stamp};
use crate::key::{Key, KeyId, MalformedKeys, parse};
use crate::sealed::{OpenError, Place, Sealed};

/// The keys that seal and open. Cheap to clone.
///
/// Keys in a file may change while the program runs: another process rotates them. The file is looked at before each
/// sealing, which is rare, and when a value names a key that is not known yet.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    source: Source,
    ids: Ids,
    keys: RwLock<Keys>,
}

enum Source {
    File(PathBuf),
    Given,
}

/// The keys, the current one first; never empty.
struct Keys {
    keys: Vec<Key>,
    read: Option<Stamp>,
}

/// Why keys cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// They are in no file that this program writes.
    #[error("the keys come from the environment, where this program cannot change them")]
    Given,
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] KeyFileError),
}

impl Keyring {
    /// The keys of a file, which is made with one key where it is missing.
    pub fn from_file(path: impl Into<PathBuf>, ids: Ids) -> Result<Self, KeyFileError> {
        let path = path.into();
        file::make(&path, &ids)?;
        if file::is_open_to_others(&path) {
            tracing::warn!(file = %path.display(), "others may read the key file; `chmod 600` keeps them from it");
        }
        let read = file::stamp(&path)?;
        let keys = Keys { keys: file::read(&path)?, read: Some(read) };
        Ok(Self(Arc::new(Inner { source: Source::File(path), ids, keys: RwLock::new(keys) })))
    }

    /// Keys that were handed over, the current one first: one a line, or with commas between them.
    pub fn from_text(text: &Secret, ids: Ids) -> Result<Self, MalformedKeys> {
        let keys = Keys { keys: parse(text)?, read: None };
        Ok(Self(Arc::new(Inner { source: Source::Given, ids, keys: RwLock::new(keys) })))
    }

    /// Seals a value, for one place, under the current key.
    pub fn seal(&self, place: &Place, value: &Secret) -> Result<Sealed, KeyFileError> {
        self.refresh()?;
        Ok(Sealed::make(&self.keys().keys[0], &self.0.ids, place, value))
    }

    /// The value that was sealed for that place.
    pub fn open(&self, place: &Place, sealed: &Sealed) -> Result<Secret, OpenError> {
        let id = sealed.key().ok_or(OpenError::Damaged)?;
        if let Some(opened) = self.open_with(id, place, sealed) {
            return opened;
        }
        // Another process may have put it into the file a moment ago.
        if let Err(error) = self.refresh() {
            tracing::warn!(%error, "the keys cannot be read again");
        }
        self.open_with(id, place, sealed).unwrap_or(Err(OpenError::UnknownKey(id)))
    }

    fn open_with(&self, id: KeyId, place: &Place, sealed: &Sealed) -> Option<Result<Secret, OpenError>> {
        self.keys().keys.iter().find(|key| key.id == id).map(|key| sealed.open(key, place))
    }

    /// The key that new values are sealed under.
    pub fn current(&self) -> Result<KeyId, KeyFileError> {
        self.refresh()?;
        Ok(self.keys().keys[0].id)
    }

    /// Every key, the current one first.
    pub fn key_ids(&self) -> Result<Vec<KeyId>, KeyFileError> {
        self.refresh()?;
        Ok(self.keys().keys.iter().map(|key| key.id).collect())
    }

    /// Puts a new key in front, for all that is sealed from now on; the others still open what they sealed.
    pub fn rotate(&self) -> Result<KeyId, RotateError> {
        self.rewrite(|keys, ids| keys.insert(0, Key::random(ids)))?;
        Ok(self.keys().keys[0].id)
    }

    /// Removes keys that are neither current nor among those in use; which. What they sealed can never be opened again.
    pub fn prune(&self, in_use: &BTreeSet<KeyId>) -> Result<Vec<KeyId>, RotateError> {
        let mut gone = Vec::new();
        self.rewrite(|keys, _| {
            let current = keys[0].id;
            let (kept, rest) = std::mem::take(keys)
                .into_iter()
                .partition(|key| key.id == current || in_use.contains(&key.id));
            *keys = kept;
            gone = Vec::from_iter(rest).iter().map(|key: &Key| key.id).collect();
        })?;
        Ok(gone)
    }

    fn rewrite(&self, change: impl FnOnce(&mut Vec<Key>, &Ids)) -> Result<(), RotateError> {
        let Source::File(path) = &self.0.source else { return Err(RotateError::Given) };
        // Another process that changes them at the same time waits here, and then reads what this one wrote.
        let _turn = file::lock(path)?;
        let mut known = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        let mut keys = file::read(path)?;
        change(&mut keys, &self.0.ids);
        file::replace(path, &keys.iter().collect::<Vec<_>>(), &self.0.ids)?;
        *known = Keys { keys, read: Some(file::stamp(path)?) };
        Ok(())
    }

    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the file again where it was replaced.
    fn refresh(&self) -> Result<(), KeyFileError> {
        let Source::File(path) = &self.0.source else { return Ok(()) };
        // The stamp first: a file that is replaced in between is read once more, never once too little.
        let stamp = file::stamp(path)?;
        if self.keys().read == Some(stamp) {
            return Ok(());
        }
        let keys = Keys { keys: file::read(path)?, read: Some(stamp) };
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys().keys.iter().map(|key| key.id)).finish()
    }
}

#[cfg(test)]
mod tests;
