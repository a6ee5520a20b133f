//! For every kind of insight: a report in which something is wrong has it, and its check fails; when it was done the
//! insight is gone and its check passes.

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
fn a_package_that_was_raised_or_replaced() {
    let before = with(|report| report.findings = vec![advisory("left", "GHSA-1", Some("1.2.4"))]);
    let insight = closes("vulnerable_dependency", &before, &report());
    assert!(insight.why.contains("1.2.4 is affected by no advisory at hand"), "{}", insight.why);
    let mut others = before.clone();
    others.findings[0].package.as_mut().expect("it has one").clean = None;
    let why = &find(&draft(&others))[0].why;
    assert!(why.contains("1.2.4 mends what is named here, but has others"), "{why}");
    let mut of_others = before;
    of_others.findings[0].severity = Severity::Medium;
    assert_eq!(find(&draft(&of_others)), [], "not bad enough to be overridden");
    of_others.findings[0].severity = Severity::High;
    of_others.findings[0].in_test = true;
    assert_eq!(find(&draft(&of_others)), [], "an example");
    let unmaintained = Finding {
        severity: Severity::Low,
        message: "left is unmaintained".into(),
        ..advisory("left", "RUSTSEC-1", None)
    };
    let before = with(|report| {
        report.findings = vec![unmaintained];
        report.dependencies = vec![dependency("npm", "left", "1.2.3")];
    });
    closes("unmaintained_dependency", &before, &report());
}

#[test]
fn a_secret_or_insecure_code_that_is_gone() {
    let before = with(|report| report.findings = vec![finding("secret.key", FindingKind::Secret, "b.go", 1)]);
    closes("secret", &before, &report());
    let rule = "go.sql-injection";
    let before = with(|report| report.findings = vec![finding(rule, FindingKind::Security, "a.go", 3)]);
    closes("insecure_code", &before, &report());
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
    calm.hotspots[0].functions[0].commits = 2;
    assert_eq!(find(&draft(&calm)), [], "hard, in a file that changes, but left alone itself");
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
}

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

