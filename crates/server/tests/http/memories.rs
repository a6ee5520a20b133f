//! Memories: saved, found at once, changed by one of two, replaced, forgotten.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::Server;

const MEMORIES: &str = "/api/v1/w/home/memories";
const RECALL: &str = "/api/v1/w/home/recall";

#[tokio::test]
async fn a_memory_is_saved_recalled_replaced_and_forgotten() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let evidence = json!([{ "kind": "file", "target": "src/pay.rs:3", "repo": null, "commit": "c0ffee" }]);
    let body = json!({ "title": "Retry payments with jitter", "kind": "decision", "tags": ["Pay"],
        "text": "The service refuses bursts.", "evidence": evidence });
    let saved = owner.post(MEMORIES, body).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.text());
    let saved = saved.json();
    assert_eq!(
        (&saved["trust"], &saved["tags"], &saved["scope"]),
        (&json!("normal"), &json!(["pay"]), &json!("workspace"))
    );
    let path = format!("{MEMORIES}/{}", saved["id"].as_str().unwrap());

    let found = owner.post(RECALL, json!({ "text": "payment calls fail in bursts" })).await.json();
    assert_eq!(found["items"][0]["memory"]["id"], saved["id"]);
    let why = &found["items"][0]["why"];
    let sum: f64 = ["meaning", "words", "neighbours", "recency", "trust"]
        .iter()
        .map(|part| why[part].as_f64().unwrap())
        .sum();
    assert!((sum - found["items"][0]["score"].as_f64().unwrap()).abs() < 1e-9, "{why}");

    let edit = json!({ "version": 1, "title": "Retry payments, with jitter" });
    assert_eq!(owner.call("PATCH", &path, Some(edit.clone())).await.json()["version"], 2);
    assert_eq!(owner.call("PATCH", &path, Some(edit)).await.problem(), "changed");
    let confirmed = owner.post(&format!("{path}/confirm?version=2"), json!(null)).await;
    assert_eq!(confirmed.json()["trust"], "high");
    let next = json!({ "version": 3, "memory": { "title": "Queue payments" } });
    let next = owner.post(&format!("{path}/supersede"), next).await.json();
    let old = owner.get(&path).await.json()["data"].clone();
    assert_eq!(
        (&old["state"], &old["superseded_by"], &old["can"]["edit"]),
        (&json!("superseded"), &next["id"], &json!(false))
    );
    assert_eq!(owner.post(&format!("{path}/archive?version=4"), json!(null)).await.problem(), "invalid");

    let list = owner.get(&format!("{MEMORIES}?state=active")).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &next["id"]));
    assert_eq!(
        list["states"],
        json!([{ "value": "active", "count": 1 }, { "value": "superseded", "count": 1 }])
    );

    let forgotten = owner.call("DELETE", &format!("{path}?version=4"), None).await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT, "{}", forgotten.text());
    assert_eq!(owner.get(&path).await.problem(), "not_found");
    assert_eq!(owner.get(MEMORIES).await.json()["total"], 1);
}

#[tokio::test]
async fn what_is_no_memory_is_refused_with_its_field() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for (body, field) in [
        (json!({ "title": " " }), "/title"),
        (json!({ "title": "t", "tags": ["x".repeat(51)] }), "/tags"),
        (
            json!({ "title": "t", "evidence": [{ "kind": "url", "target": "", "repo": null, "commit": null }] }),
            "/evidence",
        ),
        (json!({ "title": "t", "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
    ] {
        let refused = owner.post(MEMORIES, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
    assert_eq!(owner.get(&format!("{MEMORIES}/nothing")).await.problem(), "not_found");
    assert_eq!(owner.post(RECALL, json!({ "text": "" })).await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_private_memory_takes_no_open_ones_place_and_a_forgotten_one_is_in_no_kept_answer() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let named = owner.clone().with("idempotency-key", "k1");
    let body = json!({ "title": "xylophone" });
    let saved = named.post(MEMORIES, body.clone()).await.json();
    let path = format!("{MEMORIES}/{}", saved["id"].as_str().unwrap());
    let next = json!({ "version": 1, "memory": { "title": "Mine", "scope": "private" } });
    let refused = owner.post(&format!("{path}/supersede"), next).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert_eq!(refused.json()["errors"][0]["field"], "/memory/scope");

    assert_eq!(named.post(MEMORIES, body.clone()).await.json(), saved);
    let forgotten = owner.call("DELETE", &format!("{path}?version=1"), None).await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
    // The change is neither shown nor made again.
    let again = named.post(MEMORIES, body).await;
    assert_eq!(again.problem(), "not_found", "{}", again.text());
    assert_eq!(owner.get(MEMORIES).await.json()["total"], 0);
}

#[tokio::test]
async fn what_somebody_kept_for_themselves_goes_after_they_left() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for scope in ["private", "workspace"] {
        owner.post(MEMORIES, json!({ "title": scope, "scope": scope })).await;
    }
    let (mentor, identity) = (&server.app.mentor, &server.app.identity);
    mentor.forget_private(identity).await.unwrap();
    assert_eq!(owner.get(MEMORIES).await.json()["total"], 2);
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("DELETE FROM identity_member").execute().await.unwrap();
    tx.commit().await.unwrap();
    mentor.forget_private(identity).await.unwrap();
    let left: Vec<(String,)> = server.app.db.query("SELECT title FROM memory_memory").all().await.unwrap();
    assert_eq!(left, [("workspace".to_owned(),)]);
}
