//! One lockfile: which of its packages a manifest asked for, and what those brought with them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};

use super::merge::Merged;
use super::{Located, is_in};
use crate::advisories::normal_name;
use crate::inventory::manifest::Requirement;
use crate::inventory::role::role_of;
use crate::report::{Role, Scope, Span};
use crate::versions;

/// How long a chain to a package may be before it is left out.
const LONGEST_CHAIN: usize = 12;
/// How many bytes the names of a chain may have in all: every package keeps a chain of its own.
const CHAIN_BYTES: usize = 2_000;

/// What manifests said about a locked package.
#[derive(Default, Clone)]
struct Asked {
    scope: Option<Scope>,
    direct: bool,
    requirement: Option<String>,
    places: Vec<Span>,
}

/// A lockfile and what was asked of it.
pub(super) struct Lock<'a> {
    pub(super) located: Located<'a>,
    /// Whether any manifest belongs to it.
    pub(super) asked: bool,
    /// By the name as its ecosystem compares names.
    by_name: HashMap<Cow<'a, str>, usize>,
    by_version: HashMap<(Cow<'a, str>, &'a str), usize>,
    pins: HashMap<&'a str, usize>,
    /// Positions in the lockfile's roots.
    by_folder: HashMap<&'a str, usize>,
    by_root_name: HashMap<&'a str, usize>,
    /// What each root asks for, by name; several where the version depends on the platform, or under other names.
    of_root: HashMap<(usize, Cow<'a, str>), Vec<usize>>,
    answers: Vec<Asked>,
}

impl<'a> Lock<'a> {
    pub(super) fn new(located: Located<'a>) -> Self {
        let facts = located.facts;
        let normal = |at: usize| normal_name(&facts.ecosystem, &facts.locked[at].name);
        let mut by_name: HashMap<Cow<str>, usize> = HashMap::new();
        let mut by_version = HashMap::new();
        let version = |at: usize| facts.locked[at].version.as_deref();
        let older = |a: usize, b: usize| {
            let (a, b) = (version(a).unwrap_or_default(), version(b).unwrap_or_default());
            versions::compare(&facts.ecosystem, a, b) == Some(Ordering::Less)
        };
        for at in 0..facts.locked.len() {
            // The newest: where nothing else decides, it is what a package manager would have taken.
            by_name
                .entry(normal(at))
                .and_modify(|best| *best = if older(*best, at) { at } else { *best })
                .or_insert(at);
            if let Some(version) = version(at) {
                by_version.entry((normal(at), version)).or_insert(at);
            }
        }
        let mut of_root: HashMap<_, Vec<usize>> = HashMap::new();
        for (root, asks) in facts.roots.iter().enumerate() {
            for at in asks.requires.iter().map(|at| *at as usize) {
                if at < facts.locked.len() {
                    of_root.entry((root, normal(at))).or_default().push(at);
                }
            }
        }
        let roots = || facts.roots.iter().enumerate();
        Self {
            located,
            asked: false,
            by_name,
            pins: facts.pins.iter().map(|pin| (pin.key.as_str(), pin.index as usize)).collect(),
            by_folder: roots().filter_map(|(at, root)| Some((root.folder.as_deref()?, at))).collect(),
            by_root_name: roots().filter_map(|(at, root)| Some((root.name.as_deref()?, at))).collect(),
            by_version,
            of_root,
            answers: vec![Asked::default(); facts.locked.len()],
        }
    }

    /// Whether the manifest is in the lockfile's folder, or below it and a member.
    pub(super) fn answers_for(&self, manifest: Located) -> bool {
        self.located.facts.ecosystem == manifest.facts.ecosystem
            && is_in(manifest.folder(), self.located.speaks_for())
            && (manifest.folder() == self.located.speaks_for()
                || self.located.facts.roots.is_empty()
                || self.root(manifest).is_some())
    }

    /// How many of the manifest's requirements it pins as they are written; 0 where its format does not say so.
    pub(super) fn pinned(&self, manifest: Located) -> usize {
        if self.pins.is_empty() {
            return 0;
        }
        manifest.facts.requirements.iter().filter(|requirement| self.pin(requirement).is_some()).count()
    }

