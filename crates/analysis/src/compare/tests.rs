//! What counts as new, on reports made by hand.

use serde_json::{Value, json};

use super::*;

fn finding(print: &str, rule: &str, path: &str, line: u32) -> Value {
    json!({
        "fingerprint": print, "rule": rule, "kind": "security", "severity": "high", "confidence": "high",
        "message": format!("{rule} here"), "span": { "path": path, "start": line, "end": line },
        "symbol": "f", "package": null, "in_test": false,
    })
}

fn advisory(print: &str, ecosystem: &str) -> Value {
    let mut finding = finding(print, "GHSA-1", "lock", 1);
    finding["kind"] = "advisory".into();
    finding["package"] = json!({
        "ecosystem": ecosystem, "name": "left", "version": "1.0.0", "advisory": "GHSA-1",
        "aliases": [], "fixed": null, "via": [],
    });
    finding
}

fn file(path: &str, bytes: u64) -> Value {
    json!({
        "path": path, "language": "Go", "bytes": bytes, "lines": { "code": bytes / 20, "comment": 0, "blank": 0 },
        "test": false, "tests": 0, "complexity": null, "commits": 0,
    })
}

fn dependency(name: &str, version: Option<&str>, requirement: Option<&str>) -> Value {
    json!({
        "ecosystem": "npm", "name": name, "version": version, "requirement": requirement, "direct": version.is_none(),
        "scope": "runtime", "evidence": [], "via": [], "license": null,
    })
}

/// A report with nothing in it but what the closure puts there.
fn report(change: impl FnOnce(&mut Value)) -> Report {
    let mut report = json!({
        "schema": 1, "analyzer": "1",
        "commit": { "id": "a", "branch": null, "time": 0, "subject": "s" },
        "coverage": { "files": 0, "files_read": 0, "files_parsed": 0, "bytes": 0, "skipped": [], "skipped_total": 0, "notes": [] },
        "languages": [], "stack": [], "manifests": [], "dependencies": [],
        "advisories": { "state": { "state": "checked", "source": "mirror", "as_of": 0 }, "uncovered": [], "unpinned": 0, "compared": 0 },
        "findings": [], "rules": {}, "files": [],
        "graph": { "modules": [], "module_edges": [], "file_edges": [], "cycles": [], "unresolved": 0, "unparsed": [] },
        "history": { "commits": 0, "truncated": false, "first": null, "window_days": 365, "window_commits": 0,
                     "left_out": { "merges": 0, "bots": 0, "sweeping": 0 }, "contributors": 0, "monthly": [] },
        "hotspots": [],
        "quality": { "grade": null, "score": null, "parts": [] },
        "insights": [],
    });
    change(&mut report);
    serde_json::from_value(report).unwrap()
}

fn prints(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.fingerprint.as_str()).collect()
}

#[test]
fn a_finding_is_new_gone_or_still_there_by_its_fingerprint() {
    let old =
        report(|it| it["findings"] = json!([finding("1", "a", "x.go", 3), finding("2", "b", "x.go", 9)]));
    let new =
        report(|it| it["findings"] = json!([finding("1", "a", "x.go", 30), finding("3", "b", "x.go", 31)]));
    let changes = compare(&old, &new).findings;
    assert_eq!((prints(&changes.new), prints(&changes.gone), changes.still), (vec!["3"], vec!["2"], 1));
    assert_eq!(changes.failing(Severity::High).count(), 1);
    assert_eq!(changes.failing(Severity::Critical).count(), 0);
    let same = compare(&new, &new);
    assert_eq!(same.findings, FindingChanges { still: 2, ..FindingChanges::default() });
    assert_eq!(same.notes[0].code, "same_commit");
}

#[test]
fn a_gate_never_fails_for_tests() {
    let new = report(|it| {
        it["findings"] = json!([finding("1", "a", "x_test.go", 3)]);
        it["findings"][0]["in_test"] = true.into();
    });
    let changes = compare(&report(|_| ()), &new).findings;
    assert_eq!((changes.new.len(), changes.failing(Severity::Info).count()), (1, 0));
}

