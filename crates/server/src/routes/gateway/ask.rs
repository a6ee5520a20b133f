//! What Chat Completions takes, as far as it is understood here.
//!
//! Of the rest of the published interface, what only shades an answer is taken and not passed on; what would make it another
//! answer, such as tools, is refused, and so is what the interface does not have.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use llm::{Prompt, Speaker};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// What only shades an answer. Programs learn in it that these were not passed on.
const SHADES: [&str; 17] = [
    "frequency_penalty",
    "logit_bias",
    "metadata",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_retention",
    "reasoning_effort",
    "safety_identifier",
    "seed",
    "service_tier",
    "store",
    "temperature",
    "top_p",
    "user",
    "verbosity",
];

/// A request that can be answered.
#[derive(Debug)]
pub(super) struct Ask {
    /// Which model: one of the list.
    pub(super) model: String,
    /// What was said so far. How long its answer may be is not in it.
    pub(super) prompt: Prompt,
    /// Tokens of the answer at most.
    pub(super) most_tokens: Option<u32>,
    /// How it is streamed, where it is.
    pub(super) stream: Option<StreamOptions>,
    /// What is not passed on, by name.
    pub(super) ignored: Vec<String>,
}

/// A request as it is sent.
#[derive(Debug, Deserialize)]
struct Sent {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    max_completion_tokens: Option<u32>,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// How an answer is streamed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct StreamOptions {
    /// Whether a last part says what was used.
    #[serde(default)]
    pub(super) include_usage: Option<bool>,
}

