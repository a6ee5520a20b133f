//! What an earlier analysis of the same repository left: read by the child, and added to by its parent.
//!
//! A file is a header, which names the versions of everything that enters what is kept, and blocks. A block is an index
//! with a checksum and what the index lists, each piece with a checksum of its own: first the near ones, which are read at
//! once, then the far ones, which are only read where somebody asks for them. Reading ends at the first block that is not
//! sound; a piece that is not sound is as good as missing. Pieces are found by what they were made from: path, content and
//! mode of a file, or a commit's id. So no order of writes, however it was interrupted, makes a wrong answer.

mod block;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use analysis::later::{Far, FarSource};
use analysis::pipeline::{self, FileFacts, Written};
use bytes::Bytes;
use foldhash::fast::RandomState;
use gix::ObjectId;
use rustix::buffer::spare_capacity;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::git::history::KnownCommits;
use crate::git::ids::IdMap;
use crate::git::tree::{KnownTree, TreeFile};
use crate::kept::{Joining, SLOT_BYTES};
use crate::limits::Limits;
use block::{BLOCK_HEADER, Block, Header};

/// The header: these bytes and a [`Key`].
const MAGIC: &[u8; 8] = b"DMKEPT02";

const HEADER: usize = MAGIC.len() + 32;

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

/// Where what is kept is read from.
pub(super) trait Shelf: Send + Sync {
    /// The bytes at a place; `None` where there are not as many.
    fn read(&self, start: u64, length: usize) -> Option<Vec<u8>>;
}

impl Shelf for File {
    fn read(&self, start: u64, length: usize) -> Option<Vec<u8>> {
        // So that no length that was made up asks for memory.
        let end = start.checked_add(length as u64)?;
        if end > self.metadata().ok()?.len().min(SLOT_BYTES) {
            return None;
        }
        // What was never written to need not be cleared before: it is most of what an analysis of one changed file reads.
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let at = start + bytes.len() as u64;
            if rustix::io::pread(self, spare_capacity(&mut bytes), at).ok()? == 0 {
                return None;
            }
        }
        bytes.truncate(length);
        Some(bytes)
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Index<'a> {
    #[serde(borrow)]
    files: Vec<IndexFile<'a>>,
    commits: Vec<Place>,
    #[serde(borrow)]
    folders: Vec<(&'a [u8], Place)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct IndexFile<'a> {
    path: &'a str,
    blob: &'a [u8],
    /// Its size.
    bytes: u64,
    executable: bool,
    near: Place,
    far: Place,
}

/// A piece: where it is among the near or far ones of its block, and its checksum.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Place {
    start: u32,
    length: u32,
    check: u32,
}

impl Place {
    fn of(&self, pieces: &'static [u8]) -> Option<&'static [u8]> {
        let start = self.start as usize;
        self.sound(pieces.get(start..start.checked_add(self.length as usize)?)?)
    }

    fn sound<T: AsRef<[u8]>>(&self, piece: T) -> Option<T> {
        (crc32fast::hash(piece.as_ref()) == self.check).then_some(piece)
    }
}

/// What is known of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownFile {
    /// Its place among all.
    number: u32,
    path: &'static str,
    blob: &'static [u8],
    bytes: u64,
    executable: bool,
    near: Place,
    far: Place,
    /// The near pieces of its block, and where the far ones begin.
    pieces: (&'static [u8], u64),
}

/// What is known from before. What was read of it stays in memory until the process ends.
#[derive(Default)]
pub(super) struct Known {
    files: Arc<Vec<KnownFile>>,
    /// The newest of each path, by its number.
    by_path: HashMap<&'static str, u32, RandomState>,
    /// The commits.
    pub(super) commits: KnownCommits<'static>,
    commit_pieces: Vec<&'static [u8]>,
    folders: IdMap<&'static [u8]>,
    /// Where what is sound ends; 0 when nothing is.
    end: usize,
    shelf: Option<Arc<dyn Shelf>>,
    lost: Arc<AtomicBool>,
}

impl Known {
    /// What a shelf holds for an analysis with this key.
    pub(super) fn read(shelf: Option<Arc<dyn Shelf>>, key: &Key) -> Self {
        let mut known = Self::default();
        let Some(shelf) = shelf else { return known };
        let header = shelf.read(0, HEADER);
        if header.is_none_or(|header| header.strip_prefix(MAGIC) != Some(key.as_slice())) {
            return known;
        }
        known.end = HEADER;
        while let Some(length) = known.block(&*shelf) {
            known.end += length;
        }
        known.shelf = Some(shelf);
        known
    }

