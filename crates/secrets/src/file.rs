//! The file that keys are kept in.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base::{Ids, Secret};
use zeroize::Zeroizing;

use crate::key::{Key, MalformedKeys, parse};

/// What the file says of itself.
const HEADER: &str = "\
# Keys that seal the secrets in DevMentor's database, one a line, the current one first.
# Without this file those secrets are lost: keep a copy of it, apart from copies of the database.
# `devmentor secrets rotate` puts a new key in front; `devmentor secrets prune` removes those that nothing needs.
";

/// Why the keys of a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the key file {} cannot be used: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its content is not what it should be.
    #[error("the key file {} cannot be used: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MalformedKeys,
    },
}

/// What tells one content of the file from the next without reading it: it is only ever replaced, so that each has an
/// inode of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyFileError {
    let path = path.to_owned();
    move |source| KeyFileError::Io { path, source }
}

/// The stamp of the file as it is now.
pub(crate) fn stamp(path: &Path) -> Result<Stamp, KeyFileError> {
    let found = fs::metadata(path).map_err(failed(path))?;
    Ok(Stamp { inode: found.ino(), bytes: found.len(), changed: (found.ctime(), found.ctime_nsec()) })
}

/// The keys of the file.
pub(crate) fn read(path: &Path) -> Result<Vec<Key>, KeyFileError> {
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(failed(path))?;
    parse(&Secret::new(text.as_str()))
        .map_err(|source| KeyFileError::Malformed { path: path.to_owned(), source })
}

/// Makes the file with one new key, unless it is there.
pub(crate) fn make(path: &Path, ids: &Ids) -> Result<(), KeyFileError> {
    if path.exists() {
        return Ok(());
    }
    let written = write_beside(path, &[&Key::random(ids)], ids).map_err(failed(path))?;
    // A link fails where a process that starts at the same time was first; its key then counts.
    let linked = fs::hard_link(&written, path);
    fs::remove_file(&written).map_err(failed(path))?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path)(error)),
        _ => {
            tracing::info!(file = %path.display(), "made the key that seals secrets; keep a copy of it");
            sync_folder(path).map_err(failed(path))
        }
    }
}

/// Waits until nobody else changes the file, and keeps others from it until what is given is dropped. The lock is on an
/// empty file beside it, which stays: the file of the keys is another one after each change.
pub(crate) fn lock(path: &Path) -> Result<File, KeyFileError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.lock"));
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&beside);
    file.and_then(|file| file.lock().map(|()| file)).map_err(failed(&beside))
}

/// Replaces the file as a whole. Whoever does holds the [`lock`].
pub(crate) fn replace(path: &Path, keys: &[&Key], ids: &Ids) -> Result<(), KeyFileError> {
    let written = write_beside(path, keys, ids).map_err(failed(path))?;
    fs::rename(&written, path).and_then(|()| sync_folder(path)).map_err(failed(path))
}

/// Whether others than the file's owner may read it.
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.mode() & 0o077 != 0)
}

/// Writes the keys into a new file in the same folder, and gives its name once they are on the disk.
fn write_beside(path: &Path, keys: &[&Key], ids: &Ids) -> io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", hex::encode(&ids.new_token()[16..])));
    let mut text = Zeroizing::new(HEADER.to_owned());
    for key in keys {
        text.push_str(&key.line());
        text.push('\n');
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is left of it is worth nothing, but it is part of a key.
        let _ = fs::remove_file(&beside);
    }
    written.map(|()| beside)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
