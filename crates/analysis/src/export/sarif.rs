//! SARIF 2.1.0, with the extensions that code hosts read: `security-severity`, CWE tags, `partialFingerprints`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::compare::Comparison;
use crate::report::{
    Confidence, Finding, FindingKind, PastSecret, Report, RuleInfo, Severity, Suppressed, SuppressionKind,
};

/// The findings as a SARIF 2.1.0 log of one run. It carries no time.
///
/// What the source accepts by a mark of its own is a result with a suppression (`inSource`), and a note at most. What
/// `devmentor.toml` suppresses is left out: hosts that do not read suppressions would show it as open.
///
/// Where the history was searched for credentials, those that are only there are results too.
///
/// With a comparison, each result says whether it is new (`baselineState`). Findings in tests and examples are notes:
/// they are often on purpose, and none of that code runs in production.
pub fn sarif(report: &Report, comparison: Option<&Comparison>) -> Value {
    let new = comparison.map(|comparison| {
        comparison.findings.new.iter().map(|finding| finding.fingerprint.as_str()).collect::<BTreeSet<_>>()
    });
    let worst = worst_by_rule(report);
    let positions: BTreeMap<&str, usize> = worst.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let rules: Vec<Value> = worst
        .iter()
        .map(|(id, (severity, kind))| rule(id, report.rules.get(*id), *severity, *kind))
        .collect();
    let open = report.findings.iter().map(|finding| (finding, None));
    let results: Vec<Value> = open
        .chain(in_source(report).map(|one| (&one.finding, Some(one))))
        .map(|(finding, accepted)| {
            let mut result = result(finding, &positions);
            if let Some(accepted) = accepted {
                result.insert("level".into(), level(Severity::Low).into());
                let said =
                    json!([{"kind": "inSource", "status": "accepted", "justification": accepted.reason}]);
                result.insert("suppressions".into(), said);
            }
            if let Some(new) = &new {
                let state = if new.contains(finding.fingerprint.as_str()) { "new" } else { "unchanged" };
                result.insert("baselineState".into(), state.into());
            }
            Value::Object(result)
        })
        .chain(of_history(report, &positions, comparison.and_then(|one| one.known_past.as_ref())))
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "DevMentor", "version": report.analyzer, "rules": rules}},
            "automationDetails": {"id": "devmentor/"},
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
            "properties": {"commit": report.commit.id},
            "results": results,
        }],
    })
}

/// What the code itself says to leave alone.
fn in_source(report: &Report) -> impl Iterator<Item = &Suppressed> {
    report.suppressed.iter().filter(|one| one.kind == SuppressionKind::InSource)
}

/// The credentials of the history that are in no file any more, where it was searched for them. Each has the commit that
/// brought it, and its place is one of that commit. Whether one is new is said where the older report was searched too.
fn of_history<'a>(
    report: &'a Report,
    positions: &'a BTreeMap<&str, usize>,
    known: Option<&'a BTreeSet<String>>,
) -> impl Iterator<Item = Value> + 'a {
    gone(report).map(move |secret| {
        let mut result = result(&secret.finding, positions);
        let id = secret.commit.id.get(..10).unwrap_or(&secret.commit.id);
        let text = format!("{}; in the history since {id}, and in no file any more", secret.finding.message);
        result.insert("message".into(), json!({"text": text}));
        if let Some(Value::Object(properties)) = result.get_mut("properties") {
            properties.insert("commit".into(), secret.commit.id.as_str().into());
        }
        if let Some(known) = known {
            let state = if known.contains(&secret.finding.fingerprint) { "unchanged" } else { "new" };
            result.insert("baselineState".into(), state.into());
        }
        Value::Object(result)
    })
}

fn gone(report: &Report) -> impl Iterator<Item = &PastSecret> {
    report.past_secrets.iter().flat_map(|past| &past.secrets).filter(|secret| !secret.at_tip)
}

