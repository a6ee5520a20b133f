//! The WebSocket.

use std::time::Duration;

use api::live::ClientFrame;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use base::Actor;
use base::id::SessionId;
use events::{Epoch, Position};
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout};

use crate::live::feed::{Feed, Over};
use crate::live::{Connection, frame};
use crate::state::AppState;

/// The protocol of the frames.
pub(crate) const PROTOCOL: &str = "devmentor.v1";
/// Frames from clients are small.
const MESSAGE_LIMIT: usize = 64 * 1024;
/// A client that takes nothing for so long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Pings that may stay unanswered.
const MISSED_PINGS: u32 = 2;

/// Turns the request into a live channel.
pub(crate) fn accept(
    app: AppState,
    actor: Actor,
    session: SessionId,
    connection: Connection,
    upgrade: WebSocketUpgrade,
) -> Response {
    let tracker = app.tracker.clone();
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MESSAGE_LIMIT)
        .max_frame_size(MESSAGE_LIMIT)
        // A stop waits for the goodbye.
        .on_upgrade(move |socket| tracker.track_future(run(app, actor, session, connection, socket)))
}

async fn run(app: AppState, actor: Actor, session: SessionId, connection: Connection, socket: WebSocket) {
    let _counted = connection;
    let mut channel = match Feed::open(&app, &actor, session).await {
        Ok(feed) => LiveSocket { socket, feed, unanswered: 0 },
        Err(error) => {
            tracing::warn!(error = crate::problem::chain(&error), "a live channel could not be opened");
            return;
        }
    };
    let ended = channel.serve(&app).await;
    let Some(over) = ended else { return };
    tracing::debug!(reason = over.reason(), "live channel closed");
    let close = CloseFrame { code: over.close_code(), reason: over.reason().into() };
    // The client may be gone already.
    drop(timeout(Duration::from_secs(1), channel.socket.send(Message::Close(Some(close)))).await);
}

struct LiveSocket {
    socket: WebSocket,
    feed: Feed,
    /// Pings since the client was last heard of.
    unanswered: u32,
}

impl LiveSocket {
    /// Until it is over; `None` when the client is gone.
    async fn serve(&mut self, app: &AppState) -> Option<Over> {
        // It may have ended between the request's check and the moment from which its end is heard.
        if let Err(over) = self.feed.check(app).await {
            return Some(over);
        }
        let heartbeat = app.config.heartbeat;
        let mut beat = beats(heartbeat);
        let hello = frame::hello(self.feed.epoch(), self.feed.channels(), heartbeat);
        self.send(hello).await?;
        loop {
            tokio::select! {
                () = app.stop.cancelled() => return Some(Over::Stopping),
                delivery = self.feed.next() => match delivery {
                    Ok(delivery) => {
                        if let Some(frame) = self.feed.frame(&delivery) {
                            self.send(frame).await?;
                        }
                    }
                    Err(over) => return Some(over),
                },
                message = self.socket.recv() => self.hear(message?.ok()?).await?,
                _ = beat.tick() => {
                    if self.unanswered >= MISSED_PINGS {
                        return None;
                    }
                    // A session that ran out says nothing; it has to be asked.
                    if let Err(over) = self.feed.check(app).await {
                        return Some(over);
                    }
                    self.unanswered += 1;
                    self.send(frame::ping()).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Option<()> {
        self.unanswered = 0;
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => return None,
            // The library answers control frames by itself.
            Message::Ping(_) | Message::Pong(_) => return Some(()),
            Message::Binary(_) => {
                return self.send(frame::refused("malformed", "Frames are JSON text.")).await;
            }
        };
        match serde_json::from_str(&text) {
            Ok(ClientFrame::Pong {}) => Some(()),
            Ok(ClientFrame::Ping {}) => self.send(frame::pong()).await,
            Ok(ClientFrame::Subscribe { channels }) => {
                for one in channels {
                    let since = one.since.map(position);
                    if let Err(problem) = self.feed.subscribe(&one.channel, since).await {
                        let detail = format!("`{}` cannot be subscribed to.", one.channel);
                        self.send(frame::refused(problem.code(), &detail)).await?;
                    }
                }
                Some(())
            }
            Err(_) => self.send(frame::refused("malformed", "This is not a frame; see ClientFrame.")).await,
        }
    }

    /// `None` when the client does not take it.
    async fn send(&mut self, frame: String) -> Option<()> {
        timeout(SEND_TIMEOUT, self.socket.send(Message::text(frame))).await.ok()?.ok()
    }
}

/// A position as the event log has it.
pub(super) fn position(position: api::live::Position) -> Position {
    Position { epoch: Epoch(position.epoch.into()), offset: position.offset }
}

/// Ticks that begin after one period and do not pile up.
pub(super) fn beats(every: Duration) -> Interval {
    let mut beats = interval_at(tokio::time::Instant::now() + every, every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}
