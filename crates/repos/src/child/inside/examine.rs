//! Reads every file once and looks at it, on a few threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use analysis::pipeline::{self, FileEntry, FileFacts};
use analysis::report::{SkipReason, Skipped};
use analysis::source::SourceFile;
use gix::objs::Kind;

use crate::failure::{Failure, FailureCode};
use crate::git::tree::TreeFile;
use crate::git::{ObjectError, Objects, Repository};
use crate::limits::Limits;

/// Parsers of hostile text recurse further than usual.
const STACK_BYTES: usize = 16 << 20;

/// A file that Git LFS keeps elsewhere is a small text that begins like this.
const LFS_START: &[u8] = b"version https://git-lfs.github.com/spec/";

/// No pointer is longer.
const LFS_BYTES: usize = 1_024;

/// Looks at all files; returns those that were read and those that were not. A blob lives only while it is looked
/// at, so memory holds at most one for each thread.
pub(super) fn all(
    repository: &Repository,
    files: Vec<TreeFile>,
    limits: &Limits,
    progress: &dyn Fn(u64),
) -> Result<(Vec<FileEntry>, Vec<Skipped>), Failure> {
    // The largest first, so that no thread is left with one at the end while the others are idle.
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(files[*index].bytes), *index));
    let next = AtomicUsize::new(0);
    let mut results: Vec<Option<Result<FileFacts, SkipReason>>> = files.iter().map(|_| None).collect();
    std::thread::scope(|scope| -> std::io::Result<()> {
        let (sender, receiver) = mpsc::channel();
        for number in 0..limits.threads.max(1) {
            let (sender, objects) = (sender.clone(), repository.objects().clone());
            let (next, order, files) = (&next, &order, &files);
            let builder =
                std::thread::Builder::new().name(format!("examine-{number}")).stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, move || {
                let mut buffer = Vec::new();
                while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let facts = one(&objects, &files[*index], limits, &mut buffer);
                    if sender.send((*index, facts)).is_err() {
                        return;
                    }
                }
            })?;
        }
        drop(sender);
        for (done, (index, facts)) in (1_u64..).zip(receiver) {
            results[index] = Some(facts);
            progress(done);
        }
        Ok(())
    })
    .map_err(|error| {
        Failure::new(FailureCode::AnalysisLimit, format!("No thread could be started: {error}."))
    })?;

    let mut read = Vec::with_capacity(files.len());
    let mut unread = Vec::new();
    for (file, facts) in files.into_iter().zip(results) {
        match facts {
            Some(Ok(facts)) => read.push(FileEntry { path: file.path, bytes: file.bytes, facts }),
            Some(Err(reason)) => unread.push(Skipped { path: file.path, reason }),
            None => unread.push(Skipped { path: file.path, reason: SkipReason::ParserGaveUp }),
        }
    }
    Ok((read, unread))
}

fn one(
    objects: &Objects,
    file: &TreeFile,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> Result<FileFacts, SkipReason> {
    // A parser or decoder that panics costs its file, not the analysis.
    catch_unwind(AssertUnwindSafe(|| {
        let bytes =
            objects.read(&file.id, Kind::Blob, limits.file_bytes, buffer).map_err(|error| match error {
                ObjectError::TooLarge(_) => SkipReason::TooLarge,
                ObjectError::Missing | ObjectError::Damaged => SkipReason::Unreadable,
            })?;
        if bytes.len() <= LFS_BYTES && bytes.starts_with(LFS_START) {
            return Err(SkipReason::LfsPointer);
        }
        Ok(pipeline::examine(&SourceFile { path: &file.path, executable: file.executable, bytes }))
    }))
    .unwrap_or(Err(SkipReason::ParserGaveUp))
}
