//! What commits brought, as it is kept between searches: whole under its key, or not at all.

use std::collections::HashMap;

use analysis::finding::RawFinding;
use serde::{Deserialize, Serialize};

use crate::child::inside::known::Key;

/// What is kept begins like this, with a key and the checksum of the rest behind it.
const MAGIC: &[u8; 8] = b"DMPAST02";

const HEADER: usize = MAGIC.len() + size_of::<Key>() + size_of::<u32>();

/// What a commit brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Bytes of all contents that it brought.
    pub(super) bytes: u64,
    /// Contents that it brought and that are too large to be searched.
    pub(super) large: u32,
    /// Path and credential, where the file did not have it before.
    pub(super) found: Vec<(String, RawFinding)>,
}

/// Commits that were searched before, by their ids.
pub(super) type Memory = HashMap<Vec<u8>, Known>;

/// What an earlier search left, under the same key; nothing where it is damaged.
pub(super) fn recall(bytes: &[u8], key: &Key) -> Memory {
    let known = || {
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(key)?;
        let (check, rest) = rest.split_first_chunk::<{ size_of::<u32>() }>()?;
        let sound = crc32fast::hash(rest) == u32::from_le_bytes(*check);
        let commits: Vec<(Vec<u8>, Known)> = postcard::from_bytes(rest).ok().filter(|_| sound)?;
        Some(commits.into_iter().collect())
    };
    known().unwrap_or_default()
}

/// What is to be kept, unless it has more than so many bytes.
pub(super) fn remember(memory: &Memory, key: &Key, most: u64) -> Option<Vec<u8>> {
    let mut commits: Vec<(&Vec<u8>, &Known)> = memory.iter().collect();
    commits.sort_by_key(|(id, _)| *id);
    let rest = postcard::to_allocvec(&commits).ok()?;
    if (HEADER + rest.len()) as u64 > most {
        return None;
    }
    let mut bytes = Vec::with_capacity(HEADER + rest.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(&crc32fast::hash(&rest).to_le_bytes());
    bytes.extend(rest);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kept::SLOT_BYTES;

    #[test]
    fn what_was_searched_is_known_under_the_same_key_and_only_whole() {
        let known = Known { bytes: 7, large: 1, found: Vec::new() };
        let memory = Memory::from([(vec![1; 20], known)]);
        let bytes = remember(&memory, &[7; 32], SLOT_BYTES).expect("it can be written");
        assert_eq!(recall(&bytes, &[7; 32]), memory);
        assert_eq!(remember(&memory, &[7; 32], bytes.len() as u64 - 1), None, "too much");
        assert_eq!(recall(&bytes, &[8; 32]), Memory::new(), "another version");
        for length in 0..bytes.len() {
            assert_eq!(recall(&bytes[..length], &[7; 32]), Memory::new());
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(recall(&damaged, &[7; 32]), Memory::new(), "byte {at}");
        }
    }
}
