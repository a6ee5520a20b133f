//! The grade adds up, and leaves out what was not measured.

use super::*;
use crate::report::{AdvisoryState, FileComplexity, FunctionSummary, LineCount};

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
        tests: 0,
        complexity: Some(FileComplexity {
            functions,
            cyclomatic: hardest,
            cognitive: hardest,
            worst: vec![worst],
        }),
        commits: 0,
    }
}

fn grade_of(files: &[FileSummary], advisories: &AdvisoryCheck, findings: &[Finding]) -> Quality {
    grade(&GradeInput {
        coverage: &Coverage { files_parsed: files.len() as u64, ..Coverage::default() },
        languages: &[],
        manifests: &[],
        dependencies: &[],
        advisories,
        findings,
        files,
        graph: &Graph::default(),
        history: &History::default(),
        hotspots: &[],
        docs: DocCount { public: 20, documented: 20 },
        readme: true,
    })
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
    assert_eq!((quality.grade, quality.score), (Some('A'), Some(100)));
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
    assert_eq!(complexity.lost, Some(30.8));
}

#[test]
fn an_empty_repository_has_no_grade_for_what_it_lacks() {
    let input = grade_of(&[], &unchecked(), &[]);
    assert_eq!(input.grade, Some('A'), "the documentation alone was measured");
    let nothing = grade(&GradeInput {
        coverage: &Coverage::default(),
        languages: &[],
        manifests: &[],
        dependencies: &[],
        advisories: &unchecked(),
        findings: &[],
        files: &[],
        graph: &Graph::default(),
        history: &History::default(),
        hotspots: &[],
        docs: DocCount::default(),
        readme: false,
    });
    assert_eq!((nothing.grade, nothing.score), (None, None));
}
