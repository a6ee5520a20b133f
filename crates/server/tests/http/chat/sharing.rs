//! Who reads what, and what is gone when it was forgotten.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use chat::{NewThread, State, Turn};
use jobs::{Handlers, Runner, RunnerOptions};
use llm::Part;
use llm::scripted::{Act, Scripted};
use mentor::answer::Said;
use serde_json::json;
use storage::testing::each_engine;
use tokio::sync::Notify;

use super::{CHAT, ask, begun, ended, member, models, question, remember, says, thread};
use crate::harness::Server;

#[tokio::test]
async fn a_conversation_is_its_authors_until_it_is_shared() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let (ana, _) = member(&server, "ana", "member").await;
        let private = json!({ "title": "The client retries in secret", "scope": "private" });
        assert_eq!(owner.post("/api/v1/w/home/memories", private).await.status, StatusCode::CREATED);
        let forgotten = remember(&owner, "The client retries three times", "").await;
        let id = thread(&owner).await;
        let events = ask(&owner, &id, json!({ "text": "How does the client retry?" })).await;
        let message = ended(&events)["id"].as_str().unwrap().to_owned();
        let one = format!("{CHAT}/threads/{id}");
        assert_eq!(ana.get(&one).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ana.get(&format!("{CHAT}/threads")).await.json()["total"], 0);
        assert_eq!(ana.get(&format!("{CHAT}/messages/{message}/sent")).await.status, StatusCode::NOT_FOUND);

        let version = owner.get(&one).await.json()["data"]["thread"]["version"].clone();
        let share = json!({ "version": version, "shared": true });
        let refused = owner.call("PATCH", &one, Some(share.clone())).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::CONFLICT, "rests_on_private"));
        assert_eq!(ana.get(&one).await.status, StatusCode::NOT_FOUND);
        let mut share = share;
        share["with_private"] = json!(true);
        let shared = owner.call("PATCH", &one, Some(share)).await;
        assert_eq!(shared.status, StatusCode::OK, "{}", shared.text());
        let read = ana.get(&one).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(
            read.text().contains("retries three times") && !read.text().contains("in secret"),
            "{}",
            read.text()
        );
        assert_eq!(read.json()["data"]["thread"]["can"]["ask"], false);
        let asked = ana.post(&format!("{one}/messages"), json!({ "text": "And?" })).await;
        assert_eq!(asked.problem(), "not_author");
        let rated = json!({ "rating": "up" });
        let rating = format!("{CHAT}/messages/{message}/rating");
        assert_eq!(ana.call("PUT", &rating, Some(rated.clone())).await.problem(), "not_author");
        assert_eq!(owner.call("PUT", &rating, Some(rated)).await.json()["rating"], "up");
        assert_eq!(ana.get(&format!("{CHAT}/messages/{message}/sent")).await.status, StatusCode::NOT_FOUND);

        // What is forgotten is gone from what was said about it too.
        let place = format!("/api/v1/w/home/memories/{}?version=1", forgotten["id"].as_str().unwrap());
        assert_eq!(owner.call("DELETE", &place, None).await.status, StatusCode::NO_CONTENT);
        assert!(!owner.get(&one).await.text().contains("retries three times"));
        let (detail,): (String,) = server
            .app
            .db
            .query("SELECT detail FROM chat_message WHERE speaker = 'mentor'")
            .one()
            .await
            .unwrap();
        assert!(!detail.contains("retries three times"), "{detail}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_others_read_rests_on_nothing_private() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let private = json!({ "title": "The client retries in secret", "scope": "private" });
    let private = owner.post("/api/v1/w/home/memories", private).await.json();
    remember(&owner, "The client retries three times", "").await;
    let id = thread(&owner).await;
    let one = format!("{CHAT}/threads/{id}");
    let shared = owner.call("PATCH", &one, Some(json!({ "version": 1, "shared": true }))).await;
    assert_eq!(shared.status, StatusCode::OK, "{}", shared.text());
    let attached = json!([{ "kind": "memory", "id": private["id"] }]);
    let question = json!({ "text": "How does the client retry?", "attached": attached, "thread": id });
    let preview = owner.post(&format!("{CHAT}/preview"), question.clone()).await.text();
    assert!(preview.contains("three times") && !preview.contains("in secret"), "{preview}");
    let mut question = question;
    question.as_object_mut().unwrap().remove("thread");
    let events = ask(&owner, &id, question).await;
    let answer = ended(&events).to_string();
    assert!(answer.contains("three times") && !answer.contains("in secret"), "{answer}");
}

