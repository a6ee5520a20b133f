//! One workspace never sees another's.

use serde_json::{Value, json};
use test_support::{Fixture, on_each_engine};

use crate::analysis::{analyzed, connect};

/// An id that nothing has.
const RANDOM: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_foreign_answers_exactly_like_what_does_not_exist() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        let analysis = analyzed(&app, &owner, &slug).await;
        let id = analysis["id"].as_str().unwrap();
        let insights = owner.get(&format!("/w/home/repos/{slug}/insights")).await.ok();
        let insight = insights["items"][0]["id"].as_str().unwrap_or(RANDOM).to_owned();

        let stranger = app.stranger("other").await;
        // What its owner was answered is kept, and still nobody else's.
        for page in ["report", "dependencies", "graph", "hotspots"] {
            let path = format!("/w/home/repos/{slug}/{page}");
            assert_eq!(owner.get(&path).await.ok(), owner.get(&path).await.ok());
            assert_eq!(stranger.get(&path).await.status, 404, "{page}");
        }
        assert_eq!(app.system.shared.cache.held().await.values, 4);
        // Another's workspace, by its name.
        let foreign = stranger.get("/w/home/repos").await;
        let nowhere = stranger.get("/w/nowhere/repos").await;
        assert_eq!((foreign.status, &foreign.body["code"]), (nowhere.status, &nowhere.body["code"]));
        assert_eq!(foreign.problem(404), nowhere.problem(404));

        // Another's things, through one's own workspace.
        let reads = [
            (format!("/w/other/repos/{slug}"), format!("/w/other/repos/{RANDOM}")),
            (format!("/w/other/repos/{slug}/report"), format!("/w/other/repos/{RANDOM}/report")),
            (format!("/w/other/repos/{slug}/findings"), format!("/w/other/repos/{RANDOM}/findings")),
            (format!("/w/other/repos/{slug}/report.json"), format!("/w/other/repos/{RANDOM}/report.json")),
            (format!("/w/other/analyses/{id}"), format!("/w/other/analyses/{RANDOM}")),
        ];
        for (foreign, random) in reads {
            let (foreign, random) = (stranger.get(&foreign).await, stranger.get(&random).await);
            assert_eq!(foreign.problem(404), random.problem(404));
        }
        let changes = [
            (format!("/w/other/analyses/{id}/cancel"), format!("/w/other/analyses/{RANDOM}/cancel")),
            (format!("/w/other/insights/{insight}/task"), format!("/w/other/insights/{RANDOM}/task")),
            (format!("/w/other/repos/{slug}/analyses"), format!("/w/other/repos/{RANDOM}/analyses")),
        ];
        for (foreign, random) in changes {
            let foreign = stranger.post(&foreign, Value::Null).await;
            let random = stranger.post(&random, Value::Null).await;
            assert_eq!(foreign.problem(404), random.problem(404));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_repositories_of_two_workspaces_share_nothing() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let (owner, stranger) = (app.owner().await, app.stranger("other").await);
        let slug = connect(&owner, "home", &fixture).await;
        let mine = analyzed(&app, &owner, &slug).await;

        let theirs = connect(&stranger, "other", &fixture).await;
        let runs = format!("/w/other/repos/{theirs}/analyses");
        // The same commit is analysed again: a result of another workspace is never reused.
        let asked = stranger.get(&runs).await.ok();
        assert_eq!((&asked["total"], &asked["items"][0]["state"]), (&json!(1), &json!("queued")));
        assert_ne!(asked["items"][0]["id"], mine["id"]);
        app.run_jobs().await;
        assert_eq!(stranger.get(&runs).await.ok()["items"][0]["state"], "done");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_nothing_is_said() {
    on_each_engine(|app| async move {
        app.owner().await;
        let nobody = app.anonymous();
        for path in ["/w/home/repos", "/w/home/tasks", "/w/home/advisories", "/session"] {
            assert_eq!(nobody.get(path).await.status, 401, "{path}");
        }
        let token = "0".repeat(64);
        let reply = nobody.post("/session", json!({ "token": token, "hand_over": "token" })).await;
        assert!((400..500).contains(&reply.status), "{}", reply.status);
    })
    .await;
}
