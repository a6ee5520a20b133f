//! JSON, and what tools write that call it JSON: comments and trailing commas are let through.
//!
//! `serde_json` would do but for the lines: it does not say where a value stands.

use super::{DEPTH, Node, Value};

/// Reads a document. `None` when it is not one or nests too deeply.
pub(crate) fn json(text: &str) -> Option<Node> {
    let mut reader = Reader { text: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0, line: 1 };
    let node = reader.value(0)?;
    reader.space();
    (reader.at == reader.text.len()).then_some(node)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                b'/' if self.text[self.at..].starts_with("//") => {
                    let rest = &self.text.as_bytes()[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    continue;
                }
                b'/' if self.text[self.at..].starts_with("/*") => {
                    let rest = &self.text[self.at + 2..];
                    let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
                    self.line += newlines(&rest[..length]);
                    self.at += 2 + length;
                    continue;
                }
                _ => return,
            }
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.space();
        let line = self.line;
        let value = match self.peek()? {
            _ if depth > DEPTH => return None,
            b'{' => Value::Map(self.map(depth)?),
            b'[' => Value::List(self.list(depth)?),
            b'"' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        Some(Node { line, value })
    }

    fn map(&mut self, depth: usize) -> Option<Vec<(String, Node)>> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space();
            if self.take(b'}') {
                return Some(entries);
            }
            let line = self.line;
            let key = self.string()?;
            self.space();
            if !self.take(b':') {
                return None;
            }
            let value = self.value(depth + 1)?.value;
            entries.push((key, Node { line, value }));
            self.space();
            if !self.take(b',') && self.peek() != Some(b'}') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.take(b']') {
                return Some(items);
            }
            items.push(self.value(depth + 1)?);
            self.space();
            if !self.take(b',') && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += memchr::memchr3(b'"', b'\\', b'\n', rest)?;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => return None,
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at)?;
        if escaped { serde_json::from_str(raw).ok() } else { Some(raw[1..raw.len() - 1].to_owned()) }
    }

    fn word(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let length =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        self.at += length;
        match &rest[..length] {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                Some(Value::Text(number.to_owned()))
            }
            _ => None,
        }
    }
}

fn newlines(text: &str) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX)
}
