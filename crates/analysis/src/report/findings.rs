//! Known vulnerabilities and findings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// Whether and how known vulnerabilities were looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Whether it is an example of these.
    #[serde(default)]
    pub in_example: bool,
}

impl Finding {
    /// What the file is that it is in, in two words, where it is not shipped.
    pub fn apart(&self) -> Option<&'static str> {
        match (self.in_test, self.in_example) {
            (true, true) => Some("example code"),
            (true, false) => Some("test code"),
            (false, _) => None,
        }
    }
}

/// A finding that the repository itself says is not to be acted on. It is in no count, and never hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// What kind of reason there is.
    pub kind: SuppressionKind,
    /// The reason, as the repository states it.
    pub reason: String,
    /// Where it does.
    pub by: Span,
}

/// The gate that a repository sets for itself: from which severity on its own pipeline is to fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Where the repository says so.
    pub by: Span,
}

/// Kinds of reason not to act on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionKind {
    /// The rule is wrong here.
    FalsePositive,
    /// The rule is right, and somebody answers for it until a day.
    AcceptedRisk,
    /// The code is not used.
    NotUsed,
    /// A mark for another checker beside the code says to leave it alone.
    InSource,
}

/// The vulnerable package of an advisory finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// The lowest version above the one in use that none of the advisories at hand names; `None` where there is none.
    #[serde(default)]
    pub clean: Option<String>,
    /// One shortest chain from a direct dependency; empty when direct or unknown.
    pub via: Vec<String>,
}

/// What a rule looks for and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
