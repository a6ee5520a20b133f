//! The canonical report: everything one analysis says about one commit.
//!
//! It holds no wall-clock time and no run id, and every list has a documented order, so that two reports of the
//! same commit, made by the same rules with the same advisory data, are equal byte for byte. Times in here are
//! commit times: seconds since the Unix epoch.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod counts;
mod duplication;
mod findings;
mod history;
mod inventory;
mod judgement;
mod past;
mod structure;

pub use counts::{PackageCounts, PackageVersion};
pub(crate) use counts::{direct, main_languages, vulnerable};
pub use duplication::*;
pub use findings::*;
pub use history::*;
pub use inventory::*;
pub use judgement::*;
pub use past::*;
pub use structure::*;

/// The version of this schema. It rises when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// One analysis of one commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`] of the writer.
    pub schema: u32,
    /// Analyser and rule version; see [`crate::version`]. Two reports compare only where it is equal.
    pub analyzer: String,
    /// What was analysed.
    pub commit: Commit,
    /// What was read, and what was not and why.
    pub coverage: Coverage,
    /// Languages by bytes, the largest first.
    pub languages: Vec<LanguageShare>,
    /// Frameworks, tools and services, by category and name.
    pub stack: Vec<Technology>,
    /// Manifests and lockfiles that were read, by path.
    pub manifests: Vec<Manifest>,
    /// Packages the manifests name, by ecosystem, name and version.
    pub dependencies: Vec<Dependency>,
    /// The packages that code imports, by ecosystem and name. Told of npm, crates.io and Go alone: elsewhere an import
    /// does not say which package it is of. `None` where nobody looked.
    #[serde(default)]
    pub imports: Option<Vec<PackageImport>>,
    /// Whether known vulnerabilities could be looked up.
    pub advisories: AdvisoryCheck,
    /// What should be looked at: most severe first, then by path, line and rule.
    pub findings: Vec<Finding>,
    /// Findings that the repository says are not to be acted on, with the reason; in the order of `findings`.
    #[serde(default)]
    pub suppressed: Vec<Suppressed>,
    /// The gate that the repository sets for itself.
    #[serde(default)]
    pub gate: Option<Gate>,
    /// The rules that gave `findings` and `suppressed`, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// Every analysed source file, by path.
    pub files: Vec<FileSummary>,
    /// Imports between files.
    pub graph: Graph,
    /// What the history says.
    pub history: History,
    /// Files that change often and are hard to change, the worst first.
    pub hotspots: Vec<Hotspot>,
    /// Code that stands in several places.
    #[serde(default)]
    pub duplication: Duplication,
    /// Credentials in the history; `None` where it was not searched for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past_secrets: Option<PastSecrets>,
    /// The grade and the table that produced it.
    pub quality: Quality,
    /// What to do first, best value for effort first; at most five.
    pub insights: Vec<Insight>,
}

/// The JSON Schema (draft 2020-12) of a [`Report`], for those who read it by program.
pub fn schema() -> serde_json::Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report>()
        .to_value()
}

/// The analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// Object id, in hexadecimal.
    pub id: String,
    /// The branch it was reached by, where it was reached by one.
    pub branch: Option<String>,
    /// Committer time.
    pub time: i64,
    /// First line of the message.
    pub subject: String,
}

/// What was read. "Not read" is never reported as "nothing found".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Files in the commit's tree.
    pub files: u64,
    /// Files whose content was read.
    pub files_read: u64,
    /// Source files of a language whose syntax is understood, parsed without giving up.
    pub files_parsed: u64,
    /// Bytes in the commit's tree.
    pub bytes: u64,
    /// The files left out, by path; at most [`Coverage::SKIPPED_LISTED`] of them.
    pub skipped: Vec<Skipped>,
    /// How many files were left out in all.
    pub skipped_total: u64,
    /// What limits the whole report: a shallow clone, submodules, Git LFS pointers.
    pub notes: Vec<Note>,
    /// What no analysis looks at, whatever the repository: the text of every [`Limit`].
    #[serde(default)]
    pub limits: Vec<Note>,
}

impl Coverage {
    /// How many skipped files a report lists.
    pub const SKIPPED_LISTED: usize = 1_000;
}

/// What no analysis looks at. A report says so, because its silence about these things means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Secrets in earlier commits.
    HistoryNotSearched,
    /// Changes that are not committed.
    UncommittedNotRead,
    /// What running the code would show.
    NothingRun,
}

impl Limit {
    /// Every limit, in the order in which a report states them.
    pub const ALL: [Self; 3] = [Self::HistoryNotSearched, Self::UncommittedNotRead, Self::NothingRun];

    /// The limit as a report states it.
    pub fn note(self) -> Note {
        let (code, text) = match self {
            Self::HistoryNotSearched => (
                "history_not_searched",
                "Secrets were searched in the files of this commit, not in those of earlier commits.",
            ),
            Self::UncommittedNotRead => (
                "uncommitted_not_read",
                "Only what is committed was read: uncommitted changes and untracked files were not.",
            ),
            Self::NothingRun => (
                "nothing_run",
                "Nothing of the repository was run: whether it builds, and what its tests cover, is not known.",
            ),
        };
        Note { code: code.to_owned(), text: text.to_owned() }
    }
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// Its path; bytes that are not UTF-8 are shown as `\xNN`.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Larger than the limit for one file.
    TooLarge,
    /// Deeper nesting than the parser is let into; counted, but its syntax was not looked at.
    TooDeep,
    /// The parser ran out of its time or node budget.
    ParserGaveUp,
    /// The path is deeper or longer than the limits.
    PathLimit,
    /// The object is missing or damaged.
    Unreadable,
    /// A manifest that is not what its name says.
    Malformed,
    /// A pointer to content that Git LFS keeps elsewhere.
    LfsPointer,
    /// A commit of another repository.
    Submodule,
    /// A link; links are never followed.
    Symlink,
    /// More files than one analysis takes.
    FileLimit,
    /// A template: what it says is known only after its own program filled it in.
    Template,
}

/// A limit of the whole report, in the user's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Stable code, such as `shallow_history`.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// `1 file`, `5,389 files`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(count as u64)) }
}

/// `5,389`: every number of a sentence is written like those of the tables beside it.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A place in the analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Path from the repository's root.
    pub path: String,
    /// First line, from 1; 0 means the file as a whole.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

impl Span {
    /// The file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), start: 0, end: 0 }
    }

    /// Some lines of a file, counted from 1.
    pub fn lines(path: impl Into<String>, start: u32, end: u32) -> Self {
        Self { path: path.into(), start, end: end.max(start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_shown_as_nothing_or_as_more_than_it_is() {
        let text = |percent| {
            let lines = LineCount::default();
            LanguageShare { name: "HTML".into(), bytes: 18, percent, files: 1, lines }.percent_text()
        };
        assert_eq!(
            [text(0.0), text(0.07), text(0.1), text(99.89)],
            ["< 0.1 %", "< 0.1 %", "0.1 %", "99.9 %"]
        );
    }

    #[test]
    fn every_limit_has_its_own_code_and_a_sentence() {
        let notes = Limit::ALL.map(Limit::note);
        let codes: std::collections::BTreeSet<&str> = notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes.len(), Limit::ALL.len());
        assert!(notes.iter().all(|note| note.text.ends_with('.')));
    }
}
