//! Manifests and lockfiles together: what is asked for, what that became, and what came with it.
//!
//! A manifest belongs to the nearest lockfile of its ecosystem in its own folder or above, provided that the
//! lockfile knows of it where it lists its members. Everything that could not be resolved is still reported, without
//! a version.

mod merge;
mod resolve;

use std::collections::{BTreeMap, HashMap};

use super::Examined;
use super::manifest::{ManifestFacts, Requirement, folder};
use crate::report::{Dependency, Manifest, Span};
use merge::Merged;
use resolve::Lock;

/// A manifest or lockfile and where it is.
#[derive(Clone, Copy)]
struct Located<'a> {
    path: &'a str,
    facts: &'a ManifestFacts,
}

impl<'a> Located<'a> {
    fn folder(self) -> &'a str {
        folder(self.path)
    }
}

/// The manifests by path, and the packages in use by ecosystem, name and version.
///
/// Manifests in vendored folders are left out. Those among the fixtures of tests are listed, but what they ask for
/// is not in use and therefore no dependency.
pub fn dependencies(files: &[Examined]) -> (Vec<Manifest>, Vec<Dependency>) {
    let mut all: Vec<Located> = files
        .iter()
        .filter(|(_, _, inventory)| !inventory.vendored)
        .filter_map(|(path, _, inventory)| Some(Located { path, facts: inventory.manifest.as_ref()? }))
        .collect();
    all.sort_by_key(|located| located.path);
    let manifests = all.iter().map(|located| summary(*located, &all)).collect();

    let in_use: Vec<Located> =
        all.into_iter().filter(|located| !super::classify::is_fixture(located.path)).collect();
    let mut locks: Vec<Lock> = in_use
        .iter()
        .filter(|located| !located.facts.locked.is_empty())
        .map(|located| Lock::new(*located))
        .collect();
    let offers = Offers::new(&in_use);
    let mut merged = Merged::default();
    for manifest in in_use.iter().filter(|located| !located.facts.requirements.is_empty()) {
        let mine = nearest(&locks, *manifest);
        for requirement in &manifest.facts.requirements {
            let requirement = offers.inherited(requirement, *manifest);
            if requirement.local {
                continue;
            }
            let place = Span::lines(manifest.path, requirement.line, requirement.line);
            let resolved = mine.iter().any(|&lock| locks[lock].ask(*manifest, &requirement, &place));
            if !resolved {
                merged.add_unlocked(&manifest.facts.ecosystem, &requirement, place);
            }
        }
        for &lock in &mine {
            locks[lock].asked = true;
        }
    }
    for lock in &mut locks {
        lock.settle(&mut merged);
    }
    (manifests, merged.into_list())
}

fn summary(located: Located, all: &[Located]) -> Manifest {
    let facts = located.facts;
    let named = if facts.locked.is_empty() {
        facts.requirements.iter().filter(|requirement| !requirement.local).count()
    } else {
        facts.locked.iter().filter(|locked| !locked.local).count()
    };
    Manifest {
        path: located.path.to_owned(),
        ecosystem: facts.ecosystem.clone(),
        format: facts.format.clone(),
        lockfile: facts.lockfile,
        package: facts.package.clone(),
        license: facts.license.clone().or_else(|| inherited_license(located, all)),
        dependencies: u32::try_from(named).unwrap_or(u32::MAX),
    }
}

/// The licence of the nearest workspace above a manifest that refers to it.
fn inherited_license(member: Located, all: &[Located]) -> Option<String> {
    let above = all.iter().filter(|other| {
        member.facts.inherits_license
            && other.facts.ecosystem == member.facts.ecosystem
            && is_in(member.folder(), other.folder())
    });
    let stated =
        above.filter_map(|other| Some((other.folder().len(), other.facts.inheritable_license.as_ref()?)));
    stated.max_by_key(|(depth, _)| *depth).map(|(_, license)| license.clone())
}

/// The lockfiles of the nearest folder that answer for the manifest.
fn nearest(locks: &[Lock], manifest: Located) -> Vec<usize> {
    let mut by_depth: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, lock) in locks.iter().enumerate() {
        if lock.answers_for(manifest) {
            by_depth.entry(lock.located.folder().len()).or_default().push(at);
        }
    }
    by_depth.pop_last().map(|(_, nearest)| nearest).unwrap_or_default()
}

/// What manifests offer to those below them, by ecosystem and name.
struct Offers<'a>(HashMap<(&'a str, &'a str), Vec<(&'a str, &'a Requirement)>>);

impl<'a> Offers<'a> {
    fn new(manifests: &[Located<'a>]) -> Self {
        let mut offers: HashMap<_, Vec<_>> = HashMap::new();
        for manifest in manifests {
            for offer in &manifest.facts.inheritable {
                let name = offer.alias.as_deref().unwrap_or(&offer.name);
                let of_name = offers.entry((manifest.facts.ecosystem.as_str(), name)).or_default();
                // A name that one manifest offers twice is the first one's.
                if of_name.last().is_none_or(|(folder, _)| *folder != manifest.folder()) {
                    of_name.push((manifest.folder(), offer));
                }
            }
        }
        Self(offers)
    }

    /// The requirement with what it inherits from the nearest manifest above filled in.
    fn inherited(&self, requirement: &Requirement, manifest: Located) -> Requirement {
        let mut filled = requirement.clone();
        if !requirement.inherited {
            return filled;
        }
        let wanted = requirement.alias.as_deref().unwrap_or(&requirement.name);
        let offers = self.0.get(&(manifest.facts.ecosystem.as_str(), wanted)).into_iter().flatten();
        let above = offers.filter(|(folder, _)| is_in(manifest.folder(), folder));
        if let Some((_, source)) = above.max_by_key(|(folder, _)| folder.len()) {
            filled.name.clone_from(&source.name);
            filled.requirement.clone_from(&source.requirement);
            filled.version.clone_from(&source.version);
            filled.local = source.local;
        }
        filled
    }
}

/// Whether `folder` is `above` or a folder in it.
fn is_in(folder: &str, above: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}
