//! What an answer is made of, and how it comes.

use axum::http::StatusCode;
use llm::scripted::Scripted;
use serde_json::{Value, json};
use storage::testing::each_engine;

use super::{CHAT, ask, ended, models, remember, says, thread};
use crate::harness::Server;

#[tokio::test]
async fn without_a_model_the_sources_are_the_answer() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        remember(&owner, "The client retries three times", "Retries wait 1, 2 and 4 seconds.").await;
        remember(&owner, "Lunch is at noon", "").await;
        let id = thread(&owner).await;
        let events = ask(&owner, &id, json!({ "text": "How often does the client retry?" })).await;
        let answer = ended(&events);
        assert_eq!(answer["state"], "done");
        let facts = &answer["answer"];
        assert_eq!(
            (&facts["writer"]["kind"], &facts["writer"]["why"]),
            (&json!("nobody"), &json!("no_model"))
        );
        assert_eq!(facts["sources"][0]["name"], "The client retries three times");
        assert!(facts["sources"][0]["terms"].as_array().unwrap().len() >= 2);
        assert_eq!((&facts["direct"], &facts["template"]), (&json!(true), &Value::Null), "{facts:#}");

        let events = ask(&owner, &id, json!({ "text": "Which zebra paints quantum violins?" })).await;
        let text = ended(&events)["text"].as_str().unwrap();
        assert!(
            text.starts_with("No passage answers this directly") || text.starts_with("Nothing was found")
        );

        let read = owner.get(&format!("{CHAT}/threads/{id}")).await.json()["data"].clone();
        assert_eq!(read["thread"]["title"], "How often does the client retry?");
        assert_eq!(read["messages"].as_array().unwrap().len(), 4);
        assert_eq!(read["messages"][1]["answer"], *facts);
        let sent = owner.get(&format!("{CHAT}/messages/{}/sent", answer["id"].as_str().unwrap())).await;
        assert_eq!(sent.json()["data"]["prompt"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn an_answer_streams_is_checked_and_says_what_was_sent() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let model = Scripted::new("house", vec![says(&["Three ", "times [1], or so [7]. `a[2]`"])]);
        let seen = model.seen();
        models(&server, &owner, vec![model]).await;
        let secret = "AKIAIOSFODNN7EXAMPLQ";
        remember(&owner, "The client retries three times", &format!("key = \"{secret}\"")).await;
        let id = thread(&owner).await;
        let question = json!({ "text": "How often does the client retry? Ask someone@our-team.dev" });
        let mut preview = question.clone();
        preview["thread"] = json!(id);
        let preview = owner.post(&format!("{CHAT}/preview"), preview).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.text());
        let preview = preview.json();
        assert_eq!(preview["to"][0]["host"], "models.example.org");
        assert_eq!(preview["to"][0]["leaves"], true);
        assert!(preview["to"][0]["most_micros"].as_u64().unwrap() > 0);
        assert!(preview["tokens"].as_u64().unwrap() < preview["limit"].as_u64().unwrap());
        assert!(seen.lock().unwrap().asked.is_empty(), "a preview asks nobody");

        let events = ask(&owner, &id, question).await;
        let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
        let place = |name| types.iter().position(|it| *it == name).unwrap();
        assert!(place("step") < place("sources") && place("sources") < place("text"), "{types:?}");
        let text: String = events.iter().filter_map(|event| event["text"].as_str()).collect();
        assert_eq!(text, "Three times [1], or so [7]. `a[2]`");
        let answer = ended(&events);
        assert_eq!((&answer["state"], &answer["text"]), (&json!("done"), &json!(text)));
        let cited = [json!({ "number": 1, "supported": true }), json!({ "number": 7, "supported": false })];
        assert_eq!(answer["answer"]["citations"], json!(cited));
        assert_eq!(answer["answer"]["template"], "answer 1");
        assert_eq!(answer["answer"]["writer"]["input_tokens"], 10);

        let sent = owner.get(&format!("{CHAT}/messages/{}/sent", answer["id"].as_str().unwrap())).await;
        let sent = sent.json()["data"].clone();
        assert_eq!(sent["prompt"], preview["prompt"], "what was sent is what was shown, to the byte");
        let request = seen.lock().unwrap().asked[0].1.clone();
        assert_eq!(request.system.as_str(), sent["prompt"]["system"]);
        let turns: Vec<&str> = request.turns.iter().map(|turn| turn.text.as_str()).collect();
        let shown: Vec<&str> = sent["prompt"]["turns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|turn| turn["text"].as_str().unwrap())
            .collect();
        assert_eq!(turns, shown);
        let all = turns.join("\n");
        assert!(!all.contains(secret) && !all.contains("someone@our-team.dev"), "{all}");
        let removed = sent["prompt"]["removed"].as_array().unwrap();
        let kinds: Vec<&str> = removed.iter().map(|it| it["what"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"secret") && kinds.contains(&"email"), "{kinds:?}");
    })
    .await;
}

