//! What the history says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the history says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// Commits that were read.
    pub commits: u32,
    /// Whether older commits exist that are not here or were not read.
    pub truncated: bool,
    /// Time of the oldest commit read.
    pub first: Option<i64>,
    /// Days back from the analysed commit that count for churn.
    pub window_days: u32,
    /// Commits in the window that count: no merges, bots or pure formatting.
    pub window_commits: u32,
    /// Commits in the window left out, and why.
    pub left_out: LeftOut,
    /// People with a commit in the window.
    pub contributors: u32,
    /// Commits that count for each of the last twelve months, the oldest first.
    pub monthly: Vec<u32>,
    /// Commits that count and say that they fix something.
    #[serde(default)]
    pub fixes: u32,
    /// Changes that the commits that count made to source files, tests left out: a commit that changed three files made
    /// three.
    #[serde(default)]
    pub source_changes: u32,
    /// Of them, those by commits that say that they fix something.
    #[serde(default)]
    pub source_fixes: u32,
    /// Commits that count and take back an earlier one.
    #[serde(default)]
    pub reverts: u32,
    /// Source files that no commit that counts changed in the window.
    #[serde(default)]
    pub unchanged_files: u32,
    /// Smallest number of people who together made more than half of the changes in the window, newer ones counting
    /// more; `None` where there were none.
    #[serde(default)]
    pub absence_factor: Option<u32>,
    /// How the changes of each folder are spread over people, those with the most commits first; at most
    /// [`Ownership::LISTED`].
    #[serde(default)]
    pub ownership: Vec<Ownership>,
    /// Who made most of these changes, those with the most first; at most [`Contributor::LISTED`]. [`Share::person`]
    /// names one by position.
    #[serde(default)]
    pub people: Vec<Contributor>,
    /// Why no file is ranked as a hotspot, as a sentence with its numbers; `None` where there are hotspots.
    #[serde(default)]
    pub unranked: Option<String>,
    /// The hotspots of shorter windows, the shortest first: a quarter and a half of [`Self::window_days`].
    #[serde(default)]
    pub windows: Vec<HotspotWindow>,
}

impl History {
    /// The window for people: "the 365 days before the newest commit". It never reaches to the day of the reader.
    pub fn window_text(&self) -> String {
        days_text(self.window_days)
    }
}

/// [`History::window_text`] of any window.
pub(crate) fn days_text(days: u32) -> String {
    format!("the {days} days before the newest commit")
}

/// The hotspots of one window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HotspotWindow {
    /// Days back from the analysed commit that count.
    pub days: u32,
    /// Commits in them that count.
    pub commits: u32,
    /// Why no file is ranked, as a sentence with its numbers; `None` where there are hotspots.
    pub unranked: Option<String>,
    /// The files, the worst first. Their lines are not followed back: functions and corrections are told of the whole
    /// window alone.
    pub hotspots: Vec<Hotspot>,
}

/// Commits that do not count as work on a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Merges.
    pub merges: u32,
    /// Written by bots.
    pub bots: u32,
    /// Touching so many files that they are formatting, renames or imports of other code.
    pub sweeping: u32,
    /// The same change once more, carried over to another branch.
    #[serde(default)]
    pub copies: u32,
}

/// How the changes of one folder's source files, tests left out, are spread over people in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Share of the changes by the person with the most, in percent; a change counts half after 180 days.
    pub main_share: u32,
    /// Smallest number of people who together made more than half of the changes.
    pub absence_factor: u32,
    /// Time of the newest commit that changed it.
    pub last_change: i64,
    /// The largest shares, the largest first; at most [`Share::LISTED`].
    #[serde(default)]
    pub shares: Vec<Share>,
}

impl Ownership {
    /// How many folders a report lists.
    pub const LISTED: usize = 50;
}

/// What one person changed of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// Index of the person in [`History::people`].
    pub person: u32,
    /// Share of the changes in percent; a change counts half after 180 days.
    pub percent: u32,
    /// Time of their newest commit that changed it.
    pub last_change: i64,
}

impl Share {
    /// How many shares of a folder a report lists.
    pub const LISTED: usize = 5;
}

/// A person by the name that their commits state, after the mailmap. Addresses are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contributor {
    /// The name; text of the repository.
    pub name: String,
    /// Commits in the window that count.
    pub commits: u32,
    /// Share of all changes to source files in the window, tests left out, in percent; weighed as in [`Share`].
    pub percent: u32,
}

impl Contributor {
    /// How many people a report names.
    pub const LISTED: usize = 100;
}

/// A file that changes often and is hard to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hotspot {
    /// The file.
    pub path: String,
    /// Commits in the window.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
    /// Of these fixes, those of the last quarter of a year.
    #[serde(default)]
    pub recent_fixes: u32,
    /// Lines added and removed in the window.
    pub changed_lines: u32,
    /// People who changed it in the window.
    pub authors: u32,
    /// Its cognitive complexity.
    pub complexity: u32,
    /// Lines of code.
    pub code: u32,
    /// Churn times complexity, each as a rank between 0 and 1; 0 to 100.
    pub score: u32,
    /// Files that change together with it; at most three.
    pub coupled: Vec<Coupling>,
    /// Of the commits, how many changed a test, an example or a fixture as well.
    #[serde(default)]
    pub with_tests: u32,
    /// Of the commits, how many could be followed line by line: a merge of two lines of work on the file ends it.
    #[serde(default)]
    pub followed: u32,
    /// Its functions whose own lines most of the followed commits changed, those first; at most
    /// [`Hotspot::FUNCTIONS_LISTED`].
    #[serde(default)]
    pub functions: Vec<FunctionHistory>,
    /// Lines of the window that a later fix of the window replaced, the newest fix first; at most
    /// [`Hotspot::CORRECTIONS_LISTED`].
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

impl Hotspot {
    /// How many functions a hotspot lists.
    pub const FUNCTIONS_LISTED: usize = 5;

    /// How many corrections a hotspot lists.
    pub const CORRECTIONS_LISTED: usize = 5;
}

/// How often the lines of one function changed in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionHistory {
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
    /// The newest of these fixes; at most three.
    pub mended: Vec<CommitRef>,
}

/// Lines that one commit wrote and a later one, which says that it fixes something, replaced. What a fix replaces need
/// not be what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitRef {
    /// Object id, in hexadecimal.
    pub id: String,
    /// First line of its message.
    pub subject: String,
    /// Committer time, seconds since the epoch.
    pub time: i64,
}

/// Files that change together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coupling {
    /// The other file.
    pub path: String,
    /// Commits that changed both.
    pub together: u32,
    /// Commits that changed the first.
    pub of: u32,
}
