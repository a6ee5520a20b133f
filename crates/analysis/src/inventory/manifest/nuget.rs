//! `NuGet`: `MSBuild` projects and what they import by folder (`Directory.Packages.props`), `packages.config`, and
//! `packages.lock.json`.
//!
//! The conditions of `MSBuild` are not evaluated: what stands under any of them counts.

use std::collections::HashMap;

use super::xml::{self, Element};
use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, index, named_version};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

/// Packages that only projects of tests refer to.
const TEST_RUNNERS: [&str; 5] = [
    "Microsoft.NET.Test.Sdk",
    "xunit.runner.visualstudio",
    "NUnit3TestAdapter",
    "MSTest.TestAdapter",
    "MSTest",
];

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "NuGet".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads a project, or a file of properties that projects below it import.
pub(super) fn project(path: &str, text: &str) -> Read {
    let file = path.rsplit('/').next().unwrap_or(path);
    let is_project = file.ends_with("proj");
    let mut facts = facts(if is_project { "MSBuild project" } else { file });
    let root = match xml::read(text) {
        Ok(root) if root.name == "Project" => root,
        _ if is_project => return Err(Malformed),
        // Other programs have files of such names too.
        _ => return Ok(facts),
    };
    for property in root.under(&["PropertyGroup"]).into_iter().flat_map(|group| &group.children) {
        if let Some(value) = property.text() {
            // A property that is given twice may depend on conditions; the first one is the default of most projects.
            facts.variables.entry(property.name.clone()).or_insert_with(|| value.to_owned());
        }
    }
    facts.package =
        facts.variables.get("PackageId").filter(|name| is_project && !name.contains('$')).cloned();
    facts.license = facts.variables.get("PackageLicenseExpression").filter(|_| is_project).cloned();
    let groups = root.under(&["ItemGroup"]).into_iter();
    let chosen = root.under(&["Choose", "When", "ItemGroup"]).into_iter();
    for item in groups.chain(chosen).flat_map(|group| &group.children) {
        match item.name.as_str() {
            "PackageVersion" => facts.inheritable.extend(versioned(item, "Include", Scope::Runtime)),
            "PackageReference" if item.attribute("Include").is_some() => {
                facts.requirements.extend(reference(item));
            }
            // Gives a version to references that have none.
            "PackageReference" => facts.inheritable.extend(versioned(item, "Update", Scope::Runtime)),
            "GlobalPackageReference" | "DotNetCliToolReference" => {
                facts.requirements.extend(versioned(item, "Include", Scope::Build));
            }
            _ => {}
        }
    }
    let named = |wanted: &str| facts.requirements.iter().any(|one| one.name.eq_ignore_ascii_case(wanted));
    let of_tests =
        facts.variables.get("IsTestProject").is_some_and(|value| value.eq_ignore_ascii_case("true"))
            || TEST_RUNNERS.iter().any(|runner| named(runner));
    if is_project && of_tests {
        facts.requirements.iter_mut().for_each(|requirement| requirement.scope = Scope::Dev);
    }
    facts.requirements.sort_by_key(|requirement| requirement.line);
    Ok(facts)
}

fn reference(item: &Element) -> Option<Requirement> {
    // Assets that go nowhere: analysers, source generators, build tasks.
    let private = item.says("PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
    versioned(item, "Include", if private { Scope::Build } else { Scope::Runtime })
}

fn versioned(item: &Element, key: &str, scope: Scope) -> Option<Requirement> {
    let mut requirement = Requirement::new(item.attribute(key)?, scope, item.line);
    let written = item.says("VersionOverride").or_else(|| item.says("Version"));
    requirement.requirement = written.map(str::to_owned);
    requirement.version = written.and_then(|written| named_version("NuGet", written));
    requirement.inherited = written.is_none();
    Some(requirement)
}

/// Reads `packages.config`, which pins every package, asked for or brought along.
pub(super) fn packages_config(_path: &str, text: &str) -> Read {
    let root = xml::read(text)?;
    if root.name != "packages" {
        return Err(Malformed);
    }
    let mut facts = ManifestFacts { lockfile: true, ..facts("packages.config") };
    for package in root.all("package") {
        let development = package.attribute("developmentDependency") == Some("true");
        let scope = if development { Scope::Build } else { Scope::Runtime };
        let mut requirement =
            Requirement::new(package.attribute("id").ok_or(Malformed)?, scope, package.line);
        requirement.version = package.attribute("version").map(str::to_owned);
        requirement.requirement.clone_from(&requirement.version);
        facts.requirements.push(requirement);
    }
    Ok(facts)
}

/// Reads `packages.lock.json`: a graph for each target framework.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let version = root.text_of("version").ok_or(Malformed)?;
    let mut facts = ManifestFacts { lockfile: true, ..facts(&format!("packages.lock.json v{version}")) };
    let mut known: HashMap<(String, String), u32> = HashMap::new();
    let mut direct = Vec::new();
    for (_, framework) in root.table("dependencies") {
        let mut of_framework: HashMap<String, u32> = HashMap::new();
        for (name, node) in framework.entries() {
            let version = node.text_of("resolved");
            let key = (name.to_lowercase(), version.unwrap_or_default().to_owned());
            let at = *known.entry(key).or_insert_with(|| {
                let mut locked = Locked::new(name.as_str(), version, node.line);
                locked.local = node.text_of("type") == Some("Project");
                facts.locked.push(locked);
                index(facts.locked.len() - 1)
            });
            of_framework.insert(name.to_lowercase(), at);
            if node.text_of("type") == Some("Direct") {
                direct.push(at);
            }
        }
        for (name, node) in framework.entries() {
            let needs = node.table("dependencies").iter();
            let needs = needs.filter_map(|(need, _)| of_framework.get(&need.to_lowercase()).copied());
            if let Some(at) = of_framework.get(&name.to_lowercase()) {
                facts.locked[*at as usize].requires.extend(needs);
            }
        }
    }
    for locked in &mut facts.locked {
        locked.requires = ascending(std::mem::take(&mut locked.requires));
    }
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: ascending(direct) });
    Ok(facts)
}
