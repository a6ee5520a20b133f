//! Gradle: build scripts as far as they are written out, version catalogs, `gradle.properties`, the lockfiles of
//! dependency locking, and the metadata of dependency verification. Scripts are never run.

mod catalog;
mod script;
mod tokens;

use std::collections::{BTreeMap, HashMap};

use super::xml;
use super::{Locked, Malformed, ManifestFacts, Read, folder};
use crate::report::Scope;

pub(super) use catalog::catalog;
pub(super) use script::script;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "Maven".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads `gradle.lockfile`, that of a build script or settings, and the older files by configuration in
/// `gradle/dependency-locks`. They do not say which module needs which.
pub(super) fn lockfile(path: &str, text: &str) -> Read {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_configuration = folder(path).ends_with("dependency-locks");
    let mut facts = ManifestFacts { lockfile: true, ..facts("gradle.lockfile") };
    facts.folders_up = if by_configuration { 2 } else { 0 };
    let of_build = name.starts_with("buildscript-") || name.starts_with("settings-");
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (module, configurations) =
            line.split_once('=').unwrap_or((line, name.trim_end_matches(".lockfile")));
        if module == "empty" {
            continue;
        }
        let (name, version) = module.rsplit_once(':').ok_or(Malformed)?;
        if !name.contains(':') {
            return Err(Malformed);
        }
        let mut locked = Locked::new(name, Some(version), number);
        locked.scope = configurations.split(',').map(|one| used_for(one, of_build)).min();
        facts.locked.push(locked);
    }
    Ok(facts)
}

/// What the modules of a configuration are needed for.
fn used_for(configuration: &str, of_build: bool) -> Scope {
    let name = configuration.trim().to_ascii_lowercase();
    let contains = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if contains(&["test", "debug", "lint", "detekt", "developmentonly", "benchmark"]) {
        Scope::Dev
    } else if of_build || contains(&["annotationprocessor", "kapt", "ksp"]) || name == "classpath" {
        Scope::Build
    } else if contains(&["optional"]) {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

/// Reads `gradle.properties`: nothing but variables.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn properties(_path: &str, text: &str) -> Read {
    let pairs = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!']));
    let variables = pairs
        .filter_map(|line| line.split_once(['=', ':']))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    Ok(ManifestFacts { variables: variables.collect(), ..facts("gradle.properties") })
}

/// Reads `verification-metadata.xml`. It lists every module that was ever verified, so it only tells the version of
/// what is asked for without one, and only where it knows a single version.
pub(super) fn verification(_path: &str, text: &str) -> Read {
    let root = xml::read(text)?;
    if root.name != "verification-metadata" {
        return Err(Malformed);
    }
    let mut versions: HashMap<String, usize> = HashMap::new();
    let mut facts = ManifestFacts {
        lockfile: true,
        only_asked: true,
        folders_up: 1,
        ..facts("verification-metadata.xml")
    };
    for component in root.under(&["components", "component"]) {
        let [group, name, version] =
            ["group", "name", "version"].map(|attribute| component.attribute(attribute));
        let name = format!("{}:{}", group.ok_or(Malformed)?, name.ok_or(Malformed)?);
        *versions.entry(name.clone()).or_default() += 1;
        facts.locked.push(Locked::new(name, version, component.line));
    }
    facts.locked.retain(|locked| versions.get(&locked.name) == Some(&1));
    Ok(facts)
}

/// How Gradle spells an alias where it is used: `my-library_x` is `my.library.x`.
fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

/// Variables by name.
type Variables = BTreeMap<String, String>;

/// The marker of a plugin: how Gradle finds the module of an id.
fn marker(id: &str) -> String {
    format!("{id}:{id}.gradle.plugin")
}
