//! What Chat Completions gives.

use base::Timestamp;
use base::id::RequestId;
use llm::{Outcome, Removed, Stop};
use serde_json::{Value, json};

/// What an answer has in common, whole or in parts.
#[derive(Debug)]
pub(super) struct Head {
    /// Of the request: the answer is found by it in the log.
    pub(super) id: RequestId,
    /// When it was asked for.
    pub(super) at: Timestamp,
    /// Who was asked for. Who answers is known at the end.
    pub(super) model: String,
    /// What was taken out of the prompt.
    pub(super) removed: Vec<Removed>,
    /// Parameters that were not passed on.
    pub(super) ignored: Vec<String>,
}

impl Head {
    /// The whole answer.
    pub(super) fn whole(&self, text: &str, stop: Stop, outcome: &Outcome) -> Value {
        json!({
            "id": self.name(),
            "object": "chat.completion",
            "created": self.at.as_seconds(),
            "model": outcome.model,
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": text, "refusal": null },
                "logprobs": null,
                "finish_reason": reason(stop),
            }],
            "usage": usage(outcome),
            "devmentor": self.besides(outcome),
        })
    }

    /// A part of it; `delta` is what it adds.
    pub(super) fn part(&self, delta: &Value) -> Value {
        let choice = json!({ "index": 0, "delta": delta, "logprobs": null, "finish_reason": null });
        self.chunk(&self.model, &json!([choice]))
    }

    /// The last part, which says why it ended and what is known besides.
    pub(super) fn last(&self, stop: Stop, outcome: &Outcome) -> Value {
        let choice = json!({ "index": 0, "delta": {}, "logprobs": null, "finish_reason": reason(stop) });
        let mut part = self.chunk(&outcome.model, &json!([choice]));
        part["devmentor"] = self.besides(outcome);
        part
    }

    /// What follows the last part where somebody wants to know: what was used.
    pub(super) fn used(&self, outcome: &Outcome) -> Value {
        let mut part = self.chunk(&outcome.model, &json!([]));
        part["usage"] = usage(outcome);
        part
    }

    fn chunk(&self, model: &str, choices: &Value) -> Value {
        json!({
            "id": self.name(),
            "object": "chat.completion.chunk",
            "created": self.at.as_seconds(),
            "model": model,
            "choices": choices,
        })
    }

    fn name(&self) -> String {
        format!("chatcmpl-{}", self.id)
    }

    /// What is known of an answer and has no place in the published shape: who gave it and who did not, what was taken out of
    /// the prompt, what it cost in millionths of the currency of the prices, and which parameters were not passed on.
    fn besides(&self, outcome: &Outcome) -> Value {
        let missed = outcome.missed.iter().map(|missed| {
            json!({ "provider": missed.provider, "model": missed.model, "why": missed.failure.to_string() })
        });
        let redacted = self.removed.iter().map(
            |gone| json!({ "what": gone.what.as_str(), "placeholder": gone.placeholder, "times": gone.times }),
        );
        json!({
            "provider": outcome.provider,
            "missed": missed.collect::<Vec<_>>(),
            "redacted": redacted.collect::<Vec<_>>(),
            "micros": outcome.micros,
            "ignored": self.ignored,
        })
    }
}

/// A model of the list. Nobody knows when it was made.
pub(super) fn model(id: &str, owner: &str) -> Value {
    json!({ "id": id, "object": "model", "created": 0, "owned_by": owner })
}

/// Tokens, as OpenAI counts them.
fn usage(outcome: &Outcome) -> Value {
    let usage = outcome.usage;
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input.saturating_add(usage.output),
    })
}

/// Why an answer ended, in OpenAI's words.
fn reason(stop: Stop) -> &'static str {
    match stop {
        Stop::Done => "stop",
        Stop::Length => "length",
        Stop::Refused => "content_filter",
    }
}

/// A failure in OpenAI's shape.
pub(super) fn error(problem: &api::Problem) -> Value {
    let kind = match problem.status {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    // A pointer into the document is a path there: `messages.0.content`.
    let param = problem.errors.first().map(|error| error.field.trim_start_matches('/').replace('/', "."));
    json!({
        "error": { "message": problem.detail, "type": kind, "param": param, "code": problem.code },
    })
}
