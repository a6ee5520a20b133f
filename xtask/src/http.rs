//! Just enough HTTP to talk to our own server on loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// A server on loopback, and the token that signs requests.
pub(crate) struct Client {
    /// Host and port.
    pub(crate) host: String,
    /// The session's token; empty before signing in.
    pub(crate) token: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Client {
    /// Signs in by the link that a server printed.
    pub(crate) fn enter(link: &str) -> Result<Self> {
        let (address, token) = link.split_once('#').context("the link has no token")?;
        let host = address.strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let mut client =
            Self { host: host.context("the link has no address")?.to_owned(), token: String::new() };
        let body = json!({ "token": token, "hand_over": "token" });
        let session = client.post("/api/v1/session", "", Some(&body))?;
        session["token"].as_str().context("no session")?.clone_into(&mut client.token);
        Ok(client)
    }

    /// Sends a request; `key` is its idempotency key, where it changes something.
    pub(crate) fn send(&self, method: &str, path: &str, key: &str, body: Option<&Value>) -> Result<Answer> {
        let body = body.map_or_else(String::new, Value::to_string);
        let mut headers = vec![format!("Host: {}", self.host), "Connection: close".to_owned()];
        if !self.token.is_empty() {
            headers.push(format!("Authorization: Bearer {}", self.token));
        }
        if !key.is_empty() {
            headers.push(format!("Idempotency-Key: {key}"));
        }
        if !body.is_empty() {
            headers.push("Content-Type: application/json".to_owned());
        }
        headers.push(format!("Content-Length: {}", body.len()));
        let request = format!("{method} {path} HTTP/1.1\r\n{}\r\n\r\n{body}", headers.join("\r\n"));
        let mut stream = TcpStream::connect(&self.host).context("the server does not take connections")?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(request.as_bytes())?;
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw).context("the server did not answer")?;
        parse(&raw)
    }

    /// Sends a read; anything but success is an error.
    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let answer = self.send("GET", path, "", None)?;
        if answer.status != 200 {
            bail!("GET {path}: {} {}", answer.status, answer.body);
        }
        Ok(answer.body)
    }

    /// Sends a change; anything but success is an error.
    pub(crate) fn post(&self, path: &str, key: &str, body: Option<&Value>) -> Result<Value> {
        let answer = self.send("POST", path, key, body)?;
        if !(200..300).contains(&answer.status) {
            bail!("POST {path}: {} {}", answer.status, answer.body);
        }
        Ok(answer.body)
    }
}

fn parse(raw: &[u8]) -> Result<Answer> {
    let text = String::from_utf8_lossy(raw);
    let (head, body) = text.split_once("\r\n\r\n").context("the answer has no end of headers")?;
    let status =
        head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("the answer has no status")?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { joined(body)? } else { body.to_owned() };
    let body = if body.trim().is_empty() { Value::Null } else { serde_json::from_str(&body)? };
    Ok(Answer { status, body })
}

/// The chunks of a body, joined.
fn joined(mut body: &str) -> Result<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n").context("a chunk has no size")?;
        let size = usize::from_str_radix(size.trim(), 16).context("a chunk's size is no number")?;
        if size == 0 {
            return Ok(whole);
        }
        whole += rest.get(..size).context("a chunk is cut off")?;
        body = rest.get(size + 2..).context("a chunk is cut off")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood_whole_and_in_chunks() {
        let whole = parse(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{\"a\": 1}").unwrap();
        assert_eq!((whole.status, whole.body["a"].as_u64()), (200, Some(1)));
        let raw = b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n4\r\n: 1}\r\n0\r\n\r\n";
        assert_eq!(parse(raw).unwrap().body["a"].as_u64(), Some(1));
        assert!(parse(b"garbage").is_err());
    }
}
