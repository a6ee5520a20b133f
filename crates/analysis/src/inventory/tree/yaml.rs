//! YAML, from the events of `saphyr-parser`: the tree is built here, so that nothing is expanded unseen.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser};

use super::{DEPTH, Node, Value};

/// Aliases of longer scalars become nothing.
const ALIAS_BYTES: usize = 256;

/// Texts of more values than this are refused: the largest lockfiles seen in the wild have a third.
const MOST_EVENTS: usize = 500_000;
/// Texts with a line of more bytes than this are refused: a bracket may open a key, so the parser looks for the colon
/// as far as the line goes and keeps all it meets.
const LONGEST_LINE: usize = 1 << 20;
/// Documents of one text that are read.
const DOCUMENTS: usize = 500;
/// Values that the anchors and aliases of one text may copy, where aliases are followed.
const EXPANDED: usize = 20_000;

/// What is open while the events come in.
enum Open {
    List { line: u32, anchor: usize, items: Vec<Node> },
    Map { line: u32, anchor: usize, entries: Vec<(String, Node)>, key: Option<(String, u32)> },
}

/// Reads the first document. `None` when it is not YAML or nests too deeply. Aliases of lists and maps are nothing.
pub(crate) fn yaml(text: &str) -> Option<Node> {
    let mut documents = read(text, 1, 0)?;
    documents.pop()
}

/// Reads every document that is a list or a map, up to a limit. `None` when one is not YAML or nests too deeply.
///
/// Aliases are followed and merge keys (`<<`) merged, as long as they do not add more than a fixed number of values.
pub(crate) fn yaml_documents(text: &str) -> Option<Vec<Node>> {
    let mut documents =
        read(text, DOCUMENTS, EXPANDED).or_else(|| read(&indented(text), DOCUMENTS, EXPANDED))?;
    documents.retain(|node| matches!(node.value, Value::List(_) | Value::Map(_)));
    Some(documents)
}

fn read(text: &str, most: usize, budget: usize) -> Option<Vec<Node>> {
    if text.len() > LONGEST_LINE && text.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    read_with(text, most, &mut Aliases { scalars: HashMap::new(), nodes: HashMap::new(), budget })
}

fn read_with(text: &str, most: usize, aliases: &mut Aliases) -> Option<Vec<Node>> {
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut documents = Vec::new();
    let mut events = 0_usize;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.ok()?;
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let done = match event {
            Event::MappingStart(anchor, _) => {
                open.push(Open::Map { line, anchor, entries: Vec::new(), key: None });
                None
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Open::List { line, anchor, items: Vec::new() });
                None
            }
            Event::MappingEnd | Event::SequenceEnd => Some(aliases.close(open.pop()?)),
            Event::Scalar(text, _, anchor, _) => {
                if anchor > 0 && text.len() <= ALIAS_BYTES {
                    aliases.scalars.insert(anchor, text.to_string());
                }
                Some(Node { line, value: Value::Text(text.into_owned()) })
            }
            Event::Alias(anchor) => Some(Node { line, value: aliases.follow(anchor) }),
            Event::StreamEnd => break,
            _ => None,
        };
        events += 1;
        if open.len() > DEPTH || events > MOST_EVENTS {
            return None;
        }
        let Some(node) = done else { continue };
        match open.last_mut() {
            None => {
                documents.push(node);
                if documents.len() >= most {
                    break;
                }
            }
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                // A key that is no scalar has no name that anybody could ask for.
                None => *key = Some((node.text().unwrap_or_default().to_owned(), node.line)),
                Some((name, line)) => entries.push((name, Node { line, value: node.value })),
            },
        }
    }
    Some(documents)
}

/// The text with every line that only closes brackets moved to the right: YAML wants them further in than the key above,
/// people often write them below it, and most other readers take that.
fn indented(text: &str) -> String {
    let closes = |line: &str| !line.is_empty() && line.bytes().all(|byte| matches!(byte, b']' | b'}' | b','));
    let moved = |line: &str| {
        if closes(line.trim()) { format!("{:80}{}\n", "", line.trim()) } else { format!("{line}\n") }
    };
    text.lines().map(moved).collect::<Vec<_>>().concat()
}

/// What aliases stand for, and how many values may still be copied: into what is kept of an anchor, and from there to
/// its aliases.
struct Aliases {
    scalars: HashMap<usize, String>,
    nodes: HashMap<usize, (Value, usize)>,
    budget: usize,
}

impl Aliases {
    fn follow(&mut self, anchor: usize) -> Value {
        if let Some(text) = self.scalars.get(&anchor) {
            return Value::Text(text.clone());
        }
        match self.nodes.get(&anchor) {
            Some((value, size)) if *size <= self.budget => {
                self.budget -= size;
                value.clone()
            }
            _ => Value::Null,
        }
    }

    fn close(&mut self, open: Open) -> Node {
        let (line, anchor, value) = match open {
            Open::List { line, anchor, items } => (line, anchor, Value::List(items)),
            Open::Map { line, anchor, entries, .. } => {
                (line, anchor, Value::Map(if self.budget > 0 { merged(entries) } else { entries }))
            }
        };
        if anchor > 0 && self.budget > 0 {
            // What is kept is a copy, too: anchors around anchors would copy the innermost once for each level.
            if let Some(size) = size(&value, self.budget) {
                self.budget -= size;
                self.nodes.insert(anchor, (value.clone(), size));
            }
        }
        Node { line, value }
    }
}

