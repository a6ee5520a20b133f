//! Whoever asks: over connections that stay open, with a clock beside them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use super::upstream::{Pace, now};

/// How long an answer may let wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked: as long as a question with a little code.
const QUESTION: &str = "Why does the client below retry three times, and what would you change about it?\n\
                        async fn call(&self) -> Result<Answer> {\n    for attempt in 0..3 {\n        match self.once().await {\n            \
                        Ok(answer) => return Ok(answer),\n            Err(error) if attempt == 2 => return Err(error),\n            \
                        Err(_) => sleep(Duration::from_millis(100 << attempt)).await,\n        }\n    }\n    unreachable!()\n}\n";

/// Somebody who answers as OpenAI does.
#[derive(Clone)]
pub(super) struct Target {
    address: SocketAddr,
    key: String,
}

impl Target {
    pub(super) fn new(address: SocketAddr, key: &str) -> Self {
        Self { address, key: key.to_owned() }
    }

    fn request(&self, pace: Pace, stream: bool) -> Vec<u8> {
        let body = json!({
            "model": pace.model(), "stream": stream, "max_tokens": 100,
            "messages": [{ "role": "user", "content": QUESTION }],
        })
        .to_string();
        let (address, key, long) = (self.address, &self.key, body.len());
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {long}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// A connection.
struct Line(BufReader<TcpStream>);

impl Line {
    fn open(target: &Target) -> Result<Self> {
        let stream = TcpStream::connect(target.address).context("it takes no connections")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks, and hands on what comes as it comes.
    fn ask(&mut self, request: &[u8], mut heard: impl FnMut(&[u8])) -> Result<()> {
        self.0.get_mut().write_all(request)?;
        let status = self.text()?;
        let (mut long, mut chunked) = (0, false);
        loop {
            let line = self.text()?.to_ascii_lowercase();
            let Some((name, value)) = line.split_once(':') else { break };
            match name {
                "content-length" => long = value.trim().parse()?,
                "transfer-encoding" => chunked = value.trim() == "chunked",
                _ => {}
            }
        }
        let mut whole = Vec::new();
        let failed = !status.contains(" 200 ");
        let mut heard = |part: &[u8]| if failed { whole.extend_from_slice(part) } else { heard(part) };
        if chunked {
            loop {
                let size =
                    usize::from_str_radix(self.text()?.trim(), 16).context("a chunk's size is no number")?;
                let part = self.part(size + 2)?;
                if size == 0 {
                    break;
                }
                heard(&part[..size]);
            }
        } else {
            heard(&self.part(long)?);
        }
        if failed {
            bail!("{}: {}", status.trim(), String::from_utf8_lossy(&whole));
        }
        Ok(())
    }

    fn text(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.0.read_line(&mut line)? > 0, "the connection was closed");
        Ok(line)
    }

    fn part(&mut self, long: usize) -> Result<Vec<u8>> {
        let mut part = vec![0; long];
        self.0.read_exact(&mut part)?;
        Ok(part)
    }
}

/// Does the same several times at once, and gives what all of it came to.
fn at_once(times: usize, work: impl Fn() -> Result<Vec<f64>> + Sync) -> Result<Vec<f64>> {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..times).map(|_| scope.spawn(&work)).collect();
        let mut all = Vec::new();
        for worker in workers {
            let Ok(done) = worker.join() else { bail!("a worker did not end") };
            all.extend(done?);
        }
        Ok(all)
    })
}

/// Microseconds of each of so many whole answers, asked for over so many connections.
pub(super) fn whole(target: &Target, connections: usize, requests: usize) -> Result<Vec<f64>> {
    let request = target.request(Pace::AtOnce, false);
    at_once(connections, || {
        let mut line = Line::open(target)?;
        let mut times = Vec::new();
        for _ in 0..requests.div_ceil(connections) {
            let (began, mut answer) = (now(), Vec::new());
            line.ask(&request, |part| answer.extend_from_slice(part))?;
            times.push(now() - began);
            let words = left(&answer).count();
            ensure!(
                words == Pace::AtOnce.words(),
                "{words} words came: {}",
                String::from_utf8_lossy(&answer)
            );
        }
        Ok(times)
    })
}

/// Microseconds from the leaving of each word of so many streams at once to its arrival.
pub(super) fn words(target: &Target, streams: usize) -> Result<Vec<f64>> {
    let request = target.request(Pace::Steady, true);
    at_once(streams, || {
        let mut delays = Vec::new();
        Line::open(target)?.ask(&request, |part| {
            let arrived = now();
            delays.extend(left(part).map(|left| arrived - left));
        })?;
        ensure!(delays.len() == Pace::Steady.words(), "{} words came", delays.len());
        Ok(delays)
    })
}

/// When the words in a text left.
fn left(text: &[u8]) -> impl Iterator<Item = f64> {
    text.split(|byte| *byte == b'@').skip(1).filter_map(|after| {
        let end = after.iter().position(|byte| *byte == b';')?;
        std::str::from_utf8(&after[..end]).ok()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::super::upstream;
    use super::*;

    #[test]
    fn words_say_when_they_left() {
        assert_eq!(left(b"x@12; @7;\"@9").collect::<Vec<_>>(), [12.0, 7.0]);
    }

    #[test]
    fn both_ends_understand_each_other() {
        let target = Target::new(upstream::start().unwrap(), "");
        assert_eq!(whole(&target, 2, 4).unwrap().len(), 4);
        let delays = words(&target, 1).unwrap();
        assert!(
            delays.len() == Pace::Steady.words() && delays.iter().all(|delay| *delay > -1.0),
            "{delays:?}"
        );
    }
}
