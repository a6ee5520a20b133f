//! What is held against the repository itself, and what holds a score down.

use super::*;

/// Files of which nothing is hard, with a test for each.
fn sound() -> Vec<FileSummary> {
    let mut files: Vec<FileSummary> = (0..10).map(|n| file(&format!("{n}.go"), 10, 1, false)).collect();
    files.extend((0..10).map(|n| file(&format!("{n}_test.go"), 1, 1, true)));
    files
}

fn with(dependency: Dependency, finding: Finding, imported: &[&'static str]) -> Quality {
    // So many others that the part itself loses next to nothing.
    let mut dependencies: Vec<Dependency> =
        (0..200).map(|n| self::dependency(&format!("p{n}"), Some("1.0.0"), "package.json")).collect();
    dependencies.push(dependency);
    Case {
        files: sound(),
        dependencies,
        imported: imported.to_vec(),
        advisories: Some(checked()),
        findings: vec![finding],
        ..Case::default()
    }
    .grade()
}

fn left() -> Dependency {
    dependency("left", Some("1.0.0"), "package.json")
}

#[test]
fn a_severe_vulnerability_in_what_runs_costs_the_a() {
    let held = with(left(), advisory("left", Severity::High, false), &[]);
    assert_eq!((held.grade, held.score), (Some('B'), Some(84)));
    assert_eq!(
        held.held.as_deref(),
        Some(
            "Held at 84: an A needs packages without a known vulnerability of high severity or more in what the \
             program runs with, and `left` 1.0.0 has one."
        )
    );
    let through = Dependency { direct: false, via: vec!["right".into(), "left".into()], ..left() };
    assert_eq!(with(through, advisory("left", Severity::Critical, false), &[]).grade, Some('B'));
    let taken =
        Dependency { direct: false, via: vec!["right".into(), "left".into()], scope: Scope::Dev, ..left() };
    assert_eq!(
        with(taken, advisory("left", Severity::High, false), &["right", "left"]).grade,
        Some('B'),
        "a bundler takes it along with what shipped code imports"
    );
    let bundled = Dependency { scope: Scope::Dev, ..left() };
    let bundled = with(bundled, advisory("left", Severity::High, false), &["left/pad"]);
    assert_eq!(bundled.grade, Some('B'));
    // What an A needs is told by the same facts as what costs it.
    for quality in [&held, &bundled] {
        let [need] = quality.needs.as_slice() else { panic!("{:?}", quality.needs) };
        assert!(need.text.starts_with("No known vulnerability of high severity"), "{}", need.text);
        assert_eq!(need.parts, ["dependencies"]);
    }
}

#[test]
fn a_vulnerability_that_the_program_does_not_run_with_does_not() {
    let severe = || advisory("left", Severity::Critical, false);
    let tool = || Dependency { scope: Scope::Dev, ..left() };
    for (what, dependency, finding, imported) in [
        ("medium", left(), advisory("left", Severity::Medium, false), &[][..]),
        ("in a test", left(), advisory("left", Severity::Critical, true), &[]),
        ("a tool", tool(), severe(), &[]),
        ("a tool with a longer name", tool(), severe(), &["leftover"]),
        ("named by a lockfile for no visible reason", Dependency { direct: false, ..left() }, severe(), &[]),
        ("another version", Dependency { version: Some("2.0.0".into()), ..left() }, severe(), &[]),
    ] {
        let quality = with(dependency, finding, imported);
        assert_eq!((quality.grade, quality.held, quality.needs), (Some('A'), None, vec![]), "{what}");
    }
}

fn secret(severity: Severity, confidence: Confidence, at: u32) -> Finding {
    Finding {
        fingerprint: at.to_string(),
        rule: "secret.x".into(),
        kind: FindingKind::Secret,
        confidence,
        span: Span::lines("0.go", at, at),
        package: None,
        ..advisory("x", severity, false)
    }
}

fn exposed(findings: Vec<Finding>) -> Quality {
    let all: Vec<Dependency> =
        (0..10).map(|n| dependency(&format!("p{n}"), Some("1.0.0"), "package.json")).collect();
    let large =
        FileSummary { lines: LineCount { code: 100_000, comment: 0, blank: 0 }, ..file("l.go", 1, 1, false) };
    let mut files = sound();
    files.push(large);
    files.extend((0..30).map(|n| {
        let lines = LineCount { code: 1_500, comment: 0, blank: 0 };
        FileSummary { lines, ..file(&format!("more{n}_test.go"), 1, 1, true) }
    }));
    Case { files, dependencies: all, advisories: Some(checked()), findings, ..Case::default() }.grade()
}

#[test]
fn a_sure_secret_costs_the_a_and_a_doubtful_one_its_points() {
    let sure = exposed(vec![secret(Severity::Critical, Confidence::High, 3)]);
    assert_eq!((sure.grade, sure.score), (Some('B'), Some(84)));
    assert!(sure.held.as_ref().is_some_and(|held| held.contains("`0.go:3` has one")));
    let [need] = sure.needs.as_slice() else { panic!("{:?}", sure.needs) };
    assert!(need.text.starts_with("No sure secret or insecure pattern of high severity"), "{}", need.text);
    assert_eq!(need.parts, ["security"]);
    let doubtful = exposed(vec![secret(Severity::Critical, Confidence::Medium, 3)]);
    assert_eq!((doubtful.grade, &doubtful.held, doubtful.needs.len()), (Some('A'), &None, 0));
    assert_eq!(part(&doubtful, "security").value, Some(1.0), "ten points in 100,000 lines");
}

#[test]
fn code_that_is_full_of_holes_earns_no_c() {
    let many = |count| (1..=count).map(|at| secret(Severity::Critical, Confidence::Medium, at)).collect();
    let full = exposed(many(25));
    assert_eq!((full.grade, full.score), (Some('D'), Some(54)));
    let held = full.held.unwrap();
    assert!(held.starts_with("Held at 54: a C needs less than 20 weighted"), "{held}");
    assert_eq!(exposed(many(15)).grade, Some('C'), "the part is lost once, not twice");
}

fn changed(path: &str, commits: u32, fixes: u32) -> Hotspot {
    Hotspot {
        path: path.into(),
        commits,
        fixes,
        recent_fixes: 0,
        changed_lines: 1,
        authors: 1,
        complexity: 9,
        code: 9,
        score: 50,
        coupled: Vec::new(),
        with_tests: 0,
        followed: 0,
        functions: Vec::new(),
        corrections: Vec::new(),
    }
}

fn risk(hot: (u32, u32), all: (u32, u32)) -> GradePart {
    let history = History { source_changes: all.0, source_fixes: all.1, ..History::default() };
    let case =
        Case { files: sound(), history, hotspots: vec![changed("0.go", hot.0, hot.1)], ..Case::default() };
    part(&case.grade(), "change_risk").clone()
}

#[test]
fn fixes_are_held_against_the_habits_of_the_repository() {
    // Every second subject begins with `fix:`: what changes often is no worse than the rest.
    let habit = risk((100, 50), (300, 150));
    assert_eq!((habit.value, habit.lost), (Some(100.0), Some(0.0)));
    // A tenth of the rest, and half of the hotspots: the whole weight is lost.
    let worse = risk((100, 50), (300, 70));
    assert_eq!(worse.value, Some(500.0));
    assert_eq!(worse.lost, worse.points);
    assert_eq!(worse.regain.as_deref(), Some("all points back with a share of at most 15 %"));
    let unsaid = risk((100, 0), (300, 4));
    assert!(unsaid.missing.is_some_and(|why| why.starts_with("4 of 200 changes")));
}

#[test]
fn tests_count_by_files_or_by_lines() {
    let long = |path: &str, code, test| FileSummary {
        lines: LineCount { code, comment: 0, blank: 0 },
        ..file(path, 5, 1, test)
    };
    let tests = |files: Vec<FileSummary>| part(&Case { files, ..Case::default() }.grade(), "tests").clone();
    let sources = || (0..20).map(|n| long(&format!("{n}.go"), 100, false)).collect::<Vec<_>>();
    let mut one = sources();
    one.push(long("all_test.go", 1_000, true));
    let by_lines = tests(one);
    assert_eq!((by_lines.value, by_lines.lost), (Some(50.0), Some(0.0)));
    let mut many = sources();
    many.extend((0..6).map(|n| long(&format!("{n}_test.go"), 10, true)));
    let by_files = tests(many);
    assert_eq!((by_files.value, by_files.lost), (Some(30.0), Some(0.0)));
    let none = tests(sources());
    assert_eq!((none.value, none.lost), (Some(0.0), none.points));
    assert_eq!(none.regain.as_deref(), Some("all points back with 6 test files or 600 lines of test code"));
}
