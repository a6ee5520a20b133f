//! An answer as it is written, in server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use llm::{Answer, Piece};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::ask::StreamOptions;
use super::wire::Head;
use super::{Place, refusal, wire};
use crate::problem::Problem;

/// How often a comment is sent while nothing happens: for proxies that cut what is silent, and to learn that nobody reads.
const ALIVE: Duration = Duration::from_secs(10);

/// What the last event says.
const DONE: &str = "[DONE]";

/// An answer on its way. Dropped, it ends upstream.
struct Streamed {
    head: Head,
    answer: Answer,
    usage: bool,
    stop: CancellationToken,
    _place: Place,
    /// What is sent next.
    events: VecDeque<String>,
    over: bool,
}

/// The answer from its first word on. What refuses before that is no stream.
pub(super) async fn stream(
    head: Head,
    mut answer: Answer,
    shown: StreamOptions,
    place: Place,
    stop: CancellationToken,
) -> Result<Response, Problem> {
    let first = match answer.next().await {
        Some(Piece::Ended(Err(refused))) => return Err(refusal::refused(&refused, head.at)),
        first => first,
    };
    let usage = shown.include_usage == Some(true);
    let mut state =
        Streamed { head, answer, usage, stop, _place: place, events: VecDeque::new(), over: false };
    state.say(&state.head.part(&json!({ "role": "assistant", "content": "" })));
    if let Some(first) = first {
        state.take(first);
    }
    let events = stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(Event::default().data(event)), state))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // nginx holds answers back otherwise.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Streamed {
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
