//! The canonical report: everything one analysis says about one commit.
//!
//! It holds no wall-clock time and no run id, and every list has a documented order, so that two reports of the
//! same commit, made by the same rules with the same advisory data, are equal byte for byte. Times in here are
//! commit times: seconds since the Unix epoch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::check::Check;

/// The version of this schema. It rises when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// One analysis of one commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Whether known vulnerabilities could be looked up.
    pub advisories: AdvisoryCheck,
    /// What should be looked at: most severe first, then by path, line and rule.
    pub findings: Vec<Finding>,
    /// The rules that gave `findings`, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// Every analysed source file, by path.
    pub files: Vec<FileSummary>,
    /// Imports between files.
    pub graph: Graph,
    /// What the history says.
    pub history: History,
    /// Files that change often and are hard to change, the worst first.
    pub hotspots: Vec<Hotspot>,
    /// The grade and the table that produced it.
    pub quality: Quality,
    /// What to do first, best value for effort first; at most five.
    pub insights: Vec<Insight>,
}

/// The analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Coverage {
    /// How many skipped files a report lists.
    pub const SKIPPED_LISTED: usize = 1_000;
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// Its path; bytes that are not UTF-8 are shown as `\xNN`.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
}

/// A limit of the whole report, in the user's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code, such as `shallow_history`.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// One language's share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageShare {
    /// Name as GitHub Linguist spells it.
    pub name: String,
    /// Bytes of the files that count (not vendored, generated or documentation).
    pub bytes: u64,
    /// Share of all counted bytes, 0 to 100, two decimals.
    pub percent: f64,
    /// Files that count.
    pub files: u64,
    /// Their lines.
    pub lines: LineCount,
}

/// Lines by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCount {
    /// Lines with code.
    pub code: u32,
    /// Lines with nothing but comment.
    pub comment: u32,
    /// Lines with nothing.
    pub blank: u32,
}

impl LineCount {
    /// All lines.
    pub fn total(self) -> u32 {
        self.code.saturating_add(self.comment).saturating_add(self.blank)
    }
}

/// A framework, tool or service in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Technology {
    /// Its usual name.
    pub name: String,
    /// What kind of thing it is.
    pub category: TechCategory,
    /// What shows that it is used; never empty, at most five.
    pub evidence: Vec<Span>,
}

/// Kinds of technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TechCategory {
    /// Application and web frameworks.
    Framework,
    /// Other libraries worth naming.
    Library,
    /// Build tools and package managers.
    Build,
    /// Test frameworks.
    Test,
    /// Linters and formatters.
    Quality,
    /// Databases, caches, queues.
    Data,
    /// Continuous integration.
    Ci,
    /// Containers and deployment.
    Deploy,
}

/// A place in the analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// A manifest or lockfile that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its path.
    pub path: String,
    /// The ecosystem as OSV spells it: `npm`, `PyPI`, `crates.io`, `Go`, ...
    pub ecosystem: String,
    /// The format, such as `package-lock.json v3`.
    pub format: String,
    /// Whether it pins versions.
    pub lockfile: bool,
    /// The package the manifest describes, where it names one.
    pub package: Option<String>,
    /// Licence of that package, where stated (SPDX expression as written).
    pub license: Option<String>,
    /// How many dependencies it names.
    pub dependencies: u32,
}

/// One version of one package in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// Name as the registry spells it.
    pub name: String,
    /// The pinned version; `None` when only a requirement is known.
    pub version: Option<String>,
    /// The requirement as the manifest writes it.
    pub requirement: Option<String>,
    /// Asked for by a manifest of this repository, or only through others.
    pub direct: bool,
    /// What it is needed for; the strongest use wins.
    pub scope: Scope,
    /// Where it is named; the manifest first, then lockfiles; at most five.
    pub evidence: Vec<Span>,
    /// One shortest chain of package names from a direct dependency to this one; empty when direct or unknown.
    pub via: Vec<String>,
    /// Licence where a lockfile states it.
    pub license: Option<String>,
}

/// What a dependency is needed for, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The program itself.
    Runtime,
    /// Only when a feature or platform asks for it.
    Optional,
    /// The build.
    Build,
    /// Development and tests.
    Dev,
}

/// Whether and how known vulnerabilities were looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryCheck {
    /// The state; only `Checked` may be shown as a result.
    pub state: AdvisoryState,
    /// Ecosystems in use that the data does not cover, by name: not known to be clean.
    pub uncovered: Vec<String>,
    /// Packages in use whose version is not pinned, so that nothing could be compared.
    pub unpinned: u32,
    /// Package versions that were compared.
    pub compared: u32,
}

