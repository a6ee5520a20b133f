//! An answer as it is written, in server-sent events.
//!
//! A task of its own hands them to the reader, so that what an answer holds is given back also where nobody reads any more.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use llm::{Answer, Piece};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Sender};
use tokio_util::sync::CancellationToken;

use super::ask::StreamOptions;
use super::wire::Head;
use super::{Place, refusal, wire};
use crate::problem::Problem;
use crate::state::AppState;

/// How often a comment is sent while nothing happens between words: for proxies that cut what is silent, and to learn that
/// nobody reads.
const ALIVE: Duration = Duration::from_secs(10);

/// Events that wait for their reader.
const WAITING: usize = 4;

/// What the last event says.
const DONE: &str = "[DONE]";

/// An answer on its way. Dropped, it ends upstream.
struct Streamed {
    _place: Place,
    head: Head,
    answer: Answer,
    usage: bool,
    stop: CancellationToken,
    /// What is sent next.
    events: VecDeque<String>,
    over: bool,
}

/// The answer from its first word on. What refuses before that is no stream.
pub(super) async fn stream(
    app: &AppState,
    head: Head,
    mut answer: Answer,
    shown: StreamOptions,
    place: Place,
) -> Result<Response, Problem> {
    let stop = app.stop.clone();
    let first = tokio::select! {
        first = answer.next() => first,
        () = stop.cancelled() => return Err(refusal::stopping()),
    };
    if let Some(Piece::Ended(Err(refused))) = &first {
        return Err(refusal::refused(refused, head.at));
    }
    let usage = shown.include_usage == Some(true);
    let mut state =
        Streamed { _place: place, head, answer, usage, stop, events: VecDeque::new(), over: false };
    state.say(&state.head.part(&json!({ "role": "assistant", "content": "" })));
    if let Some(first) = first {
        state.take(first);
    }
    let (reader, events) = mpsc::channel(WAITING);
    app.tracker.spawn(state.hand_on(reader, app.config.request_timeout));
    let events = stream::unfold(events, |mut events| async move {
        let event: String = events.recv().await?;
        Some((Ok::<_, Infallible>(Event::default().data(event)), events))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // nginx holds answers back otherwise.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Streamed {
    /// Hands the events on, as long as there is a reader who takes each in that time.
    async fn hand_on(mut self, reader: Sender<String>, patience: Duration) {
        loop {
            let event = tokio::select! {
                event = self.next() => event,
                () = reader.closed() => return,
            };
            let Some(event) = event else { return };
            // A server that stops waits for nobody, but what there is room for is still said.
            let taken = tokio::select! {
                biased;
                taken = reader.send_timeout(event, patience) => taken.is_ok(),
                () = self.stop.cancelled() => false,
            };
            if !taken {
                return;
            }
        }
    }

    /// The next event; `None` after the last.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            let piece = tokio::select! {
                piece = self.answer.next() => piece,
                () = self.stop.cancelled() => {
                    self.fail(&refusal::stopping());
                    continue;
                }
            };
            self.take(piece?);
        }
    }

    /// Has sent what follows from a piece.
    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.say(&self.head.part(&json!({ "content": text }))),
            Piece::Ended(Ok(outcome)) => {
                let Some(stop) = outcome.stop else { return self.fail(&refusal::broke_off(&outcome)) };
                self.say(&self.head.last(stop, &outcome));
                if self.usage {
                    self.say(&self.head.used(&outcome));
                }
                self.events.push_back(DONE.to_owned());
                self.over = true;
            }
            Piece::Ended(Err(refused)) => self.fail(&refusal::refused(&refused, self.head.at)),
        }
    }

    fn say(&mut self, part: &Value) {
        self.events.push_back(part.to_string());
    }

    /// Says in the middle of a stream that it went wrong: the status is sent already. Such a stream has no last event.
    fn fail(&mut self, problem: &Problem) {
        problem.log();
        self.say(&wire::error(&problem.document(self.head.id)));
        self.over = true;
    }
}