    /// Takes up the next block; how long it is.
    fn block(&mut self, shelf: &dyn Shelf) -> Option<usize> {
        let start = self.end as u64 + BLOCK_HEADER as u64;
        let header = Header::read(shelf.read(self.end as u64, BLOCK_HEADER)?.as_slice())?;
        let read: &'static [u8] = shelf.read(start, header.index.checked_add(header.near)?)?.leak();
        let (index, near) = read.split_at_checked(header.index)?;
        let length = BLOCK_HEADER.checked_add(read.len())?.checked_add(header.far)?;
        // The far pieces are not looked at now, but they have to be there.
        let last = length.checked_sub(1)?;
        if !header.is_of(index) || shelf.read(self.end as u64 + last as u64, 1).is_none() {
            return None;
        }
        let decoded: Index<'static> = postcard::from_bytes(index).ok()?;
        for place in &decoded.commits {
            if let Some(piece) = place.of(near).filter(|piece| self.commits.add(piece)) {
                self.commit_pieces.push(piece);
            }
        }
        self.folders.extend(
            decoded
                .folders
                .into_iter()
                .filter_map(|(id, place)| Some((ObjectId::try_from(id).ok()?, place.of(near)?))),
        );
        let pieces = (near, start + read.len() as u64);
        let files = Arc::make_mut(&mut self.files);
        files.reserve(decoded.files.len());
        self.by_path.reserve(decoded.files.len());
        for (number, file) in (u32::try_from(files.len()).ok()?..).zip(decoded.files) {
            let IndexFile { path, blob, bytes, executable, near, far } = file;
            files.push(KnownFile { number, path, blob, bytes, executable, near, far, pieces });
            self.by_path.insert(path, number);
        }
        Some(length)
    }

    /// Brings the far pieces of all files. Where one is damaged, its file is looked at `again`.
    pub(super) fn far(&self, again: Box<Again>) -> Arc<dyn FarSource> {
        let (shelf, files, lost) = (self.shelf.clone(), self.files.clone(), self.lost.clone());
        Arc::new(KeptFar { shelf, files, again, lost })
    }

    /// Whether something was wanted that nobody could bring: what was found without them is not to be kept.
    pub(super) fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// What is known of a file, if it is still the same; whether that is sound shows when it is read.
    pub(super) fn same(&self, file: &TreeFile) -> Option<&KnownFile> {
        let known = self.of(&file.path)?;
        (known.blob == file.id.as_slice() && known.executable == file.executable).then_some(known)
    }

    /// What is known of the last content at a path.
    pub(super) fn last(&self, path: &str, far: &Arc<dyn FarSource>) -> Option<FileFacts> {
        self.of(path)?.facts(far)
    }

    fn of(&self, path: &str) -> Option<&KnownFile> {
        self.files.get(*self.by_path.get(path)? as usize)
    }

    /// A file's facts as they are kept.
    fn written(&self, file: &TreeFile) -> Option<Written> {
        let known = self.same(file)?;
        let near = known.near.of(known.pieces.0)?.to_vec();
        Some(Written { near, far: known.far(&**self.shelf.as_ref()?)? })
    }

