//! One located value tree for JSON, TOML and YAML, so that a reader of manifests knows lines and no syntax.
//!
//! Depth is limited and aliases of YAML are never expanded beyond a short scalar, so that a few bytes cannot become
//! many values.

mod json;
mod toml;
mod yaml;

pub(crate) use json::json;
pub(crate) use toml::toml;
pub(crate) use yaml::{yaml, yaml_documents};

/// Deeper values make the file malformed.
const DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// The line, from 1: that of the key for what a map holds, else that of the value.
    pub(crate) line: u32,
    /// What it is.
    pub(crate) value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A text; in YAML every plain scalar, in JSON and TOML also numbers and times, as written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value of a key; the last one where the key is given twice. Takes time linear in the size of the map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rev().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The value at the end of a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map; nothing for other values.
    pub(crate) fn entries(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entries of the map that a key holds.
    pub(crate) fn table(&self, key: &str) -> &[(String, Node)] {
        self.get(key).map_or(&[], Node::entries)
    }

    /// The items of a list; nothing for other values.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list that a key holds.
    pub(crate) fn list(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that a key holds.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text)
    }

    /// Whether a key holds "true".
    pub(crate) fn is_true(&self, key: &str) -> bool {
        match self.get(key).map(|node| &node.value) {
            Some(Value::Bool(value)) => *value,
            Some(Value::Text(text)) => text == "true",
            _ => false,
        }
    }

    /// Whether it is a map.
    pub(crate) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Map(entries) => {
                let entries =
                    entries.iter().map(|(key, node)| format!("{key}@{}: {}", node.line, shown(node)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn the_three_syntaxes_give_one_tree_with_lines() {
        let wanted = r#"{a@1: {b@2: "1", c@3: [true, "x\"é"]}, d@4: {}}"#;
        assert_eq!(
            shown(
                &json("{\"a\": {\n\"b\": 1,\n\"c\": [true, \"x\\\"\\u00e9\",]}, // no\n\"d\": {}}").unwrap()
            ),
            wanted
        );
        assert_eq!(shown(&toml("[a]\nb = 1\nc = [true, 'x\"é']\n[d]").unwrap()), wanted);
        assert_eq!(
            shown(&yaml("a:\n  b: 1\n  c: [true, 'x\"é']\nd: {}").unwrap()).replace("\"true\"", "true"),
            wanted
        );
    }

    #[test]
    fn what_is_broken_or_too_deep_is_refused_without_harm() {
        for text in ["", "{", "{\"a\"", "{\"a\":}", "[1 2]", "{\"a\": \"\\ud800\"", "nope", "\"a\nb"] {
            assert!(json(text).is_none(), "{text}");
        }
        assert!(toml("a = ").is_none());
        assert!(yaml("a: [").is_none());
        assert!(json(&"[".repeat(1_000_000)).is_none());
        assert!(toml(&format!("a = {}", "[".repeat(1_000_000))).is_none());
        assert!(yaml(&"[".repeat(10_000)).is_none());
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]";
        assert_eq!(shown(&yaml(bomb).unwrap()), r#"{a@1: ["x", "x"], b@2: [null, null], c@3: [null, null]}"#);
    }
}
