//! From what the rules saw in one file to what is told of it: one finding for a line and what is wrong there, many small
//! ones of one rule together, and what the code itself accepts apart from the rest.

use super::rules::{Rule, RuleSet};
use crate::finding::{Accepted, RawFinding};
use crate::report::{Confidence, Severity};

/// Lines that are named where many sightings are told as one.
const MAX_NAMED: usize = 3;

/// What a rule saw.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    pub finding: RawFinding,
    /// The mark in the source that has the place left alone, and its line.
    pub accepted: Option<(String, u32)>,
    /// Position of the rule in its set.
    pub rule: usize,
}

/// What is told of the sightings of a file, in the order of the walk: findings, and what the source accepts.
pub(super) fn gather(seen: Vec<Sighting>, set: &RuleSet) -> (Vec<RawFinding>, Vec<Accepted>) {
    let mut kept: Vec<Sighting> = Vec::new();
    for sighting in seen {
        let rule = set.rules.get(sighting.rule);
        // Calls of one line are seen close to each other.
        let line = sighting.finding.start;
        let mut near = kept.iter_mut().rev().take(16);
        let known = near.find(|one| {
            let known = set.rules.get(one.rule).zip(rule);
            let same_line = one.finding.start == line;
            (same_line && known.is_some_and(|(one, other)| are_alike(one, other)))
                || (one.rule == sighting.rule && is_beside(one, line, rule))
        });
        match known {
            Some(known) if weight(&sighting) > weight(known) => *known = sighting,
            Some(_) => {}
            None => kept.push(sighting),
        }
    }
    let (mut found, mut accepted) = (Vec::new(), Vec::new());
    let mut small: Vec<(usize, Vec<RawFinding>)> = Vec::new();
    for Sighting { finding, accepted: by, rule } in kept {
        let together = set.rules.get(rule).is_some_and(|rule| rule.together.is_some());
        match by {
            Some((by, line)) => accepted.push(Accepted { finding, by, line }),
            None if together && finding.severity <= Severity::Low => {
                match small.iter_mut().find(|(known, _)| *known == rule) {
                    Some((_, findings)) => findings.push(finding),
                    None => small.push((rule, vec![finding])),
                }
            }
            None => found.push(finding),
        }
    }
    for (rule, findings) in small {
        let limit = set.rules.get(rule).and_then(|rule| rule.together).unwrap_or(usize::MAX);
        if findings.len() < limit {
            found.extend(findings);
        } else {
            found.extend(joined(findings));
        }
    }
    found.sort_by_key(|finding| finding.start);
    (found, accepted)
}

/// Whether a line is so near to a sighting that the rule tells one of both.
fn is_beside(known: &Sighting, line: u32, rule: Option<&Rule>) -> bool {
    let spread = rule.and_then(|rule| rule.spread);
    spread.is_some_and(|spread| known.finding.start.abs_diff(line) <= spread)
}

/// Whether two rules say the same of a line: they are one, or about the same weakness.
fn are_alike(one: &Rule, other: &Rule) -> bool {
    one.id == other.id || one.cwe.first().is_some_and(|cwe| other.cwe.first() == Some(cwe))
}

/// What decides which of two sightings of a line is told: one that nobody accepted, and the worse one.
fn weight(sighting: &Sighting) -> (bool, Severity, Confidence) {
    let Sighting { finding, accepted, .. } = sighting;
    (accepted.is_none(), finding.severity, finding.confidence)
}

/// The first of many small findings of one rule, which says where the others are.
fn joined(findings: Vec<RawFinding>) -> Option<RawFinding> {
    let others = findings.len().checked_sub(1)?;
    let lines: Vec<String> =
        findings.iter().skip(1).take(MAX_NAMED).map(|finding| finding.start.to_string()).collect();
    let more = if others > lines.len() { " and others" } else { "" };
    let mut all = findings.into_iter();
    let first = all.next()?;
    let worst =
        all.fold((first.severity, first.confidence), |worst, one| worst.max((one.severity, one.confidence)));
    let (severity, confidence) = worst;
    Some(RawFinding {
        message: format!(
            "{}; and so at {others} more places of this file (lines {}{more})",
            first.message,
            lines.join(", ")
        ),
        severity,
        confidence,
        anchor: first.rule.clone(),
        ..first
    })
}
