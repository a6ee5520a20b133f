//! The same package version, seen in several places, is one dependency.

use std::collections::{BTreeMap, BTreeSet};

use crate::advisories::normal_name;
use crate::inventory::manifest::Requirement;
use crate::inventory::role::role_of;
use crate::report::{Dependency, Span};

/// How many places a dependency lists.
const EVIDENCE: usize = 5;

/// Dependencies by ecosystem, name as the ecosystem compares names, and version.
#[derive(Default)]
pub(super) struct Merged {
    packages: BTreeMap<(String, String, Option<String>), Dependency>,
    lockfiles: BTreeSet<String>,
}

impl Merged {
    /// Makes known that a path is that of a lockfile.
    pub(super) fn lockfile(&mut self, path: &str) {
        self.lockfiles.insert(path.to_owned());
    }

    /// Adds a package that no lockfile pins.
    pub(super) fn add_unlocked(&mut self, ecosystem: &str, requirement: &Requirement, place: Span) {
        self.add(Dependency {
            ecosystem: requirement.ecosystem.as_deref().unwrap_or(ecosystem).to_owned(),
            name: requirement.name.clone(),
            version: requirement.version.clone(),
            requirement: requirement.requirement.clone(),
            direct: requirement.direct,
            scope: requirement.scope,
            role: role_of(&place.path),
            evidence: vec![place],
            via: Vec::new(),
            license: None,
        });
    }

    /// Adds a package, joined with what is already known about the same version of it.
    pub(super) fn add(&mut self, new: Dependency) {
        let name = normal_name(&new.ecosystem, &new.name).into_owned();
        let key = (new.ecosystem.clone(), name, new.version.clone());
        let Some(known) = self.packages.get_mut(&key) else {
            self.packages.insert(key, new);
            return;
        };
        known.scope = known.scope.min(new.scope);
        known.role = known.role.min(new.role);
        known.requirement = known.requirement.take().or(new.requirement);
        known.license = known.license.take().or(new.license);
        for place in new.evidence {
            if !known.evidence.contains(&place) && known.evidence.len() < 4 * EVIDENCE {
                known.evidence.push(place);
            }
        }
        // The shorter chain, then the one that sorts first; none when it is asked for directly.
        let better = known.via.is_empty()
            || (!new.via.is_empty() && (new.via.len(), &new.via) < (known.via.len(), &known.via));
        if better {
            known.via = new.via;
        }
        known.direct |= new.direct;
        if known.direct {
            known.via.clear();
        }
    }

    /// The dependencies by ecosystem, name and version. Manifests come before lockfiles in their evidence, and one
    /// lockfile stays however many manifests there are: it says which version is in use.
    pub(super) fn into_list(self) -> Vec<Dependency> {
        let lockfiles = self.lockfiles;
        self.packages
            .into_values()
            .map(|mut dependency| {
                // What the project itself asks for comes before what its tools and examples do.
                dependency
                    .evidence
                    .sort_by_key(|place| (lockfiles.contains(&place.path), role_of(&place.path)));
                let manifests =
                    dependency.evidence.iter().take_while(|place| !lockfiles.contains(&place.path)).count();
                if manifests >= EVIDENCE && manifests < dependency.evidence.len() {
                    dependency.evidence.swap(EVIDENCE - 1, manifests);
                }
                dependency.evidence.truncate(EVIDENCE);
                dependency
            })
            .collect()
    }
}
