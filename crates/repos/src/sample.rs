//! The sample: a small repository written for the purpose, which comes with the program.
//!
//! Its history is a stream in the format of `git fast-import` (`sample/history.fi`), from which the same objects, and so
//! the same commit ids, are made everywhere. Its report is committed beside it; a test holds it to what an analysis
//! says today. Everybody may read the sample, so nothing but the sample is in its workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use analysis::report::Report;
use base::id::{RepoId, UserId, WorkspaceId};
use base::{Actor, Role};
use gix::ObjectId;
use gix::objs::{Kind, Write as _};
use uuid::Uuid;

/// The history, as `git fast-export` writes it.
const HISTORY: &str = include_str!("../../../sample/history.fi");

/// What an analysis of it says, without the version of the analyser.
const REPORT: &str = include_str!("../../../sample/report.json");

/// What is given as the source to connect it.
pub const SOURCE: &str = "sample:";

/// The workspace in addresses that everybody may read in.
pub const WORKSPACE: &str = "sample";

/// What the repository is called, also in addresses.
pub const NAME: &str = "parcel-desk";

/// The only branch.
const BRANCH: &str = "main";

/// Somebody who reads the sample, signed in or not: they may read and nothing else, and there is nothing else there.
pub fn reader() -> Actor {
    Actor::new(reader_id(), workspace_id(), Role::Viewer)
}

fn reader_id() -> UserId {
    UserId::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001))
}

fn workspace_id() -> WorkspaceId {
    WorkspaceId::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002))
}

/// The repository in the workspace that everybody may read in.
pub(crate) fn repo_id() -> RepoId {
    RepoId::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003))
}

/// The committed report, as if this analyser had just made it.
///
/// # Errors
/// When the file is damaged.
pub fn report() -> Result<Report, serde_json::Error> {
    let mut report: Report = serde_json::from_str(REPORT)?;
    analysis::pipeline::version().clone_into(&mut report.analyzer);
    Ok(report)
}

/// Why the sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The history is not what it has to be.
    #[error("the history of the sample is damaged at byte {0}")]
    Damaged(usize),
    /// An object could not be written.
    #[error("an object of the sample could not be written: {0}")]
    Object(String),
    /// A file could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes the sample as a bare repository into a folder, unless it is there already, and gives its newest commit.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path) -> Result<String, SampleError> {
    let place = folder.join("refs/heads").join(BRANCH);
    let objects = folder.join("objects");
    fs::create_dir_all(&objects)?;
    // Without reading the history where the newest commit is there that the report is about.
    let reported = report().map(|report| report.commit.id).unwrap_or_default();
    if fs::read_to_string(&place).is_ok_and(|known| known.trim() == reported) {
        return Ok(reported);
    }
    let newest = Writer::new(&objects).read(HISTORY)?.to_hex().to_string();
    fs::create_dir_all(folder.join("refs/heads"))?;
    fs::write(folder.join("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")?;
    fs::write(folder.join("HEAD"), format!("ref: refs/heads/{BRANCH}\n"))?;
    // Last: whoever finds the branch finds everything.
    fs::write(place, format!("{newest}\n"))?;
    Ok(newest)
}

/// Makes objects of a stream. Objects that are there already are written again, to the same bytes.
struct Writer {
    store: gix::odb::loose::Store,
    marks: BTreeMap<u32, ObjectId>,
    /// The files of the commit that is being read, by path.
    files: BTreeMap<String, (&'static str, ObjectId)>,
}

/// A stream, and how far it was read.
struct Stream<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Stream<'a> {
    /// The number of a mark.
    fn mark(&self, text: &str) -> Result<u32, SampleError> {
        text.parse().map_err(|_| self.damaged())
    }

    fn damaged(&self) -> SampleError {
        SampleError::Damaged(self.at)
    }

    /// The next line; `None` at the end.
    fn line(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let (line, _) = rest.split_once('\n')?;
        self.at += line.len() + 1;
        Some(line)
    }

    /// The next line without what it begins with.
    fn after(&mut self, word: &str) -> Result<&'a str, SampleError> {
        let line = self.line().and_then(|line| line.strip_prefix(word));
        line.ok_or_else(|| self.damaged())
    }

    /// What a `data` line announces.
    fn data(&mut self) -> Result<&'a str, SampleError> {
        let size: usize = self.after("data ")?.parse().map_err(|_| self.damaged())?;
        let data = self.text.get(self.at..self.at + size).ok_or_else(|| self.damaged())?;
        self.at += size;
        Ok(data)
    }
}

