//! For every kind of insight: a report in which something is wrong has it, and its check fails; when it was done the
//! insight is gone and its check passes.

mod packages;
mod security;
mod spread;

use super::*;
use crate::report::{
    CloneGroup, CommitRef, Correction, Coupling, Edge, Manifest, Note, Ownership, PastSecret, PastSecrets,
    TechCategory, Technology,
};

/// The insight of the kind that the first report has; its check passes in the second, which no longer has it.
fn closes(kind: &str, before: &Report, after: &Report) -> Insight {
    let of_kind = |report: &Report| find(&draft(report)).into_iter().find(|one| one.kind == kind);
    let insight = of_kind(before).unwrap_or_else(|| panic!("{kind} in {:?}", find(&draft(before))));
    let open = insight.check.evaluate(before);
    assert_eq!(open.passed, Some(false), "{kind} is open: {}", open.detail);
    let done = insight.check.evaluate(after);
    assert_eq!(done.passed, Some(true), "{kind} is done: {}", done.detail);
    assert!(of_kind(after).is_none_or(|other| other.fingerprint != insight.fingerprint), "{kind} is gone");
    assert!((2..=6).contains(&insight.evidence.len()), "{kind}: {:?}", insight.evidence);
    insight
}

fn with(change: impl FnOnce(&mut Report)) -> Report {
    let mut report = report();
    change(&mut report);
    report
}

#[test]
fn a_function_that_was_taken_apart() {
    let of = |cognitive| {
        with(|report| {
            report.files = vec![file("a.go", cognitive, false)];
            report.hotspots = vec![hotspot("a.go")];
            for function in &mut report.hotspots[0].functions {
                function.cognitive = cognitive;
            }
        })
    };
    let insight = closes("hard_function", &of(60), &of(15));
    let commits = insight.evidence.iter().filter(|one| matches!(one, Evidence::Commit { .. })).count();
    assert_eq!(commits, 1, "the fix is shown");
    assert!(insight.why.contains(", and 8 commits in"), "{}", insight.why);
    let mut cut = of(60);
    cut.hotspots[0].followed = 12;
    let why = &find(&draft(&cut))[0].why;
    assert!(why.contains(", and at least 8 commits in"), "where the way back ended: {why}");
    closes("often_fixed", &of(20), &of(9));
    let mut little = of(16);
    assert_eq!(find(&draft(&little)), [], "one above the limit asks for nothing");
    little.hotspots[0].functions[0].fixes = 5;
    assert_eq!(find(&draft(&little)).len(), 1, "unless it is fixed all the time");
    let mut unproven = of(26);
    assert_eq!(find(&draft(&unproven)).len(), 1);
    unproven.hotspots[0].functions[0].fixes = 0;
    assert_eq!(find(&draft(&unproven)), [], "hard, and no fix shows that it costs");
    let mut calm = of(60);
    let usual = find(&draft(&calm))[0].rank;
    calm.hotspots[0].functions[0].commits = 2;
    assert!(find(&draft(&calm))[0].rank < usual, "changed seldom: only where little else is found");
    calm.hotspots[0].functions[0].commits = 0;
    assert_eq!(find(&draft(&calm)), [], "hard, in a file that changes, but left alone itself");
}

#[test]
fn a_very_hard_function_of_a_file_that_keeps_changing() {
    let of = |cognitive, own: u32| {
        with(|report| {
            report.files = vec![file("tree.go", cognitive, false)];
            let mut hot = hotspot("tree.go");
            hot.functions[0].commits = own;
            hot.functions[0].fixes = 0;
            hot.functions[0].cognitive = cognitive;
            report.hotspots = vec![hot];
        })
    };
    let insight = closes("hard_function", &of(210, 1), &of(15, 1));
    let said = "14.0 times the usual limit of 15. Its own lines change seldom, but 20 commits in";
    assert!(insight.why.contains(said), "{}", insight.why);
    assert_eq!(find(&draft(&of(99, 0))), [], "not very hard, and nobody touches it");
    let busy = find(&draft(&of(210, 8)));
    assert!(busy.len() == 1 && !busy[0].why.contains("seldom"), "told once, for what it costs: {busy:?}");
}

