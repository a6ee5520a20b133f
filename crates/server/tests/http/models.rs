//! Language models of a workspace: set up, checked, decided, and never with a key in an answer.

use axum::http::StatusCode;
use llm::scripted::{Act, Scripted};
use serde_json::{Value, json};

use crate::harness::{Caller, Server};

const MODELS: &str = "/api/v1/w/home/models";
const PROVIDERS: &str = "/api/v1/w/home/models/providers";
const KEY: &str = "sk-test-0123456789";

async fn add(owner: &Caller<'_>, name: &str) -> Value {
    let body =
        json!({ "kind": "openai", "name": name, "address": "https://models.example.org/v1", "key": KEY });
    let answer = owner.post(PROVIDERS, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert!(!answer.text().contains(KEY));
    answer.json()
}

#[tokio::test]
async fn a_provider_is_set_up_changed_and_removed_and_its_key_is_never_shown() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let added = add(&owner, "house").await;
    assert_eq!((added["has_key"].clone(), added["state"].clone()), (json!(true), json!("untested")));
    let one = format!("{PROVIDERS}/{}", added["id"].as_str().unwrap());

    let again = json!({ "kind": "ollama", "name": "house" });
    assert_eq!(owner.post(PROVIDERS, again).await.problem(), "invalid");
    let elsewhere = json!({ "version": 1, "address": "https://evil.example.org/v1" });
    let refused = owner.call("PATCH", &one, Some(elsewhere)).await;
    assert!(refused.text().contains("given again"), "{}", refused.text());
    let renamed =
        owner.call("PATCH", &one, Some(json!({ "version": 1, "name": "home", "enabled": false }))).await;
    assert_eq!(renamed.json()["version"], 2);
    assert_eq!(owner.call("PATCH", &one, Some(json!({ "version": 1, "name": "x" }))).await.status, 409);

    let route = json!({ "provider": added["provider"], "model": "m" });
    let decided = json!({ "version": 0, "routes": [route], "workspace": { "tokens": 5000 }, "person": {} });
    let decided = owner.call("PUT", MODELS, Some(decided)).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
    // It is switched off, so that nobody would be asked.
    assert_eq!(decided.json()["answers"], false);
    assert_eq!(decided.json()["workspace"]["limit"]["tokens"], 5000);
    assert!(!owner.get(MODELS).await.text().contains(KEY));

    assert_eq!(owner.call("DELETE", &format!("{one}?version=2"), None).await.status, StatusCode::NO_CONTENT);
    let left = owner.get(MODELS).await.json();
    assert_eq!((left["data"]["providers"].clone(), left["data"]["routes"].clone()), (json!([]), json!([])));
    // Nobody was decided on; to leave it to the server again takes a word.
    let undecided = json!({ "version": 2, "routes": null, "workspace": {}, "person": {} });
    let undecided = owner.call("PUT", MODELS, Some(undecided)).await;
    assert_eq!((undecided.status, undecided.json()["routes"].clone()), (StatusCode::OK, Value::Null));
    let used = owner.get(&format!("{MODELS}/use")).await.json();
    assert_eq!((used["days"].clone(), used["accounts"].clone()), (json!([]), json!([])));
}

#[tokio::test]
async fn a_check_says_what_is_wrong() {
    let server = Server::start().await;
    server.scripts.set(Scripted::new("house", vec![vec![Act::Fail(llm::Failure::BrokeOff("house".into()))]]));
    let owner = server.owner().await;
    let (house, other) = (add(&owner, "house").await, add(&owner, "other").await);
    let check = |which: &Value| format!("{MODELS}/check?provider={}", which["provider"].as_str().unwrap());
    let works = owner.call("POST", &check(&house), None).await;
    assert_eq!(works.json()["state"], "working", "{}", works.text());
    let refused = owner.call("POST", &check(&other), None).await.json();
    assert_eq!(refused["state"], "key_refused");
    assert!(refused["detail"].as_str().unwrap().contains("check it"));
    let listed = owner.get(MODELS).await.json();
    let states: Vec<_> =
        listed["data"]["providers"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["working", "key_refused"]);
    assert_eq!(owner.call("POST", &format!("{MODELS}/check?provider=nobody"), None).await.status, 404);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_its_reason() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let new = |kind: &str, address: &str, key: &str| json!({ "kind": kind, "name": "x", "address": address, "key": key });
    for (body, words) in [
        (new("openai", "nowhere", ""), "https://"),
        (new("openai", "https://me:pw@x.example/", ""), "without user"),
        (new("openai", "http://api.example.org/v1", KEY), "only sent over https"),
        (new("openai", "https://x.example/", "two words"), "visible characters"),
        (new("anthropic", "", ""), "without a key"),
        (json!({ "kind": "ollama", "name": " " }), "1 to 100"),
    ] {
        let answer = owner.post(PROVIDERS, body).await;
        assert_eq!(answer.problem(), "invalid");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    for (route, words) in [
        (json!({ "provider": "server:gone", "model": "m" }), "no provider"),
        (json!({ "provider": "house", "model": "m" }), "name a provider"),
    ] {
        let body = json!({ "version": 0, "routes": [route], "workspace": {}, "person": {} });
        let answer = owner.call("PUT", MODELS, Some(body)).await;
        assert_eq!(answer.problem(), "invalid");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
}