/// The entries with those of the merge keys behind them, unless the map has its own (YAML 1.1, type `merge`).
fn merged(entries: Vec<(String, Node)>) -> Vec<(String, Node)> {
    if !entries.iter().any(|(key, node)| key == "<<" && !matches!(node.value, Value::Null | Value::Text(_))) {
        return entries;
    }
    let (merge, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(key, _)| key == "<<");
    let mut known: HashSet<String> = own.iter().map(|(key, _)| key.clone()).collect();
    for (_, node) in merge {
        let maps = match node.value {
            Value::List(items) => items,
            value => vec![Node { line: node.line, value }],
        };
        for (key, node) in maps.into_iter().flat_map(|map| match map.value {
            Value::Map(entries) => entries,
            _ => Vec::new(),
        }) {
            if known.insert(key.clone()) {
                own.push((key, node));
            }
        }
    }
    own
}

/// What a copy of a value costs: one for each value in it, itself included, and one for each [`ALIAS_BYTES`] of text.
/// `None` when that is more than `most`; nothing beyond is looked at.
fn size(value: &Value, most: usize) -> Option<usize> {
    let mut left = most.checked_sub(1)?;
    let mut spend = |cost: usize| {
        left = left.checked_sub(cost)?;
        Some(left)
    };
    match value {
        Value::Text(text) => {
            spend(text.len() / ALIAS_BYTES)?;
        }
        Value::List(items) => {
            for item in items {
                let cost = size(&item.value, spend(0)?)?;
                spend(cost)?;
            }
        }
        Value::Map(entries) => {
            for (key, node) in entries {
                let cost = size(&node.value, spend(key.len() / ALIAS_BYTES)?)?;
                spend(cost)?;
            }
        }
        _ => {}
    }
    Some(most - left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_read_and_empty_ones_are_left_out() {
        let documents = yaml_documents("---\na: 1\n---\n---\n# nothing\n---\nb:\n  - c\n").unwrap();
        let keys: Vec<(&str, u32)> = documents
            .iter()
            .filter_map(|one| one.entries().first())
            .map(|(key, node)| (&**key, node.line))
            .collect();
        assert_eq!(keys, [("a", 2), ("b", 7)]);
        assert!(yaml_documents("a: 1\n---\nb: [").is_none());
    }

    #[test]
    fn a_line_that_the_parser_would_keep_as_a_whole_is_refused() {
        let text = |inner: usize| format!("a: [{}b]\n", "b, ".repeat(inner));
        assert!(yaml(&text(1_000)).is_some());
        assert!(yaml(&text(LONGEST_LINE / 3)).is_none());
    }

    #[test]
    fn brackets_may_close_below_their_key() {
        let documents = yaml_documents("a:\n  b: [\n    c\n  ]\n  d: 1\n").unwrap();
        assert_eq!(documents[0].at(&["a", "b"]).unwrap().items().len(), 1);
        assert_eq!(documents[0].at(&["a", "d"]).unwrap().line, 5);
    }

    #[test]
    fn aliases_and_merge_keys_are_followed_within_a_budget() {
        let text = "x: &x\n  a: 1\n  b: [2]\ny:\n  <<: *x\n  b: own\nz:\n  <<: [*x]\nw: *x\n";
        let documents = yaml_documents(text).unwrap();
        let at = |path: &[&str]| documents[0].at(path).and_then(Node::text).map(str::to_owned);
        assert_eq!(at(&["y", "a"]).as_deref(), Some("1"));
        assert_eq!(at(&["y", "b"]).as_deref(), Some("own"));
        assert_eq!(at(&["z", "a"]).as_deref(), Some("1"));
        assert_eq!(at(&["w", "a"]).as_deref(), Some("1"));
        let level = |level: usize| {
            let below = level - 1;
            format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]\n")
        };
        let levels = (1..30).map(level).collect::<Vec<_>>().concat();
        let bomb = format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}");
        let documents = yaml_documents(&bomb).unwrap();
        assert!(size(&documents[0].value, EXPANDED + 1_000).is_some());
    }

    #[test]
    fn anchors_around_anchors_and_long_texts_are_copied_within_the_same_budget() {
        let copied = |text: &str| {
            let mut aliases = Aliases { scalars: HashMap::new(), nodes: HashMap::new(), budget: EXPANDED };
            assert!(read_with(text, DOCUMENTS, &mut aliases).is_some());
            aliases.nodes.values().map(|(value, _)| size(value, usize::MAX).unwrap()).sum::<usize>()
        };
        let around = |inner: &str| {
            let open = (0..50).map(|level| format!("&a{level} [")).collect::<Vec<_>>().concat();
            format!("{open}{inner}{}", "]".repeat(50))
        };
        assert!(copied(&around("a, b")) > 1_000);
        assert!(copied(&around(&"a, ".repeat(10_000))) <= EXPANDED);
        assert!(copied(&around(&"a".repeat(500_000))) <= EXPANDED);
        let long = format!("a: &a [{}]\nb: [{}]\n", "x".repeat(500_000), "*a, ".repeat(1_000));
        let documents = yaml_documents(&long).unwrap();
        assert!(size(&documents[0].value, 2 * EXPANDED).is_some());
    }

    #[test]
    fn many_keys_are_merged_in_one_pass() {
        let keys =
            |prefix: &str| (0..45_000).map(|n| format!("{prefix}{n}: 1, ")).collect::<Vec<_>>().concat();
        let text = format!("<<: {{{}both: 1}}\n? both\n: own\n{}", keys("m"), keys("k").replace(", ", "\n"));
        let documents = yaml_documents(&text).unwrap();
        assert_eq!(documents[0].entries().len(), 90_001);
        assert_eq!(documents[0].get("both").and_then(Node::text), Some("own"));
    }
}
