//! Pipenv: `Pipfile` and `Pipfile.lock`.

use super::{Locked, Malformed, ManifestFacts, Read, pyproject, requirements};
use crate::advisories::normal_name;
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Reads `Pipfile`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let mut found = Vec::new();
    pyproject::poetry_table(root.table("packages"), Scope::Runtime, &mut found);
    pyproject::poetry_table(root.table("dev-packages"), Scope::Dev, &mut found);
    found.sort_by_key(|requirement| requirement.line);
    Ok(ManifestFacts {
        ecosystem: "PyPI".into(),
        format: "Pipfile".into(),
        requirements: found,
        ..ManifestFacts::default()
    })
}

/// Reads `Pipfile.lock`. It does not say which package needs which.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        ecosystem: "PyPI".into(),
        format: "Pipfile.lock".into(),
        lockfile: true,
        ..ManifestFacts::default()
    };
    for (table, scope) in [("default", Scope::Runtime), ("develop", Scope::Dev)] {
        for (name, node) in root.table(table) {
            let version = node.text_of("version").and_then(requirements::exact);
            let mut locked = Locked::new(normal_name("PyPI", name), version.as_deref(), node.line);
            locked.scope = Some(scope);
            locked.local = node.get("path").is_some();
            facts.locked.push(locked);
        }
    }
    Ok(facts)
}
