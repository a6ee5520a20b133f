//! What only tests and checks run with, although it is asked for beside the rest. Of Go modules `go.mod` does not tell
//! it, but the imports do; of npm the names of well-known tools.

use std::collections::{BTreeSet, HashSet};

use crate::inventory::manifest::ManifestFacts;
use crate::report::{Dependency, Scope};

/// Tools of npm that are for tests and checks alone, and the beginnings of the names of their parts. What starts a program
/// or changes its packages (`cross-env`, `patch-package`) is none: scripts that production runs name it.
const TOOLS: &[&str] = &[
    "@playwright/test",
    "chai",
    "cypress",
    "eslint",
    "husky",
    "jest",
    "karma",
    "lint-staged",
    "mocha",
    "nyc",
    "prettier",
    "sinon",
    "storybook",
    "stylelint",
    "vitest",
];
const FAMILIES: &[&str] = &[
    "@jest/",
    "@storybook/",
    "@testing-library/",
    "@typescript-eslint/",
    "@vitest/",
    "eslint-",
    "jest-",
    "karma-",
];

/// Whether a package of npm is known to be for tests and checks alone. What is such a tool itself may be made of others.
pub(super) fn is_tool(manifest: &ManifestFacts, name: &str) -> bool {
    let known = |name: &str| TOOLS.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family));
    let words = ["jest", "test", "lint", "prettier", "storybook", "config", "preset"];
    let own = manifest.package.as_deref().unwrap_or_default();
    manifest.ecosystem == "npm" && known(name) && !words.iter().any(|word| own.contains(word))
}

/// Gives the scope of development to the direct Go modules of which tests import something and other code nothing.
///
/// A module that nobody imports by its name keeps its scope: it may be replaced, or run as a tool. So do those that
/// came with others, as `go.mod` does not say with which.
pub fn narrow_go_scopes(dependencies: &mut [Dependency], shipped: &BTreeSet<&str>, tested: &BTreeSet<&str>) {
    let names: HashSet<&str> = dependencies
        .iter()
        .filter(|dependency| dependency.ecosystem == "Go")
        .map(|dependency| dependency.name.as_str())
        .collect();
    let of = |imports: &BTreeSet<&str>| -> HashSet<String> {
        imports.iter().filter_map(|import| owner(import, &names)).map(str::to_owned).collect()
    };
    let (shipped, tested) = (of(shipped), of(tested));
    let narrowed = dependencies.iter_mut().filter(|dependency| {
        dependency.ecosystem == "Go"
            && dependency.direct
            && dependency.scope == Scope::Runtime
            && tested.contains(&dependency.name)
            && !shipped.contains(&dependency.name)
    });
    for dependency in narrowed {
        dependency.scope = Scope::Dev;
    }
}

/// The module a package belongs to: the one with the longest path that leads to it.
fn owner<'i>(import: &'i str, names: &HashSet<&str>) -> Option<&'i str> {
    let mut module = import;
    loop {
        if names.contains(module) {
            return Some(module);
        }
        module = module.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_known_by_its_name_unless_the_package_is_one_itself() {
        let of = |package: &str| ManifestFacts {
            ecosystem: "npm".into(),
            package: Some(package.into()),
            ..ManifestFacts::default()
        };
        for name in ["@testing-library/jest-dom", "jest", "eslint-config-next"] {
            assert!(is_tool(&of("webui"), name), "{name}");
            assert!(!is_tool(&of("jest-preset-shop"), name), "{name}");
        }
        for name in
            ["react", "jester", "@testing", "playwright", "cross-env", "concurrently", "patch-package"]
        {
            assert!(!is_tool(&of("webui"), name), "{name}");
        }
        assert!(!is_tool(&ManifestFacts { ecosystem: "PyPI".into(), ..of("webui") }, "jest"));
    }

    #[test]
    fn only_what_tests_alone_import_is_for_tests() {
        let module = |name: &str, direct| Dependency {
            ecosystem: "Go".into(),
            name: name.into(),
            version: Some("v1.0.0".into()),
            requirement: None,
            direct,
            scope: Scope::Runtime,
            evidence: Vec::new(),
            via: Vec::new(),
            license: None,
            role: crate::report::Role::default(),
        };
        let mut dependencies = vec![
            module("example.org/assert", true),
            module("example.org/both", true),
            module("example.org/both/v2", true),
            module("example.org/indirect", false),
            module("example.org/unused", true),
        ];
        let shipped = BTreeSet::from(["fmt", "example.org/both/inner"]);
        let tested = BTreeSet::from([
            "testing",
            "example.org/assert/require",
            "example.org/both",
            "example.org/both/v2/inner",
            "example.org/indirect",
        ]);
        narrow_go_scopes(&mut dependencies, &shipped, &tested);
        let dev = dependencies.iter().filter(|module| module.scope == Scope::Dev);
        assert_eq!(
            dev.map(|module| module.name.as_str()).collect::<Vec<_>>(),
            ["example.org/assert", "example.org/both/v2"]
        );
    }
}
