//! The live channel: JSON text frames over one WebSocket, or the same frames as server-sent events.
//!
//! After `hello` the client subscribes to channels, each with the position it has seen, and gets what it missed
//! in order, or `recovered: false`: then it reads its screens again and goes on from the position given. Events
//! have positions and are never lost or doubled; ticks have none and may be missed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Event, Tick, Time};

/// A position on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The life of the event log that `offset` counts in. Another one means that nothing can be resumed.
    pub epoch: String,
    /// Offset of the last event seen; 0 before the first.
    pub offset: u64,
}

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Asks for the events of some channels.
    Subscribe {
        /// The channels, each with the position that was seen.
        channels: Vec<ChannelSince>,
    },
    /// Answers `ping`.
    Pong {},
    /// Asks for a `pong`.
    Ping {},
}

/// A channel to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSince {
    /// One of the channels named by `hello`.
    pub channel: String,
    /// What was seen; left out: from now on.
    pub since: Option<Position>,
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame.
    Hello {
        /// The life of the event log.
        epoch: String,
        /// The channels this session may subscribe to.
        channels: Vec<String>,
        /// Seconds between two pings. Two missed ones mean that the connection is gone.
        heartbeat_seconds: u32,
    },
    /// A subscription begins; the missed events follow.
    Subscribed {
        /// The channel.
        channel: String,
        /// From where the events follow.
        position: Position,
        /// Whether everything since the given position follows. `false`: read the screens again.
        recovered: bool,
        /// How many missed events follow at once.
        missed: u64,
    },
    /// Something happened.
    Event {
        /// The channel.
        channel: String,
        /// Its position.
        position: Position,
        /// What happened.
        event: Event,
        /// When.
        at: Time,
        /// Who did it; `null` for the program itself.
        #[schema(value_type = Option<String>, format = "uuid")]
        actor: Option<base::id::UserId>,
    },
    /// Progress, at most ten a second for each thing; not stored and not resumed.
    Tick {
        /// The channel.
        channel: String,
        /// What is going on.
        tick: Tick,
    },
    /// Asks for a `pong`.
    Ping {},
    /// Answers `ping`.
    Pong {},
    /// The last frame was refused; the connection stays.
    Refused {
        /// Stable code.
        code: String,
        /// What was wrong.
        detail: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_a_type_and_refuse_what_they_do_not_know() {
        let text =
            r#"{"type":"subscribe","channels":[{"channel":"user:1","since":{"epoch":"e","offset":3}}]}"#;
        let frame: ClientFrame = serde_json::from_str(text).unwrap();
        let ClientFrame::Subscribe { channels } = &frame else { panic!("{frame:?}") };
        assert_eq!(channels[0].since.as_ref().unwrap().offset, 3);
        assert!(serde_json::from_str::<ClientFrame>(r#"{"type":"subscribe","channels":[],"x":1}"#).is_err());
        assert!(serde_json::from_str::<ClientFrame>(r#"{"type":"pong"}"#).is_ok());
        assert_eq!(serde_json::to_string(&ServerFrame::Ping {}).unwrap(), r#"{"type":"ping"}"#);
    }
}
