//! `pyproject.toml`: the standard tables (PEP 621, PEP 735, PEP 518), and those of Poetry, PDM and uv.

use std::collections::HashSet;

use super::{Malformed, ManifestFacts, Read, Requirement, requirements};
use crate::advisories::normal_name;
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Reads `pyproject.toml`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let mut found: Vec<Requirement> = Vec::new();
    let nothing = Node { line: 0, value: tree::Value::Null };
    let project = root.get("project").unwrap_or(&nothing);
    lines(project.list("dependencies"), Scope::Runtime, &mut found);
    groups(project.table("optional-dependencies"), Scope::Optional, &mut found);
    groups(root.table("dependency-groups"), Scope::Dev, &mut found);
    lines(root.at(&["build-system", "requires"]).map_or(&[], Node::items), Scope::Build, &mut found);
    let tool = root.get("tool").unwrap_or(&nothing);
    lines(tool.at(&["uv", "dev-dependencies"]).map_or(&[], Node::items), Scope::Dev, &mut found);
    groups(tool.at(&["pdm", "dev-dependencies"]).map_or(&[], Node::entries), Scope::Dev, &mut found);
    let poetry = tool.get("poetry").unwrap_or(&nothing);
    poetry_table(poetry.table("dependencies"), Scope::Runtime, &mut found);
    poetry_table(poetry.table("dev-dependencies"), Scope::Dev, &mut found);
    for (_, group) in poetry.table("group") {
        poetry_table(group.table("dependencies"), Scope::Dev, &mut found);
    }
    let sources = tool.at(&["uv", "sources"]).map_or(&[][..], Node::entries);
    let local: HashSet<_> = sources
        .iter()
        .filter(|(_, source)| source.is_true("workspace") || source.get("path").is_some())
        .map(|(name, _)| normal_name("PyPI", name))
        .collect();
    for requirement in &mut found {
        requirement.local |= local.contains(requirement.name.as_str());
    }
    found.sort_by_key(|requirement| requirement.line);
    let text_at = |path: &[&str]| root.at(path).and_then(Node::text).map(str::to_owned);
    Ok(ManifestFacts {
        ecosystem: "PyPI".into(),
        format: "pyproject.toml".into(),
        package: text_at(&["project", "name"]).or_else(|| text_at(&["tool", "poetry", "name"])),
        license: text_at(&["project", "license"])
            .or_else(|| text_at(&["project", "license", "text"]))
            .or_else(|| text_at(&["tool", "poetry", "license"])),
        requirements: found,
        ..ManifestFacts::default()
    })
}

fn lines(items: &[Node], scope: Scope, found: &mut Vec<Requirement>) {
    found.extend(items.iter().filter_map(|item| requirements::parse(item.text()?, scope, item.line)));
}

fn groups(tables: &[(String, Node)], scope: Scope, found: &mut Vec<Requirement>) {
    for (_, group) in tables {
        lines(group.items(), scope, found);
    }
}

/// Poetry's own table: a requirement, or a table with one, or several of them for different platforms.
pub(super) fn poetry_table(table: &[(String, Node)], scope: Scope, found: &mut Vec<Requirement>) {
    for (name, node) in table.iter().filter(|(name, _)| name != "python") {
        let details = node.items().first().unwrap_or(node);
        let scope =
            if details.is_true("optional") && scope == Scope::Runtime { Scope::Optional } else { scope };
        let mut requirement = Requirement::new(normal_name("PyPI", name), scope, node.line);
        let written = details.text().or_else(|| details.text_of("version")).filter(|text| *text != "*");
        requirement.requirement = written.map(str::to_owned);
        // A bare version permits exactly itself.
        requirement.version = written.and_then(|text| {
            let bare = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains([',', '*', ' ', '|']);
            if bare { Some(text.to_owned()) } else { requirements::exact(text) }
        });
        requirement.local = details.get("path").is_some();
        found.push(requirement);
    }
}