/// Every rule that gave a result, with the most severe of its findings.
fn worst_by_rule(report: &Report) -> BTreeMap<&str, (Severity, FindingKind)> {
    let mut worst: BTreeMap<&str, (Severity, FindingKind)> = BTreeMap::new();
    let past = gone(report).map(|secret| &secret.finding);
    for finding in report.findings.iter().chain(past) {
        let severity = weight(finding);
        let known = worst.entry(&finding.rule).or_insert((severity, finding.kind));
        known.0 = known.0.max(severity);
    }
    for Suppressed { finding, .. } in in_source(report) {
        worst.entry(&finding.rule).or_insert((finding.severity.min(Severity::Low), finding.kind));
    }
    worst
}

fn rule(id: &str, info: Option<&RuleInfo>, severity: Severity, kind: FindingKind) -> Value {
    let mut rule = Map::new();
    rule.insert("id".into(), id.into());
    let title = info.map_or(id, |info| info.title.as_str());
    rule.insert("shortDescription".into(), json!({"text": title}));
    let mut tags: Vec<String> = vec![tag(kind).into()];
    if let Some(info) = info {
        rule.insert("fullDescription".into(), json!({"text": info.why}));
        let links = info.links.iter().fold(String::new(), |links, link| links + "\n- <" + link + ">");
        rule.insert(
            "help".into(),
            json!({
                "text": format!("{}\n\n{}", info.why, info.fix),
                "markdown": format!("{}\n\n**Fix:** {}\n{links}", info.why, info.fix),
            }),
        );
        if let Some(link) = info.links.first() {
            rule.insert("helpUri".into(), link.as_str().into());
        }
        tags.extend(info.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    }
    let mut properties = Map::new();
    properties.insert("tags".into(), json!(tags));
    if kind != FindingKind::Smell {
        properties.insert("security-severity".into(), security_severity(severity).into());
    }
    rule.insert("defaultConfiguration".into(), json!({"level": level(severity)}));
    rule.insert("properties".into(), Value::Object(properties));
    Value::Object(rule)
}

fn result(finding: &Finding, positions: &BTreeMap<&str, usize>) -> Map<String, Value> {
    let mut place = Map::new();
    place.insert("artifactLocation".into(), json!({"uri": uri(&finding.span.path), "uriBaseId": "SRCROOT"}));
    if finding.span.start > 0 {
        place.insert("region".into(), json!({"startLine": finding.span.start, "endLine": finding.span.end}));
    }
    let mut location = Map::new();
    location.insert("physicalLocation".into(), Value::Object(place));
    if let Some(symbol) = &finding.symbol {
        location.insert("logicalLocations".into(), json!([{"fullyQualifiedName": symbol}]));
    }
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.rule.as_str().into());
    result.insert("ruleIndex".into(), json!(positions.get(finding.rule.as_str())));
    result.insert("level".into(), level(weight(finding)).into());
    result.insert("message".into(), json!({"text": finding.message}));
    result.insert("locations".into(), json!([location]));
    result.insert("partialFingerprints".into(), json!({"devmentor/v1": finding.fingerprint}));
    let (severity, sure) = (finding.severity.as_str(), confidence(finding.confidence));
    result.insert(
        "properties".into(),
        json!({"severity": severity, "confidence": sure, "inTest": finding.in_test, "inExample": finding.in_example}),
    );
    result
}

/// How much a finding weighs for a gate: nothing in tests and examples stops anybody.
fn weight(finding: &Finding) -> Severity {
    if finding.in_test { finding.severity.min(Severity::Low) } else { finding.severity }
}

fn tag(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Advisory | FindingKind::Secret | FindingKind::Security => "security",
        FindingKind::Smell => "maintainability",
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The middle of each band of the qualitative scale, which is what code hosts sort by.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// A relative reference by RFC 3986. A colon in the first part would read as a scheme, so it is encoded too.
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~/@!$&'()*+,;=".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