#[test]
fn a_file_that_got_a_test() {
    let of = |tests: usize| {
        with(|report| {
            report.quality.parts = vec![lost("tests", 9.0)];
            report.files = (0..10).map(|n| file(&format!("{n}.go"), 5, false)).collect();
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
fn an_image_that_was_raised() {
    let of = |tag: &str| {
        with(|report| {
            // 2026-01-01.
            report.commit.time = 1_767_225_600;
            report.dependencies = vec![dependency("Docker", "node", tag)];
        })
    };
    let insight = closes("end_of_life", &of("12-alpine"), &of("24-alpine"));
    assert_eq!(insight.title, "Move from `node:12-alpine` to a version that is still mended");
}

#[test]
fn commands_are_told_first_only_where_strangers_send_text() {
    let of = |path: &str, framework: &str| {
        with(|report| {
            let (name, evidence) = (framework.to_owned(), vec![Span::file("package.json")]);
            report.stack = vec![Technology { name, category: TechCategory::Framework, evidence }];
            let rule = "js.command-injection";
            report.findings = vec![finding(rule, FindingKind::Security, path, 3)];
        })
    };
    assert_eq!(find(&draft(&of("src/run.js", "Express"))).len(), 1);
    assert_eq!(find(&draft(&of("scripts/release.js", "Express"))), []);
    assert_eq!(find(&draft(&of("src/run.js", "React"))), []);
    let mut shown = of("src/run.js", "React");
    shown.findings[0].message = "`exec` runs what comes from a request".into();
    assert_eq!(find(&draft(&shown)).len(), 1);
}

#[test]
fn a_package_that_a_sibling_has_newer() {
    let used = |version: &str, folder: &str| {
        let mut one = dependency("npm", "express", version);
        one.evidence = ["package.json", "package-lock.json"]
            .map(|file| Span::lines(format!("{folder}/{file}"), 3, 3))
            .into();
        one
    };
    let locks =
        || ["a", "b", "c"].map(|folder| manifest(&format!("{folder}/package-lock.json"), true)).to_vec();
    let of = |versions: [&str; 2]| {
        with(|report| {
            report.manifests = locks();
            report.dependencies = vec![used(versions[0], "a"), used(versions[1], "b")];
        })
    };
    let insight = closes("version_behind", &of(["4.17.1", "4.21.0"]), &of(["4.21.0", "4.21.0"]));
    let title = "Raise `express` to 4.21.0 in `a/package-lock.json`, as `b/package-lock.json` has it";
    assert_eq!(insight.title, title);
    let mut known = of(["4.17.1", "4.21.0"]);
    known.findings = vec![Finding { in_test: true, ..advisory("express", "GHSA-1", Some("4.22.0")) }];
    assert_eq!(find(&draft(&known)), [], "what is known about it says to which version");
    let more = with(|report| {
        report.manifests = locks();
        report.dependencies = vec![used("4.16.0", "c"), used("4.17.1", "a"), used("4.21.0", "b")];
    });
    let raised = with(|report| report.dependencies = vec![used("4.21.0", "b")]);
    let insight = closes("version_behind", &more, &raised);
    let of_first = "`c/package-lock.json` runs with express 4.16.0, while `b/package-lock.json` already runs with 4.21.0";
    assert!(insight.why.starts_with(of_first), "{}", insight.why);
    let families = with(|report| {
        report.manifests = locks();
        let named = |name: &str| {
            [("a", "4.17.1"), ("b", "4.21.0")].map(|(folder, version)| {
                let mut one = used(version, folder);
                name.clone_into(&mut one.name);
                one
            })
        };
        report.dependencies = ["@aws/s3", "@aws/sqs", "axios", "zod", "zod-form"].map(named).concat();
    });
    let told: Vec<String> = find(&draft(&families)).into_iter().map(|one| one.title).collect();
    let is_told = |name: &str| told.iter().any(|title| title.starts_with(&format!("Raise `{name}`")));
    assert!(["@aws/s3", "axios", "zod"].into_iter().all(is_told) && told.len() == 3, "{told:?}");
    for quiet in [
        ["4.21.0", "4.21.2"],
        ["4.21.0", "5.0.1"],
        ["0.3.1", "0.4.0"],
        ["3.14-slim", "3.14.7-slim-bookworm"],
        ["3-slim", "3.14.7"],
    ] {
        assert_eq!(find(&draft(&of(quiet))), [], "{quiet:?}");
    }
}

#[test]
fn a_secret_of_the_history_that_is_gone_or_accounted_for() {
    let past = |secrets: Vec<PastSecret>| PastSecrets {
        commits: 9,
        truncated: false,
        total: u32::try_from(secrets.len()).unwrap(),
        secrets,
    };
    let secret = PastSecret {
        finding: finding("secret.key", FindingKind::Secret, "b.go", 1),
        commit: CommitRef { id: "c".repeat(40), subject: "Deploy".into(), time: 0 },
        at_tip: false,
        files: 1,
    };
    let before = with(|report| report.past_secrets = Some(past(vec![secret.clone()])));
    let after = with(|report| report.past_secrets = Some(past(Vec::new())));
    let insight = closes("past_secret", &before, &after);
    assert_eq!(insight.title, "Revoke the secret that `b.go` once held");
    let mut live = secret.clone();
    live.finding.fingerprint = "d".repeat(32);
    let found = with(|report| report.past_secrets = Some(past(vec![secret.clone(), live])));
    let other = find(&draft(&found)).remove(0);
    assert_ne!(other.fingerprint, insight.fingerprint, "an answer about one holds for no other");
    assert_eq!(insight.check.evaluate(&report()).passed, None, "nobody searched");
    let cut = with(|report| {
        report.past_secrets = Some(PastSecrets { truncated: true, ..past(Vec::new()) });
    });
    assert_eq!(insight.check.evaluate(&cut).passed, None, "it may be further back");
    let unread = with(|report| {
        report.past_secrets = Some(past(Vec::new()));
        let code = "past_unreadable".to_owned();
        report.coverage.notes.push(Note { code, text: "What 1 commit brought".to_owned() });
    });
    assert_eq!(insight.check.evaluate(&unread).passed, None, "it may be what was not read");
    let told = |report: &Report| find(&draft(report)).remove(0);
    assert!(told(&before).why.starts_with("Nothing in the files"), "{}", told(&before).why);
    let mut skipping = before.clone();
    skipping.coverage.skipped_total = 1;
    assert!(told(&skipping).why.starts_with("Nothing in the files that were read"));
    let still = with(|report| {
        report.past_secrets = Some(past(vec![PastSecret { at_tip: true, ..secret }]));
    });
    assert_eq!(find(&draft(&still)), [], "a finding says so");
}

#[test]
fn images_of_one_maker_are_raised_together() {
    let image = |name: &str, tag: &str| Dependency {
        requirement: Some(tag.into()),
        evidence: vec![Span::lines("Dockerfile", 1, 1)],
        ..dependency("Docker", &format!("mcr.microsoft.com/dotnet/{name}"), tag)
    };
    let of = |tag: &str| {
        with(|report| {
            report.commit.time = 1_767_225_600;
            report.dependencies = vec![image("runtime", tag), image("sdk", tag)];
        })
    };
    let insight = closes("end_of_life", &of("7.0"), &of("10.0"));
    assert!(insight.title.contains("dotnet/runtime:7.0` and `mcr"), "{}", insight.title);
    assert_eq!(find(&draft(&of("7.0"))).len(), 1, "one move");
}

#[test]
fn a_check_of_another_version_is_read_and_cannot_be_answered() {
    let check = serde_json::from_str(r#"{"check":"test_files_at_least","percent":80}"#).expect("it is read");
    assert_eq!(Check::evaluate(&check, &report()).passed, None);
}

#[test]
fn code_that_no_stranger_reaches_comes_after_hard_functions() {
    let of = |message: &str, severity| {
        with(|report| {
            let seen = finding("go.tls-not-verified", FindingKind::Security, "b.go", 3);
            report.findings = vec![Finding { message: message.into(), severity, ..seen }];
            report.files = vec![file("a.go", 60, false), file("b.go", 1, false)];
            report.hotspots = vec![hotspot("a.go")];
        })
    };
    let kinds = |report: &Report| -> Vec<String> {
        find(&draft(report)).into_iter().map(|insight| insight.kind).collect()
    };
    assert_eq!(kinds(&of("Checks are off", Severity::High)), ["hard_function", "insecure_code"]);
    assert_eq!(
        kinds(&of("It opens what a request names", Severity::High)),
        ["insecure_code", "hard_function"]
    );
    assert_eq!(kinds(&of("Checks are off", Severity::Medium)), ["hard_function"]);
}

#[test]
fn a_package_for_development_is_told_of_only_where_it_is_critical_or_shipped() {
    let of = |severity, change: &dyn Fn(&mut Report)| {
        let report = with(|report| {
            report.findings = vec![Finding { severity, ..advisory("left", "GHSA-1", Some("1.2.4")) }];
            report.dependencies =
                vec![Dependency { scope: Scope::Dev, ..dependency("npm", "left", "1.2.3") }];
            change(report);
        });
        let imported = BTreeSet::from(["left/part"]);
        let told = |imported| find(&Draft { imported, ..draft(&report) });
        (told(&NOTHING).pop().map(|one| one.why), told(&imported).pop().map(|one| one.why))
    };
    let (dev, bundled) = of(Severity::High, &|_| ());
    assert_eq!(dev, None);
    assert!(bundled.is_some_and(|why| !why.contains("development")), "the code that is shipped imports it");
    let (dev, _) = of(Severity::Critical, &|_| ());
    assert!(dev.is_some_and(|why| why.contains("for development only")));
    let (gem, _) = of(Severity::Critical, &|report| {
        report.manifests = vec![manifest("left.gemspec", false)];
        report.dependencies = vec![dependency("RubyGems", "left", "1.2.3")];
        report.findings[0].package.as_mut().expect("it has one").ecosystem = "RubyGems".into();
    });
    assert_eq!(gem, None, "what a library's own lockfile pins, nobody else gets");
    let asked = |range: &str| {
        of(Severity::High, &|report| {
            report.manifests = vec![manifest("shop.gemspec", false)];
            let place = vec![Span::lines("shop.gemspec", 4, 4)];
            report.dependencies = vec![Dependency {
                requirement: Some(range.into()),
                evidence: place,
                ..dependency("RubyGems", "left", "1.2.3")
            }];
            report.findings[0].package.as_mut().expect("it has one").ecosystem = "RubyGems".into();
        })
        .0
    };
    assert!(asked("1.2.3").is_some() && asked("~> 1.2.0").is_some(), "its gemspec forces it on all users");
    assert_eq!(asked(">= 1.2"), None, "its users take a newer one");
}

#[test]
fn of_several_versions_of_a_package_the_shipped_one_is_told_of() {
    let report = with(|report| {
        let hit = |version: &str, id| {
            let mut finding = advisory("left", id, Some("1.2.9"));
            finding.severity = Severity::Critical;
            finding.package.as_mut().expect("it has one").version = version.into();
            finding
        };
        report.findings = vec![hit("1.2.8", "GHSA-1"), hit("1.2.7", "GHSA-2")];
        report.dependencies = vec![
            Dependency { scope: Scope::Dev, ..dependency("npm", "left", "1.2.8") },
            dependency("npm", "left", "1.2.7"),
        ];
    });
    let told = find(&draft(&report));
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one.why.contains("`left` 1.2.7") && !one.why.contains("development"), "{}", one.why);
}

#[test]
fn a_connection_that_nobody_checks_comes_before_what_no_stranger_reaches() {
    let rank = |cwe: u32, confidence| {
        let report = with(|report| {
            report.findings =
                vec![Finding { confidence, ..finding("x", FindingKind::Security, "src/client.go", 7) }];
            let info = RuleInfo {
                title: "Check".into(),
                why: "So.".into(),
                fix: "Do.".into(),
                cwe: vec![cwe],
                links: Vec::new(),
            };
            report.rules = BTreeMap::from([("x".to_owned(), info)]);
        });
        find(&draft(&report)).pop().map(|one| one.rank)
    };
    let sure = rank(295, Confidence::High);
    assert!(sure > rank(22, Confidence::High) && rank(22, Confidence::High).is_some());
    assert!(sure > rank(295, Confidence::Medium));
}
