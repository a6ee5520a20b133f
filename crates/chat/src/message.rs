//! What is said in a conversation, and what an answer rests on. Pure.

use base::Timestamp;
use base::id::{MessageId, ThreadId};
use serde::{Deserialize, Deserializer, Serialize};

/// Letters of a question.
pub const TEXT_LIMIT: usize = 32_000;
/// Things that one question brings along.
pub const ATTACHED_LIMIT: usize = 20;
/// Things that one question keeps out.
pub const EXCLUDED_LIMIT: usize = 200;
/// Letters of each of these.
pub const KEY_LIMIT: usize = 2_000;
/// Reasons of one rating.
pub const REASONS_LIMIT: usize = 10;
/// Letters of a reason.
pub const REASON_LIMIT: usize = 500;

/// Declares an enum with a name for each variant, as it is stored.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in storage.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value with that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }
    };
}

named! {
    /// Who says something.
    Speaker {
        /// The person whose thread it is.
        Person = "person",
        /// The answer.
        Mentor = "mentor",
    }
}

named! {
    /// What kind of answer is wanted.
    Mode {
        /// The answer itself.
        Answer = "answer",
        /// Hints first, so that the person finds it.
        Guide = "guide",
        /// What speaks for and against an idea.
        Review = "review",
    }
}

named! {
    /// Where a message stands. Questions are always done.
    State {
        /// It is being written.
        Answering = "answering",
        /// It is whole.
        Done = "done",
        /// It broke off.
        Partial = "partial",
        /// The person stopped it.
        Stopped = "stopped",
        /// Nothing could be said.
        Failed = "failed",
    }
}

named! {
    /// What a person thinks of an answer.
    Rating {
        /// It helped.
        Up = "up",
        /// It did not.
        Down = "down",
    }
}

named! {
    /// What an answer rests on.
    SourceKind {
        /// Lines of a file.
        Code = "code",
        /// Something that was learned.
        Memory = "memory",
        /// A finding.
        Finding = "finding",
        /// An insight.
        Insight = "insight",
        /// A task.
        Task = "task",
        /// What the analysis says about the whole repository.
        Report = "report",
        /// What the person gave.
        Snippet = "snippet",
    }
}

impl SourceKind {
    /// Whether it is something of a repository, and goes with it.
    pub(crate) fn is_of_repo(self) -> bool {
        matches!(self, Self::Code | Self::Finding | Self::Insight | Self::Report)
    }
}

/// Something that a question brings along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Attachment {
    /// A text.
    Snippet {
        /// What it is called.
        name: String,
        /// The text.
        text: String,
    },
    /// A file of the thread's repository, or lines of it.
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

/// What else belongs to a question: asking again asks the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it brings along.
    pub attached: Vec<Attachment>,
    /// What must not be used, by the keys of pieces.
    pub excluded: Vec<String>,
}

/// A place in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The repository.
    pub repo: String,
    /// The commit, in hexadecimal.
    pub commit: String,
    /// The file.
    pub path: String,
    /// First line, from 1; 0 is the file as a whole.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

/// Something that was found and put before the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// What citations call it, from 1.
    pub number: u32,
    /// What it is.
    pub kind: SourceKind,
    /// The same for the same thing, whenever it is found.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Why it is here, in words.
    pub why: String,
    /// Words of the question that it has.
    pub terms: Vec<String>,
    /// Whether the person put it here.
    pub by_person: bool,
    /// How well it fits: 0 to 1.
    pub score: f64,
    /// About how many tokens it takes.
    pub tokens: u64,
    /// What it says.
    pub text: String,
    /// Where it is, of code and findings.
    pub place: Option<Place>,
    /// Which memory, finding, insight or task it is.
    pub id: Option<String>,
    /// Who alone may see it; without one, everybody in the workspace.
    pub owner: Option<String>,
}

impl Source {
    /// Leaves only its place: the reader may not see it, or it is gone. Whose alone it was stays: what was said may repeat it.
    pub fn hide(&mut self) {
        for text in [&mut self.key, &mut self.name, &mut self.why, &mut self.text] {
            text.clear();
        }
        self.terms.clear();
        (self.place, self.id) = (None, None);
    }

    /// Whether only its place is left.
    pub fn is_hidden(&self) -> bool {
        self.key.is_empty()
    }
}

/// Something that was found and did not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// What it is.
    pub kind: SourceKind,
    /// The same for the same thing, whenever it is found.
    pub key: String,
    /// What people call it.
    pub name: String,
}

/// A number in an answer that names a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The number.
    pub number: u32,
    /// Whether there is such a source. If not, what it stands behind rests on nothing.
    pub supported: bool,
}

