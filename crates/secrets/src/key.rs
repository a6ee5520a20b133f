//! Keys that seal other keys, and how they are written down.

use std::fmt;

use base::{Ids, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::digest;
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// Bytes of a key's id.
pub(crate) const ID_BYTES: usize = 8;

/// Which key. It is made from the key itself (the beginning of a hash of it), so that two keys cannot share one and
/// nobody has to choose it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) [u8; ID_BYTES]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Written keys that cannot be used. The message quotes no part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedKeys {
    /// A line is no key.
    #[error("line {0} is no key: 32 bytes in base64 are wanted, as `openssl rand -base64 32` prints them")]
    Line(usize),
    /// There is none.
    #[error("there is no key in it")]
    Empty,
}

/// A key that seals other keys.
pub(crate) struct Key {
    pub(crate) id: KeyId,
    pub(crate) aead: LessSafeKey,
    bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl Key {
    /// A new one.
    pub(crate) fn random(ids: &Ids) -> Self {
        Self::from_bytes(Zeroizing::new(ids.new_token()))
    }

    fn from_bytes(bytes: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"devmentor key id");
        hash.update(bytes.as_ref());
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&hash.finish().as_ref()[..ID_BYTES]);
        Self { id: KeyId(id), aead: cipher(&bytes), bytes }
    }

    /// As it is written down.
    pub(crate) fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.bytes.as_ref()))
    }
}

/// AES-256 in Galois/Counter mode under that key (NIST SP 800-38D).
#[expect(
    clippy::expect_used,
    reason = "the only keys that are refused have another length, which the type excludes"
)]
pub(crate) fn cipher(bytes: &[u8; KEY_BYTES]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are a key"))
}

/// The keys of a text, the current one first: one a line in base64; empty lines and those that begin with `#` are
/// skipped. A comma ends a line too, for environment variables.
pub(crate) fn parse(text: &Secret) -> Result<Vec<Key>, MalformedKeys> {
    let mut keys: Vec<Key> = Vec::new();
    let lines = text.expose().lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    let parts = lines.flat_map(|(number, line)| line.split(',').map(move |part| (number, part.trim())));
    for (number, part) in parts.filter(|(_, part)| !part.is_empty()) {
        let bytes = STANDARD.decode(part).map(Zeroizing::new).ok();
        let bytes = bytes.and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok());
        let key = Key::from_bytes(Zeroizing::new(bytes.ok_or(MalformedKeys::Line(number + 1))?));
        if !keys.iter().any(|known| known.id == key.id) {
            keys.push(key);
        }
    }
    if keys.is_empty() { Err(MalformedKeys::Empty) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_lines_or_parts_between_commas() {
        let ids = Ids::counted();
        let (a, b) = (Key::random(&ids), Key::random(&ids));
        let (first, second) = (a.line(), b.line());
        for text in [
            format!("# keys, one a line\n\n{}\n  {}  \n", *first, *second),
            format!("{},{}", *first, *second),
            format!("{},{},{}", *first, *second, *first),
        ] {
            let found: Vec<KeyId> = parse(&Secret::new(text)).unwrap().iter().map(|key| key.id).collect();
            assert_eq!(found, [a.id, b.id]);
        }
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_and_never_quoted() {
        let error = |text: &str| parse(&Secret::new(text)).err().unwrap();
        assert_eq!(error("# none\n"), MalformedKeys::Empty);
        assert_eq!(error("# one\nc2hvcnQ=\n"), MalformedKeys::Line(2));
        assert_eq!(error("hunter2!"), MalformedKeys::Line(1));
        assert!(!error("hunter2!").to_string().contains("hunter2"));
    }
}
