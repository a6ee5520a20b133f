//! `pnpm-lock.yaml`, versions 5 to 9. They differ in how a package and its version are written into one key:
//! `/name/1.0.0_peer@2` (5), `/name@1.0.0(peer@2)` (6), `name@1.0.0(peer@2)` (9).

use std::collections::{HashMap, HashSet};

use super::{Locked, Malformed, ManifestFacts, Read, Root, ascending, index};
use crate::inventory::manifest::npm::{optional_peers, split_at_version};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Reads `pnpm-lock.yaml`.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    let version = root.text_of("lockfileVersion").ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        ecosystem: "npm".into(),
        format: format!("pnpm-lock.yaml v{version}"),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut known: HashMap<(String, String), u32> = HashMap::new();
    // From version 9 on the packages stand in one table and what they need in another.
    let tables = ["packages", "snapshots"];
    for (key, node) in tables.iter().flat_map(|table| root.table(table)) {
        let Some((name, version)) = package(key) else { continue };
        let next = index(facts.locked.len());
        known.entry((name.to_owned(), version.to_owned())).or_insert_with(|| {
            // What came from an address says its version beside it.
            let version = if version.contains("://") { node.text_of("version") } else { Some(version) };
            let mut locked = Locked::new(name, version, node.line);
            if node.is_true("dev") {
                locked.scope = Some(Scope::Dev);
            } else if node.is_true("optional") {
                locked.scope = Some(Scope::Optional);
            }
            facts.locked.push(locked);
            next
        });
    }
    let mut optional: HashMap<u32, HashSet<&str>> = HashMap::new();
    for (key, node) in tables.iter().flat_map(|table| root.table(table)) {
        let at = package(key).and_then(|(name, version)| known.get(&(name.to_owned(), version.to_owned())));
        let Some(&at) = at else { continue };
        let peers = optional_peers(node);
        if !peers.is_empty() {
            optional.entry(at).or_default().extend(peers);
        }
    }
    for (key, node) in tables.iter().flat_map(|table| root.table(table)) {
        let Some((name, version)) = package(key) else { continue };
        let Some(&at) = known.get(&(name.to_owned(), version.to_owned())) else { continue };
        let needs = ["dependencies", "optionalDependencies"].iter().flat_map(|table| node.table(table));
        // A peer that a package can do without is listed with what it needs where another package brought it.
        let peer = |name: &str| optional.get(&at).is_some_and(|peers| peers.contains(name));
        let needs = needs
            .filter(|(name, _)| !peer(name))
            .filter_map(|(name, version)| find(name, version.text()?, &known));
        facts.locked[at as usize].requires.extend(needs);
    }
    for locked in &mut facts.locked {
        locked.requires = ascending(std::mem::take(&mut locked.requires));
    }
    match root.get("importers") {
        Some(importers) => {
            facts.roots =
                importers.entries().iter().map(|(folder, node)| importer(folder, node, &known)).collect();
        }
        None => facts.roots.push(importer(".", &root, &known)),
    }
    Ok(facts)
}

fn importer(folder: &str, node: &Node, known: &HashMap<(String, String), u32>) -> Root {
    let tables = ["dependencies", "optionalDependencies", "devDependencies"];
    let needs = tables.iter().flat_map(|table| node.table(table)).filter_map(|(name, value)| {
        let version = value.text().or_else(|| value.text_of("version"))?;
        find(name, version, known)
    });
    let folder = if folder == "." { "" } else { folder };
    Root { folder: Some(folder.to_owned()), name: None, requires: ascending(needs.collect()) }
}

/// Name and version of a key.
fn package(key: &str) -> Option<(&str, &str)> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let key = key.split('(').next()?;
    let (name, version) = match split_at_version(key) {
        // In version 5 an `@` after the first place belongs to a peer: `/name/1.0.0_peer@2.0.0`.
        (name, Some(version)) if !ends_in_version(name) => (name, version),
        _ => {
            let plain = key.split('_').next()?;
            plain.rsplit_once('/')?
        }
    };
    let known = version.starts_with(|c: char| c.is_ascii_digit()) || version.contains("://");
    (!name.is_empty() && known).then_some((name, version))
}

/// Whether what stands before the first `@` already holds a version, as keys of version 5 do.
fn ends_in_version(text: &str) -> bool {
    let before_peers = text.split('_').next().unwrap_or(text);
    before_peers
        .rsplit_once('/')
        .is_some_and(|(_, last)| last.starts_with(|c: char| c.is_ascii_digit()) && last.contains('.'))
}

/// The package that a table entry means: a version, or a whole key where the name is another one.
fn find(name: &str, value: &str, known: &HashMap<(String, String), u32>) -> Option<u32> {
    let plain = (name.to_owned(), value.split('(').next()?.to_owned());
    if let Some(found) = known.get(&plain) {
        return Some(*found);
    }
    let (name, version) = if value.starts_with(|c: char| c.is_ascii_digit()) {
        (name, value.split(['(', '_']).next()?)
    } else {
        package(value)?
    };
    known.get(&(name.to_owned(), version.to_owned())).copied()
}
