//! One analysis of one repository: where it stands, and what came out in a few numbers.

use base::id::AnalysisId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Coverage, RepoRef, SeverityCounts, Time};

/// An analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Analysis {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: AnalysisId,
    /// Of which repository.
    pub repo: RepoRef,
    /// Where it stands.
    pub state: AnalysisState,
    /// Finished milestones in percent: 0, 10, 20, 40, 50, 60, 80, 90, 100.
    pub percent: u8,
    /// Every phase, in order.
    pub phases: Vec<PhaseStatus>,
    /// What is already known: "Rust 81.3 %", "107 dependencies, 95 direct". A number in here means what the report's
    /// `counts` mean by the same name.
    pub facts: Vec<String>,
    /// Why it failed; `null` unless it did.
    pub failure: Option<Failure>,
    /// The analysed commit; `null` before it is known.
    pub commit: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// How many analyses of this server were asked for before it and have not ended; `null` unless it is queued.
    pub ahead: Option<u64>,
    /// When a worker took it.
    pub started_at: Option<Time>,
    /// When it ended, however it ended.
    pub finished_at: Option<Time>,
    /// What came out; `null` unless it is done.
    pub summary: Option<Summary>,
    /// What the caller may do with it.
    pub can: AnalysisCan,
}

/// An analysis with what it did not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnalysisDetail {
    /// The analysis.
    pub analysis: Analysis,
    /// What was read, and what was not and why; `null` unless it is done.
    pub coverage: Option<Coverage>,
}

/// What the caller may do with an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnalysisCan {
    /// Stop it.
    pub cancel: bool,
    /// Ask for another one.
    pub retry: bool,
}

/// Where an analysis stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnalysisState {
    /// Waiting for a worker.
    Queued,
    /// A worker is on it.
    Running,
    /// Finished with a report.
    Done,
    /// Ended without a report; `failure` says why.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// The phases of an analysis, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Fetching the commit.
    Fetch,
    /// Languages and lines.
    Languages,
    /// Structure and dependencies.
    Structure,
    /// Code patterns.
    Patterns,
    /// Security.
    Security,
    /// Quality and history.
    Quality,
    /// Insights.
    Insights,
    /// Saving.
    Save,
}

/// Where one phase stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhaseStatus {
    /// Which phase.
    pub phase: Phase,
    /// Where it stands.
    pub state: PhaseState,
    /// Percent of the whole analysis that is reached when it is done.
    pub percent: u8,
    /// Units done; `null` where nothing is counted.
    pub done: Option<u64>,
    /// Units in all; `null` where it is not known.
    pub total: Option<u64>,
    /// What is counted: `files`, `commits`, `bytes`, `packages compared`.
    pub unit: Option<String>,
    /// How long it took from the end of the phase before, in milliseconds; `null` before it is done, and in runs of
    /// older versions.
    pub took_ms: Option<u64>,
    /// What became known at its end: "Rust 81.3 %", "1,204 files known from an earlier run".
    pub facts: Vec<String>,
}

/// Where a phase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseState {
    /// Not reached yet.
    Queued,
    /// Going on.
    Running,
    /// Finished.
    Done,
    /// Where the analysis failed.
    Failed,
    /// Not reached, because the analysis ended before.
    Skipped,
}

/// Why an analysis failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// Stable code, such as `empty_repository` or `auth_required`.
    pub code: String,
    /// What happened and what to do, in one or two sentences.
    pub detail: String,
}

/// What came out of an analysis, in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The analysis.
    #[schema(value_type = String, format = "uuid")]
    pub analysis: AnalysisId,
    /// The analysed commit.
    pub commit: String,
    /// The branch it was reached by; `null` where there was none.
    pub branch: Option<String>,
    /// Analyser and rule version.
    pub analyzer: String,
    /// When it ended.
    pub finished_at: Time,
    /// `A` to `E`; `null` when nothing could be measured.
    pub grade: Option<String>,
    /// 0 to 100; `null` when nothing could be measured.
    pub score: Option<u32>,
    /// Files in the commit.
    pub files: u64,
    /// The largest languages with their share, at most three: `["Rust 81.3 %"]`.
    pub languages: Vec<String>,
    /// Findings by severity.
    pub findings: SeverityCounts,
    /// Package versions in use, as in the report's `counts`.
    pub dependencies: u64,
    /// Of them, how many have a known vulnerability; `null` when that could not be checked.
    pub vulnerable: Option<u64>,
    /// Insights of this analysis; those that were dismissed since count too.
    pub insights: u64,
}
