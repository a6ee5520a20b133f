//! What a manifest is there for, by its path: what an example asks for is not what the program is made of.

use super::classify::{is_example, is_test};
use crate::report::Role;

/// Folders of documentation, at any depth.
const DOCS: &[&str] = &["dev-docs", "doc", "docs"];

/// Folders of tools, at any depth, and those that are such only at the root: deeper down they often hold the program
/// itself.
const TOOLS: &[&str] = &["hack"];
const FIRST_TOOLS: &[&str] = &["contrib", "kotlin-js-store", "misc", "tool", "tools", "util", "utils"];

/// What a manifest at this path is there for. A template that is handed out is no example: whoever starts from one gets
/// what it asks for.
pub fn role_of(path: &str) -> Role {
    let folders = || path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/');
    let within = |names: &[&str]| folders().any(|folder| names.contains(&folder));
    if is_test(path) {
        if is_example(path) { Role::Example } else { Role::Test }
    } else if within(DOCS) {
        Role::Docs
    } else if within(TOOLS) || folders().next().is_some_and(|first| FIRST_TOOLS.contains(&first)) {
        Role::Tool
    } else {
        Role::Project
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_what_its_folders_say() {
        for (role, paths) in [
            (
                Role::Project,
                &["package.json", "src/tools/package.json", "packages/a/template/package.json"][..],
            ),
            (Role::Tool, &["hack/go.mod", "tools/a/pom.xml", "kotlin-js-store/yarn.lock", "x/hack/go.mod"]),
            (Role::Docs, &["docs/requirements.txt", "a/doc/package.json", "dev-docs/package.json"]),
            (Role::Example, &["examples/a/package.json", "docs/examples/go.mod", "demo/Gemfile"]),
            (Role::Test, &["tests/requirements.txt", "benches/Cargo.toml", "a/e2e/package.json"]),
            (Role::Test, &["test/examples/package.json", "examples/a/test/go.mod"]),
        ] {
            for path in paths {
                assert_eq!(role_of(path), role, "{path}");
            }
        }
    }
}
