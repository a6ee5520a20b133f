//! Ollama's own API.

use std::collections::VecDeque;

use outbound::Client;
use serde_json::json;
use url::Url;

use crate::openai::messages;
use crate::provider::{Failure, Model, Part, Parts, Pending, Provider, Stop, Usage};
use crate::reading::{self, Decode, Refused, Service};
use crate::request::Request;

/// Where it listens unless it was told otherwise.
pub const USUAL: &str = "http://127.0.0.1:11434";

/// An Ollama server.
pub struct Ollama {
    service: Service,
}

impl Ollama {
    /// The server at `base`, to which `api/chat` is added.
    pub fn new(name: impl Into<String>, base: Url, client: Client) -> Self {
        Self { service: Service::new(name.into(), base, client) }
    }
}

impl Provider for Ollama {
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
            "options": { "num_predict": request.most_tokens },
            "messages": messages(request),
        });
        Box::pin(async move {
            let call = self.service.post("api/chat")?.json(&body);
            self.service.stream(call, model, Chat).await
        })
    }

    fn silent(&self) {
        self.service.silent();
    }

    fn models(&self) -> Pending<'_, Result<Vec<Model>, Failure>> {
        Box::pin(async move {
            let answer = self.service.read(self.service.get("api/tags")?).await?;
            let models =
                answer["models"].as_array().ok_or_else(|| Failure::Garbage(self.name().to_owned()))?;
            let names = models.iter().filter_map(|model| model["name"].as_str());
            let mut models: Vec<Model> =
                names.map(|name| Model { name: name.to_owned(), context: None }).collect();
            models.sort();
            Ok(models)
        })
    }
}

struct Chat;

impl Decode for Chat {
    fn line(&mut self, line: &str, parts: &mut VecDeque<Part>) -> Result<(), Refused> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let said = reading::json(line)?;
        if said["error"].is_string() {
            return Err(reading::failed(&said));
        }
        let done = said["done"].as_bool();
        if done.is_none() && !said["message"].is_object() {
            return Err(Refused::Garbage);
        }
        parts.extend(reading::text(&said["message"]["content"]));
        if done == Some(true) {
            let count = |name| said[name].as_u64().unwrap_or(0);
            parts.push_back(Part::Used(Usage {
                input: count("prompt_eval_count"),
                output: count("eval_count"),
            }));
            let length = said["done_reason"].as_str() == Some("length");
            parts.push_back(Part::Ended(if length { Stop::Length } else { Stop::Done }));
        }
        Ok(())
    }
}
