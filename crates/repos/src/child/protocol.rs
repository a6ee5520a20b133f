//! What the two sides say to each other.

mod search;

use std::path::PathBuf;

use analysis::advisories::PackageKey;
use analysis::inventory::Survey;
use analysis::pipeline::Progress;
pub use analysis::syntax::ColourKind as PartKind;
use analysis::syntax::SymbolKind;
use serde::{Deserialize, Serialize};

use super::sandbox::SandboxReport;
use crate::failure::Failure;
use crate::git::folder::EntryKind;
use crate::kept::Joining;
use crate::limits::Limits;

pub use search::{FoundSymbol, Passage, SearchFound, Sought, What};

/// The longest message a child may send: a report of a very large repository.
pub const MESSAGE_BYTES: u64 = 512 << 20;

/// The longest message a supervisor sends: the advisories of a few thousand packages.
pub(super) const ANSWER_BYTES: u64 = 256 << 20;

/// The first line the supervisor sends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// What to do.
    pub task: Task,
    /// The folder of the repository.
    pub path: PathBuf,
    /// Folders from which objects may be borrowed.
    pub roots: Vec<PathBuf>,
    /// The bounds.
    pub limits: Limits,
    /// The file with what is kept of the repository, which need not exist; `None` where nothing is to be kept.
    pub kept: Option<PathBuf>,
    /// The file with what a search of its history left, in the same way.
    pub past: Option<PathBuf>,
    /// The file with the answers of joins, in the same way.
    pub joins: Option<PathBuf>,
    /// The file with the last report, in the same way.
    pub last: Option<PathBuf>,
    /// The file with what searches are made in, in the same way.
    pub search: Option<PathBuf>,
    /// Whether an analysis is to leave out of its report what [`pipeline::shorten`](analysis::pipeline::shorten) does.
    pub brief: bool,
}

/// What a child can be asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Nothing but to say how far it is confined.
    Hello,
    /// Say what the repository is, quickly.
    Probe {
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
    },
    /// Say which commit a branch has.
    Resolve {
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
    },
    /// Say what a branch has that a commit does not follow.
    Ahead {
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
        /// The commit.
        commit: String,
    },
    /// Say from which commit on another one's changes are to be counted: the newest that both follow.
    Since {
        /// The other commit, as people name it.
        revision: String,
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
    },
    /// Say the languages and lines of one commit, and nothing else.
    Languages {
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
    },
    /// Analyse one commit.
    Analyze {
        /// The branch; `None` is the one that `HEAD` names.
        branch: Option<String>,
        /// The commit, where it is already known; the branch is then only reported.
        commit: Option<String>,
    },
    /// Say what is in one folder of a commit.
    Folder {
        /// The commit.
        commit: String,
        /// The path as reports write it; empty for the root.
        path: String,
    },
    /// Say which commit each line of a file comes from.
    Blame {
        /// The commit.
        commit: String,
        /// The path as reports write it.
        path: String,
        /// How long the search may take; what was found until then is the answer.
        milliseconds: u64,
    },
    /// Say what a commit changed.
    Commit {
        /// The analysed commit, which must be the other or follow it.
        analysed: String,
        /// The other, by its full id.
        id: String,
    },
    /// Look for something in the files of a commit.
    Search(Sought),
    /// Read some lines of one file of a commit.
    Lines {
        /// The commit.
        commit: String,
        /// The path as reports write it.
        path: String,
        /// First line, from 1.
        start: u32,
        /// Last line, inclusive.
        end: u32,
    },
}

/// What is kept beside the facts, in a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// What was found in the history.
    Past,
    /// Answers of joins.
    Joins,
    /// What searches are made in.
    Search,
}

/// A line the child sends.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum Message {
    /// First, always: how far the child is confined.
    Hello {
        /// What the kernel granted.
        sandbox: SandboxReport,
    },
    /// How far it is.
    Progress(Progress),
    /// Wants the advisories of these packages; the answer is one line.
    Packages {
        /// By ecosystem and name.
        packages: Vec<PackageKey>,
    },
    /// Wants something kept for the next analysis: the bytes that follow the line. Said at most once.
    Keep {
        /// How they join what is kept.
        joining: Joining,
        /// How many.
        bytes: u64,
    },
    /// Wants the bytes that follow the line kept for the next time, instead of what is there. Said at most once of each.
    KeepBeside {
        /// What they are.
        what: Beside,
        /// How many.
        bytes: u64,
    },
    /// The answer to [`Task::Analyze`]: a [`Report`](analysis::report::Report) in the bytes that follow the line. A
    /// message is read whole before its kind is known, which would take as long again as reading the report.
    Report {
        /// How many.
        bytes: u64,
        /// So many of them stand in front of the report: where it is to be kept for the next time, it is kept with
        /// them. 0 where it is not.
        head: u64,
    },
    /// The answer to [`Task::Resolve`] and [`Task::Since`].
    Resolved(Head),
    /// The answer to [`Task::Ahead`].
    Ahead(Ahead),
    /// The answer to [`Task::Probe`].
    Probe(Probe),
    /// The answer to [`Task::Languages`].
    Languages(Survey),
    /// The answer to [`Task::Folder`].
    Folder(Folder),
    /// The answer to [`Task::Blame`].
    Blame(Blame),
    /// The answer to [`Task::Commit`].
    Commit(CommitShown),
    /// The answer to [`Task::Lines`].
    Lines(Lines),
    /// The answer to [`Task::Search`].
    Search(SearchFound),
    /// The task could not be done.
    Failed(Failure),
}

