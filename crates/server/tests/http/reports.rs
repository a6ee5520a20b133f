//! What an analysis found, from a report put where a worker would have put it.

use analysis::check::Check;
use analysis::report::{
    AdvisoryCheck, AdvisoryState, Commit, Confidence, Contributor, Coverage, Dependency, Edge, Effort,
    Evidence, Finding, FindingKind, GradeNeed, GradePart, Graph, History, HotspotWindow, Insight, Module,
    Note, PackageHit, PackageImport, Quality, Report, Role, RuleInfo, Scope, Severity, SkipReason, Skipped,
    Span,
};
use axum::http::StatusCode;
use base::id::{AnalysisId, FindingId, InsightId};
use serde_json::json;

use crate::harness::{Caller, Server};

pub(crate) const REPO: &str = "/api/v1/w/home/repos/web";

pub(crate) fn finding(number: u32, severity: Severity, kind: FindingKind, path: &str) -> Finding {
    Finding {
        fingerprint: format!("{number:032x}"),
        rule: format!("rule.{}", number % 2),
        kind,
        severity,
        confidence: Confidence::High,
        message: format!("finding {number}"),
        span: Span::lines(path, number, number + 1),
        symbol: Some("f".into()),
        package: None,
        in_test: false,
        in_example: false,
    }
}

pub(crate) fn dependency(name: &str, version: Option<&str>, direct: bool) -> Dependency {
    Dependency {
        ecosystem: "npm".into(),
        name: name.into(),
        version: version.map(str::to_owned),
        requirement: None,
        direct,
        scope: Scope::Runtime,
        evidence: vec![Span::file("package.json")],
        via: vec![],
        license: None,
        role: Role::default(),
    }
}

pub(crate) fn report() -> Report {
    let vulnerable = Finding {
        package: Some(PackageHit {
            ecosystem: "npm".into(),
            name: "lodash".into(),
            version: "4.0.0".into(),
            advisory: "GHSA-1".into(),
            aliases: vec!["CVE-1".into()],
            fixed: Some("4.17.21".into()),
            clean: None,
            via: vec![],
        }),
        ..finding(1, Severity::Critical, FindingKind::Advisory, "package.json")
    };
    let rule = |title: &str| RuleInfo {
        title: title.into(),
        why: "w".into(),
        fix: "f".into(),
        cwe: vec![79],
        links: vec![],
    };
    let module = |path: &str, x: f64| Module {
        path: path.into(),
        label: path.into(),
        language: None,
        files: 1,
        code: 10,
        layer: 0,
        cyclic: false,
        last_change: None,
        x,
        y: 0.0,
        width: 100.0,
        height: 40.0,
    };
    Report {
        schema: 1,
        analyzer: "1.test".into(),
        commit: Commit {
            id: "c0ffee".repeat(6) + "c0ff",
            branch: Some("main".into()),
            time: 1_700_000_000,
            subject: "s".into(),
        },
        coverage: Coverage {
            files: 214,
            files_read: 211,
            files_parsed: 200,
            bytes: 1_000,
            skipped: vec![Skipped { path: "big.js".into(), reason: SkipReason::TooLarge }],
            skipped_total: 3,
            notes: vec![Note { code: "shallow_history".into(), text: "The history is cut off.".into() }],
            limits: vec![],
        },
        languages: vec![],
        stack: vec![],
        manifests: vec![],
        dependencies: vec![
            dependency("express", Some("4.18.0"), true),
            dependency("lodash", Some("4.0.0"), false),
            dependency("unpinned", None, true),
        ],
        imports: Some(vec![PackageImport {
            ecosystem: "npm".into(),
            name: "express".into(),
            files: 7,
            places: vec!["src/a.ts".into()],
        }]),
        advisories: AdvisoryCheck {
            state: AdvisoryState::Checked { source: "mirror".into(), as_of: 1_700_000_000 },
            uncovered: vec![],
            unpinned: 1,
            compared: 2,
        },
        findings: vec![
            vulnerable,
            finding(2, Severity::High, FindingKind::Secret, "src/a.ts"),
            finding(3, Severity::Low, FindingKind::Smell, "src/b.ts"),
        ],
        suppressed: vec![],
        gate: None,
        rules: [("rule.0".to_owned(), rule("even")), ("rule.1".to_owned(), rule("odd"))].into(),
        files: vec![],
        graph: Graph {
            modules: vec![module("src", 0.0), module("lib", 200.0)],
            module_edges: vec![Edge { from: 0, to: 1, count: 7 }],
            ..Graph::default()
        },
        history: History {
            commits: 12,
            window_days: 365,
            people: vec![Contributor { name: "Ada Example".into(), commits: 12, percent: 100 }],
            ..History::default()
        },
        hotspots: vec![],
        duplication: analysis::report::Duplication::default(),
        past_secrets: None,
        quality: quality(),
        insights: vec![insight()],
    }
}

