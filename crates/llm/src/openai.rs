//! The Chat Completions API, which many servers speak.

use std::collections::VecDeque;

use base::Secret;
use outbound::{Client, Request as Call};
use serde_json::json;
use url::Url;

use crate::provider::{Failure, Model, Part, Parts, Pending, Provider, Stop, Usage};
use crate::reading::{self, Decode, Refused, Service};
use crate::request::{Request, Speaker};
use crate::sse::Events;

/// What an event says that ends the stream.
const DONE: &str = "[DONE]";

/// A service that speaks Chat Completions.
pub struct OpenAi {
    service: Service,
    key: Option<Secret>,
    limit: &'static str,
}

impl OpenAi {
    /// The service at `base`, to which `chat/completions` is added: it usually ends with `/v1`. Servers of one's own may
    /// need no key.
    pub fn new(name: impl Into<String>, base: Url, key: Option<Secret>, client: Client) -> Self {
        Self { service: Service::new(name.into(), base, client), key, limit: "max_tokens" }
    }

    /// The same for a service that counts what a model thinks into its answer, and refuses the older name of that limit.
    #[must_use]
    pub fn counting_thoughts(self) -> Self {
        Self { limit: "max_completion_tokens", ..self }
    }

    fn signed<'a>(&self, call: Call<'a>) -> Call<'a> {
        match &self.key {
            Some(key) => call.bearer(key),
            None => call,
        }
    }
}

impl Provider for OpenAi {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn ask<'a>(
        &'a self,
        model: &'a str,
        request: &'a Request,
    ) -> Pending<'a, Result<Box<dyn Parts>, Failure>> {
        let body = json!({
            "model": model,
            "stream": true,
            "stream_options": { "include_usage": true },
            self.limit: request.most_tokens,
            "messages": messages(request),
        });
        Box::pin(async move {
            let call = self.signed(self.service.post("chat/completions")?).json(&body);
            self.service.stream(call, model, Chunks::default()).await
        })
    }

    fn silent(&self) {
        self.service.silent();
    }

    fn models(&self) -> Pending<'_, Result<Vec<Model>, Failure>> {
        Box::pin(async move {
            let answer = self.service.read(self.signed(self.service.get("models")?)).await?;
            let models = answer["data"].as_array().ok_or_else(|| Failure::Garbage(self.name().to_owned()))?;
            let names = models.iter().filter_map(|model| model["id"].as_str());
            let mut models: Vec<Model> =
                names.map(|name| Model { name: name.to_owned(), context: None }).collect();
            models.sort();
            Ok(models)
        })
    }
}

/// The conversation, with what the model is to be as its first message.
pub(crate) fn messages(request: &Request) -> Vec<serde_json::Value> {
    let system = Some(request.system.as_str()).filter(|system| !system.is_empty());
    let system = system.map(|system| json!({ "role": "system", "content": system }));
    let turns = request.turns.iter().map(|turn| {
        let role = match turn.speaker {
            Speaker::Person => "user",
            Speaker::Model => "assistant",
        };
        json!({ "role": role, "content": turn.text.as_str() })
    });
    system.into_iter().chain(turns).collect()
}

#[derive(Default)]
struct Chunks {
    events: Events,
    ended: bool,
}

impl Decode for Chunks {
    fn line(&mut self, line: &str, parts: &mut VecDeque<Part>) -> Result<(), Refused> {
        let Some(event) = self.events.line(line) else { return Ok(()) };
        if event.data.trim() == DONE {
            if !self.ended {
                parts.push_back(Part::Ended(Stop::Done));
            }
            return Ok(());
        }
        let said = reading::json(&event.data)?;
        if said["error"].is_object() || said["error"].is_string() {
            return Err(reading::failed(&said));
        }
        // The chunk with the counts has no choices, and the first text may be null.
        let choice = &said["choices"][0];
        parts.extend(reading::text(&choice["delta"]["content"]));
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.ended = true;
            parts.push_back(Part::Ended(match reason {
                "length" => Stop::Length,
                "content_filter" => Stop::Refused,
                _ => Stop::Done,
            }));
        }
        let count = |name| said["usage"][name].as_u64().unwrap_or(0);
        let usage = Usage { input: count("prompt_tokens"), output: count("completion_tokens") };
        if usage != Usage::default() {
            parts.push_back(Part::Used(usage));
        }
        Ok(())
    }
}
