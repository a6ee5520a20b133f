//! What one analysis leaves for the next one of the same repository: the facts of files and commits, which stay what
//! they are as long as their content and the analyser do.
//!
//! Beside them lie what a search of the history saw, what came of joining the facts, and the last report with everything
//! that it depends on.
//!
//! Files of their own for each repository, so that nothing passes from one repository or workspace to another. The
//! analysing child reads them, opened before its walls stood, and hands over as bytes what is to be kept; only this
//! side writes, and never looks into it. What is kept is trusted no more than a repository: each piece says what it
//! belongs to and has a checksum, and whatever is damaged, torn or of another version is examined again. So nothing
//! is forced to the disk, and two processes may write one after the other.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Timespec, Timestamps, UTIME_NOW, futimens};
use serde::{Deserialize, Serialize};

/// Ends the name of every file.
const ENDING: &str = "kept";

/// Ends the name of a file with what was found in a history.
const PAST: &str = "past";

/// Ends the name of a file with the answers of joins.
const JOINS: &str = "joins";

/// Ends the name of a file with the last report.
const LAST: &str = "last";

/// Ends the name of a file with what searches are made in.
const SEARCH: &str = "search";

/// Ends the names of the files of a repository.
const ENDINGS: [&str; 5] = [ENDING, PAST, JOINS, LAST, SEARCH];

/// Ends the name of a file that is being written.
const UNFINISHED: &str = "part";

/// An unfinished file this much older than a finished one was left behind by a process that died.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// The most that is kept of one repository, in bytes.
pub const SLOT_BYTES: u64 = 256 << 20;

/// A folder with what is kept of several repositories. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    folder: PathBuf,
    most: u64,
}

/// The place of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    kept: Kept,
    path: PathBuf,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of how many repositories.
    pub repositories: u64,
    /// In bytes.
    pub bytes: u64,
}

/// How additions join what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joining {
    /// They are all that is to be kept.
    Replace,
    /// They follow the bytes up to here; what comes after is damaged.
    Append {
        /// In bytes from the beginning.
        at: u64,
    },
}

impl Kept {
    /// What is kept in `folder`, at most `most` bytes of it: the repositories that were not analysed for the longest
    /// time go first. The folder is made when it is needed.
    pub fn new(folder: PathBuf, most: u64) -> Self {
        Self { folder, most }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The place of one repository. `name` is made of letters, digits, `-` and `_`.
    pub fn slot(&self, name: &str) -> Slot {
        Slot { kept: self.clone(), path: self.folder.join(name).with_extension(ENDING) }
    }

    /// The names of the repositories of which something is kept, sorted.
    pub fn names(&self) -> io::Result<Vec<String>> {
        Ok(names(&self.files()?))
    }

    /// How much is kept.
    pub fn usage(&self) -> io::Result<Usage> {
        let files = self.files()?;
        let bytes = files.iter().map(|(_, metadata)| metadata.len()).sum();
        Ok(Usage { repositories: names(&files).len() as u64, bytes })
    }

    /// Forgets everything; how much there was.
    pub fn clear(&self) -> io::Result<Usage> {
        let usage = self.usage()?;
        for (path, _) in self.files()? {
            remove(&path)?;
        }
        Ok(usage)
    }

    /// The files of this kind, by name. Others are none of ours.
    fn files(&self) -> io::Result<Vec<(PathBuf, Metadata)>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            // Another process may just have deleted it.
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            if metadata.is_file() && (finished(&path) || ends(&path, UNFINISHED)) {
                found.push((path, metadata));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    /// Makes room, and clears away what was never finished. What is kept of the repository of `newest` stays.
    fn make_room(&self, newest: &Path) -> io::Result<()> {
        let now = fs::metadata(newest)?.modified()?;
        let mut files = self.files()?;
        files.sort_by_key(|(path, metadata)| (metadata.modified().ok(), path.clone()));
        let mut bytes: u64 = files.iter().map(|(_, metadata)| metadata.len()).sum();
        for (path, metadata) in files {
            let age =
                metadata.modified().ok().and_then(|then| now.duration_since(then).ok()).unwrap_or_default();
            let dead = ends(&path, UNFINISHED) && age > LEFT_BEHIND;
            let other = path.file_stem() != newest.file_stem();
            let surplus = bytes > self.most && finished(&path) && other;
            if dead || surplus {
                remove(&path)?;
                bytes -= metadata.len();
            }
        }
        Ok(())
    }
}

impl Slot {
    /// The file, which need not exist.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file with what was found in the history, which need not exist.
    pub fn past(&self) -> PathBuf {
        self.path.with_extension(PAST)
    }

    /// The file with the answers of joins, which need not exist.
    pub fn joins(&self) -> PathBuf {
        self.path.with_extension(JOINS)
    }

    /// The file with the last report, which need not exist.
    pub fn last(&self) -> PathBuf {
        self.path.with_extension(LAST)
    }

    /// The file with what searches are made in, which need not exist.
    pub fn search(&self) -> PathBuf {
        self.path.with_extension(SEARCH)
    }

    /// Forgets what is kept of the repository.
    pub fn clear(&self) -> io::Result<()> {
        remove(&self.search())?;
        remove(&self.last())?;
        remove(&self.joins())?;
        remove(&self.past())?;
        remove(&self.path)
    }

    /// Forgets what searches are made in; what analyses keep stays.
    pub fn clear_search(&self) -> io::Result<()> {
        remove(&self.search())
    }

    /// Keeps what an analysis handed over.
    pub fn keep(&self, joining: Joining, additions: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.kept.folder)?;
        match joining {
            Joining::Replace => replace(&self.path, additions)?,
            Joining::Append { at } => self.append(at, additions)?,
        }
        self.kept.make_room(&self.path)
    }

    /// Keeps what a search of the history or a join found, a report, or what searches are made in, instead of what is
    /// there: `path` is [`Self::past`], [`Self::joins`], [`Self::last`] or [`Self::search`].
    pub fn keep_beside(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.kept.folder)?;
        replace(path, content)?;
        self.kept.make_room(path)
    }