fn quality() -> Quality {
    Quality {
        grade: Some('B'),
        score: Some(81),
        parts: vec![
            part("security", Some(19.0), None),
            part("tests", None, Some("No test runner was found.")),
        ],
        held: None,
        needs: vec![
            need(
                "No sure secret or insecure pattern of high severity or more in shipped code.",
                &["security"],
            ),
            need("75 of the 100 points of weight measured; 25 were.", &[]),
        ],
    }
}

fn need(text: &str, parts: &[&str]) -> GradeNeed {
    GradeNeed { text: text.into(), parts: parts.iter().map(|&part| part.into()).collect() }
}

pub(crate) fn part(name: &str, lost: Option<f64>, missing: Option<&str>) -> GradePart {
    GradePart {
        part: name.into(),
        measured: lost.map(|_| "1 critical".into()),
        value: lost,
        good: 0.0,
        bad: 5.0,
        weight: 25,
        seen: lost.map(|_| 1.0),
        points: lost.map(|_| 25.0),
        lost,
        regain: lost.filter(|lost| *lost > 0.0).map(|_| "all points back with none of them affected".into()),
        missing: missing.map(str::to_owned),
        worst: vec![],
    }
}

fn insight() -> Insight {
    Insight {
        fingerprint: "f".repeat(32),
        kind: "vulnerable_dependency".into(),
        severity: Severity::Critical,
        title: "Raise `lodash` to 4.17.21".into(),
        why: "It has a known vulnerability.".into(),
        evidence: vec![
            Evidence::Span { span: Span::file("package.json"), note: "named here".into() },
            Evidence::Advisory { id: "GHSA-1".into(), note: "n".into() },
        ],
        effort: Effort { min_minutes: 10, max_minutes: 30, reason: "1 file".into() },
        check: Check::PackageClean {
            ecosystem: "npm".into(),
            name: "lodash".into(),
            advisories: vec!["GHSA-1".into()],
        },
        rank: 90,
        quick_win: true,
    }
}

/// Ends an analysis with a report.
pub(crate) async fn finish(server: &Server, analysis: AnalysisId, report: &Report) {
    let summary = repos::model::Summary::of(report);
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query(
        "UPDATE repo_analysis SET state = 'done', percent = 100, commit_id = $2, analyzer = $3, finished_at = $4,
             summary = $5 WHERE id = $1",
    )
    .bind(analysis)
    .bind(report.commit.id.as_str())
    .bind(report.analyzer.as_str())
    .bind(server.app.clock.now())
    .bind(serde_json::to_string(&summary).unwrap())
    .execute()
    .await
    .unwrap();
    tx.query("INSERT INTO repo_report (analysis_id, encoding, body) VALUES ($1, 'json', $2)")
        .bind(analysis)
        .bind(serde_json::to_vec(report).unwrap())
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Connects a repository and puts a finished analysis beside it.
pub(crate) async fn analysed(server: &Server) -> Caller<'_> {
    analysed_as(server, &report()).await
}

