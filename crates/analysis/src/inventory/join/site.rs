//! A site about the project, kept beside it as a program of its own.

use super::{Located, folders_above, names_member};
use crate::report::{Dependency, Manifest, Role, Scope};

/// Folders at the root that hold such a site where the project itself stands around them.
const SITES: &[&str] = &["website", "www"];

/// Marks what belongs to a site as documentation: a folder with a lockfile of its own, in a repository that has another
/// one of the same ecosystem at its root and does not count the folder among its members.
pub(super) fn mark(all: &[Located], manifests: &mut [Manifest], dependencies: &mut [Dependency]) {
    let sites: Vec<&str> = SITES.iter().copied().filter(|site| is_site(all, site)).collect();
    let within = |path: &str| {
        let first = path.split_once('/').map(|(first, _)| first);
        first.is_some_and(|first| sites.contains(&first))
    };
    for manifest in manifests.iter_mut().filter(|one| one.role < Role::Docs && within(&one.path)) {
        manifest.role = Role::Docs;
    }
    for one in dependencies.iter_mut().filter(|one| one.role < Role::Docs) {
        if !one.evidence.is_empty() && one.evidence.iter().all(|place| within(&place.path)) {
            one.role = Role::Docs;
            one.scope = one.scope.max(Scope::Dev);
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
