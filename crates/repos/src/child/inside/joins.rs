//! What came of joining the facts of all files, kept for the next time. It rests on the versions and limits of [`Key`]
//! and on nothing else: each answer says itself what it read.

use std::fs::File;

use analysis::pipeline::Joins;

use super::known::{self, Key};
use crate::kept::SLOT_BYTES;

/// What is kept begins like this, with the key and the checksum of the rest behind it.
const MAGIC: &[u8; 8] = b"DMJOIN01";

/// What the file holds; nothing where it was kept under another key, or is damaged.
pub(super) fn read(file: Option<File>, key: &Key) -> Joins {
    parse(&known::load(file), key).map(Joins::read).unwrap_or_default()
}

fn parse<'a>(bytes: &'a [u8], key: &Key) -> Option<&'a [u8]> {
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(key)?;
    let (check, rest) = rest.split_first_chunk::<{ size_of::<u32>() }>()?;
    (crc32fast::hash(rest) == u32::from_le_bytes(*check)).then_some(rest)
}

/// What is to be kept; `None` where there is nothing new, or too much.
pub(super) fn written(joins: &Joins, key: &Key) -> Option<Vec<u8>> {
    let answers = joins.write()?;
    let all = [MAGIC, key.as_slice(), &crc32fast::hash(&answers).to_le_bytes(), &answers].concat();
    (all.len() as u64 <= SLOT_BYTES).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_under_the_same_key_and_only_whole() {
        let mut bytes = [MAGIC, [7; 32].as_slice(), &crc32fast::hash(b"answers").to_le_bytes()].concat();
        bytes.extend(b"answers");
        assert_eq!(parse(&bytes, &[7; 32]), Some(b"answers".as_slice()));
        assert_eq!(parse(&bytes, &[8; 32]), None);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(parse(&damaged, &[7; 32]), None, "{at}");
            assert_eq!(parse(&bytes[..at], &[7; 32]), None, "{at}");
        }
    }
}
