//! What the syntax of one file says: functions and their complexity, imports, definitions, and the sightings of
//! the code rules.
//!
//! A file is parsed once and walked once. The result depends on the path, the bytes and [`VERSION`] alone, so it
//! can be kept for as long as the blob.
//!
//! Reading order: [`FileSyntax`] (what is known), `parse` (limits), `walk` (the one walk), `language` (what a
//! language is made of) and `languages`, `flow` (what names are given), `follow` (names followed to values), `rules`
//! and `matching`.

mod colours;
mod embedded;
mod flow;
mod follow;
mod language;
mod languages;
mod matching;
mod names;
mod parse;
mod rules;
mod sightings;
mod sources;
#[cfg(test)]
mod tests;
mod value;
mod walk;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use colours::{Colour, ColourKind, colours};
pub use parse::{MAX_BRACKETS, MAX_BYTES, MAX_INDENT, MAX_NODES, MAX_TREE_DEPTH};
pub(crate) use rules::files as rule_files;

use crate::duplication::Tokens;
use crate::finding::{Accepted, RawFinding};
use crate::later::Later;
use crate::report::{FunctionSummary, RuleInfo, SkipReason};
use crate::source::SourceFile;

/// Rises whenever the same bytes could give another [`FileSyntax`]: part of the key under which one is kept.
pub const VERSION: u32 = 1;

/// Everything known about one file's syntax. What few ask for is kept apart from the rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileSyntax {
    /// Functions and methods with a body, in the order of the text.
    #[serde(skip)]
    pub functions: Later<Vec<FunctionSummary>>,
    /// What the file imports, in the order of the text.
    #[serde(skip)]
    pub imports: Later<Vec<Import>>,
    /// Definitions at the top level of the file, in the order of the text.
    #[serde(skip)]
    pub symbols: Later<Vec<Symbol>>,
    /// Names of those that exist for the type checker alone and that others may import (TypeScript), in order.
    pub types: Vec<String>,
    /// What the code rules saw.
    pub findings: Vec<RawFinding>,
    /// What they saw where the code itself says, by a mark for another checker, to leave it alone.
    pub accepted: Vec<Accepted>,
    /// The package or namespace the file says it belongs to (Go, Java, Kotlin, C#, PHP).
    pub package: Option<String>,
    /// Full names of what the file defines, segments joined by dots (Java, Kotlin, C#, PHP), in order.
    #[serde(skip)]
    pub defines: Later<Vec<String>>,
    /// Names the file uses and does not define itself, as written (Java, Kotlin, C#, PHP), in order.
    #[serde(skip)]
    pub uses: Later<Vec<String>>,
    /// How much of what others may use is documented.
    pub docs: DocCount,
    /// Test functions that stand beside what they test (Rust).
    pub tests: u32,
    /// Its tokens, for the search for duplicates.
    #[serde(skip)]
    pub tokens: Tokens,
    /// Share of the bytes the parser could not make sense of, 0 to 1.
    pub error_share: f64,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What is imported, as the language writes it: `./a`, `pkg.mod`, `crate::a::b`, `example.com/m/p`.
    pub specifier: String,
    /// Names taken from it: for Python what follows `import`, for Go what the file selects from the package; for
    /// JavaScript those in braces, where nothing else is taken.
    pub names: Vec<String>,
    /// The inline module it stands in (Rust), segments joined by `::`; empty elsewhere.
    pub within: String,
    /// Line, from 1.
    pub line: u32,
    /// How it is imported.
    pub kind: ImportKind,
}

/// How something is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// When the file is loaded.
    Static,
    /// Passed on to the importers of this file.
    Reexport,
    /// While the program runs: inside a function, `import()`.
    Deferred,
    /// For the type checker alone.
    Types,
    /// A declaration that another file is part of this one (`mod name;`).
    Module,
}

/// A definition at the top level of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Whether other files can use it.
    pub public: bool,
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

/// Kinds of definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SymbolKind {
    /// A function.
    Function,
    /// A class, struct, enum, interface, trait or alias.
    Type,
    /// A constant or variable.
    Value,
    /// A module or namespace.
    Module,
}

/// Documentation of what others may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocCount {
    /// Public definitions at the top level: functions and types.
    pub public: u32,
    /// How many of them have a documentation comment or docstring.
    pub documented: u32,
}

/// Whether the syntax of a language, as Linguist spells it, is understood.
pub fn supports(language: &str) -> bool {
    language::language(language).is_some()
        || embedded::HOSTS.contains(&language)
        || language == embedded::PAGES
}

/// The languages whose syntax is understood, as Linguist spells them.
pub fn supported() -> Vec<&'static str> {
    language::languages()
        .iter()
        .map(|language| language.name)
        .chain(embedded::HOSTS)
        .chain([embedded::PAGES])
        .collect()
}

/// Reads the syntax of one file.
///
/// A language that [`supports`] denies gives an empty result. An error says why the syntax of this file was not
/// looked at; nothing of it is known then.
pub fn examine(file: &SourceFile<'_>, language: &str) -> Result<FileSyntax, SkipReason> {
    // Bytes that are not UTF-8 are replaced first, so that the tree and the text agree on every position.
    let text = String::from_utf8_lossy(file.bytes);
    let (text, language) = match embedded::scripts(&text, language) {
        Some((scripts, inner)) => (Cow::Owned(scripts), inner),
        None if language == embedded::PAGES => (Cow::Owned(embedded::statements(&text)), "Java"),
        None => (text, language),
    };
    let Some(language) = language::language(language) else { return Ok(FileSyntax::default()) };
    let tree = parse::parse(&language.grammar, text.as_bytes())?;
    walk::walk(&tree, (file.path, &text), language)
}

/// The rules that [`FileSyntax::findings`] refer to, by id.
pub fn rules() -> BTreeMap<String, RuleInfo> {
    rules::infos()
}
