//! The same frames as server-sent events, for networks that do not let a WebSocket through.
//!
//! Such a client cannot say anything after it has asked, so it is subscribed to every channel it may hear. The id of
//! each event holds the position on all of them; browsers send the last one back by themselves.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::response::sse::{Event as SseEvent, Sse};
use axum::response::{IntoResponse, Response};
use base::Actor;
use base::id::SessionId;
use events::{Channel, Delivery, Epoch, Position};
use futures_util::stream;
use tokio::time::Interval;

use crate::live::feed::{Feed, Over};
use crate::live::socket::beats;
use crate::live::{Connection, frame};
use crate::problem::Problem;
use crate::state::AppState;

/// Opens the stream at the positions of `last`, or from now on.
pub(crate) async fn stream(
    app: AppState,
    actor: Actor,
    session: SessionId,
    connection: Connection,
    last: Option<&str>,
) -> Result<Response, Problem> {
    let mut feed = Feed::open(&app, &actor, session).await?;
    // It may have ended between the request's check and the moment from which its end is heard.
    feed.check(&app).await.map_err(|over| match over {
        Over::SignedOut => Problem::signed_out(),
        Over::Left => Problem::not_found(),
        Over::Slow | Over::Stopping | Over::Unsure => Problem::busy(2),
    })?;
    let channels = feed.channels().to_vec();
    let since = last.map(|last| Places::parse(last, &channels)).unwrap_or_default();
    for channel in &channels {
        feed.subscribe(&channel.to_string(), since.position(*channel)).await?;
    }
    let hello = frame::hello(feed.epoch(), &channels, app.config.heartbeat);
    let beat = beats(app.config.heartbeat);
    // Offsets of another life of the log must not be sent back under the name of this one.
    let places = if since.epoch == feed.epoch() { since } else { Places::default() };
    let state = Streaming { app, feed, beat, places, channels, hello: Some(hello), _counted: connection };
    let events = stream::unfold(state, |mut state| async {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    Ok(Sse::new(events).into_response())
}

struct Streaming {
    app: AppState,
    feed: Feed,
    beat: Interval,
    places: Places,
    channels: Vec<Channel>,
    hello: Option<String>,
    _counted: Connection,
}

impl Streaming {
    /// The next event; `None` ends the stream, and the client comes back with its last id.
    async fn next(&mut self) -> Option<SseEvent> {
        if let Some(hello) = self.hello.take() {
            return Some(SseEvent::default().data(hello));
        }
        loop {
            tokio::select! {
                () = self.app.stop.cancelled() => return None,
                delivery = self.feed.next() => {
                    let delivery = delivery.ok()?;
                    self.places.note(&delivery, self.feed.epoch());
                    if let Some(frame) = self.feed.frame(&delivery) {
                        let id = self.places.text(&self.channels);
                        return Some(SseEvent::default().id(id).data(frame));
                    }
                }
                _ = self.beat.tick() => {
                    self.feed.check(&self.app).await.ok()?;
                    return Some(SseEvent::default().data(frame::ping()));
                }
            }
        }
    }
}

/// The position on each channel, as one short text: `epoch:offset:offset`, in the channels' order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    epoch: String,
    offsets: BTreeMap<Channel, u64>,
}

impl Places {
    /// What cannot be read is an old position: the client is told to read its screens again.
    fn parse(text: &str, channels: &[Channel]) -> Self {
        let mut parts = text.split(':');
        let epoch = parts.next().unwrap_or_default().to_owned();
        let offsets = channels
            .iter()
            .map(|channel| (*channel, parts.next().and_then(|part| part.parse().ok()).unwrap_or(0)));
        Self { epoch, offsets: offsets.collect() }
    }

    fn position(&self, channel: Channel) -> Option<Position> {
        let offset = *self.offsets.get(&channel)?;
        Some(Position { epoch: Epoch(self.epoch.as_str().into()), offset })
    }

    fn note(&mut self, delivery: &Delivery, epoch: &str) {
        match delivery {
            Delivery::Joined { channel, position, .. } => self.offsets.insert(*channel, position.offset),
            Delivery::Event(envelope) => self.offsets.insert(envelope.channel, envelope.offset),
            Delivery::Tick { .. } => None,
        };
        epoch.clone_into(&mut self.epoch);
    }

    fn text(&self, channels: &[Channel]) -> String {
        let offsets =
            channels.iter().map(|channel| self.offsets.get(channel).copied().unwrap_or(0).to_string());
        std::iter::once(self.epoch.clone()).chain(offsets).collect::<Vec<_>>().join(":")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_their_text() {
        let ids = base::Ids::counted();
        let channels = [Channel::workspace(ids.new_id()), Channel::user(ids.new_id())];
        let places = Places { epoch: "abc".into(), offsets: [(channels[0], 7), (channels[1], 0)].into() };
        assert_eq!(places.text(&channels), "abc:7:0");
        assert_eq!(Places::parse("abc:7:0", &channels), places);
        let broken = Places::parse("nonsense", &channels);
        assert_eq!(broken.position(channels[0]).map(|position| position.offset), Some(0));
        assert!(Places::default().position(channels[0]).is_none());
    }
}
