//! Conversations with the mentor.

use base::id::{MessageId, RepoId, ThreadId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, Problem, Time};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatThread {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: ThreadId,
    /// One line; empty until something is asked.
    pub title: String,
    /// The repository that it is about; `null`: about none.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub repo: Option<RepoId>,
    /// Whether it comes first.
    pub pinned: bool,
    /// Whether it was put away.
    pub archived: bool,
    /// Whether everybody in the workspace may read it.
    pub shared: bool,
    /// Who began it.
    #[schema(value_type = String, format = "uuid")]
    pub author: UserId,
    /// When it was begun.
    pub created_at: Time,
    /// When something was last said or changed.
    pub updated_at: Time,
    /// Counts changes of what stands here; what is said does not count.
    pub version: i64,
    /// What the caller may do with it.
    pub can: ChatThreadCan,
}

/// What the caller may do with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatThreadCan {
    /// Go on with it: ask, ask again, rate.
    pub ask: bool,
    /// Rename, pin, put away and share it.
    pub edit: bool,
    /// Delete it with all that was said.
    pub delete: bool,
}

/// A conversation with all that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatThreadDetail {
    /// The conversation.
    pub thread: ChatThread,
    /// What was said, in order, without what was replaced.
    pub messages: Vec<ChatMessage>,
}

/// Begins a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChatThread {
    /// One line of at most 200 characters; without it, the first question gives it.
    pub title: Option<String>,
    /// The repository that it is about.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub repo: Option<RepoId>,
}

/// Changes a conversation: what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateChatThread {
    /// The version that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// One line of at most 200 characters.
    pub title: Option<String>,
    /// Whether it comes first.
    pub pinned: Option<bool>,
    /// Whether it is put away.
    pub archived: Option<bool>,
    /// Whether everybody in the workspace may read it.
    pub shared: Option<bool>,
    /// Whether to share it although answers rest on memories that are the author's alone, and may repeat them.
    pub with_private: Option<bool>,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatMessage {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: MessageId,
    /// Who says it.
    pub speaker: ChatSpeaker,
    /// The question that it answers; `null` for a question.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub question: Option<MessageId>,
    /// Markdown. Of an answer it is what a model said, or one plain sentence where none did.
    pub text: String,
    /// What kind of answer is wanted.
    pub mode: ChatMode,
    /// Where it stands.
    pub state: ChatState,
    /// What a question brings along.
    pub attached: Vec<ChatAttachment>,
    /// What must not be used for the answer, by the keys of pieces.
    pub excluded: Vec<String>,
    /// What is known of an answer; `null` for a question.
    pub answer: Option<ChatAnswer>,
    /// What the author of the conversation thinks of an answer.
    pub rating: Option<ChatRating>,
    /// Why.
    pub reasons: Vec<String>,
    /// When it was begun.
    pub created_at: Time,
    /// When it was whole, or broke off; `null` while it is being written.
    pub ended_at: Option<Time>,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatSpeaker {
    /// The author of the conversation.
    Person,
    /// The mentor.
    Mentor,
}

/// What kind of answer is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatMode {
    /// The answer itself.
    #[default]
    Answer,
    /// Hints first, so that the person finds it.
    Guide,
    /// What speaks for and against an idea.
    Review,
}

/// Where a message stands. Questions are always `done`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatState {
    /// It is being written.
    Answering,
    /// It is whole.
    Done,
    /// It broke off; `answer.note` and `answer.missed` say how.
    Partial,
    /// The person stopped it.
    Stopped,
    /// Nothing could be said; `answer.note` says why.
    Failed,
}

/// What a person thinks of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatRating {
    /// It helped.
    Up,
    /// It did not.
    Down,
}

/// Something that a question brings along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChatAttachment {
    /// A text.
    Snippet {
        /// What it is called.
        name: String,
        /// The text.
        text: String,
    },
    /// A file of the conversation's repository, or lines of it.
    File {
        /// Its path.
        path: String,
        /// First line, from 1; without it, from the beginning.
        start: Option<u32>,
        /// Last line, inclusive.
        end: Option<u32>,
    },
    /// A memory.
    Memory {
        /// Which.
        id: String,
    },
    /// A finding.
    Finding {
        /// Which.
        id: String,
    },
    /// An insight.
    Insight {
        /// Which.
        id: String,
    },
    /// A task.
    Task {
        /// Its key.
        key: String,
    },
}

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

