//! In which order findings are read: what ships before tests, and the worst first.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::report::{Finding, FindingKind, Report};

/// Findings of one rule before those of other rules with the same severity have their turn.
const OF_RULE: usize = 5;

/// How hard functions are, by their file and first line.
#[derive(Debug, Default)]
pub struct Hardness<'r>(HashMap<(&'r str, u32), u32>);

impl<'r> Hardness<'r> {
    /// Of all functions that the report names.
    pub fn of(report: &'r Report) -> Self {
        let functions = report.files.iter().flat_map(|file| {
            let worst = file.complexity.iter().flat_map(|complexity| &complexity.worst);
            worst.map(move |function| ((file.path.as_str(), function.start), function.cognitive))
        });
        Self(functions.collect())
    }

    fn of_finding(&self, finding: &Finding) -> u32 {
        if finding.kind != FindingKind::Smell {
            return 0;
        }
        self.0.get(&(finding.span.path.as_str(), finding.span.start)).copied().unwrap_or(0)
    }
}

/// Shipped code before tests, then by severity; of the same severity what is dangerous before what is hard to change,
/// what is sure before what is not, the hardest function first, and no rule more than five times before the others.
pub fn in_order<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    hardness: &Hardness<'_>,
) -> Vec<&'f Finding> {
    let mut findings: Vec<&Finding> = findings.into_iter().collect();
    let group = |finding: &Finding| (finding.in_test, Reverse(finding.severity));
    // Stable: what is alike stays in the order of the report.
    findings.sort_by_key(|finding| {
        (
            group(finding),
            finding.kind == FindingKind::Smell,
            Reverse(finding.confidence),
            Reverse(hardness.of_finding(finding)),
        )
    });
    let mut seen: HashMap<_, usize> = HashMap::new();
    let mut turns: Vec<(usize, &Finding)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let before = seen.entry((group(finding), finding.rule.as_str())).or_default();
        turns.push((*before / OF_RULE, finding));
        *before += 1;
    }
    turns.sort_by_key(|(turn, finding)| (group(finding), (*turn).min(1)));
    turns.into_iter().map(|(_, finding)| finding).collect()
}

#[cfg(test)]
mod tests {
    use crate::report::{Confidence, Severity, Span};

    use super::*;

    #[test]
    fn what_ships_comes_first_then_the_worst_and_no_rule_hides_the_others() {
        let made = |rule: &str, severity, kind, in_test, line| Finding {
            fingerprint: String::new(),
            rule: rule.to_owned(),
            kind,
            severity,
            confidence: Confidence::High,
            message: String::new(),
            span: Span::lines("src/a.rs", line, line),
            symbol: None,
            package: None,
            in_test,
            in_example: false,
        };
        let mut findings = vec![
            made("in-test", Severity::Critical, FindingKind::Security, true, 1),
            made("low", Severity::Low, FindingKind::Security, false, 2),
        ];
        findings.extend((10..17).map(|line| made("hard", Severity::Medium, FindingKind::Smell, false, line)));
        findings.extend(
            (20..27).map(|line| made("danger", Severity::Medium, FindingKind::Security, false, line)),
        );
        let hardness = Hardness(HashMap::from([(("src/a.rs", 12), 90), (("src/a.rs", 15), 40)]));
        let lines: Vec<u32> = in_order(&findings, &hardness).iter().map(|it| it.span.start).collect();
        assert_eq!(lines, [20, 21, 22, 23, 24, 12, 15, 10, 11, 13, 25, 26, 14, 16, 2, 1]);
    }
}
