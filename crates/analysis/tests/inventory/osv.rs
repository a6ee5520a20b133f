//! Look-ups whose answer is known. `records.jsonl` holds every record of the public data about the packages in
//! `expected.jsonl`, whole; see `ATTRIBUTION.md` for where they come from.

use std::collections::BTreeSet;

use analysis::advisories::{AdvisoryAnswer, OsvRecord, affects, check, packages};
use analysis::report::{AdvisoryState, Dependency, Role, Scope, Severity, Span};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    ecosystem: String,
    package: String,
    version: String,
    vulnerable: bool,
    ids: Vec<String>,
    why: String,
}

fn lines<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn records() -> Vec<OsvRecord> {
    lines(include_str!("osv/records.jsonl"))
}

fn answer(covered: &[&str]) -> AdvisoryAnswer {
    AdvisoryAnswer {
        state: AdvisoryState::Checked { source: "mirror".into(), as_of: 0 },
        covered: covered.iter().map(|&name| name.to_owned()).collect(),
        records: records(),
    }
}

fn dependency(ecosystem: &str, name: &str, version: Option<&str>) -> Dependency {
    Dependency {
        ecosystem: ecosystem.into(),
        name: name.into(),
        version: version.map(str::to_owned),
        requirement: None,
        direct: true,
        scope: Scope::Runtime,
        evidence: vec![Span::lines("lockfile", 3, 3)],
        via: Vec::new(),
        license: None,
        role: Role::default(),
    }
}

