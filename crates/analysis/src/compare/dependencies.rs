//! Packages by ecosystem and name, with all their versions in use.

use std::collections::{BTreeMap, BTreeSet};

use super::{DependencyChange, DependencyChangeKind as Kind};
use crate::report::{Dependency, Scope};
use crate::versions;

/// A package in one report.
struct Package<'r> {
    versions: BTreeSet<&'r str>,
    direct: bool,
    scope: Scope,
}

pub(super) fn changes(old: &[Dependency], new: &[Dependency]) -> Vec<DependencyChange> {
    let (old, new) = (packages(old), packages(new));
    let names: BTreeSet<&(&str, &str)> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (before, now) = (old.get(name), new.get(name));
            let shown = now.or(before)?;
            let versions = |package: Option<&Package<'_>>| ordered(name.0, package);
            let (old, new) = (versions(before), versions(now));
            (old != new).then(|| DependencyChange {
                ecosystem: name.0.to_owned(),
                name: name.1.to_owned(),
                kind: kind(name.0, before.map(|_| old.as_slice()), now.map(|_| new.as_slice())),
                old,
                new,
                direct: shown.direct,
                scope: shown.scope,
            })
        })
        .collect()
}

fn packages(dependencies: &[Dependency]) -> BTreeMap<(&str, &str), Package<'_>> {
    let mut packages: BTreeMap<(&str, &str), Package<'_>> = BTreeMap::new();
    for dependency in dependencies {
        let package = packages.entry((&dependency.ecosystem, &dependency.name)).or_insert_with(|| Package {
            versions: BTreeSet::new(),
            direct: false,
            scope: dependency.scope,
        });
        let version = dependency.version.as_deref().or(dependency.requirement.as_deref());
        package.versions.insert(version.unwrap_or("any"));
        package.direct |= dependency.direct;
        package.scope = package.scope.min(dependency.scope);
    }
    packages
}

/// From the oldest to the newest where the ecosystem says which is newer.
fn ordered(ecosystem: &str, package: Option<&Package<'_>>) -> Vec<String> {
    let versions = package.iter().flat_map(|package| package.versions.iter());
    let mut versions: Vec<String> = versions.map(|version| (*version).to_owned()).collect();
    if versions.iter().all(|version| versions::is_version(ecosystem, version)) {
        versions.sort_by(|a, b| {
            versions::compare(ecosystem, a, b).unwrap_or(std::cmp::Ordering::Equal).then_with(|| a.cmp(b))
        });
    }
    versions
}

fn kind(ecosystem: &str, old: Option<&[String]>, new: Option<&[String]>) -> Kind {
    use std::cmp::Ordering::{Greater, Less};
    match (old, new) {
        (None, _) => Kind::Added,
        (_, None) => Kind::Removed,
        (Some([old]), Some([new])) => match versions::compare(ecosystem, old, new) {
            Some(Less) => Kind::Raised,
            Some(Greater) => Kind::Lowered,
            _ => Kind::Changed,
        },
        _ => Kind::Changed,
    }
}
