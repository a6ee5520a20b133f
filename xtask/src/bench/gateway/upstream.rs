//! A model that is none: it answers at once, or word by word, and each word says when it left.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// What times are told from.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Time between two words of a steady answer: about as fast as large models write.
const PAUSE: Duration = Duration::from_millis(10);

/// How an answer is written, by the name of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Eight words, all at once.
    AtOnce,
    /// Sixty-four words, one after the other.
    Steady,
}

impl Pace {
    /// The model that answers so.
    pub(super) fn model(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Steady => "steady",
        }
    }

    /// How many words it says.
    pub(super) fn words(self) -> usize {
        match self {
            Self::AtOnce => 8,
            Self::Steady => 64,
        }
    }
}

/// Microseconds since this program began to measure.
pub(super) fn now() -> f64 {
    BEGAN.elapsed().as_secs_f64() * 1e6
}

/// Serves until the program ends; where.
pub(super) fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port is free")?;
    let address = listener.local_addr()?;
    LazyLock::force(&BEGAN);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever goes away in the middle is no failure here.
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

/// Answers what comes over a connection, one after the other.
fn serve(stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut input, mut output) = (BufReader::new(stream.try_clone()?), stream);
    while let Some(asked) = read(&mut input)? {
        let pace = if asked["model"] == Pace::Steady.model() { Pace::Steady } else { Pace::AtOnce };
        if asked["stream"] == true { stream_words(&mut output, pace)? } else { whole(&mut output, pace)? }
    }
    Ok(())
}

/// The next request's body; nothing when no other comes.
fn read(input: &mut impl BufRead) -> Result<Option<Value>> {
    let (mut line, mut long) = (String::new(), 0);
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            bail!("the request has no end of headers");
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            long = value.trim().parse()?;
        }
    }
    let mut body = vec![0; long];
    input.read_exact(&mut body)?;
    Ok(Some(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? }))
}

/// A word that says when it leaves.
fn word() -> String {
    format!("@{:.0}; ", now())
}

fn whole(output: &mut impl Write, pace: Pace) -> Result<()> {
    let text: String = (0..pace.words()).map(|_| word()).collect();
    let message = json!({ "role": "assistant", "content": text });
    let body = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": pace.model(),
        "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }],
        "usage": usage(pace),
    })
    .to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    output.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes())?;
    Ok(())
}

fn stream_words(output: &mut impl Write, pace: Pace) -> Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    output.write_all(head.as_bytes())?;
    for at in 0..pace.words() {
        if pace == Pace::Steady && at > 0 {
            thread::sleep(PAUSE);
        }
        event(
            output,
            &chunk(pace, &json!([{ "index": 0, "delta": { "content": word() }, "finish_reason": null }])),
        )?;
    }
    event(output, &chunk(pace, &json!([{ "index": 0, "delta": {}, "finish_reason": "stop" }])))?;
    let mut used = chunk(pace, &json!([]));
    used["usage"] = usage(pace);
    event(output, &used)?;
    output.write_all(framed("data: [DONE]\n\n").as_bytes())?;
    output.write_all(b"0\r\n\r\n")?;
    Ok(())
}

fn chunk(pace: Pace, choices: &Value) -> Value {
    json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": pace.model(), "choices": choices })
}

fn usage(pace: Pace) -> Value {
    json!({ "prompt_tokens": 20, "completion_tokens": pace.words(), "total_tokens": 20 + pace.words() })
}

fn event(output: &mut impl Write, said: &Value) -> Result<()> {
    output.write_all(framed(&format!("data: {said}\n\n")).as_bytes())?;
    Ok(())
}

/// A chunk of a body.
fn framed(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}
