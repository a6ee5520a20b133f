//! Insights of small made-up reports, and the checks that close them.

mod closing;

use super::*;
use crate::check::Check;
use crate::report::{
    AdvisoryState, Commit, CommitRef, Confidence, Effort, Evidence, FileComplexity, FindingKind,
    FunctionHistory, FunctionSummary, GradePart, LineCount, PackageHit, Report, Scope, Severity, Span,
};

fn file(path: &str, cognitive: u32, test: bool) -> FileSummary {
    FileSummary {
        path: path.into(),
        language: "Go".into(),
        bytes: 1_000,
        lines: LineCount { code: 100, comment: 0, blank: 0 },
        test,
        example: false,
        tests: 0,
        complexity: Some(FileComplexity {
            functions: 5,
            cyclomatic: cognitive,
            cognitive,
            hard: u32::from(cognitive > 15),
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
        in_example: false,
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
        clean: fixed.map(str::to_owned),
        via: Vec::new(),
    };
    Finding { package: Some(package), ..finding("advisory", FindingKind::Advisory, "package.json", 7) }
}

fn dependency(ecosystem: &str, name: &str, version: &str) -> Dependency {
    Dependency {
        ecosystem: ecosystem.into(),
        name: name.into(),
        version: Some(version.into()),
        requirement: Some(version.into()),
        direct: true,
        scope: Scope::Runtime,
        evidence: vec![Span::lines("Dockerfile", 1, 1)],
        via: Vec::new(),
        license: None,
        role: crate::report::Role::default(),
    }
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
        imports: None,
        advisories: AdvisoryCheck {
            state: AdvisoryState::Checked { source: "mirror".into(), as_of: 0 },
            uncovered: Vec::new(),
            unpinned: 0,
            compared: 10,
        },
        findings: Vec::new(),
        suppressed: Vec::new(),
        gate: None,
        rules: crate::syntax::rules(),
        files: Vec::new(),
        graph: Graph::default(),
        history: History::default(),
        hotspots: Vec::new(),
        duplication: Duplication::default(),
        past_secrets: None,
        quality: Quality { grade: None, score: None, parts: Vec::new(), held: None, needs: Vec::new() },
        insights: Vec::new(),
    }
}

static NOTHING: BTreeSet<&str> = BTreeSet::new();

fn draft(report: &Report) -> Draft<'_> {
    Draft {
        imported: &NOTHING,
        time: report.commit.time,
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
        duplication: &report.duplication,
        past_secrets: report.past_secrets.as_ref(),
        quality: &report.quality,
    }
}

fn hotspot(path: &str) -> Hotspot {
    Hotspot {
        path: path.into(),
        commits: 20,
        fixes: 5,
        recent_fixes: 0,
        changed_lines: 400,
        authors: 3,
        complexity: 60,
        code: 100,
        score: 90,
        coupled: Vec::new(),
        with_tests: 0,
        followed: 20,
        functions: vec![FunctionHistory {
            name: "run".into(),
            start: 10,
            end: 90,
            cognitive: 60,
            commits: 8,
            fixes: 3,
            mended: vec![CommitRef { id: "f".repeat(40), subject: "Fix the total".into(), time: 0 }],
        }],
        corrections: Vec::new(),
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
    before.dependencies = vec![dependency("npm", "right", "1.2.3")];
    before.files = vec![file("a.go", 60, false), file("a_test.go", 1, true)];
    before.hotspots = vec![hotspot("a.go")];
    before.graph.cycles = vec![vec!["x.ts".into(), "y.ts".into()]];
    let insights = find(&draft(&before));
    let kinds: Vec<&str> = insights.iter().map(|insight| insight.kind.as_str()).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
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

fn lost(part: &str, lost: f64) -> GradePart {
    GradePart {
        part: part.into(),
        measured: Some("measured".into()),
        value: Some(1.0),
        good: 0.0,
        bad: 5.0,
        weight: 20,
        seen: Some(1.0),
        points: Some(20.0),
        lost: Some(lost),
        regain: None,
        missing: None,
        worst: Vec::new(),
    }
}

#[test]
fn the_biggest_loss_of_a_part_has_its_insight_even_where_no_release_mends_it() {
    let mut report = report();
    report.findings = vec![Finding { severity: Severity::Medium, ..advisory("left", "GHSA-1", None) }];
    report.findings.extend((0..6).map(|n| Finding {
        message: "SQL with text from a request in it".into(),
        ..finding("go.sql-injection", FindingKind::Security, &format!("{n}.go"), 1)
    }));
    report.findings.push(finding("secret.key", FindingKind::Secret, "b.go", 1));
    report.files = (0..6).map(|n| file(&format!("{n}.go"), 60, false)).collect();
    report.hotspots = (0..6).map(|n| hotspot(&format!("{n}.go"))).collect();
    report.dependencies = vec![dependency("npm", "left", "1.2.3")];
    let without: Vec<String> = find(&draft(&report)).into_iter().map(|insight| insight.kind).collect();
    assert!(!without.contains(&"vulnerable_dependency".to_owned()), "crowded out: {without:?}");
    report.quality.parts = vec![lost("dependencies", 9.7), lost("security", 0.4)];
    let insights = find(&draft(&report));
    assert_eq!(insights.len(), MAX_INSIGHTS);
    let known = insights.iter().find(|insight| insight.kind == "vulnerable_dependency").expect("answered");
    assert_eq!(known.title, "Do without `left`, or show that GHSA-1 does not reach you");
    assert_eq!(known.check.evaluate(&report).passed, Some(false));
}

#[test]
fn effort_reads_in_minutes_hours_or_days() {
    let of = |min_minutes, max_minutes| Effort { min_minutes, max_minutes, reason: String::new() }.range();
    assert_eq!(of(10, 30), "10 to 30 min");
    assert_eq!(of(15, 15), "15 min");
    assert_eq!(of(60, 240), "1 to 4 h");
    assert_eq!(of(10, 100), "0.5 to 1.5 h");
    assert_eq!(of(240, 1_680), "0.5 to 3.5 days");
}

#[test]
fn the_effort_of_a_split_grows_with_the_function_and_the_check_asks_for_the_limit() {
    let mut report = report();
    let mut long = file("a.go", 48, false);
    for function in &mut long.complexity.as_mut().expect("it has some").worst {
        function.end = function.start + 683;
    }
    report.files = vec![long, file("b.go", 34, false)];
    report.hotspots = vec![hotspot("a.go"), hotspot("b.go")];
    let insights = find(&draft(&report));
    let effort = |path: &str| {
        let insight =
            insights.iter().find(|insight| insight.title.contains(path)).expect("both are proposed");
        assert!(matches!(insight.check, Check::FunctionAtMost { cognitive: 15, .. }), "{:?}", insight.check);
        (insight.effort.min_minutes, insight.effort.max_minutes)
    };
    assert_eq!(effort("a.go"), (450, 1320), "30 + 684 / 2 + 2 * 33, in quarters; three times that");
    assert_eq!(effort("b.go"), (120, 330), "30 + 81 / 2 + 2 * 19");
}

#[test]
fn without_a_ranking_the_hardest_function_of_all_is_proposed() {
    let mut report = report();
    report.files = vec![file("a.go", 30, false), file("b.go", 60, false), file("c_test.go", 90, true)];
    assert_eq!(find(&draft(&report)), [], "nothing says that it hurts");
    report.quality.parts = vec![lost("complexity", 3.0)];
    let titles: Vec<String> = find(&draft(&report)).into_iter().map(|insight| insight.title).collect();
    assert_eq!(titles, ["Split `run` in `b.go`"]);
}