/// Something that was said.
#[derive(Debug, Deserialize)]
struct Message {
    role: String,
    #[serde(default)]
    content: Option<Content>,
    #[serde(default)]
    tool_calls: Option<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// It, whole or in parts.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "`content` is a text or a list of parts")]
enum Content {
    Whole(String),
    Parts(Vec<Part>),
}

/// A part of it.
#[derive(Debug, Deserialize)]
struct Part {
    r#type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Reads a request.
pub(super) fn read(body: &[u8]) -> Result<Ask, Problem> {
    let sent: Sent = serde_json::from_slice(body)
        .map_err(|error| Problem::malformed(format!("This is no request for Chat Completions: {error}.")))?;
    let mut ignored = ignored(&sent.rest)?;
    let mut members = BTreeSet::new();
    let prompt = prompt(sent.messages, &mut members)?;
    ignored.extend(members);
    // The newer name is meant where both are sent.
    let most_tokens = sent.max_completion_tokens.or(sent.max_tokens);
    if most_tokens == Some(0) {
        return Err(refused("/max_tokens", "an answer has at least one token"));
    }
    let stream = (sent.stream == Some(true)).then(|| sent.stream_options.unwrap_or_default());
    Ok(Ask { model: sent.model, prompt, most_tokens, stream, ignored })
}

/// The parameters that are not passed on, unless one has to be refused.
fn ignored(rest: &Map<String, Value>) -> Result<Vec<String>, Problem> {
    let mut ignored = Vec::new();
    for (name, value) in rest.iter().filter(|(_, value)| !value.is_null()) {
        if SHADES.contains(&name.as_str()) {
            ignored.push(name.clone());
            continue;
        }
        let Some((nothing, why)) = other_answer(name, value) else {
            let detail = format!("Unrecognized request argument supplied: {name}.");
            return Err(parameter("unknown_parameter", name, "leave it out", detail));
        };
        if !nothing {
            let detail = format!("`{name}` is not taken here: {why}.");
            return Err(parameter("unsupported_parameter", name, why, detail));
        }
    }
    Ok(ignored)
}

/// Of a parameter that would make another answer, whether its value asks for nothing, and why it may not ask for more.
fn other_answer(name: &str, value: &Value) -> Option<(bool, &'static str)> {
    const TOOLS: &str = "the models are asked for text alone, without tools: leave it out";
    let empty = || value.as_array().is_some_and(Vec::is_empty);
    Some(match name {
        "tools" | "functions" => (empty(), TOOLS),
        "tool_choice" | "function_call" => (value == "none" || value == "auto", TOOLS),
        "web_search_options" => (false, TOOLS),
        "response_format" => {
            (value["type"] == "text", "the form of an answer cannot be promised: ask for it in the prompt")
        }
        "stop" => (empty(), "an answer ends by itself or at `max_tokens`: leave it out"),
        "n" => (value == 1, "one answer is given at a time: leave it out"),
        "logprobs" => (value == false, "probabilities are not given: leave it out"),
        "top_logprobs" => (value == 0, "probabilities are not given: leave it out"),
        "modalities" => (*value == serde_json::json!(["text"]), "answers are text: leave it out"),
        "audio" => (false, "answers are text: leave it out"),
        _ => return None,
    })
}

/// The prompt. What messages have besides their text goes to `ignored`, by name.
fn prompt(messages: Vec<Message>, ignored: &mut BTreeSet<String>) -> Result<Prompt, Problem> {
    let mut prompt = Prompt { most_tokens: 1, ..Prompt::default() };
    for (at, message) in messages.into_iter().enumerate() {
        let speaker = match message.role.as_str() {
            "system" | "developer" => None,
            "user" => Some(Speaker::Person),
            "assistant" => Some(Speaker::Model),
            _ => {
                let why = "only `system`, `developer`, `user` and `assistant` are passed on: tools are not";
                return Err(refused(&format!("/messages/{at}/role"), why));
            }
        };
        let text = text(message, at, ignored)?;
        let Some(speaker) = speaker else {
            if !prompt.system.is_empty() {
                prompt.system.push_str("\n\n");
            }
            prompt.system.push_str(&text);
            continue;
        };
        prompt.turns.push((speaker, text));
    }
    if prompt.turns.is_empty() {
        return Err(refused("/messages", "say something: a message of the role `user` is missing"));
    }
    Ok(prompt)
}

fn text(message: Message, at: usize, ignored: &mut BTreeSet<String>) -> Result<String, Problem> {
    let only_text = |member: &str| {
        let field = format!("/messages/{at}/{member}");
        refused(&field, "only text is passed on: calls of tools and sound are not")
    };
    if message.tool_calls.is_some_and(|calls| calls.as_array().is_none_or(|calls| !calls.is_empty())) {
        return Err(only_text("tool_calls"));
    }
    for name in members(&message.rest) {
        if matches!(name, "function_call" | "audio") {
            return Err(only_text(name));
        }
        ignored.insert(format!("messages.*.{name}"));
    }
    let place = format!("/messages/{at}/content");
    match message.content {
        Some(Content::Whole(text)) => Ok(text),
        Some(Content::Parts(parts)) => {
            for name in parts.iter().filter(|part| part.r#type == "text").flat_map(|part| members(&part.rest))
            {
                ignored.insert(format!("messages.*.content.*.{name}"));
            }
            let texts = parts.into_iter().map(|part| match (part.r#type.as_str(), part.text) {
                ("text", Some(text)) => Ok(text),
                ("image_url" | "input_image", _) => {
                    let why = "the models are not shown images here, only text: leave images out or say what is on them";
                    Err(refused(&place, why))
                }
                (other, _) => Err(refused(&place, &format!("only text is passed on, and this is `{other}`"))),
            });
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join("\n"))
        }
        None => Err(refused(&place, "there is no text")),
    }
}

/// The names of what says something.
fn members(rest: &Map<String, Value>) -> impl Iterator<Item = &str> {
    rest.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str())
}

/// Something in the request is nothing that is passed on.
fn refused(field: &str, why: &str) -> Problem {
    let detail = format!("This is not taken here: {why}.");
    Problem::new(StatusCode::BAD_REQUEST, "invalid_value", "Not taken", detail).with_error(field, why)
}

fn parameter(code: &'static str, name: &str, why: &str, detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, "Not taken", detail).with_error(&format!("/{name}"), why)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(with: &Value) -> Result<Ask, Problem> {
        let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
        body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        read(body.to_string().as_bytes())
    }

