//! What is known of an answer: who wrote it, and what it rests on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is known of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatAnswer {
    /// The prompt it was asked with, by name and version; `null` when no model was asked.
    pub template: Option<String>,
    /// Who wrote it; `null` while nobody does.
    pub writer: Option<ChatWriter>,
    /// Models that were asked before and did not answer, and of a partial answer how it broke off.
    pub missed: Vec<ChatMissed>,
    /// What it rests on, by number.
    pub sources: Vec<ChatSource>,
    /// Whether one of them speaks directly to the question. If not, and no model writes, nothing here may answer it.
    pub direct: bool,
    /// The numbers in it, in order, each once.
    pub citations: Vec<ChatCitation>,
    /// Names of what was found and did not fit into the prompt.
    pub left_out: Vec<String>,
    /// What was taken out of the prompt before it left.
    pub removed: Vec<ChatRemoved>,
    /// What else is to be said about it, such as why it is not whole.
    pub note: Option<String>,
    /// Milliseconds until its first word.
    pub first_word_ms: Option<u64>,
    /// Milliseconds until its end.
    pub took_ms: Option<u64>,
}

/// Who wrote an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChatWriter {
    /// A model.
    Model {
        /// Whose.
        provider: String,
        /// Which.
        model: String,
        /// Tokens of the prompt.
        input_tokens: u64,
        /// Tokens of the answer.
        output_tokens: u64,
        /// What it cost, in millionths of the currency of the prices.
        micros: u64,
        /// Whether it was given before, to the same prompt over the same code.
        kept: bool,
    },
    /// Nobody: the sources are the answer.
    Nobody {
        /// Why.
        why: ChatNoWriter,
        /// The same in words, with what to do.
        words: String,
        /// Seconds after which asking again may help, where that is known.
        retry_after: Option<u64>,
    },
}

/// Why no model writes an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatNoWriter {
    /// None is set up.
    NoModel,
    /// None answered.
    Unanswered,
    /// The budget is used up.
    OverBudget,
    /// The person wanted evidence alone.
    Evidence,
}

/// A model that gave no answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatMissed {
    /// Whose.
    pub provider: String,
    /// Which.
    pub model: String,
    /// Why, in words.
    pub why: String,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatSourceKind {
    /// Lines of a file.
    Code,
    /// Something that was learned.
    Memory,
    /// A finding.
    Finding,
    /// An insight.
    Insight,
    /// A task.
    Task,
    /// What the analysis says about the whole repository.
    Report,
    /// What the person gave.
    Snippet,
}

/// Something that an answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatSource {
    /// What citations call it, from 1.
    pub number: u32,
    /// What it is.
    pub kind: ChatSourceKind,
    /// The same for the same thing, whenever it is found: what `excluded` takes.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Why it is here, in words.
    pub why: String,
    /// Words of the question that it has.
    pub terms: Vec<String>,
    /// Who put it here.
    pub added: ChatAdded,
    /// How well it fits: 0 to 1.
    pub score: f64,
    /// About how many tokens it takes.
    pub tokens: u64,
    /// What it says.
    pub text: String,
    /// Where it is, of code and findings.
    pub place: Option<ChatPlace>,
    /// Which memory, finding, insight or task it is.
    pub id: Option<String>,
    /// Whether the caller may not see it: then name, text and id are empty.
    pub hidden: bool,
}

/// Who put something into the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatAdded {
    /// The person.
    You,
    /// It was found for the question.
    Auto,
}

/// A place in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatPlace {
    /// The repository's id.
    pub repo: String,
    /// The commit.
    pub commit: String,
    /// The file.
    pub path: String,
    /// First line, from 1; 0 is the file as a whole.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

/// A number in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatCitation {
    /// The number.
    pub number: u32,
    /// Whether there is such a source. If not, what it stands behind rests on nothing.
    pub supported: bool,
}

/// Something that was taken out of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatRemoved {
    /// `secret`, `email`, `phone`, `card` or `account`.
    pub what: String,
    /// What stands in its place.
    pub placeholder: String,
    /// How often it occurred.
    pub times: u64,
}
