//! Credentials that are in the history, whether or not a file still has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CommitRef, RuleInfo, Severity};

/// What the search of the history found. Whoever has a copy of the repository has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastSecrets {
    /// Whether the history was searched at all. Where it was not, nothing is known: the rest is empty.
    pub searched: bool,
    /// Commits whose contents were searched.
    pub commits: u32,
    /// Whether there are others that were not.
    pub truncated: bool,
    /// How many credentials were found that the repository does not suppress.
    pub total: u32,
    /// Those outside tests first, of these what is gone from the files, then the most severe; at most 500.
    pub items: Vec<PastSecret>,
    /// The rules of these rows, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// What could not be searched, one sentence each.
    pub gaps: Vec<String>,
}

/// A credential of the history. It is never quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastSecret {
    /// Identifies it inside the report.
    pub id: String,
    /// The rule that gave it: key into `rules`.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// What it looks like, in one sentence.
    pub message: String,
    /// The file that had it first.
    pub path: String,
    /// The line, in that commit; 0 where none is known.
    pub line: u32,
    /// Whether that file is a test, an example or a fixture.
    pub in_test: bool,
    /// The commit that brought it.
    pub commit: CommitRef,
    /// Whether a file of the analysed commit still has it.
    pub at_tip: bool,
    /// Files that it has been in.
    pub files: u32,
}
