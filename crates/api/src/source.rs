//! Places in an analysed commit, and the folders, files and lines found there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

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

/// What is in one folder of an analysed commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceFolder {
    /// The folder; empty for the root.
    pub path: String,
    /// The commit.
    pub commit: String,
    /// Folders first, then by name.
    pub entries: Vec<SourceEntry>,
    /// Whether there are more than one answer takes.
    pub truncated: bool,
}

/// One of the things in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceEntry {
    /// Its name.
    pub name: String,
    /// Path from the repository's root.
    pub path: String,
    /// What it is.
    pub kind: SourceEntryKind,
    /// Size of a file in bytes; `null` for others.
    pub bytes: Option<u64>,
}

/// Kinds of things in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceEntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A link; links are not followed.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// A file of an analysed commit, with some of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceLines {
    /// The file.
    pub path: String,
    /// The commit.
    pub commit: String,
    /// What the file is; only text has lines.
    pub form: SourceForm,
    /// Where a link leads, or the commit of a submodule; `null` for others.
    pub target: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// Language, as GitHub Linguist spells it; `null` where it is not known.
    pub language: Option<String>,
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
    /// What the whole file defines, in the order of the text; empty where its syntax is not understood.
    pub definitions: Vec<SourceDefinition>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceForm {
    /// Text.
    Text,
    /// Something else.
    Binary,
    /// Larger than what is read.
    TooLarge,
    /// A pointer to content that Git LFS keeps elsewhere.
    LfsPointer,
    /// A link; links are not followed.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceLine {
    /// Its number, from 1.
    pub number: u32,
    /// Its text without the line end; show it as text, never as markup.
    pub text: String,
    /// Whether it is longer than one answer takes.
    pub cut: bool,
    /// The parts that are more than plain text, in order: three numbers each, for where it begins and how long it is
    /// (in UTF-16 units), and what it is: 1 comment, 2 string, 3 number, 4 keyword, 5 type, 6 function, 7 constant,
    /// 8 property, 9 attribute.
    pub tokens: Vec<u32>,
}

/// Something that a file defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceDefinition {
    /// Its name, with its type or module where there is one.
    pub name: String,
    /// What it is.
    pub kind: SourceDefinitionKind,
    /// First line.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Cognitive complexity (Campbell 2018) of a function; `null` for others.
    pub cognitive: Option<u32>,
}

/// Kinds of definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceDefinitionKind {
    /// A function or method.
    Function,
    /// A class, struct, enum, interface, trait or alias.
    Type,
    /// A constant or variable.
    Value,
    /// A module or namespace.
    Module,
}

/// Where the lines of a file come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blame {
    /// The file.
    pub path: String,
    /// The commit it is read at.
    pub commit: String,
    /// What the file is; only text has lines.
    pub form: SourceForm,
    /// Whether the workspace names people; letters stand for them otherwise.
    pub named: bool,
    /// All its lines, in order.
    pub runs: Vec<BlameRun>,
    /// The commits, in the order in which their first line stands.
    pub commits: Vec<BlameCommit>,
}

/// A commit and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitChanges {
    /// Object id, in hexadecimal.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// Whether the workspace names people; letters stand for them otherwise.
    pub named: bool,
    /// When it was written.
    pub authored: Time,
    /// When it was committed.
    pub committed: Time,
    /// First line of its message; credentials are masked.
    pub subject: String,
    /// The commits it follows: none for the first, several for a merge.
    pub parents: Vec<String>,
    /// The files that differ from the first of these, by path; at most 300.
    pub files: Vec<ChangedFile>,
    /// How many differ.
    pub files_total: u32,
    /// Whether still more do, which were not counted.
    pub more: bool,
    /// Whether what came before it is not here, so that all its files seem new.
    pub edge: bool,
}

/// A file that a commit changed. One that was renamed is one that is gone and one that is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangedFile {
    /// Its path.
    pub path: String,
    /// What became of it.
    pub fate: ChangedFileFate,
    /// Lines that are new; 0 where lines were not compared: the file is binary, too large, or one of too many.
    pub added: u32,
    /// Lines that are gone, in the same way.
    pub removed: u32,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedFileFate {
    /// It was not there before.
    Added,
    /// It has another content.
    Changed,
    /// It is not there any more.
    Removed,
}

/// Lines that follow each other and come from one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlameRun {
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Index into `commits`; `null` where it is not known.
    pub commit: Option<u32>,
}

/// A commit that lines come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlameCommit {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// When it was written.
    pub authored: Time,
    /// First line of its message; credentials are masked.
    pub subject: String,
    /// Whether what came before it is not here, so that its lines may be older.
    pub edge: bool,
}
