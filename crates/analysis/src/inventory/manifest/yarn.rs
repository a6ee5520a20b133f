//! `yarn.lock`: the classic format, which is Yarn's own, and that of Yarn 2 and later, which is YAML.

use std::collections::HashMap;

use super::npm::split_at_version;
use super::{Locked, Malformed, ManifestFacts, Pin, Read, Root, ascending, index};
use crate::inventory::tree::{self, Node};

/// One block of either format.
#[derive(Default)]
struct Block {
    line: u32,
    keys: Vec<String>,
    version: Option<String>,
    resolution: Option<String>,
    needs: Vec<String>,
}

/// Reads `yarn.lock`.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let berry = text.contains("\n__metadata:");
    let blocks =
        if berry { berry_blocks(&tree::yaml(text).ok_or(Malformed)?) } else { classic_blocks(text)? };
    let mut facts = ManifestFacts {
        ecosystem: "npm".into(),
        format: if berry { "yarn.lock (Berry)".into() } else { "yarn.lock v1".into() },
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut by_key: HashMap<&str, u32> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        for key in &block.keys {
            by_key.insert(key, index(at));
        }
    }
    for block in &blocks {
        let Some(first) = block.keys.first() else { return Err(Malformed) };
        let requires = block.needs.iter().filter_map(|need| by_key.get(need.as_str()).copied());
        let requires = ascending(requires.collect());
        let (name, range) = split_at_version(block.resolution.as_deref().unwrap_or(first));
        let workspace = range.and_then(|range| range.strip_prefix("workspace:"));
        // A classic alias is written `alias@npm:real@range`.
        let alias = range.filter(|_| block.resolution.is_none()).and_then(|range| range.strip_prefix("npm:"));
        let name = alias.map_or(name, |target| split_at_version(target).0);
        let mut locked = Locked::new(name, block.version.as_deref(), block.line);
        locked.local = range.is_some_and(|range| {
            ["workspace:", "file:", "link:", "portal:"].iter().any(|p| range.starts_with(p))
        });
        locked.requires.clone_from(&requires);
        facts.locked.push(locked);
        if let Some(folder) = workspace {
            let folder = if folder == "." { "" } else { folder };
            facts.roots.push(Root { folder: Some(folder.to_owned()), name: Some(name.to_owned()), requires });
        }
    }
    facts.pins = by_key.into_iter().map(|(key, index)| Pin { key: key.to_owned(), index }).collect();
    facts.pins.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(facts)
}

/// Lines of two spaces, quotes where needed, no nesting below the tables of dependencies.
fn classic_blocks(text: &str) -> Result<Vec<Block>, Malformed> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut in_needs = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if indent == 0 {
            let keys = line.strip_suffix(':').ok_or(Malformed)?;
            let keys = keys.split(", ").map(|key| unquote(key).to_owned()).collect();
            blocks.push(Block { line: number, keys, ..Block::default() });
            in_needs = false;
            continue;
        }
        let block = blocks.last_mut().ok_or(Malformed)?;
        if indent <= 2 {
            in_needs = matches!(line, "dependencies:" | "optionalDependencies:");
            if let Some(version) = line.strip_prefix("version ") {
                block.version = Some(unquote(version).to_owned());
            }
        } else if in_needs && let Some((name, range)) = line.split_once(' ') {
            block.needs.push(format!("{}@{}", unquote(name), unquote(range)));
        }
    }
    Ok(blocks)
}

fn unquote(text: &str) -> &str {
    text.trim().trim_matches('"')
}

fn berry_blocks(root: &Node) -> Vec<Block> {
    let blocks = root.entries().iter().filter(|(key, _)| key != "__metadata").map(|(key, node)| {
        let needs = ["dependencies", "optionalDependencies", "peerDependencies"]
            .iter()
            .flat_map(|table| node.table(table))
            .filter_map(|(name, range)| Some(without_protocol(&format!("{name}@{}", range.text()?))))
            .collect();
        Block {
            line: node.line,
            keys: key.split(", ").map(without_protocol).collect(),
            version: node.text_of("version").map(str::to_owned),
            resolution: node.text_of("resolution").map(str::to_owned),
            needs,
        }
    });
    blocks.collect()
}

/// `name@npm:^1.0.0` and `name@^1.0.0` are the same request.
fn without_protocol(key: &str) -> String {
    match split_at_version(key) {
        (name, Some(range)) => format!("{name}@{}", range.strip_prefix("npm:").unwrap_or(range)),
        (name, None) => name.to_owned(),
    }
}
