//! What is said when a repository is searched.

use std::ops::RangeInclusive;

use analysis::syntax::SymbolKind;
use retrieval::passages::Weights;
use serde::{Deserialize, Serialize};

/// What is looked for in a commit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sought {
    /// The commit; `None` is the one that `HEAD` names.
    pub commit: Option<String>,
    /// The words.
    pub text: String,
    /// What they mean, as [`Vector::to_bytes`](retrieval::Vector::to_bytes) gives it; without it only words count.
    pub vector: Option<Vec<u8>>,
    /// What of.
    pub what: What,
    /// How many at most.
    pub limit: usize,
    /// How long reading what is not known yet may take; what was read until then is searched. At 0 nothing is read, and
    /// nothing kept.
    pub milliseconds: u64,
}

/// What is to be found.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Passages of files.
    Passages {
        /// What counts.
        weights: Weights,
        /// How many of one file at most.
        per_file: usize,
    },
    /// Definitions, by their names.
    Symbols,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchFound {
    /// The commit.
    pub commit: String,
    /// Files that were searched.
    pub files: u64,
    /// Passages that fit, the best first.
    pub passages: Vec<Passage>,
    /// Definitions that fit, in the same way.
    pub symbols: Vec<FoundSymbol>,
    /// What was not searched although it could be, as sentences; empty when nothing.
    pub partial: Vec<String>,
    /// Whether another search would read nothing more: what is left out then, is left out for good.
    pub whole: bool,
}

/// Some lines that fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The file.
    pub path: String,
    /// The id of its content.
    pub blob: String,
    /// Which lines, from 1, the last one included.
    pub lines: RangeInclusive<u32>,
    /// What they define, or stand in, with its type or module where there is one.
    pub symbol: Option<String>,
    /// The lines, as a page with the file's source shows them: bytes that are not UTF-8 are replaced, and what is too
    /// long is cut.
    pub text: String,
    /// How well they fit, 0 to 1.
    pub score: f64,
    /// What of that comes from meaning; the rest comes from words.
    pub from_meaning: f64,
    /// The words of the question that the lines, the names they define or the path have, as they are indexed.
    pub terms: Vec<String>,
}

/// A definition whose name fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundSymbol {
    /// Its name, with its type or module where there is one.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The file.
    pub path: String,
    /// Which lines, from 1, the last one included.
    pub lines: RangeInclusive<u32>,
}
