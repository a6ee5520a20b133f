//! Code that stands in several places.
//!
//! Tokens are compared, not text: layout and comments do not matter. Two fragments are duplicates when they are
//! equal token by token (type 1), at least [`MIN_TOKENS`] tokens and [`MIN_LINES`] lines long, as PMD's CPD and jscpd
//! define it; or when one is the other with its names consistently renamed and its literals changed (type 2;
//! parameterised matching, Baker 1995), from [`MIN_RENAMED_TOKENS`] and [`MIN_RENAMED_LINES`] on: short code that
//! only has the same shape is idiom. Both are listed; only what is equal counts as duplicated lines, as it does in the
//! quality models that the threshold of the grade comes from.
//!
//! Candidates come from winnowing (Schleimer, Wilkerson and Aiken 2003): of the hashes of all runs of [`RUN`] shapes
//! one in about ten is kept, chosen so that every common stretch of [`MIN_TOKENS`] tokens shares one. Memory for them
//! is bounded by [`MAX_SEEDS`]; files beyond it are counted, not looked at.
//!
//! Not reported: rows of one pattern (tables, lists of constants), what is mostly heads of functions and ways out, code
//! that only overlaps itself, imports, vendored and generated files. Tests are compared with tests and apart from the
//! rest.
//!
//! What two files have in common depends on the tokens of both and on where they share seeds, and is kept under these:
//! see [`Compared`].
//!
//! Reading order: [`Tokens`], `seeds`, `pairs` (a seed grown to a whole fragment), `groups`.

mod compared;
mod edges;
mod groups;
mod pairs;
mod seeds;
#[cfg(test)]
mod tests;
mod tokens;
mod weight;

pub use compared::Compared;
pub use tokens::Tokens;

use serde::{Deserialize, Serialize};

use crate::report::{CloneGroup, Duplication, FileDuplication};

/// Shortest duplicate, in tokens.
pub const MIN_TOKENS: usize = 50;

/// Shortest duplicate, in lines.
pub const MIN_LINES: u32 = 6;

/// Shortest duplicate whose names differ, in tokens.
pub const MIN_RENAMED_TOKENS: usize = 100;

/// Shortest duplicate whose names differ, in lines.
pub const MIN_RENAMED_LINES: u32 = 10;

/// Tokens of a run whose hash stands for it.
const RUN: usize = 28;

/// Kept hashes, at most: 16 bytes each.
const MAX_SEEDS: usize = 8_000_000;

/// A file to compare.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// Whether it is a test, an example or a fixture.
    pub test: bool,
    /// Its tokens.
    pub tokens: &'a Tokens,
}

/// A stretch of one file, in tokens, with what is told of it: the tokens need not be at hand then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Fragment {
    file: u32,
    start: u32,
    end: u32,
    /// Where its lines are among those with tokens, from the first to behind the last.
    lines: (u32, u32),
    /// Numbers of its first and its last line.
    span: (u32, u32),
    /// The same for equal shapes.
    shapes: u64,
}

impl Fragment {
    fn new(file: u32, tokens: &Tokens, (start, end): (usize, usize)) -> Self {
        let (first, last) = (tokens.line_index(start), tokens.line_index(end.saturating_sub(1)));
        let number = |index: usize| tokens.lines().get(index).map_or(0, |(number, _)| *number);
        Self {
            file,
            start: count(start),
            end: count(end),
            lines: (count(first), count(last + 1)),
            span: (number(first), number(last)),
            shapes: tokens.look((start, end)),
        }
    }

    /// Lines with code.
    fn height(&self) -> u32 {
        self.lines.1 - self.lines.0
    }
}

/// Two fragments with the same code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Pair {
    one: Fragment,
    other: Fragment,
    exact: bool,
}

/// What was found among tests, or among all other files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    lines: u32,
    duplicated: u32,
    left_out: u32,
    groups_total: u32,
    /// Those that a report may list.
    groups: Vec<CloneGroup>,
    files: Vec<FileDuplication>,
}

/// Finds the duplicates among files that are all tests, or all none, and come by path. It depends on their paths, on
/// their tokens, and on what they are, and on nothing else.
pub fn among(files: &[File<'_>], known: &mut Compared<'_>) -> Found {
    let test = files.first().is_some_and(|file| file.test);
    let seeds = seeds::of(files);
    let pairs = pairs::of(files, &seeds.list, known);
    let covered = groups::covered(&pairs);
    let mut groups = groups::of(files, &pairs, test);
    groups.sort_by(groups::in_order);
    let groups_total = count(groups.len());
    groups.truncate(Duplication::GROUPS_LISTED);
    Found {
        lines: files.iter().map(|file| file.tokens.line_count()).sum(),
        duplicated: covered.iter().map(|(_, lines)| *lines).sum(),
        left_out: seeds.left_out,
        groups_total,
        groups,
        files: shares(files, &covered),
    }
}

/// What was found among tests and among the others, as a report has it.
pub fn together(others: Found, tests: Found) -> Duplication {
    let mut groups = others.groups;
    groups.extend(tests.groups);
    groups.sort_by(groups::in_order);
    groups.truncate(Duplication::GROUPS_LISTED);
    Duplication {
        lines: others.lines,
        duplicated: others.duplicated,
        test_lines: tests.lines,
        test_duplicated: tests.duplicated,
        files_left_out: others.left_out + tests.left_out,
        groups_total: others.groups_total + tests.groups_total,
        groups,
        files: others.files,
    }
}

/// The files with duplicated lines, those with the most first.
fn shares(files: &[File<'_>], covered: &[(usize, u32)]) -> Vec<FileDuplication> {
    let share = |(index, duplicated): &(usize, u32)| {
        let file = files.get(*index)?;
        let lines = file.tokens.line_count();
        Some(FileDuplication { path: file.path.to_owned(), lines, duplicated: *duplicated })
    };
    let mut found: Vec<FileDuplication> = covered.iter().filter_map(share).collect();
    found.sort_by(|a, b| b.duplicated.cmp(&a.duplicated).then_with(|| a.path.cmp(&b.path)));
    found.truncate(Duplication::FILES_LISTED);
    found
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
