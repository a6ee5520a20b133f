//! Frames as text.
//!
//! An event is encoded once, when it happens; a frame only puts its text into an envelope. So the types here are the
//! borrowed twins of `api::live::ServerFrame`; a test holds them against it.

use events::{Channel, Delivery, Envelope, Position};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Hello {
        epoch: &'a str,
        channels: &'a [String],
        heartbeat_seconds: u64,
    },
    Subscribed {
        channel: String,
        position: Place<'a>,
        recovered: bool,
        missed: u64,
    },
    Event {
        channel: String,
        position: Place<'a>,
        event: &'a RawValue,
        at: api::Time,
        actor: Option<base::id::UserId>,
    },
    Tick {
        channel: String,
        tick: &'a RawValue,
    },
    Ping {},
    Pong {},
    Refused {
        code: &'a str,
        detail: &'a str,
    },
}

#[derive(Serialize)]
struct Place<'a> {
    epoch: &'a str,
    offset: u64,
}

fn text(frame: &Frame<'_>) -> String {
    // Strings, numbers and checked JSON: there is nothing in it that could not be encoded.
    serde_json::to_string(frame).unwrap_or_default()
}

pub(super) fn hello(epoch: &str, channels: &[Channel], heartbeat: std::time::Duration) -> String {
    let channels: Vec<String> = channels.iter().map(ToString::to_string).collect();
    text(&Frame::Hello { epoch, channels: &channels, heartbeat_seconds: heartbeat.as_secs() })
}

pub(super) fn ping() -> String {
    text(&Frame::Ping {})
}

pub(super) fn pong() -> String {
    text(&Frame::Pong {})
}

pub(super) fn refused(code: &str, detail: &str) -> String {
    text(&Frame::Refused { code, detail })
}

/// The frame of a delivery; `None` for one whose stored text is damaged, which is logged.
pub(super) fn delivery(epoch: &str, delivery: &Delivery) -> Option<String> {
    match delivery {
        Delivery::Joined { channel, position, recovered, missed } => Some(text(&Frame::Subscribed {
            channel: channel.to_string(),
            position: place(position),
            recovered: *recovered,
            missed: *missed,
        })),
        Delivery::Event(envelope) => event(epoch, envelope),
        Delivery::Tick { channel, body } => {
            let tick = raw(body)?;
            Some(text(&Frame::Tick { channel: channel.to_string(), tick }))
        }
    }
}

fn event(epoch: &str, envelope: &Envelope) -> Option<String> {
    let event = raw(&envelope.body)?;
    Some(text(&Frame::Event {
        channel: envelope.channel.to_string(),
        position: Place { epoch, offset: envelope.offset },
        event,
        at: envelope.at.into(),
        actor: envelope.actor,
    }))
}

fn place(position: &Position) -> Place<'_> {
    Place { epoch: &position.epoch.0, offset: position.offset }
}

fn raw(body: &str) -> Option<&RawValue> {
    serde_json::from_str(body).inspect_err(|error| tracing::error!(%error, "a stored event is not JSON")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::live::ServerFrame;
    use base::Timestamp;
    use std::sync::Arc;

    #[test]
    fn every_frame_is_what_the_schema_says() {
        let ids = base::Ids::counted();
        let channel = Channel::workspace(ids.new_id());
        let position = Position { epoch: events::Epoch("e".into()), offset: 3 };
        let repo = ids.new_id();
        let body = serde_json::to_string(&events::Event::RepoRemoved { repo }).unwrap();
        let envelope = Envelope {
            channel,
            offset: 4,
            id: ids.new_id(),
            at: Timestamp::from_seconds(1),
            actor: None,
            body: body.into(),
        };
        let frames = [
            hello("e", &[channel], std::time::Duration::from_secs(30)),
            delivery("e", &Delivery::Joined { channel, position, recovered: true, missed: 2 }).unwrap(),
            delivery("e", &Delivery::Event(Arc::new(envelope))).unwrap(),
            ping(),
            pong(),
            refused("unknown", "x"),
        ];
        for frame in &frames {
            let typed: ServerFrame = serde_json::from_str(frame).unwrap();
            let again = serde_json::to_value(&typed).unwrap();
            assert_eq!(again, serde_json::from_str::<serde_json::Value>(frame).unwrap());
        }
        let ServerFrame::Event { event, position, .. } = serde_json::from_str(&frames[2]).unwrap() else {
            panic!("{}", frames[2]);
        };
        assert_eq!(event, api::Event::RepoRemoved { repo });
        assert_eq!(position.offset, 4);
    }
}
