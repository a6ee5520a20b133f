//! What was learned, and how it is recalled.

use base::id::MemoryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Facet, Meta, Time};

/// Something that was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Memory {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: MemoryId,
    /// What kind of thing it is.
    pub kind: MemoryKind,
    /// What it says, in one line.
    pub title: String,
    /// All of it, in Markdown; may be empty.
    pub text: String,
    /// In order, in lower case.
    pub tags: Vec<String>,
    /// Who may see it.
    pub scope: MemoryScope,
    /// What it rests on.
    pub evidence: Vec<MemoryEvidence>,
    /// Whether it holds.
    pub state: MemoryState,
    /// How far it can be relied on.
    pub trust: MemoryTrust,
    /// Where it came from.
    pub origin: MemoryOrigin,
    /// The memory that took its place; `null` unless it is superseded.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub superseded_by: Option<MemoryId>,
    /// How often it served somebody.
    pub used: u64,
    /// When somebody last said that it still holds; `null`: never.
    pub confirmed_at: Option<Time>,
    /// When its time is over; `null`: never.
    pub expires_at: Option<Time>,
    /// When it was saved.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// Counts edits.
    pub version: i64,
    /// What the caller may do with it.
    pub can: MemoryCan,
}

/// What the caller may do with a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemoryCan {
    /// Change, confirm, replace or put it away.
    pub edit: bool,
    /// Delete it for good.
    pub forget: bool,
}

/// What kind of thing was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// Anything.
    Note,
    /// What was decided, and why.
    Decision,
    /// An error, and what resolved it.
    ErrorFix,
    /// What was said about something.
    Discussion,
    /// A place worth finding again.
    Bookmark,
    /// How something is done here.
    Pattern,
}

/// Who may see a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryScope {
    /// Only who saved it.
    Private,
    /// Everybody in the workspace.
    Workspace,
}

/// Whether a memory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryState {
    /// It holds.
    Active,
    /// What it rests on has changed: somebody should look.
    NeedsReview,
    /// Another one took its place.
    Superseded,
    /// Put away.
    Archived,
    /// Its time is over.
    Expired,
}

/// How far a memory can be relied on, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryTrust {
    /// Nobody has looked at it.
    Low,
    /// A person wrote it.
    Normal,
    /// A person confirmed it.
    High,
}

/// Where a memory came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryOrigin {
    /// A person wrote it.
    Person,
    /// It was read in a repository.
    Repository,
    /// A model proposed it.
    Model,
    /// It came with an import.
    Import,
}

/// Something that a memory rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemoryEvidence {
    /// What it is.
    pub kind: MemoryEvidenceKind,
    /// Which: a path with its lines, an id, a key, an address. 1 to 2,000 characters.
    pub target: String,
    /// The id of the repository it is in, where there is one.
    pub repo: Option<String>,
    /// The commit it was seen at, in hexadecimal, where there is one.
    pub commit: Option<String>,
}

/// What a piece of evidence points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemoryEvidenceKind {
    /// A file, or lines of one.
    File,
    /// A commit.
    Commit,
    /// A task.
    Task,
    /// A finding.
    Finding,
    /// Another page.
    Url,
}

/// Some memories, with what could be listed instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Memories {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows, the newest first.
    pub items: Vec<Memory>,
    /// Pass it as `cursor` to read on; `null` at the end.
    pub next: Option<String>,
    /// How many rows the whole list has.
    pub total: u64,
    /// All that the caller may see, by kind.
    pub kinds: Vec<Facet>,
    /// All that the caller may see, by state.
    pub states: Vec<Facet>,
    /// The tags that most of it has, the most used first; at most 30.
    pub tags: Vec<Facet>,
}

/// Something to remember: a title is enough.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemory {
    /// What it says, in one line of at most 300 characters.
    pub title: String,
    /// All of it, in Markdown; at most 20,000 characters.
    pub text: Option<String>,
    /// What kind of thing it is; `note` when left out.
    pub kind: Option<MemoryKind>,
    /// At most 20, each of at most 50 characters.
    pub tags: Option<Vec<String>>,
    /// Who may see it; `workspace` when left out.
    pub scope: Option<MemoryScope>,
    /// What it rests on; at most 20 pieces.
    pub evidence: Option<Vec<MemoryEvidence>>,
    /// When its time is over; never when left out.
    pub expires_at: Option<Time>,
}

/// A change of a memory: what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMemory {
    /// The version that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// A new title.
    pub title: Option<String>,
    /// A new text.
    pub text: Option<String>,
    /// What kind of thing it is.
    pub kind: Option<MemoryKind>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    /// All that it rests on.
    pub evidence: Option<Vec<MemoryEvidence>>,
    /// A new end of its time.
    pub expires_at: Option<Time>,
    /// `true` takes the end of its time away.
    pub never_expires: Option<bool>,
}

/// A memory in the place of another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersedeMemory {
    /// The version of the old one that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// What is true now. Who may see it is what it was.
    pub memory: NewMemory,
}

/// Another memory that belongs to this one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelateMemory {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub to: MemoryId,
}

/// What to recall, and how much of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// A question, an error text, code. What counts are its first 8,000 characters.
    pub text: String,
    /// Only of these kinds.
    pub kinds: Option<Vec<MemoryKind>>,
    /// Only with all of these tags.
    pub tags: Option<Vec<String>>,
    /// How many memories at most: 1 to 50, by default 8.
    pub memories: Option<u16>,
    /// How many characters at most, 100 to 100,000, by default 12,000; the first memory always fits.
    pub characters: Option<u32>,
}

/// What was recalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recalled {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The best first.
    pub items: Vec<RecalledMemory>,
}

/// A memory that was recalled, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecalledMemory {
    /// The memory.
    pub memory: Memory,
    /// The sum of the parts in `why`.
    pub score: f64,
    /// What the score is made of.
    pub why: RecallReasons,
    /// Others that say the same, left out.
    #[schema(value_type = Vec<String>)]
    pub same: Vec<MemoryId>,
}

/// Why a memory was recalled: the parts of its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecallReasons {
    /// What being alike in meaning gives.
    pub meaning: f64,
    /// What having words of the question gives.
    pub words: f64,
    /// The words of the question that it has, as they are indexed.
    pub terms: Vec<String>,
    /// What memories that it is linked to give.
    pub neighbours: f64,
    /// What having been changed or confirmed lately gives.
    pub recency: f64,
    /// What trust gives, or its lack takes.
    pub trust: f64,
}
