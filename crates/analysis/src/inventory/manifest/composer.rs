//! Composer: `composer.json` and `composer.lock`.

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, index};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;
use crate::versions;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "Packagist".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Whether a name is that of a package; PHP itself, its extensions and libraries of the system are asked for too.
fn is_package(name: &str) -> bool {
    name.contains('/')
}

/// Reads `composer.json`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        package: root.text_of("name").map(str::to_owned),
        license: license(&root),
        ..facts("composer.json")
    };
    for (table, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Dev)] {
        for (name, node) in root.table(table).iter().filter(|(name, _)| is_package(name)) {
            let mut requirement = Requirement::new(name.as_str(), scope, node.line);
            requirement.requirement = node.text().map(str::to_owned);
            requirement.version = node.text().and_then(exact);
            requirement.local = node.text() == Some("self.version");
            facts.requirements.push(requirement);
        }
    }
    facts.requirements.sort_by_key(|requirement| requirement.line);
    Ok(facts)
}

/// The version of a requirement that is one.
fn exact(written: &str) -> Option<String> {
    let text = written.trim().trim_start_matches('=').trim();
    let plain = text.trim_start_matches('v');
    let single =
        plain.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['*', ' ', ',', '|', '@', 'x']);
    (single && versions::is_version("Packagist", text)).then(|| text.to_owned())
}

/// Several licences are a choice.
fn license(node: &Node) -> Option<String> {
    let license = node.get("license")?;
    let several: Vec<&str> = license.items().iter().filter_map(Node::text).collect();
    match several.as_slice() {
        [] => license.text().map(str::to_owned),
        names => Some(names.join(" OR ")),
    }
}

/// Reads `composer.lock`.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    if root.get("packages").is_none() {
        return Err(Malformed);
    }
    let mut facts = ManifestFacts { lockfile: true, ..facts("composer.lock") };
    let mut by_name: HashMap<String, u32> = HashMap::new();
    let lists = [("packages", Scope::Runtime), ("packages-dev", Scope::Dev)];
    let packages =
        || lists.iter().flat_map(|(list, scope)| root.list(list).iter().map(|node| (node, *scope)));
    for (node, scope) in packages() {
        let name = node.text_of("name").ok_or(Malformed)?;
        let line = node.get("name").map_or(node.line, |name| name.line);
        let mut locked = Locked::new(name, node.text_of("version"), line);
        locked.scope = Some(scope);
        locked.license = license(node);
        locked.local = node.at(&["dist", "type"]).and_then(Node::text) == Some("path");
        by_name.insert(name.to_lowercase(), index(facts.locked.len()));
        facts.locked.push(locked);
    }
    for (at, (node, _)) in packages().enumerate() {
        let needs = node.table("require").iter().filter_map(|(name, _)| by_name.get(&name.to_lowercase()));
        facts.locked[at].requires = ascending(needs.copied().collect());
    }
    // What is asked for stands in composer.json alone; the lockfile answers only for the one beside it.
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: Vec::new() });
    Ok(facts)
}