#[test]
fn a_circle_that_was_broken() {
    let paths: Vec<String> = vec!["a.ts".into(), "b.ts".into()];
    let before = with(|report| {
        report.files = vec![file("a.ts", 1, false), file("b.ts", 1, false)];
        report.graph.cycles = vec![paths];
        report.graph.file_edges = vec![Edge { from: 0, to: 1, count: 1 }, Edge { from: 1, to: 0, count: 1 }];
    });
    closes("import_cycle", &before, &report());
    let mut headers = before;
    for file in &mut headers.files {
        file.language = "C".into();
    }
    assert_eq!(find(&draft(&headers)), [], "headers are guarded");
}

#[test]
fn a_folders_index_and_its_files_make_no_circle_that_is_told() {
    let told = |paths: [&str; 2]| {
        let report = with(|report| {
            report.files = paths.map(|path| file(path, 1, false)).to_vec();
            report.graph.cycles = vec![paths.map(str::to_owned).to_vec()];
            report.graph.file_edges =
                vec![Edge { from: 0, to: 1, count: 1 }, Edge { from: 1, to: 0, count: 1 }];
        });
        !find(&draft(&report)).is_empty()
    };
    assert!(!told(["ui/tabs/Tabs.vue", "ui/tabs/index.ts"]));
    assert!(!told(["models/__init__.py", "models/deep/photo.py"]));
    assert!(told(["ui/tabs/Tabs.vue", "ui/other/index.ts"]), "the index of another folder");
    assert!(told(["ui/tabs/Tabs.vue", "ui/tabs/Tab.vue"]));
    assert!(!told(["lib/shop/core.rb", "lib/shop/core/engine.rb"]), "a library and a part of it");
    assert!(told(["lib/shop/core.rb", "lib/shop/cored.rb"]));
    assert!(!told(["ai/migrations/m0001_v2.py", "ai/store.py"]), "written once");
    assert!(!told(["src/stores/a.ts", "src/stores/b.ts"]), "used inside functions");
}

#[test]
fn a_circle_of_many_files_is_how_they_are_laid_out() {
    let told = |paths: &[&str]| {
        let report = with(|report| {
            report.files = paths.iter().map(|path| file(path, 1, false)).collect();
            report.graph.cycles = vec![paths.iter().map(|path| (*path).to_owned()).collect()];
            report.graph.file_edges =
                vec![Edge { from: 0, to: 1, count: 1 }, Edge { from: 1, to: 0, count: 1 }];
        });
        find(&draft(&report)).len()
    };
    assert_eq!((told(&["a.ts", "b.ts"]), told(&["a.ts", "b.ts", "c.ts"])), (1, 0));
}

#[test]
fn where_little_else_is_found_a_hard_function_that_changed_once_is() {
    let of = |commits: u32, others: usize, cognitive: u32| {
        let report = with(|report| {
            let paths: Vec<String> = (0..=others).map(|n| format!("{n}.go")).collect();
            report.files = paths.iter().map(|path| file(path, cognitive, false)).collect();
            report.hotspots = paths.iter().map(|path| hotspot(path)).collect();
            let one = &mut report.hotspots[0].functions[0];
            (one.commits, one.fixes, one.cognitive) = (commits, 0, cognitive);
        });
        find(&draft(&report)).iter().filter(|one| one.title.contains("`0.go`")).count()
    };
    assert_eq!((of(1, 0, 40), of(0, 0, 40)), (1, 0));
    assert_eq!(of(1, 3, 40), 0, "there is enough to do");
}

#[test]
fn a_parser_that_nothing_is_wrong_with_and_settings_stay_whole() {
    let of = |path: &str, name: &str, fixes: u32| {
        let report = with(|report| {
            report.files = vec![file(path, 300, false)];
            report.files[0].complexity.as_mut().expect("it has some").worst[0].name = name.into();
            report.hotspots = vec![hotspot(path)];
            let function = &mut report.hotspots[0].functions[0];
            (function.name, function.cognitive, function.fixes) = (name.into(), 300, fixes);
        });
        find(&draft(&report)).len()
    };
    assert_eq!((of("a.c", "http_parse_request_line", 0), of("a.c", "http_parse_request_line", 1)), (0, 1));
    assert_eq!(of("a.c", "http_send", 0), 1);
    assert_eq!(of("config/initializers/devise.rb", "setup", 3), 0);
}

