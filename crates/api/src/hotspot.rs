//! Files that change often and are hard to change.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Meta;

/// The hotspots of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hotspots {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows, the worst first.
    pub items: Vec<Hotspot>,
    /// Days back from the analysed commit that count.
    pub window_days: u32,
    /// Commits in that window that count: no merges, bots or sweeping changes.
    pub window_commits: u32,
    /// How the score comes about, in one sentence.
    pub formula: String,
}

/// A file that changes often and is hard to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hotspot {
    /// The file.
    pub path: String,
    /// Commits in the window.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
    /// Lines added and removed in the window.
    pub changed_lines: u32,
    /// People who changed it in the window.
    pub authors: u32,
    /// Its cognitive complexity.
    pub complexity: u32,
    /// Lines of code.
    pub code: u32,
    /// 0 to 100.
    pub score: u32,
    /// Files that change together with it; at most three.
    pub coupled: Vec<Coupling>,
}

/// Files that change together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Coupling {
    /// The other file.
    pub path: String,
    /// Commits that changed both.
    pub together: u32,
    /// Commits that changed the first.
    pub of: u32,
}
