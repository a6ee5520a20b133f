//! The overview of a report: the grade and the table that explains it, languages, stack, coverage.

use base::id::{AnalysisId, InsightId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Effort, FindingCounts, Gate, RepoRef, Span, Suppressed, Time};

/// What an analysis says about a repository, without the long lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// The repository.
    pub repo: RepoRef,
    /// The analysis it comes from.
    #[schema(value_type = String, format = "uuid")]
    pub analysis: AnalysisId,
    /// What was analysed.
    pub commit: Commit,
    /// What was read, and what was not and why.
    pub coverage: Coverage,
    /// Languages by bytes, the largest first.
    pub languages: Vec<Language>,
    /// Frameworks, tools and services, by category and name.
    pub stack: Vec<Technology>,
    /// Manifests and lockfiles that were read, by path.
    pub manifests: Vec<Manifest>,
    /// The grade and the table that produced it.
    pub quality: Quality,
    /// What the history says.
    pub history: History,
    /// How long the lists on the other pages are.
    pub counts: Counts,
    /// Whether known vulnerabilities could be looked up.
    pub advisories: AdvisoryCheck,
    /// Findings that the repository says are not to be acted on; at most 100.
    pub suppressed: Vec<Suppressed>,
    /// How many there are.
    pub suppressed_total: u64,
    /// The gate that the repository sets for itself; `null` where it sets none.
    pub gate: Option<Gate>,
}

/// The analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Commit {
    /// Object id, in hexadecimal.
    pub id: String,
    /// The branch it was reached by.
    pub branch: Option<String>,
    /// Committer time.
    pub time: Time,
    /// First line of the message.
    pub subject: String,
}

/// What was read. "Not read" is never reported as "nothing found".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Coverage {
    /// Files in the commit.
    pub files: u64,
    /// Files whose content was read.
    pub files_read: u64,
    /// Source files whose syntax was understood.
    pub files_parsed: u64,
    /// Bytes in the commit.
    pub bytes: u64,
    /// Files left out, by path; at most 1,000 are listed.
    pub skipped: Vec<Skipped>,
    /// How many were left out in all.
    pub skipped_total: u64,
    /// What limits the whole report: a shallow history, submodules, Git LFS pointers.
    pub notes: Vec<Note>,
    /// What no analysis looks at, whatever the repository: silence about it means nothing.
    pub limits: Vec<Note>,
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// Why, as a stable code: `too_large`, `too_deep`, `parser_gave_up`, `path_limit`, `unreadable`, `malformed`,
    /// `lfs_pointer`, `submodule`, `symlink`, `file_limit`, `template`.
    pub reason: String,
}

/// A limit of the whole report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// Stable code.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// One language's share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Language {
    /// Its name.
    pub name: String,
    /// Bytes of the files that count: not vendored, generated or documentation.
    pub bytes: u64,
    /// Share of all counted bytes: 0 to 100.
    pub percent: f64,
    /// Files that count.
    pub files: u64,
    /// Their lines.
    pub lines: LineCount,
}

/// Lines by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineCount {
    /// With code.
    pub code: u32,
    /// With nothing but comment.
    pub comment: u32,
    /// With nothing.
    pub blank: u32,
}

/// A framework, tool or service in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Technology {
    /// Its usual name.
    pub name: String,
    /// `framework`, `library`, `build`, `test`, `quality`, `data`, `ci` or `deploy`.
    pub category: String,
    /// What shows that it is used; never empty.
    pub evidence: Vec<Span>,
}

/// A manifest or lockfile that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// Its path.
    pub path: String,
    /// The ecosystem: `npm`, `PyPI`, `crates.io`, `Go`, ...
    pub ecosystem: String,
    /// The format.
    pub format: String,
    /// Whether it pins versions.
    pub lockfile: bool,
    /// The package it describes, where it names one.
    pub package: Option<String>,
    /// Licence of that package, where stated.
    pub license: Option<String>,
    /// How many dependencies it names.
    pub dependencies: u32,
}

/// The grade and the table that produced it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quality {
    /// `A` to `E`; `null` when nothing could be measured.
    pub grade: Option<String>,
    /// 0 to 100: 100 less the points lost; `null` when nothing could be measured.
    pub score: Option<u32>,
    /// How many parts were measured.
    pub measured: u32,
    /// The parts, in a fixed order. Those that were not measured do not count.
    pub parts: Vec<GradePart>,
    /// How the score comes about, in one sentence.
    pub formula: String,
    /// Why the score is lower than 100 less what was lost, and at what it is held, or why there is none. `null`
    /// otherwise.
    pub held: Option<String>,
    /// What would make it an A; `null` where it is one, or where there is no grade.
    pub way_to_a: Option<WayToA>,
}

/// The way to an A by the fewest parts, those that cost most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WayToA {
    /// The lowest score of an A.
    pub score: u32,
    /// How many points have to come back; 0 where only a need holds the score.
    pub points: f64,
    /// What an A needs whatever the points are, a sentence each.
    pub needs: Vec<String>,
    /// The parts whose points are enough, the largest loss first; of the last one perhaps only some.
    pub steps: Vec<GradeStep>,
    /// Open insights that begin with one of these, best value for effort first.
    pub insights: Vec<StepInsight>,
}