#[tokio::test]
async fn asking_again_and_editing_replace_what_followed() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let model = Scripted::new(
            "house",
            vec![says(&["One."]), says(&["Two."]), says(&["Three."]), says(&["Four."])],
        );
        let seen = model.seen();
        models(&server, &owner, vec![model]).await;
        let id = thread(&owner).await;
        let texts = async || -> Vec<String> {
            let read = owner.get(&format!("{CHAT}/threads/{id}")).await.json();
            let messages = read["data"]["messages"].as_array().unwrap().clone();
            messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
        };
        let first = ask(&owner, &id, json!({ "text": "First?" })).await;
        ask(&owner, &id, json!({ "text": "Second?" })).await;
        assert_eq!(texts().await, ["First?", "One.", "Second?", "Two."]);
        let last = seen.lock().unwrap().asked[1].1.clone();
        assert_eq!(last.turns.len(), 3, "what was said before is said again");

        ask(&owner, &id, json!({ "again": ended(&first)["id"] })).await;
        assert_eq!(texts().await, ["First?", "Three."]);
        let question = first[0]["question"]["id"].clone();
        ask(&owner, &id, json!({ "text": "Better?", "instead_of": question })).await;
        assert_eq!(texts().await, ["Better?", "Four."]);

        let path = format!("{CHAT}/threads/{id}/messages");
        for (body, words) in [
            (json!({ "text": " " }), "write what you want to know"),
            (json!({ "text": "x", "again": question }), "leave the text out"),
            (json!({ "text": "x".repeat(32_001) }), "at most 32000"),
        ] {
            let refused = owner.post(&path, body).await;
            assert_eq!(refused.problem(), "invalid");
            assert!(refused.text().contains(words), "{}", refused.text());
        }
    })
    .await;
}

#[tokio::test]
async fn a_prompt_that_is_too_long_says_so() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let model = Scripted::new("house", vec![says(&["Never."])]);
    models(&server, &owner, vec![model]).await;
    let now = owner.get("/api/v1/w/home/models").await.json()["data"].clone();
    let mut routes = now["routes"].clone();
    routes[0]["context_tokens"] = json!(2_048);
    let body = json!({ "version": now["version"], "routes": routes, "workspace": {}, "person": {} });
    assert_eq!(owner.call("PUT", "/api/v1/w/home/models", Some(body)).await.status, StatusCode::OK);
    let id = thread(&owner).await;
    let text = "Why does it fail? ".repeat(400);
    let preview = owner.post(&format!("{CHAT}/preview"), json!({ "text": text })).await;
    assert_eq!(preview.problem(), "invalid");
    let events = ask(&owner, &id, json!({ "text": text })).await;
    assert_eq!(ended(&events)["state"], "failed");
    assert!(ended(&events)["answer"]["note"].as_str().unwrap().contains("shorten it"));

    let attached = json!([{ "kind": "snippet", "name": "the log", "text": "line ".repeat(2_000) }]);
    let events = ask(&owner, &id, json!({ "text": "Why?", "attached": attached })).await;
    assert_eq!(ended(&events)["answer"]["left_out"], json!(["the log"]));
}
