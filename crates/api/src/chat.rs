//! Conversations with the mentor.
//!
//! Reading order: this file (conversations and what is said in them), [`answer`] (what is known of an answer), [`ask`] (asking, and
//! what happens meanwhile).

mod answer;
mod ask;

use base::id::{MessageId, RepoId, ThreadId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use answer::{
    ChatAdded, ChatAnswer, ChatCitation, ChatMissed, ChatNoWriter, ChatPlace, ChatRemoved, ChatSource,
    ChatSourceKind, ChatWriter,
};
pub use ask::{
    AskMentor, ChatDestination, ChatEvent, ChatPreview, ChatPrompt, ChatSent, ChatStepState, ChatTurn,
    PreviewChat, RateChatMessage,
};

use crate::Time;

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
