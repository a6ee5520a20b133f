//! An answer that arrives over HTTP, decoded as it comes.

use std::collections::VecDeque;
use std::time::Duration;

use outbound::{Client, Limits, Request as Call, Streaming};
use serde_json::Value;
use url::Url;

use crate::lines::Lines;
use crate::provider::{Failure, Part, Parts, Pending};

/// What an answer may take. How long its first word may, and the silence between two, is for the gateway to say, which
/// knows the route: the first token of a long prompt on a small machine takes its time.
const ANSWERING: Limits =
    Limits { one_try: Duration::from_hours(1), all_tries: Duration::from_hours(1), answer: 16 << 20 };

/// The longest reason of a provider that is passed on, in characters.
const REASON: usize = 300;

/// What a provider sent cannot be understood.
pub(crate) struct Garbage;

/// Turns lines into parts.
pub(crate) trait Decode: Send {
    /// Takes a line of the stream.
    fn line(&mut self, line: &str, parts: &mut VecDeque<Part>) -> Result<(), Refused>;
}

/// Why a line ends the answer.
pub(crate) enum Refused {
    /// It cannot be understood.
    Garbage,
    /// It says that the provider failed.
    Failed(String),
}

impl From<Garbage> for Refused {
    fn from(_: Garbage) -> Self {
        Self::Garbage
    }
}

/// A service over HTTP: where it is, and how it is called in messages.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) base: Url,
    answering: Client,
    reading: Client,
}

impl Service {
    /// The service at `base`, an address that all of its paths follow. What is known of it is known to `client`.
    pub(crate) fn new(name: String, mut base: Url, client: Client) -> Self {
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self {
            name,
            base,
            answering: client.clone().within(ANSWERING),
            reading: client.within(Limits::default()),
        }
    }

    /// A call that asks for an answer.
    pub(crate) fn post(&self, path: &str) -> Result<Call<'_>, Failure> {
        Ok(self.answering.post(self.url(path)?))
    }

    /// A call that reads.
    pub(crate) fn get(&self, path: &str) -> Result<Call<'_>, Failure> {
        Ok(self.reading.get(self.url(path)?))
    }

    /// Counts against it that it kept somebody waiting until they gave up: such a call is dropped, which alone says nothing.
    pub(crate) fn silent(&self) {
        self.answering.guard().broke_off(&"it said nothing in the time it was given");
    }

    fn url(&self, path: &str) -> Result<Url, Failure> {
        self.base.join(path).map_err(|error| self.down(error.to_string()))
    }

    /// Sends a call and decodes its answer as it comes.
    pub(crate) async fn stream(
        &self,
        call: Call<'_>,
        model: &str,
        decode: impl Decode + 'static,
    ) -> Result<Box<dyn Parts>, Failure> {
        let streaming = call.stream().await.map_err(|error| self.failure(&error, model))?;
        Ok(Box::new(Reading {
            name: self.name.clone(),
            streaming,
            lines: Lines::default(),
            decode,
            parts: VecDeque::new(),
            state: State::Open,
        }))
    }

    /// Sends a call and reads its answer as JSON.
    pub(crate) async fn read(&self, call: Call<'_>) -> Result<Value, Failure> {
        let answer = call.send().await.map_err(|error| self.failure(&error, ""))?;
        answer.json().map_err(|_| Failure::Garbage(self.name.clone()))
    }

    fn down(&self, detail: String) -> Failure {
        Failure::Down { provider: self.name.clone(), detail }
    }

    /// What a failed call means.
    fn failure(&self, error: &outbound::Error, model: &str) -> Failure {
        let provider = self.name.clone();
        let outbound::Error::Status(answer) = error else {
            return match error {
                outbound::Error::Resting(after) => Failure::Busy { provider, retry_after: Some(*after) },
                other => self.down(other.to_string()),
            };
        };
        let detail = reason(&answer.body);
        let says = |words: &[&str]| {
            let detail = detail.to_ascii_lowercase();
            words.iter().any(|word| detail.contains(word))
        };
        match answer.status {
            401 | 403 => Failure::Key(provider),
            404 if !model.is_empty() => Failure::UnknownModel { provider, model: model.to_owned() },
            413 => Failure::TooLong(detail),
            // How long the answer may be, which a shorter prompt does not change.
            400 | 422
                if says(&["max_tokens", "max_completion_tokens", "output tokens", "completion tokens"])
                    && !says(&["context", "prompt", "input"]) =>
            {
                Failure::Refused { provider, status: answer.status, detail }
            }
            400 | 422
                if says(&["context", "too long", "maximum", "exceed"])
                    && says(&["token", "context", "prompt"]) =>
            {
                Failure::TooLong(detail)
            }
            400 if says(&["model"]) && says(&["not found", "does not exist", "unknown", "invalid model"]) => {
                Failure::UnknownModel { provider, model: model.to_owned() }
            }
            429 | 503 | 529 => Failure::Busy { provider, retry_after: answer.retry_after },
            status @ 500..=599 => self.down(format!("it answered with status {status}")),
            status => Failure::Refused { provider, status, detail },
        }
    }
}

