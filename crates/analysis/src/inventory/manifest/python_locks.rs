//! Lockfiles of Poetry, uv and PDM: lists of `[[package]]`, each with its own way to name what a package needs.

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Root, ascending, index, requirements};
use crate::advisories::normal_name;
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Reads `poetry.lock`.
pub(super) fn poetry(_path: &str, text: &str) -> Read {
    read(text, "poetry.lock", |node| {
        let needs = node.table("dependencies").iter().map(|(name, _)| (name.clone(), None)).collect();
        let groups: Vec<&str> = node.list("groups").iter().filter_map(Node::text).collect();
        let development =
            node.text_of("category") == Some("dev") || (!groups.is_empty() && !groups.contains(&"main"));
        let scope = if development {
            Some(Scope::Dev)
        } else if node.is_true("optional") {
            Some(Scope::Optional)
        } else {
            None
        };
        let local = node.at(&["source", "type"]).and_then(Node::text) == Some("directory");
        Package { needs, scope, local, folder: None }
    })
}

/// Reads `uv.lock`.
pub(super) fn uv(_path: &str, text: &str) -> Read {
    read(text, "uv.lock", |node| {
        let groups = ["optional-dependencies", "dev-dependencies"].iter().flat_map(|table| node.table(table));
        let lists = groups.map(|(_, list)| list.items()).chain([node.list("dependencies")]);
        let needs = lists
            .flatten()
            .filter_map(|need| {
                Some((need.text_of("name")?.to_owned(), need.text_of("version").map(str::to_owned)))
            })
            .collect();
        let source = |kind: &str| node.at(&["source", kind]).and_then(Node::text);
        let folder = source("editable").or_else(|| source("virtual")).or_else(|| source("directory"));
        let folder = folder.map(|folder| if folder == "." { String::new() } else { folder.to_owned() });
        Package { needs, scope: None, local: folder.is_some(), folder }
    })
}

/// Reads `pdm.lock`.
pub(super) fn pdm(_path: &str, text: &str) -> Read {
    read(text, "pdm.lock", |node| {
        let needs = node
            .list("dependencies")
            .iter()
            .filter_map(|need| Some((requirements::parse(need.text()?, Scope::Runtime, 0)?.name, None)))
            .collect();
        let groups: Vec<&str> = node.list("groups").iter().filter_map(Node::text).collect();
        let development = !groups.is_empty() && !groups.contains(&"default");
        Package {
            needs,
            scope: development.then_some(Scope::Dev),
            local: node.get("path").is_some(),
            folder: None,
        }
    })
}

/// What a format says about one package.
struct Package {
    /// Names, each perhaps with the version that is meant.
    needs: Vec<(String, Option<String>)>,
    scope: Option<Scope>,
    local: bool,
    /// For a package of the repository: where it is.
    folder: Option<String>,
}

fn read(text: &str, format: &str, look: impl Fn(&Node) -> Package) -> Read {
    let root = tree::toml(text).ok_or(Malformed)?;
    let mut facts = ManifestFacts {
        ecosystem: "PyPI".into(),
        format: format.to_owned(),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut by_name: HashMap<String, u32> = HashMap::new();
    // The same version may come from several places, one for each platform.
    let mut by_version: HashMap<(String, Option<String>), Vec<u32>> = HashMap::new();
    let mut packages = Vec::new();
    for node in root.list("package") {
        let name = normal_name("PyPI", node.text_of("name").ok_or(Malformed)?).into_owned();
        let line = node.get("name").map_or(node.line, |name| name.line);
        let package = look(node);
        let mut locked = Locked::new(name.as_str(), node.text_of("version"), line);
        locked.scope = package.scope;
        locked.local = package.local;
        let at = index(facts.locked.len());
        by_version.entry((name.clone(), locked.version.clone())).or_default().push(at);
        by_name.entry(name).or_insert(at);
        facts.locked.push(locked);
        packages.push(package);
    }
    for (at, package) in packages.into_iter().enumerate() {
        let needed = package.needs.iter().flat_map(|(name, version)| {
            let key = (normal_name("PyPI", name).into_owned(), version.clone());
            let any = || by_name.get(&key.0).map(std::slice::from_ref);
            by_version.get(&key).map(Vec::as_slice).or_else(any).unwrap_or_default().to_vec()
        });
        let requires = ascending(needed.collect());
        if let Some(folder) = package.folder {
            let name = Some(facts.locked[at].name.clone());
            facts.roots.push(Root { folder: Some(folder), name, requires: requires.clone() });
        }
        facts.locked[at].requires = requires;
    }
    Ok(facts)
}
