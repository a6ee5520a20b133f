//! Manifests and lockfiles together: what is asked for, what that became, and what came with it.
//!
//! A manifest belongs to the nearest lockfile of its ecosystem in its own folder or above, provided that the
//! lockfile knows of it where it lists its members. Everything that could not be resolved is still reported, without
//! a version.

mod inherit;
mod merge;
mod resolve;
mod site;
mod taken;
mod tested;

use std::collections::{HashMap, HashSet};

use globset::GlobBuilder;

use super::Examined;
use super::manifest::{ManifestFacts, Requirement, folder};
use super::role::role_of;
use crate::report::{Dependency, Manifest, Role, Scope, Span};
use inherit::Heritage;
use merge::Merged;
use resolve::Lock;
use site::Sites;

pub use taken::taken_along;
pub use tested::narrow_go_scopes;

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

    /// The folder that what it offers or pins holds for.
    fn speaks_for(self) -> &'a str {
        (0..self.facts.folders_up).fold(self.folder(), |at, _| folder(at))
    }
}

/// How many folders above a manifest are looked into.
const DEEPEST: usize = 64;

/// A folder and those above it, the nearest first, up to the root.
fn folders_above(of: &str) -> impl Iterator<Item = &str> {
    let above = std::iter::successors(Some(of), |at| (!at.is_empty()).then(|| folder(at)));
    above.take(DEEPEST)
}

/// What every manifest asks for, by its path, with what it takes from others filled in: a build script of Gradle names
/// the packages of its catalog by other names.
pub(super) fn asked<'a>(files: &[Examined<'a>]) -> HashMap<&'a str, Vec<Requirement>> {
    let all = located(files);
    let heritage = Heritage::new(&all);
    all.iter().enumerate().map(|(at, manifest)| (manifest.path, heritage.requirements(at))).collect()
}

/// The manifests and lockfiles outside vendored folders with what they say, which is all that [`dependencies`] reads.
pub fn manifests<'a>(files: &[Examined<'a>]) -> impl Iterator<Item = (&'a str, &'a ManifestFacts)> {
    let ours = files.iter().filter(|(_, _, inventory)| !inventory.vendored);
    ours.filter_map(|(path, _, inventory)| Some((*path, inventory.manifest.as_deref()?)))
}

/// The same by path.
fn located<'a>(files: &[Examined<'a>]) -> Vec<Located<'a>> {
    let mut all: Vec<Located> = manifests(files).map(|(path, facts)| Located { path, facts }).collect();
    all.sort_by_key(|located| located.path);
    all
}

