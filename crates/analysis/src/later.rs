//! A part of kept facts that is only looked at when somebody asks for it.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that stays as the bytes it was kept as until it is used. Most files of a repository are as they were, and of
/// these hardly anybody asks for the parts that take the longest to read.
///
/// Bytes that no value gave are the default value: whoever keeps them has checked that they are whole.
#[derive(Debug, Clone, Default)]
pub struct Later<T> {
    value: OnceLock<T>,
    kept: Box<[u8]>,
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self { value: value.into(), kept: Box::default() }
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

impl<T: Default + DeserializeOwned + Serialize> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = postcard::to_allocvec(&**self).map_err(serde::ser::Error::custom)?;
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = deserializer.deserialize_bytes(Bytes)?;
        Ok(Self { value: OnceLock::new(), kept })
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Box<[u8]>;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_when_it_is_asked_for() {
        let value = Later::from(vec!["a".to_owned(), "b".to_owned()]);
        let bytes = postcard::to_allocvec(&value).unwrap();
        let back: Later<Vec<String>> = postcard::from_bytes(&bytes).unwrap();
        assert!(back.value.get().is_none(), "nobody has asked yet");
        assert_eq!(postcard::to_allocvec(&back).unwrap(), bytes);
        assert_eq!(back, value);
    }

    #[test]
    fn bytes_that_no_value_gave_are_harmless() {
        let damaged = postcard::to_allocvec(&[9_u8, 9, 9].to_vec()).unwrap();
        let back: Later<Vec<String>> = postcard::from_bytes(&damaged).unwrap();
        assert!(back.is_empty());
    }
}
