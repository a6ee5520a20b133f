//! Branches: from a name to a commit's id.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use gix::ObjectId;

use super::dirs::{GitDirs, open_regular, read_bounded};
use crate::failure::{Failure, FailureCode};

/// A loose reference is one line.
const LOOSE_BYTES: u64 = 4_096;

/// Bytes of `packed-refs` that are searched: several million references.
const PACKED_BYTES: u64 = 512 << 20;

/// Symbolic references may name each other; a circle ends here.
const HOPS: usize = 5;

const BRANCHES: &str = "refs/heads/";

/// Where `HEAD` points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The branch, without `refs/heads/`; `None` when detached.
    pub(super) branch: Option<String>,
    /// The object; `None` when the branch has no commit yet.
    pub(super) id: Option<ObjectId>,
}

/// What one reference holds.
enum Target {
    Object(ObjectId),
    Symbolic(String),
}

/// Reads `HEAD`.
pub(super) fn head(dirs: &GitDirs) -> Result<Head, Failure> {
    let damaged = || Failure::new(FailureCode::NotARepository, "Its `HEAD` is not one of a Git repository.");
    match loose(&dirs.git_dir.join("HEAD"))?.ok_or_else(damaged)? {
        Target::Object(id) => Ok(Head { branch: None, id: Some(id) }),
        Target::Symbolic(name) => {
            let branch = name.strip_prefix(BRANCHES).map(str::to_owned);
            Ok(Head { branch, id: resolve(dirs, name)? })
        }
    }
}

/// The object of a branch, by its short name or by a full name below `refs/`.
pub(super) fn branch(dirs: &GitDirs, name: &str) -> Result<ObjectId, Failure> {
    let missing =
        || Failure::new(FailureCode::NoSuchBranch, format!("There is no branch `{}`.", name.escape_debug()));
    if !is_valid(name) {
        return Err(missing());
    }
    let full = if name.starts_with("refs/") { name.to_owned() } else { format!("{BRANCHES}{name}") };
    resolve(dirs, full)?.ok_or_else(missing)
}

/// The object of a reference by its full name below `refs/`; `None` where there is none of that name.
pub(super) fn full(dirs: &GitDirs, name: &str) -> Result<Option<ObjectId>, Failure> {
    if name.starts_with("refs/") && is_valid(name) { resolve(dirs, name.to_owned()) } else { Ok(None) }
}

/// Git's own rules for names: among others no `..`, no control characters, no leading dash or dot.
pub fn is_valid(name: &str) -> bool {
    let full = if name.starts_with("refs/") { name.to_owned() } else { format!("{BRANCHES}{name}") };
    !name.starts_with('-')
        && name.len() <= 1_024
        && gix::validate::reference::name(full.as_str().into()).is_ok()
}

fn resolve(dirs: &GitDirs, mut name: String) -> Result<Option<ObjectId>, Failure> {
    for _ in 0..HOPS {
        if !name.starts_with("refs/") || !is_valid(&name) {
            return Ok(None);
        }
        match loose(&inside(&dirs.common_dir, &name)?)? {
            Some(Target::Object(id)) => return Ok(Some(id)),
            Some(Target::Symbolic(next)) => name = next,
            None => return packed(&dirs.common_dir.join("packed-refs"), &name),
        }
    }
    Err(Failure::new(FailureCode::Unreadable, "Its references name each other in a circle."))
}

/// The reference's file, unless a link leads to it from outside the repository.
fn inside(common_dir: &Path, name: &str) -> Result<PathBuf, Failure> {
    let path = common_dir.join(name);
    match path.parent().map(std::fs::canonicalize) {
        Some(Ok(folder)) if !folder.starts_with(common_dir) => Err(Failure::new(
            FailureCode::OutsideReference,
            "Its references are kept behind a link to another folder, which is not followed.",
        )),
        // What is not there has no loose reference; it may be packed.
        _ => Ok(path),
    }
}

fn loose(path: &Path) -> Result<Option<Target>, Failure> {
    let bytes = match read_bounded(path, LOOSE_BYTES) {
        Ok(bytes) => bytes,
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
                || path.is_dir() =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(path, &error)),
    };
    let text = bytes.trim_ascii();
    if let Some(name) = text.strip_prefix(b"ref:") {
        let name = std::str::from_utf8(name.trim_ascii()).ok();
        return name.map(|name| Some(Target::Symbolic(name.to_owned()))).ok_or_else(|| damaged(path));
    }
    ObjectId::from_hex(text).map(|id| Some(Target::Object(id))).map_err(|_| damaged(path))
}

/// Searches the file line by line: it may hold millions of references, of which one is wanted.
fn packed(path: &Path, name: &str) -> Result<Option<ObjectId>, Failure> {
    let file = match open_regular(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let mut reader = BufReader::new(file.take(PACKED_BYTES));
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LOOSE_BYTES).read_until(b'\n', &mut line);
        if read.map_err(|error| unreadable(path, &error))? == 0 {
            return Ok(None);
        }
        if let Some((id, found)) = line.trim_ascii_end().split_at_checked(40)
            && found.strip_prefix(b" ") == Some(name.as_bytes())
        {
            return ObjectId::from_hex(id).map(Some).map_err(|_| damaged(path));
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::Unreadable, format!("`{}` may not be read: {error}.", path.display()))
}

fn damaged(path: &Path) -> Failure {
    Failure::new(FailureCode::Unreadable, format!("`{}` does not hold a reference.", path.display()))
}
