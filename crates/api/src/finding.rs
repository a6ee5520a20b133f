//! Findings as they live on across analyses.

use std::collections::BTreeMap;

use base::id::{AnalysisId, FindingId, SuppressionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, SeverityCounts, Span, Suppression, Time};

/// A page of findings, with the numbers for the filters beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Findings {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows: shipped code before tests and examples, in each the most severe first; of the same severity what is
    /// dangerous before what is hard to change, what is sure before what is not, and the hardest function first.
    pub items: Vec<Finding>,
    /// Pass it as `cursor` to read on; `null` at the end.
    pub next: Option<String>,
    /// How many rows pass the filters.
    pub total: u64,
    /// Values to filter by, with how many rows that pass all other filters have them; keys are the filters' names.
    pub facets: BTreeMap<String, Vec<Facet>>,
    /// How many more rows would pass the filters if the baseline hid none.
    pub before_baseline: u64,
    /// From when on findings count as new here.
    pub baseline: Baseline,
    /// The rules of the rows on this page, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// What people of this workspace said of these rules, by id; rules of which nobody said anything are not in it.
    pub verdicts: BTreeMap<String, RuleVerdicts>,
    /// The decisions behind suppressed rows on this page, by id.
    pub suppressions: BTreeMap<String, Suppression>,
    /// What the caller may do with findings.
    pub can: FindingsCan,
}

/// What the caller may do with findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingsCan {
    /// Suppress them, take that back, set the baseline, say whether one is useful.
    pub triage: bool,
}

/// From when on findings count as new: what an analysis had is hidden from the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Baseline {
    /// The analysis; `null`: nothing is hidden.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub analysis: Option<AnalysisId>,
    /// What is there without a break since then or before is hidden.
    pub before: Option<Time>,
    /// Counts edits; 0 where nobody ever set one.
    pub version: i64,
}

/// A baseline to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBaseline {
    /// The version that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// The analysis whose findings are to be hidden; `null` for none.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub analysis: Option<AnalysisId>,
}

/// How often people of this workspace found the findings of a rule useful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleVerdicts {
    /// How many judged one.
    pub judged: u64,
    /// Of them, how many found it useful.
    pub useful: u64,
}

/// What somebody says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeFinding {
    /// Whether it is useful; `null` takes back what they said.
    pub useful: Option<bool>,
}

/// How many findings a repository has for people to look at, by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingCounts {
    /// In code that is shipped.
    pub shipped: SeverityCounts,
    /// In tests, examples and fixtures.
    pub tests: SeverityCounts,
    /// How many people suppressed here; they are in neither half.
    pub suppressed: u64,
}

/// A value to filter by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facet {
    /// The value, as the filter takes it.
    pub value: String,
    /// How many rows have it.
    pub count: u64,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Identifies it across analyses.
    #[schema(value_type = String, format = "uuid")]
    pub id: FindingId,
    /// The rule that gave it: key into `rules`.
    pub rule: String,
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// How sure; `null` once it is gone and no report holds it any more.
    pub confidence: Option<Confidence>,
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
    /// Whether it is an example of these; not known any more of what is gone.
    pub in_example: bool,
    /// The language of the file, where the newest report knows one.
    pub language: Option<String>,
    /// Who made most of the changes to its folder, as the ownership page calls them.
    pub owner: Option<String>,
    /// Whether the newest analysis has it and the one before did not; never after the first of all.
    pub new: bool,
    /// Whether and by which decision it is suppressed: key into `suppressions`.
    pub suppressed: Option<SuppressedBy>,
    /// Whether the caller found it useful; `null` where they said nothing.
    pub useful: Option<bool>,
    /// Whether the newest analysis still has it.
    pub state: FindingState,
    /// When an analysis first had it.
    pub first_seen_at: Time,
    /// When an analysis last had it.
    pub last_seen_at: Time,
}

/// That people suppressed a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuppressedBy {
    /// The decision.
    #[schema(value_type = String, format = "uuid")]
    pub id: SuppressionId,
    /// When it ends by itself; `null`: it does not.
    pub until: Option<Time>,
    /// Whether that is over: the finding is back in the counts.
    pub ended: bool,
}

/// Whether a finding is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// The newest analysis has it.
    Open,
    /// The newest analysis no longer has it.
    Gone,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

/// How bad, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
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

/// How sure the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Usually right.
    Medium,
    /// A fact, or as good as one.
    High,
}

/// The vulnerable package of an advisory finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackageHit {
    /// The ecosystem.
    pub ecosystem: String,
    /// The package.
    pub name: String,
    /// The version in use.
    pub version: String,
    /// Id of the advisory.
    pub advisory: String,
    /// Its other names, such as CVE numbers.
    pub aliases: Vec<String>,
    /// The lowest newer version that is not affected, where there is one.
    pub fixed: Option<String>,
    /// One shortest chain from a direct dependency; empty when direct or unknown.
    pub via: Vec<String>,
}

/// What a rule looks for and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
