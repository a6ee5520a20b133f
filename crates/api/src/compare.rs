//! Two analyses of a repository beside each other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{FindingKind, Note, Severity, Span, Summary};

/// Two analyses beside each other, and which others could be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Compare {
    /// The analyses whose reports are kept, the newest first.
    pub choices: Vec<Summary>,
    /// What changed; `null` where `head` is the oldest and no other one was named.
    pub comparison: Option<Comparison>,
}

/// What changed from one analysis to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    /// The one that is compared with.
    pub base: Summary,
    /// The one that is looked at.
    pub head: Summary,
    /// What limits the comparison.
    pub notes: Vec<Note>,
    /// Findings that `base` did not have, or had suppressed.
    pub new: ComparedFindings,
    /// Findings that `head` no longer has.
    pub gone: ComparedFindings,
    /// Findings of both.
    pub unchanged: ComparedFindings,
    /// Of the unchanged ones, those whose file has another name now.
    pub moved: u32,
    /// Of the new ones, those that were there before and suppressed.
    pub reopened: u32,
    /// Findings that are still there, but suppressed now.
    pub suppressed: u32,
    /// Findings of one side that the other could not look for.
    pub not_compared: u32,
    /// The parts of the grade.
    pub parts: Vec<ComparedPart>,
    /// Packages whose versions in use differ, by ecosystem and name; at most 500.
    pub dependencies: Vec<ComparedDependency>,
    /// How many there are.
    pub dependencies_total: u64,
}

/// Some findings of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedFindings {
    /// How many there are.
    pub total: u64,
    /// The first of them, those outside tests and the most severe first; at most 200.
    pub items: Vec<ComparedFinding>,
}

/// A finding of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedFinding {
    /// Identifies it inside its report.
    pub id: String,
    /// The rule that gave it.
    pub rule: String,
    /// What the rule asks for, in short.
    pub title: String,
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: String,
    /// Where, in the commit that has it.
    pub span: Span,
    /// Whether the file is a test, an example or a fixture.
    pub in_test: bool,
}

/// A part of the grade in both analyses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ComparedPart {
    /// Its code, as in the grade.
    pub part: String,
    /// Points lost before; `null` when it was not measured.
    pub base_lost: Option<f64>,
    /// Points lost now; `null` when it was not measured.
    pub head_lost: Option<f64>,
    /// What was measured before, or why it was not.
    pub base: Option<String>,
    /// What is measured now, or why it is not.
    pub head: Option<String>,
}

/// A package whose versions in use differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedDependency {
    /// The ecosystem.
    pub ecosystem: String,
    /// The package.
    pub name: String,
    /// `added`, `removed`, `raised`, `lowered` or `changed`.
    pub change: String,
    /// The versions before.
    pub base: Vec<String>,
    /// The versions now.
    pub head: Vec<String>,
    /// Whether a manifest of the repository asks for it.
    pub direct: bool,
}