    /// Whether its format says which requirements it pins.
    pub(super) fn says_what_it_pins(&self) -> bool {
        !self.pins.is_empty()
    }

    /// Whether it lists the members of its workspace, and answers for no other package.
    pub(super) fn lists_members(&self) -> bool {
        !self.located.facts.roots.is_empty()
    }

    /// What is pinned for a requirement as it is written.
    fn pin(&self, requirement: &Requirement) -> Option<usize> {
        let range = requirement.requirement.as_deref()?;
        let name = requirement.alias.as_deref().unwrap_or(&requirement.name);
        let plain = range.strip_prefix("npm:").unwrap_or(range);
        let keys = [format!("{name}@{range}"), format!("{name}@{plain}")];
        keys.iter().find_map(|key| self.pins.get(key.as_str())).copied()
    }

    fn root(&self, manifest: Located) -> Option<usize> {
        let below = manifest.folder().strip_prefix(self.located.speaks_for())?.trim_start_matches('/');
        let roots = &self.located.facts.roots;
        let by_name = || {
            self.by_root_name
                .get(manifest.facts.package.as_deref()?)
                .filter(|at| roots[**at].folder.is_none())
        };
        self.by_folder.get(below).or_else(by_name).copied()
    }

    /// Records what the manifest asks for. False when the lockfile has no answer.
    pub(super) fn ask(&mut self, manifest: Located, requirement: &Requirement, place: &Span) -> bool {
        if self.located.facts.only_asked && requirement.version.is_some() {
            return false;
        }
        let found = self.find(manifest, requirement);
        for &at in &found {
            let answer = &mut self.answers[at];
            answer.direct |= requirement.direct;
            answer.scope = Some(answer.scope.map_or(requirement.scope, |scope| scope.min(requirement.scope)));
            answer.requirement = answer.requirement.take().or_else(|| requirement.requirement.clone());
            answer.places.push(place.clone());
        }
        !found.is_empty()
    }

    fn find(&self, manifest: Located, requirement: &Requirement) -> Vec<usize> {
        let name = normal_name(&manifest.facts.ecosystem, &requirement.name);
        let among_root = self.root(manifest).and_then(|root| self.of_root.get(&(root, name.clone())));
        if let Some(found) = among_root {
            return self.meant(found, requirement);
        }
        let by_name = || {
            let version = requirement.version.as_deref();
            let exact = version.and_then(|version| self.by_version.get(&(name.clone(), version)));
            exact.or_else(|| self.by_name.get(&name)).copied()
        };
        self.pin(requirement).or_else(by_name).into_iter().collect()
    }

    /// Which of the packages of one name that a root asks for a requirement means. Lockfiles of Python hold one for
    /// each platform, all of them meant; elsewhere the versions tell them apart.
    fn meant(&self, found: &[usize], requirement: &Requirement) -> Vec<usize> {
        let facts = self.located.facts;
        if found.len() < 2 || facts.ecosystem == "PyPI" {
            return found.to_vec();
        }
        let range =
            requirement.requirement.as_deref().and_then(|range| semver::VersionReq::parse(range).ok());
        let fits = |at: &usize| {
            let version =
                facts.locked[*at].version.as_deref().and_then(|text| semver::Version::parse(text).ok());
            version.zip(range.as_ref()).is_some_and(|(version, range)| range.matches(&version))
        };
        found.iter().copied().find(fits).or_else(|| found.first().copied()).into_iter().collect()
    }

