//! Files that change often and are hard to change.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Contributor, Meta, Ownership, Span, Time};

/// The hotspots of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hotspots {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows, the worst first.
    pub items: Vec<Hotspot>,
    /// Why there are none, as a sentence with its numbers; `null` where there are.
    pub unranked: Option<String>,
    /// Days back from the analysed commit that count.
    pub window_days: u32,
    /// The windows that can be asked for, in days, the shortest first. `ownership` and the functions and corrections of
    /// a hotspot are told of the longest alone.
    pub windows: Vec<u32>,
    /// Commits in that window that count: no merges, bots or sweeping changes.
    pub window_commits: u32,
    /// How the score comes about, in one sentence.
    pub formula: String,
    /// How the changes of each folder in the longest window are spread over people, those with the most commits first.
    pub ownership: Vec<Ownership>,
    /// The people whom `ownership` names by position, those who changed most first.
    pub people: Vec<Contributor>,
    /// Whether they have the names that their commits state; else the workspace wants letters instead.
    pub named: bool,
    /// Code outside tests that stands in several places, what would save the most lines first; at most 50 groups.
    pub duplicates: Vec<Duplicate>,
    /// How many such groups there are.
    pub duplicates_total: u32,
    /// Lines of code outside tests that were compared with each other.
    pub compared_lines: u32,
    /// Of them, how many are equal to others; those whose names differ do not count.
    pub duplicated_lines: u32,
    /// The same in tests, examples and fixtures, which no grade counts; at most 50 groups.
    pub test_duplicates: Vec<Duplicate>,
    /// How many such groups there are.
    pub test_duplicates_total: u32,
    /// Lines of code in tests that were compared with each other.
    pub test_compared_lines: u32,
    /// Of them, how many are equal to others.
    pub test_duplicated_lines: u32,
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
    /// Of these fixes, those of the last 91 days.
    pub recent_fixes: u32,
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
    /// Of the commits, how many changed a test, an example or a fixture as well.
    pub with_tests: u32,
    /// Of the commits, how many could be followed line by line.
    pub followed: u32,
    /// Its functions whose own lines most of the followed commits changed, those first.
    pub functions: Vec<ChangedFunction>,
    /// Lines of the window that a later fix of the window replaced, the newest fix first.
    pub corrections: Vec<Correction>,
}

/// How often the lines of a function changed in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangedFunction {
    /// The function, with what it belongs to.
    pub name: String,
    /// First line.
    pub start: u32,
    /// Last line.
    pub end: u32,
    /// Its cognitive complexity.
    pub cognitive: u32,
    /// Commits that changed its lines.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
}

/// Lines that one commit wrote and a later fix replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// The commit that wrote the lines.
    pub introduced: CommitRef,
    /// The commit that replaced them.
    pub fixed: CommitRef,
    /// How many lines.
    pub lines: u32,
    /// Days between the two.
    pub days: u32,
}

/// A commit by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitRef {
    /// Object id, in hexadecimal.
    pub id: String,
    /// First line of its message.
    pub subject: String,
    /// Committer time.
    pub time: Time,
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