impl Message {
    /// Which kind it is; unlike the content, which a hostile repository may have shaped, this can be logged.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Progress(_) => "progress",
            Self::Packages { .. } => "packages",
            Self::Keep { .. } => "keep",
            Self::KeepBeside { .. } => "keep_beside",
            Self::Report { .. } => "report",
            Self::Resolved(_) => "resolved",
            Self::Ahead(_) => "ahead",
            Self::Probe(_) => "probe",
            Self::Languages(_) => "languages",
            Self::Folder(_) => "folder",
            Self::Blame(_) => "blame",
            Self::Commit(_) => "commit",
            Self::Lines(_) => "lines",
            Self::Search(_) => "search",
            Self::Failed(_) => "failed",
        }
    }
}

/// What a branch of a repository leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The commit.
    pub commit: String,
    /// The branch, where there is one.
    pub branch: Option<String>,
    /// What the repository is called where it was cloned from.
    pub origin: Option<String>,
}

/// How far a branch has moved on from a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The branch's commit.
    pub commit: String,
    /// The branch, where there is one.
    pub branch: Option<String>,
    /// Commits it has that the other does not follow, at most 1,000; `None` where the other is not there any more.
    pub commits: Option<u32>,
    /// Whether there are more.
    pub more: bool,
    /// Whether the branch still follows the other.
    pub follows: bool,
}

/// What a repository is, at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The branch, where `HEAD` names one.
    pub branch: Option<String>,
    /// The commit.
    pub commit: String,
    /// Files in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether older history is missing.
    pub shallow: bool,
    /// What the repository is called where it was cloned from.
    pub origin: Option<String>,
    /// Submodules and other limits, as sentences.
    pub notes: Vec<String>,
}

/// What is in one folder of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Folders first, then by name.
    pub entries: Vec<FolderEntry>,
    /// Whether there are more.
    pub more: bool,
}

/// One of the things in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Size of a file's content.
    pub bytes: Option<u64>,
}

/// A file, and some of its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// What the file is; only text has lines.
    pub form: Form,
    /// Size of its content.
    pub bytes: u64,
    /// Its language, as GitHub Linguist spells it.
    pub language: Option<String>,
    /// First line given, from 1.
    pub start: u32,
    /// The lines, without their ends; bytes that are not UTF-8 are replaced, and what is too long is cut.
    pub lines: Vec<String>,
    /// Numbers of those that were cut, from 1.
    pub cut: Vec<u32>,
    /// For each line the parts of it that are more than plain text, in order.
    pub colours: Vec<Vec<Part>>,
    /// Lines of the whole file.
    pub total: u32,
    /// What the file defines, in the order of the text.
    pub definitions: Vec<Definition>,
}

/// A part of a line: where it begins and how long it is, in UTF-16 units, and what it is.
pub type Part = (u32, u32, PartKind);

/// What a file is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Text.
    #[default]
    Text,
    /// Something else.
    Binary,
    /// Larger than what is read.
    TooLarge,
    /// A pointer to content that Git LFS keeps elsewhere.
    LfsPointer,
    /// A link to what is named; it is not followed.
    Link(String),
    /// A commit of another repository.
    Submodule(String),
}

/// Something that a file defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name, with its type or module where there is one.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Cognitive complexity of a function.
    pub cognitive: Option<u32>,
}

/// Where the lines of a file come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blame {
    /// What the file is; only text has lines.
    pub form: Form,
    /// All its lines, in order.
    pub runs: Vec<BlameRun>,
    /// The commits, in the order in which their first line stands.
    pub commits: Vec<BlameCommit>,
    /// Those who made them, after the mailmap, by name.
    pub people: Vec<String>,
    /// What limits it, as sentences.
    pub notes: Vec<String>,
}

/// A commit and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitShown {
    /// Its id.
    pub id: String,
    /// Who wrote it, after the mailmap.
    pub author: String,
    /// When it was written: seconds since the epoch.
    pub authored: i64,
    /// When it was committed.
    pub committed: i64,
    /// First line of the message, credentials masked.
    pub subject: String,
    /// The commits it follows.
    pub parents: Vec<String>,
    /// The files that differ from the first of them, by path; at most 300.
    pub files: Vec<CommitFile>,
    /// How many differ.
    pub files_total: u32,
    /// Whether still more do, which were not counted.
    pub more: bool,
    /// Whether what came before it is not here, so that all its files seem new.
    pub edge: bool,
}

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitFile {
    /// Its path.
    pub path: String,
    /// What became of it.
    pub fate: FileFate,
    /// Lines that are new; 0 where lines were not compared.
    pub added: u32,
    /// Lines that are gone, in the same way.
    pub removed: u32,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFate {
    /// It was not there before.
    Added,
    /// It has another content.
    Changed,
    /// It is not there any more.
    Removed,
}

/// Lines that follow each other and come from one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlameRun {
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Index into [`Blame::commits`]; `None` where it is not known.
    pub commit: Option<u32>,
}

/// A commit that lines come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlameCommit {
    /// Its id.
    pub id: String,
    /// Index into [`Blame::people`].
    pub author: u32,
    /// When it was written: seconds since the epoch.
    pub authored: i64,
    /// First line of the message, credentials masked.
    pub subject: String,
    /// Whether what came before it is not here, so that lines may be older.
    pub edge: bool,
}
