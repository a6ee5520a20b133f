//! Version catalogs: `gradle/libs.versions.toml` and others of its kind. What they list is only in use where a build
//! script names it.

use std::collections::HashMap;

use super::{accessor, facts, marker};
use crate::inventory::manifest::{Malformed, ManifestFacts, Read, Requirement, folder, named_version};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Libraries that all bundles of a catalog may name in all.
const MOST_BUNDLED: usize = 10_000;

/// Reads `*.versions.toml`.
pub(in super::super) fn catalog(path: &str, text: &str) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = file.split('.').next().unwrap_or("libs");
    let mut facts = ManifestFacts {
        folders_up: u8::from(folder(path).rsplit('/').next() == Some("gradle")),
        ..facts("version catalog")
    };
    for (alias, node) in root.table("versions") {
        if let Some(version) = rich(node) {
            facts.variables.insert(format!("{name}.versions.{}", accessor(alias)), version.to_owned());
        }
    }
    for (alias, node) in root.table("libraries") {
        if let Some(mut library) = library(name, node) {
            library.alias = Some(format!("{name}.{}", accessor(alias)));
            facts.inheritable.push(library);
        }
    }
    bundles(&root, name, &mut facts);
    for (alias, node) in root.table("plugins") {
        let (id, version) = match node.text().and_then(|text| text.split_once(':')) {
            Some((id, version)) => (Some(id), Some(version.to_owned())),
            None => (node.text_of("id"), version(name, node)),
        };
        let Some(id) = id else { continue };
        let mut plugin = requirement(marker(id), Scope::Build, node.line, version);
        plugin.alias = Some(format!("{name}.plugins.{}", accessor(alias)));
        facts.inheritable.push(plugin);
    }
    Ok(facts)
}

fn bundles(root: &Node, name: &str, facts: &mut ManifestFacts) {
    let known: HashMap<&str, &Requirement> =
        facts.inheritable.iter().filter_map(|library| Some((library.alias.as_deref()?, library))).collect();
    let mut bundled = Vec::new();
    for (bundle, node) in root.table("bundles") {
        for alias in node.items().iter().filter_map(Node::text) {
            let wanted = format!("{name}.{}", accessor(alias));
            let library = known.get(wanted.as_str()).filter(|_| bundled.len() < MOST_BUNDLED);
            if let Some(&library) = library {
                let mut library = library.clone();
                library.alias = Some(format!("{name}.bundles.{}", accessor(bundle)));
                bundled.push(library);
            }
        }
    }
    facts.inheritable.extend(bundled);
}

fn library(catalog: &str, node: &Node) -> Option<Requirement> {
    if let Some(text) = node.text() {
        let mut parts = text.split(':');
        let (group, name) = (parts.next()?, parts.next()?);
        let version = parts.next().map(str::to_owned);
        return Some(requirement(format!("{group}:{name}"), Scope::Runtime, node.line, version));
    }
    let module = match node.text_of("module") {
        Some(module) => module.trim().to_owned(),
        None => format!("{}:{}", node.text_of("group")?, node.text_of("name")?),
    };
    Some(requirement(module, Scope::Runtime, node.line, version(catalog, node)))
}

fn requirement(name: String, scope: Scope, line: u32, version: Option<String>) -> Requirement {
    let mut requirement = Requirement::new(name, scope, line);
    requirement.version = version.as_deref().and_then(|version| named_version("Maven", version));
    requirement.requirement = version;
    requirement
}

/// The version of a library or plugin: written out, or the name of one.
fn version(catalog: &str, node: &Node) -> Option<String> {
    let version = node.get("version")?;
    match version.text_of("ref") {
        Some(name) => Some(format!("${{{catalog}.versions.{}}}", accessor(name))),
        None => rich(version).map(str::to_owned),
    }
}

/// A version, or what a rich version asks for first.
fn rich(node: &Node) -> Option<&str> {
    node.text().or_else(|| ["strictly", "require", "prefer"].iter().find_map(|key| node.text_of(key)))
}
