//! YAML, from the events of `saphyr-parser`: the tree is built here, so that nothing is expanded unseen.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::{DEPTH, Node, Value};

/// Aliases of longer scalars become nothing.
const ALIAS_BYTES: usize = 256;

/// What is open while the events come in.
enum Open {
    List { line: u32, items: Vec<Node> },
    Map { line: u32, entries: Vec<(String, Node)>, key: Option<(String, u32)> },
}

/// Reads the first document. `None` when it is not YAML or nests too deeply.
pub(crate) fn yaml(text: &str) -> Option<Node> {
    let mut parser = Parser::new_from_str(text);
    let mut anchors: HashMap<usize, String> = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.ok()?;
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let done = match event {
            Event::MappingStart(..) => {
                open.push(Open::Map { line, entries: Vec::new(), key: None });
                None
            }
            Event::SequenceStart(..) => {
                open.push(Open::List { line, items: Vec::new() });
                None
            }
            Event::MappingEnd | Event::SequenceEnd => Some(match open.pop()? {
                Open::List { line, items } => Node { line, value: Value::List(items) },
                Open::Map { line, entries, .. } => Node { line, value: Value::Map(entries) },
            }),
            Event::Scalar(text, _, anchor, _) => {
                if anchor > 0 && text.len() <= ALIAS_BYTES {
                    anchors.insert(anchor, text.to_string());
                }
                Some(Node { line, value: Value::Text(text.into_owned()) })
            }
            Event::Alias(anchor) => {
                let value = anchors.get(&anchor).map_or(Value::Null, |text| Value::Text(text.clone()));
                Some(Node { line, value })
            }
            Event::DocumentEnd | Event::StreamEnd => return None,
            _ => None,
        };
        if open.len() > DEPTH {
            return None;
        }
        let Some(node) = done else { continue };
        match open.last_mut() {
            None => return Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                // A key that is no scalar has no name that anybody could ask for.
                None => *key = Some((node.text().unwrap_or_default().to_owned(), node.line)),
                Some((name, line)) => entries.push((name, Node { line, value: node.value })),
            },
        }
    }
    None
}
