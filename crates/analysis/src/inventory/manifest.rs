//! Manifests and lockfiles: one module for each format family, found by file name.
//!
//! Every format is brought into the same few facts, so that joining and reporting know no format. To add an
//! ecosystem: write a module with one function for each file format and name them in [`FORMATS`].

mod bun;
mod cargo;
mod go;
mod npm;
mod pipenv;
mod pnpm;
mod pyproject;
mod python_locks;
mod requirements;
mod setuptools;
mod yarn;

use serde::{Deserialize, Serialize};

use crate::report::Scope;

/// The file is not what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// What a reader gives.
type Read = Result<ManifestFacts, Malformed>;

/// A reader: it gets the path and the text.
type Reader = fn(&str, &str) -> Read;

/// Larger manifests are not read; the largest lockfile seen in the wild has a third of this.
const LARGEST: usize = 48 << 20;

/// Files of more lines are not read: the longest lockfiles seen in the wild have a third of this.
const MOST_LINES: usize = 500_000;

/// Files that name more packages are not read: what is kept of each, from here to the report, is a kilobyte or two.
const MOST_PACKAGES: usize = 50_000;

/// File names and their readers. A name that ends in `*` is a test of its own in [`reader`].
const FORMATS: &[(&str, Reader)] = &[
    ("package.json", npm::manifest),
    ("package-lock.json", npm::lockfile),
    ("npm-shrinkwrap.json", npm::lockfile),
    ("yarn.lock", yarn::lockfile),
    ("pnpm-lock.yaml", pnpm::lockfile),
    ("bun.lock", bun::lockfile),
    ("pyproject.toml", pyproject::manifest),
    ("poetry.lock", python_locks::poetry),
    ("uv.lock", python_locks::uv),
    ("pdm.lock", python_locks::pdm),
    ("Pipfile", pipenv::manifest),
    ("Pipfile.lock", pipenv::lockfile),
    ("setup.cfg", setuptools::setup_cfg),
    ("setup.py", setuptools::setup_py),
    ("Cargo.toml", cargo::manifest),
    ("Cargo.lock", cargo::lockfile),
    ("go.mod", go::manifest),
];

fn reader(path: &str) -> Option<Reader> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = FORMATS.iter().find(|(known, _)| *known == name).map(|(_, reader)| *reader);
    by_name.or_else(|| requirements::is_name(path).then_some(requirements::manifest as Reader))
}

/// Reads the file if its name is that of a known format.
pub(crate) fn read(path: &str, text: &str) -> Option<Read> {
    let reader = reader(path)?;
    let lines = || memchr::memchr_iter(b'\n', text.as_bytes()).count();
    if text.len() > LARGEST || lines() > MOST_LINES {
        return Some(Err(Malformed));
    }
    let packages = |facts: &ManifestFacts| {
        facts.requirements.len() + facts.inheritable.len() + facts.locked.len() + facts.pins.len()
    };
    Some(
        reader(path, text)
            .and_then(|facts| if packages(&facts) > MOST_PACKAGES { Err(Malformed) } else { Ok(facts) }),
    )
}

/// What one manifest or lockfile says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ManifestFacts {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// The format, such as `package-lock.json v3`.
    pub format: String,
    /// Whether it pins versions.
    pub lockfile: bool,
    /// The package it describes, where it names one.
    pub package: Option<String>,
    /// Licence of that package, as written.
    pub license: Option<String>,
    /// Whether that licence is the one of the workspace around it.
    pub inherits_license: bool,
    /// The licence that manifests below this folder may inherit (`workspace.package.license` of Cargo).
    pub inheritable_license: Option<String>,
    /// What a manifest asks for.
    pub requirements: Vec<Requirement>,
    /// What manifests below this folder may inherit (`workspace.dependencies` of Cargo).
    pub inheritable: Vec<Requirement>,
    /// What a lockfile pins.
    pub locked: Vec<Locked>,
    /// Which of `locked` the packages of the repository itself ask for, where the lockfile says so.
    pub roots: Vec<Root>,
    /// Which of `locked` answers a requirement, where the lockfile says so.
    pub pins: Vec<Pin>,
}

/// One thing a manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Name in the registry.
    pub name: String,
    /// Name in this repository, where it differs.
    pub alias: Option<String>,
    /// The requirement as written, where there is one.
    pub requirement: Option<String>,
    /// The version, where the requirement permits exactly one.
    pub version: Option<String>,
    /// What it is needed for.
    pub scope: Scope,
    /// Whether this repository itself asks for it; a manifest may also list what others ask for.
    pub direct: bool,
    /// The line it stands on.
    pub line: u32,
    /// Whether the requirement is inherited from the workspace.
    pub inherited: bool,
    /// Whether the package is a part of this repository.
    pub local: bool,
}

impl Requirement {
    /// A direct requirement of the program itself.
    fn new(name: impl Into<String>, scope: Scope, line: u32) -> Self {
        Self {
            name: name.into(),
            alias: None,
            requirement: None,
            version: None,
            scope,
            direct: true,
            line,
            inherited: false,
            local: false,
        }
    }
}

/// One package version that a lockfile pins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Name in the registry.
    pub name: String,
    /// The version; `None` where the lockfile names none (a checkout, a folder).
    pub version: Option<String>,
    /// What it is needed for, where the lockfile says so.
    pub scope: Option<Scope>,
    /// Licence, where the lockfile says so.
    pub license: Option<String>,
    /// The line it starts on.
    pub line: u32,
    /// Whether it is a part of this repository.
    pub local: bool,
    /// What it needs: indexes into [`ManifestFacts::locked`], ascending.
    pub requires: Vec<u32>,
}

impl Locked {
    fn new(name: impl Into<String>, version: Option<&str>, line: u32) -> Self {
        Self {
            name: name.into(),
            version: version.map(str::to_owned),
            scope: None,
            license: None,
            line,
            local: false,
            requires: Vec::new(),
        }
    }
}

/// What one package of the repository asks for, as its lockfile resolved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Folder of the package seen from the lockfile's, empty for the same; `None` where only the name is known.
    pub folder: Option<String>,
    /// Name of the package, where the lockfile names it.
    pub name: Option<String>,
    /// Indexes into [`ManifestFacts::locked`], ascending.
    pub requires: Vec<u32>,
}

/// A requirement that a lockfile answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// `name@requirement` as the lockfile writes it.
    pub key: String,
    /// Index into [`ManifestFacts::locked`].
    pub index: u32,
}

/// An index into [`ManifestFacts::locked`].
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Sorted, each once.
fn ascending(mut indexes: Vec<u32>) -> Vec<u32> {
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}

/// The version of a requirement that permits exactly one in the sense of Semantic Versioning.
fn exact_semver(requirement: &str) -> Option<String> {
    let text = requirement.trim();
    let text = text.strip_prefix('=').unwrap_or(text).trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    semver::Version::parse(text).ok().map(|_| text.to_owned())
}

/// The folder of a path, empty at the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
