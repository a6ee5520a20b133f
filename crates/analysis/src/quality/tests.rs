//! The grade adds up, and leaves out what was not measured.

mod judged;

use super::*;
use crate::report::{
    AdvisoryState, Confidence, FileComplexity, FindingKind, FunctionSummary, LineCount, PackageHit, Scope,
    Severity,
};

fn file(path: &str, functions: u32, hardest: u32, test: bool) -> FileSummary {
    let worst = FunctionSummary {
        name: "f".into(),
        start: 1,
        end: 9,
        cyclomatic: hardest,
        cognitive: hardest,
        nesting: 1,
        parameters: 0,
    };
    FileSummary {
        path: path.into(),
        language: "Go".into(),
        bytes: 100,
        lines: LineCount { code: 100, comment: 0, blank: 0 },
        test,
        example: false,
        tests: 0,
        complexity: Some(FileComplexity {
            functions,
            cyclomatic: hardest,
            cognitive: hardest,
            hard: u32::from(hardest > 15),
            worst: vec![worst],
        }),
        commits: 0,
    }
}

/// What a grade is made of, where a test says nothing else: nothing at all but documented code.
#[derive(Default)]
struct Case {
    files: Vec<FileSummary>,
    dependencies: Vec<Dependency>,
    imported: Vec<&'static str>,
    advisories: Option<AdvisoryCheck>,
    findings: Vec<Finding>,
    history: History,
    hotspots: Vec<Hotspot>,
}

impl Case {
    fn grade(&self) -> Quality {
        grade(&GradeInput {
            coverage: &Coverage { files_parsed: self.files.len() as u64, ..Coverage::default() },
            languages: &[],
            manifests: &[],
            dependencies: &self.dependencies,
            imported: &self.imported.iter().copied().collect(),
            advisories: self.advisories.as_ref().unwrap_or(&unchecked()),
            findings: &self.findings,
            files: &self.files,
            graph: &Graph::default(),
            history: &self.history,
            hotspots: &self.hotspots,
            duplication: &Duplication::default(),
            docs: DocCount { public: 20, documented: 20 },
            readme: true,
        })
    }
}

fn grade_of(files: &[FileSummary], advisories: &AdvisoryCheck, findings: &[Finding]) -> Quality {
    grade_with(files, advisories, findings, &[])
}

fn grade_with(
    files: &[FileSummary],
    advisories: &AdvisoryCheck,
    findings: &[Finding],
    dependencies: &[Dependency],
) -> Quality {
    Case {
        files: files.to_vec(),
        advisories: Some(advisories.clone()),
        findings: findings.to_vec(),
        dependencies: dependencies.to_vec(),
        ..Case::default()
    }
    .grade()
}

fn unchecked() -> AdvisoryCheck {
    AdvisoryCheck {
        state: AdvisoryState::NotChecked { reason: "not wanted".into() },
        uncovered: Vec::new(),
        unpinned: 0,
        compared: 0,
    }
}

#[test]
fn what_was_not_measured_says_why_and_costs_nothing() {
    let files = [
        file("a.go", 10, 1, false),
        file("b.go", 10, 1, false),
        file("c.go", 10, 1, false),
        file("a_test.go", 1, 1, true),
        file("b_test.go", 1, 1, true),
    ];
    let quality = grade_of(&files, &unchecked(), &[]);
    assert_eq!((quality.grade, quality.score), (Some('B'), Some(84)), "65 points of weight earn no A");
    assert!(quality.held.as_ref().is_some_and(|held| held.contains("65")), "{:?}", quality.held);
    let [need] = quality.needs.as_slice() else { panic!("{:?}", quality.needs) };
    assert_eq!(
        (need.text.as_str(), need.parts.len()),
        ("75 of the 100 points of weight measured; 65 were.", 0)
    );
    assert_eq!(quality.parts.len(), 7);
    for part in &quality.parts {
        assert_eq!(part.measured.is_some(), part.missing.is_none(), "{}", part.part);
        assert_eq!(part.measured.is_some(), part.lost.is_some(), "{}", part.part);
    }
    let missing: Vec<&str> =
        quality.parts.iter().filter(|part| part.missing.is_some()).map(|part| part.part.as_str()).collect();
    assert_eq!(missing, ["duplication", "dependencies", "change_risk"]);
}

