//! One lockfile: which of its packages a manifest asked for, and what those brought with them.

use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};

use super::merge::Merged;
use super::{Located, is_in};
use crate::inventory::manifest::{Requirement, Root};
use crate::report::{Scope, Span};
use crate::versions;

/// How long a chain to a package may be before it is left out.
const LONGEST_CHAIN: usize = 12;

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
    by_name: HashMap<&'a str, Vec<usize>>,
    pins: HashMap<&'a str, usize>,
    by_folder: HashMap<&'a str, &'a Root>,
    by_root_name: HashMap<&'a str, &'a Root>,
    answers: Vec<Asked>,
}

impl<'a> Lock<'a> {
    pub(super) fn new(located: Located<'a>) -> Self {
        let facts = located.facts;
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, locked) in facts.locked.iter().enumerate() {
            by_name.entry(&locked.name).or_default().push(at);
        }
        // The newest first: where nothing else decides, it is what a package manager would have taken.
        for candidates in by_name.values_mut() {
            candidates.sort_by(|a, b| {
                let version = |at: &usize| facts.locked[*at].version.as_deref().unwrap_or_default();
                versions::compare(&facts.ecosystem, version(b), version(a)).unwrap_or(Ordering::Equal)
            });
        }
        Self {
            located,
            asked: false,
            by_name,
            pins: facts.pins.iter().map(|pin| (pin.key.as_str(), pin.index as usize)).collect(),
            by_folder: facts.roots.iter().filter_map(|root| Some((root.folder.as_deref()?, root))).collect(),
            by_root_name: facts.roots.iter().filter_map(|root| Some((root.name.as_deref()?, root))).collect(),
            answers: vec![Asked::default(); facts.locked.len()],
        }
    }

    /// Whether the manifest is in the lockfile's folder, or below it and a member.
    pub(super) fn answers_for(&self, manifest: Located) -> bool {
        self.located.facts.ecosystem == manifest.facts.ecosystem
            && is_in(manifest.folder(), self.located.folder())
            && (manifest.folder() == self.located.folder()
                || self.located.facts.roots.is_empty()
                || self.root(manifest).is_some())
    }

    fn root(&self, manifest: Located) -> Option<&'a Root> {
        let below = manifest.folder().strip_prefix(self.located.folder())?.trim_start_matches('/');
        let by_name =
            || self.by_root_name.get(manifest.facts.package.as_deref()?).filter(|root| root.folder.is_none());
        self.by_folder.get(below).or_else(by_name).copied()
    }

    /// Records what the manifest asks for. False when the lockfile has no answer.
    pub(super) fn ask(&mut self, manifest: Located, requirement: &Requirement, place: &Span) -> bool {
        let Some(at) = self.find(manifest, requirement) else { return false };
        let answer = &mut self.answers[at];
        answer.direct |= requirement.direct;
        answer.scope = Some(answer.scope.map_or(requirement.scope, |scope| scope.min(requirement.scope)));
        answer.requirement = answer.requirement.take().or_else(|| requirement.requirement.clone());
        answer.places.push(place.clone());
        true
    }

    fn find(&self, manifest: Located, requirement: &Requirement) -> Option<usize> {
        let locked = &self.located.facts.locked;
        let among_root = self.root(manifest).and_then(|root| {
            let mut fitting = root.requires.iter().map(|at| *at as usize);
            fitting.find(|at| locked.get(*at).is_some_and(|locked| locked.name == requirement.name))
        });
        let pinned = || {
            let range = requirement.requirement.as_deref()?;
            let name = requirement.alias.as_deref().unwrap_or(&requirement.name);
            let plain = range.strip_prefix("npm:").unwrap_or(range);
            let keys = [format!("{name}@{range}"), format!("{name}@{plain}")];
            keys.iter().find_map(|key| self.pins.get(key.as_str())).copied()
        };
        let by_name = || {
            let candidates = self.by_name.get(requirement.name.as_str())?;
            let exact = candidates
                .iter()
                .find(|at| requirement.version.is_some() && locked[**at].version == requirement.version);
            exact.or_else(|| candidates.first()).copied()
        };
        among_root.or_else(pinned).or_else(by_name)
    }

    /// Adds every package of the lockfile to the result.
    pub(super) fn settle(&mut self, merged: &mut Merged) {
        let facts = self.located.facts;
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
        for (at, locked) in facts.locked.iter().enumerate().filter(|(_, locked)| !locked.local) {
            let answer = &self.answers[at];
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
            });
        }
    }

    /// The strongest use of every package, and the package through which it is reached first.
    fn reach(&self) -> (Vec<Option<Scope>>, Vec<Option<usize>>) {
        let locked = &self.located.facts.locked;
        let mut direct: Vec<usize> = (0..locked.len()).filter(|at| self.answers[*at].direct).collect();
        direct.sort_by(|a, b| (&locked[*a].name, a).cmp(&(&locked[*b].name, b)));

        let mut scopes = vec![None; locked.len()];
        for scope in [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Dev] {
            let start = direct.iter().copied().filter(|at| self.answers[*at].scope == Some(scope));
            self.walk(start, |at, _| scopes[at].is_none() && scopes[at].insert(scope) == &scope);
        }
        let mut parents = vec![None; locked.len()];
        let mut seen = vec![false; locked.len()];
        self.walk(direct.into_iter(), |at, from| {
            if !seen[at] {
                parents[at] = from;
            }
            !std::mem::replace(&mut seen[at], true)
        });
        (scopes, parents)
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
        let mut parent = parents[at];
        while let Some(from) = parent {
            chain.push(locked[from].name.clone());
            parent = parents[from];
            if chain.len() > LONGEST_CHAIN {
                return Vec::new();
            }
        }
        if chain.is_empty() {
            return chain;
        }
        chain.reverse();
        chain.push(locked[at].name.clone());
        chain
    }
}