/// Outcome of the look-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AdvisoryState {
    /// The data was there.
    Checked {
        /// Where from: `mirror` or `online`.
        source: String,
        /// Modification time of the newest record (seconds since the epoch).
        as_of: i64,
    },
    /// The look-up was not possible or not wanted; says why, in one sentence.
    NotChecked {
        /// The reason.
        reason: String,
    },
}

/// What kind of thing a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A dependency with a known vulnerability, or one that is unmaintained or unsound.
    Advisory,
    /// Something that looks like a credential.
    Secret,
    /// An insecure code pattern.
    Security,
    /// Something that makes the code hard to change.
    Smell,
}

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Fix when passing by.
    Low,
    /// Fix soon.
    Medium,
    /// Fix next.
    High,
    /// Fix now.
    Critical,
}

impl Severity {
    /// Every severity, the least first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name used everywhere outside this program.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Usually right.
    Medium,
    /// A fact, or as good as one.
    High,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Identifies the finding across analyses: unchanged when lines above it move. Hexadecimal, 32 digits.
    pub fingerprint: String,
    /// Key into [`Report::rules`].
    pub rule: String,
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What was found here, in one sentence. A secret is never quoted.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The function or type it is in, where known.
    pub symbol: Option<String>,
    /// The package, for advisories.
    pub package: Option<PackageHit>,
    /// Whether the file is a test, an example or a fixture.
    pub in_test: bool,
}

/// The vulnerable package of an advisory finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageHit {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// Package name.
    pub name: String,
    /// The version in use.
    pub version: String,
    /// Id of the advisory.
    pub advisory: String,
    /// Its other names, such as CVE numbers.
    pub aliases: Vec<String>,
    /// Lowest version that is not affected and newer than the one in use, where there is one.
    pub fixed: Option<String>,
    /// One shortest chain from a direct dependency; empty when direct or unknown.
    pub via: Vec<String>,
}

/// What a rule looks for and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Short imperative title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to fix it.
    pub fix: String,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Where to read more.
    pub links: Vec<String>,
}

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Path from the root.
    pub path: String,
    /// Language, as GitHub Linguist spells it.
    pub language: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Lines by kind.
    pub lines: LineCount,
    /// Whether it is a test, an example or a fixture.
    pub test: bool,
    /// Sums over its functions; `None` when its syntax is not understood.
    pub complexity: Option<FileComplexity>,
    /// Commits in the window that changed it.
    pub commits: u32,
}

/// Complexity of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileComplexity {
    /// Functions and methods.
    pub functions: u32,
    /// Sum of cyclomatic complexity.
    pub cyclomatic: u32,
    /// Sum of cognitive complexity.
    pub cognitive: u32,
    /// The hardest functions, by cognitive complexity; at most three.
    pub worst: Vec<FunctionSummary>,
}

/// One function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionSummary {
    /// Name, with its type or module where there is one.
    pub name: String,
    /// First line.
    pub start: u32,
    /// Last line.
    pub end: u32,
    /// Cyclomatic complexity (McCabe 1976).
    pub cyclomatic: u32,
    /// Cognitive complexity (Campbell 2018).
    pub cognitive: u32,
    /// Deepest nesting of control flow.
    pub nesting: u32,
    /// Parameters.
    pub parameters: u32,
}

/// Files and what they import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// Modules: folders or packages, by path.
    pub modules: Vec<Module>,
    /// Edges between modules, by position: `from` and `to` index `modules`.
    pub module_edges: Vec<Edge>,
    /// Edges between files: `from` and `to` index [`Report::files`].
    pub file_edges: Vec<Edge>,
    /// Groups of files that import each other in a circle, the largest first; paths in order.
    pub cycles: Vec<Vec<String>>,
    /// Imports of this repository's own files that could not be resolved.
    pub unresolved: u32,
    /// Languages present whose imports are not read.
    pub unparsed: Vec<String>,
}

/// A module of the diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Module {
    /// Path of its folder; empty for the root.
    pub path: String,
    /// Short label.
    pub label: String,
    /// Main language.
    pub language: Option<String>,
    /// Source files in it.
    pub files: u32,
    /// Lines of code in it.
    pub code: u32,
    /// Layer: 0 imports nothing of ours; each other is above all it imports. Cycles share one.
    pub layer: u32,
    /// Whether it is in a cycle with another module.
    pub cyclic: bool,
    /// Left edge of its box in the layout, in diagram units.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