#[test]
fn suppressing_is_not_mending_and_an_expired_reason_makes_a_finding_new() {
    let open = report(|it| it["findings"] = json!([finding("1", "a", "x.go", 3)]));
    let hidden = report(|it| {
        it["suppressed"] = json!([{
            "finding": finding("1", "a", "x.go", 3), "kind": "accepted_risk", "reason": "r",
            "by": { "path": "devmentor.toml", "start": 1, "end": 1 },
        }]);
    });
    let changes = compare(&open, &hidden).findings;
    assert_eq!((changes.new.len(), changes.gone.len(), changes.still, changes.suppressed), (0, 0, 0, 1));
    let changes = compare(&hidden, &open).findings;
    assert_eq!((prints(&changes.new), changes.reopened), (vec!["1"], 1));
}

#[test]
fn findings_follow_a_renamed_file_and_only_that() {
    let old = report(|it| {
        it["files"] = json!([file("a/x.go", 200), file("b/y.go", 400), file("b/z.go", 600)]);
        it["findings"] = json!([
            finding("1", "r", "a/x.go", 3),
            finding("2", "r", "b/y.go", 3),
            finding("3", "r", "b/z.go", 3)
        ]);
    });
    // One moved and edited, one renamed as it was, one deleted; and a new one like it beside them.
    let new = report(|it| {
        it["files"] = json!([file("c/x.go", 220), file("b/w.go", 400), file("d/new.go", 900)]);
        it["findings"] = json!([
            finding("4", "r", "c/x.go", 5),
            finding("5", "r", "b/w.go", 3),
            finding("6", "r", "d/new.go", 3)
        ]);
    });
    let changes = compare(&old, &new).findings;
    let moved: Vec<(&str, &str)> =
        changes.moved.iter().map(|it| (it.from.as_str(), it.to.as_str())).collect();
    assert_eq!(moved, [("b/y.go", "b/w.go"), ("a/x.go", "c/x.go")]);
    assert_eq!((prints(&changes.new), prints(&changes.gone), changes.still), (vec!["6"], vec!["3"], 2));
}

#[test]
fn two_files_of_one_name_are_not_guessed_between() {
    let old = report(|it| {
        it["files"] = json!([file("a/index.go", 200), file("b/index.go", 300)]);
        it["findings"] = json!([finding("1", "r", "a/index.go", 3)]);
    });
    let new = report(|it| {
        it["files"] = json!([file("c/index.go", 220)]);
        it["findings"] = json!([finding("2", "r", "c/index.go", 3)]);
    });
    let changes = compare(&old, &new).findings;
    assert_eq!((changes.new.len(), changes.gone.len(), changes.moved.len()), (1, 1, 0));
}

#[test]
fn what_one_side_did_not_look_at_is_neither_new_nor_gone() {
    let known = report(|it| {
        it["dependencies"] = json!([dependency("left", Some("1.0.0"), None)]);
        it["findings"] = json!([advisory("1", "npm")]);
    });
    let unknown = report(|it| {
        it["dependencies"] = json!([dependency("left", Some("1.0.0"), None)]);
        it["advisories"]["state"] = json!({ "state": "not_checked", "reason": "r" });
    });
    for (old, new) in [(&known, &unknown), (&unknown, &known)] {
        let comparison = compare(old, new);
        let changes = &comparison.findings;
        assert_eq!((changes.new.len(), changes.gone.len(), changes.not_compared), (0, 0, 1));
        assert!(comparison.notes.iter().any(|note| note.code == "advisories_not_compared"));
    }
    let read = report(|it| it["findings"] = json!([finding("1", "a", "x.go", 3)]));
    let unread =
        report(|it| it["coverage"]["skipped"] = json!([{ "path": "x.go", "reason": "parser_gave_up" }]));
    let changes = compare(&read, &unread).findings;
    assert_eq!((changes.gone.len(), changes.not_compared), (0, 1));
    // What was not read before and is now there to be seen is to be looked at all the same.
    assert_eq!(compare(&unread, &read).findings.new.len(), 1);
}

#[test]
fn packages_are_added_removed_raised_and_lowered() {
    let old = report(|it| {
        it["dependencies"] = json!([
            dependency("down", Some("2.0.0"), None),
            dependency("gone", Some("1.0.0"), None),
            dependency("many", Some("1.0.0"), None),
            dependency("same", Some("1.0.0"), None),
            dependency("up", Some("1.9.0"), None),
            dependency("want", None, Some("^1")),
        ]);
    });
    let new = report(|it| {
        it["dependencies"] = json!([
            dependency("added", Some("1.0.0"), None),
            dependency("down", Some("1.0.0"), None),
            dependency("many", Some("10.0.0"), None),
            dependency("many", Some("9.0.0"), None),
            dependency("same", Some("1.0.0"), None),
            dependency("up", Some("1.10.0"), None),
            dependency("want", None, Some("^2")),
        ]);
    });
    let changes = compare(&old, &new).dependencies;
    let shown: Vec<String> = changes
        .iter()
        .map(|it| format!("{:?} {}: {} > {}", it.kind, it.name, it.old.join("+"), it.new.join("+")))
        .collect();
    assert_eq!(
        shown,
        [
            "Added added:  > 1.0.0",
            "Lowered down: 2.0.0 > 1.0.0",
            "Removed gone: 1.0.0 > ",
            "Changed many: 1.0.0 > 9.0.0+10.0.0",
            "Raised up: 1.9.0 > 1.10.0",
            "Changed want: ^1 > ^2",
        ]
    );
}

