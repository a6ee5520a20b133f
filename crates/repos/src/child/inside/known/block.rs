//! Blocks of what is kept.

use analysis::pipeline::Written;
use gix::ObjectId;

use super::{Index, IndexFile, Place};
use crate::git::tree::TreeFile;
use crate::kept::SLOT_BYTES;

/// In front of each block.
const MARK: &[u8; 4] = b"DMBK";

/// The mark, the length of the index, those of the near and the far pieces, and the checksum of all that.
pub(super) const BLOCK_HEADER: usize = MARK.len() + 4 + 8 + 8 + 4;

/// How long the parts of a block are.
pub(super) struct Header {
    pub(super) index: usize,
    pub(super) near: usize,
    pub(super) far: usize,
    check: u32,
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MARK)?;
        let (index, rest) = rest.split_first_chunk::<4>()?;
        let (near, rest) = rest.split_first_chunk::<8>()?;
        let (far, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            index: usize::try_from(u32::from_le_bytes(*index)).ok()?,
            near: usize::try_from(u64::from_le_bytes(*near)).ok()?,
            far: usize::try_from(u64::from_le_bytes(*far)).ok()?,
            check: u32::from_le_bytes(*rest.first_chunk()?),
        })
    }

    /// Whether it belongs to the index.
    pub(super) fn is_of(&self, index: &[u8]) -> bool {
        lengths(index.len(), self.near, self.far)
            .is_some_and(|lengths| check_of(&lengths, index) == self.check)
    }
}

/// The lengths of the parts as they are written.
fn lengths(index: usize, near: usize, far: usize) -> Option<Vec<u8>> {
    let mut lengths = u32::try_from(index).ok()?.to_le_bytes().to_vec();
    lengths.extend((near as u64).to_le_bytes());
    lengths.extend((far as u64).to_le_bytes());
    Some(lengths)
}

fn check_of(lengths: &[u8], index: &[u8]) -> u32 {
    let mut hash = crc32fast::Hasher::new();
    hash.update(lengths);
    hash.update(index);
    hash.finalize()
}

/// A block that is being made.
pub(super) struct Block<'a> {
    index: Index<'a>,
    near: Vec<u8>,
    far: Vec<u8>,
    /// Bytes there is room for.
    room: usize,
}

impl<'a> Block<'a> {
    /// A block behind that many bytes.
    pub(super) fn new(before: usize) -> Self {
        let most = usize::try_from(SLOT_BYTES).unwrap_or(usize::MAX);
        let room = most.saturating_sub(before + BLOCK_HEADER);
        Self { index: Index::default(), near: Vec::new(), far: Vec::new(), room }
    }

    /// Takes up commits, if there is room for them.
    pub(super) fn commits(&mut self, piece: &[u8]) {
        if self.take(piece.len() + size_of::<Place>())
            && let Some(place) = put(&mut self.near, piece)
        {
            self.index.commits.push(place);
        }
    }

    /// Takes up the facts of a file, if there is room for them.
    pub(super) fn file(&mut self, file: &'a TreeFile, facts: &Written) {
        let entry = size_of::<IndexFile<'_>>() + file.path.len() + 20;
        if self.take(facts.near.len() + facts.far.len() + entry)
            && let Some(near) = put(&mut self.near, &facts.near)
            && let Some(far) = put(&mut self.far, &facts.far)
        {
            let (path, blob) = (file.path.as_str(), file.id.as_slice());
            let (bytes, executable) = (file.bytes, file.executable);
            self.index.files.push(IndexFile { path, blob, bytes, executable, near, far });
        }
    }

    /// Takes up a folder, if there is room for it.
    pub(super) fn folder(&mut self, id: &'a ObjectId, folder: &[u8]) {
        if self.take(folder.len() + size_of::<Place>() + id.as_slice().len())
            && let Some(place) = put(&mut self.near, folder)
        {
            self.index.folders.push((id.as_slice(), place));
        }
    }

    fn take(&mut self, length: usize) -> bool {
        let left = self.room.checked_sub(length);
        self.room = left.unwrap_or(self.room);
        left.is_some()
    }

    pub(super) fn finish(self) -> Option<Vec<u8>> {
        let index = postcard::to_allocvec(&self.index).ok()?;
        let lengths = lengths(index.len(), self.near.len(), self.far.len())?;
        let check = check_of(&lengths, &index).to_le_bytes();
        Some([MARK, lengths.as_slice(), &check, &index, &self.near, &self.far].concat())
    }
}

fn put(pieces: &mut Vec<u8>, piece: &[u8]) -> Option<Place> {
    let start = u32::try_from(pieces.len()).ok()?;
    let place = Place { start, length: u32::try_from(piece.len()).ok()?, check: crc32fast::hash(piece) };
    pieces.extend_from_slice(piece);
    Some(place)
}
