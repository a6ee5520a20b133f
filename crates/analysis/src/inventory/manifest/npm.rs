//! npm: `package.json`, `package-lock.json` of versions 1 to 3 and `npm-shrinkwrap.json`.

use std::collections::{HashMap, HashSet};

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, exact_semver, index};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// How many folders up a package is looked for.
const DEEPEST: usize = 64;
/// How many patterns a workspace may have.
const MOST_MEMBERS: usize = 1_000;
/// No folder of a package has a longer path; looking for packages from such a one would copy it again and again.
pub(super) const LONGEST_PLACE: usize = 4_096;

/// Tables of a manifest and what their packages are needed for.
const TABLES: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Dev),
    ("peerDependencies", Scope::Runtime),
];

/// Reads `package.json`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let optional_peers = optional_peers(&root);
    let mut requirements: Vec<Requirement> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (table, scope) in TABLES {
        for (name, node) in root.table(table) {
            let scope = if table == "peerDependencies" && optional_peers.contains(name.as_str()) {
                Scope::Optional
            } else {
                scope
            };
            match seen.get(name.as_str()) {
                // npm repeats optional packages under `dependencies`, and a peer is often installed for development.
                Some(&at) if scope == Scope::Optional || table == "peerDependencies" => {
                    let known = &mut requirements[at];
                    known.scope = if table == "peerDependencies" { known.scope.min(scope) } else { scope };
                }
                Some(_) => {}
                None => {
                    seen.insert(name, requirements.len());
                    requirements.push(requirement(name, node.text(), scope, node.line));
                }
            }
        }
    }
    requirements.sort_by_key(|requirement| requirement.line);
    Ok(ManifestFacts {
        ecosystem: "npm".into(),
        format: "package.json".into(),
        package: root.text_of("name").map(str::to_owned),
        license: license(&root),
        members: members(&root),
        requirements,
        ..ManifestFacts::default()
    })
}

/// The patterns of `workspaces`: a list, or one under `packages`.
fn members(root: &Node) -> Vec<String> {
    let workspaces = root.get("workspaces").map(|node| node.get("packages").unwrap_or(node));
    let patterns = workspaces.map(Node::items).unwrap_or_default();
    patterns.iter().filter_map(Node::text).take(MOST_MEMBERS).map(str::to_owned).collect()
}

/// Peers that a package can do without: they are not installed because of it.
pub(super) fn optional_peers(node: &Node) -> HashSet<&str> {
    let peers = node.table("peerDependenciesMeta").iter();
    peers.filter(|(_, meta)| meta.is_true("optional")).map(|(name, _)| name.as_str()).collect()
}

/// A requirement as npm and its relatives write it.
pub(super) fn requirement(name: &str, written: Option<&str>, scope: Scope, line: u32) -> Requirement {
    let mut requirement = Requirement::new(name, scope, line);
    let Some(written) = written.map(str::trim) else { return requirement };
    requirement.requirement = Some(written.to_owned());
    if ["workspace:", "file:", "link:", "portal:"].iter().any(|prefix| written.starts_with(prefix)) {
        requirement.local = true;
    } else if let Some(target) = written.strip_prefix("npm:") {
        let (real, range) = split_at_version(target);
        // `npm:^1.0.0` is a range, `npm:other@^1.0.0` another package.
        if !real.is_empty()
            && (range.is_some() || !real.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c)))
        {
            requirement.alias = Some(name.to_owned());
            real.clone_into(&mut requirement.name);
        }
        requirement.version = range.and_then(exact_semver);
    } else {
        requirement.version = exact_semver(written);
    }
    requirement
}