    /// Notes that what is kept was of use, so that it is not the first to go.
    pub fn used(&self) -> io::Result<()> {
        for path in [&self.path, &self.past(), &self.joins(), &self.last(), &self.search()] {
            touch(path)?;
        }
        Ok(())
    }

    /// The same of what searches are made in.
    pub fn used_search(&self) -> io::Result<()> {
        touch(&self.search())
    }

    /// Whoever comes second lets it be: the next analysis finds out by itself what is missing.
    fn append(&self, at: u64, additions: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        if file.try_lock().is_err() || file.metadata()?.len() < at {
            return Ok(());
        }
        file.set_len(at)?;
        file.write_all(additions)
    }
}

/// Opens what is kept for reading. Only what is a plain file is opened: a pipe would never answer.
pub(crate) fn open(path: &Path) -> Option<File> {
    let plain = fs::symlink_metadata(path).is_ok_and(|it| it.is_file() && it.len() <= SLOT_BYTES);
    File::open(path).ok().filter(|_| plain)
}

/// Makes a file as new as if it was written now, where there is one.
fn touch(path: &Path) -> io::Result<()> {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let file = match OpenOptions::new().append(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    Ok(futimens(&file, &Timestamps { last_access: now, last_modification: now })?)
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(path);
    let written = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(content))
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Where a file is written before it takes its place. Two files of one repository differ in their endings alone.
fn unfinished(path: &Path) -> PathBuf {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_extension(format!("{ending}.{}.{UNFINISHED}", std::process::id()))
}

/// The names of the repositories to which these files belong, sorted: any of its files may be all there is of one.
fn names(files: &[(PathBuf, Metadata)]) -> Vec<String> {
    let kept = files.iter().filter(|(path, _)| finished(path));
    let names: BTreeSet<&str> = kept.filter_map(|(path, _)| path.file_stem()?.to_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Whether that is a file of a repository, and not one that is being written.
fn finished(path: &Path) -> bool {
    ENDINGS.iter().any(|ending| ends(path, ending))
}

fn ends(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it == extension)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(most: u64) -> (tempfile::TempDir, Kept) {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(folder.path().join("facts"), most);
        (folder, kept)
    }

    #[test]
    fn additions_follow_what_is_sound_and_torn_ends_go() {
        let (_folder, kept) = kept(1_000);
        let slot = kept.slot("a");
        slot.keep(Joining::Replace, b"first").unwrap();
        slot.keep(Joining::Append { at: 5 }, b"+second").unwrap();
        assert_eq!(fs::read(slot.path()).unwrap(), b"first+second");
        slot.keep(Joining::Append { at: 5 }, b"+third").unwrap();
        assert_eq!(fs::read(slot.path()).unwrap(), b"first+third");
        // Somebody else put less there in the meantime.
        slot.keep(Joining::Append { at: 500 }, b"+late").unwrap();
        assert_eq!(fs::read(slot.path()).unwrap(), b"first+third");
    }

    #[test]
    fn while_one_writes_another_lets_it_be() {
        let (_folder, kept) = kept(1_000);
        let slot = kept.slot("a");
        slot.keep(Joining::Replace, b"first").unwrap();
        let other = OpenOptions::new().append(true).open(slot.path()).unwrap();
        other.lock().unwrap();
        slot.keep(Joining::Append { at: 5 }, b"+second").unwrap();
        assert_eq!(fs::read(slot.path()).unwrap(), b"first");
    }

    #[test]
    fn the_longest_unused_goes_first_and_nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, kept) = kept(25);
        let [a, b, c] = ["a", "b", "c"].map(|name| kept.slot(name));
        for (slot, hours) in [(&a, 30), (&b, 20)] {
            slot.keep(Joining::Replace, b"0123456789").unwrap();
            let file = File::options().write(true).open(slot.path()).unwrap();
            let then = file.metadata().unwrap().modified().unwrap() - Duration::from_hours(hours);
            file.set_modified(then).unwrap();
        }
        a.used().unwrap();
        fs::write(kept.folder().join("x.1.part"), b"").unwrap();
        let part = File::options().write(true).open(kept.folder().join("x.1.part")).unwrap();
        part.set_modified(part.metadata().unwrap().modified().unwrap() - Duration::from_hours(2)).unwrap();
        fs::write(kept.folder().join("notes.txt"), b"not ours").unwrap();
        c.keep(Joining::Replace, b"0123456789").unwrap();
        assert!(a.path().exists() && !b.path().exists() && c.path().exists());
        assert!(!kept.folder().join("x.1.part").exists());
        assert_eq!(kept.usage().unwrap(), Usage { repositories: 2, bytes: 20 });
        assert_eq!(fs::metadata(c.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(kept.folder()).unwrap().permissions().mode() & 0o777, 0o700);
        kept.clear().unwrap();
        assert_eq!(kept.usage().unwrap(), Usage::default());
        assert!(kept.folder().join("notes.txt").exists());
    }

    #[test]
    fn what_was_found_in_the_history_is_as_new_as_the_rest_and_written_beside_it() {
        let (_folder, kept) = kept(1_000);
        let slot = kept.slot("a");
        slot.keep(Joining::Replace, b"facts").unwrap();
        slot.keep_beside(&slot.past(), b"past").unwrap();
        slot.keep_beside(&slot.joins(), b"joins").unwrap();
        slot.keep_beside(&slot.last(), b"last").unwrap();
        let then = fs::metadata(slot.path()).unwrap().modified().unwrap() - Duration::from_hours(30);
        for path in [slot.path(), &slot.past(), &slot.joins(), &slot.last()] {
            File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
        }
        slot.used().unwrap();
        for path in [slot.path(), &slot.past(), &slot.joins(), &slot.last()] {
            assert!(fs::metadata(path).unwrap().modified().unwrap() > then, "{}", path.display());
        }
        slot.keep_beside(&slot.search(), b"search").unwrap();
        slot.clear_search().unwrap();
        assert!(!slot.search().exists());
        assert!([slot.path(), &slot.past(), &slot.joins(), &slot.last()].iter().all(|path| path.exists()));
        // Whoever writes one of them is not in the way of who writes the other.
        assert_ne!(unfinished(slot.path()), unfinished(&slot.past()));
        assert!(ends(&unfinished(slot.path()), UNFINISHED));
    }

    #[test]
    fn whatever_is_left_of_a_repository_has_its_name_once() {
        let (_folder, kept) = kept(1_000);
        let [a, b] = ["a", "b"].map(|name| kept.slot(name));
        a.keep_beside(&a.last(), b"last").unwrap();
        for path in [b.path(), &b.past(), &b.last()] {
            b.keep_beside(path, b"two").unwrap();
        }
        fs::write(kept.folder().join("c.last.1.part"), b"").unwrap();
        assert_eq!(kept.names().unwrap(), ["a", "b"]);
        assert_eq!(kept.usage().unwrap(), Usage { repositories: 2, bytes: 13 });
    }

    #[test]
    fn room_is_made_among_others() {
        let (_folder, kept) = kept(15);
        let [a, b] = ["a", "b"].map(|name| kept.slot(name));
        a.keep(Joining::Replace, b"0123456789").unwrap();
        let file = File::options().write(true).open(a.path()).unwrap();
        file.set_modified(file.metadata().unwrap().modified().unwrap() - Duration::from_hours(30)).unwrap();
        b.keep(Joining::Replace, b"01234").unwrap();
        // The oldest are its own, and they are of use together.
        a.keep_beside(&a.last(), b"01234").unwrap();
        assert!(a.path().exists() && a.last().exists() && !b.path().exists());
    }

    #[test]
    fn only_plain_files_are_read() {
        let (folder, kept) = kept(1_000);
        let slot = kept.slot("a");
        assert!(open(slot.path()).is_none());
        slot.keep(Joining::Replace, b"x").unwrap();
        assert!(open(slot.path()).is_some());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(slot.path(), &link).unwrap();
        assert!(open(&link).is_none() && open(folder.path()).is_none());
    }
}
