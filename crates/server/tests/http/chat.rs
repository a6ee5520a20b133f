//! Conversations with the mentor: what is kept, what is sent, and what a model's words can do.

mod answers;
mod bounds;
mod broken;
mod hostile;
mod kept;
mod sharing;

use axum::http::StatusCode;
use base::id::UserId;
use chat::{NewQuestion, NewThread, Turn};
use llm::scripted::{Act, Scripted};
use llm::{Part, Stop, Usage};
use serde_json::{Value, json};

use crate::harness::{Caller, Server};

const CHAT: &str = "/api/v1/w/home/chat";

pub(super) fn says(words: &[&str]) -> Vec<Act> {
    let mut acts: Vec<Act> = words.iter().map(|word| Act::Say(Part::Text((*word).to_owned()))).collect();
    acts.push(Act::Say(Part::Used(Usage { input: 10, output: 5 })));
    acts.push(Act::Say(Part::Ended(Stop::Done)));
    acts
}

/// Has the workspace ask these providers, in this order.
pub(super) async fn models(server: &Server, owner: &Caller<'_>, providers: Vec<Scripted>) {
    use llm::Provider as _;
    let mut routes = Vec::new();
    for provider in providers {
        let name = provider.name().to_owned();
        server.scripts.set(provider);
        let body = json!({ "kind": "openai", "name": name, "address": "https://models.example.org/v1", "key": "sk-1" });
        let added = owner.post("/api/v1/w/home/models/providers", body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
        routes.push(json!({ "provider": added.json()["provider"], "model": "m", "input_price": 1_000_000 }));
    }
    let version = owner.get("/api/v1/w/home/models").await.json()["data"]["version"].clone();
    let body = json!({ "version": version, "routes": routes, "workspace": {}, "person": {} });
    let decided = owner.call("PUT", "/api/v1/w/home/models", Some(body)).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
}

pub(super) async fn thread(owner: &Caller<'_>) -> String {
    let begun = owner.post(&format!("{CHAT}/threads"), json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
    begun.json()["id"].as_str().unwrap().to_owned()
}

/// Asks, and gives the events.
pub(super) async fn ask(owner: &Caller<'_>, thread: &str, body: Value) -> Vec<Value> {
    let answer = owner.post(&format!("{CHAT}/threads/{thread}/messages"), body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = answer.text();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let events: Vec<Value> = data.map(|data| serde_json::from_str(data).unwrap()).collect();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(names, types);
    assert_eq!((types[0], types[types.len() - 1]), ("asked", "ended"), "{text}");
    events
}

pub(super) fn ended(events: &[Value]) -> &Value {
    &events[events.len() - 1]["message"]
}

pub(super) async fn remember(owner: &Caller<'_>, title: &str, text: &str) -> Value {
    let saved = owner.post("/api/v1/w/home/memories", json!({ "title": title, "text": text })).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.text());
    saved.json()
}

/// Somebody else in the workspace.
pub(super) async fn member<'a>(server: &'a Server, name: &str, role: &str) -> (Caller<'a>, UserId) {
    let user: UserId = server.app.ids.new_id();
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("INSERT INTO identity_user (id, handle, name, created_at, version) VALUES ($1, $2, $2, 1, 1)")
        .bind(user)
        .bind(name)
        .execute()
        .await
        .unwrap();
    tx.query("INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, 1)")
        .bind(server.owner.workspace)
        .bind(user)
        .bind(role)
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let link = server.app.identity.new_link(user).await.unwrap();
    let body = json!({ "token": link.expose(), "hand_over": "token" });
    let token = server.anonymous().post("/api/v1/session", body).await.json()["token"].clone();
    (server.anonymous().with("authorization", &format!("Bearer {}", token.as_str().unwrap())), user)
}

pub(super) async fn begun(server: &Server) -> chat::Thread {
    server.app.mentor.chats().begin(&server.owner, NewThread::default()).await.unwrap()
}

pub(super) fn question(text: &str, turn: Turn) -> NewQuestion {
    let (mode, asked) = (chat::Mode::Answer, chat::Asked::default());
    NewQuestion { text: text.to_owned(), mode, asked, turn }
}
