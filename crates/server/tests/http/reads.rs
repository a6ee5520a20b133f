//! Reads, their freshness, and what the browser has already.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::Server;

const TASKS: &str = "/api/v1/w/home/tasks";

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let first = owner.get(TASKS).await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let tag = first.header("etag").to_owned();
    // Later, but the same tasks.
    server.app.clock.advance(std::time::Duration::from_secs(5));
    let again = owner.clone().with("if-none-match", &tag).get(TASKS).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("etag"), tag);
    owner.post(TASKS, json!({ "title": "new" })).await;
    let changed = owner.clone().with("if-none-match", &tag).get(TASKS).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn tasks_are_paged_from_the_newest_without_gaps() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for number in 1..=5 {
        owner.post(TASKS, json!({ "title": format!("task {number}") })).await;
    }
    let mut seen = Vec::new();
    let mut path = format!("{TASKS}?limit=2");
    loop {
        let page = owner.get(&path).await.json();
        assert_eq!(page["total"], 5);
        assert_eq!(page["meta"]["source"], "live");
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|task| task["key"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{TASKS}?limit=2&cursor={next}");
    }
    assert_eq!(seen, ["DEV-5", "DEV-4", "DEV-3", "DEV-2", "DEV-1"]);
}

#[tokio::test]
async fn a_task_is_changed_only_by_who_saw_its_newest_version() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let task = owner.post(TASKS, json!({ "title": "a" })).await.json();
    assert_eq!((task["status"].as_str(), task["version"].as_i64()), (Some("todo"), Some(1)));
    let path = format!("{TASKS}/{}", task["key"].as_str().unwrap());
    let done = owner.call("PATCH", &path, Some(json!({ "version": 1, "status": "done" }))).await;
    assert_eq!((done.status, done.json()["version"].as_i64()), (StatusCode::OK, Some(2)));
    let stale = owner.call("PATCH", &path, Some(json!({ "version": 1, "title": "b" }))).await;
    assert_eq!((stale.status.as_u16(), stale.problem().as_str()), (409, "changed"));
    let deleted = owner.call("DELETE", &format!("{path}?version=2"), None).await;
    assert!(deleted.json()["deleted_at"].is_string());
    assert_eq!(owner.get(&path).await.problem(), "not_found");
    let restored = owner.call("POST", &format!("{path}/restore?version=3"), None).await;
    assert_eq!(restored.json()["deleted_at"], json!(null));
    assert_eq!(owner.get(&path).await.json()["data"]["title"], "a");
}