/// The same, with that report.
pub(crate) async fn analysed_as<'s>(server: &'s Server, report: &Report) -> Caller<'s> {
    let owner = server.owner().await;
    let repo = owner
        .post("/api/v1/w/home/repos", json!({ "source": "https://git.example.org/web.git" }))
        .await
        .json();
    let analysis: AnalysisId = repo["running"]["id"].as_str().unwrap().parse().unwrap();
    let repo: base::id::RepoId = repo["id"].as_str().unwrap().parse().unwrap();
    finish(server, analysis, report).await;
    let now = server.app.clock.now();
    let workspace = server.owner.workspace;
    let mut tx = server.app.db.begin().await.unwrap();
    for finding in &report.findings {
        let kind = serde_json::to_value(finding.kind).unwrap();
        tx.query(
            "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, path, line,
                 message, in_test, state, first_analysis, last_analysis, first_seen_at, last_seen_at, rank, folder)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $12, $13, $13, $14, $15)",
        )
        .bind(server.app.ids.new_id::<FindingId>())
        .bind(workspace)
        .bind(repo)
        .bind(finding.fingerprint.as_str())
        .bind(finding.rule.as_str())
        .bind(kind.as_str().unwrap())
        .bind(finding.severity.as_str())
        .bind(finding.span.path.as_str())
        .bind(i64::from(finding.span.start))
        .bind(finding.message.as_str())
        .bind(finding.in_test)
        .bind(analysis)
        .bind(now)
        .bind(Severity::Critical as i64 - finding.severity as i64)
        .bind(finding.span.path.split_once('/').map_or("", |(folder, _)| folder))
        .execute()
        .await
        .unwrap();
    }
    let insight = &report.insights[0];
    tx.query(
        "INSERT INTO repo_insight (id, workspace_id, repo_id, fingerprint, kind, severity, rank, title, body, state,
             first_analysis, last_analysis, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $10, $11, 1)",
    )
    .bind(server.app.ids.new_id::<InsightId>())
    .bind(workspace)
    .bind(repo)
    .bind(insight.fingerprint.as_str())
    .bind(insight.kind.as_str())
    .bind(insight.severity.as_str())
    .bind(i64::from(insight.rank))
    .bind(insight.title.as_str())
    .bind(serde_json::to_string(insight).unwrap())
    .bind(analysis)
    .bind(now)
    .execute()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    owner
}

#[tokio::test]
async fn the_overview_says_what_was_measured_and_what_was_not() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let answer = owner.get(&format!("{REPO}/report")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["meta"]["source"], "cache");
    assert_eq!(answer["meta"]["analyzer"], "1.test");
    assert_eq!(
        answer["meta"]["partial"],
        json!(["3 of 214 files were not read or only in part.", "The history is cut off."])
    );
    let data = &answer["data"];
    assert_eq!(
        (data["quality"]["grade"].as_str(), data["quality"]["measured"].as_i64()),
        (Some("B"), Some(1))
    );
    assert_eq!(data["quality"]["parts"][1]["lost"], json!(null));
    assert_eq!(
        data["quality"]["way_to_a"],
        json!({
            "score": 85,
            "points": 3.5,
            "needs": [
                "No sure secret or insecure pattern of high severity or more in shipped code.",
                "75 of the 100 points of weight measured; 25 were.",
            ],
            "steps": [{
                "part": "security",
                "until": "at most 3.1 weighted places in 10,000 lines (a critical secret or pattern counts 10, a high one 4, a medium one 1)",
                "now": 19.0,
                "points": 3.5,
            }],
            "insights": [],
        })
    );
    assert_eq!(data["quality"]["parts"][1]["missing"], "No test runner was found.");
    assert_eq!(
        data["counts"]["findings"],
        json!({
            "shipped": { "critical": 1, "high": 1, "medium": 0, "low": 1, "info": 0 },
            "tests": { "critical": 0, "high": 0, "medium": 0, "low": 0, "info": 0 },
            "suppressed": 0,
        })
    );
    assert_eq!(data["counts"]["vulnerable_dependencies"], 1);
    assert_eq!(data["coverage"]["skipped"], json!([{ "path": "big.js", "reason": "too_large" }]));
    assert_eq!(data["advisories"]["as_of"], "2023-11-14T22:13:20Z");
    let repo = owner.get(REPO).await.json();
    assert_eq!(repo["data"]["latest"]["grade"], "B");
}

#[tokio::test]
async fn dependencies_that_could_not_be_checked_are_not_said_to_be_clean() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let all = owner.get(&format!("{REPO}/dependencies")).await.json();
    let known = |name: &str| {
        let items = all["items"].as_array().unwrap();
        items.iter().find(|item| item["name"] == name).unwrap()["advisories"].clone()
    };
    assert_eq!(known("express"), json!([]));
    assert_eq!(known("lodash")[0]["fixed"], "4.17.21");
    assert_eq!(known("unpinned"), json!(null));
    assert_eq!(all["ecosystems"], json!([{ "value": "npm", "count": 3 }]));
    let express = &all["items"][0];
    assert_eq!((&express["imported_by"], &express["imported_in"]), (&json!(7), &json!(["src/a.ts"])));
    assert_eq!(all["items"][1]["imported_by"], 0, "somebody looked");

    let names = async |query: &str| {
        let page = owner.get(&format!("{REPO}/dependencies?{query}")).await.json();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("vulnerable=true").await, ["lodash"]);
    assert_eq!(names("direct=true").await, ["express", "unpinned"]);
    assert_eq!(names("q=EXP").await, ["express"]);
    assert_eq!(names("license=MIT").await, <[&str; 0]>::default());
    assert_eq!(names("license=unknown&direct=false").await, ["lodash"]);
    assert_eq!(all["licenses"], json!([{ "value": "unknown", "count": 3 }]));
    let first = owner.get(&format!("{REPO}/dependencies?limit=2")).await.json();
    assert_eq!(names(&format!("limit=2&cursor={}", first["next"].as_str().unwrap())).await, ["unpinned"]);
    assert_eq!(owner.get(&format!("{REPO}/dependencies?cursor=old.1")).await.problem(), "malformed");
}

