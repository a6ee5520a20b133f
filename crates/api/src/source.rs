//! Places in the analysed commit, and the lines found there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place in the analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// Path from the repository's root.
    pub path: String,
    /// First line, from 1; 0 means the file as a whole.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

/// Lines of a file of the analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceLines {
    /// The file.
    pub path: String,
    /// The commit.
    pub commit: String,
    /// Number of the first line given; 0 when there is none.
    pub start: u32,
    /// Number of the last line given.
    pub end: u32,
    /// Lines of the whole file.
    pub total_lines: u32,
    /// The lines.
    pub lines: Vec<SourceLine>,
    /// Whether lines or parts of lines were left out because of the bounds of one answer.
    pub truncated: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceLine {
    /// Its number, from 1.
    pub number: u32,
    /// Its text without the line end; show it as text, never as markup.
    pub text: String,
}