/// An edge with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// Index of the importing node.
    pub from: u32,
    /// Index of the imported node.
    pub to: u32,
    /// How many import statements it stands for.
    pub count: u32,
}

/// What the history says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Commits that were read.
    pub commits: u32,
    /// Whether older commits exist that are not here or were not read.
    pub truncated: bool,
    /// Time of the oldest commit read.
    pub first: Option<i64>,
    /// Days back from the analysed commit that count for churn.
    pub window_days: u32,
    /// Commits in the window that count: no merges, bots or pure formatting.
    pub window_commits: u32,
    /// Commits in the window left out, and why.
    pub left_out: LeftOut,
    /// People with a commit in the window.
    pub contributors: u32,
    /// Commits that count for each of the last twelve months, the oldest first.
    pub monthly: Vec<u32>,
}

/// Commits that do not count as work on a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Merges.
    pub merges: u32,
    /// Written by bots.
    pub bots: u32,
    /// Touching so many files that they are formatting, renames or imports of other code.
    pub sweeping: u32,
}

/// A file that changes often and is hard to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hotspot {
    /// The file.
    pub path: String,
    /// Commits in the window.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
    /// Lines added and removed in the window.
    pub changed_lines: u32,
    /// People who changed it in the window.
    pub authors: u32,
    /// Its cognitive complexity.
    pub complexity: u32,
    /// Lines of code.
    pub code: u32,
    /// Churn times complexity, each as a rank between 0 and 1; 0 to 100.
    pub score: u32,
    /// Files that change together with it; at most three.
    pub coupled: Vec<Coupling>,
}

/// Files that change together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupling {
    /// The other file.
    pub path: String,
    /// Commits that changed both.
    pub together: u32,
    /// Commits that changed the first.
    pub of: u32,
}

/// The grade and what produced it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// `A` to `E`; `None` when nothing could be measured.
    pub grade: Option<char>,
    /// 0 to 100; `None` when nothing could be measured.
    pub score: Option<u32>,
    /// The parts, in a fixed order. Those that were not measured do not count.
    pub parts: Vec<GradePart>,
}

/// One line of the table that produced the grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradePart {
    /// Stable code: `complexity`, `duplication`, `tests`, `dependencies`, `security`, `change_risk`, `documentation`.
    pub part: String,
    /// What was measured, with its value, as a sentence: "6 % of functions are above 15".
    pub measured: Option<String>,
    /// The measured value in the threshold's unit.
    pub value: Option<f64>,
    /// Value at which nothing is lost.
    pub good: f64,
    /// Value at which the whole weight is lost.
    pub bad: f64,
    /// Points this part can cost before the parts that were not measured are left out.
    pub weight: u32,
    /// Points lost, after the weights were spread over the measured parts; one decimal.
    pub lost: Option<f64>,
    /// Why it was not measured.
    pub missing: Option<String>,
    /// The worst places; at most three.
    pub worst: Vec<Span>,
}

/// Something worth doing, with its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insight {
    /// Identifies the insight across analyses. Hexadecimal, 32 digits.
    pub fingerprint: String,
    /// What kind, as a stable code such as `vulnerable_dependency`.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// Imperative: "Raise `tokio` to 1.38.2".
    pub title: String,
    /// Why it matters here, in one or two sentences with the numbers.
    pub why: String,
    /// What shows it; two to six.
    pub evidence: Vec<Evidence>,
    /// How much work.
    pub effort: Effort,
    /// What will prove that it is done.
    pub check: Check,
    /// Value for effort, the rank's key; 0 to 100.
    pub rank: u32,
    /// At most half an hour of work, and the check can be run.
    pub quick_win: bool,
}

/// Something a reader can follow to convince themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evidence {
    /// Lines of a file.
    Span {
        /// Where.
        span: Span,
        /// What is to be seen there.
        note: String,
    },
    /// An advisory.
    Advisory {
        /// Its id.
        id: String,
        /// What it says.
        note: String,
    },
    /// A commit.
    Commit {
        /// Object id, in hexadecimal.
        id: String,
        /// Its subject.
        note: String,
    },
    /// A measured value.
    Metric {
        /// Its name.
        name: String,
        /// Its value, with the unit and the sample.
        note: String,
    },
}

/// How much work, as a range, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// At least, in minutes.
    pub min_minutes: u32,
    /// At most, in minutes.
    pub max_minutes: u32,
    /// Why: "1 file, 3 callers".
    pub reason: String,
}
