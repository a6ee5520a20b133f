//! Languages and lines of a commit, with nothing else of it read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use analysis::inventory::{Survey, Surveyed, survey, survey_unread};
use analysis::report::{Commit, SkipReason, Skipped};
use gix::objs::Kind;

use super::examine::{LFS_BYTES, STACK_BYTES, is_lfs_pointer, no_thread, reason};
use super::lfs_note;
use crate::failure::Failure;
use crate::git::tree::{self, TreeFile};
use crate::git::{Objects, Repository};
use crate::limits::Limits;

/// Files that a thread takes up at once: each takes a few microseconds.
const AT_ONCE: usize = 16;

/// What came of one file.
type Seen = Result<Surveyed, Skipped>;

/// The languages and lines of a branch's newest commit.
pub(super) fn all(repository: &Repository, branch: Option<&str>, limits: &Limits) -> Result<Survey, Failure> {
    let resolved = repository.resolve(branch)?;
    let commit = repository.head_commit(&resolved.id)?;
    let tree = tree::walk(repository.objects(), commit.tree, limits)?;
    let mut surveyed = Vec::with_capacity(tree.files.len());
    let mut unread = Vec::new();
    for seen in look(repository, &tree.files, limits)? {
        match seen {
            Ok(file) => surveyed.push(file),
            Err(file) => unread.push(file),
        }
    }
    let mut notes = tree.notes;
    notes.extend(lfs_note(&unread));
    let mut skipped = tree.skipped;
    skipped.extend(unread);
    let commit = Commit {
        id: resolved.id.to_string(),
        branch: resolved.branch,
        time: commit.time,
        subject: analysis::inventory::masked(&commit.subject),
    };
    Ok(Survey::new(commit, [tree.total_files, tree.total_bytes], surveyed, skipped, notes))
}

/// Looks at the files on a few threads, each of which holds one content at a time.
fn look(repository: &Repository, files: &[TreeFile], limits: &Limits) -> Result<Vec<Seen>, Failure> {
    let tasks: Vec<&[TreeFile]> = files.chunks(AT_ONCE).collect();
    let next = AtomicUsize::new(0);
    let mut all = Vec::with_capacity(files.len());
    std::thread::scope(|scope| -> std::io::Result<()> {
        let mut threads = Vec::new();
        for number in 0..limits.threads.max(1) {
            let (objects, tasks, next) = (repository.objects().clone(), &tasks, &next);
            let builder =
                std::thread::Builder::new().name(format!("languages-{number}")).stack_size(STACK_BYTES);
            threads.push(builder.spawn_scoped(scope, move || {
                let (mut buffer, mut seen) = (Vec::new(), Vec::new());
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    seen.extend(task.iter().map(|file| one(&objects, file, limits, &mut buffer)));
                }
                seen
            })?);
        }
        for thread in threads {
            all.extend(thread.join().map_err(|_| std::io::Error::other("a thread ended early"))?);
        }
        Ok(())
    })
    .map_err(|error| no_thread(&error))?;
    Ok(all)
}

fn one(objects: &Objects, file: &TreeFile, limits: &Limits, buffer: &mut Vec<u8>) -> Seen {
    let skip = |reason| Skipped { path: file.path.clone(), reason };
    // Whatever it is called, a small file may be a pointer of Git LFS.
    let path = if file.bytes > LFS_BYTES as u64 {
        match survey_unread(file.path.clone(), file.bytes) {
            Ok(unread) => return Ok(unread),
            Err(path) => path,
        }
    } else {
        file.path.clone()
    };
    catch_unwind(AssertUnwindSafe(|| {
        let bytes = objects
            .read(&file.id, Kind::Blob, limits.file_bytes, buffer)
            .map_err(|error| skip(reason(error)))?;
        if is_lfs_pointer(bytes) { Err(skip(SkipReason::LfsPointer)) } else { Ok(survey(path, bytes)) }
    }))
    .unwrap_or_else(|_| Err(skip(SkipReason::ParserGaveUp)))
}
