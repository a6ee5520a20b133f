//! Packages in use.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AdvisoryCheck, Facet, Meta, Severity, Span};

/// A page of packages in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dependencies {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows, by ecosystem, name and version.
    pub items: Vec<Dependency>,
    /// Pass it as `cursor` to read on; `null` at the end.
    pub next: Option<String>,
    /// How many rows pass the filters.
    pub total: u64,
    /// Ecosystems of the whole report, with their packages.
    pub ecosystems: Vec<Facet>,
    /// Licences as the packages state them, with their packages, the most first; `unknown` where none is known. At most
    /// 100.
    pub licenses: Vec<Facet>,
    /// Whether known vulnerabilities could be looked up; without it no row is known to be clean.
    pub advisories: AdvisoryCheck,
}

/// One version of one package in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dependency {
    /// The ecosystem.
    pub ecosystem: String,
    /// Name as the registry spells it.
    pub name: String,
    /// The pinned version; `null` when only a requirement is known.
    pub version: Option<String>,
    /// The requirement as the manifest writes it.
    pub requirement: Option<String>,
    /// Asked for by a manifest of this repository, or only through others.
    pub direct: bool,
    /// What it is needed for; the strongest use wins.
    pub scope: DependencyScope,
    /// Where it is named.
    pub evidence: Vec<Span>,
    /// One shortest chain from a direct dependency; empty when direct or unknown.
    pub via: Vec<String>,
    /// What the manifests that ask for it are there for; of several the one that weighs most.
    pub role: PackageRole,
    /// Licence where a lockfile states it.
    pub license: Option<String>,
    /// Source files with an import of it, tests among them; `null` where an import does not name the package it is of: it
    /// does in npm, crates.io and Go.
    pub imported_by: Option<u32>,
    /// The first of these files by path, those outside tests before the others; at most five.
    pub imported_in: Vec<String>,
    /// Known vulnerabilities, the worst first; `null` when this package could not be checked.
    pub advisories: Option<Vec<AdvisoryHit>>,
}

/// What a dependency is needed for, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DependencyScope {
    /// The program itself.
    Runtime,
    /// Only when a feature or platform asks for it.
    Optional,
    /// The build.
    Build,
    /// Development and tests.
    Dev,
}

/// What a manifest is there for, and so what it asks for; the one that weighs most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageRole {
    /// The project itself.
    Project,
    /// A tool of those who work on it.
    Tool,
    /// Its documentation.
    Docs,
    /// An example.
    Example,
    /// Tests or benchmarks.
    Test,
}

/// A known vulnerability of a package in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdvisoryHit {
    /// Id of the advisory.
    pub id: String,
    /// Its other names, such as CVE numbers.
    pub aliases: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// What it says, in one sentence.
    pub message: String,
    /// The lowest newer version that is not affected, where there is one.
    pub fixed: Option<String>,
}
