//! From what a rule saw in one file to a finding that keeps its identity while the file changes around it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::report::{Confidence, Finding, FindingKind, Severity, Span, Suppressed, SuppressionKind};

/// What a rule saw in one file, before it is known in which file or how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawFinding {
    /// Id of the rule.
    pub rule: String,
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What was found here, in one sentence. A secret is never quoted.
    pub message: String,
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// The function or type it is in, where known.
    pub symbol: Option<String>,
    /// The matched code with its layout removed: what makes two sightings the same one. Never shown, and kept only
    /// with what is known of files.
    pub anchor: String,
}

/// What a rule saw in one file where the code says to leave it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// What it saw.
    pub finding: RawFinding,
    /// The mark that says so, such as `nosec`.
    pub by: String,
    /// The line of the mark, from 1.
    pub line: u32,
}

impl Accepted {
    /// The accepted sightings of one file as suppressed findings. `raw` are those that are not: equal ones are counted
    /// after them, so that no two of a file have one fingerprint.
    pub fn of_file(path: &str, in_test: bool, raw: &[RawFinding], accepted: &[Self]) -> Vec<Suppressed> {
        let all: Vec<RawFinding> =
            raw.iter().cloned().chain(accepted.iter().map(|one| one.finding.clone())).collect();
        let mut seen = HashMap::new();
        let numbered = all.iter().map(|one| numbered(path, in_test, one, &mut seen)).skip(raw.len());
        let suppressed = numbered.zip(accepted).map(|(finding, one)| Suppressed {
            finding,
            kind: SuppressionKind::InSource,
            reason: format!("Accepted in the source by `{}`", one.by),
            by: Span::lines(path, one.line, one.line),
        });
        suppressed.collect()
    }
}

/// Turns the sightings of one file into findings.
///
/// The fingerprint is the SHA-256 of rule, path, symbol, anchor and the number of equal ones before it, cut to
/// 128 bits: lines do not enter, so it survives edits elsewhere in the file.
pub fn findings_of_file(path: &str, in_test: bool, raw: &[RawFinding]) -> Vec<Finding> {
    let mut seen = HashMap::new();
    let mut in_order: Vec<&RawFinding> = raw.iter().collect();
    in_order.sort_by(|a, b| (a.start, a.end, &a.rule, &a.anchor).cmp(&(b.start, b.end, &b.rule, &b.anchor)));
    in_order.into_iter().map(|raw| numbered(path, in_test, raw, &mut seen)).collect()
}

/// How often something was seen in a file: the rule, the symbol, and the code.
type Seen<'a> = HashMap<(&'a str, Option<&'a str>, &'a str), u32>;

fn numbered<'a>(path: &str, in_test: bool, raw: &'a RawFinding, seen: &mut Seen<'a>) -> Finding {
    let occurrence = seen.entry((&raw.rule, raw.symbol.as_deref(), &raw.anchor)).or_default();
    let number = occurrence.to_string();
    *occurrence += 1;
    Finding {
        fingerprint: fingerprint(&[
            &raw.rule,
            path,
            raw.symbol.as_deref().unwrap_or(""),
            &raw.anchor,
            &number,
        ]),
        rule: raw.rule.clone(),
        kind: raw.kind,
        severity: raw.severity,
        confidence: raw.confidence,
        message: raw.message.clone(),
        span: Span::lines(path, raw.start, raw.end),
        symbol: raw.symbol.clone(),
        package: None,
        in_test,
        in_example: in_test && crate::inventory::is_example_path(path),
    }
}

/// 128 bits that identify the parts, as 32 hexadecimal digits. Each part's length enters, so that moving a
/// border between two parts changes the result.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

/// Most severe first, then by place and rule: the order of [`crate::report::Report::findings`].
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, &a.span, &a.rule, &a.fingerprint).cmp(&(a.severity, &b.span, &b.rule, &b.fingerprint))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(start: u32, anchor: &str) -> RawFinding {
        RawFinding {
            rule: "js.eval".into(),
            kind: FindingKind::Security,
            severity: Severity::High,
            confidence: Confidence::High,
            message: "`eval` runs text as code".into(),
            start,
            end: start,
            symbol: None,
            anchor: anchor.into(),
        }
    }

    #[test]
    fn fingerprints_survive_moved_lines_and_tell_equal_sightings_apart() {
        let before = findings_of_file("a.js", false, &[raw(3, "eval(x)"), raw(9, "eval(x)")]);
        let after = findings_of_file("a.js", false, &[raw(13, "eval(x)"), raw(19, "eval(x)")]);
        assert_ne!(before[0].fingerprint, before[1].fingerprint);
        assert_eq!(before[0].fingerprint, after[0].fingerprint);
        assert_eq!(before[1].fingerprint, after[1].fingerprint);
        let elsewhere = findings_of_file("b.js", false, &[raw(3, "eval(x)")]);
        assert_ne!(before[0].fingerprint, elsewhere[0].fingerprint);
    }

    #[test]
    fn what_the_source_accepts_is_suppressed_and_keeps_its_fingerprint() {
        let of = |raw: &[RawFinding]| {
            let accepted = Accepted { finding: raw_at(9), by: "nosec".into(), line: 8 };
            Accepted::of_file("a.js", false, raw, &[accepted]).remove(0)
        };
        let alone = of(&[]);
        assert_eq!(alone.finding, findings_of_file("a.js", false, &[raw_at(9)])[0]);
        assert_eq!((alone.kind, alone.by.start), (SuppressionKind::InSource, 8));
        assert_eq!(alone.reason, "Accepted in the source by `nosec`");
        let beside = of(&[raw_at(20)]);
        assert_ne!(beside.finding.fingerprint, findings_of_file("a.js", false, &[raw_at(20)])[0].fingerprint);
    }

    fn raw_at(start: u32) -> RawFinding {
        raw(start, "eval(x)")
    }

    #[test]
    fn examples_are_told_from_tests() {
        let of = |path: &str, in_test: bool| {
            let finding = findings_of_file(path, in_test, &[raw(3, "eval(x)")]).remove(0);
            (finding.in_test, finding.in_example, finding.apart())
        };
        assert_eq!(of("examples/a.js", true), (true, true, Some("example code")));
        assert_eq!(of("test/a.js", true), (true, false, Some("test code")));
        // A playground that is deployed is the product.
        assert_eq!(of("playground/a.js", false), (false, false, None));
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
