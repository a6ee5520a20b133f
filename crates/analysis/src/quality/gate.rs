//! A gate on what is new: findings are held against those that were known before, not against zero.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::report::{Finding, Report, Severity};

/// The findings that were known at some commit. It is small and sorted, so that it can be committed and reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The analyser that wrote it: another one may see more in the same code.
    pub analyzer: String,
    /// The commit it was made of.
    pub commit: String,
    /// Fingerprints of the findings, suppressed ones included.
    pub fingerprints: BTreeSet<String>,
}

impl Baseline {
    /// All findings of a report. A gate against an older commit takes the baseline of that commit's report.
    pub fn of(report: &Report) -> Self {
        let suppressed = report.suppressed.iter().map(|suppressed| &suppressed.finding);
        Self {
            analyzer: report.analyzer.clone(),
            commit: report.commit.id.clone(),
            fingerprints: report
                .findings
                .iter()
                .chain(suppressed)
                .map(|finding| finding.fingerprint.clone())
                .collect(),
        }
    }

    /// Holds a newer report against it.
    pub fn compare<'r>(&self, report: &'r Report) -> Compared<'r> {
        let (known, new): (Vec<&Finding>, Vec<&Finding>) =
            report.findings.iter().partition(|finding| self.fingerprints.contains(&finding.fingerprint));
        let here = Self::of(report).fingerprints;
        Compared {
            new,
            known: known.len(),
            gone: self.fingerprints.difference(&here).count(),
            same_analyzer: self.analyzer == report.analyzer,
        }
    }
}

/// A report beside a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared<'r> {
    /// Findings that the baseline does not know, in the order of the report.
    pub new: Vec<&'r Finding>,
    /// How many it knows.
    pub known: usize,
    /// How many it knows that are gone.
    pub gone: usize,
    /// Whether both come from the same analyser: else a new rule can make old code look new.
    pub same_analyzer: bool,
}

impl<'r> Compared<'r> {
    /// The new findings at or above a severity, outside tests and examples: what a gate fails for.
    pub fn failing(&self, least: Severity) -> Vec<&'r Finding> {
        self.new.iter().copied().filter(|finding| finding.severity >= least && !finding.in_test).collect()
    }
}