#[tokio::test]
async fn what_is_forgotten_while_an_answer_is_written_is_not_in_it() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let go = Arc::new(Notify::new());
        let rest = says(&[" of it"]);
        let acts = [vec![Act::Say(Part::Text("Half".into())), Act::Wait(Arc::clone(&go))], rest].concat();
        models(&server, &owner, vec![Scripted::new("house", vec![acts])]).await;
        let memory = remember(&owner, "The client retries three times", "").await;
        let thread = begun(&server).await;
        let asked = question("How does the client retry?", Turn::Next);
        let mut asked = server.app.mentor.ask(&server.owner, thread.id, asked, false).await.unwrap();
        while asked.said.recv().await.unwrap() != Said::Text("Half".into()) {}
        let stored = async || {
            let kept = server.app.db.query("SELECT body, detail FROM chat_message WHERE speaker = 'mentor'");
            kept.one::<(String, String)>().await.unwrap()
        };
        // With its first words it is stored what they rest on, so that a lost answer can be judged, too.
        let kept = async {
            loop {
                match stored().await {
                    (body, detail) if body == "Half" => break detail,
                    _ => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        let detail = tokio::time::timeout(Duration::from_secs(10), kept).await.expect("kept every second");
        assert!(detail.contains("three times"), "{detail}");
        let place = format!("/api/v1/w/home/memories/{}?version=1", memory["id"].as_str().unwrap());
        assert_eq!(owner.call("DELETE", &place, None).await.status, StatusCode::NO_CONTENT);
        assert!(!stored().await.1.contains("three times"));
        go.notify_one();
        let answer = loop {
            if let Said::Ended(answer) = asked.said.recv().await.unwrap() {
                break answer;
            }
        };
        assert_eq!(answer.text, "Half of it");
        assert!(answer.facts.sources.len() == 1 && answer.facts.sources[0].is_hidden(), "{answer:?}");
        let kept = server.app.db.query("SELECT detail, sent FROM chat_message WHERE speaker = 'mentor'");
        let (detail, sent) = kept.one::<(String, Option<String>)>().await.unwrap();
        assert!(!detail.contains("three times") && sent.is_none(), "{detail}");
    })
    .await;
}

#[tokio::test]
async fn the_code_of_a_removed_repository_goes_from_answers() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let repos = "/api/v1/w/home/repos";
    let body = json!({ "source": "https://git.example.org/team/web.git" });
    let repo = owner.post(repos, body).await.json()["id"].as_str().unwrap().to_owned();
    let chats = server.app.mentor.chats();
    let new = NewThread { title: None, repo: Some(repo.parse().unwrap()) };
    let thread = chats.begin(&server.owner, new).await.unwrap().id;
    let mut answer = chats.ask(&server.owner, thread, question("why", Turn::Next)).await.unwrap().answer;
    (answer.state, answer.text) = (State::Done, "What was said".to_owned());
    let code = json!({
        "number": 1, "kind": "code", "key": "code:a", "name": "a.rs", "why": "", "terms": [], "by_person": false,
        "score": 0.5, "tokens": 1, "text": "fn code()", "place": null, "id": null, "owner": null
    });
    answer.facts.sources = vec![serde_json::from_value(code).unwrap()];
    chats.finish(server.owner.workspace, answer, None).await.unwrap();
    let one = format!("{CHAT}/threads/{thread}");
    assert!(owner.get(&one).await.text().contains("fn code()"));
    let removed = owner.call("DELETE", &format!("{repos}/{repo}"), None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text());
    let read = owner.get(&one).await.text();
    assert!(!read.contains("fn code()") && read.contains("What was said"), "{read}");
}

