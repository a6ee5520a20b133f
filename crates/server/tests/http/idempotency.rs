//! A change that is sent twice happens once.

use axum::http::StatusCode;
use serde_json::json;
use storage::testing::{Cut, CutWire, on_postgres};

use crate::harness::Server;

const TASKS: &str = "/api/v1/w/home/tasks";

async fn total(server: &Server) -> i64 {
    server.owner().await.get(TASKS).await.json()["total"].as_i64().unwrap()
}

#[tokio::test]
async fn the_same_change_again_gives_the_first_answer() {
    let server = Server::start().await;
    let owner = server.owner().await.with("idempotency-key", "k1");
    let first = owner.post(TASKS, json!({ "title": "a" })).await;
    let again = owner.post(TASKS, json!({ "title": "a" })).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn another_change_under_the_same_key_is_refused() {
    let server = Server::start().await;
    let owner = server.owner().await.with("idempotency-key", "k1");
    owner.post(TASKS, json!({ "title": "a" })).await;
    let other = owner.post(TASKS, json!({ "title": "b" })).await;
    assert_eq!((other.status.as_u16(), other.problem().as_str()), (422, "idempotency_key_reused"));
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn at_the_same_moment_only_one_is_made() {
    let server = Server::start().await;
    let owner = server.owner().await.with("idempotency-key", "k1");
    let calls = (0..16).map(|_| owner.post(TASKS, json!({ "title": "a" })));
    let answers = futures_util::future::join_all(calls).await;
    let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    let busy = answers.iter().filter(|answer| answer.status == StatusCode::CONFLICT).count();
    assert!(created >= 1 && created + busy == 16, "{created} created, {busy} told to wait");
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn a_failure_leaves_the_key_free() {
    let server = Server::start().await;
    let owner = server.owner().await.with("idempotency-key", "k1");
    assert_eq!(owner.post(TASKS, json!({ "title": "" })).await.problem(), "invalid");
    assert_eq!(owner.post(TASKS, json!({ "title": "a" })).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_outcome_that_was_never_noted_is_said_to_be_unknown() {
    let server = Server::start().await;
    let again = async || {
        // Signed in anew each time, because hours pass in between.
        let owner = server.owner().await.with("idempotency-key", "k1");
        owner.post(TASKS, json!({ "title": "a" })).await
    };
    again().await;
    // As after a crash between the change and the note of its answer.
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("UPDATE http_idempotency SET status = NULL, body = NULL").execute().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(again().await.problem(), "in_progress");
    server.app.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(again().await.problem(), "outcome_unknown");
    server.app.clock.advance(std::time::Duration::from_hours(24));
    assert_eq!(again().await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_commit_that_was_never_answered_is_not_made_twice() {
    on_postgres(|test| async move {
        let wire = CutWire::to(&test.config).await;
        let server = Server::start_over(wire.config()).await;
        for (title, cut, made) in
            [("kept all the same", Cut::AfterCommit, 1), ("lost on the way", Cut::BeforeCommit, 0)]
        {
            let before = total(&server).await;
            wire.cut(title, cut);
            let owner = server.owner().await.with("idempotency-key", &format!("k{made}"));
            for _ in 0..3 {
                let answer = owner.post(TASKS, json!({ "title": title })).await;
                assert_eq!(
                    (answer.status, answer.problem().as_str()),
                    (StatusCode::CONFLICT, "outcome_unknown")
                );
            }
            assert_eq!(total(&server).await - before, made, "{title}");
        }
    })
    .await;
}

#[tokio::test]
async fn keys_are_short_and_visible() {
    let server = Server::start().await;
    for key in ["", &"k".repeat(129)] {
        let answer =
            server.owner().await.with("idempotency-key", key).post(TASKS, json!({ "title": "a" })).await;
        assert_eq!(answer.problem(), "malformed");
    }
}
