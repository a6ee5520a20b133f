//! TOML, by the `toml` crate, which limits the depth itself.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Node, Value};

/// The parser takes the whole text apart before it looks at any part, and needs some fifty bytes for each: texts of
/// more signs than this are refused. The largest lockfiles seen in the wild have a third.
const MOST_SIGNS: usize = 1_000_000;

/// Reads a document. `None` when it is not one, or is made of too many parts.
pub(crate) fn toml(text: &str) -> Option<Node> {
    if text.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).count() > MOST_SIGNS {
        return None;
    }
    let table = DeTable::parse(text).ok()?;
    let lines = Lines::new(text);
    Some(Node { line: 1, value: map(table.get_ref(), &lines) })
}

/// Turns offsets into lines.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(memchr::memchr_iter(b'\n', text.as_bytes()).collect())
    }

    fn of(&self, span: &Range<usize>) -> u32 {
        u32::try_from(self.0.partition_point(|newline| *newline < span.start) + 1).unwrap_or(u32::MAX)
    }
}

fn map(table: &DeTable<'_>, lines: &Lines) -> Value {
    let mut entries: Vec<(usize, String, Node)> = table
        .iter()
        .map(|(key, value)| {
            let node = Node { line: lines.of(&key.span()), value: convert(value.get_ref(), lines) };
            (key.span().start, key.get_ref().to_string(), node)
        })
        .collect();
    // The table is sorted by key; readers want the order of the file.
    entries.sort_by_key(|(start, ..)| *start);
    Value::Map(entries.into_iter().map(|(_, key, node)| (key, node)).collect())
}

fn convert(value: &DeValue<'_>, lines: &Lines) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Text(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Text(number.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node { line: lines.of(&item.span()), value: convert(item.get_ref(), lines) })
                .collect(),
        ),
        DeValue::Table(table) => map(table, lines),
    }
}
