//! C and C++: `vcpkg.json`, `conan.lock` of Conan 1 and 2, and `conanfile.txt`.

use std::collections::HashMap;

use super::{Locked, MOST_PACKAGES, Malformed, ManifestFacts, Read, Requirement, Root, ascending, index};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

fn facts(ecosystem: &str, format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: ecosystem.into(), format: format.into(), ..ManifestFacts::default() }
}

/// Reads `vcpkg.json`. A version is known where it is overridden; otherwise the baseline of the registry decides.
pub(super) fn vcpkg(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        package: root.text_of("name").map(str::to_owned),
        license: root.text_of("license").map(str::to_owned),
        ..facts("vcpkg", "vcpkg.json")
    };
    let version = |node: &Node| {
        ["version", "version-semver", "version-string", "version-date"]
            .iter()
            .find_map(|key| node.text_of(key))
            .map(|version| version.split('#').next().unwrap_or(version).to_owned())
    };
    let overrides: HashMap<&str, String> =
        root.list("overrides").iter().filter_map(|one| Some((one.text_of("name")?, version(one)?))).collect();
    let features = root.table("features").iter().map(|(_, feature)| feature.list("dependencies"));
    let lists = std::iter::once((root.list("dependencies"), Scope::Runtime))
        .chain(features.map(|list| (list, Scope::Optional)));
    // One more than are taken is enough to refuse the file.
    for (node, scope) in
        lists.flat_map(|(list, scope)| list.iter().map(move |node| (node, scope))).take(MOST_PACKAGES + 1)
    {
        let Some(name) = node.text().or_else(|| node.text_of("name")) else { continue };
        let scope = if node.is_true("host") { Scope::Build } else { scope };
        let line = node.get("name").map_or(node.line, |name| name.line);
        let mut requirement = Requirement::new(name, scope, line);
        requirement.requirement = node.text_of("version>=").map(|version| format!(">={version}"));
        requirement.version = overrides.get(name).cloned();
        // A package may ask for features of itself.
        requirement.local = facts.package.as_deref() == Some(name);
        facts.requirements.push(requirement);
    }
    Ok(facts)
}

/// `zlib/1.2.13#revision%time`, perhaps with `@user/channel`.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.trim().split_once('/')?;
    let version = rest.split(['#', '@', '%', ':']).next()?;
    (!name.is_empty() && !version.is_empty() && !name.contains(' ')).then_some((name, version))
}

/// Reads `conan.lock`.
pub(super) fn conan_lock(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let version = root.text_of("version").ok_or(Malformed)?;
    let mut facts =
        ManifestFacts { lockfile: true, ..facts("ConanCenter", &format!("conan.lock v{version}")) };
    let Some(nodes) = root.at(&["graph_lock", "nodes"]) else {
        // Version 2 of Conan: flat lists, no edges.
        for (list, scope) in [
            ("requires", Scope::Runtime),
            ("build_requires", Scope::Build),
            ("python_requires", Scope::Build),
        ] {
            for node in root.list(list) {
                let Some((name, version)) = node.text().and_then(reference) else { continue };
                let mut locked = Locked::new(name, Some(version), node.line);
                locked.scope = Some(scope);
                facts.locked.push(locked);
            }
        }
        return Ok(facts);
    };
    let mut places: HashMap<&str, u32> = HashMap::new();
    let mut of_place = Vec::new();
    for (id, node) in nodes.entries() {
        let named = node.text_of("ref").and_then(reference);
        let Some((name, version)) = named else { continue };
        places.insert(id, index(facts.locked.len()));
        of_place.push(node);
        facts.locked.push(Locked::new(name, Some(version), node.line));
    }
    let needs = |node: &Node| {
        let lists = [node.list("requires"), node.list("build_requires")].concat();
        ascending(lists.iter().filter_map(|id| places.get(id.text()?).copied()).collect())
    };
    for (at, node) in of_place.iter().enumerate() {
        facts.locked[at].requires = needs(node);
    }
    // The node 0 is the project itself.
    let project = nodes.get("0");
    if let Some(at) = places.get("0") {
        facts.locked[*at as usize].local = true;
    }
    let requires = project.map(needs).unwrap_or_default();
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires });
    Ok(facts)
}

/// Reads `conanfile.txt`: sections of references.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn conanfile(_path: &str, text: &str) -> Read {
    let mut facts = facts("ConanCenter", "conanfile.txt");
    let mut scope = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.starts_with('[') {
            scope = match line {
                "[requires]" => Some(Scope::Runtime),
                "[build_requires]" | "[tool_requires]" => Some(Scope::Build),
                "[test_requires]" => Some(Scope::Dev),
                _ => None,
            };
            continue;
        }
        let (Some(scope), Some((name, version))) = (scope, reference(line)) else { continue };
        let mut requirement = Requirement::new(name, scope, number);
        requirement.requirement = Some(version.to_owned());
        requirement.version =
            version.starts_with(|c: char| c.is_ascii_alphanumeric()).then(|| version.to_owned());
        facts.requirements.push(requirement);
    }
    Ok(facts)
}