#[tokio::test]
async fn what_was_deleted_goes_from_conversations_some_minutes_later_at_the_latest() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let (owner, app) = (server.owner().await, &server.app);
        let body = json!({ "source": "https://git.example.org/team/web.git" });
        let repo = owner.post("/api/v1/w/home/repos", body).await.json()["id"].as_str().unwrap().to_owned();
        let memory = remember(&owner, "The client retries three times", "").await["id"].as_str().unwrap().to_owned();
        let stays = remember(&owner, "The server waits for a minute", "").await["id"].as_str().unwrap().to_owned();
        let new = NewThread { title: None, repo: Some(repo.parse().unwrap()) };
        let chats = app.mentor.chats();
        let thread = chats.begin(&server.owner, new).await.unwrap().id;
        let mut answer = chats.ask(&server.owner, thread, question("why", Turn::Next)).await.unwrap().answer;
        answer.state = State::Done;
        let source = |number: u32, kind: &str, key: String, text: &str| {
            let source = json!({
                "number": number, "kind": kind, "key": key, "name": "n", "why": "", "terms": [], "by_person": false,
                "score": 0.5, "tokens": 1, "text": text, "place": null, "id": null, "owner": null
            });
            serde_json::from_value(source).unwrap()
        };
        answer.facts.sources = vec![
            source(1, "code", "code:a".to_owned(), "fn code()"),
            source(2, "memory", format!("memory:{memory}"), "three times"),
            source(3, "memory", format!("memory:{stays}"), "a minute"),
        ];
        chats.finish(server.owner.workspace, answer, Some("sent")).await.unwrap();
        let change = async |statement: &'static str| {
            let mut tx = app.db.begin().await.unwrap();
            tx.query(statement).execute().await.unwrap();
            tx.commit().await.unwrap();
        };
        let stored = async || {
            let kept = app.db.query("SELECT detail FROM chat_message WHERE speaker = 'mentor'");
            kept.one::<(String,)>().await.unwrap().0
        };
        // Nothing can be taken out while both are deleted, and somebody was too slow to delete the other.
        change("UPDATE chat_message SET detail = 'damaged:' || detail").await;
        for (path, status) in [
            (format!("/api/v1/w/home/memories/{memory}?version=1"), StatusCode::NO_CONTENT),
            (format!("/api/v1/w/home/memories/{stays}?version=7"), StatusCode::CONFLICT),
            (format!("/api/v1/w/home/repos/{repo}"), StatusCode::NO_CONTENT),
        ] {
            assert_eq!(owner.call("DELETE", &path, None).await.status, status, "{path}");
        }
        change("UPDATE chat_message SET detail = replace(detail, 'damaged:', '')").await;
        assert!(stored().await.contains("fn code()") && stored().await.contains("three times"));
        app.clock.advance(Duration::from_mins(5));
        let handlers = app.mentor.handlers(&app.identity, &app.cache, Handlers::new());
        Runner::new(app.jobs.clone(), handlers, RunnerOptions::default()).run_until_idle().await.unwrap();
        let detail = stored().await;
        assert!(!detail.contains("fn code()") && !detail.contains("three times"), "{detail}");
        assert!(detail.contains("a minute"), "{detail}");
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_see_a_memory_takes_it_out_of_nobodys_answer() {
    let server = Server::start().await;
    let (owner, app) = (server.owner().await, &server.app);
    let (ana, _) = member(&server, "ana", "member").await;
    let private = json!({ "title": "The client retries in secret", "scope": "private" });
    let private = owner.post("/api/v1/w/home/memories", private).await.json();
    let id = thread(&owner).await;
    let events = ask(&owner, &id, json!({ "text": "How does the client retry?" })).await;
    assert!(ended(&events).to_string().contains("in secret"));

    let path = format!("/api/v1/w/home/memories/{}?version=1", private["id"].as_str().unwrap());
    assert_eq!(ana.call("DELETE", &path, None).await.status, StatusCode::NOT_FOUND);
    app.clock.advance(Duration::from_mins(5));
    let handlers = app.mentor.handlers(&app.identity, &app.cache, Handlers::new());
    Runner::new(app.jobs.clone(), handlers, RunnerOptions::default()).run_until_idle().await.unwrap();
    let kept = server.owner().await.get(&format!("{CHAT}/threads/{id}")).await.json();
    assert!(kept["data"]["messages"][1].to_string().contains("in secret"), "{kept}");
}
