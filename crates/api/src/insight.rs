//! Insights: what is worth doing, with its proof, its effort and the check that closes it.

use base::id::{AnalysisId, InsightId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, RepoRef, Severity, Span, TaskStatus, Time};

/// The insights of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Insights {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// Best value for effort first; at most five are open.
    pub items: Vec<Insight>,
}

/// Something worth doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Insight {
    /// Identifies it across analyses.
    #[schema(value_type = String, format = "uuid")]
    pub id: InsightId,
    /// The repository it is about.
    pub repo: RepoRef,
    /// What kind, as a stable code such as `vulnerable_dependency`.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// Imperative: what to do.
    pub title: String,
    /// Why it matters here, with the numbers.
    pub why: String,
    /// What shows it; two to six.
    pub evidence: Vec<Evidence>,
    /// How much work.
    pub effort: Effort,
    /// What will prove that it is done.
    pub check: Check,
    /// Value for effort, 0 to 100.
    pub rank: u32,
    /// At most half an hour of work, and the check can be run.
    pub quick_win: bool,
    /// Where it stands.
    pub state: InsightState,
    /// The task made from it; `null` when there is none.
    pub task: Option<TaskRef>,
    /// When an analysis first had it.
    pub created_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Counts edits.
    pub version: i64,
    /// What the caller may do with it.
    pub can: InsightCan,
}

/// Where an insight stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InsightState {
    /// Still to be done.
    Open,
    /// Its check passed.
    Closed,
    /// Put away by a person.
    Dismissed,
}

/// What the caller may do with an insight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each thing that can be done")]
pub struct InsightCan {
    /// Run its check against the newest report.
    pub check: bool,
    /// Make a task from it.
    pub make_task: bool,
    /// Put it away.
    pub dismiss: bool,
    /// Bring it back after it was put away.
    pub restore: bool,
}

/// A task, by key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskRef {
    /// Its human id: `WEB-12`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: TaskStatus,
}

/// Where a statement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Read from code, history or data.
    Measured,
    /// From a rule of thumb or statistics.
    Inferred,
    /// Written by a model.
    Generated,
}

/// Something a reader can follow to convince themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evidence {
    /// Lines of a file.
    Span {
        /// Where, in the commit of `meta`.
        span: Span,
        /// What is to be seen there.
        note: String,
        /// Where the statement comes from.
        origin: Origin,
    },
    /// An advisory.
    Advisory {
        /// Its id.
        id: String,
        /// What it says.
        note: String,
        /// Where the statement comes from.
        origin: Origin,
    },
    /// A commit.
    Commit {
        /// Object id, in hexadecimal.
        id: String,
        /// Its subject.
        note: String,
        /// Where the statement comes from.
        origin: Origin,
    },
    /// A measured value.
    Metric {
        /// Its name.
        name: String,
        /// Its value, with the unit and the sample.
        note: String,
        /// Where the statement comes from.
        origin: Origin,
    },
}

/// How much work, as a range, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Effort {
    /// At least, in minutes.
    pub min_minutes: u32,
    /// At most, in minutes.
    pub max_minutes: u32,
    /// Why.
    pub reason: String,
}

/// What will prove that it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// The condition, in one sentence.
    pub text: String,
    /// Its result the last time; `null` when it was never run.
    pub last: Option<CheckResult>,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// Whether the condition holds; `null`: it could not be checked.
    pub passed: Option<bool>,
    /// What was seen, in one sentence.
    pub detail: String,
    /// The analysis whose report it was held against.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub analysis: Option<AnalysisId>,
}

/// Putting an insight away.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissInsight {
    /// Why, for those who wonder later.
    pub reason: Option<String>,
    /// The version that was seen.
    pub version: i64,
}
