//! Findings as they live on across analyses.

use std::collections::BTreeMap;

use base::id::FindingId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, Span, Time};

/// A page of findings, with the numbers for the filters beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Findings {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows: most severe first, then by path, line and rule.
    pub items: Vec<Finding>,
    /// Pass it as `cursor` to read on; `null` at the end.
    pub next: Option<String>,
    /// How many rows pass the filters.
    pub total: u64,
    /// Values to filter by, with how many rows of the filtered list have them; keys are the filters' names.
    pub facets: BTreeMap<String, Vec<Facet>>,
    /// The rules of the rows on this page, by id.
    pub rules: BTreeMap<String, RuleInfo>,
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
    /// Whether the newest analysis still has it.
    pub state: FindingState,
    /// When an analysis first had it.
    pub first_seen_at: Time,
    /// When an analysis last had it.
    pub last_seen_at: Time,
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