#[test]
fn the_lost_points_explain_the_score() {
    let mut files: Vec<FileSummary> = (0..4).map(|n| file(&format!("{n}.go"), 5, 40, false)).collect();
    files.push(file("x_test.go", 1, 1, true));
    let quality = grade_of(&files, &unchecked(), &[]);
    let lost: f64 = quality.parts.iter().filter_map(|part| part.lost).sum();
    let score = f64::from(quality.score.unwrap());
    assert!((100.0 - lost - score).abs() <= 0.5, "{lost} and {score}");
    let complexity = &quality.parts[0];
    assert_eq!(complexity.value, Some(20.0), "4 of 20 functions");
    assert_eq!(complexity.worst.len(), 3);
    // All of the weight is lost, spread over the measured 65 of 100.
    assert_eq!((complexity.points, complexity.lost), (Some(30.8), Some(30.8)));
    assert_eq!(complexity.regain.as_deref(), Some("all points back with none of them"));
    assert_eq!(complexity.scale(), "all points up to 2 %, none from 15 % of the functions");
    let scales: Vec<String> = quality.parts.iter().map(GradePart::scale).collect();
    assert!(
        scales.iter().all(|scale| scale.contains(" of the ") || scale.contains(" in 10,000 lines")),
        "{scales:?}"
    );
    assert!(
        scales.iter().any(|scale| scale.starts_with("all points from 30 %, none up to 0 %")),
        "{scales:?}"
    );
    for part in &quality.parts {
        assert!(part.lost <= part.points, "{}: nothing loses more than it can", part.part);
        assert_eq!(part.regain.is_some(), part.lost.is_some_and(|lost| lost > 0.0), "{}", part.part);
    }
    let points: f64 = quality.parts.iter().filter_map(|part| part.points).sum();
    assert!((points - 100.0).abs() < 0.5, "{points}");
}

#[test]
fn an_empty_repository_has_no_grade_for_what_it_lacks() {
    let input = grade_of(&[], &unchecked(), &[]);
    assert_eq!((input.grade, input.score), (None, None), "the documentation alone was measured");
    assert_eq!(
        input.held.as_deref(),
        Some("No grade: it needs 40 of the 100 points of weight to be measured, and 5 were.")
    );
    assert!(input.parts.iter().all(|part| part.lost.is_none_or(|lost| lost.to_string() == "0")), "no -0");
    let nothing = grade(&GradeInput {
        coverage: &Coverage::default(),
        languages: &[],
        manifests: &[],
        dependencies: &[],
        imported: &BTreeSet::new(),
        advisories: &unchecked(),
        findings: &[],
        files: &[],
        graph: &Graph::default(),
        history: &History::default(),
        hotspots: &[],
        duplication: &Duplication::default(),
        docs: DocCount::default(),
        readme: false,
    });
    assert_eq!((nothing.grade, nothing.score), (None, None));
}

fn dependency(name: &str, version: Option<&str>, path: &str) -> Dependency {
    Dependency {
        ecosystem: "npm".into(),
        name: name.into(),
        version: version.map(str::to_owned),
        requirement: None,
        direct: true,
        scope: Scope::Runtime,
        evidence: vec![Span::lines(path, 1, 1)],
        via: Vec::new(),
        license: None,
        role: crate::inventory::role_of(path),
    }
}

fn advisory(name: &str, severity: Severity, in_test: bool) -> Finding {
    let package = PackageHit {
        ecosystem: "npm".into(),
        name: name.into(),
        version: "1.0.0".into(),
        advisory: "GHSA-1".into(),
        aliases: Vec::new(),
        fixed: None,
        clean: None,
        via: Vec::new(),
    };
    Finding {
        fingerprint: name.into(),
        rule: "advisory.GHSA-1".into(),
        kind: FindingKind::Advisory,
        severity,
        confidence: Confidence::High,
        message: "Something is known".into(),
        span: Span::lines("package.json", 1, 1),
        symbol: None,
        package: Some(package),
        in_test,
        in_example: false,
    }
}

fn checked() -> AdvisoryCheck {
    let state = AdvisoryState::Checked { source: "mirror".into(), as_of: 0 };
    AdvisoryCheck { state, ..unchecked() }
}

fn part<'a>(quality: &'a Quality, code: &str) -> &'a GradePart {
    quality.parts.iter().find(|part| part.part == code).expect("every part is listed")
}

