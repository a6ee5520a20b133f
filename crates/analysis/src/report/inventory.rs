//! What is in the tree: languages, technologies, dependencies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// One language's share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageShare {
    /// Name as GitHub Linguist spells it.
    pub name: String,
    /// Bytes of the files that count (not vendored, generated or documentation).
    pub bytes: u64,
    /// Share of all counted bytes, 0 to 100, two decimals.
    pub percent: f64,
    /// Files that count.
    pub files: u64,
    /// Their lines.
    pub lines: LineCount,
}

impl LanguageShare {
    /// The share for people, with one decimal: `81.3 %`; `< 0.1 %` where rounding would leave nothing.
    pub fn percent_text(&self) -> String {
        share_text(self.percent)
    }
}

/// [`LanguageShare::percent_text`] of a share that is there.
pub fn share_text(percent: f64) -> String {
    if percent < 0.1 { "< 0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

/// Lines by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineCount {
    /// Lines with code.
    pub code: u32,
    /// Lines with nothing but comment.
    pub comment: u32,
    /// Lines with nothing.
    pub blank: u32,
}

impl LineCount {
    /// All lines.
    pub fn total(self) -> u32 {
        self.code.saturating_add(self.comment).saturating_add(self.blank)
    }
}

/// A framework, tool or service in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Technology {
    /// Its usual name.
    pub name: String,
    /// What kind of thing it is.
    pub category: TechCategory,
    /// What shows that it is used; never empty, at most five.
    pub evidence: Vec<Span>,
}

/// Kinds of technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TechCategory {
    /// Application and web frameworks.
    Framework,
    /// Other libraries worth naming.
    Library,
    /// Build tools and package managers.
    Build,
    /// Test frameworks.
    Test,
    /// Linters and formatters.
    Quality,
    /// Databases, caches, queues.
    Data,
    /// Continuous integration.
    Ci,
    /// Containers and deployment.
    Deploy,
}

/// A manifest or lockfile that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Its path.
    pub path: String,
    /// The ecosystem as OSV spells it: `npm`, `PyPI`, `crates.io`, `Go`, ...
    pub ecosystem: String,
    /// The format, such as `package-lock.json v3`.
    pub format: String,
    /// Whether it pins versions.
    pub lockfile: bool,
    /// The package the manifest describes, where it names one.
    pub package: Option<String>,
    /// Licence of that package, where stated (SPDX expression as written).
    pub license: Option<String>,
    /// How many dependencies it names.
    pub dependencies: u32,
    /// What it is there for.
    #[serde(default)]
    pub role: Role,
}

/// What a manifest is there for, and so what it asks for; the one that weighs most first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The project itself.
    #[default]
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

impl Role {
    /// Whether it is neither the project nor what those who work on it run: an example or tests.
    pub fn is_apart(self) -> bool {
        self >= Self::Example
    }
}

/// One version of one package in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dependency {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// Name as the registry spells it.
    pub name: String,
    /// The pinned version; `None` when only a requirement is known.
    pub version: Option<String>,
    /// The requirement as the manifest writes it.
    pub requirement: Option<String>,
    /// Asked for by a manifest of this repository, or only through others.
    pub direct: bool,
    /// What it is needed for; the strongest use wins.
    pub scope: Scope,
    /// Where it is named; the manifest first, then lockfiles; at most five.
    pub evidence: Vec<Span>,
    /// One shortest chain of package names from a direct dependency to this one; empty when direct or unknown.
    pub via: Vec<String>,
    /// Licence where a lockfile states it.
    pub license: Option<String>,
    /// What the manifests that ask for it are there for, and those through which it came; of several the one that
    /// weighs most.
    #[serde(default)]
    pub role: Role,
}

/// A package that code imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageImport {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// Name as [`Dependency::name`] spells it.
    pub name: String,
    /// Source files with an import of it, tests among them.
    pub files: u32,
    /// The first of them by path, those outside tests before the others; at most [`PackageImport::LISTED`].
    pub places: Vec<String>,
}

impl PackageImport {
    /// How many files a report lists for each package.
    pub const LISTED: usize = 5;

    /// Whether an import names the package it is of in this ecosystem, so that no import means that there is none.
    pub fn is_told(ecosystem: &str) -> bool {
        matches!(ecosystem, "npm" | "crates.io" | "Go")
    }
}

/// What a dependency is needed for, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The program itself.
    Runtime,
    /// Only when a feature or platform asks for it.
    Optional,
    /// The build.
    Build,
    /// Development and tests.
    Dev,
}
