//! What a repository says about its own findings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Severity, Span};

/// A finding that the repository itself says is not to be acted on. It is in no count, and never hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suppressed {
    /// What the rule asks for, in short.
    pub title: String,
    /// What was found, in one sentence.
    pub message: String,
    /// How bad it would be.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// `false_positive`, `accepted_risk`, `not_used`, or `in_source` where a mark beside the code says so.
    pub kind: String,
    /// The reason, as the repository states it.
    pub reason: String,
    /// Where it does.
    pub by: Span,
}

/// The gate that a repository sets for its own pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gate {
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Where the repository says so.
    pub by: Span,
}
