//! The code quality report that GitLab reads and shows beside a merge request.

use serde_json::{Value, json};

use crate::report::{Finding, Report, Severity};

/// The findings outside tests and examples in the format of GitLab's `codequality` artefact: a list of issues with
/// description, name of the rule, fingerprint, severity and place.
///
/// GitLab tells what is new by the fingerprints, and shows no issue without a line: a finding about a file as a whole
/// stands at its first.
pub fn code_quality(report: &Report) -> Value {
    report.findings.iter().filter(|finding| !finding.in_test).map(issue).collect()
}

fn issue(finding: &Finding) -> Value {
    let (begin, end) = (finding.span.start.max(1), finding.span.end.max(1));
    json!({
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": severity(finding.severity),
        "location": {"path": finding.span.path, "lines": {"begin": begin, "end": end}},
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
