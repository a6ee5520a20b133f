//! Go modules that only tests import: `go.mod` does not tell them from the others, the imports do.

use std::collections::{BTreeSet, HashSet};

use crate::report::{Dependency, Scope};

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