/// Asks. Of `text` and `again` there is exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskMentor {
    /// The question, in Markdown.
    pub text: Option<String>,
    /// What kind of answer is wanted; by default the answer itself.
    pub mode: Option<ChatMode>,
    /// What it brings along.
    pub attached: Option<Vec<ChatAttachment>>,
    /// What must not be used, by the keys of pieces.
    pub excluded: Option<Vec<String>>,
    /// An answer that is to be given once more: it and what followed are replaced.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub again: Option<MessageId>,
    /// A question that this one takes the place of, with all that followed.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub instead_of: Option<MessageId>,
    /// Whether no model is to be asked.
    pub evidence_only: Option<bool>,
}

/// What happens while a question is answered: the `data` of each server-sent event, whose `event` is the `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChatEvent {
    /// The question is kept, and an answer has begun.
    Asked {
        /// The conversation, which may have a title now.
        thread: ChatThread,
        /// The question.
        question: ChatMessage,
        /// The answer's id.
        #[schema(value_type = String, format = "uuid")]
        answer: MessageId,
    },
    /// Something is being read.
    Step {
        /// What, in words.
        what: String,
        /// How that stands.
        state: ChatStepState,
        /// What came of it, or why it failed.
        detail: Option<String>,
    },
    /// What the answer rests on.
    Sources {
        /// By number.
        sources: Vec<ChatSource>,
        /// Names of what did not fit.
        left_out: Vec<String>,
    },
    /// More of the answer.
    Text {
        /// What is added to it.
        text: String,
    },
    /// It is over; nothing follows.
    Ended {
        /// The answer, as it is kept.
        message: ChatMessage,
    },
    /// Something failed; nothing follows. What was said is kept.
    Problem {
        /// What.
        problem: Problem,
    },
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatStepState {
    /// It has begun.
    Begun,
    /// It is done.
    Done,
    /// It failed; the answer goes on without it.
    Failed,
}

/// Asks what would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewChat {
    /// The conversation; without it, a new one.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub thread: Option<ThreadId>,
    /// The repository of a new conversation.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub repo: Option<RepoId>,
    /// The question, in Markdown.
    pub text: String,
    /// What kind of answer is wanted; by default the answer itself.
    pub mode: Option<ChatMode>,
    /// What it brings along.
    pub attached: Option<Vec<ChatAttachment>>,
    /// What must not be used, by the keys of pieces.
    pub excluded: Option<Vec<String>>,
}

/// What would be sent, and to whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatPreview {
    /// How fresh it is.
    pub meta: Meta,
    /// What the answer would rest on, by number.
    pub pieces: Vec<ChatSource>,
    /// Names of what was found and would not fit.
    pub left_out: Vec<String>,
    /// Tokens of the whole prompt, rather too many than too few.
    pub tokens: u64,
    /// Tokens that a prompt may have, the answer left aside; `null` when no model is set up.
    pub limit: Option<u64>,
    /// Exactly what would be sent; `null` when no model is set up.
    pub prompt: Option<ChatPrompt>,
    /// Whom it would go to: the first one, and the others in order when those before do not answer.
    pub to: Vec<ChatDestination>,
}

/// What a model is sent, after secrets and personal data were taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatPrompt {
    /// What the model is to be.
    pub system: String,
    /// What was said so far, and what was found.
    pub turns: Vec<ChatTurn>,
    /// Tokens of the answer at most.
    pub most_tokens: u32,
    /// What was taken out.
    pub removed: Vec<ChatRemoved>,
}

/// One thing that is said in a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatTurn {
    /// Who says it.
    pub speaker: ChatSpeaker,
    /// What.
    pub text: String,
}

/// A model that would be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatDestination {
    /// Whose.
    pub provider: String,
    /// Which.
    pub model: String,
    /// The host it is asked at; `null` where that is not known.
    pub host: Option<String>,
    /// Whether the prompt leaves this server.
    pub leaves: bool,
    /// What the prompt and the longest answer would cost, in millionths of the currency of the prices.
    pub most_micros: u64,
}

/// Says what an answer is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateChatMessage {
    /// What the caller thinks of it; `null` or nothing takes it back.
    pub rating: Option<ChatRating>,
    /// Why: at most 10 reasons of 500 characters.
    pub reasons: Option<Vec<String>>,
}

/// What a model was sent for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatSent {
    /// What was sent; `null` when no model was asked.
    pub prompt: Option<ChatPrompt>,
    /// Whom it was meant for, the first one first.
    pub to: Vec<ChatDestination>,
}
