//! How much may be asked, and how often the same.

use std::sync::Arc;

use axum::http::StatusCode;
use chat::Turn;
use llm::Part;
use llm::scripted::{Act, Scripted};
use mentor::answer::Said;
use serde_json::{Value, json};
use server::Quotas;
use storage::testing::each_engine;
use tokio::sync::Notify;

use super::{CHAT, ask, begun, ended, models, question, says, thread};
use crate::harness::Server;

#[tokio::test]
async fn a_budget_that_is_used_up_leaves_the_evidence() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let model = Scripted::new("house", vec![says(&["Never."])]);
    let seen = model.seen();
    models(&server, &owner, vec![model]).await;
    let now = owner.get("/api/v1/w/home/models").await.json()["data"].clone();
    let routes: Vec<Value> = now["routes"].as_array().unwrap().clone();
    let body =
        json!({ "version": now["version"], "routes": routes, "workspace": {}, "person": { "tokens": 10 } });
    let decided = owner.call("PUT", "/api/v1/w/home/models", Some(body)).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
    let id = thread(&owner).await;
    let events = ask(&owner, &id, json!({ "text": "Why?" })).await;
    let writer = &ended(&events)["answer"]["writer"];
    assert_eq!(writer["why"], "over_budget", "{writer}");
    assert!(seen.lock().unwrap().asked.is_empty());
}

#[tokio::test]
async fn a_question_that_is_sent_twice_under_one_key_is_asked_once() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let model = Scripted::new("house", vec![says(&["Because."]), says(&["Never."])]);
        let seen = model.seen();
        models(&server, &owner, vec![model]).await;
        let id = thread(&owner).await;
        let named = owner.clone().with("idempotency-key", "one");
        let question = json!({ "text": "Why?" });
        ask(&named, &id, question.clone()).await;
        for _ in 0..2 {
            let again = named.post(&format!("{CHAT}/threads/{id}/messages"), question.clone()).await;
            assert_eq!((again.status, again.problem().as_str()), (StatusCode::CONFLICT, "asked_already"));
            assert!(again.text().contains(&format!("chat/threads/{id}")), "{}", again.text());
        }
        let read = owner.get(&format!("{CHAT}/threads/{id}")).await.json();
        assert_eq!(read["data"]["messages"].as_array().unwrap().len(), 2);
        assert_eq!(seen.lock().unwrap().asked.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_was_refused_leaves_its_key_free() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let id = thread(&owner).await;
    let named = owner.clone().with("idempotency-key", "one");
    let path = format!("{CHAT}/threads/{id}/messages");
    assert_eq!(named.post(&path, json!({ "text": " " })).await.problem(), "invalid");
    ask(&named, &id, json!({ "text": "Why?" })).await;
}

#[tokio::test]
async fn a_person_has_a_few_answers_in_the_making_and_is_told_when_there_is_a_place() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let waits = || vec![Act::Say(Part::Text("Half".into())), Act::Wait(Arc::new(Notify::new()))];
    let model = Scripted::new("house", (0..4).map(|_| waits()).chain([says(&["Whole."])]).collect());
    models(&server, &owner, vec![model]).await;
    let mentor = &server.app.mentor;
    let mut all = Vec::new();
    for number in 0..4 {
        let thread = begun(&server).await;
        // Whoever asks the same as somebody else at the same time hears the same.
        let question = question(&format!("why the number {number}"), Turn::Next);
        let mut asked = mentor.ask(&server.owner, thread.id, question, false).await.unwrap();
        while asked.said.recv().await.unwrap() != Said::Text("Half".into()) {}
        all.push(asked);
    }
    let id = thread(&owner).await;
    let refused = owner.post(&format!("{CHAT}/threads/{id}/messages"), json!({ "text": "Why?" })).await;
    assert_eq!(
        (refused.status, refused.problem().as_str(), refused.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_answers", "5")
    );
    let read = owner.get(&format!("{CHAT}/threads/{id}")).await.json();
    assert_eq!(read["data"]["messages"], json!([]), "nothing was asked");
    all.pop();
    // The place is free once what was said is kept.
    let events = loop {
        let answer = owner.post(&format!("{CHAT}/threads/{id}/messages"), json!({ "text": "Why?" })).await;
        if answer.status == StatusCode::OK {
            break answer.text();
        }
        assert_eq!(answer.problem(), "too_many_answers");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert!(events.contains("Whole."), "{events}");
}

#[tokio::test]
async fn questions_and_looks_at_them_count_by_themselves() {
    let quotas = Quotas { reads: 100, changes: 100, analyses: 1, questions: 2, sign_ins: 5 };
    let server = Server::start_with(|config| config.quotas = Some(quotas)).await;
    let owner = server.owner().await;
    let id = thread(&owner).await;
    let preview = async || owner.post(&format!("{CHAT}/preview"), json!({ "text": "Why?" })).await;
    assert_eq!(preview().await.status, StatusCode::OK);
    ask(&owner, &id, json!({ "text": "Why?" })).await;
    let refused = preview().await;
    assert_eq!(refused.problem(), "rate_limited");
    assert!(refused.header("ratelimit").starts_with("\"ask\";r=0;"), "{}", refused.header("ratelimit"));
    thread(&owner).await;
}
