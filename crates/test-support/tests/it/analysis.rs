//! Connecting a repository and having it analysed.

use std::time::Duration;

use serde_json::{Value, json};
use test_support::{Caller, Fixture, TestApp, on_each_engine};

/// Connects the fixture; its name in addresses.
pub(crate) async fn connect(caller: &Caller, workspace: &str, fixture: &Fixture) -> String {
    let body = json!({ "source": fixture.source() });
    let repo = caller.post(&format!("/w/{workspace}/repos"), body).await.ok();
    repo["slug"].as_str().unwrap().to_owned()
}

/// Asks for an analysis and has the work done.
pub(crate) async fn analyzed(app: &TestApp, caller: &Caller, slug: &str) -> Value {
    let asked = caller.post(&format!("/w/home/repos/{slug}/analyses"), Value::Null).await.ok();
    app.run_jobs().await;
    let id = asked["id"].as_str().unwrap();
    caller.get(&format!("/w/home/analyses/{id}")).await.ok()["data"]["analysis"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_repository_is_imported_from_end_to_end() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        let analysis = analyzed(&app, &owner, &slug).await;
        assert_eq!(analysis["state"], "done", "{analysis:#}");
        assert_eq!(analysis["percent"], 100);

        let report = owner.get(&format!("/w/home/repos/{slug}/report")).await.ok();
        assert_eq!(report["data"]["languages"][0]["name"], "Python", "{report:#}");
        let findings = owner.get(&format!("/w/home/repos/{slug}/findings")).await.ok();
        assert!(
            findings["items"].as_array().unwrap().iter().any(|it| it["severity"] == "critical"),
            "{findings:#}"
        );
        // Nobody has chosen how to look vulnerabilities up, so nothing is said about them.
        let dependencies = owner.get(&format!("/w/home/repos/{slug}/dependencies")).await.ok();
        assert!(!dependencies.to_string().contains("\"vulnerable\":0"), "{dependencies:#}");
        let sarif = owner.get(&format!("/w/home/repos/{slug}/report.sarif")).await.ok();
        assert_eq!(sarif["version"], "2.1.0");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_wish_twice_is_one_analysis() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        // Connecting again gives the same repository.
        assert_eq!(connect(&owner, "home", &fixture).await, slug);

        let path = format!("/w/home/repos/{slug}/analyses");
        let first = owner.post_as(&path, Value::Null, "once").await.ok();
        let replayed = owner.post_as(&path, Value::Null, "once").await.ok();
        let joined = owner.post(&path, Value::Null).await.ok();
        assert_eq!(first["id"], replayed["id"]);
        assert_eq!(first["id"], joined["id"]);
        app.run_jobs().await;
        // A result of the same commit that is younger than a day is used again.
        let reused = owner.post(&path, Value::Null).await.ok();
        assert_eq!(first["id"], reused["id"]);
        assert_eq!(owner.get(&path).await.ok()["total"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_commit_closes_what_it_mends() {
    on_each_engine(|app| async move {
        let mut fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        analyzed(&app, &owner, &slug).await;
        let open = |state: &str| format!("/w/home/repos/{slug}/findings?state={state}&severity=critical");
        assert_eq!(owner.get(&open("open")).await.ok()["total"], 1);

        fixture.commit("Fix", &[("src/app.py", "def run(name):\n    return name\n")]);
        analyzed(&app, &owner, &slug).await;
        assert_eq!(owner.get(&open("open")).await.ok()["total"], 0);
        assert_eq!(owner.get(&open("gone")).await.ok()["total"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_analysis_stays_cancelled() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        let asked = owner.post(&format!("/w/home/repos/{slug}/analyses"), Value::Null).await.ok();
        let id = asked["id"].as_str().unwrap();
        let cancelled = owner.post(&format!("/w/home/analyses/{id}/cancel"), Value::Null).await.ok();
        assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
        app.run_jobs().await;
        let now = owner.get(&format!("/w/home/analyses/{id}")).await.ok();
        assert_eq!(now["data"]["analysis"]["state"], "cancelled");
        // Cancelling is no dead end.
        assert_eq!(analyzed(&app, &owner, &slug).await["state"], "done");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_cannot_be_used_are_refused_and_leave_nothing() {
    on_each_engine(|app| async move {
        let owner = app.owner().await;
        for source in ["/nowhere/at/all", "http://example.org/a.git", "--upload-pack=id", ""] {
            let reply = owner.post("/w/home/repos", json!({ "source": source })).await;
            assert!((400..500).contains(&reply.status), "{source}: {} {:#}", reply.status, reply.body);
            assert!(reply.body["code"].is_string(), "{source}: {:#}", reply.body);
        }
        assert_eq!(owner.get("/w/home/repos").await.ok()["total"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_must_not_be_contacted_fails_with_its_reason() {
    on_each_engine(|app| async move {
        let owner = app.owner().await;
        let repo = owner.post("/w/home/repos", json!({ "source": "https://127.0.0.1/a.git" })).await.ok();
        let id = repo["running"]["id"].as_str().unwrap();
        app.run_jobs().await;
        let run = owner.get(&format!("/w/home/analyses/{id}")).await.ok()["data"]["analysis"].clone();
        assert_eq!(run["state"], "failed", "{run:#}");
        assert_eq!(run["failure"]["code"], "url_refused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_about_the_same_thing_is_the_same_number() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        let analysis = analyzed(&app, &owner, &slug).await;
        let repo = format!("/w/home/repos/{slug}");
        let total =
            async |path: &str| owner.get(&format!("{repo}/{path}")).await.ok()["total"].as_u64().unwrap();
        let (all, direct) = (total("dependencies").await, total("dependencies?direct=true").await);
        let findings = total("findings").await;
        assert!(all > 0 && findings > 0, "a fixture with nothing in it shows nothing");

        let counts = owner.get(&format!("{repo}/report")).await.ok()["data"]["counts"].clone();
        assert_eq!(
            (counts["dependencies"].as_u64(), counts["direct_dependencies"].as_u64()),
            (Some(all), Some(direct))
        );
        // The page tells shipped code from tests; the summary counts both.
        let of = |part: &Value, severity: &str| part[severity].as_u64().unwrap();
        let by_severity = analysis["summary"]["findings"].as_object().unwrap();
        for (severity, count) in by_severity {
            let parts = ["shipped", "tests"].map(|part| of(&counts["findings"][part], severity));
            assert_eq!(Some(parts.iter().sum()), count.as_u64(), "{severity}");
        }
        assert_eq!(by_severity.values().filter_map(Value::as_u64).sum::<u64>(), findings);
        assert_eq!(analysis["summary"]["dependencies"], counts["dependencies"]);
        assert_eq!(analysis["summary"]["vulnerable"], counts["vulnerable_dependencies"]);

        // What was said on the way is what the page says in the end.
        let facts: Vec<&str> =
            analysis["facts"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let noun = if all == 1 { "dependency" } else { "dependencies" };
        assert!(facts.contains(&format!("{all} {noun}, {direct} direct").as_str()), "{facts:?}");
        let noun = if findings == 1 { "finding" } else { "findings" };
        assert!(facts.contains(&format!("{findings} {noun} in all").as_str()), "{facts:?}");

        // Insights stand in one order, in the report and in the list.
        let report = owner.get(&format!("{repo}/report.json")).await.ok();
        let titles = |list: &Value| {
            let titles = list.as_array().unwrap().iter().map(|insight| insight["title"].clone());
            titles.collect::<Vec<_>>()
        };
        let listed = owner.get(&format!("{repo}/insights")).await.ok();
        assert_eq!(titles(&listed["items"]), titles(&report["insights"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_about_a_repository_is_in_the_audit_log() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        // Connecting again changes nothing.
        connect(&owner, "home", &fixture).await;
        analyzed(&app, &owner, &slug).await;
        let here = format!("/w/home/repos/{slug}");
        let findings = owner.get(&format!("{here}/findings")).await.ok();
        let finding = findings["items"][0]["id"].clone();
        let body = json!({ "kind": "false_positive", "reason": "", "target": { "scope": "findings", "ids": [finding] } });
        let suppressed = owner.post(&format!("{here}/suppressions"), body).await.ok();
        let (id, version) = (suppressed["id"].as_str().unwrap(), &suppressed["version"]);
        owner.delete(&format!("{here}/suppressions/{id}?version={version}"), Value::Null).await.ok();
        owner.delete(&here, Value::Null).await.ok();
        // Conversations are looked through once more.
        app.later(Duration::from_mins(5));
        app.run_jobs().await;

        let log = owner.get("/w/home/audit").await.ok();
        let acts: Vec<_> = log["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        let ours = ["repo.removed", "suppression.removed", "suppression.created", "repo.connected"];
        let noted: Vec<_> = acts.into_iter().filter(|act| ours.contains(act)).collect();
        assert_eq!(noted, ours, "{log:#}");
    })
    .await;
}
