//! What the two sides say to each other.

use std::path::PathBuf;

use analysis::advisories::PackageKey;
use analysis::inventory::Survey;
use analysis::pipeline::Progress;
use serde::{Deserialize, Serialize};

use super::sandbox::SandboxReport;
use crate::failure::Failure;
use crate::kept::Joining;
use crate::limits::Limits;

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
    /// The file with the last report, in the same way.
    pub last: Option<PathBuf>,
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
    /// Wants the bytes that follow the line kept for the next search of the history, instead of what is there. Said at
    /// most once.
    KeepPast {
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
    /// The answer to [`Task::Probe`].
    Probe(Probe),
    /// The answer to [`Task::Languages`].
    Languages(Survey),
    /// The answer to [`Task::Lines`].
    Lines(Lines),
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
            Self::KeepPast { .. } => "keep_past",
            Self::Report { .. } => "report",
            Self::Resolved(_) => "resolved",
            Self::Probe(_) => "probe",
            Self::Languages(_) => "languages",
            Self::Lines(_) => "lines",
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

/// Some lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// First line given, from 1.
    pub start: u32,
    /// The lines, without their ends; bytes that are not UTF-8 are replaced.
    pub lines: Vec<String>,
    /// Lines of the whole file.
    pub total: u32,
}
