//! What an earlier analysis of the same repository left: read by the child, and added to by its parent.
//!
//! A file is a header, which names the versions of everything that enters what is kept, and blocks. A block is an index
//! with a checksum and what the index lists, each piece with a checksum of its own. Reading ends at the first block
//! that is not sound; a piece that is not sound is as good as missing. Pieces are found by what they were made from:
//! path, content and mode of a file, or a commit's id. So no order of writes, however it was interrupted, makes a
//! wrong answer.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;

use analysis::pipeline::{self, FileFacts};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::git::history::KnownCommits;
use crate::git::tree::TreeFile;
use crate::kept::{Joining, SLOT_BYTES};
use crate::limits::Limits;

/// The header: these bytes and a [`Key`].
const MAGIC: &[u8; 8] = b"DMKEPT01";

const HEADER: usize = MAGIC.len() + 32;

/// In front of each block: its mark, the length of the index, that of the pieces, and the checksum of all that.
const BLOCK: &[u8; 4] = b"DMBK";

const BLOCK_HEADER: usize = BLOCK.len() + 4 + 8 + 4;

/// What is of no use any more may take up this much, or as much as what is.
const SPARE: usize = 1 << 20;

/// Identifies everything besides content that decides what is found in it.
pub(super) type Key = [u8; 32];

/// The key under these limits.
pub(super) fn key(limits: &Limits) -> Key {
    let mut hash = Sha256::new();
    // Builds that check their arithmetic give up where others go on.
    let build = if cfg!(debug_assertions) { "checked" } else { "" };
    for part in [pipeline::version(), env!("READING_VERSION"), build, &format!("{limits:?}")] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Reads everything there is.
pub(super) fn load(file: Option<File>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let whole = file.is_some_and(|file| file.take(SLOT_BYTES).read_to_end(&mut bytes).is_ok());
    if whole { bytes } else { Vec::new() }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Index<'a> {
    #[serde(borrow)]
    files: Vec<IndexFile<'a>>,
    commits: Vec<Place>,
}

#[derive(Debug, Serialize, Deserialize)]
struct IndexFile<'a> {
    path: &'a str,
    blob: &'a [u8],
    executable: bool,
    place: Place,
}

/// A piece: where it is among those of its block, and its checksum.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Place {
    start: u32,
    length: u32,
    check: u32,
}

impl Place {
    fn of<'a>(&self, pieces: &'a [u8]) -> Option<&'a [u8]> {
        let start = self.start as usize;
        let piece = pieces.get(start..start.checked_add(self.length as usize)?)?;
        (crc32fast::hash(piece) == self.check).then_some(piece)
    }
}

/// What is known of one file.
#[derive(Debug, Clone, Copy)]
struct KnownFile<'a> {
    blob: &'a [u8],
    executable: bool,
    place: Place,
    pieces: &'a [u8],
}

/// What is known from before.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    files: HashMap<&'a str, KnownFile<'a>>,
    /// The commits.
    pub(super) commits: KnownCommits<'a>,
    commit_pieces: Vec<&'a [u8]>,
    /// Where what is sound ends; 0 when nothing is.
    end: usize,
}

impl<'a> Known<'a> {
    /// What the bytes say to an analysis with this key.
    pub(super) fn read(bytes: &'a [u8], key: &Key) -> Self {
        let mut known = Self::default();
        if bytes.strip_prefix(MAGIC).is_none_or(|rest| !rest.starts_with(key)) {
            return known;
        }
        known.end = HEADER;
        while let Some(length) = bytes.get(known.end..).and_then(|rest| known.block(rest)) {
            known.end += length;
        }
        known
    }

    /// Takes up the block in front of these bytes; how long it is.
    fn block(&mut self, bytes: &'a [u8]) -> Option<usize> {
        let (header, rest) = bytes.split_first_chunk::<BLOCK_HEADER>()?;
        let header = header.strip_prefix(BLOCK)?;
        let (index_length, header) = header.split_first_chunk::<4>()?;
        let (pieces_length, header) = header.split_first_chunk::<8>()?;
        let (check, _) = header.split_first_chunk::<4>()?;
        let lengths = (u32::from_le_bytes(*index_length), u64::from_le_bytes(*pieces_length));
        let (index, rest) = rest.split_at_checked(lengths.0 as usize)?;
        let (pieces, _) = rest.split_at_checked(usize::try_from(lengths.1).ok()?)?;
        if check_of(lengths, index) != u32::from_le_bytes(*check) {
            return None;
        }
        let decoded: Index<'a> = postcard::from_bytes(index).ok()?;
        for place in &decoded.commits {
            if let Some(piece) = place.of(pieces).filter(|piece| self.commits.add(piece)) {
                self.commit_pieces.push(piece);
            }
        }
        for IndexFile { path, blob, executable, place } in decoded.files {
            self.files.insert(path, KnownFile { blob, executable, place, pieces });
        }
        Some(BLOCK_HEADER + index.len() + pieces.len())
    }

