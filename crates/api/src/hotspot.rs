//! Files that change often and are hard to change.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, Span};

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
    /// How the changes of each folder in that window are spread over people, those with the most commits first; nobody
    /// is named.
    pub ownership: Vec<Ownership>,
    /// Code outside tests that stands in several places, what would save the most lines first; at most 50 groups.
    pub duplicates: Vec<Duplicate>,
    /// How many such groups there are.
    pub duplicates_total: u32,
    /// Lines of code outside tests that were compared with each other.
    pub compared_lines: u32,
    /// Of them, how many are equal to others; those whose names differ do not count.
    pub duplicated_lines: u32,
}

/// How the changes of one folder are spread over people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ownership {
    /// The folder, without those below it; empty for the root.
    pub folder: String,
    /// Lines of code in it.
    pub code: u32,
    /// Commits that changed it.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
    /// People who changed it.
    pub people: u32,
    /// Share of the changes by the person with the most, in percent.
    pub main_share: u32,
    /// Smallest number of people who together made more than half of the changes.
    pub absence_factor: u32,
}

/// Places with the same code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Duplicate {
    /// Lines of code in one place.
    pub lines: u32,
    /// Whether the places are equal but for layout and comments; else names and values differ.
    pub exact: bool,
    /// How many places there are.
    pub places_total: u32,
    /// The places; at most 20.
    pub places: Vec<Span>,
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
