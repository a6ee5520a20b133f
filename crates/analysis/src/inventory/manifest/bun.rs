//! `bun.lock`, the text format of Bun 1.2 and later.

use std::collections::HashMap;

use super::npm::{LONGEST_PLACE, split_at_version};
use super::{Locked, Malformed, ManifestFacts, Read, Root, ascending, index};
use crate::inventory::tree::{self, Node};

/// How many levels up a package is looked for.
const DEEPEST: usize = 64;

const TABLES: [&str; 4] = ["dependencies", "optionalDependencies", "devDependencies", "peerDependencies"];

/// Reads `bun.lock`.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let packages = root.table("packages");
    let version = root.text_of("lockfileVersion").unwrap_or("0");
    let mut facts = ManifestFacts {
        ecosystem: "npm".into(),
        format: format!("bun.lock v{version}"),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut places: HashMap<&str, u32> = HashMap::new();
    for (place, node) in packages {
        let resolved = node.items().first().and_then(Node::text).ok_or(Malformed)?;
        let (name, version) = split_at_version(resolved);
        let mut locked = Locked::new(name, version, node.line);
        locked.local = version
            .is_some_and(|v| v.starts_with("workspace:") || v.starts_with("file:") || v.starts_with("link:"));
        places.insert(place, index(facts.locked.len()));
        facts.locked.push(locked);
    }
    for (at, (place, node)) in packages.iter().enumerate() {
        let details = node.items().iter().find(|item| item.is_map());
        facts.locked[at].requires = details.map(|details| needs(place, details, &places)).unwrap_or_default();
    }
    for (folder, node) in root.table("workspaces") {
        facts.roots.push(Root {
            folder: Some(folder.clone()),
            name: node.text_of("name").map(str::to_owned),
            requires: needs(node.text_of("name").unwrap_or(""), node, &places),
        });
    }
    Ok(facts)
}

/// A package is looked for below the one that needs it, then one level up, and so on.
fn needs(place: &str, node: &Node, places: &HashMap<&str, u32>) -> Vec<u32> {
    let wanted = TABLES.iter().flat_map(|table| node.table(table));
    ascending(
        wanted
            .filter_map(|(name, _)| {
                let mut level = if place.len() > LONGEST_PLACE { "" } else { place };
                for _ in 0..DEEPEST {
                    let candidate = if level.is_empty() { name.clone() } else { format!("{level}/{name}") };
                    if let Some(&found) = places.get(candidate.as_str()) {
                        return Some(found);
                    }
                    if level.is_empty() {
                        return None;
                    }
                    level = super::folder(level);
                }
                None
            })
            .collect(),
    )
}
