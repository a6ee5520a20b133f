//! CycloneDX 1.6: the packages in use as a bill of materials.
//!
//! The same report always gives the same text: the serial number is derived from the commit, and there is no time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::purl;
use crate::finding;
use crate::report::{Dependency, Report, Scope};

/// The dependencies as a CycloneDX 1.6 document.
///
/// Only what is known is stated: a package whose requirement is not pinned has no version, and edges of the graph
/// come from the one chain a dependency keeps, so they are said to be incomplete.
pub fn cyclonedx(report: &Report) -> Value {
    let root = format!("commit:{}", report.commit.id);
    let references: BTreeMap<(&str, &str, Option<&str>), String> =
        report.dependencies.iter().map(|dependency| (key(dependency), reference(dependency))).collect();
    let components: Vec<Value> = report.dependencies.iter().map(component).collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", serial(report)),
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "tools": {"components": [{"type": "application", "name": "DevMentor", "version": report.analyzer}]},
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": report.manifests.iter().find_map(|manifest| manifest.package.as_deref()).unwrap_or("repository"),
                "version": report.commit.id,
            },
        },
        "components": components,
        "dependencies": graph(report, &root, &references),
        "compositions": [{"aggregate": "incomplete", "dependencies": [root]}],
    })
}

fn key(dependency: &Dependency) -> (&str, &str, Option<&str>) {
    (&dependency.ecosystem, &dependency.name, dependency.version.as_deref())
}

/// Unique in the document: ecosystem, name and version are.
fn reference(dependency: &Dependency) -> String {
    purl(&dependency.ecosystem, &dependency.name, dependency.version.as_deref()).unwrap_or_else(|| {
        format!(
            "{}:{}@{}",
            dependency.ecosystem,
            dependency.name,
            dependency.version.as_deref().unwrap_or("")
        )
    })
}

fn component(dependency: &Dependency) -> Value {
    let mut component = Map::new();
    component.insert("type".into(), "library".into());
    component.insert("bom-ref".into(), reference(dependency).into());
    // npm scopes and Maven groups have a place of their own.
    let (group, name) = match dependency.ecosystem.as_str() {
        "npm" | "Packagist" => {
            dependency.name.split_once('/').map_or((None, &*dependency.name), |(g, n)| (Some(g), n))
        }
        "Maven" => dependency.name.split_once(':').map_or((None, &*dependency.name), |(g, n)| (Some(g), n)),
        _ => (None, &*dependency.name),
    };
    if let Some(group) = group {
        component.insert("group".into(), group.into());
    }
    component.insert("name".into(), name.into());
    if let Some(version) = &dependency.version {
        component.insert("version".into(), version.as_str().into());
    }
    let scope = match dependency.scope {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        // CycloneDX: needed for development or tests, not part of what runs.
        Scope::Build | Scope::Dev => "excluded",
    };
    component.insert("scope".into(), scope.into());
    if let Some(license) = &dependency.license {
        component.insert("licenses".into(), licenses(license));
    }
    if let Some(purl) = purl(&dependency.ecosystem, &dependency.name, dependency.version.as_deref()) {
        component.insert("purl".into(), purl.into());
    }
    let places: Vec<Value> = dependency
        .evidence
        .iter()
        .map(|place| {
            if place.start > 0 {
                json!({"location": place.path, "line": place.start})
            } else {
                json!({"location": place.path})
            }
        })
        .collect();
    component.insert("evidence".into(), json!({"occurrences": places}));
    component.insert(
        "properties".into(),
        json!([{"name": "devmentor:direct", "value": dependency.direct.to_string()}]),
    );
    Value::Object(component)
}

/// An SPDX expression where it reads like one, else a name.
fn licenses(license: &str) -> Value {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+'))
    };
    let words: Vec<&str> = license.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    let alternating = words.len() % 2 == 1
        && words
            .iter()
            .enumerate()
            .all(|(at, text)| if at % 2 == 0 { word(text) } else { matches!(*text, "AND" | "OR" | "WITH") });
    if alternating { json!([{"expression": license}]) } else { json!([{"license": {"name": license}}]) }
}

fn graph(
    report: &Report,
    root: &str,
    references: &BTreeMap<(&str, &str, Option<&str>), String>,
) -> Vec<Value> {
    // Where a name has one version only, a chain of names is a chain of components.
    let mut by_name: BTreeMap<(&str, &str), Vec<&String>> = BTreeMap::new();
    for ((ecosystem, name, _), reference) in references {
        by_name.entry((ecosystem, name)).or_default().push(reference);
    }
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    edges.entry(root).or_default();
    for dependency in &report.dependencies {
        let Some(reference) = references.get(&key(dependency)) else { continue };
        edges.entry(reference).or_default();
        if dependency.direct {
            edges.entry(root).or_default().insert(reference);
        }
        let parent = dependency.via.len().checked_sub(2).and_then(|at| dependency.via.get(at));
        let parent = parent.and_then(|name| by_name.get(&(dependency.ecosystem.as_str(), name.as_str())));
        if let Some([parent]) = parent.map(Vec::as_slice) {
            edges.entry(parent).or_default().insert(reference);
        }
    }
    edges.into_iter().map(|(from, to)| json!({"ref": from, "dependsOn": to})).collect()
}

/// A UUID of version 8 (RFC 9562: its content is ours) from the commit and the analyser's version.
fn serial(report: &Report) -> String {
    let mut digits: Vec<char> =
        finding::fingerprint(&["cyclonedx", &report.commit.id, &report.analyzer]).chars().collect();
    digits[12] = '8';
    digits[16] = 'a';
    let part = |from: usize, to: usize| digits[from..to].iter().collect::<String>();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
