//! The same package version, seen in several places, is one dependency.

use std::collections::BTreeMap;

use crate::inventory::manifest::Requirement;
use crate::report::{Dependency, Span};

/// How many places a dependency lists.
const EVIDENCE: usize = 5;

/// Dependencies by ecosystem, name and version.
#[derive(Default)]
pub(super) struct Merged(BTreeMap<(String, String, Option<String>), Dependency>);

impl Merged {
    /// Adds a package that no lockfile pins.
    pub(super) fn add_unlocked(&mut self, ecosystem: &str, requirement: &Requirement, place: Span) {
        self.add(Dependency {
            ecosystem: ecosystem.to_owned(),
            name: requirement.name.clone(),
            version: requirement.version.clone(),
            requirement: requirement.requirement.clone(),
            direct: requirement.direct,
            scope: requirement.scope,
            evidence: vec![place],
            via: Vec::new(),
            license: None,
        });
    }

    /// Adds a package, joined with what is already known about the same version of it.
    pub(super) fn add(&mut self, new: Dependency) {
        let key = (new.ecosystem.clone(), new.name.clone(), new.version.clone());
        let Some(known) = self.0.get_mut(&key) else {
            self.0.insert(key, new);
            return;
        };
        known.scope = known.scope.min(new.scope);
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

    /// The dependencies by ecosystem, name and version. Manifests come before lockfiles in their evidence.
    pub(super) fn into_list(self) -> Vec<Dependency> {
        self.0
            .into_values()
            .map(|mut dependency| {
                dependency.evidence.sort_by_key(|place| is_lockfile(&place.path));
                dependency.evidence.truncate(EVIDENCE);
                dependency
            })
            .collect()
    }
}

fn is_lockfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit('.').next() == Some("lock") || name.contains("-lock.") || name == "npm-shrinkwrap.json"
}
