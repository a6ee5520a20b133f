//! What an earlier analysis of the same repository left: read by the child, and added to by its parent.
//!
//! A file is a header, which names the versions of everything that enters what is kept, and blocks. A block is an index
//! with a checksum and what the index lists, each piece with a checksum of its own. Reading ends at the first block
//! that is not sound; a piece that is not sound is as good as missing. Pieces are found by what they were made from:
//! path, content and mode of a file, or a commit's id. So no order of writes, however it was interrupted, makes a
//! wrong answer.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;

use analysis::pipeline::{self, FileFacts};
use gix::ObjectId;
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
    // Whether the history is searched besides changes nothing in what is found in files and commits.
    let limits = Limits { past_secrets: false, ..limits.clone() };
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
    let length = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |it| it.len().min(SLOT_BYTES));
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
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
    /// Its size.
    bytes: u64,
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
    bytes: u64,
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
        for IndexFile { path, blob, bytes, executable, place } in decoded.files {
            self.files.insert(path, KnownFile { blob, bytes, executable, place, pieces });
        }
        Some(BLOCK_HEADER + index.len() + pieces.len())
    }

    /// What is known of a file, if it is still the same.
    pub(super) fn facts(&self, file: &TreeFile) -> Option<FileFacts> {
        FileFacts::decode(self.piece(file)?)
    }

    /// The size of a content that was read at that path.
    pub(super) fn size(&self, path: &str, blob: &ObjectId) -> Option<u64> {
        self.files.get(path).filter(|known| known.blob == blob.as_slice()).map(|known| known.bytes)
    }

    /// Whether a file seems to be known; whether that is sound shows when it is read.
    pub(super) fn has(&self, file: &TreeFile) -> bool {
        self.same(file).is_some()
    }

    fn same(&self, file: &TreeFile) -> Option<&KnownFile<'a>> {
        let known = self.files.get(file.path.as_str())?;
        (known.blob == file.id.as_slice() && known.executable == file.executable).then_some(known)
    }

    fn piece(&self, file: &TreeFile) -> Option<&'a [u8]> {
        let known = self.same(file)?;
        known.place.of(known.pieces)
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
        let old = || files.iter().filter(|(_, facts)| facts.is_none()).map(|(file, _)| *file);
        let new = files.iter().filter_map(|(file, facts)| Some((*file, facts.as_deref()?)));
        let used_by_commits: usize = self.commit_pieces.iter().map(|piece| piece.len()).sum();
        let used_by_files = old().filter_map(|file| self.same(file)).map(|known| known.place.length as usize);
        let used = used_by_commits + used_by_files.sum::<usize>();
        let append = self.end > 0 && self.end <= 2 * used + SPARE;
        let mut block = Block::new(if append { self.end } else { HEADER });
        // What is there already is only written again where everything is.
        let old_commits = if append { &[][..] } else { &self.commit_pieces[..] };
        for piece in old_commits.iter().copied().chain(commits) {
            block.commits(piece);
        }
        for (file, piece) in old().filter(|_| !append).filter_map(|file| Some((file, self.piece(file)?))) {
            block.file(file, piece);
        }
        for (file, piece) in new {
            block.file(file, piece);
        }
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
            let (bytes, executable) = (file.bytes, file.executable);
            self.index.files.push(IndexFile { path, blob, bytes, executable, place });
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

#[cfg(test)]
mod tests {
    use analysis::source::SourceFile;

    use super::*;

    const KEY: Key = [7; 32];

    fn file(path: &str, content: u8) -> TreeFile {
        TreeFile { path: path.to_owned(), id: ObjectId::from([content; 20]), bytes: 1, executable: false }
    }

    fn facts(text: &str) -> FileFacts {
        pipeline::examine(&SourceFile { path: "a.py", executable: false, bytes: text.as_bytes() })
    }

    /// What is kept after two analyses: of two files, then of a third.
    fn kept() -> Vec<u8> {
        let (one, other, third) = (file("a.py", 1), file("b.py", 2), file("c.py", 3));
        let fresh = |text: &str| facts(text).encode();
        let files = [(&one, fresh("import a\n")), (&other, fresh("import b\n"))];
        let (joining, mut bytes) = Known::default().additions(&KEY, &files, None).unwrap();
        assert_eq!(joining, Joining::Replace);
        let known = Known::read(&bytes, &KEY);
        let files = [(&one, None), (&other, None), (&third, fresh("import c\n"))];
        let (joining, more) = known.additions(&KEY, &files, None).unwrap();
        assert_eq!(joining, Joining::Append { at: bytes.len() as u64 });
        bytes.extend(more);
        bytes
    }

    #[test]
    fn facts_are_known_of_the_same_content_at_the_same_place_under_the_same_key() {
        let bytes = kept();
        let known = Known::read(&bytes, &KEY);
        assert_eq!(known.facts(&file("a.py", 1)), Some(facts("import a\n")));
        assert_eq!(known.facts(&file("c.py", 3)), Some(facts("import c\n")));
        assert_eq!(known.facts(&file("a.py", 2)), None, "other content");
        assert_eq!(known.facts(&file("d.py", 1)), None, "elsewhere");
        assert_eq!(known.facts(&TreeFile { executable: true, ..file("a.py", 1) }), None, "another mode");
        let (one, other) = (file("a.py", 1), file("b.py", 2));
        assert_eq!(known.additions(&KEY, &[(&one, None), (&other, None)], None), None, "nothing new");
        let elsewhen = Known::read(&bytes, &[8; 32]);
        assert_eq!(elsewhen.facts(&file("a.py", 1)), None, "another version");
        assert_eq!(elsewhen.end, 0, "what follows replaces it");
    }

    #[test]
    fn whatever_is_damaged_is_unknown_and_never_something_else() {
        let bytes = kept();
        let expected = [("a.py", 1, "import a\n"), ("b.py", 2, "import b\n"), ("c.py", 3, "import c\n")]
            .map(|(path, content, text)| (file(path, content), facts(text)));
        let check = |damaged: &[u8]| {
            let known = Known::read(damaged, &KEY);
            let right =
                |(file, facts): &(TreeFile, FileFacts)| known.facts(file).is_none_or(|it| it == *facts);
            assert!(expected.iter().all(right));
            assert!(known.end <= damaged.len());
        };
        for length in 0..bytes.len() {
            check(&bytes[..length]);
        }
        for at in 0..bytes.len() {
            for bit in [0x01, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= bit;
                check(&damaged);
            }
        }
    }
}
