//! An opened repository: its head, its branches, its commits.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::{CommitRef, Kind, TagRef};

use super::dirs::{GitDirs, config_value, locate, read_bounded};
use super::name::display_name;
use super::objects::{ObjectError, Objects};
use super::refs;
use crate::failure::{Failure, FailureCode};
use crate::limits::Limits;
use crate::source::folder_name;

/// Bytes of the list of commits at which a shallow clone ends.
const SHALLOW_BYTES: u64 = 16 << 20;

/// Tags may point at tags; a circle is not possible, but a long chain is.
const TAG_HOPS: usize = 5;

/// Years 1 to 9999: what every reader of a report can show. Git itself accepts any 64-bit number.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A repository opened for reading.
#[derive(Clone)]
pub struct Repository {
    dirs: GitDirs,
    objects: Objects,
    shallow: HashSet<ObjectId>,
    commit_bytes: u64,
}

/// What a branch or a commit id turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The commit.
    pub id: ObjectId,
    /// The branch it was reached by.
    pub branch: Option<String>,
}

/// The parts of a commit that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// Its folder of files.
    pub tree: ObjectId,
    /// The commits it follows; empty at the edge of a shallow clone.
    pub parents: Vec<ObjectId>,
    /// Committer time in seconds since the epoch, held within the years 1 to 9999.
    pub time: i64,
    /// Author time, in the same way.
    pub authored: i64,
    /// Author's name as written, trimmed.
    pub author_name: Vec<u8>,
    /// Author's address as written, trimmed.
    pub author_email: Vec<u8>,
    /// First line of the message, at most 500 characters.
    pub subject: String,
}

impl Repository {
    /// Opens the repository at `path`. `roots`: see [`locate`].
    pub fn open(path: &Path, roots: &[PathBuf], limits: &Limits) -> Result<Self, Failure> {
        Self::open_at(locate(path, roots)?, limits)
    }

    /// Opens a repository whose parts have been [located](locate).
    pub fn open_at(dirs: GitDirs, limits: &Limits) -> Result<Self, Failure> {
        let objects = Objects::open(dirs.common_dir.join("objects"), limits.object_bytes)?;
        let shallow = shallow(&dirs.common_dir)?;
        Ok(Self { dirs, objects, shallow, commit_bytes: limits.commit_bytes })
    }

    /// Where its parts are.
    pub fn dirs(&self) -> &GitDirs {
        &self.dirs
    }

    /// Its objects.
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Whether its history was cut off when it was cloned.
    pub fn is_shallow(&self) -> bool {
        !self.shallow.is_empty()
    }

    /// What the repository is called where it was cloned from, if its configuration says so in plain letters: the
    /// last part of the address of `origin`, without `.git`. The rest of the address may hold secrets.
    pub fn origin_name(&self) -> Option<String> {
        origin_name(&config_value(&self.dirs.common_dir, "remote.origin.url")?)
    }

    /// The commit of a branch, or of `HEAD` where none is named.
    pub fn resolve(&self, branch: Option<&str>) -> Result<Resolved, Failure> {
        let (id, branch) = if let Some(name) = branch {
            (refs::branch(&self.dirs, name)?, Some(name.to_owned()))
        } else {
            let head = refs::head(&self.dirs)?;
            let id = head.id.ok_or_else(|| {
                let on = head
                    .branch
                    .as_deref()
                    .map_or_else(String::new, |name| format!(" on `{}`", name.escape_debug()));
                Failure::new(FailureCode::EmptyRepository, format!("The repository has no commit{on} yet."))
            })?;
            (id, head.branch)
        };
        Ok(Resolved { id: self.peel(id)?, branch })
    }

    /// The commit with that id.
    pub fn resolve_commit(&self, hex: &str) -> Result<Resolved, Failure> {
        let id = ObjectId::from_hex(hex.as_bytes()).map_err(|_| {
            Failure::new(FailureCode::NotFound, "A commit is named by 40 hexadecimal digits.")
        })?;
        Ok(Resolved { id: self.peel(id)?, branch: None })
    }

    /// Follows annotated tags to their commit.
    pub(super) fn peel(&self, mut id: ObjectId) -> Result<ObjectId, Failure> {
        let mut buffer = Vec::new();
        for _ in 0..TAG_HOPS {
            let (kind, _) = self.objects.header(&id).map_err(|error| object_failure("commit", &id, error))?;
            match kind {
                Kind::Commit => return Ok(id),
                Kind::Tag => {
                    let data = self
                        .objects
                        .read(&id, Kind::Tag, self.commit_bytes, &mut buffer)
                        .map_err(|error| object_failure("tag", &id, error))?;
                    id = TagRef::from_bytes(data, gix::hash::Kind::Sha1)
                        .map(|tag| tag.target())
                        .map_err(|_| object_failure("tag", &id, ObjectError::Damaged))?;
                }
                Kind::Tree | Kind::Blob => break,
            }
        }
        Err(Failure::new(FailureCode::Unreadable, format!("`{id}` is not a commit.")))
    }

