//! Credentials that are in the history, whether or not they are still in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CommitRef, Finding};

/// What the contents of the history hold. Whoever has a copy of the repository has them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PastSecrets {
    /// Commits whose contents were searched.
    pub commits: u32,
    /// Whether the history has others that were not searched.
    pub truncated: bool,
    /// How many credentials were found that no suppression covers.
    pub total: u32,
    /// Those outside tests and examples first, of these what is gone from the files, then by severity and place; at
    /// most [`PastSecrets::LISTED`].
    pub secrets: Vec<PastSecret>,
}

impl PastSecrets {
    /// Credentials that are listed.
    pub const LISTED: usize = 500;
}

/// A credential of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PastSecret {
    /// What it looks like, and the place where it came first: the line is that of the commit.
    pub finding: Finding,
    /// The commit that brought it there.
    pub commit: CommitRef,
    /// Whether it is still in some file of the analysed commit; it is then among the findings too.
    pub at_tip: bool,
    /// Files that it has been in.
    pub files: u32,
}
