//! Reading objects by id, sizes before contents.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix::objs::Find as _;
use gix::odb::Header as _;
use gix::odb::pack::cache::DecodeEntry;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::{ObjectId, objs::Kind};

use crate::failure::{Failure, FailureCode};

/// Why an object could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectError {
    /// It is not in the repository.
    Missing,
    /// It is there, but its data is damaged or of another kind.
    Damaged,
    /// It is larger than the caller's limit, in bytes.
    TooLarge(u64),
}

/// Several objects have what should name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// The object store of one repository. Give each thread a clone.
#[derive(Clone)]
pub struct Objects {
    /// Looks where objects were when the store was opened or last looked through.
    handle: gix::odb::Handle,
    /// The same store; looks its folder through again for what is not where it was.
    anew: gix::odb::Handle,
    /// How often in a row that was for nothing, for all threads.
    in_vain: Arc<AtomicU32>,
}

/// A repository that lacks objects, as a partial clone does, does not make each of them look its folder through.
const MOST_IN_VAIN: u32 = 64;

/// Recently used delta bases, for all threads that read a repository: an object of an older commit is mostly a difference
/// from one of a newer commit, and what one thread put together another one needs as well.
#[derive(Clone)]
struct Bases(Arc<Mutex<MemoryCappedHashmap>>);

/// Bytes of delta bases that are kept. Comparing a year of a large repository puts together an eighth less with them than
/// with as many for each of two threads.
const BASES_BYTES: usize = 48 << 20;

impl Bases {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(MemoryCappedHashmap::new(BASES_BYTES))))
    }

    fn kept(&self) -> MutexGuard<'_, MemoryCappedHashmap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DecodeEntry for Bases {
    fn put(&mut self, pack_id: u32, offset: u64, data: &[u8], kind: Kind, compressed_size: usize) {
        self.kept().put(pack_id, offset, data, kind, compressed_size);
    }

    fn get(&mut self, pack_id: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        self.kept().get(pack_id, offset, out)
    }
}

impl Objects {
    /// Opens the object folder. Its `info/alternates` must have been looked at before: this follows them.
    pub(super) fn open(objects_dir: PathBuf, largest_allocation: usize) -> Result<Self, Failure> {
        let options = gix::odb::store::init::Options {
            // A multi-pack index only saves time, and is one more untrusted format.
            use_multi_pack_index: false,
            alloc_limit_bytes: Some(largest_allocation),
            // Alternates have been made absolute or refused, so the current folder is of no meaning.
            current_dir: Some(PathBuf::from("/")),
            ..Default::default()
        };
        let mut handle = gix::odb::at_opts(objects_dir, gix::hash::Kind::Sha1, None, options)
            .map_err(|_| Failure::new(FailureCode::Unreadable, "The object folder cannot be read."))?;
        let bases = Bases::new();
        handle.set_pack_cache(move || Box::new(bases.clone()));
        // The bases are found by the numbers of their packs, so those of packs that are gone must not be given again.
        handle.prevent_pack_unload();
        let anew = handle.clone();
        handle.refresh_never();
        Ok(Self { handle, anew, in_vain: Arc::default() })
    }

    /// What a look at the store finds. The work goes on in a repository while it is read, and `git commit` itself now and
    /// then puts loose objects into packs (`git gc --auto`): what is not where it was may be elsewhere.
    fn look<T, E>(
        &self,
        mut at: impl FnMut(&gix::odb::Handle) -> Result<Option<T>, E>,
    ) -> Result<Option<T>, E> {
        let found = at(&self.handle);
        if matches!(found, Ok(Some(_))) || self.in_vain.load(Ordering::Relaxed) >= MOST_IN_VAIN {
            return found;
        }
        let found = at(&self.anew);
        match found {
            Ok(Some(_)) => self.in_vain.store(0, Ordering::Relaxed),
            Ok(None) | Err(_) => {
                self.in_vain.fetch_add(1, Ordering::Relaxed);
            }
        }
        found
    }

    /// Kind and size, without reading the content.
    pub fn header(&self, id: &ObjectId) -> Result<(Kind, u64), ObjectError> {
        match self.look(|store| store.try_header(id)) {
            Ok(Some(header)) => Ok((header.kind(), header.size())),
            Ok(None) => Err(ObjectError::Missing),
            Err(_) => Err(ObjectError::Damaged),
        }
    }

    /// The one object whose id begins with these digits; `None` where there is none.
    pub(super) fn beginning_with(&self, digits: &str) -> Result<Option<ObjectId>, Ambiguous> {
        let Ok(prefix) = gix::hash::Prefix::from_hex(digits) else { return Ok(None) };
        match self.handle.lookup_prefix(prefix, None) {
            Ok(Some(Ok(id))) => Ok(Some(id)),
            Ok(Some(Err(()))) => Err(Ambiguous),
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// The content of an object of that kind, into the buffer. The size is looked at first.
    pub fn read<'a>(
        &self,
        id: &ObjectId,
        kind: Kind,
        limit: u64,
        buffer: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], ObjectError> {
        let (found, size) = self.header(id)?;
        if found != kind {
            return Err(ObjectError::Damaged);
        }
        if size > limit {
            return Err(ObjectError::TooLarge(size));
        }
        match self.look(|store| store.try_find(id, buffer).map(|found| found.map(|data| data.kind))) {
            Ok(Some(found)) if found == kind => Ok(buffer),
            Ok(Some(_)) | Err(_) => Err(ObjectError::Damaged),
            Ok(None) => Err(ObjectError::Missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_thread_puts_together_another_one_finds() {
        let mut one = Bases::new();
        let mut other = one.clone();
        one.put(1, 12, b"text", Kind::Blob, 3);
        let mut found = Vec::new();
        assert_eq!(other.get(1, 12, &mut found), Some((Kind::Blob, 3)));
        assert_eq!(found, b"text");
        assert_eq!(other.get(2, 12, &mut found), None, "of another pack");
        assert_eq!(Bases::new().get(1, 12, &mut found), None, "of another repository");
    }
}
