//! A site about the project, kept beside it as a program of its own.

use super::{Located, folders_above, names_member};
use crate::report::{Dependency, Manifest, Role};

/// Folders at the root that hold such a site where the project itself stands around them.
const FOLDERS: &[&str] = &["website", "www"];

/// The sites of a repository: folders with a lockfile of their own, where another one of the same ecosystem is at the root
/// and does not count the folder among its members. What belongs to one is documentation.
pub(super) struct Sites(Vec<&'static str>);

impl Sites {
    pub(super) fn of(all: &[Located]) -> Self {
        Self(FOLDERS.iter().copied().filter(|folder| is_site(all, folder)).collect())
    }

    pub(super) fn hold(&self, path: &str) -> bool {
        path.split_once('/').is_some_and(|(first, _)| self.0.contains(&first))
    }

    pub(super) fn mark(&self, manifests: &mut [Manifest], dependencies: &mut [Dependency]) {
        for manifest in manifests.iter_mut().filter(|one| one.role < Role::Docs && self.hold(&one.path)) {
            manifest.role = Role::Docs;
        }
        for one in dependencies.iter_mut().filter(|one| one.role < Role::Docs) {
            if !one.evidence.is_empty() && one.evidence.iter().all(|place| self.hold(&place.path)) {
                one.role = Role::Docs;
            }
        }
    }
}

fn is_site(all: &[Located], site: &str) -> bool {
    let locks = |ecosystem: &str, folder: &str| {
        all.iter().any(|one| one.facts.lockfile && one.facts.ecosystem == ecosystem && one.folder() == folder)
    };
    let mut own = all.iter().filter(|one| folders_above(one.folder()).any(|above| above == site));
    own.any(|one| {
        let ecosystem = one.facts.ecosystem.as_str();
        locks(ecosystem, site) && locks(ecosystem, "") && !names_member(all, "", *one)
    })
}
