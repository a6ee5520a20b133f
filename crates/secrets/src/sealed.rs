//! A sealed value, and where it belongs.

use std::fmt;

use base::{Ids, Secret};
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use zeroize::Zeroizing;

use crate::key::{ID_BYTES, KEY_BYTES, Key, KeyId, cipher};

/// The form of what is written; the first byte of every sealed value.
const FORM: u8 = 1;

/// Bytes that prove that nothing was changed.
const TAG: usize = 16;

/// Where each part of a sealed value begins: form, key id, nonce and data key, nonce and value.
const WRAP_NONCE: usize = 1 + ID_BYTES;
const WRAPPED: usize = WRAP_NONCE + NONCE_LEN;
const VALUE_NONCE: usize = WRAPPED + KEY_BYTES + TAG;
const VALUE: usize = VALUE_NONCE + NONCE_LEN;

/// Where a sealed value belongs. It opens nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    owner: String,
    table: &'static str,
    column: &'static str,
    row: String,
}

impl Place {
    /// A column of a row of `owner`'s: the id of a workspace or a person, or a word for what belongs to the whole
    /// instance.
    pub fn new(
        owner: impl fmt::Display,
        table: &'static str,
        column: &'static str,
        row: impl fmt::Display,
    ) -> Self {
        Self { owner: owner.to_string(), table, column, row: row.to_string() }
    }

    /// Its parts in a form in which no two places are equal.
    fn bytes(&self, purpose: &str) -> Vec<u8> {
        let parts = [purpose, &self.owner, self.table, self.column, &self.row];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// A sealed value as it is kept. It never prints what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

/// Why a sealed value cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Its key is not among those this program has.
    #[error("the value was sealed under the key {0}, which is not among the keys of this server")]
    UnknownKey(KeyId),
    /// It was changed, or moved from where it belongs.
    #[error("the sealed value was changed, or belongs somewhere else")]
    Damaged,
}

impl Sealed {
    /// What is to be kept.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key it is sealed under; `None` for what was never a sealed value.
    pub fn key(&self) -> Option<KeyId> {
        let bytes = self.0.get(1..WRAP_NONCE).filter(|_| self.0.first() == Some(&FORM))?;
        bytes.try_into().ok().map(KeyId)
    }

    pub(crate) fn make(key: &Key, ids: &Ids, place: &Place, value: &Secret) -> Self {
        let data_key = Zeroizing::new(ids.new_token());
        let (wrap_nonce, value_nonce) = (nonce(ids), nonce(ids));
        let mut out = vec![FORM];
        out.extend_from_slice(&key.id.0);
        out.extend_from_slice(&wrap_nonce);
        out.extend_from_slice(&sealed(&key.aead, wrap_nonce, &place.bytes("key"), data_key.as_ref()));
        out.extend_from_slice(&value_nonce);
        out.extend_from_slice(&sealed(
            &cipher(&data_key),
            value_nonce,
            &place.bytes("value"),
            value.expose().as_bytes(),
        ));
        Self(out)
    }

    pub(crate) fn open(&self, key: &Key, place: &Place) -> Result<Secret, OpenError> {
        let part = |range: std::ops::Range<usize>| self.0.get(range).ok_or(OpenError::Damaged);
        let data_key =
            opened(&key.aead, part(WRAP_NONCE..WRAPPED)?, &place.bytes("key"), part(WRAPPED..VALUE_NONCE)?)?;
        let data_key = <[u8; KEY_BYTES]>::try_from(data_key.as_slice()).map_err(|_| OpenError::Damaged)?;
        let data_key = Zeroizing::new(data_key);
        let value = opened(
            &cipher(&data_key),
            part(VALUE_NONCE..VALUE)?,
            &place.bytes("value"),
            part(VALUE..self.0.len())?,
        )?;
        std::str::from_utf8(&value).map(Secret::new).map_err(|_| OpenError::Damaged)
    }
}

impl From<Vec<u8>> for Sealed {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sealed]")
    }
}

/// Drawn for each use. Under one key that is safe for some four thousand million values (NIST SP 800-38D, 8.3), and
/// a data key seals one.
fn nonce(ids: &Ids) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    // From the end, which is where a counted source counts.
    nonce.copy_from_slice(&ids.new_token()[32 - NONCE_LEN..]);
    nonce
}

#[expect(clippy::expect_used, reason = "sealing fails only beyond 64 GiB")]
fn sealed(key: &LessSafeKey, nonce: [u8; NONCE_LEN], about: &[u8], plain: &[u8]) -> Vec<u8> {
    // With its room from the beginning, so that no copy of the text is left behind by growing.
    let mut bytes = Vec::with_capacity(plain.len() + TAG);
    bytes.extend_from_slice(plain);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut bytes)
        .expect("a value of this size can be sealed");
    bytes
}

fn opened(
    key: &LessSafeKey,
    nonce: &[u8],
    about: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError::Damaged)?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let length =
        key.open_in_place(nonce, Aad::from(about), &mut bytes).map_err(|_| OpenError::Damaged)?.len();
    bytes.truncate(length);
    Ok(bytes)
}
