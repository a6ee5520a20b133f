//! Whether a rule sees something in the subjects of a file, and where.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::redact::{part, redacted};
use super::rules::{Condition, Rule};
use super::subject::Subject;
use crate::finding::RawFinding;
use crate::inventory::tree::{Node, Value};
use crate::pattern::Pattern;

/// Longer values are cut in messages.
const SHOWN: usize = 80;
/// Values that a message about several sightings names.
const NAMED: usize = 4;
/// Sightings of one rule in one file; more would be noise.
const MOST: usize = 50;

/// One sighting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What the thing is called.
    pub(super) name: String,
    pub(super) line: u32,
    /// What was matched, without credentials; empty where something is missing.
    pub(super) value: String,
}

/// Where a condition holds: what it matched is a part of a text of the file, empty where something is missing.
struct Place<'a> {
    line: u32,
    text: &'a str,
    range: Range<usize>,
}

impl<'a> Place<'a> {
    fn whole(line: u32, text: &'a str) -> Self {
        let text = text.trim();
        Self { line, text, range: 0..text.len() }
    }
}

/// What a rule sees in the subjects of one file.
pub(super) fn seen(rule: &Rule, subjects: &[Subject]) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    for subject in subjects.iter().filter(|subject| subject.level() == rule.on) {
        let seen = rule.matches.iter().find_map(|matched| sighted(&matched.all, subject));
        if let Some(seen) = seen {
            let room = MOST - sightings.len();
            sightings.extend(seen.into_iter().take(room).map(|place| Sighting {
                name: subject.name.clone(),
                line: place.line,
                value: part(place.text, place.range),
            }));
        }
        if sightings.len() >= MOST {
            break;
        }
    }
    sightings
}

/// The findings that its sightings in one file are.
pub(super) fn told(rule: &Rule, sightings: &[Sighting]) -> Vec<RawFinding> {
    if rule.together { together(rule, sightings).into_iter().collect() } else { one_each(rule, sightings) }
}

/// Where the conditions hold, by the first of them that looks at a value; nothing when one of them does not hold.
fn sighted<'a>(all: &[Condition], subject: &'a Subject) -> Option<Vec<Place<'a>>> {
    let mut places: Option<Vec<Place<'a>>> = None;
    for condition in all {
        let values = subject.values(&condition.path);
        if condition.absent {
            values.is_empty().then_some(())?;
            continue;
        }
        if let Some(none) = &condition.none {
            let unwanted = values.iter().filter_map(|node| plain(node)).any(|text| none.is_match(text));
            (!unwanted).then_some(())?;
            continue;
        }
        let held: Vec<Place<'a>> = values.iter().filter_map(|node| holds(condition, node)).collect();
        (!held.is_empty()).then_some(())?;
        places.get_or_insert(held);
    }
    Some(places.unwrap_or_else(|| vec![Place::whole(subject.line, "")]))
}

fn plain(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        _ => None,
    }
}

/// The line and the value when the condition holds of it.
fn holds<'a>(condition: &Condition, node: &'a Node) -> Option<Place<'a>> {
    let tested = !condition.is.is_empty() || condition.text.is_some() || condition.not.is_some();
    let Some(text) = plain(node) else {
        // A list or a map is there; nothing can be said about its text.
        return (!tested).then(|| Place::whole(node.line, ""));
    };
    if !condition.is.is_empty() && !condition.is.iter().any(|one| one.eq_ignore_ascii_case(text.trim())) {
        return None;
    }
    if condition.not.as_ref().is_some_and(|not| not.is_match(text)) {
        return None;
    }
    match &condition.text {
        Some(pattern) => located(pattern, node.line, text),
        None => Some(Place::whole(node.line, text)),
    }
}

/// The line of the match inside a text of several lines.
fn located<'a>(pattern: &Pattern, line: u32, text: &'a str) -> Option<Place<'a>> {
    let found = pattern.find(text)?;
    if !text.contains('\n') && text.chars().count() <= SHOWN {
        return Some(Place::whole(line, text));
    }
    let before = text[..found.start()].bytes().filter(|byte| *byte == b'\n').count();
    let matched = found.as_str().trim();
    let leading = found.as_str().len() - found.as_str().trim_start().len();
    let start = found.start() + leading;
    let inside = found.as_str()[..leading].bytes().filter(|byte| *byte == b'\n').count();
    let line = line.saturating_add(u32::try_from(before + inside).unwrap_or(u32::MAX));
    Some(Place { line, text, range: start..start + matched.len() })
}

fn one_each(rule: &Rule, sightings: &[Sighting]) -> Vec<RawFinding> {
    let of_one = |sighting: &Sighting| {
        let message = filled(&rule.message, &sighting.name, &sighting.value, 1);
        finding(rule, message, sighting.line, Some(&sighting.name), &sighting.value)
    };
    sightings.iter().map(of_one).collect()
}

/// One finding for all sightings, at the first.
fn together(rule: &Rule, sightings: &[Sighting]) -> Option<RawFinding> {
    let first = sightings.iter().min_by_key(|sighting| sighting.line)?;
    let names: BTreeSet<&str> = sightings.iter().map(|sighting| sighting.name.as_str()).collect();
    let listed: Vec<&str> = names.iter().copied().take(NAMED).collect();
    let more = names.len().saturating_sub(NAMED);
    let mut name = listed.join(", ");
    if more > 0 {
        name = format!("{name} and {more} more");
    }
    let message = filled(&rule.message, &name, &first.value, names.len());
    Some(finding(rule, message, first.line, None, ""))
}

fn filled(message: &str, name: &str, value: &str, count: usize) -> String {
    // What comes out of the file is put in last, so that braces in it stay braces.
    let mut filled = String::with_capacity(message.len() + name.len());
    let mut rest = message;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let (text, length) = if rest.starts_with("{name}") {
            (cut(name), 6)
        } else if rest.starts_with("{value}") {
            (cut(value), 7)
        } else if rest.starts_with("{count}") {
            (count.to_string(), 7)
        } else {
            ("{".to_owned(), 1)
        };
        filled.push_str(&text);
        rest = &rest[length..];
    }
    filled.push_str(rest);
    filled
}

/// One line of the value, without credentials and signs that terminals obey, and not too long.
fn cut(value: &str) -> String {
    let redacted = redacted(value);
    let words = redacted.split(|sign: char| sign.is_control() || sign.is_whitespace());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).chain(['…']).collect()
}

fn finding(rule: &Rule, message: String, line: u32, symbol: Option<&str>, value: &str) -> RawFinding {
    RawFinding {
        rule: rule.id.clone(),
        kind: rule.kind,
        severity: rule.severity,
        confidence: rule.confidence,
        message,
        start: line,
        end: line,
        symbol: symbol.map(cut),
        // A variable's value may be a credential, so only its name tells its sightings apart.
        anchor: if matches!(rule.on.as_str(), "variable" | "secret") {
            String::new()
        } else {
            value.to_owned()
        },
    }
}
