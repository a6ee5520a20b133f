//! What people decide about findings.

use std::collections::BTreeMap;

use base::id::{FindingId, SuppressionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Finding, FindingCounts, Time};

/// A decision not to act on findings. It is kept in the workspace, not in the repository: the report, its grade and
/// what other programs read from it stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suppression {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: SuppressionId,
    /// What kind of reason there is.
    pub kind: SuppressionKind,
    /// The reason in words; may be empty where the kind says enough.
    pub reason: String,
    /// What it is about.
    pub scope: SuppressionScope,
    /// The rule; `null` where it is about single findings.
    pub rule: Option<String>,
    /// The file or the folder, where it is about one.
    pub path: Option<String>,
    /// When it ends by itself; `null`: it does not.
    pub expires_at: Option<Time>,
    /// Whether that is over.
    pub ended: bool,
    /// When it was made.
    pub created_at: Time,
    /// Whether the caller made it.
    pub mine: bool,
    /// Open findings that it keeps out of the counts; where several cover one, that which ends last.
    pub findings: u64,
    /// Counts edits.
    pub version: i64,
}

/// Reasons not to act on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionKind {
    /// The rule is wrong here.
    FalsePositive,
    /// It is right, and somebody answers for leaving it, for a while.
    AcceptedRisk,
    /// It is only in code for tests.
    TestCode,
    /// Nobody writes that code by hand.
    GeneratedCode,
    /// A task has it.
    Tracked,
    /// It is right, and stays.
    WontFix,
}

/// What a suppression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionScope {
    /// Single findings.
    Findings,
    /// A rule in a file.
    File,
    /// A rule below a folder.
    Folder,
    /// A rule anywhere in the repository.
    Rule,
}

/// The decisions that nobody took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suppressions {
    /// The newest first.
    pub items: Vec<Suppression>,
    /// Whether the caller may take them back.
    pub can_end: bool,
}

/// Findings to suppress, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuppression {
    /// What kind of reason there is.
    pub kind: SuppressionKind,
    /// The reason in words, at most 1,000 characters; needed for an accepted risk and for what will not be fixed.
    #[serde(default)]
    pub reason: String,
    /// What it is about.
    pub target: SuppressionTarget,
    /// After how many days it ends by itself: 1 to 365. Without one an accepted risk ends after 90, others do not.
    pub days: Option<u32>,
}

/// Findings to suppress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "scope", rename_all = "snake_case", deny_unknown_fields)]
pub enum SuppressionTarget {
    /// These.
    Findings {
        /// Their ids; those that are not open are passed over.
        #[schema(value_type = Vec<String>)]
        ids: Vec<FindingId>,
    },
    /// Every one that passes a filter now.
    Filter {
        /// The filters of the list, as its query has them.
        filter: BTreeMap<String, String>,
    },
    /// What a rule finds in a file, also later.
    File {
        /// The rule.
        rule: String,
        /// The file.
        path: String,
    },
    /// What a rule finds below a folder, also later.
    Folder {
        /// The rule.
        rule: String,
        /// The folder.
        path: String,
    },
    /// What a rule finds anywhere in the repository, also later.
    Rule {
        /// The rule.
        rule: String,
    },
}

/// What a suppression would cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuppressionPreview {
    /// How many open findings it would hide.
    pub total: u64,
    /// The same by severity.
    pub counts: FindingCounts,
    /// How many findings other suppressions hide now, which it would also cover: where it ends later than these, it
    /// hides them until then.
    pub hidden_already: u64,
    /// The first of them, at most five.
    pub first: Vec<Finding>,
}
