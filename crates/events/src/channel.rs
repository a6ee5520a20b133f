//! Channels, and positions on them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base::id::{UserId, WorkspaceId};

/// An ordered line of events that somebody may watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What everyone in a workspace may see.
    Workspace(WorkspaceId),
    /// What concerns one person alone.
    User(UserId),
}

impl Channel {
    /// The channel of a workspace.
    pub fn workspace(id: WorkspaceId) -> Self {
        Self::Workspace(id)
    }

    /// The channel of a person.
    pub fn user(id: UserId) -> Self {
        Self::User(id)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workspace(id) => write!(f, "workspace:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
        }
    }
}

/// The text names no channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such channel")]
pub struct ParseChannelError;

impl FromStr for Channel {
    type Err = ParseChannelError;

    fn from_str(text: &str) -> Result<Self, ParseChannelError> {
        let (kind, id) = text.split_once(':').ok_or(ParseChannelError)?;
        match kind {
            "workspace" => id.parse().map(Self::Workspace).map_err(|_| ParseChannelError),
            "user" => id.parse().map(Self::User).map_err(|_| ParseChannelError),
            _ => Err(ParseChannelError),
        }
    }
}

/// Names one life of the event log. Offsets of another one mean nothing in this one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Epoch(pub Arc<str>);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place on a channel: right after the event with that offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The life of the log that the offset counts in.
    pub epoch: Epoch,
    /// Offset of the last event before this place; 0 before the first.
    pub offset: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_survives_its_text_and_nothing_else_is_one() {
        let ids = base::Ids::counted();
        for channel in [Channel::workspace(ids.new_id()), Channel::user(ids.new_id())] {
            assert_eq!(channel.to_string().parse(), Ok(channel));
        }
        for text in ["", "workspace", "workspace:", "user:1", "workspace:x:y", "team:00000000"] {
            assert_eq!(text.parse::<Channel>(), Err(ParseChannelError), "{text}");
        }
    }
}
