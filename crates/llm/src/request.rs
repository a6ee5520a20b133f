//! What is asked of a model.

use crate::redact::{Redacted, Redactor, Removed};

/// Who said something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The person, and what was found for them.
    Person,
    /// The model.
    Model,
}

/// A prompt as it was put together, each of its texts from one hand: it cannot be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What the model is to be; may be empty.
    pub system: String,
    /// What was said so far, in order.
    pub turns: Vec<(Speaker, String)>,
    /// Tokens of the answer at most; at least one.
    pub most_tokens: u32,
}

impl Prompt {
    /// How many tokens it may have, as [`estimated_tokens`] counts its texts.
    pub fn estimated_tokens(&self) -> u64 {
        let texts = self.turns.iter().map(|(_, text)| text).chain([&self.system]);
        texts.map(|text| estimated_tokens(text)).sum()
    }
}

/// A prompt that can be sent: all of its text is redacted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// What the model is to be; may be empty.
    pub system: Redacted,
    /// What was said so far, in order.
    pub turns: Vec<Turn>,
    /// Tokens of the answer at most. Every provider is told, because one that is left alone may go on for ever.
    pub most_tokens: u32,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Turn {
    /// By whom.
    pub speaker: Speaker,
    /// What.
    pub text: Redacted,
}

/// Bytes of a text for each token, at least, of what people and programs write: what a token count is estimated by before
/// the model counts.
const BYTES_OF_TOKEN: usize = 3;

/// Tokens that stand around each turn.
const AROUND: usize = 8;

/// About how many tokens a text takes in a prompt, by itself: estimated from its length, rather too many than too few.
pub fn estimated_tokens(text: &str) -> u64 {
    (text.len().div_ceil(BYTES_OF_TOKEN) + AROUND) as u64
}

impl Request {
    /// The prompt without what must not leave, and what was removed. Whatever occurs twice has the same name in both
    /// places, so that the model can tell two things apart.
    pub fn of(prompt: &Prompt, redactor: &Redactor) -> (Self, Vec<Removed>) {
        let mut pass = redactor.pass();
        let system = pass.redact(&prompt.system);
        let turn = |(speaker, text): &(Speaker, String)| Turn { speaker: *speaker, text: pass.redact(text) };
        let turns = prompt.turns.iter().map(turn).collect();
        (Self { system, turns, most_tokens: prompt.most_tokens.max(1) }, pass.removed())
    }

    /// How many tokens it may have, as [`estimated_tokens`] counts its texts.
    pub fn estimated_tokens(&self) -> u64 {
        let texts = self.turns.iter().map(|turn| &turn.text).chain([&self.system]);
        texts.map(|text| estimated_tokens(text.as_str())).sum()
    }
}
