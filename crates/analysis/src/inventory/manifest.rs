//! Manifests and lockfiles: one module per format family, found by file name.
//!
//! Every format is brought into the same few facts, so that joining and reporting know no format. To add an
//! ecosystem: write a module with one function per file format and name it in [`FORMATS`].

use serde::{Deserialize, Serialize};

use crate::report::Scope;

/// The file is not what its name says.
#[derive(Debug)]
pub(crate) struct Malformed;

/// What one manifest or lockfile says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What a manifest asks for.
    pub requirements: Vec<Requirement>,
    /// What other manifests below this folder may inherit (`workspace.dependencies` of Cargo).
    pub inheritable: Vec<Requirement>,
    /// Where a workspace starts here.
    pub workspace: bool,
    /// What a lockfile pins.
    pub locked: Vec<Locked>,
    /// Which of `locked` the packages of the repository itself ask for.
    pub roots: Vec<Root>,
    /// Which of `locked` answers a requirement, for formats that say so: `name@requirement` and an index.
    pub pins: Vec<Pin>,
}

/// One line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Name in the registry.
    pub name: String,
    /// The requirement as written, where there is one.
    pub requirement: Option<String>,
    /// The version, where the requirement permits exactly one.
    pub version: Option<String>,
    /// What it is needed for.
    pub scope: Scope,
    /// The line it stands on.
    pub line: u32,
    /// Whether the requirement is inherited from the workspace.
    pub inherited: bool,
    /// Whether the package is somewhere in this repository.
    pub local: bool,
}

/// One package version a lockfile pins.
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
    /// Whether it is a package of this repository itself.
    pub local: bool,
    /// What it needs: indexes into [`ManifestFacts::locked`].
    pub requires: Vec<u32>,
}

/// What one package of the repository asks for, as its lockfile resolved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Folder of the package, seen from the lockfile's; empty for the same folder. `None` where only the name is known.
    pub folder: Option<String>,
    /// Name of the package, where the lockfile names it.
    pub name: Option<String>,
    /// Indexes into [`ManifestFacts::locked`].
    pub requires: Vec<u32>,
}

/// A requirement a lockfile answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// `name@requirement` as the lockfile writes it.
    pub key: String,
    /// Index into [`ManifestFacts::locked`].
    pub index: u32,
}

/// Reads the file if its name is that of a known format.
pub(crate) fn read(_path: &str, _text: &str) -> Option<Result<ManifestFacts, Malformed>> { None }
