//! The exports of a small report, whole.

use analysis::advisories::{AdvisoryAnswer, OsvRecord, check};
use analysis::compare::compare;
use analysis::export::{code_quality, cyclonedx, sarif};
use analysis::inventory::dependencies;
use analysis::report::{
    AdvisoryState, CommitRef, Finding, PastSecret, PastSecrets, Report, Span, Suppressed, SuppressionKind,
};
use serde_json::{Value, json};

use crate::tree::Tree;

fn report() -> Report {
    let tree = Tree::new(
        "//- package.json\n{\n\"name\": \"shop\", \"dependencies\": {\n\"@me/express\": \"^4.0.0\"}}\n\
         //- package-lock.json\n{\"lockfileVersion\": 3, \"packages\": {\"\": {\"dependencies\": {\"@me/express\": \"^4.0.0\"}},\n\
         \"node_modules/@me/express\": {\"version\": \"4.1.0\", \"license\": \"MIT OR Apache-2.0\", \"dependencies\": {\"qs\": \"1\"}},\n\
         \"node_modules/qs\": {\"version\": \"1.0.0\", \"license\": \"see the file\"}}}\n",
    );
    let (manifests, dependencies) = dependencies(&tree.examined());
    let record: OsvRecord = serde_json::from_value(json!({
        "id": "GHSA-1", "aliases": ["CVE-1"], "summary": "Something breaks",
        "affected": [{"package": {"ecosystem": "npm", "name": "qs"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.1"}]}]}],
        "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-79"]},
        "references": [{"type": "WEB", "url": "https://example.invalid/1"}],
    }))
    .unwrap();
    let answer = AdvisoryAnswer {
        state: AdvisoryState::Checked { source: "mirror".into(), as_of: 0 },
        covered: vec!["npm".into()],
        records: vec![record],
    };
    let checked = check(&dependencies, &answer, None, &std::collections::BTreeSet::new());
    serde_json::from_value(json!({
        "schema": 1, "analyzer": "1",
        "commit": {"id": "0123", "branch": null, "time": 0, "subject": "x"},
        "coverage": {"files": 2, "files_read": 2, "files_parsed": 0, "bytes": 0, "skipped": [], "skipped_total": 0, "notes": []},
        "languages": [], "stack": [], "manifests": manifests, "dependencies": dependencies,
        "advisories": checked.check, "findings": checked.findings, "rules": checked.rules, "files": [],
        "graph": {"modules": [], "module_edges": [], "file_edges": [], "cycles": [], "unresolved": 0, "unparsed": []},
        "history": {"commits": 0, "truncated": false, "first": null, "window_days": 0, "window_commits": 0,
            "left_out": {"merges": 0, "bots": 0, "sweeping": 0}, "contributors": 0, "monthly": []},
        "hotspots": [], "quality": {"grade": null, "score": null, "parts": []}, "insights": [],
    }))
    .unwrap()
}

#[test]
fn the_bill_of_materials_names_packages_licences_scopes_and_edges() {
    let report = report();
    let bill = cyclonedx(&report);
    assert_eq!(bill, cyclonedx(&report), "the same report gives the same bill");
    assert_eq!(bill["specVersion"], "1.6");
    let serial = bill["serialNumber"].as_str().unwrap();
    assert!(serial.starts_with("urn:uuid:") && serial.len() == 45, "{serial}");
    let express = &bill["components"][0];
    assert_eq!(express["purl"], "pkg:npm/%40me/express@4.1.0");
    assert_eq!(
        (&express["group"], &express["name"], &express["scope"]),
        (&json!("@me"), &json!("express"), &json!("required"))
    );
    assert_eq!(express["licenses"], json!([{"expression": "MIT OR Apache-2.0"}]));
    assert_eq!(bill["components"][1]["licenses"], json!([{"license": {"name": "see the file"}}]));
    assert_eq!(
        bill["dependencies"],
        json!([
            {"ref": "commit:0123", "dependsOn": ["pkg:npm/%40me/express@4.1.0"]},
            {"ref": "pkg:npm/%40me/express@4.1.0", "dependsOn": ["pkg:npm/qs@1.0.0"]},
            {"ref": "pkg:npm/qs@1.0.0", "dependsOn": []},
        ])
    );
}

#[test]
fn the_log_names_rule_place_severity_and_fingerprint() {
    let report = report();
    let log = sarif(&report, None);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "advisory.GHSA-1");
    assert_eq!(
        rule["properties"],
        json!({"tags": ["security", "external/cwe/cwe-079"], "security-severity": "8.0"})
    );
    assert_eq!(rule["helpUri"], "https://example.invalid/1");
    let result = &run["results"][0];
    assert_eq!((&result["ruleIndex"], &result["level"]), (&json!(0), &json!("error")));
    assert_eq!(
        result["partialFingerprints"]["devmentor/v1"],
        Value::from(report.findings[0].fingerprint.as_str())
    );
    assert_eq!(
        result["locations"][0]["physicalLocation"],
        json!({"artifactLocation": {"uri": "package-lock.json", "uriBaseId": "SRCROOT"}, "region": {"startLine": 3, "endLine": 3}})
    );
}

