//! What a task is, and how it may change. Pure.

use std::fmt;
use std::str::FromStr;

use base::Timestamp;
use base::id::{ProjectId, TaskId, UserId};
use serde::{Deserialize, Serialize};

/// Titles are one line on a card.
pub const TITLE_LIMIT: usize = 300;
/// Descriptions are Markdown.
pub const DESCRIPTION_LIMIT: usize = 50_000;

/// The id people say: `WEB-12`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaskKey {
    /// Key of the project.
    pub project: String,
    /// Number within the project, from 1.
    pub number: i64,
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

/// The text is not a task key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a task key looks like WEB-12")]
pub struct ParseTaskKeyError;

impl FromStr for TaskKey {
    type Err = ParseTaskKeyError;

    fn from_str(text: &str) -> Result<Self, ParseTaskKeyError> {
        let (project, number) = text.rsplit_once('-').ok_or(ParseTaskKeyError)?;
        let number: i64 = number.parse().map_err(|_| ParseTaskKeyError)?;
        let well_formed = !project.is_empty()
            && project.len() <= 10
            && project.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if well_formed && number > 0 {
            Ok(Self { project: project.to_owned(), number })
        } else {
            Err(ParseTaskKeyError)
        }
    }
}

/// Declares an enum with a name for each variant, as it is stored and sent.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

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
    /// Where a task is in its life. A plain list lets it move freely between these.
    Status {
        /// Known, not begun.
        Todo = "todo",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Somebody looks it over.
        Review = "review",
        /// Finished.
        Done = "done",
    }
}

named! {
    /// How much it matters, the least first.
    Priority {
        /// Nobody said.
        None = "none",
        /// When there is nothing else.
        Low = "low",
        /// As usual.
        Medium = "medium",
        /// Before the others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

/// Where a task came from: enough to lead back there, opaque to this context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Kind of thing, such as `insight`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The repository it belongs to, where there is one.
    pub repo: Option<String>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// Whose.
    pub project: ProjectId,
    /// The id people say.
    pub key: TaskKey,
    /// One line.
    pub title: String,
    /// Markdown; may be empty.
    pub description: String,
    /// Where it is in its life.
    pub status: Status,
    /// How much it matters.
    pub priority: Priority,
    /// Where it came from, unless somebody typed it.
    pub origin: Option<Origin>,
    /// When it was created.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted; it can be brought back.
    pub deleted_at: Option<Timestamp>,
    /// Rises with each change.
    pub version: i64,
}

/// A task to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// One line.
    pub title: String,
    /// Markdown; may be empty.
    pub description: String,
    /// How much it matters.
    pub priority: Priority,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

/// What is to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Where it is in its life.
    pub status: Option<Status>,
    /// How much it matters.
    pub priority: Option<Priority>,
}

/// A change of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Some fields.
    Edit(Edit),
    /// Take it off the list; it can be restored.
    Delete,
    /// Bring a deleted one back.
    Restore,
}

/// The fields do not make a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTask {
    /// Nothing to read in the title.
    #[error("a task needs a title")]
    NoTitle,
    /// The title is too long.
    #[error("a title has at most {TITLE_LIMIT} characters")]
    LongTitle,
    /// The description is too long.
    #[error("a description has at most {DESCRIPTION_LIMIT} characters")]
    LongDescription,
}

fn checked_title(title: &str) -> Result<String, InvalidTask> {
    // One line: whatever was typed or pasted becomes single spaces.
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(InvalidTask::NoTitle),
        1..=TITLE_LIMIT => Ok(title),
        _ => Err(InvalidTask::LongTitle),
    }
}

fn checked_description(description: String) -> Result<String, InvalidTask> {
    if description.chars().count() > DESCRIPTION_LIMIT {
        return Err(InvalidTask::LongDescription);
    }
    Ok(description)
}

impl NewTask {
    /// The same with its fields tidied, if they make a task.
    pub(crate) fn checked(self) -> Result<Self, InvalidTask> {
        Ok(Self {
            title: checked_title(&self.title)?,
            description: checked_description(self.description)?,
            ..self
        })
    }
}

impl Task {
    /// The task after a change.
    pub fn changed(&self, change: Change, now: Timestamp) -> Result<Self, InvalidTask> {
        let mut task = self.clone();
        match change {
            Change::Edit(edit) => {
                if let Some(title) = edit.title {
                    task.title = checked_title(&title)?;
                }
                if let Some(description) = edit.description {
                    task.description = checked_description(description)?;
                }
                task.status = edit.status.unwrap_or(task.status);
                task.priority = edit.priority.unwrap_or(task.priority);
            }
            Change::Delete => task.deleted_at = task.deleted_at.or(Some(now)),
            Change::Restore => task.deleted_at = None,
        }
        task.updated_at = now;
        task.version += 1;
        Ok(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text() {
        for text in ["WEB-12", "A1-1"] {
            assert_eq!(text.parse::<TaskKey>().map(|key| key.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "WEB", "WEB-", "WEB-0", "WEB--1", "web-1", "WEB-x", "TOOLONGPROJECT-1", "-1"] {
            assert!(text.parse::<TaskKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn titles_become_one_line() {
        assert_eq!(checked_title("  a\n b\t"), Ok("a b".into()));
        assert_eq!(checked_title(" \n"), Err(InvalidTask::NoTitle));
        assert_eq!(checked_title(&"é".repeat(TITLE_LIMIT)).map(|it| it.chars().count()), Ok(TITLE_LIMIT));
        assert_eq!(checked_title(&"é".repeat(TITLE_LIMIT + 1)), Err(InvalidTask::LongTitle));
    }
}
