//! Manifests and lockfiles of every format, alone and joined.

mod addresses;
mod compiled;
mod dotnet;
mod javascript;
mod jvm;
mod names;
mod others;
mod python;
mod scripting;
mod ways;

use std::fmt::Write as _;

use analysis::inventory::dependencies;
use analysis::report::{Role, Scope, SkipReason};
use expect_test::Expect;

use crate::tree::Tree;

/// One line for each manifest, then one for each dependency.
fn shown(fixture: &str) -> String {
    let tree = Tree::new(fixture);
    let (manifests, dependencies) = dependencies(&tree.examined());
    let mut out = String::new();
    for manifest in manifests {
        let package = manifest.package.as_deref().unwrap_or("-");
        let license = manifest.license.map(|license| format!(" {license}")).unwrap_or_default();
        writeln!(
            out,
            "{}: {}, {package}{license}, {}",
            manifest.path, manifest.format, manifest.dependencies
        )
        .unwrap();
    }
    for dependency in dependencies {
        let scope = match dependency.scope {
            Scope::Runtime => "runtime",
            Scope::Optional => "optional",
            Scope::Build => "build",
            Scope::Dev => "dev",
        };
        let how = if dependency.direct { "direct" } else { "through" };
        write!(out, "  {} {} {how} {scope}", dependency.name, dependency.version.as_deref().unwrap_or("?"))
            .unwrap();
        if dependency.role != Role::Project {
            write!(out, " of {:?}", dependency.role).unwrap();
        }
        if let Some(requirement) = dependency.requirement {
            write!(out, " ({requirement})").unwrap();
        }
        if !dependency.via.is_empty() {
            write!(out, " via {}", dependency.via.join(" > ")).unwrap();
        }
        if let Some(license) = dependency.license {
            write!(out, " {license}").unwrap();
        }
        let places = dependency.evidence.iter().map(|place| format!("{}:{}", place.path, place.start));
        writeln!(out, " [{}]", places.collect::<Vec<_>>().join(" ")).unwrap();
    }
    out
}

fn check(fixture: &str, expected: &Expect) {
    expected.assert_eq(&shown(fixture));
}

#[test]
fn a_manifest_that_is_none_is_a_diagnostic() {
    let tree = Tree::new(
        "//- package.json\n{\"name\": oops\n//- Cargo.toml\n[package\n//- go.mod\nnothing here\n//- a/uv.lock\n[[package]]\nversion = 1\n",
    );
    for path in ["package.json", "Cargo.toml", "go.mod", "a/uv.lock"] {
        assert_eq!(tree.file(path).diagnostics, [SkipReason::Malformed], "{path}");
        assert_eq!(tree.file(path).manifest, None);
    }
}

#[test]
fn a_manifest_that_names_too_much_is_too_large_and_not_malformed() {
    let names: Vec<String> = (0..50_001).map(|at| format!("p{at}==1.0")).collect();
    let many = names.join("\n");
    let long = "# nothing\n".repeat(500_001);
    for text in [many, long] {
        let tree = Tree::new(&format!("//- requirements.txt\n{text}"));
        assert_eq!(tree.file("requirements.txt").diagnostics, [SkipReason::TooLarge]);
    }
}
