//! The rules over texts that nobody wrote them for: the examples of one rule, with the input where values stand.
//!
//! Left to itself a fuzzer does not find the calls and keys that rules look for, so their patterns would never be
//! held against anything. Here the rule's own example brings it there, and the input is the value.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use analysis::report::FindingKind;
use serde::Deserialize;

use crate::files::examined;
use crate::parts::{self, Part};

/// Places of one example that the input is put into.
const MOST_PLACES: usize = 6;

/// Bytes of a sentence about a finding.
const LONGEST: usize = 1_000;

/// What files of a language family, or of a kind of infrastructure file, are called.
const PATHS: [(&str, &[&str]); 16] = [
    ("JavaScript", &["a.js", "a.ts", "a.tsx"]),
    ("Python", &["a.py"]),
    ("Rust", &["a.rs"]),
    ("Go", &["a.go"]),
    ("Java", &["a.java"]),
    ("Kotlin", &["a.kt"]),
    ("C#", &["a.cs"]),
    ("PHP", &["a.php"]),
    ("Ruby", &["a.rb"]),
    ("C", &["a.c", "a.cpp"]),
    ("dockerfile", &["Dockerfile"]),
    ("compose", &["compose.yaml"]),
    ("kubernetes", &["a.yaml"]),
    ("workflow", &[".github/workflows/a.yml"]),
    ("gitlab", &[".gitlab-ci.yml"]),
    ("procfile", &["Procfile"]),
];

#[derive(Deserialize)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<Rule>,
}

/// What is read here of a rule; the product reads the rest.
#[derive(Deserialize)]
struct Rule {
    id: String,
    /// The languages or the kinds of file it is about.
    #[serde(alias = "languages")]
    files: Vec<String>,
    fires: Vec<Example>,
}

impl Rule {
    /// The files that an example is written into: `only` names a kind, or where kinds are endings of names, a file.
    fn paths<'r>(&'r self, only: Option<&'r str>) -> Vec<&'r str> {
        let is_ending =
            |kind: &String| only.zip(kind.strip_prefix('*')).is_some_and(|(only, end)| only.ends_with(end));
        if self.files.iter().any(is_ending) {
            return only.into_iter().collect();
        }
        let kinds = self.files.iter().filter(|kind| only.is_none_or(|only| only == *kind));
        let paths = kinds.flat_map(|kind| PATHS.iter().filter(move |(known, _)| known == kind));
        paths.flat_map(|(_, paths)| *paths).copied().collect()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Example {
    Text(String),
    Of {
        file: String,
        text: String,
    },
    /// An example for a rule about size, whose patterns are numbers.
    Repeated {
        before: String,
    },
}

impl Example {
    /// The file or the kind of file that it is for, if it names one, and its text.
    fn parts(&self) -> (Option<&str>, &str) {
        match self {
            Self::Text(text) | Self::Repeated { before: text } => (None, text),
            Self::Of { file, text } => (Some(file), text),
        }
    }
}

/// The rules by their ids, read from the product's own data: a new rule has its place here at once.
static RULES: LazyLock<BTreeMap<String, Rule>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/analysis/data/rules");
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let texts = paths.filter_map(|path| fs::read_to_string(path).ok());
    let files = texts.filter_map(|text| toml::from_str::<RuleFile>(&text).ok());
    files.flat_map(|file| file.rule).map(|rule| (rule.id.clone(), rule)).collect()
});

/// An input is called like the rule that it is for.
pub(crate) fn run(data: &[u8]) -> bool {
    let Some(parts) = parts::split(data, 1) else { return false };
    let Some(Part { path, content }) = parts.first() else { return false };
    let (Some(rule), Ok(input)) = (RULES.get(*path), std::str::from_utf8(content)) else { return false };
    for example in &rule.fires {
        let (only, text) = example.parts();
        for path in rule.paths(only) {
            for place in places(text).into_iter().take(MOST_PLACES) {
                let before = text.get(..place.start).unwrap_or_default();
                let after = text.get(place.end..).unwrap_or_default();
                hold(path, &[before, input, after].concat());
            }
        }
    }
    true
}

/// Where values stand in a text: between quotes, and at the end of a line without any.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches('\n').len();
        let mut quotes = line.char_indices().filter(|(_, sign)| matches!(sign, '"' | '\'' | '`'));
        let known = places.len();
        while let Some((open, quote)) = quotes.next() {
            let Some((close, _)) = quotes.by_ref().find(|(_, sign)| *sign == quote) else { break };
            places.push(start + open + 1..start + close);
        }
        if places.len() == known && start < end {
            places.push(line.rfind([' ', '(', '=']).map_or(end, |at| start + at + 1)..end);
        }
        start += line.len();
    }
    places
}

/// What is found in a file lies in it, fits on a line, says nothing of a secret, and is found again.
fn hold(path: &str, text: &str) {
    let part = Part { path, content: text.as_bytes() };
    let facts = examined(&part);
    assert_eq!(facts, examined(&part), "the same file, twice");
    let lines: Vec<&str> = text.split('\n').collect();
    let inventory = facts.inventory.secrets.iter();
    let syntax = facts.syntax.iter().flat_map(|syntax| &syntax.findings);
    let infra = facts.rare().infra.iter().flat_map(|infra| &infra.findings);
    for finding in inventory.chain(syntax).chain(infra).chain(&facts.rare().templates) {
        assert!(1 <= finding.start && finding.start <= finding.end, "the lines of {finding:?}");
        assert!(finding.end as usize <= lines.len(), "{finding:?} goes on after line {}", lines.len());
        let message = &finding.message;
        assert!(!message.contains(char::is_control) && message.len() <= LONGEST, "{message:?} is no line");
        if finding.kind == FindingKind::Secret {
            let found = lines.get(finding.start as usize - 1..finding.end as usize).unwrap_or_default();
            let words = found.iter().flat_map(|line| line.split(|sign: char| !sign.is_ascii_alphanumeric()));
            for word in
                words.filter(|word| word.len() >= 12 && word.contains(|sign: char| sign.is_ascii_digit()))
            {
                assert!(!message.contains(word), "{message:?} quotes what it found");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_file_that_it_is_about() {
        assert!(RULES.len() >= 200, "{} rules", RULES.len());
        for rule in RULES.values() {
            for example in &rule.fires {
                let only = example.parts().0;
                assert!(!rule.paths(only).is_empty(), "{}: {only:?} of {:?}", rule.id, rule.files);
            }
            let known = |kind: &String| kind.starts_with('*') || PATHS.iter().any(|(known, _)| known == kind);
            assert!(rule.files.iter().all(known), "{}: {:?}", rule.id, rule.files);
        }
    }

    #[test]
    fn values_are_between_quotes_or_at_the_end_of_a_line() {
        let found = |text: &'static str| -> Vec<&str> {
            places(text).into_iter().map(|place| &text[place]).collect()
        };
        assert_eq!(found("a(\"b\", 'c \"d')\n"), ["b", "c \"d"]);
        assert_eq!(found("USER root\n\nx: \"1\n"), ["root", "\"1"]);
        assert_eq!(found("f(a)"), ["a)"]);
    }
}
