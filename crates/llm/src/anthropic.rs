//! Anthropic's Messages API.

use std::collections::VecDeque;

use base::Secret;
use outbound::Client;
use serde_json::json;
use url::Url;

use crate::provider::{Failure, Model, Part, Parts, Pending, Provider, Stop, Usage};
use crate::reading::{self, Decode, Refused, Service};
use crate::request::{Request, Speaker};
use crate::sse::Events;

/// The version of the interface that is spoken.
const VERSION: &str = "2023-06-01";

/// A service that speaks the Messages API.
pub struct Anthropic {
    service: Service,
    key: Secret,
}

impl Anthropic {
    /// The service at `base`, to which `v1/messages` is added.
    pub fn new(name: impl Into<String>, base: Url, key: Secret, client: Client) -> Self {
        Self { service: Service::new(name.into(), base, client), key }
    }
}

impl Provider for Anthropic {
    fn name(&self) -> &str {
        &self.service.name
    }

    fn ask<'a>(
        &'a self,
        model: &'a str,
        request: &'a Request,
    ) -> Pending<'a, Result<Box<dyn Parts>, Failure>> {
        let messages: Vec<_> = request
            .turns
            .iter()
            .map(|turn| {
                let role = match turn.speaker {
                    Speaker::Person => "user",
                    Speaker::Model => "assistant",
                };
                json!({ "role": role, "content": turn.text.as_str() })
            })
            .collect();
        let mut body = json!({ "model": model, "max_tokens": request.most_tokens, "stream": true, "messages": messages });
        if !request.system.as_str().is_empty() {
            body["system"] = json!(request.system.as_str());
        }
        Box::pin(async move {
            let call = self.service.post("v1/messages")?.header("anthropic-version", VERSION);
            let call = call.secret_header("x-api-key", &self.key).json(&body);
            self.service.stream(call, model, Messages::default()).await
        })
    }

    fn silent(&self) {
        self.service.silent();
    }

    fn models(&self) -> Pending<'_, Result<Vec<Model>, Failure>> {
        Box::pin(async move {
            let call = self.service.get("v1/models?limit=1000")?.header("anthropic-version", VERSION);
            let answer = self.service.read(call.secret_header("x-api-key", &self.key)).await?;
            let models = answer["data"].as_array().ok_or_else(|| Failure::Garbage(self.name().to_owned()))?;
            let names = models.iter().filter_map(|model| model["id"].as_str());
            let mut models: Vec<Model> =
                names.map(|name| Model { name: name.to_owned(), context: None }).collect();
            models.sort();
            Ok(models)
        })
    }
}

#[derive(Default)]
struct Messages {
    events: Events,
    stop: Option<Stop>,
}

impl Decode for Messages {
    fn line(&mut self, line: &str, parts: &mut VecDeque<Part>) -> Result<(), Refused> {
        let Some(event) = self.events.line(line) else { return Ok(()) };
        let said = reading::json(&event.data)?;
        match said["type"].as_str() {
            Some("message_start") => parts.extend(used(&said["message"]["usage"])),
            Some("content_block_delta") => parts.extend(reading::text(&said["delta"]["text"])),
            Some("message_delta") => {
                self.stop = match said["delta"]["stop_reason"].as_str() {
                    Some("max_tokens" | "model_context_window_exceeded") => Some(Stop::Length),
                    Some("refusal") => Some(Stop::Refused),
                    Some(_) => Some(Stop::Done),
                    None => self.stop,
                };
                parts.extend(used(&said["usage"]));
            }
            Some("message_stop") => parts.push_back(Part::Ended(self.stop.unwrap_or(Stop::Done))),
            Some("error") => return Err(reading::failed(&said)),
            // Later versions may send more; clients are asked to let it pass.
            Some(_) => {}
            None => return Err(Refused::Garbage),
        }
        Ok(())
    }
}

fn used(usage: &serde_json::Value) -> Option<Part> {
    let count = |name| usage[name].as_u64().unwrap_or(0);
    let read = Usage { input: count("input_tokens"), output: count("output_tokens") };
    let cached = |name| Usage { input: count(name), output: 0 };
    let usage = read.plus(cached("cache_creation_input_tokens")).plus(cached("cache_read_input_tokens"));
    (usage != Usage::default()).then_some(Part::Used(usage))
}
