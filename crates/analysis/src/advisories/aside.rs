//! Packages that the program itself is not made of: what only tests, documentation and tools ask for.

use std::collections::BTreeSet;

use crate::quality::is_bundled;
use crate::report::{Dependency, Role, Scope, Span};

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

/// Said of what the lockfile of a library pins.
const OF_A_LIBRARY: &str =
    " Only the lockfile of this library pins it: whoever uses the library gets what its gemspec allows.";

/// Whether the repository is a library of Ruby: a gemspec at its root asks for packages.
pub(super) fn is_gem(all: &[Dependency]) -> bool {
    let at_root = |place: &Span| !place.path.contains('/') && place.path.ends_with(".gemspec");
    all.iter().any(|one| one.ecosystem == "RubyGems" && one.evidence.iter().any(at_root))
}

/// Whether a library of Ruby pins a package for its own tests only, as a sentence: whoever uses the library gets what its
/// gemspecs allow, and these do not ask for it, or allow any newer version.
pub(super) fn for_its_own_tests(dependency: &Dependency, of_a_gem: bool) -> Option<&'static str> {
    if !of_a_gem || dependency.ecosystem != "RubyGems" {
        return None;
    }
    let of_gemspec = |place: &Span| place.path.ends_with(".gemspec");
    // The lockfile of another folder is that of a program, which runs with what it pins.
    if !dependency.evidence.iter().all(|place| of_gemspec(place) || !place.path.contains('/')) {
        return None;
    }
    let asked = dependency.evidence.iter().any(of_gemspec);
    // Bounds from below alone, and single versions that are left out, allow whatever is newest.
    let from_below = |bound: &str| bound.trim().starts_with('>') || bound.trim().starts_with("!=");
    let open = dependency.requirement.as_deref().is_none_or(|range| range.split(',').all(from_below));
    (!asked || open).then_some(OF_A_LIBRARY)
}

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
    let asked = |other: &Dependency| other.direct && other.scope == Scope::Dev;
    let bundled = is_bundled(dependency, shipped)
        || unknown && all.iter().any(|other| asked(other) && is_bundled(other, shipped));
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
    fn what_the_lockfile_of_a_gem_pins_is_nobody_elses_but_what_its_gemspec_forces_is() {
        let of = |places: &[&str], requirement: Option<&str>| Dependency {
            evidence: places.iter().map(|path| Span::lines(*path, 3, 3)).collect(),
            requirement: requirement.map(str::to_owned),
            ..package("rack", "RubyGems")
        };
        let all = [of(&["shop.gemspec"], Some("~> 1.2.0")), of(&["Gemfile.lock"], None)];
        assert!(is_gem(&all) && !is_gem(&all[1..]) && !is_gem(&[of(&["engines/a/a.gemspec"], None)]));
        let said = |one: &Dependency| for_its_own_tests(one, true).is_some();
        assert!(said(&all[1]) && said(&of(&["Gemfile", "Gemfile.lock"], Some("~> 1.2"))));
        assert!(said(&of(&["a/a.gemspec"], Some(">= 1.2, != 1.2.5"))), "its users take a newer one");
        assert!(!said(&all[0]) && !said(&of(&["a/a.gemspec"], Some(">= 1.2, < 1.3"))), "all users get it");
        let web = ["web/Gemfile", "web/Gemfile.lock"];
        assert!(!said(&of(&web, None)), "a program beside the library runs with its own lockfile");
        assert!(!said(&of(&["Gemfile.lock", "web/Gemfile.lock"], None)), "both pin it");
        assert_eq!(for_its_own_tests(&all[1], false), None, "an application runs with its lockfile");
        assert_eq!(for_its_own_tests(&package("left", "npm"), true), None);
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