#[test]
fn every_expected_look_up_gives_exactly_its_ids() {
    let records = records();
    let expected: Vec<Expected> = lines(include_str!("osv/expected.jsonl"));
    assert_eq!(expected.len(), 85);
    let mut wrong = Vec::new();
    for case in &expected {
        let mut ids: Vec<&str> = records
            .iter()
            .filter(|record| affects(record, &case.ecosystem, &case.package, &case.version))
            .map(|record| record.id.as_str())
            .collect();
        ids.sort_unstable();
        let mut wanted: Vec<&str> = case.ids.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        if ids != wanted || case.vulnerable == ids.is_empty() {
            wrong.push(format!(
                "{} {} {} ({}): {ids:?}",
                case.ecosystem, case.package, case.version, case.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_check_says_what_it_could_not_compare() {
    let in_use = [
        dependency("npm", "lodash", Some("4.17.20")),
        dependency("npm", "left-pad", None),
        dependency("Maven", "org.example:thing", Some("1.0")),
    ];
    let result = check(&in_use, &answer(&["npm"]), None, &BTreeSet::new());
    assert_eq!(result.check.uncovered, ["Maven"]);
    assert_eq!((result.check.compared, result.check.unpinned), (1, 1));
    assert_eq!(result.findings.len(), 5);
    for finding in &result.findings {
        assert!(result.rules.contains_key(&finding.rule), "{}", finding.rule);
        let hit = finding.package.as_ref().unwrap();
        assert!(hit.fixed.as_deref().is_some_and(|fixed| fixed > "4.17.20"), "{hit:?}");
    }
    let mut unknown = answer(&["npm"]);
    unknown.state = AdvisoryState::NotChecked { reason: "not wanted".into() };
    let result = check(&in_use, &unknown, None, &BTreeSet::new());
    assert_eq!(result.check.compared, 0);
    assert_eq!(result.check.uncovered, ["Maven", "npm"]);
    assert!(result.findings.is_empty());
}

#[test]
fn what_only_development_uses_is_of_low_severity() {
    let at = |path: &str, name: &str| Dependency {
        evidence: vec![Span::lines(path, 1, 1)],
        role: analysis::inventory::role_of(path),
        ..dependency("npm", name, Some("4.17.20"))
    };
    let worst = |path: &str| {
        let findings = check(&[at(path, "lodash")], &answer(&["npm"]), None, &BTreeSet::new()).findings;
        let said = findings.iter().all(|one| one.message.ends_with("It is used for development only."));
        (findings.iter().map(|one| one.severity).max(), said)
    };
    assert_eq!(worst("docs/package.json"), (Some(Severity::Low), true));
    let (shipped, said) = worst("package.json");
    assert!(shipped >= Some(Severity::High) && !said);
}

#[test]
fn a_vulnerability_stands_in_the_lockfile_where_manifests_ask_for_any_version() {
    let expected: Vec<Expected> = lines(include_str!("osv/expected.jsonl"));
    let case = expected.iter().find(|case| case.ecosystem == "npm" && case.vulnerable).unwrap();
    let places = |paths: [&str; 3]| {
        let evidence = paths.map(|path| Span::lines(path, 1, 1)).into();
        let one = Dependency { evidence, ..dependency("npm", &case.package, Some(&case.version)) };
        check(&[one], &answer(&["npm"]), None, &BTreeSet::new()).findings[0].span.path.clone()
    };
    assert_eq!(places(["package.json", "yarn.lock", "b/package.json"]), "yarn.lock");
    assert_eq!(places(["package.json", "a/yarn.lock", "b/package-lock.json"]), "a/yarn.lock");
    assert_eq!(places(["package.json", "a/package.json", "other.locked"]), "other.locked");
    let asked = |requirement: String| {
        let evidence = ["package.json", "yarn.lock"].map(|path| Span::lines(path, 1, 1)).into();
        let one = Dependency {
            evidence,
            requirement: Some(requirement),
            ..dependency("npm", &case.package, Some(&case.version))
        };
        check(&[one], &answer(&["npm"]), None, &BTreeSet::new()).findings[0].span.path.clone()
    };
    assert_eq!(asked(format!("^{}", case.version)), "yarn.lock", "a range names no version");
    assert_eq!(asked(case.version.clone()), "package.json");
}

#[test]
fn notices_are_worded_and_rated_as_notices() {
    let result = check(
        &[dependency("crates.io", "atty", Some("0.2.14"))],
        &answer(&["crates.io"]),
        None,
        &BTreeSet::new(),
    );
    let said: Vec<(Severity, &str)> =
        result.findings.iter().map(|finding| (finding.severity, finding.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (Severity::Low, "`atty` 0.2.14 is unsound, RUSTSEC-2021-0145: Potential unaligned read"),
            (
                Severity::Info,
                "`atty` 0.2.14 is no longer maintained, RUSTSEC-2024-0375: `atty` is unmaintained"
            ),
        ]
    );
}

#[test]
fn packages_to_look_up_are_named_as_their_ecosystem_compares_names() {
    let keys = packages(&[
        dependency("PyPI", "Flask_Login", Some("1")),
        dependency("PyPI", "flask-login", Some("2")),
        dependency("npm", "unpinned", None),
    ]);
    let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["flask-login"]);
}

#[test]
fn one_vulnerability_under_two_ids_is_one_finding() {
    let record = |id: &str, alias: &str, severity: &str| {
        serde_json::from_value::<OsvRecord>(serde_json::json!({
            "id": id,
            "aliases": [alias],
            "summary": "Something leaks",
            "affected": [{
                "package": {"ecosystem": "PyPI", "name": "thing"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
            }],
            "database_specific": {"severity": severity},
        }))
        .unwrap()
    };
    let mut answer = answer(&["PyPI"]);
    answer.records = vec![record("GHSA-xxxx", "CVE-1", "HIGH"), record("PYSEC-1", "CVE-1", "")];
    let result = check(&[dependency("PyPI", "Thing", Some("1.0"))], &answer, None, &BTreeSet::new());
    assert_eq!(result.findings.len(), 1);
    let finding = &result.findings[0];
    assert_eq!((finding.rule.as_str(), finding.severity), ("advisory.PYSEC-1", Severity::High));
    assert_eq!(finding.package.as_ref().unwrap().aliases, ["CVE-1", "GHSA-xxxx"]);
}

#[test]
fn advisories_with_the_same_summary_are_told_apart() {
    let record = |id: &str| {
        serde_json::from_value::<OsvRecord>(serde_json::json!({
            "id": id,
            "summary": "Prototype pollution",
            "affected": [{
                "package": {"ecosystem": "npm", "name": "thing"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
            }],
        }))
        .unwrap()
    };
    let mut answer = answer(&["npm"]);
    answer.records = vec![record("GHSA-1"), record("GHSA-2")];
    let result = check(&[dependency("npm", "thing", Some("1.0.0"))], &answer, None, &BTreeSet::new());
    let said: Vec<&str> = result.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said[0].contains("GHSA-1") && said[1].contains("GHSA-2") && said.len() == 2, "{said:?}");
    let titles: Vec<&str> = result.rules.values().map(|rule| rule.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Replace `thing` (GHSA-1): Prototype pollution", "Replace `thing` (GHSA-2): Prototype pollution"]
    );
}

#[test]
fn a_go_vulnerability_in_a_package_that_no_code_imports_is_told_apart() {
    let record: OsvRecord = serde_json::from_str(
        r#"{"id": "GO-2020-9999", "summary": "Something bad", "affected": [{
            "package": {"ecosystem": "Go", "name": "example.org/crypto"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.9.0"}]}],
            "ecosystem_specific": {"imports": [{"path": "example.org/crypto/openpgp"}, {"path": "example.org/crypto/openpgp/packet"}]}
        }]}"#,
    )
    .unwrap();
    let answer = AdvisoryAnswer { records: vec![record], ..answer(&["Go"]) };
    let in_use = [dependency("Go", "example.org/crypto", Some("0.8.0"))];
    let severity_and_note = |imports: Option<&[&str]>| {
        let imports = imports.map(|list| list.iter().copied().collect());
        let findings = check(&in_use, &answer, imports.as_ref(), &BTreeSet::new()).findings;
        assert_eq!(findings.len(), 1, "never hidden");
        (findings[0].severity, findings[0].message.contains("Your code does not import the affected package"))
    };
    assert_eq!(severity_and_note(Some(&["fmt", "example.org/crypto/bcrypt"])), (Severity::Low, true));
    assert_eq!(severity_and_note(Some(&["example.org/crypto/openpgp/packet"])), (Severity::Medium, false));
    assert_eq!(severity_and_note(None), (Severity::Medium, false), "no Go code was read");
}
