//! Secrets and insecure code.

use super::*;

#[test]
fn a_secret_or_insecure_code_that_is_gone() {
    let before = with(|report| report.findings = vec![finding("secret.key", FindingKind::Secret, "b.go", 1)]);
    closes("secret", &before, &report());
    let rule = "go.sql-injection";
    let before = with(|report| report.findings = vec![finding(rule, FindingKind::Security, "a.go", 3)]);
    closes("insecure_code", &before, &report());
}

#[test]
fn only_what_is_bad_and_hardly_a_mistake_of_ours_is_told_among_the_first() {
    let told = |rule: &str, kind, path: &str, severity, confidence, message: &str| {
        let report = with(|report| {
            let seen =
                Finding { severity, confidence, message: message.into(), ..finding(rule, kind, path, 3) };
            report.findings = vec![seen];
            report.rules.extend(crate::infra::rules());
            report.manifests =
                vec![Manifest { role: crate::report::Role::Docs, ..manifest("www/package.json", false) }];
        });
        find(&draft(&report)).len()
    };
    let (code, secret) = (FindingKind::Security, FindingKind::Secret);
    let (high, medium, sure, maybe) =
        (Severity::High, Severity::Medium, Confidence::High, Confidence::Medium);
    let path = "It opens what a request names";
    assert_eq!(told("go.path-traversal", code, "a.go", high, sure, path), 1);
    assert_eq!(
        told("go.path-traversal", code, "a.go", high, maybe, path),
        1,
        "a request's text plainly gets there"
    );
    assert_eq!(told("go.path-traversal", code, "a.go", high, Confidence::Low, path), 0, "a doubt");
    assert_eq!(told("go.path-traversal", code, "a.go", high, maybe, "It opens any path"), 0, "from nowhere");
    assert_eq!(told("go.path-traversal", code, "a.go", medium, sure, path), 0);
    assert_eq!(told("go.path-traversal", code, "docs/a.go", high, sure, path), 0, "nobody runs it");
    assert_eq!(told("go.path-traversal", code, "www/app/a.go", high, sure, path), 0, "of the site");
    assert_eq!(told("secret.key", secret, "a.go", high, sure, "A key"), 1);
    assert_eq!(told("secret.key", secret, "a.go", medium, sure, "A key"), 0);
    assert_eq!(told("secret.key", secret, ".github/workflows/root.key", high, sure, "A key"), 0);
    let action =
        |uses: &str| told("actions.branch-action", code, ".github/workflows/a.yml", medium, sure, uses);
    assert_eq!(action("Every push of somebody else changes what runs here: other/action"), 1);
    assert_eq!(action("Every push changes what runs here: own/x/.github/workflows/b.yml"), 0, "one's own");
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

#[test]
fn what_plainly_comes_with_a_request_is_told_first_and_a_doubt_is_not() {
    let kinds = |message: &str, severity, confidence| -> Vec<String> {
        let report = with(|report| {
            let seen = finding("php.sql-injection", FindingKind::Security, "book.php", 3);
            report.findings = vec![Finding { message: message.into(), severity, confidence, ..seen }];
        });
        find(&draft(&report)).into_iter().map(|insight| insight.kind).collect()
    };
    let message = "A query is put together from text of a request";
    assert_eq!(kinds(message, Severity::High, Confidence::Medium), ["insecure_code"]);
    assert_eq!(kinds(message, Severity::High, Confidence::Low), [] as [&str; 0]);
    assert_eq!(kinds(message, Severity::Low, Confidence::Medium), [] as [&str; 0]);
    assert_eq!(
        kinds("A query is put together at run time", Severity::High, Confidence::Medium),
        [] as [&str; 0]
    );
}
