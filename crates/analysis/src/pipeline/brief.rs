//! A report for those who only read tables.

use std::collections::BTreeSet;

use crate::report::{FindingKind, Report};

/// Leaves out what stands in documents and diagrams alone, and is most of a report: what files define, which imports
/// which, where packages are named and how they came, and the files themselves but for those whose findings are put into an
/// order by how hard their functions are.
pub fn shorten(report: &mut Report) {
    let smells = report.findings.iter().filter(|finding| finding.kind == FindingKind::Smell);
    let ordered: BTreeSet<&str> = smells.map(|finding| finding.span.path.as_str()).collect();
    report.files.retain(|file| ordered.contains(file.path.as_str()));
    report.graph.symbols = Vec::new();
    report.graph.file_edges = Vec::new();
    report.imports = None;
    report.history.windows = Vec::new();
    for dependency in &mut report.dependencies {
        (dependency.evidence, dependency.via) = (Vec::new(), Vec::new());
        (dependency.requirement, dependency.license) = (None, None);
    }
}
