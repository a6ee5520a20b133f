//! What the audit log says of repositories and of what is decided for everybody.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::Server;
use crate::reports::{REPO, analysed};

#[tokio::test]
async fn what_is_changed_about_a_repository_is_noted_with_who_did_it() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let acted = async |method: &str, path: &str, body: Option<Value>| {
        let answer = owner.call(method, path, body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        answer
    };
    let repo = owner.get(REPO).await.json()["data"].clone();
    let change = json!({ "version": repo["version"], "secrets_in_history": true });
    acted("PATCH", REPO, Some(change)).await;
    let target = json!({ "scope": "rule", "rule": "rule.1" });
    let body = json!({ "kind": "false_positive", "target": target });
    let made = acted("POST", &format!("{REPO}/suppressions"), Some(body)).await.json()["id"].clone();
    let made = made.as_str().unwrap();
    acted("DELETE", &format!("{REPO}/suppressions/{made}?version=1"), None).await;
    let analysis = owner.get(&format!("{REPO}/report")).await.json()["data"]["analysis"].clone();
    let baseline = json!({ "version": 0, "analysis": analysis });
    acted("PUT", &format!("{REPO}/baseline"), Some(baseline.clone())).await;
    acted("PUT", "/api/v1/w/home/settings", Some(json!({ "name_people": false }))).await;
    // What is refused changed nothing.
    let late = owner.call("PUT", &format!("{REPO}/baseline"), Some(baseline)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    acted("DELETE", REPO, None).await;

    let log = owner.get("/api/v1/w/home/audit").await.json();
    let noted: Vec<(&str, &str)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| (act["action"].as_str().unwrap(), act["object"].as_str().unwrap_or_default()))
        .filter(|(action, _)| !action.starts_with("session") && !action.starts_with("link"))
        .collect();
    let name = repo["name"].as_str().unwrap();
    let expected = [
        ("repo.removed", name),
        ("settings.changed", ""),
        ("baseline.set", name),
        ("suppression.removed", made),
        ("suppression.created", made),
        ("repo.changed", name),
        ("repo.connected", name),
    ];
    assert_eq!(noted, expected);
    let me = owner.get("/api/v1/session").await.json()["data"]["user"].clone();
    assert!(log["items"].as_array().unwrap().iter().all(|act| act["actor"]["id"] == me["id"]), "{log}");
}
