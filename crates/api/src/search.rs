//! What is found in the code of a repository.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::SourceDefinitionKind;

/// What fits a question in the files of an analysed commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CodeFound {
    /// The commit.
    pub commit: String,
    /// Files that were searched: those of people's own making that are text.
    pub files: u64,
    /// Lines that fit, the best first; empty where definitions were looked for.
    pub passages: Vec<CodePassage>,
    /// Definitions whose name fits, the best first; empty where passages were looked for.
    pub symbols: Vec<CodeSymbol>,
}

/// Some lines that fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CodePassage {
    /// Path from the repository's root.
    pub path: String,
    /// The id of the file's content: while it is the same, so are the lines.
    pub blob: String,
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// What the lines define or stand in, with its type or module; `null` where that is not known.
    pub symbol: Option<String>,
    /// The lines; show them as text, never as markup. What is too long is cut.
    pub text: String,
    /// How well they fit, 0 to 1.
    pub score: f64,
    /// What of the score comes from meaning; the rest comes from words.
    pub from_meaning: f64,
    /// The words of the question that the lines, the names they define or their path have, as beginnings of words.
    pub terms: Vec<String>,
}

/// A definition whose name fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeSymbol {
    /// Its name, with its type or module where there is one.
    pub name: String,
    /// What it is.
    pub kind: SourceDefinitionKind,
    /// Path from the repository's root.
    pub path: String,
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}
