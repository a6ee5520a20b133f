//! Packages that the program itself is not made of: what only tests, documentation and tools ask for.

use crate::report::{Dependency, Scope};

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

/// Folders at any depth of what is beside the program.
const BESIDE: &[&str] = &["dev-docs", "doc", "docs", "hack"];

/// The same at the root; deeper down they often hold the program itself.
const FIRST_BESIDE: &[&str] = &["contrib", "kotlin-js-store", "misc", "tool", "tools", "util", "utils"];

/// Whether only tests and examples name the package, or one of those through which it came.
pub(super) fn is_in_test(dependency: &Dependency, all: &[Dependency]) -> bool {
    let by_tests = |one: &Dependency| is_asked_for_by(one, crate::inventory::is_test_path);
    if dependency.scope != Scope::Dev || dependency.direct {
        return by_tests(dependency);
    }
    let Some(first) = dependency.via.first() else { return by_tests(dependency) };
    let of_name =
        |one: &&Dependency| one.direct && one.ecosystem == dependency.ecosystem && one.name == *first;
    let mut asked = all.iter().filter(of_name).peekable();
    by_tests(dependency) || (asked.peek().is_some() && asked.all(by_tests))
}

/// Whether the package is used for development only. Those of npm that are named so may be shipped nevertheless: a
/// bundler takes along whatever the code imports.
pub(super) fn is_for_development(dependency: &Dependency) -> bool {
    let named_so = dependency.scope == Scope::Dev && dependency.ecosystem != "npm";
    named_so || is_asked_for_by(dependency, is_beside)
}

/// Whether all manifests that ask for the package are such; where none does, all lockfiles that hold it.
fn is_asked_for_by(dependency: &Dependency, such: impl Fn(&str) -> bool) -> bool {
    let places = || dependency.evidence.iter().map(|span| span.path.as_str());
    let mut asking = places().filter(|path| !is_lockfile(path)).peekable();
    if asking.peek().is_some() { asking.all(such) } else { places().next().is_some() && places().all(such) }
}

/// Whether a path is that of a lockfile, by its name.
pub(super) fn is_lockfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, extension)| extension == "lock") || LOCKFILES.contains(&name)
}

fn is_beside(path: &str) -> bool {
    let mut folders = path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/');
    let first = folders.clone().next().unwrap_or_default();
    FIRST_BESIDE.contains(&first) || folders.any(|folder| BESIDE.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Span;

    fn package(name: &str, ecosystem: &str, paths: &[&str]) -> Dependency {
        Dependency {
            ecosystem: ecosystem.into(),
            name: name.into(),
            version: Some("1.0.0".into()),
            requirement: None,
            direct: true,
            scope: Scope::Runtime,
            evidence: paths.iter().map(|path| Span::lines(*path, 1, 1)).collect(),
            via: Vec::new(),
            license: None,
        }
    }

    #[test]
    fn what_only_an_example_of_a_workspace_asks_for_is_an_examples() {
        let next = package("next", "npm", &["examples/web/package.json", "yarn.lock"]);
        let shared = package("react", "npm", &["examples/web/package.json", "package.json", "yarn.lock"]);
        let through = |via: &str| Dependency {
            direct: false,
            scope: Scope::Dev,
            via: vec![via.to_owned(), "inner".to_owned()],
            ..package("inner", "npm", &["yarn.lock"])
        };
        let all = [next, shared];
        assert!(is_in_test(&all[0], &all));
        assert!(!is_in_test(&all[1], &all));
        assert!(is_in_test(&through("next"), &all));
        assert!(!is_in_test(&through("react"), &all));
        assert!(!is_in_test(&through("unknown"), &all));
        assert!(!is_in_test(&package("a", "npm", &[]), &all));
    }

    #[test]
    fn what_is_beside_the_program_is_for_development() {
        for paths in [&["hack/go.mod"][..], &["kotlin-js-store/yarn.lock"], &["docs/req.txt", "poetry.lock"]]
        {
            assert!(is_for_development(&package("a", "npm", paths)), "{paths:?}");
        }
        for paths in [&["go.mod"][..], &["docs/package.json", "package.json"], &["src/tools/package.json"]] {
            assert!(!is_for_development(&package("a", "npm", paths)), "{paths:?}");
        }
        let named_so = |ecosystem| Dependency { scope: Scope::Dev, ..package("a", ecosystem, &["x"]) };
        assert!(is_for_development(&named_so("Packagist")));
        assert!(!is_for_development(&named_so("npm")), "a bundler may take it along");
    }
}
