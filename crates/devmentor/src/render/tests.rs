use std::time::Duration;

use analysis::report::Report;
use expect_test::expect;
use serde_json::json;

use super::*;

/// A report with one of everything, and names that would do harm if they reached a terminal as they are.
pub(crate) fn sample() -> Report {
    let finding = |severity: &str, path: &str, message: &str, in_test: bool| {
        json!({
            "fingerprint": "00", "rule": "r", "kind": "security", "severity": severity, "confidence": "high",
            "message": message, "span": { "path": path, "start": 12, "end": 12 }, "symbol": null,
            "package": null, "in_test": in_test,
        })
    };
    let part = |part: &str, measured: Option<&str>, lost: Option<f64>, missing: Option<&str>| {
        json!({
            "part": part, "measured": measured, "value": null, "good": 0.0, "bad": 1.0, "weight": 10,
            "points": lost.map(|_| 100.0), "lost": lost, "regain": lost.map(|_| "all points back with 9 fewer, 3 or less in all"),
            "missing": missing, "worst": [{ "path": "src/a.rs", "start": 3, "end": 9 }],
        })
    };
    serde_json::from_value(json!({
        "schema": 1,
        "analyzer": "1",
        "commit": { "id": "0123456789abcdef", "branch": "main", "time": 1_763_078_400, "subject": "Add \u{1b}[2J it" },
        "coverage": {
            "files": 5389, "files_read": 5380, "files_parsed": 4000, "bytes": 60_249_000,
            "skipped": [{ "path": "a\u{202e}b", "reason": "submodule" }, { "path": "big.bin", "reason": "too_large" }],
            "skipped_total": 9,
            "notes": [{ "code": "shallow_history", "text": "The clone is shallow: older history is missing." }],
        },
        "languages": [
            { "name": "Rust", "bytes": 800, "percent": 81.25, "files": 300, "lines": { "code": 12345, "comment": 9, "blank": 9 } },
            { "name": "TypeScript", "bytes": 200, "percent": 18.75, "files": 21, "lines": { "code": 900, "comment": 9, "blank": 9 } },
        ],
        "stack": [
            { "name": "axum", "category": "framework", "evidence": [{ "path": "Cargo.toml", "start": 3, "end": 3 }] },
            { "name": "React", "category": "framework", "evidence": [{ "path": "package.json", "start": 3, "end": 3 }] },
            { "name": "GitHub Actions", "category": "ci", "evidence": [{ "path": ".github", "start": 0, "end": 0 }] },
        ],
        "manifests": [],
        "dependencies": [
            { "ecosystem": "crates.io", "name": "tokio", "version": "1.0.0", "requirement": "1", "direct": true,
              "scope": "runtime", "evidence": [], "via": [], "license": null },
            { "ecosystem": "npm", "name": "left", "version": null, "requirement": "^1", "direct": false,
              "scope": "dev", "evidence": [], "via": [], "license": null },
        ],
        "advisories": { "state": { "state": "checked", "source": "mirror", "as_of": 1_763_078_400 },
                        "uncovered": ["npm"], "unpinned": 1, "compared": 1 },
        "findings": [
            finding("critical", "src/a.rs", "`eval` runs \u{1b}]0;owned\u{7} text as code", false),
            finding("low", "tests/b.rs", "An exception is swallowed", true),
        ],
        "rules": {},
        "files": [],
        "graph": { "modules": [], "module_edges": [], "file_edges": [], "cycles": [], "unresolved": 0, "unparsed": [] },
        "history": { "commits": 10, "truncated": false, "first": 1, "window_days": 365, "window_commits": 231,
                     "left_out": { "merges": 1, "bots": 2, "sweeping": 0 }, "contributors": 1, "monthly": [] },
        "hotspots": [
            { "path": "src/a.rs", "commits": 40, "fixes": 7, "changed_lines": 900, "authors": 3, "complexity": 88,
              "code": 400, "score": 96, "coupled": [{ "path": "src/b.rs", "together": 14, "of": 19 }] },
        ],
        "quality": { "grade": "B", "score": 78, "parts": [
            part("complexity", Some("6 % of functions are above 15"), Some(5.5), None),
            part("duplication", None, None, Some("not built yet")),
        ] },
        "insights": [
            { "fingerprint": "1", "kind": "vulnerable_dependency", "severity": "high", "title": "Raise `tokio` to 1.38.2",
              "why": "Version 1.0.0 has a data race that is reachable from every task, and 12 files import it.",
              "evidence": [
                  { "type": "span", "span": { "path": "Cargo.lock", "start": 1203, "end": 1203 }, "note": "tokio 1.0.0" },
                  { "type": "advisory", "id": "RUSTSEC-2023-0001", "note": "data race" },
              ],
              "effort": { "min_minutes": 10, "max_minutes": 30, "reason": "1 file" },
              "check": { "check": "package_clean", "ecosystem": "crates.io", "name": "tokio", "advisories": ["RUSTSEC-2023-0001"] },
              "rank": 90, "quick_win": true },
        ],
    }))
    .unwrap()
}

