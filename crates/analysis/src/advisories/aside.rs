//! Packages that the program itself is not made of: what only tests, documentation and tools ask for.

use std::collections::BTreeSet;

use crate::quality::{is_bundled, is_imported};
use crate::report::{Dependency, Role, Scope};

/// Names of lockfiles that do not end in `.lock`.
const LOCKFILES: &[&str] = &[
    "Package.resolved",
    "gems.locked",
    "gradle.lockfile",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "packages.lock.json",
    "pnpm-lock.yaml",
];

/// Said of packages that only those who work on the program have.
const FOR_DEVELOPMENT: &str = " It is used for development only.";
/// Said where it cannot be known from the manifest alone.
const NAMED_FOR_DEVELOPMENT: &str =
    " It is asked for by development alone, and shipped code does not import it.";

/// Whether the package is used for development only, as a sentence.
///
/// What a manifest of npm names for development may be shipped nevertheless: a bundler takes along whatever the code
/// imports, and what that needs. `shipped` is both.
pub(super) fn for_development(
    dependency: &Dependency,
    all: &[Dependency],
    shipped: &BTreeSet<&str>,
) -> Option<&'static str> {
    if matches!(dependency.role, Role::Tool | Role::Docs) {
        return Some(FOR_DEVELOPMENT);
    }
    if dependency.scope != Scope::Dev {
        return None;
    }
    if dependency.ecosystem != "npm" {
        return Some(FOR_DEVELOPMENT);
    }
    // Where it is not known through what it came, anything that is bundled may have brought it.
    let unknown = !dependency.direct && dependency.via.is_empty();
    let bundled = is_imported(&dependency.name, shipped)
        || unknown && all.iter().any(|other| other.scope == Scope::Dev && is_bundled(other, shipped));
    (!bundled).then_some(NAMED_FOR_DEVELOPMENT)
}

/// Whether a path is that of a lockfile, by its name.
pub(super) fn is_lockfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, extension)| extension == "lock") || LOCKFILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, ecosystem: &str) -> Dependency {
        Dependency {
            ecosystem: ecosystem.into(),
            name: name.into(),
            version: Some("1.0.0".into()),
            requirement: None,
            direct: true,
            scope: Scope::Dev,
            evidence: Vec::new(),
            via: Vec::new(),
            license: None,
            role: Role::Project,
        }
    }

    fn said(dependency: &Dependency, all: &[Dependency], shipped: &[&str]) -> Option<&'static str> {
        for_development(dependency, all, &shipped.iter().copied().collect())
    }

    #[test]
    fn what_is_beside_the_program_is_for_development() {
        for (role, beside) in
            [(Role::Project, false), (Role::Tool, true), (Role::Docs, true), (Role::Example, false)]
        {
            let one = Dependency { scope: Scope::Runtime, role, ..package("a", "npm") };
            assert_eq!(said(&one, &[], &[]).is_some(), beside, "{role:?}");
        }
        assert_eq!(said(&package("a", "Packagist"), &[], &["a"]), Some(FOR_DEVELOPMENT));
    }

    #[test]
    fn what_a_bundler_takes_along_is_shipped() {
        let direct = package("vue", "npm");
        assert_eq!(said(&direct, &[], &["vue/dist/x"]), None);
        assert_eq!(said(&direct, &[], &["vuex"]), Some(NAMED_FOR_DEVELOPMENT));
        let all = [package("vue", "npm"), package("jest", "npm")];
        let through = |via: &[&str]| Dependency {
            direct: false,
            via: via.iter().map(|&name| name.to_owned()).collect(),
            ..package("inner", "npm")
        };
        assert_eq!(said(&through(&["jest", "inner"]), &all, &["inner"]), None, "imported all the same");
        assert_eq!(said(&through(&["jest", "inner"]), &all, &["vue"]), Some(NAMED_FOR_DEVELOPMENT));
        assert_eq!(said(&through(&[]), &all, &["vue"]), None, "anything may have brought it");
        assert_eq!(said(&through(&[]), &all, &[]), Some(NAMED_FOR_DEVELOPMENT));
    }
}
