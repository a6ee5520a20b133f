//! Insights of small made-up reports, and the checks that close them.

use super::*;
use crate::report::{
    AdvisoryState, Commit, Confidence, Evidence, FileComplexity, FindingKind, FunctionSummary, LineCount,
    PackageHit, Report, Severity, Span,
};

fn file(path: &str, cognitive: u32, test: bool) -> FileSummary {
    FileSummary {
        path: path.into(),
        language: "Go".into(),
        bytes: 1_000,
        lines: LineCount { code: 100, comment: 0, blank: 0 },
        test,
        tests: 0,
        complexity: Some(FileComplexity {
            functions: 5,
            cyclomatic: cognitive,
            cognitive,
            worst: vec![FunctionSummary {
                name: "run".into(),
                start: 10,
                end: 90,
                cyclomatic: cognitive,
                cognitive,
                nesting: 4,
                parameters: 2,
            }],
        }),
        commits: 20,
    }
}

fn finding(rule: &str, kind: FindingKind, path: &str, line: u32) -> Finding {
    Finding {
        fingerprint: crate::finding::fingerprint(&[rule, path, &line.to_string()]),
        rule: rule.into(),
        kind,
        severity: Severity::High,
        confidence: Confidence::High,
        message: "Something was seen".into(),
        span: Span::lines(path, line, line),
        symbol: None,
        package: None,
        in_test: false,
    }
}

fn advisory(name: &str, id: &str, fixed: Option<&str>) -> Finding {
    let package = PackageHit {
        ecosystem: "npm".into(),
        name: name.into(),
        version: "1.2.3".into(),
        advisory: id.into(),
        aliases: Vec::new(),
        fixed: fixed.map(str::to_owned),
        via: Vec::new(),
    };
    Finding { package: Some(package), ..finding("advisory", FindingKind::Advisory, "package.json", 7) }
}

fn report() -> Report {
    Report {
        schema: crate::report::SCHEMA,
        analyzer: "test".into(),
        commit: Commit { id: "0".repeat(40), branch: None, time: 0, subject: "x".into() },
        coverage: Coverage { files_parsed: 2, ..Coverage::default() },
        languages: Vec::new(),
        stack: Vec::new(),
        manifests: Vec::new(),
        dependencies: Vec::new(),
        advisories: AdvisoryCheck {
            state: AdvisoryState::Checked { source: "mirror".into(), as_of: 0 },
            uncovered: Vec::new(),
            unpinned: 0,
            compared: 10,
        },
        findings: Vec::new(),
        rules: crate::syntax::rules(),
        files: Vec::new(),
        graph: Graph::default(),
        history: History::default(),
        hotspots: Vec::new(),
        quality: Quality { grade: None, score: None, parts: Vec::new() },
        insights: Vec::new(),
    }
}

fn draft(report: &Report) -> Draft<'_> {
    Draft {
        coverage: &report.coverage,
        languages: &report.languages,
        stack: &report.stack,
        manifests: &report.manifests,
        dependencies: &report.dependencies,
        advisories: &report.advisories,
        findings: &report.findings,
        rules: &report.rules,
        files: &report.files,
        graph: &report.graph,
        history: &report.history,
        hotspots: &report.hotspots,
        quality: &report.quality,
    }
}

fn hotspot(path: &str) -> Hotspot {
    Hotspot {
        path: path.into(),
        commits: 20,
        fixes: 5,
        changed_lines: 400,
        authors: 3,
        complexity: 60,
        code: 100,
        score: 90,
        coupled: Vec::new(),
    }
}

#[test]
fn nothing_to_prove_gives_no_insight() {
    assert_eq!(find(&draft(&report())), []);
}

#[test]
fn every_insight_has_proof_and_a_check_that_fails_now_and_passes_when_it_is_done() {
    let mut before = report();
    before.findings = vec![
        advisory("left", "GHSA-1", Some("1.2.4")),
        advisory("left", "GHSA-2", Some("1.3.0")),
        advisory("right", "GHSA-3", None),
        finding("go.sql-injection", FindingKind::Security, "a.go", 3),
        finding("go.sql-injection", FindingKind::Security, "a.go", 9),
        finding("secret.key", FindingKind::Secret, "b.go", 1),
        Finding { in_test: true, ..finding("secret.key", FindingKind::Secret, "b_test.go", 1) },
    ];
    before.files = vec![file("a.go", 60, false), file("a_test.go", 1, true)];
    before.hotspots = vec![hotspot("a.go")];
    before.graph.cycles = vec![vec!["x.ts".into(), "y.ts".into()]];
    let insights = find(&draft(&before));
    let kinds: Vec<&str> = insights.iter().map(|insight| insight.kind.as_str()).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    for kind in ["vulnerable_dependency", "insecure_code", "secret", "hard_function"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    let titles: Vec<&str> = insights.iter().map(|insight| insight.title.as_str()).collect();
    assert!(titles.contains(&"Raise `left` to 1.3.0 or later"), "the version that mends all: {titles:?}");
    assert!(insights.windows(2).all(|pair| pair[0].rank >= pair[1].rank));
    let after = report();
    for insight in &insights {
        assert!((2..=6).contains(&insight.evidence.len()), "{}", insight.title);
        assert!(
            insight.effort.min_minutes <= insight.effort.max_minutes && !insight.effort.reason.is_empty()
        );
        assert_eq!(insight.check.evaluate(&before).passed, Some(false), "{}", insight.title);
        assert_eq!(insight.check.evaluate(&after).passed, Some(true), "{}", insight.title);
    }
}

#[test]
fn five_of_one_kind_make_room_for_others() {
    let mut report = report();
    report.findings = (0..9).map(|number| advisory(&format!("p{number}"), "GHSA-1", Some("2.0.0"))).collect();
    report.findings.push(finding("go.sql-injection", FindingKind::Security, "a.go", 3));
    report.files = vec![file("a.go", 60, false)];
    report.hotspots = vec![hotspot("a.go")];
    let insights = find(&draft(&report));
    assert_eq!(insights.len(), MAX_INSIGHTS);
    assert!(insights.iter().any(|insight| insight.kind == "insecure_code"));
    assert!(insights.iter().any(|insight| insight.kind == "hard_function"));
}

#[test]
fn a_check_says_when_it_cannot_know() {
    let mut report = report();
    report.findings = vec![advisory("left", "GHSA-1", Some("1.2.4"))];
    let insights = find(&draft(&report));
    report.advisories.state = AdvisoryState::NotChecked { reason: "no data".into() };
    report.findings.clear();
    assert_eq!(insights[0].check.evaluate(&report).passed, None);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_what_is_found() {
    let mut one = report();
    one.findings = vec![
        finding("go.sql-injection", FindingKind::Security, "a.go", 3),
        finding("go.ssrf", FindingKind::Security, "b.go", 3),
        advisory("left", "GHSA-1", Some("1.2.4")),
    ];
    one.files = vec![file("a.go", 1, false), file("b.go", 1, false)];
    let mut other = one.clone();
    other.findings.reverse();
    assert_eq!(find(&draft(&one)), find(&draft(&other)));
    let proofs = find(&draft(&one)).into_iter().flat_map(|insight| insight.evidence);
    assert!(proofs.into_iter().any(|proof| matches!(proof, Evidence::Advisory { id, .. } if id == "GHSA-1")));
}
