//! Code that stands in several places.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// Code that stands in several places. Lines here are lines with code in them other than imports; both the original
/// and its copies are counted; those whose names differ are listed as groups, but not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Duplication {
    /// Lines compared, outside tests and examples.
    pub lines: u32,
    /// Of them, how many are in a duplicate.
    pub duplicated: u32,
    /// Lines of tests and examples compared.
    pub test_lines: u32,
    /// Of them, how many are in a duplicate.
    pub test_duplicated: u32,
    /// Files that had no room in the comparison.
    pub files_left_out: u32,
    /// Groups of equal places in all.
    pub groups_total: u32,
    /// The groups: those of tests last, then those that would save the most lines first; at most
    /// [`Duplication::GROUPS_LISTED`].
    pub groups: Vec<CloneGroup>,
    /// Files outside tests with the most duplicated lines first; at most [`Duplication::FILES_LISTED`].
    pub files: Vec<FileDuplication>,
}

impl Duplication {
    /// How many groups a report lists.
    pub const GROUPS_LISTED: usize = 200;

    /// How many files a report lists.
    pub const FILES_LISTED: usize = 200;

    /// Duplicated lines outside tests, in percent, to one decimal; `None` where no line was compared.
    pub fn percent(&self) -> Option<f64> {
        (self.lines > 0)
            .then(|| (f64::from(self.duplicated) * 1_000.0 / f64::from(self.lines)).round() / 10.0)
    }
}

/// Places with the same code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloneGroup {
    /// Identifies the group across analyses as long as its code keeps its shape and its files their names.
    /// Hexadecimal, 32 digits.
    pub fingerprint: String,
    /// Lines with code in the first place.
    pub lines: u32,
    /// Tokens in the first place.
    pub tokens: u32,
    /// Whether the places are equal but for layout and comments; else names and literals differ.
    pub exact: bool,
    /// Whether the places are in tests, examples or fixtures.
    pub in_test: bool,
    /// How many places there are.
    pub places_total: u32,
    /// The places, by path and line; at most [`CloneGroup::PLACES_LISTED`].
    pub places: Vec<Span>,
    /// Commits of the window that changed lines of two listed places or more, as far as they could be followed.
    #[serde(default)]
    pub changed_together: u32,
}

impl CloneGroup {
    /// How many places a group lists.
    pub const PLACES_LISTED: usize = 20;

    /// Lines that would go if the code stood in one place only.
    pub fn saved(&self) -> u32 {
        self.lines.saturating_mul(self.places_total.saturating_sub(1))
    }
}

/// How much of a file is duplicated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileDuplication {
    /// The file.
    pub path: String,
    /// Lines compared.
    pub lines: u32,
    /// Of them, how many are in a duplicate.
    pub duplicated: u32,
}
