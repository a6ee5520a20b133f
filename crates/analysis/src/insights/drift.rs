//! Packages that one part of the repository is behind with, although another part already has the newer version.

use std::collections::{BTreeMap, BTreeSet};

use super::Draft;
use super::rank::Proposal;
use super::reach::is_for_the_workshop;
use super::security::{first_number, later, metric};
use crate::check::Check;
use crate::inventory;
use crate::report::{Dependency, Effort, Evidence, Scope, Severity};

/// Direct dependencies whose older version can be raised to one that a sibling's lockfile has: a compatible one by the
/// promise of its numbers, and ahead by more than a correction. Nothing outside the repository is asked.
pub(super) fn behind_siblings(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let mut by_name: BTreeMap<(&str, &str), Vec<&Dependency>> = BTreeMap::new();
    for dependency in draft.dependencies.iter().filter(|one| counts(one)) {
        by_name.entry((&dependency.ecosystem, &dependency.name)).or_default().push(dependency);
    }
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for ((ecosystem, name), versions) in by_name {
        // Packages of one family are behind together, and raised together.
        if told.contains(&(ecosystem, family(name))) {
            continue;
        }
        // To which version it has to be raised for what is known about it, another proposal says.
        let known = draft.findings.iter().filter_map(|finding| finding.package.as_ref());
        if known.into_iter().any(|hit| hit.ecosystem == ecosystem && hit.name == name) {
            continue;
        }
        let newest = versions.iter().copied().reduce(|a, b| {
            let (of_a, of_b) = (version(a), version(b));
            if later(ecosystem, of_a, of_b) == of_b && of_a != of_b { b } else { a }
        });
        let Some(newest) = newest else { continue };
        let behind: Vec<&Dependency> =
            versions.into_iter().filter(|one| is_behind(version(one), version(newest))).collect();
        let found = raise(draft, &behind, newest);
        if let Some(found) = found {
            told.insert((ecosystem, family(name)));
            out.push(found);
        }
    }
}

/// What packages that are released together have in common: the scope, group or owner, else the first word.
fn family(name: &str) -> &str {
    let name = name.strip_prefix("github.com/").unwrap_or(name);
    let end = name.find(['/', ':']).or_else(|| name.find(['-', '.', '_'])).unwrap_or(name.len());
    &name[..end]
}

/// Whether a dependency is the program's own wish, outside tests and examples, and pinned.
fn counts(one: &Dependency) -> bool {
    let beside = |path: &str| inventory::is_test_path(path) || is_for_the_workshop(path);
    let pinned = one.direct && one.scope == Scope::Runtime && one.version.is_some() && one.evidence.len() > 1;
    pinned && one.evidence.iter().any(|span| !beside(&span.path))
}

fn version(one: &Dependency) -> &str {
    one.version.as_deref().unwrap_or_default()
}

/// Steps of the number behind the first that a version must be behind: one release is behind for some days only.
const MIN_STEPS: u64 = 2;

/// The same by its first number that is not zero, and behind by the number after it. A version that stops there is
/// whatever is newest of it.
fn is_behind(old: &str, new: &str) -> bool {
    let number = |part: &str| part.split(|letter: char| !letter.is_ascii_digit()).next()?.parse::<u64>().ok();
    let next = |version: &str| version.split('.').nth(first_number(version).len()).and_then(number);
    first_number(old) == first_number(new)
        && next(old).zip(next(new)).is_some_and(|(old, new)| new >= old.saturating_add(MIN_STEPS))
}

fn raise(draft: &Draft<'_>, behind: &[&Dependency], newest: &Dependency) -> Option<Proposal> {
    let first = behind.first()?;
    let (name, target) = (&first.name, version(newest));
    // Only a lockfile says which version is in use; what a manifest names may be a range, or differ on purpose.
    let locked = |path: &str| draft.manifests.iter().any(|one| one.lockfile && one.path == path);
    let span = |one: &Dependency| one.evidence.iter().find(|span| locked(&span.path)).cloned();
    let place = |one: &Dependency| {
        let span = span(one)?;
        Some(Evidence::Span { span, note: format!("`{}` {} is in use", one.name, version(one)) })
    };
    let mut evidence: Vec<Evidence> = behind.iter().take(3).filter_map(|one| place(one)).collect();
    evidence.extend(place(newest));
    evidence.push(metric("Versions of it here", format!("{}", behind.len() + 1)));
    let mut versions: Vec<String> = behind.iter().map(|one| version(one).to_owned()).collect();
    versions.sort();
    versions.dedup();
    let (manifest, other) = (span(first)?.path, span(newest)?.path);
    Some(Proposal {
        kind: "version_behind",
        subject: format!("{} {name}", first.ecosystem),
        severity: Severity::Low,
        title: format!("Raise `{name}` to {target} in `{manifest}`, as `{other}` has it"),
        why: format!(
            "`{manifest}` runs with {name} {}, while `{other}` already runs with {target}, which is compatible by its number: what was mended between the two is missing in one part only, and what works in one part may fail in the other.",
            version(first)
        ),
        evidence,
        effort: Effort {
            min_minutes: 10,
            max_minutes: 60,
            reason: "1 package, its lockfile written anew".to_owned(),
        },
        check: Check::VersionsLeft {
            ecosystem: first.ecosystem.clone(),
            name: name.clone(),
            also: Vec::new(),
            versions,
        },
        value: 27.0,
    })
}