#[test]
fn neither_a_page_nor_a_package_without_any_test_is_where_tests_begin() {
    let of = |path: &str, name: &str, test: &str| {
        let report = with(|report| {
            report.quality.parts = vec![lost("tests", 9.0)];
            report.files = (0..9).map(|n| file(&format!("app/{n}.ts"), 20, false)).collect();
            report.files.extend([file(path, 40, false), file(test, 1, true)]);
            for one in &mut report.files {
                one.complexity.as_mut().expect("it has some").worst[0].name = name.into();
            }
            report.files.sort_by(|a, b| a.path.cmp(&b.path));
            report.manifests =
                vec![manifest("app/package.json", false), manifest("mobile/package.json", false)];
            report.hotspots = vec![Hotspot { functions: Vec::new(), ..hotspot(path) }];
        });
        find(&draft(&report)).iter().filter(|one| one.kind == "missing_tests").count()
    };
    assert_eq!(of("app/Edit.tsx", "updatePreview", "app/x.test.ts"), 1);
    assert_eq!(of("app/Edit.tsx", "Edit", "app/x.test.ts"), 0, "a page");
    assert_eq!(of("mobile/edit.ts", "updatePreview", "app/x.test.ts"), 0, "nothing there is tested");
    assert_eq!(of("mobile/edit.ts", "updatePreview", "mobile/x.test.ts"), 1);
}

#[test]
fn a_file_that_got_a_test() {
    let with_hardest = |hardest: u32, tests: usize| {
        with(|report| {
            report.quality.parts = vec![lost("tests", 9.0)];
            report.files = (0..10).map(|n| file(&format!("{n}.go"), hardest, false)).collect();
            report.files.extend((0..tests).map(|n| file(&format!("x{n}_test.go"), 1, true)));
            report.hotspots = vec![Hotspot { functions: Vec::new(), ..hotspot("3.go") }];
            let commit = |subject: &str| CommitRef { id: "1".into(), subject: subject.into(), time: 0 };
            report.hotspots[0].corrections = vec![Correction {
                introduced: commit("Count"),
                fixed: commit("Fix the count"),
                lines: 4,
                days: 2,
            }];
        })
    };
    let of = |tests: usize| with_hardest(16, tests);
    assert_eq!(find(&draft(&with_hardest(15, 1))), [], "nothing in it is hard");
    assert_eq!(find(&draft(&of(0))), [], "no single function lacks them");
    let mut after = of(1);
    after.files.push(file("3_test.go", 1, true));
    let insight = closes("missing_tests", &of(1), &after);
    let fix = |one: &Evidence| matches!(one, Evidence::Commit { note, .. } if note.contains("4 lines"));
    assert!(insight.evidence.iter().any(fix), "{:?}", insight.evidence);
    let mut tested = of(1);
    tested.hotspots[0].with_tests = 1;
    assert_eq!(find(&draft(&tested)), [], "a test of another name changes with it");
}

fn manifest(path: &str, lockfile: bool) -> Manifest {
    Manifest {
        path: path.into(),
        ecosystem: "npm".into(),
        format: path.into(),
        lockfile,
        package: None,
        license: None,
        dependencies: 9,
        role: crate::report::Role::default(),
    }
}

#[test]
fn a_lockfile_or_continuous_integration_that_was_added() {
    let deployed = |report: &mut Report| {
        let (name, evidence) = ("Docker".into(), vec![Span::file("Dockerfile")]);
        report.stack = vec![Technology { name, category: TechCategory::Deploy, evidence }];
        report.manifests = vec![manifest("package.json", false)];
    };
    let after = with(|report| {
        deployed(report);
        report.manifests.push(manifest("package-lock.json", true));
    });
    closes("missing_lockfile", &with(deployed), &after);

    let before = with(|report| {
        report.files = ["a_test.go", "b_test.go", "c_test.go"].map(|path| file(path, 1, true)).into();
        report.history.contributors = 3;
    });
    let mut after = before.clone();
    let (name, evidence) = ("GitHub Actions".into(), vec![Span::file(".github/workflows/ci.yml")]);
    after.stack = vec![Technology { name, category: TechCategory::Ci, evidence }];
    closes("missing_ci", &before, &after);
}

#[test]
fn a_check_of_another_version_is_read_and_cannot_be_answered() {
    let check = serde_json::from_str(r#"{"check":"test_files_at_least","percent":80}"#).expect("it is read");
    assert_eq!(Check::evaluate(&check, &report()).passed, None);
}
