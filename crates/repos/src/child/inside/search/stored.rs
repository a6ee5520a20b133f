//! What is kept of a search for the next one: for each file its passages, found by path and content.
//!
//! As everything that is kept, it is trusted no more than a repository: what is damaged, or was made under another
//! [`Key`], is made again.

use std::fs::File;

use analysis::syntax::SymbolKind;
use serde::{Deserialize, Serialize};

use super::super::known::{self, Key};

/// What is kept begins like this, with the key and the checksum of the rest behind it.
const MAGIC: &[u8; 8] = b"DMSEEK02";

/// The most that is made of one repository, in bytes: what is larger is searched in part.
pub(super) const MOST_BYTES: usize = 160 << 20;

/// Everything that is kept.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored<'a> {
    /// Of which commit.
    #[serde(borrow)]
    pub(super) commit: &'a [u8],
    /// Whether that is all there is to be made of it.
    pub(super) whole: bool,
    /// What was left out of it for good, as sentences.
    #[serde(borrow)]
    pub(super) notes: Vec<&'a str>,
    /// Which sayings of the repository about its languages it was made under.
    pub(super) attributes: &'a [u8],
    /// Its files, by path.
    #[serde(borrow)]
    pub(super) files: Vec<StoredFile<'a>>,
}

/// A file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredFile<'a> {
    pub(super) path: &'a str,
    pub(super) blob: &'a [u8],
    /// A [`Record`].
    pub(super) record: &'a [u8],
}

/// What a file comes to. One that is not searched has no passage.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record<'a> {
    /// The [`Terms`](retrieval::passages::Terms) of its path.
    pub(super) path: &'a [u8],
    #[serde(borrow)]
    pub(super) symbols: Vec<StoredSymbol<'a>>,
    #[serde(borrow)]
    pub(super) passages: Vec<StoredPassage<'a>>,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredSymbol<'a> {
    pub(super) name: &'a str,
    pub(super) kind: SymbolKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredPassage<'a> {
    /// Lines from 1, the last one included.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Which of the definitions it is called by.
    pub(super) symbol: Option<u32>,
    pub(super) words: u32,
    pub(super) terms: &'a [u8],
    pub(super) vector: &'a [u8],
}

impl Stored<'static> {
    /// What the file holds; nothing where it was made under another key, or is damaged. What was read ends with the
    /// process.
    pub(super) fn read(file: Option<File>, key: &Key) -> Self {
        let bytes: &'static [u8] = Box::leak(known::load(file).into_boxed_slice());
        Self::parse(bytes, key).unwrap_or_default()
    }
}

impl<'a> Stored<'a> {
    fn parse(bytes: &'a [u8], key: &Key) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(key.as_slice())?;
        let (check, rest) = rest.split_first_chunk::<{ size_of::<u32>() }>()?;
        if crc32fast::hash(rest) != u32::from_le_bytes(*check) {
            return None;
        }
        postcard::from_bytes(rest).ok()
    }

    /// As it is to be kept.
    pub(super) fn written(&self, key: &Key) -> Option<Vec<u8>> {
        let rest = postcard::to_allocvec(self).ok()?;
        Some([MAGIC, key.as_slice(), &crc32fast::hash(&rest).to_le_bytes(), &rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_under_the_same_key_and_only_whole() {
        let symbol = StoredSymbol { name: "run", kind: SymbolKind::Function, start: 1, end: 9 };
        let passage =
            StoredPassage { start: 1, end: 9, symbol: Some(0), words: 3, terms: b"terms", vector: b"vector" };
        let record = Record { path: b"path", symbols: vec![symbol], passages: vec![passage] };
        let record = postcard::to_allocvec(&record).expect("it can be written");
        assert!(postcard::from_bytes::<Record<'_>>(&record).is_ok());
        let file = StoredFile { path: "src/a.rs", blob: &[7; 20], record: &record };
        let stored = Stored {
            commit: &[9; 20],
            whole: true,
            notes: vec!["Less."],
            attributes: b"said",
            files: vec![file],
        };
        let bytes = stored.written(&[1; 32]).expect("it can be written");
        assert_eq!(Stored::parse(&bytes, &[1; 32]), Some(stored));
        assert_eq!(Stored::parse(&bytes, &[2; 32]), None);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(Stored::parse(&damaged, &[1; 32]), None, "{at}");
            assert_eq!(Stored::parse(&bytes[..at], &[1; 32]), None, "{at}");
        }
    }
}