/// `@scope/name@1.0` is `@scope/name` and `1.0`.
pub(super) fn split_at_version(text: &str) -> (&str, Option<&str>) {
    match text.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn license(node: &Node) -> Option<String> {
    let of = |node: &Node| node.text().or_else(|| node.text_of("type")).map(str::to_owned);
    node.get("license").and_then(of).or_else(|| node.list("licenses").first().and_then(of))
}

/// Reads `package-lock.json` and `npm-shrinkwrap.json`.
pub(super) fn lockfile(path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let version = root.text_of("lockfileVersion").unwrap_or("1");
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut facts = ManifestFacts {
        ecosystem: "npm".into(),
        format: format!("{name} v{version}"),
        lockfile: true,
        package: root.text_of("name").map(str::to_owned),
        ..ManifestFacts::default()
    };
    match root.get("packages") {
        Some(packages) => by_folder(packages, &mut facts),
        None => nested(&root, &mut facts)?,
    }
    Ok(facts)
}

/// Versions 2 and 3: packages by the folder they are installed in.
fn by_folder(packages: &Node, facts: &mut ManifestFacts) {
    let entries = packages.entries();
    let mut places: HashMap<&str, u32> = HashMap::new();
    for (place, node) in entries {
        let installed = place.rsplit_once("node_modules/").map(|(_, name)| name);
        let name = node.text_of("name").or(installed).unwrap_or(place);
        let mut locked = Locked::new(name, node.text_of("version"), node.line);
        locked.local = installed.is_none() || node.is_true("link");
        locked.license = license(node);
        locked.scope = stated_scope(node);
        places.insert(place, index(facts.locked.len()));
        facts.locked.push(locked);
    }
    for (at, (place, node)) in entries.iter().enumerate() {
        let optional_peers = optional_peers(node);
        let tables = ["dependencies", "optionalDependencies", "devDependencies"];
        let peers = node.table("peerDependencies").iter();
        let peers = peers.filter(|(name, _)| !optional_peers.contains(name.as_str()));
        let needed = tables.iter().flat_map(|table| node.table(table)).chain(peers);
        let needed = needed.filter_map(|(name, _)| {
            installed_for(place, name, &places).map(|found| {
                match entries[found as usize].1.text_of("resolved") {
                    Some(target) if entries[found as usize].1.is_true("link") => {
                        *places.get(target).unwrap_or(&found)
                    }
                    _ => found,
                }
            })
        });
        let requires = ascending(needed.collect());
        if place.contains("node_modules/") {
            facts.locked[at].requires = requires;
        } else {
            facts.locked[at].requires.clone_from(&requires);
            facts.roots.push(Root {
                folder: Some(place.clone()),
                name: node.text_of("name").map(str::to_owned),
                requires,
            });
        }
    }
}

fn stated_scope(node: &Node) -> Option<Scope> {
    if node.is_true("dev") {
        Some(Scope::Dev)
    } else if node.is_true("optional") || node.is_true("devOptional") {
        Some(Scope::Optional)
    } else {
        None
    }
}

/// Where Node would find `name` from a package in `place`: its own `node_modules`, then that of each folder above.
fn installed_for(place: &str, name: &str, places: &HashMap<&str, u32>) -> Option<u32> {
    if place.len() > LONGEST_PLACE {
        return None;
    }
    let mut folder = place;
    for _ in 0..DEEPEST {
        let candidate = if folder.is_empty() {
            format!("node_modules/{name}")
        } else {
            format!("{folder}/node_modules/{name}")
        };
        if let Some(&found) = places.get(candidate.as_str()) {
            return Some(found);
        }
        if folder.is_empty() {
            return None;
        }
        folder = super::folder(folder);
        folder = folder.strip_suffix("/node_modules").unwrap_or(if folder == "node_modules" {
            ""
        } else {
            folder
        });
    }
    None
}

/// Version 1: packages inside the packages that need them.
fn nested(root: &Node, facts: &mut ManifestFacts) -> Result<(), Malformed> {
    // Where a package stands is known by the package around it, not by its path: paths would grow with each level.
    let mut places: HashMap<(Option<u32>, &str), u32> = HashMap::new();
    let mut packages: Vec<(Option<u32>, &Node)> = Vec::new();
    let mut todo: Vec<(Option<u32>, &Node)> = vec![(None, root)];
    while let Some((around, node)) = todo.pop() {
        for (name, package) in node.table("dependencies") {
            if !package.is_map() {
                return Err(Malformed);
            }
            let at = index(facts.locked.len());
            places.insert((around, name), at);
            let version = package.text_of("version");
            let (name, version) = match version.and_then(|version| version.strip_prefix("npm:")) {
                Some(alias) => split_at_version(alias),
                None => (name.as_str(), version),
            };
            let mut locked = Locked::new(name, version, package.line);
            locked.local = version.is_some_and(|version| version.starts_with("file:"));
            locked.scope = stated_scope(package);
            facts.locked.push(locked);
            packages.push((around, package));
            todo.push((Some(at), package));
        }
    }
    for (at, (_, package)) in packages.iter().enumerate() {
        let needed = package.table("requires").iter().filter_map(|(name, _)| {
            let mut around = Some(index(at));
            loop {
                if let Some(&found) = places.get(&(around, name.as_str())) {
                    return Some(found);
                }
                around = packages[around? as usize].0;
            }
        });
        facts.locked[at].requires = ascending(needed.collect());
    }
    Ok(())
}
