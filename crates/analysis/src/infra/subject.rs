//! What the rules look at: a thing in an infrastructure file together with what it is part of.

use std::rc::Rc;

use crate::inventory::tree::{Node, Value};

/// A container, job, variable: the last level, with the levels it is part of before it.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// Name of each level with its value, the outermost first.
    levels: Vec<(&'static str, Rc<Node>)>,
    /// What people call it: the name of the job, the container, the variable.
    pub(super) name: String,
    /// The line it starts on.
    pub(super) line: u32,
}

impl Subject {
    /// A thing that is part of nothing.
    pub(super) fn root(level: &'static str, name: &str, node: Node) -> Self {
        Self { line: node.line, name: name.to_owned(), levels: vec![(level, Rc::new(node))] }
    }

    /// A part of this thing.
    pub(super) fn part(&self, level: &'static str, name: &str, node: Node) -> Self {
        let mut levels = self.levels.clone();
        let line = node.line;
        levels.push((level, Rc::new(node)));
        Self { levels, name: name.to_owned(), line }
    }

    /// The level of the thing itself.
    pub(super) fn level(&self) -> &'static str {
        self.levels.last().map_or("", |(level, _)| level)
    }

    /// The values at the end of a path whose first segment names a level.
    ///
    /// A segment is a key; `[]` stands for every item of a list, `*` for every value of a map.
    pub(super) fn values(&self, path: &str) -> Vec<&Node> {
        let mut segments = path.split('.');
        let level = segments.next().unwrap_or_default();
        let Some((_, root)) = self.levels.iter().rev().find(|(name, _)| *name == level) else {
            return Vec::new();
        };
        let mut found: Vec<&Node> = vec![root];
        for segment in segments {
            found = match segment {
                "[]" => found.into_iter().flat_map(Node::items).collect(),
                "*" => found.into_iter().flat_map(Node::entries).map(|(_, node)| node).collect(),
                key => found.into_iter().filter_map(|node| node.get(key)).collect(),
            };
        }
        found.retain(|node| !matches!(node.value, Value::Null));
        found
    }
}

/// A text at a line.
pub(super) fn text(line: u32, text: impl Into<String>) -> Node {
    Node { line, value: Value::Text(text.into()) }
}

/// A map at a line, of what is there.
pub(super) fn map<const N: usize>(line: u32, entries: [(&str, Option<Node>); N]) -> Node {
    let entries = entries.into_iter().filter_map(|(key, node)| Some((key.to_owned(), node?)));
    Node { line, value: Value::Map(entries.collect()) }
}

/// A list at a line.
pub(super) fn list(line: u32, items: Vec<Node>) -> Node {
    Node { line, value: Value::List(items) }
}

/// The pairs of an environment, written as a map or as a list of `NAME=value`; a name alone takes its value from
/// whoever starts the program, and is left out.
pub(super) fn pairs(node: Option<&Node>) -> Vec<(String, String, u32)> {
    let Some(node) = node else { return Vec::new() };
    let of_map = node
        .entries()
        .iter()
        .filter_map(|(name, node)| Some((name.clone(), node.text()?.to_owned(), node.line)));
    let of_list = node.items().iter().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some((name.trim().to_owned(), value.to_owned(), item.line))
    });
    of_map.chain(of_list).collect()
}

/// The variables of a thing, as subjects.
pub(super) fn variables(owner: &Subject, node: Option<&Node>) -> Vec<Subject> {
    pairs(node).into_iter().map(|(name, value, line)| variable(owner, &name, value, line)).collect()
}

/// One variable of a thing.
pub(super) fn variable(owner: &Subject, name: &str, value: String, line: u32) -> Subject {
    let node = map(line, [("name", Some(text(line, name))), ("value", Some(text(line, value)))]);
    owner.part("variable", name, node)
}

/// A list of texts, or a single one.
pub(super) fn texts(node: Option<&Node>) -> Vec<(String, u32)> {
    let Some(node) = node else { return Vec::new() };
    node.text()
        .map(|text| (text.to_owned(), node.line))
        .into_iter()
        .chain(node.items().iter().filter_map(|item| Some((item.text()?.to_owned(), item.line))))
        .collect()
}

/// A text of several lines with an empty one before it: in YAML such a text begins on the line below its key.
pub(super) fn block(mut node: Node) -> Node {
    if let Value::Text(text) = &mut node.value
        && text.contains('\n')
    {
        text.insert(0, '\n');
    }
    node
}

/// The last part of an image's name, without tag and digest.
pub(crate) fn image_name(image: &str) -> &str {
    let last = image.split('@').next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    last.split(':').next().unwrap_or(last)
}

/// The parts of an image's name: without tag, tag, digest. A name that is put together at run time has no parts.
pub(super) fn image(line: u32, whole: &str) -> Option<Node> {
    let whole = whole.trim();
    if whole.is_empty() || whole.contains(['$', '{', '<', ' ']) {
        return None;
    }
    let (rest, digest) = whole.split_once('@').map_or((whole, None), |(rest, digest)| (rest, Some(digest)));
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(slash..).and_then(|last| last.find(':')) {
        Some(colon) => (&rest[..slash + colon], Some(&rest[slash + colon + 1..])),
        None => (rest, None),
    };
    Some(map(
        line,
        [
            ("name", Some(text(line, name))),
            ("tag", tag.map(|tag| text(line, tag))),
            ("digest", digest.map(|digest| text(line, digest))),
        ],
    ))
}
