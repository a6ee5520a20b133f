//! An answer as server-sent events, while it is written.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use base::Actor;
use base::id::RequestId;
use futures_util::{StreamExt as _, stream};
use mentor::answer::{Answering, Said};

use super::wire::{left_out_to_api, message_to_api, source_to_api, step_to_api, thread_to_api};
use crate::problem::Problem;

/// How often a comment is sent while nothing happens: for proxies that cut what is silent, and to learn that nobody reads.
const ALIVE: Duration = Duration::from_secs(10);

/// The answer to a question that was asked: what happens, as it happens. The reader's leaving ends it.
pub(super) fn stream(answering: Answering, actor: Actor, request: RequestId) -> Response {
    let Answering { begun, mut said } = answering;
    let asked = api::ChatEvent::Asked {
        thread: thread_to_api(begun.thread, &actor),
        question: message_to_api(begun.question),
        answer: begun.answer.id,
    };
    let mut first = Some(asked);
    let events = stream::poll_fn(move |context| {
        if let Some(first) = first.take() {
            return std::task::Poll::Ready(Some(event(&first)));
        }
        said.poll_recv(context).map(|said| said.map(|said| event(&said_to_api(said, request))))
    });
    let mut response = Sse::new(events.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::new().interval(ALIVE))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx holds answers back otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn said_to_api(said: Said, request: RequestId) -> api::ChatEvent {
    match said {
        Said::Step(step) => step_to_api(step),
        Said::Sources(sources, left_out) => {
            let sources = sources.into_iter().map(source_to_api).collect();
            api::ChatEvent::Sources { sources, left_out: left_out_to_api(left_out) }
        }
        Said::Text(text) => api::ChatEvent::Text { text },
        Said::Ended(message) => api::ChatEvent::Ended { message: message_to_api(*message) },
        Said::Failed(why) => {
            let problem = Problem::internal(why);
            problem.log();
            api::ChatEvent::Problem { problem: problem.document(request) }
        }
    }
}

fn event(event: &api::ChatEvent) -> Event {
    let name = match event {
        api::ChatEvent::Asked { .. } => "asked",
        api::ChatEvent::Step { .. } => "step",
        api::ChatEvent::Sources { .. } => "sources",
        api::ChatEvent::Text { .. } => "text",
        api::ChatEvent::Ended { .. } => "ended",
        api::ChatEvent::Problem { .. } => "problem",
    };
    Event::default().event(name).data(serde_json::to_string(event).unwrap_or_default())
}
