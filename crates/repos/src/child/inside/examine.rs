//! Reads every file once and looks at it, on a few threads, but for those that are known.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use analysis::pipeline::{self, FileEntry, FileFacts, Written};
use analysis::report::{SkipReason, Skipped};
use analysis::source::SourceFile;
use gix::objs::Kind;

use super::analyze::Memory;
use super::known::{Again, Besides};
use crate::failure::{Failure, FailureCode};
use crate::git::tree::TreeFile;
use crate::git::{ObjectError, Objects, Repository};
use crate::kept::{Joining, SLOT_BYTES};
use crate::limits::Limits;

/// Parsers of hostile text recurse further than usual.
pub(super) const STACK_BYTES: usize = 16 << 20;

/// A file that Git LFS keeps elsewhere is a small text that begins like this.
const LFS_START: &[u8] = b"version https://git-lfs.github.com/spec/";

/// No pointer is longer.
pub(super) const LFS_BYTES: usize = 1_024;

/// What came of looking at all files.
#[derive(Default)]
pub(super) struct Examined {
    /// Those that were read, in the order of the tree.
    pub(super) read: Vec<FileEntry>,
    /// Those that were not, with the reason.
    pub(super) unread: Vec<Skipped>,
    /// What the next analysis may want to know; nothing where nothing is remembered.
    pub(super) additions: Option<(Joining, Vec<u8>)>,
    /// How many were not looked at, because an earlier analysis had.
    pub(super) known: u64,
}

/// Looks at all files that are not known from before. A blob lives only while it is looked at, so memory holds at most
/// one for each thread. What else was `read` is to be remembered besides.
pub(super) fn all(
    repository: &Repository,
    files: Vec<TreeFile>,
    limits: &Limits,
    memory: Option<&Memory>,
    read: &Besides<'_>,
    progress: &dyn Fn(u64),
) -> Result<Examined, Failure> {
    let mut results: Vec<Option<Seen>> = files.iter().map(|_| None).collect();
    let far = memory.map(|memory| memory.known.far(again(repository, limits)));
    let room = AtomicU64::new(if memory.is_some() { SLOT_BYTES } else { 0 });
    let mut known = 0_u64;
    // To take up what is known takes a few microseconds for each file: less than to hand it to another thread.
    if let Some((Memory { known: kept, .. }, far)) = memory.zip(far.as_ref()) {
        for (file, result) in files.iter().zip(&mut results) {
            let facts = kept.same(file).and_then(|same| same.facts(far));
            *result = facts.map(|facts| Seen { facts: Ok(facts.into()), fresh: None });
            known += u64::from(result.is_some());
        }
        progress(known);
    }
    let mut new: Vec<usize> = (0..files.len()).filter(|at| results[*at].is_none()).collect();
    // The largest first, so that no thread is left with one at the end while the others are idle.
    new.sort_by_key(|index| (std::cmp::Reverse(files[*index].bytes), *index));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| -> std::io::Result<()> {
        let (sender, receiver) = mpsc::channel();
        for number in 0..limits.threads.max(1).min(new.len()) {
            let (sender, objects) = (sender.clone(), repository.objects().clone());
            let (next, new, files, far, room) = (&next, &new, &files, &far, &room);
            let builder =
                std::thread::Builder::new().name(format!("examine-{number}")).stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, move || {
                let mut buffer = Vec::new();
                while let Some(index) = new.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let file = &files[*index];
                    let before = memory.zip(far.as_ref());
                    let before = before.and_then(|(memory, far)| memory.known.last(&file.path, far));
                    let facts = one(&objects, file, before.as_ref(), limits, &mut buffer);
                    if sender.send((*index, Seen::new(facts, room))).is_err() {
                        return;
                    }
                }
            })?;
        }
        drop(sender);
        for (done, (index, seen)) in (known + 1..).zip(receiver) {
            results[index] = Some(seen);
            progress(done);
        }
        Ok(())
    })
    .map_err(|error| no_thread(&error))?;

    let additions = memory.and_then(|memory| {
        let mut pieces: Vec<(&TreeFile, Option<Written>)> = Vec::with_capacity(files.len());
        for (file, seen) in files.iter().zip(&mut results) {
            if let Some(seen) = seen.as_mut().filter(|seen| seen.facts.is_ok()) {
                pieces.push((file, seen.fresh.take()));
            }
        }
        memory.known.additions(&memory.key, &pieces, read)
    });
    let mut examined = Examined { additions, known, ..Examined::default() };
    for (file, seen) in files.into_iter().zip(results) {
        let facts = seen.map_or(Err(SkipReason::ParserGaveUp), |seen| seen.facts);
        match facts {
            Ok(facts) => examined.read.push(FileEntry { path: file.path, bytes: file.bytes, facts }),
            Err(reason) => examined.unread.push(Skipped { path: file.path, reason }),
        }
    }
    Ok(examined)
}

/// Brings the far piece of a file whose kept one is damaged.
fn again(repository: &Repository, limits: &Limits) -> Box<Again> {
    let (objects, limits) = (Mutex::new(repository.objects().clone()), limits.clone());
    Box::new(move |file: &TreeFile| {
        let objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
        Some(one(&objects, file, None, &limits, &mut Vec::new()).ok()?.encode()?.far)
    })
}

/// What came of one file.
struct Seen {
    facts: Result<Box<FileFacts>, SkipReason>,
    /// The facts written down, where they were not known.
    fresh: Option<Written>,
}

impl Seen {
    /// Writes the facts down while there is room for more.
    fn new(facts: Result<Box<FileFacts>, SkipReason>, room: &AtomicU64) -> Self {
        let left = room.load(Ordering::Relaxed);
        let fresh = facts.as_ref().ok().filter(|_| left > 0).and_then(|facts| facts.encode());
        if let Some(fresh) = &fresh {
            let length = fresh.near.len() + fresh.far.len();
            room.store(left.saturating_sub(length as u64), Ordering::Relaxed);
        }
        Self { facts, fresh }
    }
}

fn one(
    objects: &Objects,
    file: &TreeFile,
    before: Option<&FileFacts>,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> Result<Box<FileFacts>, SkipReason> {
    // A parser or decoder that panics costs its file, not the analysis.
    catch_unwind(AssertUnwindSafe(|| {
        let bytes = objects.read(&file.id, Kind::Blob, limits.file_bytes, buffer).map_err(reason)?;
        if is_lfs_pointer(bytes) {
            return Err(SkipReason::LfsPointer);
        }
        let file = SourceFile { path: &file.path, executable: file.executable, bytes };
        Ok(pipeline::examine_changed(&file, before).into())
    }))
    .unwrap_or(Err(SkipReason::ParserGaveUp))
}

/// Why the content of a file cannot be used.
pub(super) fn reason(error: ObjectError) -> SkipReason {
    match error {
        ObjectError::TooLarge(_) => SkipReason::TooLarge,
        ObjectError::Missing | ObjectError::Damaged => SkipReason::Unreadable,
    }
}

pub(super) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() <= LFS_BYTES && bytes.starts_with(LFS_START)
}

pub(super) fn no_thread(error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::AnalysisLimit, format!("No thread could be started: {error}."))
}
