//! What is known about connected repositories, as other crates see it.

use analysis::check::Outcome;
use analysis::pipeline::{Phase, Progress};
use analysis::report::{self, Report, Severity};
use base::Timestamp;
use base::id::{AnalysisId, InsightId, JobId, RepoId, TaskId, UserId};
use events::SeverityCounts;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::source::Source;

/// Declares a closed set of words that is stored as text.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name used everywhere outside this program.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one with that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == name)
            }
        }
    )*};
}

mod findings;
mod hosts;

pub use findings::*;
pub use hosts::*;

words! {
    /// Where an analysis stands.
    AnalysisState {
        /// Waiting for a worker.
        Queued = "queued",
        /// A worker is on it.
        Running = "running",
        /// Finished with a report.
        Done = "done",
        /// Ended without a report.
        Failed = "failed",
        /// Stopped by a person.
        Cancelled = "cancelled",
    }
    /// Where an insight stands.
    InsightState {
        /// Still to be done.
        Open = "open",
        /// Its check passed, or it is no longer found.
        Closed = "closed",
        /// Put away by a person.
        Dismissed = "dismissed",
    }
    /// How known vulnerabilities are looked up.
    AdvisoryMode {
        /// Nobody decided yet: not looked up.
        Undecided = "undecided",
        /// By asking an online service: package names and versions leave this machine.
        Online = "online",
        /// In the imported mirror: nothing leaves this machine.
        Mirror = "mirror",
        /// Not at all.
        None = "none",
    }
}

/// A connected repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repo {
    /// Identifies it.
    pub id: RepoId,
    /// The name to show.
    pub name: String,
    /// Its name in addresses; unique in its workspace.
    pub slug: String,
    /// Where it comes from.
    pub source: Source,
    /// The branch to analyse; `None`: the repository's own default.
    pub branch: Option<String>,
    /// Whether its history is searched for credentials, also where neither the operator nor its own files ask for it.
    pub secrets_in_history: bool,
    /// When it was connected.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// Counts edits.
    pub version: i64,
}

/// A repository with its newest runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RepoOverview {
    /// The repository.
    pub repo: Repo,
    /// The newest analysis that has a report.
    pub latest: Option<Analysis>,
    /// The one that is going on.
    pub running: Option<Analysis>,
    /// The newest one, where it failed.
    pub last_failure: Option<Analysis>,
    /// Its open findings, as people left them.
    pub findings: FindingTally,
    /// Its open insights.
    pub open_insights: u64,
}

/// One analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Identifies it.
    pub id: AnalysisId,
    /// Of which repository.
    pub repo: RepoId,
    /// Where it stands.
    pub state: AnalysisState,
    /// The last phase that finished.
    pub phase: Option<Phase>,
    /// How far it is, by finished phases: 0 to 100.
    pub percent: u8,
    /// The finished phases, in order.
    pub finished: Vec<FinishedPhase>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// The analysed commit, once known.
    pub commit: Option<String>,
    /// Analyser and rule version, once done.
    pub analyzer: Option<String>,
    /// Who asked for it.
    pub requested_by: UserId,
    /// The job that does it.
    pub job: Option<JobId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it ended, however it ended.
    pub finished_at: Option<Timestamp>,
    /// What came out, once done.
    pub summary: Option<Summary>,
    /// How many analyses were asked for before it and have not ended, of whichever workspace: they share the workers. `None`
    /// unless it is queued.
    pub ahead: Option<u64>,
}

/// A phase of an analysis that finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedPhase {
    /// What it said at its end.
    #[serde(flatten)]
    pub progress: Progress,
    /// How long it took, from the end of the phase before, in milliseconds; `None` in analyses of older versions.
    #[serde(default)]
    pub took_ms: Option<u64>,
}

impl FinishedPhase {
    /// One that began and ended then.
    pub fn between(progress: Progress, began: Timestamp, ended: Timestamp) -> Self {
        let took_ms = u64::try_from(ended.since(began).as_millis()).ok();
        Self { progress, took_ms }
    }
}

/// What a person wants changed about a repository. `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepoChange {
    /// The branch to analyse; an empty one is the repository's own default.
    pub branch: Option<String>,
    /// Whether its history is searched for credentials.
    pub secrets_in_history: Option<bool>,
}

/// What came out of an analysis, in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The branch that was analysed, where it was reached by one.
    pub branch: Option<String>,
    /// `A` to `E`; `None` when nothing could be measured.
    pub grade: Option<char>,
    /// 0 to 100; `None` when nothing could be measured.
    pub score: Option<u32>,
    /// Files in the commit.
    pub files: u64,
    /// The largest languages with their share, at most three: `Rust 81.3 %`.
    pub languages: Vec<String>,
    /// Findings by severity.
    pub findings: SeverityCounts,
    /// Package versions in use: the rows of the report's `dependencies`.
    pub dependencies: u64,
    /// Of them, how many have a known vulnerability; `None` when that could not be checked.
    pub vulnerable: Option<u64>,
    /// Insights of this analysis.
    pub insights: u32,
}

impl Summary {
    /// The numbers of a report.
    pub fn of(report: &Report) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let findings = |severity| count(report.findings_of(severity));
        Self {
            branch: report.commit.branch.clone(),
            grade: report.quality.grade,
            score: report.quality.score,
            files: report.coverage.files,
            languages: report.main_languages(),
            findings: SeverityCounts {
                critical: findings(Severity::Critical),
                high: findings(Severity::High),
                medium: findings(Severity::Medium),
                low: findings(Severity::Low),
                info: findings(Severity::Info),
            },
            dependencies: report.dependencies.len() as u64,
            vulnerable: report.vulnerable_dependencies().map(|found| found as u64),
            insights: count(report.insights.len()),
        }
    }
}

/// An insight as it lives on across analyses.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// Identifies it.
    pub id: InsightId,
    /// Of which repository.
    pub repo: RepoId,
    /// What it says; as the last analysis that had it said it.
    pub body: report::Insight,
    /// Where it stands.
    pub state: InsightState,
    /// The result of its check, the last time it was run.
    pub last_check: Option<CheckResult>,
    /// The task made from it.
    pub task: Option<TaskId>,
    /// The analysis that first had it.
    pub first_analysis: AnalysisId,
    /// The analysis that last had it.
    pub last_analysis: AnalysisId,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was closed or dismissed.
    pub closed_at: Option<Timestamp>,
    /// Counts edits.
    pub version: i64,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// What was seen.
    pub outcome: Outcome,
    /// The analysis whose report it was held against.
    pub analysis: AnalysisId,
    /// Why a person put the insight away, where one did and said why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissed: Option<String>,
}

/// Imported advisories of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisorySource {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// How many records.
    pub records: u64,
    /// Modification time of the newest one.
    pub as_of: Timestamp,
    /// When they were imported.
    pub imported_at: Timestamp,
    /// The folder they came from.
    pub source: String,
}

/// How known vulnerabilities are looked up, and in what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryStatus {
    /// What the workspace decided.
    pub mode: AdvisoryMode,
    /// What was imported, by ecosystem.
    pub sources: Vec<AdvisorySource>,
    /// Counts decisions; 0 before the first.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_took_the_time_between_its_ends() {
        let took = |began, ended| {
            let progress = Progress::finished(Phase::Fetch, 1, "files", Vec::new());
            FinishedPhase::between(progress, Timestamp::from_micros(began), Timestamp::from_micros(ended))
                .took_ms
        };
        assert_eq!(took(1_000_000, 3_500_900), Some(2_500));
        assert_eq!(took(3_500_000, 1_000_000), Some(0), "the clock was put back");
    }
}
