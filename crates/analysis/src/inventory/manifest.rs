//! Manifests and lockfiles: one module for each format family, found by file name.
//!
//! Every format is brought into the same few facts, so that joining and reporting know no format. To add an
//! ecosystem: write a module with one function for each file format and name them in [`FORMATS`].

mod actions;
mod beam;
mod bun;
mod cargo;
mod composer;
mod dart;
mod docker;
mod go;
mod gradle;
mod maven;
mod native;
mod npm;
mod nuget;
mod pipenv;
mod pnpm;
mod pyproject;
mod python_locks;
mod requirements;
mod ruby;
mod science;
mod setuptools;
mod swift;
mod xml;
mod yarn;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{Scope, SkipReason};
pub(crate) use crate::source::folder;
use crate::versions;

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

/// File names and their readers.
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
    ("pom.xml", maven::manifest),
    ("gradle.properties", gradle::properties),
    ("verification-metadata.xml", gradle::verification),
    ("packages.lock.json", nuget::lockfile),
    ("packages.config", nuget::packages_config),
    ("Gemfile", ruby::gemfile),
    ("gems.rb", ruby::gemfile),
    ("Gemfile.lock", ruby::lockfile),
    ("gems.locked", ruby::lockfile),
    ("composer.json", composer::manifest),
    ("composer.lock", composer::lockfile),
    ("pubspec.yaml", dart::manifest),
    ("pubspec.lock", dart::lockfile),
    ("Package.swift", swift::manifest),
    ("Package.resolved", swift::resolved),
    ("Podfile.lock", swift::pods),
    ("mix.exs", beam::mix),
    ("mix.lock", beam::mix_lock),
    ("rebar.lock", beam::rebar_lock),
    ("vcpkg.json", native::vcpkg),
    ("conan.lock", native::conan_lock),
    ("conanfile.txt", native::conanfile),
    ("renv.lock", science::renv),
    ("cabal.project.freeze", science::cabal_freeze),
];

/// Ends of file names and their readers. Files of such a name that say nothing of packages are no manifests.
const ENDINGS: &[(&str, Reader)] = &[
    ("gradle.lockfile", gradle::lockfile),
    (".versions.toml", gradle::catalog),
    (".gradle", gradle::script),
    (".gradle.kts", gradle::script),
    (".csproj", nuget::project),
    (".fsproj", nuget::project),
    (".vbproj", nuget::project),
    (".props", nuget::project),
    (".targets", nuget::project),
    (".gemspec", ruby::gemspec),
    ("environment.yml", science::conda),
    ("environment.yaml", science::conda),
];

/// The reader of a file, and whether its name alone makes it a manifest.
fn reader(path: &str) -> Option<(Reader, bool)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some((_, reader)) = FORMATS.iter().find(|(known, _)| *known == name) {
        return Some((*reader, true));
    }
    if let Some((_, reader)) = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)) {
        return Some((*reader, false));
    }
    if name == "project.pbxproj" {
        return Some((swift::xcode, false));
    }
    if actions::is_name(path) {
        return Some((actions::workflow, false));
    }
    if docker::is_name(path) {
        return Some((docker::dockerfile, false));
    }
    if folder(path).ends_with("gradle/dependency-locks") && name.ends_with(".lockfile") {
        return Some((gradle::lockfile, true));
    }
    requirements::is_name(path).then_some((requirements::manifest as Reader, true))
}

/// Reads the file if its name is that of a known format.
pub(crate) fn read(path: &str, text: &str) -> Option<Result<ManifestFacts, SkipReason>> {
    let (reader, by_name) = reader(path)?;
    let lines = || memchr::memchr_iter(b'\n', text.as_bytes()).count();
    if text.len() > LARGEST || lines() > MOST_LINES {
        return Some(Err(SkipReason::TooLarge));
    }
    let packages = |facts: &ManifestFacts| {
        facts.requirements.len() + facts.inheritable.len() + facts.locked.len() + facts.pins.len()
    };
    match reader(path, text) {
        Ok(facts) if !by_name && packages(&facts) == 0 && facts.variables.is_empty() => None,
        Ok(facts) if packages(&facts) > MOST_PACKAGES => Some(Err(SkipReason::TooLarge)),
        read => Some(read.map_err(|Malformed| SkipReason::Malformed)),
    }
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
    /// What those that inherit from it may inherit: versions that are decided in one place (`workspace.dependencies`
    /// of Cargo, `dependencyManagement` of Maven).
    pub inheritable: Vec<Requirement>,
    /// Texts that its requirements, and those of manifests that inherit from it, name as `${name}` or `$(name)`.
    pub variables: BTreeMap<String, String>,
    /// From which manifests it inherits.
    pub lineage: Lineage,
    /// Folders of the packages of its workspace, as patterns of paths below its own folder; those with `!` are none.
    pub members: Vec<String>,
    /// How many folders above its own are the one it speaks for.
    pub folders_up: u8,
    /// What a lockfile pins.
    pub locked: Vec<Locked>,
    /// Whether the lockfile also lists what is no longer in use, so that only what a manifest asks for counts.
    pub only_asked: bool,
    /// Which of `locked` the packages of the repository itself ask for, where the lockfile says so.
    pub roots: Vec<Root>,
    /// Which of `locked` answers a requirement, where the lockfile says so.
    pub pins: Vec<Pin>,
}

impl ManifestFacts {
    /// Whether it names no package itself and only helps to read other manifests.
    pub(crate) fn holds_only_variables(&self) -> bool {
        !self.variables.is_empty()
            && self.package.is_none()
            && self.requirements.is_empty()
            && self.inheritable.is_empty()
            && self.locked.is_empty()
    }
}

/// From which manifests of its ecosystem a manifest inherits versions and variables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lineage {
    /// From those in its own folder and the folders above, the nearest first.
    #[default]
    Folders,
    /// From packages of this repository, by their names.
    Names {
        /// The package it inherits everything from.
        parent: Option<String>,
        /// Packages it takes only versions from.
        imports: Vec<String>,
    },
}

/// One thing a manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Name in the registry.
    pub name: String,
    /// Its ecosystem, where it is not that of the manifest.
    pub ecosystem: Option<String>,
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
            ecosystem: None,
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

/// The version, where a requirement of Maven or NuGet permits exactly one or names the one that is taken unless
/// something else asks for more. A text that refers to variables names none.
pub(crate) fn named_version(ecosystem: &str, written: &str) -> Option<String> {
    let written = written.trim();
    let single = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(written).trim();
    let plain = single.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !single.contains(|c: char| c.is_whitespace() || "[](),*${}!".contains(c))
        && !single.ends_with('+');
    let moving = ["latest", "release", "latest.release", "latest.integration"];
    let moving = moving.iter().any(|word| single.eq_ignore_ascii_case(word));
    (plain && !moving && versions::is_version(ecosystem, single)).then(|| single.to_owned())
}