/// Something that was taken out before a prompt left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// What it was.
    pub what: String,
    /// What stands in its place.
    pub placeholder: String,
    /// How often it occurred.
    pub times: usize,
}

/// A model that was asked and gave no answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Whose model it is.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why, in words.
    pub why: String,
}

named! {
    /// Why no model writes an answer.
    NoWriter {
        /// None is set up.
        NoModel = "no_model",
        /// None answered.
        Unanswered = "unanswered",
        /// The budget is used up.
        OverBudget = "over_budget",
        /// The person wanted evidence alone.
        Evidence = "evidence",
    }
}

/// Who wrote an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "writer", rename_all = "snake_case")]
pub enum Writer {
    /// A model.
    Model {
        /// Whose.
        provider: String,
        /// Which.
        model: String,
        /// Tokens of the prompt.
        input: u64,
        /// Tokens of the answer.
        output: u64,
        /// What it cost, in millionths of the currency of the prices.
        micros: u64,
        /// Whether it was given before, to the same prompt over the same code.
        kept: bool,
    },
    /// Nobody: it lists what was found.
    Nobody {
        /// Why.
        why: NoWriter,
        /// The same in words, with what to do.
        words: String,
        /// When asking again may help, in seconds, where that is known.
        retry_after: Option<u64>,
    },
}

/// What is known of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The prompt it was asked with: name and version.
    pub template: Option<String>,
    /// Who wrote it; `None` while nobody does.
    pub writer: Option<Writer>,
    /// Who was asked before, or how it broke off.
    pub missed: Vec<Missed>,
    /// What it rests on, by number.
    pub sources: Vec<Source>,
    /// Whether one of them speaks directly to the question.
    pub direct: bool,
    /// What it cites, in order, each once.
    pub citations: Vec<Citation>,
    /// What was found and did not fit.
    #[serde(deserialize_with = "with_a_key")]
    pub left_out: Vec<LeftOut>,
    /// What was taken out of the prompt.
    pub removed: Vec<Removed>,
    /// What else is to be said about it, such as why it is not whole.
    pub note: Option<String>,
    /// Milliseconds until its first word.
    pub first_word_ms: Option<u64>,
    /// Milliseconds until its end.
    pub took_ms: Option<u64>,
}

/// Answers of early builds say of what did not fit how it is called, and nobody knows any more whose that was.
fn with_a_key<'de, D: Deserializer<'de>>(read: D) -> Result<Vec<LeftOut>, D::Error> {
    let all = Vec::<serde_json::Value>::deserialize(read)?;
    Ok(all.into_iter().filter_map(|it| serde_json::from_value(it).ok()).collect())
}

impl Facts {
    /// Takes out what is gone, or not for the reader: of sources only the place is left. Whether there was such a thing.
    pub fn take_out(&mut self, gone: impl Fn(SourceKind, &str) -> bool) -> bool {
        let before = self.left_out.len();
        self.left_out.retain(|it| !gone(it.kind, &it.key));
        let mut found = self.left_out.len() < before;
        for source in self.sources.iter_mut().filter(|it| !it.is_hidden()) {
            if gone(source.kind, &source.key) {
                source.hide();
                found = true;
            }
        }
        found
    }
}

/// A question that was asked before, with what a model answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The question.
    pub question: String,
    /// The answer, whole or as far as it came.
    pub answer: String,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Of which conversation.
    pub thread: ThreadId,
    /// Its place there, from 1. Places of what was replaced stay empty.
    pub number: i64,
    /// Who says it.
    pub speaker: Speaker,
    /// What it answers.
    pub question: Option<MessageId>,
    /// Markdown.
    pub text: String,
    /// What kind of answer is wanted.
    pub mode: Mode,
    /// Where it stands.
    pub state: State,
    /// What belongs to a question.
    pub asked: Asked,
    /// What is known of an answer.
    pub facts: Facts,
    /// What the author of the thread thinks of it.
    pub rating: Option<Rating>,
    /// Why.
    pub reasons: Vec<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was whole, or broke off.
    pub ended_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_early_build_left_out_by_name_alone_is_left_out() {
        let known = LeftOut { kind: SourceKind::Code, key: "code:a".into(), name: "a".into() };
        let facts = Facts { left_out: vec![known], ..Facts::default() };
        let mut kept = serde_json::to_value(&facts).unwrap();
        assert_eq!(serde_json::from_value::<Facts>(kept.clone()).unwrap(), facts);
        kept["left_out"] = serde_json::json!(["the log"]);
        assert_eq!(serde_json::from_value::<Facts>(kept).unwrap(), Facts::default());
    }
}