fn shown(report: &Report, width: Option<u16>, color: bool) -> String {
    with_data(report, &[], width, color)
}

fn with_data(report: &Report, imported: &[AdvisorySource], width: Option<u16>, color: bool) -> String {
    let view = View {
        style: Style { color, width },
        source: "./project",
        name: "project",
        took: Duration::from_millis(12_340),
        all: false,
        imported,
        now: Timestamp::from_seconds(1_763_164_800),
    };
    super::report(report, None, &view)
}

#[test]
fn a_report_reads_well_at_80_columns() {
    expect![[r"
        ./project
        main at 0123456789, 2025-11-14: Add \u{1b}[2J it
        5,389 files (60.2 MB), 5,380 read, 4,000 parsed as code, in 12.3 s

        Languages
         language     share                     code lines  files
         Rust        81.2 %  ████████████████▎      12,345    300
         TypeScript  18.8 %  ███▊                      900     21
         Counted here: 321 of 5,380 files; vendored and generated code, documentation,
         examples and data are left out.

        Stack
         kind        in use
         frameworks  axum, React
         CI          GitHub Actions

        Dependencies
         ecosystem  direct  for dev  indirect  not pinned   vulnerable  data up to
         crates.io       1        0         0           0            0  2025-11-14
         npm             0        0         1           1  not checked
         1 pinned version was compared with the imported data. There is no data for npm.

        Findings  1 critical; in tests 1 low
         severity  where        what
         critical  src/a.rs:12  `eval` runs \u{1b}]0;owned\u{7} text as code
         In tests and examples:
         low  tests/b.rs:12  An exception is swallowed

        Hotspots  231 commits by 1 person in the 365 days before the newest one
         score  commits  fixes  complexity  file
            96       40      7          88  src/a.rs
                                            with src/b.rs (14 of 19)
         Score: how the file ranks by commits times how it ranks by complexity, at most
         100. Complexity: cognitive, the sum over its functions. With: what changed in
         the same commits most often.

        Grade  B, 78 of 100, from 1 of 2 parts
         part                 lost  measured
         complexity   5.5 of 100.0  6 % of functions are above 15
                                    all points back with 9 fewer, 3 or less in all
                                    worst: src/a.rs:3
         duplication             -  not measured: not built yet

        Not looked at
         - The clone is shallow: older history is missing.
         - too large (1): big.bin
         - submodules (1): a\u{202e}b
         - and 7 more

        What to do first
         1. Raise `tokio` to 1.38.2
            high, 10 to 30 min (1 file), quick win
            Version 1.0.0 has a data race that is reachable from every task, and 12
            files import it.
            - Cargo.lock:1203: tokio 1.0.0
            - RUSTSEC-2023-0001: data race
            Done when no version of tokio (crates.io) in use is affected by
            RUSTSEC-2023-0001.

        Next
         `devmentor serve --open` shows it in the browser, beside the code, and makes
         tasks of it
         `devmentor analyze ./project --fail-on high --sarif findings.sarif` does the
         same in a pipeline
    "]]
    .assert_eq(&shown(&sample(), Some(80), false));
}

#[test]
fn rows_stay_lines_when_piped() {
    let mut report = sample();
    report.insights[0].why = "long ".repeat(100);
    let text = shown(&report, None, false);
    assert!(text.lines().any(|line| line.matches("long").count() == 100));
}

#[test]
fn nothing_of_the_repository_acts_on_the_terminal() {
    for color in [false, true] {
        let text = shown(&sample(), Some(80), color);
        assert!(!text.contains("\u{1b}[2J") && !text.contains("\u{1b}]0") && !text.contains('\u{202e}'));
        assert!(text.contains("\\u{1b}[2J"));
        assert_eq!(text.contains('\u{1b}'), color);
    }
}

#[test]
fn lines_never_leave_the_screen() {
    for width in [40, 60, 80, 100, 140] {
        for line in shown(&sample(), Some(width), false).lines() {
            assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn what_was_not_checked_is_never_shown_as_clean() {
    let mut report = sample();
    report.advisories.state = analysis::report::AdvisoryState::NotChecked {
        reason: "Nobody has decided how: `devmentor advisories mode mirror`.".to_owned(),
    };
    let text = shown(&report, Some(80), false);
    let table = text.lines().filter(|line| line.contains("crates.io ") || line.contains("npm "));
    assert!(table.clone().count() >= 2 && table.clone().all(|line| line.ends_with("not checked")), "{text}");
    assert!(text.contains("Could not check") && text.contains("mode mirror"));
}

#[test]
fn only_the_first_findings_are_shown_unless_all_are_wanted() {
    let mut report = sample();
    report.findings = vec![report.findings[0].clone(); 25];
    assert!(shown(&report, None, false).contains("and 5 more: --all shows them"));
}

#[test]
fn what_only_tests_have_stands_apart_and_alarms_nobody() {
    let mut report = sample();
    let mut in_test = report.findings[0].clone();
    in_test.in_test = true;
    in_test.span.path = "tests/a.rs".to_owned();
    report.findings.splice(0..0, vec![in_test; 7]);
    let text = shown(&report, None, false);
    assert!(text.contains("Findings  1 critical; in tests 7 critical, 1 low\n severity"), "{text}");
    let (ours, tests) = text.split_once(" In tests and examples:\n").unwrap();
    assert!(ours.contains("src/a.rs:12") && !ours.contains("tests/a.rs"), "{text}");
    assert_eq!(tests.matches("tests/a.rs:12").count(), 5);
    assert!(tests.contains(" and 3 more: --all shows them\n"), "{text}");
}

#[test]
fn what_is_known_of_one_package_is_one_row_and_long_messages_are_cut() {
    let mut report = sample();
    let mut finding = report.findings[0].clone();
    finding.message = "word ".repeat(100);
    finding.kind = analysis::report::FindingKind::Advisory;
    finding.package = Some(
        serde_json::from_value(json!({ "ecosystem": "crates.io", "name": "tokio", "version": "1.0.0",
            "advisory": "RUSTSEC-2023-0001", "aliases": [], "fixed": null, "via": [] }))
        .unwrap(),
    );
    report.findings = vec![finding; 3];
    let text = shown(&report, None, false);
    assert_eq!(text.matches("word …").count(), 1, "{text}");
    assert!(text.contains(" … (and 2 more)\n") && !text.contains("--all"), "{text}");
}

#[test]
fn a_long_hint_still_says_that_it_is_one() {
    let mut report = sample();
    report.findings.truncate(1);
    report.findings[0].message = "word ".repeat(100);
    assert!(!shown(&report, None, false).contains("(a hint)"));
    report.findings[0].confidence = analysis::report::Confidence::Low;
    let text = shown(&report, None, false);
    assert!(text.contains("word … (a hint)\n"), "{text}");
}

#[test]
fn what_the_repository_sets_aside_is_counted() {
    use analysis::report::{Span, Suppressed, SuppressionKind};
    let mut report = sample();
    let set_aside = |kind| Suppressed {
        finding: report.findings[0].clone(),
        kind,
        reason: "r".to_owned(),
        by: Span::file("devmentor.toml"),
    };
    let kinds = [SuppressionKind::InSource, SuppressionKind::InSource, SuppressionKind::NotUsed];
    let suppressed: Vec<Suppressed> = kinds.into_iter().map(set_aside).collect();
    assert!(!shown(&report, None, false).contains("Not counted"));
    report.suppressed = suppressed;
    let line = " Not counted: 2 accepted by a mark in the source, 1 suppressed by `devmentor.toml`; --html and --json list them.\n";
    assert!(shown(&report, None, false).contains(line));
    report.findings.clear();
    assert!(shown(&report, None, false).contains(line));
}

#[test]
fn the_costliest_part_of_the_grade_comes_first() {
    let mut report = sample();
    report.quality.parts.swap(0, 1);
    let text = shown(&report, None, false);
    assert!(text.find(" complexity ").unwrap() < text.find(" duplication ").unwrap(), "{text}");
    report.insights.clear();
    assert!(
        shown(&report, None, false)
            .contains("nothing that could be proved; the grade loses most for complexity (5.5)"),
    );
}

#[test]
fn narrow_terminals_break_sentences_but_no_places() {
    let mut report = sample();
    report.findings[0].span.path = "packages/server/src/a/long/way/down/to/the/file.rs".to_owned();
    report.hotspots[0].path.clone_from(&report.findings[0].span.path);
    let text = shown(&report, Some(60), false);
    assert!(
        text.contains(" critical  packages/server/src/a/long/way/down/to/the/file.rs:12\n           `eval`"),
        "{text}"
    );
    assert!(text.contains("88  …/down/to/the/file.rs\n"), "{text}");
    assert!(text.contains("with …/b.rs (14 of 19)"), "{text}");
}

#[test]
fn old_data_says_so_wherever_it_is_counted() {
    let source = |ecosystem: &str, days: i64| AdvisorySource {
        ecosystem: ecosystem.to_owned(),
        records: 9,
        as_of: Timestamp::from_seconds(1_763_164_800 - days * 86_400),
        imported_at: Timestamp::from_seconds(1_763_164_800),
        source: "/mirror".to_owned(),
    };
    let mut report = sample();
    report.advisories.uncovered.clear();
    report.findings.clear();
    // Hex is not in use: its age is of no interest.
    let data = [source("Hex", 999), source("crates.io", 762), source("npm", 2)];
    let text = with_data(&report, &data, Some(80), false);
    let row = text.lines().find(|line| line.starts_with(" crates.io")).unwrap();
    assert!(row.ends_with("0  2023-10-15"), "{text}");
    assert!(text.contains(" Old data: crates.io 25 months. What became known since is missing.\n"), "{text}");
    assert!(
        text.contains("none by the rules that were run; of vulnerabilities only those known by"),
        "{text}"
    );
    assert!(!text.contains("Hex") && !text.contains("npm 2 days"), "{text}");
    let fresh = with_data(&report, &[source("crates.io", 2), source("npm", 7)], Some(80), false);
    assert!(!fresh.contains("Old data") && !fresh.contains("known by"), "{fresh}");
}

#[test]
fn a_comparison_tells_a_small_share_from_none_and_two_repositories_apart() {
    let of = |percent: f64, paths: &str| {
        let mut report = serde_json::to_value(sample()).unwrap();
        report["languages"][1]["percent"] = percent.into();
        let file = |n: u32| {
            json!({ "path": format!("{paths}/{n}.rs"), "language": "Rust", "bytes": 1, "test": false, "tests": 0,
                    "lines": { "code": 1, "comment": 0, "blank": 0 }, "complexity": null, "commits": 0 })
        };
        report["files"] = (0..6).map(file).collect();
        serde_json::from_value::<Report>(report).unwrap()
    };
    let mut without = of(18.0, "a");
    without.languages.pop();
    let style = Style { color: false, width: None };
    let shown = comparison(&analysis::compare::compare(&without, &of(0.04, "b")), style, false);
    let row = shown.lines().find(|line| line.contains("TypeScript")).unwrap();
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells, ["TypeScript", "-", "< 0.1 %", "0", "900"]);
    assert!(shown.contains("These look like reports of two repositories: of 6 source files"), "{shown}");
}

#[test]
fn packages_count_once_and_a_missing_ranking_says_why() {
    let mut report = sample();
    let mut other = report.dependencies[0].clone();
    other.version = Some("2.0.0".into());
    let mut example = other.clone();
    example.name = "axum".into();
    example.role = analysis::report::Role::Example;
    report.dependencies.extend([other, example]);
    report.hotspots.clear();
    report.history.unranked = Some("Too few changes: 12 of 20.".into());
    let shown = shown(&report, None, false);
    let row = shown.lines().find(|line| line.trim_start().starts_with("crates.io")).unwrap();
    assert_eq!(row.split_whitespace().nth(1), Some("1"), "{row}");
    assert!(shown.contains("1 more package is asked for by examples and tests alone."), "{shown}");
    assert!(shown.contains("Too few changes: 12 of 20."), "{shown}");
}
