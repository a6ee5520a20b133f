//! Dart: `pubspec.yaml` and `pubspec.lock`.

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, exact_semver, index};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "Pub".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads `pubspec.yaml`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts =
        ManifestFacts { package: root.text_of("name").map(str::to_owned), ..facts("pubspec.yaml") };
    for (table, scope) in [("dependencies", Scope::Runtime), ("dev_dependencies", Scope::Dev)] {
        for (name, node) in root.table(table) {
            let mut requirement = Requirement::new(name.as_str(), scope, node.line);
            let written = node.text().or_else(|| node.text_of("version")).map(str::trim);
            requirement.requirement =
                written.filter(|text| !matches!(*text, "" | "any" | "~")).map(str::to_owned);
            requirement.version = written.and_then(exact_semver);
            // The SDK is no package; a path leads into this repository.
            requirement.local = node.get("sdk").is_some() || node.get("path").is_some();
            facts.requirements.push(requirement);
        }
    }
    Ok(facts)
}

/// Reads `pubspec.lock`. It does not say which package needs which.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    if root.get("packages").is_none() {
        return Err(Malformed);
    }
    let mut facts = ManifestFacts { lockfile: true, ..facts("pubspec.lock") };
    let mut direct = Vec::new();
    for (name, node) in root.table("packages") {
        let mut locked = Locked::new(name.as_str(), node.text_of("version"), node.line);
        locked.local = matches!(node.text_of("source"), Some("sdk" | "path"));
        match node.text_of("dependency") {
            Some("direct dev") => locked.scope = Some(Scope::Dev),
            Some("direct main") => locked.scope = Some(Scope::Runtime),
            _ => {}
        }
        if node.text_of("dependency").is_some_and(|how| how.starts_with("direct")) {
            direct.push(index(facts.locked.len()));
        }
        facts.locked.push(locked);
    }
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: direct });
    Ok(facts)
}