#[test]
fn two_branches_are_said_to_be_two() {
    let of = |branch: Option<&str>| report(|it| it["commit"]["branch"] = json!(branch));
    let codes = |old: &Report, new: &Report| -> Vec<String> {
        compare(old, new).notes.into_iter().map(|note| note.code).collect()
    };
    assert_eq!(codes(&of(Some("main")), &of(Some("dev"))), ["same_commit", "branch_changed"]);
    assert_eq!(codes(&of(Some("main")), &of(Some("main"))), ["same_commit"]);
    assert_eq!(codes(&of(None), &of(Some("dev"))), ["same_commit"], "no branch is known to be another");
}

#[test]
fn two_repositories_are_said_to_be_two() {
    let of = |paths: &[&str]| {
        report(|it| {
            it["files"] = paths.iter().map(|path| file(path, 100)).collect();
            it["commit"]["id"] = paths.concat().into();
        })
    };
    let said = |old: &[&str], new: &[&str]| -> Vec<String> {
        compare(&of(old), &of(new)).notes.into_iter().map(|note| note.text).collect()
    };
    let gin = ["gin.go", "tree.go", "context.go", "path.go", "logger.go"];
    let chi = ["mux.go", "node.go", "ctx.go", "route.go", "chi.go", "more.go"];
    let text = "These look like reports of two repositories: of 5 source files in the smaller one, 0 are in the other \
                one, too. What is called new or gone is then no change.";
    assert_eq!(said(&gin, &chi), [text]);
    assert_eq!(said(&chi, &gin), [text]);
    assert!(said(&gin, &["gin.go", "a.go", "b.go", "c.go", "d.go"]).is_empty(), "one in five is the same");
    assert!(said(&gin[..4], &chi).is_empty(), "four files say too little");
}

#[test]
fn grades_and_languages_stand_beside_each_other() {
    let part = |part: &str, lost: Option<f64>| {
        json!({
            "part": part, "measured": lost.map(|lost| format!("{lost} of it")), "value": lost, "good": 0.0, "bad": 1.0,
            "weight": 10, "lost": lost, "missing": lost.is_none().then_some("nothing to see"), "worst": [],
        })
    };
    let language = |name: &str, percent: f64, code: u32| json!({ "name": name, "bytes": 1, "percent": percent, "files": 1, "lines": { "code": code, "comment": 0, "blank": 0 } });
    let old = report(|it| {
        it["quality"] = json!({ "grade": "B", "score": 80, "parts": [part("tests", Some(4.0)), part("past", Some(1.0))] });
        it["languages"] = json!([language("Go", 60.0, 90), language("C", 40.0, 50), language("Awk", 0.0, 1)]);
    });
    let new = report(|it| {
        it["quality"] = json!({ "grade": null, "score": null, "parts": [part("tests", None)] });
        it["languages"] =
            json!([language("Go", 70.0, 99), language("Rust", 30.0, 60), language("Awk", 0.0, 1)]);
    });
    let comparison = compare(&old, &new);
    let quality = &comparison.quality;
    assert_eq!((quality.old.grade, quality.new.grade), (Some('B'), None));
    let parts: Vec<_> = quality.parts.iter().map(|it| (it.part.as_str(), it.old_lost, it.new_lost)).collect();
    assert_eq!(parts, [("tests", Some(4.0), None), ("past", Some(1.0), None)]);
    assert_eq!(quality.parts[0].new.as_deref(), Some("nothing to see"));
    let names: Vec<_> =
        comparison.languages.iter().map(|it| (it.name.as_str(), it.old_code, it.new_code)).collect();
    assert_eq!(names, [("Go", 90, 99), ("Rust", 0, 60), ("C", 50, 0)]);
}
