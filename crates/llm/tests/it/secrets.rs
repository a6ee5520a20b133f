//! Prompts with secrets in them, held to the rules that the product uses: none of a thousand leaves, and code is left alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use llm::{Prompt, Redactor, Request, Speaker};

const CANARIES: usize = 1_000;

fn redactor() -> Redactor {
    Redactor::new(Arc::new(analysis::inventory::credentials))
}

/// Letters that look drawn, the same in every run (xorshift, Marsaglia 2003).
struct Drawn(u64);

impl Drawn {
    fn next(&mut self, alphabet: &str, many: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..many)
            .map(|_| {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                alphabet[usize::try_from(self.0 % alphabet.len() as u64).unwrap()]
            })
            .collect()
    }
}

const ANY: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &str = "0123456789abcdef";

/// A text with a secret, and the part of it that nobody may read.
fn kinds(drawn: &mut Drawn) -> Vec<(String, String)> {
    let mut kind = |before: &str, alphabet, many, after: &str| {
        let secret = drawn.next(alphabet, many);
        (format!("{before}{secret}{after}"), secret)
    };
    vec![
        kind("AKIA", UPPER, 16, ""),
        kind("ghp_", ANY, 36, ""),
        kind("glpat-", ANY, 20, ""),
        kind("xoxb-123456789012-", ANY, 24, ""),
        kind("sk_live_", ANY, 24, ""),
        kind("AIza", ANY, 35, ""),
        kind("npm_", ANY, 36, ""),
        kind("hf_", LETTERS, 34, ""),
        kind("sk-ant-api03-", ANY, 80, ""),
        kind("SG.abcdefghijklmnopqrstuv.", ANY, 43, ""),
        kind("dop_v1_", HEX, 64, ""),
        kind("shpat_", HEX, 32, ""),
        kind("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", ANY, 43, ""),
        kind("postgres://app:", ANY, 16, "@db.internal/app"),
        kind("DB_PASSWORD=", ANY, 18, ""),
        kind("Authorization: Bearer ", ANY, 40, ""),
        kind("-----BEGIN RSA PRIVATE KEY-----\n", ANY, 64, "\n-----END RSA PRIVATE KEY-----"),
    ]
}

/// Ways in which a text gets into a prompt.
fn carriers(text: &str) -> Vec<String> {
    let (left, right) = text.split_at(text.len() / 2 + 1);
    let coded: String = text
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let hex = hex::encode(text);
    vec![
        format!("Why does {text} not work?"),
        format!("diff --git a/.env b/.env\n@@ -1 +1 @@\n-{text}\n+changed\n"),
        format!("{{\"value\": \"{text}\", \"more\": 1}}"),
        format!("```yaml\nenv:\n  VALUE: '{text}'\n```"),
        format!("// TODO remove {text}"),
        format!("{left}\u{200b}{right}"),
        format!("let value = \"{left}\" + \"{right}\";"),
        format!("value = (\"{left}\"\n         \"{right}\")"),
        format!("run --value {left}\\\n{right}"),
        format!("data:\n  value: {}\n", STANDARD.encode(text)),
        format!("blob {hex} end"),
        format!("GET /search?q={coded} HTTP/1.1"),
    ]
}

#[test]
fn none_of_a_thousand_secrets_leaves() {
    let (redactor, mut drawn) = (redactor(), Drawn(0x9e37_79b9_7f4a_7c15));
    let (mut tried, mut left) = (0, Vec::new());
    'all: loop {
        for (text, secret) in kinds(&mut drawn) {
            for (way, carried) in carriers(&text).into_iter().enumerate() {
                let prompt =
                    Prompt { system: String::new(), turns: vec![(Speaker::Person, carried)], most_tokens: 1 };
                let (request, removed) = Request::of(&prompt, &redactor);
                let said = request.turns[0].text.as_str();
                // Neither as it is, nor a half of it, nor behind an encoding.
                let end = &secret[secret.len() - 8..];
                let hex = hex::encode(end);
                let encoded = STANDARD.encode(&text);
                let inside = &encoded[encoded.len() / 2..encoded.len() / 2 + 12];
                if removed.is_empty() || said.contains(end) || said.contains(&hex) || said.contains(inside) {
                    left.push(format!("way {way}: {}", said.replace('\n', "\\n")));
                }
                tried += 1;
                if tried == CANARIES {
                    break 'all;
                }
            }
        }
    }
    assert!(left.is_empty(), "{} of {tried} left:\n{}", left.len(), left.join("\n"));
}

#[test]
fn code_is_left_as_it_is() {
    let redactor = redactor();
    let (mut lines, mut changed) = (0_usize, Vec::new());
    for folder in ["storage/src", "jobs/src", "events/src", "server/src/routes", "retrieval/src"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            let text = fs::read_to_string(file).unwrap();
            lines += text.lines().count();
            let redacted = redactor.redact(&text).0;
            let differ = text.lines().zip(redacted.as_str().lines()).filter(|(was, is)| was != is);
            changed.extend(differ.map(|(was, _)| was.to_owned()));
        }
    }
    assert!(lines > 5_000, "{lines}");
    assert!(changed.len() * 100 <= lines, "{} of {lines} lines:\n{}", changed.len(), changed.join("\n"));
}
