//! What is spread over several places or too few people.

use super::*;

fn copies(changed_together: u32, paths: [&str; 2]) -> Report {
    with(|report| {
        report.duplication.groups_total = 1;
        report.duplication.groups = vec![CloneGroup {
            fingerprint: "f".into(),
            lines: 40,
            tokens: 300,
            exact: true,
            in_test: false,
            places_total: 2,
            places: paths.into_iter().map(|path| Span::lines(path, 1, 40)).collect(),
            changed_together,
        }];
    })
}

#[test]
fn migrations_are_never_told_to_become_one() {
    let told = |folder: &str| {
        let paths = ["a", "b"].map(|name| format!("{folder}/{name}_work.go"));
        find(&draft(&copies(3, [&paths[0], &paths[1]]))).len()
    };
    assert_eq!((told("database/jobs"), told("database/migrations")), (1, 0));
}

#[test]
fn what_small_files_of_one_kind_begin_with_is_not_to_be_written_once() {
    let told = |start: u32, tokens: u32, places: u32| {
        let mut report = copies(3, ["a/x.go", "a/y.go"]);
        let group = &mut report.duplication.groups[0];
        (group.tokens, group.places_total) = (tokens, places);
        for place in &mut group.places {
            (place.start, place.end) = (start, start + 39);
        }
        find(&draft(&report)).len()
    };
    assert_eq!(told(1, 140, 6), 0);
    assert_eq!((told(9, 140, 6), told(1, 300, 6), told(1, 140, 2)), (1, 1, 1));
}

#[test]
fn copies_that_became_one() {
    let insight = closes("duplicated_code", &copies(2, ["a.go", "b.go"]), &report());
    assert!(insight.why.contains("2 commits"), "{}", insight.why);
    assert_eq!(find(&draft(&copies(1, ["a.go", "b.go"]))), [], "short, and nothing shows that they cost");
    assert_eq!(find(&draft(&copies(9, ["x/a.js", "x/esm/a.js"]))), [], "made by a build");
    let templates = copies(9, ["x/template-a/a.js", "x/template-b/a.js"]);
    assert_eq!(find(&draft(&templates)), [], "each is copied out alone");
    let generations = copies(9, ["rxjava2/Call.java", "rxjava3/Call.java"]);
    assert_eq!(find(&draft(&generations)), [], "two versions that live beside each other");
    assert_eq!(find(&draft(&copies(9, ["tooling/a.js", "tooling/b.js"]))), [], "beside the program");
}

#[test]
fn files_that_no_longer_change_together() {
    let of = |together| {
        with(|report| {
            report.files = vec![file("x/a.go", 1, false), file("y/b.go", 1, false)];
            report.history.window_commits = 40;
            let coupled = vec![Coupling { path: "y/b.go".into(), together, of: 12 }];
            report.hotspots = vec![Hotspot { coupled, functions: Vec::new(), ..hotspot("x/a.go") }];
        })
    };
    closes("hidden_coupling", &of(10), &of(5));
    let mut linked = of(10);
    let insight = find(&draft(&linked)).remove(0);
    linked.graph.file_edges = vec![Edge { from: 1, to: 0, count: 1 }];
    assert_eq!(insight.check.evaluate(&linked).passed, Some(true), "one imports the other");
    let mut siblings = of(12);
    siblings.files[1].path = "x/b.go".into();
    siblings.hotspots[0].coupled[0].path = "x/b.go".into();
    assert_eq!(find(&draft(&siblings)), [], "whoever works there knows both");
}

#[test]
fn a_folder_that_a_second_person_works_on() {
    let of = |main_share| {
        with(|report| {
            report.history.contributors = 6;
            report.history.absence_factor = Some(3);
            report.history.window_commits = 90;
            report.history.ownership = vec![Ownership {
                folder: "core".into(),
                code: 2_400,
                commits: 30,
                fixes: 3,
                people: 2,
                main_share,
                absence_factor: 1,
                last_change: 0,
                shares: Vec::new(),
            }];
        })
    };
    closes("knowledge_at_risk", &of(92), &of(70));
}