    /// What is known of a file, if it is still the same.
    pub(super) fn facts(&self, file: &TreeFile) -> Option<FileFacts> {
        FileFacts::decode(self.piece(file)?)
    }

    fn piece(&self, file: &TreeFile) -> Option<&'a [u8]> {
        let known = self.files.get(file.path.as_str())?;
        let same = known.blob == file.id.as_slice() && known.executable == file.executable;
        if same { known.place.of(known.pieces) } else { None }
    }

    /// What is to be kept besides: the facts of files that were not known, and commits. `files` are all that were
    /// read, with the facts of those that were not known. `None` when there is nothing to add.
    pub(super) fn additions(
        &self,
        key: &Key,
        files: &[(&TreeFile, Option<Vec<u8>>)],
        commits: Option<&[u8]>,
    ) -> Option<(Joining, Vec<u8>)> {
        let fresh = files.iter().any(|(_, facts)| facts.is_some());
        if !fresh && commits.is_none() {
            return None;
        }
        let old: Vec<_> = files
            .iter()
            .filter(|(_, facts)| facts.is_none())
            .filter_map(|(file, _)| Some((*file, Cow::Borrowed(self.piece(file)?))))
            .collect();
        let new = files.iter().filter_map(|(file, facts)| Some((*file, Cow::Borrowed(facts.as_deref()?))));
        let old_commits: usize = self.commit_pieces.iter().map(|piece| piece.len()).sum();
        let used = old_commits + old.iter().map(|(_, piece)| piece.len()).sum::<usize>();
        let append = self.end > 0 && self.end <= 2 * used + SPARE;
        let mut block = Block::new(if append { self.end } else { HEADER });
        if !append {
            self.commit_pieces.iter().for_each(|piece| block.commits(piece));
        }
        commits.into_iter().for_each(|piece| block.commits(piece));
        if !append {
            old.iter().for_each(|(file, piece)| block.file(file, piece));
        }
        new.for_each(|(file, piece)| block.file(file, &piece));
        let block = block.finish()?;
        Some(if append {
            (Joining::Append { at: self.end as u64 }, block)
        } else {
            (Joining::Replace, [MAGIC.as_slice(), key, &block].concat())
        })
    }
}

fn check_of((index_length, pieces_length): (u32, u64), index: &[u8]) -> u32 {
    let mut hash = crc32fast::Hasher::new();
    hash.update(&index_length.to_le_bytes());
    hash.update(&pieces_length.to_le_bytes());
    hash.update(index);
    hash.finalize()
}

/// A block that is being made.
struct Block<'a> {
    index: Index<'a>,
    pieces: Vec<u8>,
    /// Bytes there is room for.
    room: usize,
}

impl<'a> Block<'a> {
    /// A block behind that many bytes.
    fn new(before: usize) -> Self {
        let most = usize::try_from(SLOT_BYTES).unwrap_or(usize::MAX);
        Self { index: Index::default(), pieces: Vec::new(), room: most.saturating_sub(before + BLOCK_HEADER) }
    }

    fn commits(&mut self, piece: &[u8]) {
        if let Some(place) = self.piece(piece, size_of::<Place>()) {
            self.index.commits.push(place);
        }
    }

    fn file(&mut self, file: &'a TreeFile, piece: &[u8]) {
        if let Some(place) = self.piece(piece, size_of::<IndexFile<'_>>() + file.path.len() + 20) {
            let (path, blob) = (file.path.as_str(), file.id.as_slice());
            self.index.files.push(IndexFile { path, blob, executable: file.executable, place });
        }
    }

    /// Takes a piece, if there is room for it and for its entry in the index.
    fn piece(&mut self, piece: &[u8], entry: usize) -> Option<Place> {
        self.room = self.room.checked_sub(piece.len() + entry)?;
        let start = u32::try_from(self.pieces.len()).ok()?;
        let place = Place { start, length: u32::try_from(piece.len()).ok()?, check: crc32fast::hash(piece) };
        self.pieces.extend_from_slice(piece);
        Some(place)
    }

    fn finish(self) -> Option<Vec<u8>> {
        let index = postcard::to_allocvec(&self.index).ok()?;
        let lengths = (u32::try_from(index.len()).ok()?, self.pieces.len() as u64);
        let mut block = Vec::with_capacity(BLOCK_HEADER + index.len() + self.pieces.len());
        block.extend_from_slice(BLOCK);
        block.extend_from_slice(&lengths.0.to_le_bytes());
        block.extend_from_slice(&lengths.1.to_le_bytes());
        block.extend_from_slice(&check_of(lengths, &index).to_le_bytes());
        block.extend_from_slice(&index);
        block.extend_from_slice(&self.pieces);
        Some(block)
    }
}