#[tokio::test]
async fn findings_come_the_worst_first_with_facets_and_rules() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let all = owner.get(&format!("{REPO}/findings")).await;
    assert_eq!(all.status, StatusCode::OK, "{}", all.text());
    let all = all.json();
    let severities: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|item| item["severity"].clone()).collect();
    assert_eq!(severities, ["critical", "high", "low"]);
    assert_eq!(all["items"][0]["package"]["advisory"], "GHSA-1");
    assert_eq!(all["items"][1]["span"], json!({ "path": "src/a.ts", "start": 2, "end": 3 }));
    assert_eq!(all["rules"]["rule.0"]["title"], "even");
    assert_eq!(all["facets"]["kind"].as_array().unwrap().len(), 3);
    let count =
        async |query: &str| owner.get(&format!("{REPO}/findings?{query}")).await.json()["total"].clone();
    assert_eq!(count("severity=high,low").await, 2);
    assert_eq!(count("path=src").await, 2);
    assert_eq!(count("kind=secret").await, 1);
    assert_eq!(count("q=FINDING 3".replace(' ', "%20").as_str()).await, 1);
    assert_eq!(count("state=gone").await, 0);
    assert_eq!(owner.get(&format!("{REPO}/findings?severity=awful")).await.problem(), "malformed");
    assert_eq!(owner.get(&format!("{REPO}/findings?state=x")).await.problem(), "malformed");
}

#[tokio::test]
async fn the_diagram_is_laid_out_by_the_server() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let graph = owner.get(&format!("{REPO}/graph")).await.json();
    assert_eq!(
        (graph["data"]["width"].as_f64(), graph["data"]["height"].as_f64()),
        (Some(300.0), Some(40.0))
    );
    assert_eq!(graph["data"]["edges"], json!([{ "from": 0, "to": 1, "count": 7 }]));
    assert_eq!(graph["data"]["modules"][0]["last_change"], json!(null));
    assert_eq!(owner.get(&format!("{REPO}/hotspots")).await.json()["window_days"], 365);
}

#[tokio::test]
async fn hotspots_are_told_of_the_windows_that_the_report_has() {
    let server = Server::start().await;
    let mut report = report();
    let unranked = Some("Too little history.".to_owned());
    report.history.window_commits = 12;
    report.history.windows = vec![HotspotWindow { days: 91, commits: 3, unranked, hotspots: vec![] }];
    let owner = analysed_as(&server, &report).await;
    let of = async |query: &str| owner.get(&format!("{REPO}/hotspots{query}")).await;
    let quarter = of("?window=91").await.json();
    let told = |answer: &serde_json::Value| {
        json!([answer["window_days"], answer["window_commits"], answer["windows"], answer["unranked"]])
    };
    assert_eq!(told(&quarter), json!([91, 3, [91, 365], "Too little history."]));
    assert_eq!(told(&of("").await.json()), json!([365, 12, [91, 365], null]));
    assert_eq!(told(&of("?window=365").await.json()), told(&of("").await.json()));
    assert_eq!(of("?window=30").await.problem(), "malformed");
    assert_eq!(of("?window=long").await.problem(), "malformed");
}