    /// The commit's parts. `buffer` is only working space.
    pub fn commit(&self, id: &ObjectId, buffer: &mut Vec<u8>) -> Result<CommitInfo, ObjectError> {
        let data = self.objects.read(id, Kind::Commit, self.commit_bytes, buffer)?;
        let commit = CommitRef::from_bytes(data, gix::hash::Kind::Sha1).map_err(|_| ObjectError::Damaged)?;
        let parents = if self.ends_at(id) { Vec::new() } else { commit.parents().collect() };
        let (author_name, author_email, authored) = match commit.author() {
            Ok(author) => (author.name.to_vec(), author.email.to_vec(), author.seconds()),
            Err(_) => (Vec::new(), Vec::new(), 0),
        };
        let time = commit.committer().map_or(0, |committer| committer.seconds());
        Ok(CommitInfo {
            tree: commit.tree(),
            parents,
            time: time.clamp(*TIMES.start(), *TIMES.end()),
            authored: authored.clamp(*TIMES.start(), *TIMES.end()),
            author_name,
            author_email,
            subject: subject(commit.message),
        })
    }

    /// Whether what came before the commit was cut off when the repository was cloned.
    pub(crate) fn ends_at(&self, id: &ObjectId) -> bool {
        self.shallow.contains(id)
    }

    /// The commit's parts, or why the analysis cannot begin.
    pub fn head_commit(&self, id: &ObjectId) -> Result<CommitInfo, Failure> {
        self.commit(id, &mut Vec::new()).map_err(|error| object_failure("commit", id, error))
    }
}

fn origin_name(url: &str) -> Option<String> {
    let end = |path: &str| -> Option<String> {
        let name = path.trim_end_matches('/').rsplit('/').next()?;
        Some(name.strip_suffix(".git").unwrap_or(name).to_owned())
    };
    let name = match (url.split_once("://"), url.rsplit_once(':')) {
        (Some((_, rest)), _) => end(rest.split_once('/')?.1)?,
        (None, Some((_, path))) => end(path)?,
        (None, None) => folder_name(url).to_owned(),
    };
    let plain = name.chars().all(|it| it.is_alphanumeric() || "._-+".contains(it));
    (plain && !name.starts_with(['.', '-']) && (1..=100).contains(&name.chars().count())).then_some(name)
}

fn subject(message: &[u8]) -> String {
    let start = message.trim_ascii_start();
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = &line[..line.len().min(2_000)];
    display_name(line.trim_ascii_end()).chars().take(500).collect()
}

fn shallow(common_dir: &Path) -> Result<HashSet<ObjectId>, Failure> {
    let path = common_dir.join("shallow");
    match read_bounded(&path, SHALLOW_BYTES) {
        Ok(bytes) => Ok(bytes
            .split(|byte| *byte == b'\n')
            .filter_map(|line| ObjectId::from_hex(line.trim_ascii()).ok())
            .collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(Failure::new(
            FailureCode::Unreadable,
            format!("`{}` may not be read: {error}.", path.display()),
        )),
    }
}

pub(super) fn object_failure(what: &str, id: &ObjectId, error: ObjectError) -> Failure {
    match error {
        ObjectError::Missing => Failure::new(
            FailureCode::Unreadable,
            format!("The {what} `{id}` is missing; `git fsck` lists what else is."),
        ),
        ObjectError::Damaged => Failure::new(
            FailureCode::Unreadable,
            format!("The {what} `{id}` is damaged; `git fsck` lists what else is."),
        ),
        ObjectError::TooLarge(size) => Failure::new(
            FailureCode::TooLarge,
            format!("The {what} `{id}` has {size} bytes, more than is read."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_origin_is_the_end_of_its_path_and_never_a_secret() {
        for (url, name) in [
            ("https://git.example.org/ada/tool.git", Some("tool")),
            ("https://ada:s3cret@git.example.org/ada/tool/", Some("tool")),
            ("git@git.example.org:ada/tool.git", Some("tool")),
            ("git@git.example.org:tool", Some("tool")),
            ("ssh://git@git.example.org:2222/a/b/c-d_e.f.git", Some("c-d_e.f")),
            ("/srv/git/tool.git", Some("tool")),
            ("/srv/mirrors/tool/repo", Some("tool")),
            ("../tool", Some("tool")),
            ("https://ada:s3cret@git.example.org", None),
            ("https://git.example.org/", None),
            ("https://git.example.org/tool?token=s3cret", None),
            ("https://git.example.org/a/..", None),
            ("/srv/tool/.git", Some("tool")),
            ("/.git", None),
            ("ext::sh -c touch% x", None),
            ("", None),
            ("git@host:-x", None),
        ] {
            assert_eq!(origin_name(url).as_deref(), name, "{url}");
        }
    }
}