#[test]
fn packages_that_could_not_be_compared_count_for_nothing_and_cost_the_a() {
    let mut files: Vec<FileSummary> = (0..4).map(|n| file(&format!("{n}.go"), 10, 1, false)).collect();
    files.extend((0..2).map(|n| file(&format!("{n}_test.go"), 1, 1, true)));
    let mut dependencies: Vec<Dependency> =
        (0..36).map(|n| dependency(&format!("open{n}"), None, "package.json")).collect();
    dependencies.extend((0..8).map(|n| dependency(&format!("p{n}"), Some("1.0.0"), "package.json")));
    dependencies.push(dependency("sample", None, "examples/package.json"));
    let quality = grade_with(&files, &checked(), &[], &dependencies);
    let known = part(&quality, "dependencies");
    let text = known.measured.as_deref().unwrap();
    assert!(text.contains("0 of the 8 ") && text.contains("not measured: 36 of 44"), "{text}");
    assert!((known.seen.unwrap() - 8.0 / 44.0).abs() < 1e-9);
    assert_eq!((quality.grade, quality.held.is_some()), (Some('B'), true));
    let all: Vec<Dependency> =
        (0..44).map(|n| dependency(&format!("p{n}"), Some("1.0.0"), "package.json")).collect();
    let quality = grade_with(&files, &checked(), &[], &all);
    assert_eq!((quality.grade, quality.score, quality.held), (Some('A'), Some(100), None));
}

#[test]
fn every_number_is_written_like_those_of_the_tables() {
    let files: Vec<FileSummary> = (0..4).map(|n| file(&format!("{n}.go"), 1_000, 300, false)).collect();
    let dependencies: Vec<Dependency> =
        (0..1_294).map(|n| dependency(&format!("p{n}"), Some("1.0.0"), "package.json")).collect();
    let quality = grade_with(&files, &checked(), &[], &dependencies);
    let said = |code| part(&quality, code).measured.clone().unwrap();
    let known = said("dependencies");
    assert!(known.starts_with("0 of the 1,294 package versions compared"), "{known}");
    assert!(said("complexity").starts_with("4 of 4,000 functions"), "{}", said("complexity"));
}

#[test]
fn a_reason_that_stands_beside_the_packages_is_not_repeated() {
    let mut check = checked();
    check.state = AdvisoryState::NotChecked { reason: "Nobody has chosen how.".to_owned() };
    let quality = grade_with(&[], &check, &[], &[dependency("a", Some("1.0.0"), "package.json")]);
    let missing = part(&quality, "dependencies").missing.clone().unwrap();
    assert_eq!(missing, "Known vulnerabilities were not looked up.");
}

#[test]
fn what_does_not_count_against_the_dependencies_is_said() {
    let dependencies: Vec<Dependency> =
        ["a", "b"].iter().map(|name| dependency(name, Some("1.0.0"), "package.json")).collect();
    let findings = [
        advisory("a", Severity::High, false),
        advisory("a", Severity::Low, false),
        advisory("b", Severity::Low, false),
        advisory("c", Severity::High, true),
    ];
    let quality = grade_with(&[], &checked(), &findings, &dependencies);
    let known = part(&quality, "dependencies");
    assert_eq!(
        known.measured.as_deref(),
        Some(
            "1 of the 2 package versions compared outside tests and examples has a known vulnerability of medium severity or more; not counted: 1 that only tests and examples name, 1 with a lower severity"
        )
    );
    assert_eq!(known.value, Some(50.0));
}

#[test]
fn tests_in_a_language_that_is_not_read_count_by_their_folder() {
    let tcl = |path: &str| FileSummary { language: "Tcl".into(), complexity: None, ..file(path, 0, 0, true) };
    let mut case = Case::default();
    case.files.extend((0..10).map(|number| file(&format!("src/{number}.go"), 2, 1, false)));
    case.files.extend([tcl("tests/unit/a.tcl"), tcl("tests/unit/b.tcl"), tcl("tests/assets/c.tcl")]);
    let quality = case.grade();
    let part = quality.parts.iter().find(|part| part.part == "tests").unwrap();
    assert!(part.measured.as_deref().unwrap().starts_with("2 test files for 10 source files"), "{part:?}");
}