#[tokio::test]
async fn diagrams_are_given_at_each_level_and_as_files() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let modules = owner.get(&format!("{REPO}/diagram")).await.json();
    assert_eq!((&modules["data"]["level"], &modules["data"]["text"]), (&json!("modules"), &json!(null)));
    let arrow = json!({ "from": 0, "to": 1, "label": "7", "evidence": [] });
    assert_eq!(
        (&modules["data"]["nodes"][0]["opens"], &modules["data"]["edges"][0]),
        (&json!("src"), &arrow)
    );
    let services = owner.get(&format!("{REPO}/diagram?level=services&format=mermaid")).await.json();
    assert_eq!(services["data"]["text"], "flowchart TD\n");
    let files = owner.get(&format!("{REPO}/diagram?level=files&focus=lib&format=svg")).await.json();
    assert!(files["data"]["text"].as_str().is_some_and(|svg| svg.starts_with("<svg ")));
    let missing = owner.get(&format!("{REPO}/diagram?level=files&focus=nowhere")).await;
    assert_eq!(missing.problem(), "not_found");
    assert_eq!(owner.get(&format!("{REPO}/diagram?level=atoms")).await.problem(), "malformed");
}

#[tokio::test]
async fn an_insight_becomes_a_task_once_and_can_be_put_away() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let list = format!("{REPO}/insights");
    let insight = owner.get(&list).await.json()["items"][0].clone();
    assert_eq!(
        insight["can"],
        json!({ "check": true, "make_task": true, "dismiss": true, "restore": false })
    );
    assert_eq!(
        insight["check"],
        json!({ "text": "No version of lodash in use is affected by GHSA-1.", "last": null })
    );
    assert_eq!(insight["evidence"][0]["origin"], "measured");
    let path = format!("/api/v1/w/home/insights/{}", insight["id"].as_str().unwrap());

    let task = owner.call("POST", &format!("{path}/task"), None).await;
    assert_eq!(task.status, StatusCode::OK, "{}", task.text());
    let again = owner.call("POST", &format!("{path}/task"), None).await;
    assert_eq!(again.json()["key"], task.json()["key"]);
    assert_eq!(owner.get("/api/v1/w/home/tasks").await.json()["total"], 1);
    let insight = owner.get(&list).await.json()["items"][0].clone();
    assert_eq!((&insight["task"]["key"], &insight["task"]["status"]), (&task.json()["key"], &json!("todo")));
    assert_eq!(insight["can"]["make_task"], false);

    let checked = owner.call("POST", &format!("{path}/check"), None).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.text());
    assert!(checked.json()["check"]["last"]["detail"].is_string());

    let stale = owner.post(&format!("{path}/dismiss"), json!({ "version": 99 })).await;
    assert_eq!(stale.problem(), "changed");
    let version = owner.get(&list).await.json()["items"][0]["version"].clone();
    let dismissed =
        owner.post(&format!("{path}/dismiss"), json!({ "version": version, "reason": "no" })).await;
    assert_eq!(dismissed.json()["state"], "dismissed");
    assert_eq!(owner.get(&list).await.json()["items"], json!([]));
    assert_eq!(owner.get(&format!("{list}?state=dismissed")).await.json()["items"][0]["id"], insight["id"]);
    let no_more = json!({ "check": false, "make_task": false, "dismiss": false, "restore": true });
    assert_eq!(dismissed.json()["can"], no_more);

    let stale = owner.call("POST", &format!("{path}/restore?version=99"), None).await;
    assert_eq!(stale.problem(), "changed");
    let unversioned = owner.call("POST", &format!("{path}/restore"), None).await;
    assert_eq!(unversioned.status, StatusCode::BAD_REQUEST, "{}", unversioned.text());
    let version = dismissed.json()["version"].clone();
    let restored = owner.call("POST", &format!("{path}/restore?version={version}"), None).await;
    assert_eq!((&restored.json()["state"], &restored.json()["closed_at"]), (&json!("open"), &json!(null)));
    assert_eq!(owner.get(&list).await.json()["items"][0]["id"], insight["id"]);
}

#[tokio::test]
async fn reports_leave_as_attachments() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    for (extension, kind) in [
        ("json", "application/json"),
        ("sarif", "application/sarif+json"),
        ("cdx.json", "application/vnd.cyclonedx+json"),
    ] {
        let answer = owner.get(&format!("{REPO}/report.{extension}")).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, kind),
            "{}",
            answer.text()
        );
        let name = format!("attachment; filename=\"web-c0ffeec0.{extension}\"");
        assert_eq!(answer.header("content-disposition"), name);
        answer.json();
    }
    let whole = owner.get(&format!("{REPO}/report.json")).await;
    assert_eq!(serde_json::from_slice::<Report>(&whole.body).unwrap(), report());
}

#[tokio::test]
async fn a_report_that_has_not_changed_is_not_sent_again() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let path = format!("{REPO}/report");
    let tag = owner.get(&path).await.header("etag").to_owned();
    let again = owner.with("if-none-match", &tag).get(&path).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}
