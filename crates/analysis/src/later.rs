//! A part of kept facts that is only looked at when somebody asks for it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::{Buf as _, Bytes};
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

/// Length of a part, in front of it.
type Length = u32;

/// Adds a part to others; `None` for one that is too long.
pub(crate) fn put(out: &mut Vec<u8>, part: &[u8]) -> Option<()> {
    out.extend(Length::try_from(part.len()).ok()?.to_le_bytes());
    out.extend(part);
    Some(())
}

/// Takes the next part away; `None` where there is none.
pub(crate) fn take(bytes: &mut Bytes) -> Option<Bytes> {
    let length = usize::try_from(bytes.try_get_u32_le().ok()?).ok()?;
    (length <= bytes.len()).then(|| bytes.split_to(length))
}

/// Brings what is kept apart from the rest of the facts, because hardly any file is asked for it.
pub trait FarSource: Send + Sync {
    /// The far piece of a file, by its number; `None` where there is none any more.
    fn far(&self, file: u32) -> Option<Vec<u8>>;
}

/// The far piece of one file: its functions, and its tokens.
#[derive(Clone)]
pub struct Far {
    source: Arc<dyn FarSource>,
    file: u32,
}

impl Far {
    /// The piece that the source has under this number.
    pub fn new(source: Arc<dyn FarSource>, file: u32) -> Self {
        Self { source, file }
    }

    /// Writes a far piece down; `None` for one that is too long.
    pub(crate) fn write(functions: &[u8], tokens: &[u8]) -> Option<Vec<u8>> {
        let mut far = Vec::with_capacity(size_of::<Length>() + functions.len() + tokens.len());
        put(&mut far, functions)?;
        far.extend(tokens);
        Some(far)
    }

    fn parts(&self) -> Option<(Bytes, Bytes)> {
        let mut far = Bytes::from(self.source.far(self.file)?);
        Some((take(&mut far)?, far))
    }

    fn functions(&self) -> Option<Bytes> {
        self.parts().map(|(functions, _)| functions)
    }

    /// The tokens as they are kept.
    pub(crate) fn tokens(&self) -> Option<Bytes> {
        self.parts().map(|(_, tokens)| tokens)
    }
}

impl fmt::Debug for Far {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Far").field("file", &self.file).finish_non_exhaustive()
    }
}

/// A value that stays as the bytes it was kept as until it is used. Most files of a repository are as they were, and of
/// these hardly anybody asks for the parts that take the longest to read.
///
/// Bytes that no value gave are the default value: whoever keeps them has checked that they are whole.
#[derive(Debug, Clone, Default)]
pub struct Later<T> {
    value: OnceLock<T>,
    kept: Kept,
}

/// Where the bytes are.
#[derive(Debug, Clone)]
enum Kept {
    Near(Bytes),
    /// Among the functions of a far piece.
    Far(Far),
}

impl Default for Kept {
    fn default() -> Self {
        Self::Near(Bytes::new())
    }
}

impl Kept {
    fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::Near(bytes) => Some(bytes.clone()),
            Self::Far(far) => far.functions(),
        }
    }
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self { value: value.into(), kept: Kept::default() }
    }
}

impl<T> Later<T> {
    /// The value that is kept as these bytes.
    pub fn kept(kept: Bytes) -> Self {
        Self { value: OnceLock::new(), kept: Kept::Near(kept) }
    }

    /// The functions that are kept far away.
    pub fn far(far: Far) -> Self {
        Self { value: OnceLock::new(), kept: Kept::Far(far) }
    }
}

impl<T: Serialize> Later<T> {
    /// The bytes to keep it as; `None` for a value that cannot be written.
    pub fn write(&self) -> Option<Bytes> {
        match self.value.get() {
            Some(value) => postcard::to_allocvec(value).ok().map(Bytes::from),
            None => self.kept.bytes(),
        }
    }
}

impl<T: Default + DeserializeOwned> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            let bytes = self.kept.bytes();
            bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_default()
        })
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
