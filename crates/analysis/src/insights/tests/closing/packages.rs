//! Packages and images.

use super::*;

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
        ["4.20.3", "4.21.0"],
        ["4.21.0", "5.0.1"],
        ["0.3.1", "0.4.0"],
        ["3.14-slim", "3.14.7-slim-bookworm"],
        ["3-slim", "3.14.7"],
    ] {
        assert_eq!(find(&draft(&of(quiet))), [], "{quiet:?}");
    }
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
fn what_no_release_has_mended_for_years_is_no_news() {
    let told = |alias: &str| {
        let report = with(|report| {
            report.commit.time = 1_735_689_600; // 2025-01-01
            let mut seen = advisory("left", "PYSEC-X", None);
            seen.package.as_mut().expect("it has one").aliases = vec![alias.into()];
            report.findings = vec![seen];
            report.dependencies = vec![dependency("npm", "left", "1.2.3")];
        });
        find(&draft(&report)).len()
    };
    assert_eq!((told("CVE-2020-14365"), told("CVE-2024-1"), told("GHSA-aaaa-2020-bbbb")), (0, 1, 0));
    assert_eq!(told("GHSA-aaaa-bbbb-cccc"), 1, "nobody says since when");
}

#[test]
fn a_copy_that_another_package_keeps_comes_after_what_the_program_has() {
    let rank = |newer: Option<&str>| {
        let report = with(|report| {
            report.findings = vec![advisory("left", "GHSA-1", Some("2.0.0"))];
            let own = |version: &str, direct| Dependency {
                direct,
                evidence: vec![Span::lines("package-lock.json", 1, 1)],
                ..dependency("npm", "left", version)
            };
            report.dependencies = vec![own("1.2.3", false)];
            report.dependencies.extend(newer.map(|version| own(version, true)));
        });
        find(&draft(&report))[0].rank
    };
    assert!(rank(Some("2.9.0")) < rank(None));
    assert_eq!(rank(Some("1.0.0")), rank(None), "an older one mends nothing");
}