    #[test]
    fn what_asks_for_nothing_more_than_a_text_is_taken() {
        let ask = sent(&json!({
            "temperature": 0.2, "seed": 7, "n": 1, "tools": [], "tool_choice": "auto", "stop": null, "logprobs": false,
            "response_format": { "type": "text" }, "max_tokens": 5, "max_completion_tokens": 9, "stream": false,
            "stream_options": null, "modalities": ["text"],
        }))
        .unwrap();
        assert_eq!(ask.ignored, ["seed", "temperature"]);
        assert_eq!((ask.most_tokens, ask.stream.is_none()), (Some(9), true));
    }

    #[test]
    fn what_would_make_another_answer_is_refused_by_its_name() {
        for (name, value, code) in [
            ("tools", json!([{ "type": "function" }]), "unsupported_parameter"),
            ("response_format", json!({ "type": "json_object" }), "unsupported_parameter"),
            ("stop", json!(["\n"]), "unsupported_parameter"),
            ("n", json!(2), "unsupported_parameter"),
            ("logprobs", json!(true), "unsupported_parameter"),
            ("audio", json!({}), "unsupported_parameter"),
            ("max_tokens", json!(0), "invalid_value"),
            ("max_tokens", json!(-1), "malformed"),
            ("tempersture", json!(1), "unknown_parameter"),
        ] {
            let problem = sent(&json!({ name: value })).unwrap_err();
            assert_eq!(problem.code(), code, "{name}");
            let told = problem.document(base::Ids::counted().new_id());
            assert!(code == "malformed" || told.errors[0].field == format!("/{name}"), "{told:?}");
        }
    }

    #[test]
    fn messages_become_a_prompt() {
        let text = |text: &str| json!({ "type": "text", "text": text });
        let cached = json!({ "type": "text", "text": "c", "cache_control": { "type": "ephemeral" } });
        let ask = sent(&json!({ "messages": [
            { "role": "system", "content": "a" },
            { "role": "user", "content": [text("b"), cached] },
            { "role": "assistant", "content": "d", "tool_calls": [], "refusal": null },
            { "role": "developer", "content": "e" },
            { "role": "user", "content": "f", "name": "ann" },
        ] }));
        let Ask { prompt, ignored, .. } = ask.unwrap();
        assert_eq!(ignored, ["messages.*.content.*.cache_control", "messages.*.name"]);
        assert_eq!(prompt.system, "a\n\ne");
        let turns: Vec<_> = prompt.turns.iter().map(|(speaker, text)| (*speaker, text.as_str())).collect();
        assert_eq!(turns, [(Speaker::Person, "b\nc"), (Speaker::Model, "d"), (Speaker::Person, "f")]);

        let image = json!({ "type": "image_url", "image_url": { "url": "data:image/png;base64,AA==" } });
        for (messages, field, words) in [
            (json!([]), "/messages", "say something"),
            (json!([{ "role": "system", "content": "a" }]), "/messages", "say something"),
            (json!([{ "role": "tool", "content": "a" }]), "/messages/0/role", "tools are not"),
            (json!([{ "role": "user", "content": null }]), "/messages/0/content", "no text"),
            (json!([{ "role": "user", "content": [text("a"), image] }]), "/messages/0/content", "images"),
            (
                json!([{ "role": "assistant", "content": "a", "tool_calls": [{}] }]),
                "/messages/0/tool_calls",
                "tools",
            ),
            (
                json!([{ "role": "assistant", "content": "a", "function_call": { "name": "f" } }]),
                "/messages/0/function_call",
                "tools",
            ),
        ] {
            let told =
                sent(&json!({ "messages": messages })).unwrap_err().document(base::Ids::counted().new_id());
            assert_eq!((told.status, told.errors[0].field.as_str()), (400, field), "{messages}");
            assert!(told.detail.contains(words), "{told:?}");
        }
        let told = sent(&json!({ "messages": [{ "role": "user", "content": 5 }] })).unwrap_err();
        let told = told.document(base::Ids::counted().new_id()).detail;
        assert!(told.contains("a text or a list of parts"), "{told}");
    }
}