#[test]
fn findings_in_tests_stop_nobody() {
    let mut report = report();
    report.findings[0].in_test = true;
    let log = sarif(&report, None);
    let run = &log["runs"][0];
    assert_eq!(run["results"][0]["level"], "note");
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["defaultConfiguration"]["level"], "note");
    assert_eq!(rule["properties"]["security-severity"], "2.0");
    assert_eq!(code_quality(&report), json!([]));
}

#[test]
fn what_the_source_accepts_is_in_the_log_with_a_suppression() {
    let mut report = report();
    let suppressed = |finding: Finding, kind| Suppressed {
        by: finding.span.clone(),
        reason: "Accepted in the source by `nosec`".into(),
        finding,
        kind,
    };
    let found = std::mem::take(&mut report.findings);
    report.suppressed = found.into_iter().map(|one| suppressed(one, SuppressionKind::InSource)).collect();
    let log = sarif(&report, None);
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!((&result["ruleIndex"], &result["level"]), (&json!(0), &json!("note")));
    assert_eq!(
        result["suppressions"],
        json!([{"kind": "inSource", "status": "accepted", "justification": "Accepted in the source by `nosec`"}])
    );
    assert_eq!(run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"], "note");
    for one in &mut report.suppressed {
        one.kind = SuppressionKind::NotUsed;
    }
    assert_eq!(sarif(&report, None)["runs"][0]["results"], json!([]));
}

#[test]
fn what_only_the_history_holds_is_in_the_log_with_its_commit_where_it_was_searched_for() {
    let mut report = report();
    let mut found = report.findings[0].clone();
    (found.rule, found.fingerprint) = ("secret.gitlab-token".into(), "f".repeat(32));
    let commit = CommitRef { id: "c".repeat(40), subject: "Add".into(), time: 0 };
    let gone = PastSecret { finding: found, commit, at_tip: false, files: 1 };
    let still = PastSecret { at_tip: true, ..gone.clone() };
    let results = |report: &Report| sarif(report, None)["runs"][0]["results"].as_array().map_or(0, Vec::len);
    assert_eq!(results(&report), 1, "nobody asked");
    report.past_secrets =
        Some(PastSecrets { commits: 9, truncated: false, total: 2, secrets: vec![gone, still] });
    let log = sarif(&report, Some(&compare(&report, &report)));
    let run = &log["runs"][0];
    assert_eq!(results(&report), 2, "what is still there is a finding");
    let result = &run["results"][1];
    let at = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
    assert_eq!(run["tool"]["driver"]["rules"][at]["id"], "secret.gitlab-token");
    assert_eq!(result["properties"]["commit"], "c".repeat(40));
    assert_eq!(result["baselineState"], "unchanged");
    let state = |older: &Report| {
        sarif(&report, Some(&compare(older, &report)))["runs"][0]["results"][1]["baselineState"].clone()
    };
    let mut older = report.clone();
    older.past_secrets = None;
    assert_eq!(state(&older), Value::Null, "nobody looked for it then");
    older.past_secrets = report.past_secrets.clone().map(|past| PastSecrets { secrets: Vec::new(), ..past });
    assert_eq!(state(&older), "new");
    let text = result["message"]["text"].as_str().expect("a text");
    assert!(text.ends_with("; in the history since cccccccccc, and in no file any more"), "{text}");
}

#[test]
fn a_log_beside_an_older_report_says_what_is_new() {
    let newer = report();
    let mut older = report();
    let state = |older: &Report| {
        sarif(&newer, Some(&compare(older, &newer)))["runs"][0]["results"][0]["baselineState"].clone()
    };
    assert_eq!(state(&older), "unchanged");
    older.findings.clear();
    assert_eq!(state(&older), "new");
    assert_eq!(sarif(&newer, None)["runs"][0]["results"][0]["baselineState"], Value::Null);
}

#[test]
fn the_code_quality_report_has_what_gitlab_asks_for() {
    let mut report = report();
    report.findings[0].span = Span::file("go.mod");
    let fingerprint = report.findings[0].fingerprint.clone();
    let message = report.findings[0].message.clone();
    assert_eq!(
        code_quality(&report)[0],
        json!({
            "description": message, "check_name": "advisory.GHSA-1", "fingerprint": fingerprint,
            "severity": "critical", "location": {"path": "go.mod", "lines": {"begin": 1, "end": 1}},
        })
    );
}
