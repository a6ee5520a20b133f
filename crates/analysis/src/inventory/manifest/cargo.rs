//! Cargo: `Cargo.toml` and `Cargo.lock`.

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, exact_semver, index};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Tables of a manifest, in both spellings, and what their packages are needed for.
const TABLES: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
    ("dev-dependencies", Scope::Dev),
    ("dev_dependencies", Scope::Dev),
];

/// Reads `Cargo.toml`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let mut requirements = Vec::new();
    let targets = root.table("target").iter().map(|(_, node)| node);
    for section in std::iter::once(&root).chain(targets) {
        for (table, scope) in TABLES {
            requirements
                .extend(section.table(table).iter().map(|(name, node)| requirement(name, node, scope)));
        }
    }
    requirements.sort_by_key(|requirement| requirement.line);
    let text_at = |path: &[&str]| root.at(path).and_then(Node::text).map(str::to_owned);
    let inheritable_license = text_at(&["workspace", "package", "license"]);
    let inheritable = root.get("workspace").map_or(&[][..], |workspace| workspace.table("dependencies"));
    Ok(ManifestFacts {
        ecosystem: "crates.io".into(),
        format: "Cargo.toml".into(),
        package: text_at(&["package", "name"]),
        license: text_at(&["package", "license"]).or_else(|| inheritable_license.clone()),
        inherits_license: root
            .at(&["package", "license"])
            .is_some_and(|license| license.is_true("workspace")),
        inheritable_license,
        requirements,
        inheritable: inheritable.iter().map(|(name, node)| requirement(name, node, Scope::Runtime)).collect(),
        ..ManifestFacts::default()
    })
}

fn requirement(name: &str, node: &Node, scope: Scope) -> Requirement {
    let scope = if node.is_true("optional") && scope == Scope::Runtime { Scope::Optional } else { scope };
    let mut requirement = Requirement::new(name, scope, node.line);
    if let Some(real) = node.text_of("package") {
        requirement.alias = Some(name.to_owned());
        real.clone_into(&mut requirement.name);
    }
    requirement.requirement = node.text().or_else(|| node.text_of("version")).map(str::to_owned);
    // Without `=` a version is a caret requirement.
    requirement.version = requirement
        .requirement
        .as_deref()
        .filter(|text| text.trim_start().starts_with('='))
        .and_then(exact_semver);
    requirement.inherited = node.is_true("workspace");
    requirement.local = node.get("path").is_some();
    requirement
}

/// Reads `Cargo.lock`, any version.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let packages = root.list("package");
    let version = root.text_of("version").unwrap_or("1");
    let mut facts = ManifestFacts {
        ecosystem: "crates.io".into(),
        format: format!("Cargo.lock v{version}"),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    let mut by_version: HashMap<(&str, &str), u32> = HashMap::new();
    for node in packages {
        let name = node.text_of("name").ok_or(Malformed)?;
        let mut locked =
            Locked::new(name, node.text_of("version"), node.get("name").map_or(node.line, |name| name.line));
        locked.local = node.get("source").is_none();
        let at = index(facts.locked.len());
        by_name.entry(name).or_insert(at);
        by_version.entry((name, node.text_of("version").unwrap_or_default())).or_insert(at);
        facts.locked.push(locked);
    }
    for (at, node) in packages.iter().enumerate() {
        // "name", "name version" or "name version (source)", as much as is needed to tell packages apart.
        let needed = node.list("dependencies").iter().filter_map(Node::text).filter_map(|need| {
            let mut words = need.split(' ');
            let name = words.next()?;
            match words.next() {
                None => by_name.get(name).copied(),
                Some(version) => by_version.get(&(name, version)).copied(),
            }
        });
        let requires = ascending(needed.collect());
        if facts.locked[at].local {
            facts.roots.push(Root {
                folder: None,
                name: Some(facts.locked[at].name.clone()),
                requires: requires.clone(),
            });
        }
        facts.locked[at].requires = requires;
    }
    Ok(facts)
}