/// What an error's body gives as the reason: `{"error": {"message": ..}}` of most, `{"error": ".."}` of others. A key that
/// it may quote is cut with all that is long, and what is no letter goes: not every database keeps it.
fn reason(body: &[u8]) -> String {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &document["error"];
    let said = error["message"].as_str().or(error.as_str()).or(document["message"].as_str());
    let plain: String = said
        .unwrap_or("it gave no reason")
        .chars()
        .filter(|&letter| letter.is_whitespace() || !letter.is_control())
        .collect();
    let words = plain.split_whitespace();
    let short = |word: &str| if word.chars().count() > 60 { "…".to_owned() } else { word.to_owned() };
    words.map(short).collect::<Vec<_>>().join(" ").chars().take(REASON).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// More may come.
    Open,
    /// The model said that it is done; counts may still follow.
    Ended,
    /// Nothing more is read.
    Closed,
}

struct Reading<D> {
    name: String,
    streaming: Streaming,
    lines: Lines,
    decode: D,
    parts: VecDeque<Part>,
    state: State,
}

impl<D: Decode> Parts for Reading<D> {
    fn next(&mut self) -> Pending<'_, Result<Option<Part>, Failure>> {
        Box::pin(async move {
            loop {
                if let Some(part) = self.parts.pop_front() {
                    if self.state == State::Open && matches!(part, Part::Ended(_)) {
                        self.state = State::Ended;
                    }
                    return Ok(Some(part));
                }
                if self.state == State::Closed {
                    return Ok(None);
                }
                let read = self.read().await;
                if read.is_err() {
                    self.state = State::Closed;
                }
                read?;
            }
        })
    }
}

impl<D: Decode> Reading<D> {
    /// Reads the next piece and decodes what is whole of it.
    async fn read(&mut self) -> Result<(), Failure> {
        let piece = match self.streaming.next().await {
            Ok(piece) => piece,
            // It was whole already.
            Err(_) if self.state == State::Ended => None,
            Err(_) => return Err(Failure::BrokeOff(self.name.clone())),
        };
        let name = self.name.clone();
        let garbage = |_| Failure::Garbage(name.clone());
        let Some(piece) = piece else {
            if let Some(line) = self.lines.last().map_err(garbage)? {
                self.decode(&line)?;
                // An event ends with an empty line, also where the stream forgets it.
                self.decode("")?;
            }
            let whole =
                self.state == State::Ended || self.parts.iter().any(|part| matches!(part, Part::Ended(_)));
            self.state = State::Closed;
            return if whole { Ok(()) } else { Err(Failure::BrokeOff(self.name.clone())) };
        };
        self.lines.push(&piece);
        while let Some(line) = self.lines.next().map_err(garbage)? {
            self.decode(&line)?;
        }
        Ok(())
    }

    fn decode(&mut self, line: &str) -> Result<(), Failure> {
        self.decode.line(line, &mut self.parts).map_err(|refused| match refused {
            Refused::Garbage => Failure::Garbage(self.name.clone()),
            Refused::Failed(detail) => Failure::Down { provider: self.name.clone(), detail },
        })
    }
}

/// A line of JSON.
pub(crate) fn json(text: &str) -> Result<Value, Garbage> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err(Garbage),
    }
}

/// What an error in the stream gives as its reason.
pub(crate) fn failed(event: &Value) -> Refused {
    Refused::Failed(reason(event.to_string().as_bytes()))
}

/// A text, if there is one that is not empty.
pub(crate) fn text(value: &Value) -> Option<Part> {
    value.as_str().filter(|text| !text.is_empty()).map(|text| Part::Text(text.to_owned()))
}