    /// Adds every package of the lockfile to the result.
    pub(super) fn settle(&mut self, merged: &mut Merged) {
        let facts = self.located.facts;
        merged.lockfile(self.located.path);
        if !self.asked {
            // No manifest was read: the lockfile's own members tell what is direct.
            for at in facts.roots.iter().flat_map(|root| &root.requires) {
                if let Some(answer) = self.answers.get_mut(*at as usize) {
                    answer.direct = true;
                    answer.scope.get_or_insert(facts.locked[*at as usize].scope.unwrap_or(Scope::Runtime));
                }
            }
        }
        let (scopes, parents) = self.reach();
        let roles = self.roles();
        for (at, locked) in facts.locked.iter().enumerate().filter(|(_, locked)| !locked.local) {
            let answer = &self.answers[at];
            if facts.only_asked && answer.places.is_empty() {
                continue;
            }
            let scope = if answer.direct { scopes[at] } else { locked.scope.or(scopes[at]) };
            let mut evidence = answer.places.clone();
            evidence.push(Span::lines(self.located.path, locked.line, locked.line));
            merged.add(crate::report::Dependency {
                ecosystem: facts.ecosystem.clone(),
                name: locked.name.clone(),
                version: locked.version.clone(),
                requirement: answer.requirement.clone(),
                direct: answer.direct,
                scope: scope.unwrap_or(Scope::Runtime),
                evidence,
                via: if answer.direct { Vec::new() } else { self.chain(at, &parents) },
                license: locked.license.clone(),
                role: roles[at].unwrap_or_else(|| role_of(self.located.path)),
            });
        }
    }

    /// The strongest use of every package, and the package through which it is reached first for that use: the program
    /// itself is not said to have something through a tool.
    fn reach(&self) -> (Vec<Option<Scope>>, Vec<Option<usize>>) {
        let locked = &self.located.facts.locked;
        let mut direct: Vec<usize> = (0..locked.len()).filter(|at| self.answers[*at].direct).collect();
        direct.sort_by(|a, b| (&locked[*a].name, a).cmp(&(&locked[*b].name, b)));

        let mut scopes = vec![None; locked.len()];
        let mut parents = vec![None; locked.len()];
        for scope in [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Dev] {
            let start = direct.iter().copied().filter(|at| self.answers[*at].scope == Some(scope));
            self.walk(start, |at, from| {
                let new = scopes[at].is_none();
                if new {
                    (scopes[at], parents[at]) = (Some(scope), from);
                }
                new
            });
        }
        (scopes, parents)
    }

    /// What every package is there for: of all that ask for it or bring it along, the one that weighs most. What nobody
    /// is known to ask for has none.
    fn roles(&self) -> Vec<Option<Role>> {
        let asking =
            self.answers.iter().enumerate().filter(|(_, answer)| answer.direct || !answer.places.is_empty());
        let mut asked: Vec<(Role, usize)> = asking
            .map(|(at, answer)| {
                let places = answer.places.iter().map(|place| role_of(&place.path));
                (places.min().unwrap_or_else(|| role_of(self.located.path)), at)
            })
            .collect();
        asked.sort_unstable();
        let mut roles = vec![None; self.answers.len()];
        for alike in asked.chunk_by(|a, b| a.0 == b.0) {
            self.walk(alike.iter().map(|(_, at)| *at), |at, _| {
                let new = roles[at].is_none();
                roles[at] = roles[at].or(Some(alike[0].0));
                new
            });
        }
        roles
    }

    /// Breadth first, so that what is reached first is reached by a shortest way. `enter` says whether to go on.
    fn walk(&self, start: impl Iterator<Item = usize>, mut enter: impl FnMut(usize, Option<usize>) -> bool) {
        let locked = &self.located.facts.locked;
        let mut queue: VecDeque<usize> = start.filter(|at| enter(*at, None)).collect();
        while let Some(at) = queue.pop_front() {
            let next =
                locked[at].requires.iter().map(|next| *next as usize).filter(|next| *next < locked.len());
            queue.extend(next.filter(|next| enter(*next, Some(at))));
        }
    }

    fn chain(&self, at: usize, parents: &[Option<usize>]) -> Vec<String> {
        let locked = &self.located.facts.locked;
        let mut chain = Vec::new();
        let mut bytes = 0;
        let mut parent = parents[at];
        while let Some(from) = parent {
            bytes += locked[from].name.len();
            if chain.len() >= LONGEST_CHAIN || bytes > CHAIN_BYTES {
                return Vec::new();
            }
            chain.push(locked[from].name.clone());
            parent = parents[from];
        }
        if chain.is_empty() {
            return chain;
        }
        chain.reverse();
        chain.push(locked[at].name.clone());
        chain
    }
}
