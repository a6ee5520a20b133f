//! The grade: seven parts, each a measured value between a good and a bad threshold.

use crate::report::{
    AdvisoryCheck, Coverage, Dependency, FileSummary, Finding, Graph, History, Hotspot, LanguageShare,
    Manifest, Quality,
};
use crate::syntax::DocCount;

/// The parts of a report that the grade is made of.
#[derive(Debug, Clone, Copy)]
pub struct GradeInput<'a> {
    /// What was read.
    pub coverage: &'a Coverage,
    /// Languages by bytes.
    pub languages: &'a [LanguageShare],
    /// Manifests and lockfiles.
    pub manifests: &'a [Manifest],
    /// Packages in use.
    pub dependencies: &'a [Dependency],
    /// Whether vulnerabilities could be looked up.
    pub advisories: &'a AdvisoryCheck,
    /// All findings.
    pub findings: &'a [Finding],
    /// Source files.
    pub files: &'a [FileSummary],
    /// Imports.
    pub graph: &'a Graph,
    /// The history.
    pub history: &'a History,
    /// Hotspots.
    pub hotspots: &'a [Hotspot],
    /// Documentation comments of the files that are not tests, summed.
    pub docs: DocCount,
    /// Whether the commit's root has a README.
    pub readme: bool,
}

/// The grade and the table that produced it.
pub fn grade(_input: &GradeInput<'_>) -> Quality {
    Quality { grade: None, score: None, parts: Vec::new() }
}
