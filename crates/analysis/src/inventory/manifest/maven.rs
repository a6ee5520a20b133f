//! Maven: `pom.xml`. Names are `group:artifact`, as OSV spells them.
//!
//! What a POM inherits from a parent that is not in this repository stays unknown; no registry is asked.

use std::collections::BTreeMap;

use super::xml::{self, Element};
use super::{Lineage, Malformed, ManifestFacts, Read, Requirement, named_version};
use crate::report::Scope;

/// The group of a plugin that names none.
const PLUGINS: &str = "org.apache.maven.plugins";

/// Reads `pom.xml`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let root = xml::read(text)?;
    if root.name != "project" {
        return Err(Malformed);
    }
    let parent = root.child("parent");
    let own = |name: &str| root.text_of(name).or_else(|| parent.and_then(|parent| parent.text_of(name)));
    let mut facts = ManifestFacts {
        ecosystem: "Maven".into(),
        format: "pom.xml".into(),
        package: name(own("groupId"), root.text_of("artifactId")),
        license: root
            .under(&["licenses", "license"])
            .first()
            .and_then(|one| one.text_of("name"))
            .map(str::to_owned),
        variables: variables(&root, parent, own("groupId"), own("version")),
        ..ManifestFacts::default()
    };
    let mut imports = Vec::new();
    let profiles = root.under(&["profiles", "profile"]);
    for (section, optional) in
        std::iter::once((&root, false)).chain(profiles.into_iter().map(|profile| (profile, true)))
    {
        for managed in section.under(&["dependencyManagement", "dependencies", "dependency"]) {
            if managed.text_of("scope") == Some("import") {
                imports.extend(name(managed.text_of("groupId"), managed.text_of("artifactId")));
            } else {
                facts.inheritable.extend(dependency(managed));
            }
        }
        let asked = section.under(&["dependencies", "dependency"]).into_iter().filter_map(dependency);
        facts.requirements.extend(asked.map(|mut requirement| {
            if optional && requirement.scope == Scope::Runtime {
                requirement.scope = Scope::Optional;
            }
            requirement
        }));
        facts.inheritable.extend(
            section.under(&["build", "pluginManagement", "plugins", "plugin"]).into_iter().filter_map(plugin),
        );
        let used = ["plugins", "extensions"].map(|list| {
            let item = list.trim_end_matches('s');
            section.under(&["build", list, item])
        });
        facts.requirements.extend(used.into_iter().flatten().filter_map(plugin));
    }
    facts.requirements.sort_by_key(|requirement| requirement.line);
    let parent_name = parent.and_then(|parent| name(parent.text_of("groupId"), parent.text_of("artifactId")));
    if let (Some(parent), Some(name)) = (parent, &parent_name) {
        // The parent itself is a package that is fetched, unless it is one of this repository.
        let mut requirement = Requirement::new(name.as_str(), Scope::Build, parent.line);
        version(&mut requirement, parent.text_of("version"));
        facts.requirements.insert(0, requirement);
    }
    facts.lineage = Lineage::Names { parent: parent_name, imports };
    Ok(facts)
}

fn name(group: Option<&str>, artifact: Option<&str>) -> Option<String> {
    Some(format!("{}:{}", group?, artifact?))
}

/// The properties, and what Maven itself gives names to.
fn variables(
    root: &Element,
    parent: Option<&Element>,
    group: Option<&str>,
    version: Option<&str>,
) -> BTreeMap<String, String> {
    let properties = root.under(&["properties"]).into_iter().flat_map(|properties| &properties.children);
    let mut variables: BTreeMap<String, String> = properties
        .filter_map(|property| Some((property.name.clone(), property.text()?.to_owned())))
        .collect();
    let mut give = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            variables.insert(name.to_owned(), value.to_owned());
        }
    };
    for prefix in ["project.", "pom.", ""] {
        give(&format!("{prefix}groupId"), group);
        give(&format!("{prefix}version"), version);
        give(&format!("{prefix}artifactId"), root.text_of("artifactId"));
    }
    give("project.parent.version", parent.and_then(|parent| parent.text_of("version")));
    give("project.parent.groupId", parent.and_then(|parent| parent.text_of("groupId")));
    variables
}

fn dependency(element: &Element) -> Option<Requirement> {
    let name = name(element.text_of("groupId"), element.text_of("artifactId"))?;
    let scope = match element.text_of("scope") {
        Some("test") => Scope::Dev,
        _ if element.text_of("optional") == Some("true") => Scope::Optional,
        _ => Scope::Runtime,
    };
    let mut requirement = Requirement::new(name, scope, element.line);
    // A system dependency is a file beside the project.
    requirement.local = element.text_of("scope") == Some("system");
    version(&mut requirement, element.text_of("version"));
    Some(requirement)
}

fn plugin(element: &Element) -> Option<Requirement> {
    let name = name(Some(element.text_of("groupId").unwrap_or(PLUGINS)), element.text_of("artifactId"))?;
    let mut requirement = Requirement::new(name, Scope::Build, element.line);
    version(&mut requirement, element.text_of("version"));
    Some(requirement)
}

fn version(requirement: &mut Requirement, written: Option<&str>) {
    requirement.requirement = written.map(str::to_owned);
    requirement.version = written.and_then(|written| named_version("Maven", written));
    requirement.inherited = written.is_none();
}
