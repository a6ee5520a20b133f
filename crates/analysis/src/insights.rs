//! What to do first: at most five things, each with its proof, its effort and a check that closes it.

use std::collections::BTreeMap;

use crate::report::{
    AdvisoryCheck, Coverage, Dependency, FileSummary, Finding, Graph, History, Hotspot, Insight,
    LanguageShare, Manifest, Quality, RuleInfo, Technology,
};

/// A report whose insights are still to be found.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What was read.
    pub coverage: &'a Coverage,
    /// Languages by bytes.
    pub languages: &'a [LanguageShare],
    /// Frameworks, tools and services.
    pub stack: &'a [Technology],
    /// Manifests and lockfiles.
    pub manifests: &'a [Manifest],
    /// Packages in use.
    pub dependencies: &'a [Dependency],
    /// Whether vulnerabilities could be looked up.
    pub advisories: &'a AdvisoryCheck,
    /// All findings.
    pub findings: &'a [Finding],
    /// The rules that gave them.
    pub rules: &'a BTreeMap<String, RuleInfo>,
    /// Source files, by path.
    pub files: &'a [FileSummary],
    /// Imports.
    pub graph: &'a Graph,
    /// The history.
    pub history: &'a History,
    /// Hotspots.
    pub hotspots: &'a [Hotspot],
    /// The grade.
    pub quality: &'a Quality,
}

/// The insights, best value for effort first; at most five.
pub fn find(_draft: &Draft<'_>) -> Vec<Insight> {
    Vec::new()
}
