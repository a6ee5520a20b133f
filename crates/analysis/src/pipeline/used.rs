//! Which packages code imports, and where, in the ecosystems whose imports name the package they are of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::FileEntry;
use crate::report::{Dependency, PackageImport};

/// What a package is called where it is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Used {
    ecosystem: Ecosystem,
    /// The name as imports write it: of Go the path of a package, which may lie deep in its module.
    name: String,
    /// The files that import it, in order, by position among the sources.
    files: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Ecosystem {
    Npm,
    Crates,
    Go,
}

impl Ecosystem {
    fn of(language: &str) -> Option<Self> {
        match language {
            "JavaScript" | "TypeScript" | "TSX" | "Vue" | "Svelte" | "Astro" => Some(Self::Npm),
            "Rust" => Some(Self::Crates),
            "Go" => Some(Self::Go),
            _ => None,
        }
    }

    /// By its name as OSV spells it.
    fn named(name: &str) -> Option<Self> {
        match name {
            "npm" => Some(Self::Npm),
            "crates.io" => Some(Self::Crates),
            "Go" => Some(Self::Go),
            _ => None,
        }
    }

    /// The part of an import that names a package; `None` for the repository's own code and the standard library's.
    fn package(self, specifier: &str) -> Option<&str> {
        match self {
            Self::Npm => {
                let own = specifier.starts_with(['.', '/', '#', '~']) || specifier.starts_with("@/");
                if own || specifier.is_empty() || specifier.contains(':') {
                    return None;
                }
                let parts = if specifier.starts_with('@') { 2 } else { 1 };
                Some(
                    specifier
                        .match_indices('/')
                        .nth(parts - 1)
                        .map_or(specifier, |(end, _)| &specifier[..end]),
                )
            }
            Self::Crates => {
                let first = specifier.split("::").next()?;
                let own = matches!(first, "" | "crate" | "self" | "super" | "std" | "core" | "alloc");
                (!own).then_some(first)
            }
            // What has no host in its path is of the standard library.
            Self::Go => specifier.split('/').next()?.contains('.').then_some(specifier),
        }
    }

    /// The name of a package as imports write it.
    fn written(self, package: &str) -> String {
        match self {
            Self::Crates => package.replace('-', "_"),
            Self::Npm | Self::Go => package.to_owned(),
        }
    }

    /// Whether what is imported is of this package.
    fn is_of(self, imported: &str, package: &str) -> bool {
        let rest = imported.strip_prefix(package);
        rest.is_some_and(|rest| rest.is_empty() || (self == Self::Go && rest.starts_with('/')))
    }
}

/// What is imported, by ecosystem and name.
pub(super) fn used(sources: &[&FileEntry]) -> Vec<Used> {
    let mut found: BTreeMap<(Ecosystem, &str), Vec<u32>> = BTreeMap::new();
    for (position, file) in (0..).zip(sources) {
        let language = file.facts.inventory.language.as_deref();
        let Some(ecosystem) = language.and_then(Ecosystem::of) else { continue };
        for import in file.facts.syntax.iter().flat_map(|syntax| &syntax.imports) {
            let Some(name) = ecosystem.package(&import.specifier) else { continue };
            let files = found.entry((ecosystem, name)).or_default();
            if files.last() != Some(&position) {
                files.push(position);
            }
        }
    }
    let told = found.into_iter();
    told.map(|((ecosystem, name), files)| Used { ecosystem, name: name.to_owned(), files }).collect()
}

/// The packages among these that are imported, by ecosystem and name. What is used is in the order of [`used`], the
/// dependencies in that of a report.
pub(super) fn packages(
    used: &[Used],
    sources: &[&FileEntry],
    dependencies: &[Dependency],
) -> Vec<PackageImport> {
    let alike = |a: &Dependency, b: &Dependency| (&a.ecosystem, &a.name) == (&b.ecosystem, &b.name);
    let named = dependencies.chunk_by(alike).filter_map(<[Dependency]>::first);
    named
        .filter_map(|package| {
            let files = files_with(used, Ecosystem::named(&package.ecosystem)?, &package.name);
            let all = files.iter().filter_map(|position| sources.get(*position as usize));
            let (of_tests, own): (Vec<_>, Vec<_>) = all.partition(|file| file.facts.inventory.test);
            let first = own.into_iter().chain(of_tests).take(PackageImport::LISTED);
            (!files.is_empty()).then(|| PackageImport {
                ecosystem: package.ecosystem.clone(),
                name: package.name.clone(),
                files: u32::try_from(files.len()).unwrap_or(u32::MAX),
                places: first.map(|file: &&FileEntry| file.path.clone()).collect(),
            })
        })
        .collect()
}

/// The files with an import of a package.
fn files_with(used: &[Used], ecosystem: Ecosystem, package: &str) -> BTreeSet<u32> {
    let name = ecosystem.written(package);
    let start = used.partition_point(|used| (used.ecosystem, used.name.as_str()) < (ecosystem, &*name));
    let alike = |used: &&Used| used.ecosystem == ecosystem && used.name.starts_with(&name);
    let beginning = used.iter().skip(start).take_while(alike);
    let of_it = beginning.filter(|used| ecosystem.is_of(&used.name, &name));
    of_it.flat_map(|used| used.files.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_name_the_package_they_are_of() {
        let package = |ecosystem: Ecosystem, specifiers: &[&str]| -> Vec<String> {
            let named = specifiers.iter().filter_map(|one| ecosystem.package(one));
            named.map(str::to_owned).collect()
        };
        let npm = [
            "react",
            "react/jsx-runtime",
            "@a/b",
            "@a/b/c",
            "./x",
            "../y",
            "@/z",
            "#own",
            "node:fs",
            "/x",
            "",
        ];
        assert_eq!(package(Ecosystem::Npm, &npm), ["react", "react", "@a/b", "@a/b"]);
        let rust = ["serde::Serialize", "crate::a", "super::b", "std::fs", "tokio"];
        assert_eq!(package(Ecosystem::Crates, &rust), ["serde", "tokio"]);
        let go = ["fmt", "net/http", "example.com/m/p"];
        assert_eq!(package(Ecosystem::Go, &go), ["example.com/m/p"]);
    }

    #[test]
    fn a_file_counts_once_for_all_it_imports_of_a_package() {
        let used =
            |ecosystem, name: &str, files: &[u32]| Used { ecosystem, name: name.into(), files: files.into() };
        let used = [
            used(Ecosystem::Npm, "react", &[0, 4]),
            used(Ecosystem::Npm, "react-dom", &[0]),
            used(Ecosystem::Crates, "serde_json", &[7]),
            used(Ecosystem::Go, "ex.com/m", &[1]),
            used(Ecosystem::Go, "ex.com/m-other", &[9]),
            used(Ecosystem::Go, "ex.com/m/a", &[1, 2]),
            used(Ecosystem::Go, "ex.com/m/b", &[2, 3]),
        ];
        let files = |ecosystem, name| Vec::from_iter(files_with(&used, ecosystem, name));
        assert_eq!(files(Ecosystem::Npm, "react"), [0, 4]);
        assert_eq!(files(Ecosystem::Crates, "serde-json"), [7]);
        assert_eq!(files(Ecosystem::Go, "ex.com/m"), [1, 2, 3]);
        assert_eq!(files(Ecosystem::Npm, "vue"), [0_u32; 0]);
    }
}