/// The manifests by path, and the packages in use by ecosystem, name and version.
///
/// Manifests in vendored folders are left out. Those among the fixtures of tests are listed, but what they ask for
/// is not in use and therefore no dependency.
pub fn dependencies(files: &[Examined]) -> (Vec<Manifest>, Vec<Dependency>) {
    let all = located(files);
    let named = all.iter().filter(|located| !located.facts.holds_only_variables());
    let mut manifests: Vec<Manifest> = named.map(|located| summary(*located, &all)).collect();

    let in_use: Vec<Located> =
        all.into_iter().filter(|located| !super::classify::is_fixture(located.path)).collect();
    let mut locks: Vec<Lock> = in_use
        .iter()
        .filter(|located| !located.facts.locked.is_empty())
        .map(|located| Lock::new(*located))
        .collect();
    let mut by_folder: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, lock) in locks.iter().enumerate() {
        let of = lock.located;
        by_folder.entry((&of.facts.ecosystem, of.speaks_for())).or_default().push(at);
    }
    let heritage = Heritage::new(&in_use);
    let sites = Sites::of(&in_use);
    let gems: HashSet<&str> =
        in_use.iter().filter(|one| one.facts.format == "gemspec").map(|one| one.folder()).collect();
    let mut merged = Merged::default();
    let mut left_behind: HashSet<usize> = HashSet::new();
    for (at, manifest) in in_use.iter().enumerate() {
        if manifest.facts.requirements.is_empty() {
            continue;
        }
        let (mine, left) = nearest(&locks, &by_folder, &in_use, *manifest);
        left_behind.extend(left);
        let apart = matches!(role_of(manifest.path), Role::Docs | Role::Example | Role::Test)
            || sites.hold(manifest.path);
        let of_a_gem = manifest.facts.format == "Gemfile" && gems.contains(manifest.folder());
        for mut requirement in heritage.requirements(at) {
            if requirement.local {
                continue;
            }
            // Whoever uses a gem gets what its gemspec asks for; its Gemfile is for those who work on it.
            // The same holds for what only tests, examples or the documentation of a workspace ask for.
            let tool = tested::is_tool(manifest.facts, &requirement.name);
            if ((of_a_gem || tool) && requirement.scope == Scope::Runtime)
                || (apart && requirement.scope < Scope::Build)
            {
                requirement.scope = Scope::Dev;
            }
            let place = Span::lines(manifest.path, requirement.line, requirement.line);
            let resolved = requirement.ecosystem.is_none()
                && mine.iter().any(|&lock| locks[lock].ask(*manifest, &requirement, &place));
            if !resolved {
                merged.add_unlocked(&manifest.facts.ecosystem, &requirement, place);
            }
        }
        for &lock in &mine {
            locks[lock].asked = true;
        }
    }
    for (_, lock) in locks.iter_mut().enumerate().filter(|(at, lock)| lock.asked || !left_behind.contains(at))
    {
        lock.settle(&mut merged);
    }
    let mut dependencies = merged.into_list();
    sites.mark(&mut manifests, &mut dependencies);
    (manifests, dependencies)
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
        role: role_of(located.path),
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

/// The lockfiles of the nearest folder that answer for the manifest, and those that do so no longer: left behind when
/// their folder became part of a workspace, whose lockfile above pins more of what is asked for now. Where a format does
/// not say what it pins, its lockfile is never taken for one of these.
fn nearest(
    locks: &[Lock],
    by_folder: &HashMap<(&str, &str), Vec<usize>>,
    in_use: &[Located],
    manifest: Located,
) -> (Vec<usize>, Vec<usize>) {
    let mut found = folders_above(manifest.folder())
        .map(|folder| {
            let there = by_folder.get(&(manifest.facts.ecosystem.as_str(), folder)).into_iter().flatten();
            there.copied().filter(|&at| locks[at].answers_for(manifest)).collect::<Vec<_>>()
        })
        .filter(|there| !there.is_empty());
    let nearest = found.next().unwrap_or_default();
    let pinned = |there: &[usize]| there.iter().map(|&at| locks[at].pinned(manifest)).max();
    let of_nearest = pinned(&nearest);
    let is_member = |above: &[usize]| {
        above.iter().any(|&at| {
            locks[at].lists_members() || names_member(in_use, locks[at].located.speaks_for(), manifest)
        })
    };
    let compared = nearest.iter().all(|&at| locks[at].says_what_it_pins());
    match found.find(|above| compared && pinned(above) > of_nearest && is_member(above)) {
        Some(above) => (above, nearest),
        None => (nearest, Vec::new()),
    }
}

/// Whether a manifest in the folder `above` names the folder of another one as part of its workspace.
fn names_member(all: &[Located], above: &str, member: Located) -> bool {
    let Some(below) = member.folder().strip_prefix(above) else { return false };
    let below = below.trim_start_matches('/');
    let there = all.iter().filter(|one| {
        one.facts.ecosystem == member.facts.ecosystem
            && one.folder() == above
            && !one.facts.members.is_empty()
    });
    let matches = |pattern: &str| {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .is_ok_and(|glob| glob.compile_matcher().is_match(below))
    };
    there.map(|one| &one.facts.members).any(|patterns| {
        let not = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!'));
        patterns.iter().any(|pattern| matches(pattern)) && !not.into_iter().any(matches)
    })
}

/// Whether `folder` is `above` or a folder in it.
fn is_in(folder: &str, above: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}