/// What one part has to become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GradeStep {
    /// Code of the part.
    pub part: String,
    /// What it must come to: "at most 6.4 % of the functions with a cognitive complexity above 15".
    pub until: String,
    /// Its value today, in the same unit.
    pub now: f64,
    /// The points that come back.
    pub points: f64,
}

/// An insight on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepInsight {
    /// The insight.
    #[schema(value_type = String, format = "uuid")]
    pub id: InsightId,
    /// What to do.
    pub title: String,
    /// How much work.
    pub effort: Effort,
    /// Code of the part that it improves first.
    pub part: String,
}

/// One line of that table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GradePart {
    /// Stable code: `complexity`, `duplication`, `tests`, `dependencies`, `security`, `change_risk`, `documentation`.
    pub part: String,
    /// What was measured, as a sentence; `null` when it was not.
    pub measured: Option<String>,
    /// The measured value in the threshold's unit.
    pub value: Option<f64>,
    /// Value at which nothing is lost.
    pub good: f64,
    /// Value at which the whole weight is lost.
    pub bad: f64,
    /// These two with their unit, and what they are a share of, as part of a sentence.
    pub scale: String,
    /// Points this part can cost when every part is measured; see `points`.
    pub weight: u32,
    /// How much of what it is about was seen, 0 to 1: only this share of the weight counts; `null` when it was not
    /// measured.
    pub seen: Option<f64>,
    /// Points this part can cost in this report: its weight as far as it was seen, after the weight of what was not
    /// measured was spread over the others; `null` when it was not measured.
    pub points: Option<f64>,
    /// Of these points, those that were lost; `null` when it was not measured.
    pub lost: Option<f64>,
    /// What would bring the lost points back, as the rest of a sentence about what was measured; `null` where none is
    /// lost.
    pub regain: Option<String>,
    /// Why it was not measured; `null` when it was.
    pub missing: Option<String>,
    /// The worst places; at most three.
    pub worst: Vec<Span>,
}

/// What the history says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// Commits that were read.
    pub commits: u32,
    /// Whether older commits exist that were not read.
    pub truncated: bool,
    /// Time of the oldest commit read.
    pub first: Option<Time>,
    /// Days back from the analysed commit that count for churn.
    pub window_days: u32,
    /// Commits in the window that count.
    pub window_commits: u32,
    /// Merges left out.
    pub merges_left_out: u32,
    /// Commits of bots left out.
    pub bots_left_out: u32,
    /// Sweeping commits left out: formatting, renames, imports of other code.
    pub sweeping_left_out: u32,
    /// People with a commit in the window.
    pub contributors: u32,
    /// Commits that count for each of the last twelve months, the oldest first.
    pub monthly: Vec<u32>,
    /// Commits that count and say that they fix something.
    pub fixes: u32,
    /// Commits that count and take back an earlier one.
    pub reverts: u32,
    /// Source files that no commit that counts changed in the window.
    pub unchanged_files: u32,
    /// Smallest number of people who together made more than half of the changes in the window; `null` where there
    /// were none.
    pub absence_factor: Option<u32>,
}

/// How long the lists are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Open findings by severity, as people left them: the `total` of the list of findings with `state=open` and
    /// `code=shipped` or `code=tests`.
    pub findings: FindingCounts,
    /// Package versions in use, pinned or not: the `total` of the list of dependencies without a filter.
    pub dependencies: u64,
    /// Of them, asked for by a manifest of this repository: the list's `total` with `direct=true`.
    pub direct_dependencies: u64,
    /// Of them, with a known vulnerability: the list's `total` with `vulnerable=true`; `null` when that could not be
    /// checked.
    pub vulnerable_dependencies: Option<u64>,
    /// Source files: those whose lines and complexity are measured. The coverage has the files of the commit.
    pub files: u64,
    /// Modules of the diagram.
    pub modules: u64,
    /// Circles of imports.
    pub cycles: u64,
    /// Hotspots.
    pub hotspots: u64,
    /// Open insights: those that were dismissed do not count.
    pub insights: u64,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeverityCounts {
    /// Fix now.
    pub critical: u64,
    /// Fix next.
    pub high: u64,
    /// Fix soon.
    pub medium: u64,
    /// Fix when passing by.
    pub low: u64,
    /// Worth knowing.
    pub info: u64,
}

impl SeverityCounts {
    /// How many there are together.
    pub fn total(&self) -> u64 {
        self.critical + self.high + self.medium + self.low + self.info
    }
}

/// Whether and how known vulnerabilities were looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdvisoryCheck {
    /// Only `checked` may be shown as a result.
    pub state: AdvisoryState,
    /// Where from: `mirror` or `online`; `null` when not checked.
    pub source: Option<String>,
    /// Time of the newest record; `null` when not checked.
    pub as_of: Option<Time>,
    /// Why it was not possible; `null` when checked.
    pub reason: Option<String>,
    /// Ecosystems in use that the data does not cover: not known to be clean.
    pub uncovered: Vec<String>,
    /// Packages in use whose version is not pinned, so that nothing could be compared.
    pub unpinned: u32,
    /// Package versions that were compared.
    pub compared: u32,
}

/// Outcome of the look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdvisoryState {
    /// The data was there.
    Checked,
    /// Could not be checked: never the same as "none".
    NotChecked,
}
