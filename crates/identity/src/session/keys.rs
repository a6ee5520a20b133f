//! The keys that sign access tokens.
//!
//! Every node makes its own. The private half stays in a file of its data folder that only its owner may read: it is
//! in no database, so no copy of one and no query into one signs anybody in, and nodes share no secret. The public
//! halves are rows; each node believes all of them, and looks again when a token names one it does not know. After a
//! month a node makes another key; the old one is believed until the last of its tokens has run out, and a day more.

use std::collections::HashMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::{Clock, Ids, Timestamp};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};
use storage::Db;
use tokio::sync::RwLock;

use super::eddsa::{self, SEED};
use crate::store;

/// How long a key signs.
const SIGNS: Duration = Duration::from_hours(30 * 24);
/// How long it is believed after that.
const OVERLAP: Duration = Duration::from_hours(24);
/// Keys that nobody knows are looked up this often at most, whatever tokens name.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The file, in the folder for keys.
const FILE: &str = "access.key";

/// Where the private half is kept.
#[derive(Debug, Clone)]
pub enum KeyPlace {
    /// In a folder that nobody else may look into.
    Folder(PathBuf),
    /// Nowhere: tokens end with the process. For tests.
    Memory,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key that signs access tokens cannot be kept in {place}: {error}")]
    File {
        /// The file.
        place: String,
        /// Why not.
        error: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// A public key as others get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id, as in the header of tokens.
    pub kid: String,
    /// The 32 bytes of RFC 8032.
    pub public: Vec<u8>,
    /// Until when it is believed.
    pub expires_at: Timestamp,
}

/// The keys of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Keys {
    db: Db,
    clock: Clock,
    ids: Ids,
    place: KeyPlace,
    known: Arc<RwLock<Known>>,
}

#[derive(Default)]
struct Known {
    own: Option<Own>,
    public: HashMap<String, (DecodingKey, Timestamp)>,
    looked_at: Option<Timestamp>,
}

#[derive(Clone)]
struct Own {
    seed: [u8; SEED],
    kid: String,
    since: Timestamp,
}

impl Own {
    fn new(seed: [u8; SEED], since: Timestamp) -> Option<(Self, Vec<u8>)> {
        let public = eddsa::public(&seed)?;
        let kid = hex::encode(&Sha256::digest(&public)[..8]);
        Some((Self { seed, kid, since }, public))
    }

    fn signs(&self, now: Timestamp) -> bool {
        now < self.since.plus(SIGNS)
    }
}

impl Keys {
    pub(crate) fn new(db: Db, clock: Clock, ids: Ids, place: KeyPlace) -> Self {
        Self { db, clock, ids, place, known: Arc::default() }
    }

    /// The key to sign with, and its id.
    pub(crate) async fn signing(&self) -> Result<(String, EncodingKey), KeyError> {
        let now = self.clock.now();
        if let Some(own) = self.known.read().await.own.as_ref().filter(|own| own.signs(now)) {
            return Ok((own.kid.clone(), EncodingKey::from_ed_der(&own.seed)));
        }
        let mut known = self.known.write().await;
        // Somebody else may have made one while this one waited.
        if known.own.as_ref().is_none_or(|own| !own.signs(now)) {
            let (own, public) = self.kept_or_new(now)?;
            let mut tx = self.db.begin().await?;
            store::keys::insert(&mut tx, &own.kid, &public, own.since, own.since.plus(SIGNS + OVERLAP))
                .await?;
            store::keys::forget(&mut tx, now).await?;
            tx.commit().await?;
            known.own = Some(own);
            known.looked_at = None;
        }
        match &known.own {
            Some(own) => Ok((own.kid.clone(), EncodingKey::from_ed_der(&own.seed))),
            None => Err(storage::Error::corrupt("a key that was just made is gone").into()),
        }
    }

    /// The public key with that id.
    pub(crate) async fn verifying(&self, kid: &str) -> Result<Option<DecodingKey>, storage::Error> {
        let now = self.clock.now();
        {
            let known = self.known.read().await;
            if let Some((key, until)) = known.public.get(kid) {
                return Ok((now < *until).then(|| key.clone()));
            }
            if known.looked_at.is_some_and(|at| now.since(at) < LOOK_AGAIN && now >= at) {
                return Ok(None);
            }
        }
        let mut known = self.known.write().await;
        let all = self.public().await?;
        let decoding =
            |key: &PublicKey| (key.kid.clone(), (DecodingKey::from_ed_der(&key.public), key.expires_at));
        known.public = all.iter().map(decoding).collect();
        known.looked_at = Some(now);
        Ok(known.public.get(kid).filter(|(_, until)| now < *until).map(|(key, _)| key.clone()))
    }

    /// Every public key that is believed, the newest first.
    pub(crate) async fn public(&self) -> Result<Vec<PublicKey>, storage::Error> {
        store::keys::believed(&self.db, self.clock.now()).await
    }

    /// The key of the file while it signs, or another one in its place.
    fn kept_or_new(&self, now: Timestamp) -> Result<(Own, Vec<u8>), KeyError> {
        let place = match &self.place {
            KeyPlace::Folder(folder) => Some(folder.join(FILE)),
            KeyPlace::Memory => None,
        };
        let kept = place.as_deref().and_then(read).filter(|(own, _)| own.signs(now));
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let Some(made) = Own::new(self.ids.new_token(), now) else {
            return Err(storage::Error::corrupt("a random seed that makes no key").into());
        };
        if let Some(place) = place {
            write(&place, &made.0)
                .map_err(|error| KeyError::File { place: place.display().to_string(), error })?;
        }
        Ok(made)
    }
}

/// `seed micros`, in hexadecimal and decimal. What cannot be read is made anew: all it costs is a refresh.
fn read(place: &Path) -> Option<(Own, Vec<u8>)> {
    let text = std::fs::read_to_string(place).ok()?;
    let (seed, since) = text.trim().split_once(' ')?;
    let mut bytes = [0; SEED];
    hex::decode_to_slice(seed, &mut bytes).ok()?;
    Own::new(bytes, Timestamp::from_micros(since.parse().ok()?))
}

/// Whole or not at all, and for nobody else to read from the first byte on.
fn write(place: &Path, own: &Own) -> std::io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{FILE}.{}", own.kid));
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    writeln!(file, "{} {}", hex::encode(own.seed), own.since.as_micros())?;
    file.sync_all()?;
    std::fs::rename(&beside, place)
}
