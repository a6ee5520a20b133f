//! A part of kept facts that is only looked at when somebody asks for it.

use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// The first half of a SHA-256: tells contents apart.
pub type Digest = [u8; 16];

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    short(Sha256::new_with_prefix(bytes))
}

/// The digest of what a hash was given.
pub fn short(hash: Sha256) -> Digest {
    let whole: [u8; 32] = hash.finalize().into();
    whole.first_chunk().copied().unwrap_or_default()
}

/// A value that stays as the bytes it was kept as until it is used. Most files of a repository are as they were, and of
/// these hardly anybody asks for the parts that take the longest to read.
///
/// Bytes that no value gave are the default value: whoever keeps them has checked that they are whole.
#[derive(Debug, Clone, Default)]
pub struct Later<T> {
    value: OnceLock<T>,
    kept: Bytes,
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self { value: value.into(), kept: Bytes::new() }
    }
}

impl<T> Later<T> {
    /// The value that is kept as these bytes.
    pub fn kept(kept: Bytes) -> Self {
        Self { value: OnceLock::new(), kept }
    }
}

impl<T: Serialize> Later<T> {
    /// The bytes to keep it as; `None` for a value that cannot be written.
    pub fn write(&self) -> Option<Bytes> {
        match self.value.get() {
            Some(value) => postcard::to_allocvec(value).ok().map(Bytes::from),
            None => Some(self.kept.clone()),
        }
    }
}

impl<T: Default + DeserializeOwned> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| postcard::from_bytes(&self.kept).unwrap_or_default())
    }
}

#[expect(clippy::into_iter_without_iter, reason = "what it holds has one")]
impl<'a, T: Default + DeserializeOwned> IntoIterator for &'a Later<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&**self).into_iter()
    }
}

impl<T: Default + DeserializeOwned + PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_when_it_is_asked_for() {
        let value = Later::from(vec!["a".to_owned(), "b".to_owned()]);
        let bytes = value.write().unwrap();
        let back: Later<Vec<String>> = Later::kept(bytes.clone());
        assert!(back.value.get().is_none(), "nobody has asked yet");
        assert_eq!(back.write().unwrap(), bytes);
        assert_eq!(back, value);
    }

    #[test]
    fn bytes_that_no_value_gave_are_harmless() {
        let back: Later<Vec<String>> = Later::kept(Bytes::from_static(&[9, 9, 9]));
        assert!(back.is_empty());
    }
}