    /// What is to be kept besides: the facts of files that were not known, commits and folders. `files` are all that
    /// were read, with the facts of those that were not known. `None` when there is nothing to add.
    pub(super) fn additions(
        &self,
        key: &Key,
        files: &[(&TreeFile, Option<Written>)],
        read: &Besides<'_>,
    ) -> Option<(Joining, Vec<u8>)> {
        let fresh = files.iter().any(|(_, facts)| facts.is_some());
        if !fresh && read.commits.is_none() && read.folders.is_empty() {
            return None;
        }
        let old = || files.iter().filter(|(_, facts)| facts.is_none()).map(|(file, _)| *file);
        let new = files.iter().filter_map(|(file, facts)| Some((*file, facts.as_ref()?)));
        let used_by_commits: usize = self.commit_pieces.iter().map(|piece| piece.len()).sum();
        let used_by_files = old().filter_map(|file| self.same(file));
        let used_by_files = used_by_files.map(|known| known.near.length as usize + known.far.length as usize);
        let old_folders = || read.known.iter().filter_map(|id| self.folders.get_key_value(id));
        let used_by_folders: usize = old_folders().map(|(_, folder)| folder.len()).sum();
        let used = used_by_commits + used_by_folders + used_by_files.sum::<usize>();
        let more: usize = new.clone().map(|(_, facts)| facts.near.len() + facts.far.len()).sum();
        let room = self.end + more <= usize::try_from(SLOT_BYTES).unwrap_or(usize::MAX) / 2;
        let append = self.end > 0 && room && self.end <= 2 * used + SPARE;
        let mut block = Block::new(if append { self.end } else { HEADER });
        // What is there already is only written again where everything is.
        let old_commits = if append { &[][..] } else { &self.commit_pieces[..] };
        for piece in old_commits.iter().copied().chain(read.commits) {
            block.commits(piece);
        }
        for (id, folder) in old_folders().filter(|_| !append) {
            block.folder(id, folder);
        }
        for (id, folder) in read.folders {
            block.folder(id, folder);
        }
        for (file, facts) in old().filter(|_| !append).filter_map(|file| Some((file, self.written(file)?))) {
            block.file(file, &facts);
        }
        for (file, facts) in new {
            block.file(file, facts);
        }
        let block = block.finish()?;
        Some(if append {
            (Joining::Append { at: self.end as u64 }, block)
        } else {
            (Joining::Replace, [MAGIC.as_slice(), key, &block].concat())
        })
    }
}

impl KnownTree for Known {
    fn size(&self, path: &str, blob: &ObjectId) -> Option<u64> {
        self.of(path).filter(|known| known.blob == blob.as_slice()).map(|known| known.bytes)
    }

    fn folder(&self, id: &ObjectId) -> Option<&[u8]> {
        self.folders.get(id).copied()
    }
}

/// What was read besides files and was not known.
#[derive(Clone, Copy, Default)]
pub(super) struct Besides<'a> {
    pub(super) commits: Option<&'a [u8]>,
    /// As the repository has them.
    pub(super) folders: &'a [(ObjectId, Vec<u8>)],
    /// Folders that were read and known.
    pub(super) known: &'a [ObjectId],
}

impl KnownFile {
    /// What is known of it, where it is [still the same](Known::same).
    pub(super) fn facts(&self, far: &Arc<dyn FarSource>) -> Option<FileFacts> {
        let near = self.near.of(self.pieces.0)?;
        FileFacts::decode(Bytes::from_static(near), Far::new(far.clone(), self.number))
    }

    /// The far piece.
    fn far(&self, shelf: &dyn Shelf) -> Option<Vec<u8>> {
        let start = self.pieces.1.checked_add(u64::from(self.far.start))?;
        self.far.sound(shelf.read(start, self.far.length as usize)?)
    }
}

/// Looks at a file again, where what is kept of it turns out to be damaged: its far piece.
pub(super) type Again = dyn Fn(&TreeFile) -> Option<Vec<u8>> + Send + Sync;

/// The far pieces of all files, on the shelf.
struct KeptFar {
    shelf: Option<Arc<dyn Shelf>>,
    files: Arc<Vec<KnownFile>>,
    again: Box<Again>,
    lost: Arc<AtomicBool>,
}

impl KeptFar {
    fn find(&self, file: u32) -> Option<Vec<u8>> {
        let known = self.files.get(file as usize)?;
        let kept = self.shelf.as_ref().and_then(|shelf| known.far(&**shelf));
        kept.or_else(|| {
            let (path, id) = (known.path.to_owned(), ObjectId::try_from(known.blob).ok()?);
            (self.again)(&TreeFile { path, id, bytes: known.bytes, executable: known.executable })
        })
    }
}

impl FarSource for KeptFar {
    fn far(&self, file: u32) -> Option<Vec<u8>> {
        let found = self.find(file);
        self.lost.fetch_or(found.is_none(), Ordering::Relaxed);
        found
    }
}
