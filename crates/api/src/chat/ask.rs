//! Asking the mentor, and what happens until the answer is there.

use base::id::{MessageId, RepoId, ThreadId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ChatAttachment, ChatMessage, ChatMode, ChatRating, ChatRemoved, ChatSource, ChatSpeaker, ChatThread,
};
use crate::{Meta, Problem};

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
