//! What a bundler takes along with the packages that code imports, as the lockfiles of npm tell it.

use std::collections::{BTreeSet, HashSet};

use super::located;
use crate::inventory::Examined;
use crate::inventory::classify::is_fixture;

/// The names of the packages of npm that become part of a program whose code imports these specifiers: what they name,
/// what that needs, and so on. Of a package that a lockfile holds in several versions any counts, as code is not said to
/// import one of them.
pub fn taken_along<'a>(files: &[Examined<'a>], imported: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let named: HashSet<&str> = imported.iter().map(|specifier| package_of(specifier)).collect();
    let mut taken = BTreeSet::new();
    let of_npm = located(files).into_iter().filter(|one| one.facts.ecosystem == "npm");
    for lock in of_npm.filter(|one| !is_fixture(one.path)) {
        let locked = &lock.facts.locked;
        // What a package of the repository itself needs, its own code imports.
        let named = (0..locked.len()).filter(|at| named.contains(locked[*at].name.as_str()));
        let mut open: Vec<usize> = named.filter(|at| !locked[*at].local).collect();
        let mut seen: HashSet<usize> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            taken.insert(locked[at].name.as_str());
            let needed = locked[at].requires.iter().map(|next| *next as usize);
            open.extend(needed.filter(|next| {
                locked.get(*next).is_some_and(|package| !package.local) && seen.insert(*next)
            }));
        }
    }
    taken
}

/// The name of the package in a specifier: its first part, or its first two below a scope.
fn package_of(specifier: &str) -> &str {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    let end = specifier.match_indices('/').nth(parts - 1).map_or(specifier.len(), |(at, _)| at);
    &specifier[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specifier_names_a_package() {
        for (specifier, package) in [
            ("vue", "vue"),
            ("vue/dist/x", "vue"),
            ("@a/b", "@a/b"),
            ("@a/b/c/d", "@a/b"),
            ("", ""),
            ("@", "@"),
        ] {
            assert_eq!(package_of(specifier), package);
        }
    }
}
