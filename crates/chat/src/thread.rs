//! What a conversation is, and how it may change. Pure.

use base::Timestamp;
use base::id::{RepoId, ThreadId, UserId};

use crate::message::{
    ATTACHED_LIMIT, Asked, Attachment, EXCLUDED_LIMIT, KEY_LIMIT, REASON_LIMIT, REASONS_LIMIT, TEXT_LIMIT,
};

/// Titles are one line.
pub const TITLE_LIMIT: usize = 200;
/// Messages of one conversation: it is read as a whole.
pub const MESSAGES_LIMIT: i64 = 200;
/// Letters that one conversation holds, with what answers rest on and what was sent for them, until nothing is added: every
/// question reads what was said before.
pub const LETTERS_LIMIT: i64 = 16 * 1024 * 1024;
/// Letters of a question that become the title of a conversation without one.
const TITLE_OF_QUESTION: usize = 80;

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Which.
    pub id: ThreadId,
    /// Whose it is.
    pub author: UserId,
    /// One line; empty until something is asked.
    pub title: String,
    /// What it is about, where it is about one repository.
    pub repo: Option<RepoId>,
    /// Whether it comes first.
    pub pinned: bool,
    /// Whether it was put away.
    pub archived: bool,
    /// Whether everybody in the workspace may read it.
    pub shared: bool,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When something was last said or changed.
    pub updated_at: Timestamp,
    /// Counts changes of what stands here; what is said does not count.
    pub version: i64,
}

/// A conversation to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewThread {
    /// One line; without it, the first question gives it.
    pub title: Option<String>,
    /// What it is about.
    pub repo: Option<RepoId>,
}

/// What is to change; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThreadChange {
    /// One line.
    pub title: Option<String>,
    /// Whether it comes first.
    pub pinned: Option<bool>,
    /// Whether it is put away.
    pub archived: Option<bool>,
    /// Whether everybody in the workspace may read it.
    pub shared: Option<bool>,
    /// Whether to share it although answers rest on what is the author's alone.
    pub with_private: bool,
}

/// What does not make a conversation, a question or a rating.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The title.
    #[error("a title has at most {TITLE_LIMIT} characters")]
    Title,
    /// There is no question.
    #[error("write what you want to know")]
    NoText,
    /// The question is too long.
    #[error("a question has at most {TEXT_LIMIT} characters: attach the rest as a file or shorten it")]
    LongText,
    /// Too much comes along.
    #[error("a question brings at most {ATTACHED_LIMIT} things along")]
    Attached,
    /// Something that comes along is too long, or no text.
    #[error(
        "what comes along has a name of at most {KEY_LIMIT} and a text of at most {TEXT_LIMIT} characters"
    )]
    Attachment,
    /// Too much is kept out.
    #[error("at most {EXCLUDED_LIMIT} things are kept out, each named by at most {KEY_LIMIT} characters")]
    Excluded,
    /// The conversation is full.
    #[error(
        "this conversation is full, with {MESSAGES_LIMIT} messages or much that they rest on: begin another one"
    )]
    Full,
    /// The reasons.
    #[error("a rating has at most {REASONS_LIMIT} reasons of {REASON_LIMIT} characters")]
    Reasons,
}

/// The title, if it is one; empty is none.
pub(crate) fn title(text: &str) -> Result<String, Invalid> {
    let text = one_line(text);
    if text.chars().count() <= TITLE_LIMIT { Ok(text) } else { Err(Invalid::Title) }
}

/// The title that a first question gives.
pub(crate) fn title_of(question: &str) -> String {
    let line = one_line(question.trim().lines().next().unwrap_or_default());
    if line.chars().count() <= TITLE_OF_QUESTION {
        return line;
    }
    let cut: String = line.chars().take(TITLE_OF_QUESTION).collect();
    let end = cut.rfind(' ').filter(|end| *end > TITLE_OF_QUESTION / 2).unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The question without what surrounds it, if it is one.
pub fn question(text: &str, asked: &Asked) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::NoText);
    }
    if text.chars().count() > TEXT_LIMIT {
        return Err(Invalid::LongText);
    }
    if asked.attached.len() > ATTACHED_LIMIT {
        return Err(Invalid::Attached);
    }
    let fits = |text: &str, limit| text.chars().count() <= limit;
    let all_fit = asked.attached.iter().all(|attachment| match attachment {
        Attachment::Snippet { name, text } => fits(name, KEY_LIMIT) && fits(text, TEXT_LIMIT),
        Attachment::File { path: name, .. }
        | Attachment::Memory { id: name }
        | Attachment::Finding { id: name }
        | Attachment::Insight { id: name }
        | Attachment::Task { key: name } => fits(name, KEY_LIMIT),
    });
    if !all_fit {
        return Err(Invalid::Attachment);
    }
    if asked.excluded.len() > EXCLUDED_LIMIT || !asked.excluded.iter().all(|key| fits(key, KEY_LIMIT)) {
        return Err(Invalid::Excluded);
    }
    Ok(text.to_owned())
}

/// The reasons without what surrounds them, if they are some.
pub(crate) fn reasons(reasons: &[String]) -> Result<Vec<String>, Invalid> {
    let reasons: Vec<String> = reasons.iter().map(|reason| one_line(reason)).collect();
    let fit = |reason: &String| (1..=REASON_LIMIT).contains(&reason.chars().count());
    if reasons.len() <= REASONS_LIMIT && reasons.iter().all(fit) {
        Ok(reasons)
    } else {
        Err(Invalid::Reasons)
    }
}

impl Thread {
    /// The thread after a change.
    pub(crate) fn changed(&self, change: ThreadChange, now: Timestamp) -> Result<Self, Invalid> {
        let title = match change.title {
            Some(wanted) => title(&wanted)?,
            None => self.title.clone(),
        };
        Ok(Self {
            title,
            pinned: change.pinned.unwrap_or(self.pinned),
            archived: change.archived.unwrap_or(self.archived),
            shared: change.shared.unwrap_or(self.shared),
            updated_at: now,
            version: self.version + 1,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_gives_a_title_of_one_line() {
        assert_eq!(title_of("  How does\tretry work?\nI mean the client."), "How does retry work?");
        let long = title_of(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= TITLE_OF_QUESTION + 1, "{long}");
        let one = title_of(&"é".repeat(200));
        assert_eq!(one.chars().count(), TITLE_OF_QUESTION + 1);
        assert_eq!(title_of(""), "");
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let none = Asked::default();
        assert_eq!(question(" \n", &none), Err(Invalid::NoText));
        assert_eq!(question(&"x".repeat(TEXT_LIMIT + 1), &none), Err(Invalid::LongText));
        assert_eq!(question(" why ", &none).as_deref(), Ok("why"));
        let long = Attachment::Task { key: "x".repeat(KEY_LIMIT + 1) };
        let with = |attached| Asked { attached, excluded: Vec::new() };
        assert_eq!(question("why", &with(vec![long.clone()])), Err(Invalid::Attachment));
        assert_eq!(question("why", &with(vec![long; ATTACHED_LIMIT + 1])), Err(Invalid::Attached));
        assert_eq!(title(&"x".repeat(TITLE_LIMIT + 1)), Err(Invalid::Title));
        assert_eq!(reasons(&[" ".to_owned()]), Err(Invalid::Reasons));
    }
}