impl Writer {
    fn new(objects: &Path) -> Self {
        Self {
            store: gix::odb::loose::Store::at(objects, gix::hash::Kind::Sha1),
            marks: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// Reads a whole stream of one branch, oldest commit first; the id of the newest.
    fn read(mut self, text: &str) -> Result<ObjectId, SampleError> {
        let mut stream = Stream { text, at: 0 };
        let mut newest = None;
        while let Some(line) = stream.line() {
            match line {
                "blob" => {
                    let mark = stream.after("mark :")?;
                    let mark = stream.mark(mark)?;
                    let id = self.put(Kind::Blob, stream.data()?.as_bytes())?;
                    self.marks.insert(mark, id);
                }
                commit if commit.starts_with("commit ") => newest = Some(self.commit(&mut stream, newest)?),
                reset if reset.starts_with("reset ") || reset.is_empty() => {}
                _ => return Err(stream.damaged()),
            }
        }
        newest.ok_or_else(|| stream.damaged())
    }

    fn known(&self, text: &str, stream: &Stream<'_>) -> Result<ObjectId, SampleError> {
        let mark = stream.mark(text.strip_prefix(':').unwrap_or_default())?;
        self.marks.get(&mark).copied().ok_or_else(|| stream.damaged())
    }

    fn commit(&mut self, stream: &mut Stream<'_>, parent: Option<ObjectId>) -> Result<ObjectId, SampleError> {
        let mark = stream.after("mark :")?;
        let mark = stream.mark(mark)?;
        let (author, committer) = (stream.after("author ")?, stream.after("committer ")?);
        let message = stream.data()?;
        while let Some(line) = stream.line().filter(|line| !line.is_empty()) {
            let mut words = line.splitn(4, ' ');
            match (words.next(), words.next(), words.next(), words.next()) {
                // The history is one line, so that a parent is always the commit before.
                (Some("from"), Some(_), None, None) => {}
                (Some("M"), Some(mode), Some(blob), Some(path)) => {
                    let mode = if mode == "100755" { "100755" } else { "100644" };
                    let blob = self.known(blob, stream)?;
                    self.files.insert(path.to_owned(), (mode, blob));
                }
                (Some("D"), Some(path), None, None) => drop(self.files.remove(path)),
                _ => return Err(stream.damaged()),
            }
        }
        let files: Vec<(&str, &'static str, ObjectId)> =
            self.files.iter().map(|(path, (mode, id))| (path.as_str(), *mode, *id)).collect();
        let tree = self.tree(&files)?;
        let parent = parent.map(|id| format!("parent {id}\n")).unwrap_or_default();
        let text = format!("tree {tree}\n{parent}author {author}\ncommitter {committer}\n\n{message}");
        let id = self.put(Kind::Commit, text.as_bytes())?;
        self.marks.insert(mark, id);
        Ok(id)
    }

    /// The tree of these files, whose paths begin below it.
    fn tree(&self, files: &[(&str, &'static str, ObjectId)]) -> Result<ObjectId, SampleError> {
        let mut below: BTreeMap<&str, Vec<(&str, &'static str, ObjectId)>> = BTreeMap::new();
        // Git sorts a folder as if its name ended in a slash.
        let mut entries: BTreeMap<String, (&str, ObjectId)> = BTreeMap::new();
        for (path, mode, id) in files {
            match path.split_once('/') {
                Some((folder, rest)) => below.entry(folder).or_default().push((rest, mode, *id)),
                None => drop(entries.insert((*path).to_owned(), (mode, *id))),
            }
        }
        for (folder, files) in below {
            entries.insert(format!("{folder}/"), ("40000", self.tree(&files)?));
        }
        let mut bytes = Vec::new();
        for (name, (mode, id)) in &entries {
            bytes.extend_from_slice(format!("{mode} {}\0", name.trim_end_matches('/')).as_bytes());
            bytes.extend_from_slice(id.as_slice());
        }
        self.put(Kind::Tree, &bytes)
    }

    fn put(&self, kind: Kind, bytes: &[u8]) -> Result<ObjectId, SampleError> {
        self.store.write_buf(kind, bytes).map_err(|error| SampleError::Object(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_objects_are_those_that_git_makes() {
        let folder = tempfile::tempdir().unwrap();
        let newest = write(folder.path()).unwrap();
        assert_eq!(newest, report().unwrap().commit.id);
        assert_eq!(write(folder.path()).unwrap(), newest, "once more changes nothing");
    }

    #[test]
    fn a_damaged_stream_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for text in
            ["", "blob\nmark :1\ndata 9\nab\n", "what\n", "commit refs/heads/main\nmark :1\nauthor A\n"]
        {
            let read = Writer::new(folder.path()).read(text);
            assert!(matches!(read, Err(SampleError::Damaged(_))), "{text:?}");
        }
    }
}
