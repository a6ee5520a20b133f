//! Things of one workspace, asked for through another one: each answers like a thing that is nowhere.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::harness::Server;
use crate::reports::analysed;

/// A document's id that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";
/// Whose text no answer may hold.
const CANARY: &str = "Canary";

/// Some value that the schema permits, with the members that are needed and no others.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let place = name.trim_start_matches('#');
        return example(document, document.pointer(place).unwrap());
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(one) =
            schema[several].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
        {
            return example(document, one);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let members =
                needed.map(|name| (name.to_owned(), example(document, &schema["properties"][name])));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        _ if schema["format"] == "uuid" => json!(NOTHING),
        _ => json!("text"),
    }
}

/// What the workspace `home` has, by the part of the address that stands before its id.
async fn things(server: &Server) -> BTreeMap<&'static str, String> {
    let owner = analysed(server).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let repo = owner.get("/api/v1/w/home/repos").await.json()["items"][0].clone();
    let repo_path = format!("/api/v1/w/home/repos/{}", text(&repo["slug"]));
    let analyses = owner.get(&format!("{repo_path}/analyses")).await.json();
    let findings = owner.get(&format!("{repo_path}/findings")).await.json();
    let task = owner.post("/api/v1/w/home/tasks", json!({ "title": CANARY })).await.json();
    let memory = owner.post("/api/v1/w/home/memories", json!({ "title": CANARY })).await;
    assert_eq!(memory.status, StatusCode::CREATED, "{}", memory.text());
    let invite = json!({ "email": "canary@example.org", "role": "member" });
    let invite = owner.post("/api/v1/w/home/invites", invite).await;
    assert_eq!(invite.status, StatusCode::CREATED, "{}", invite.text());
    let thread = owner.post("/api/v1/w/home/chat/threads", json!({ "title": CANARY })).await.json();
    let thread = format!("/api/v1/w/home/chat/threads/{}", text(&thread["id"]));
    let asked = owner.post(&format!("{thread}/messages"), json!({ "text": CANARY })).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    let thread = owner.get(&thread).await.json()["data"].clone();
    BTreeMap::from([
        ("threads", text(&thread["thread"]["id"])),
        ("messages", text(&thread["messages"][1]["id"])),
        ("repos", text(&repo["id"])),
        ("analyses", text(&analyses["items"][0]["id"])),
        ("findings", text(&findings["items"][0]["id"])),
        ("tasks", text(&task["key"])),
        ("memories", text(&memory.json()["id"])),
        ("invites", text(&invite.json()["invite"]["id"])),
    ])
}

/// The address with the first thing in it put in; `None` where it holds none of these.
fn filled(path: &str, things: &BTreeMap<&str, String>) -> Option<(String, String)> {
    let path = path.replace("{workspace}", "other");
    let parts: Vec<&str> = path.split('/').collect();
    let at = parts.iter().position(|part| part.starts_with('{'))?;
    let thing = things.get(parts[at - 1])?;
    let with = |first: &str| {
        let mut parts = parts.clone();
        parts[at] = first;
        let rest = parts.iter().map(|part| if part.starts_with('{') { NOTHING } else { part });
        rest.collect::<Vec<_>>().join("/")
    };
    let nothing = if parts[at] == "{key}" { "DEV-999" } else { NOTHING };
    Some((with(thing), with(nothing)))
}

#[tokio::test]
async fn things_of_another_workspace_answer_like_things_that_are_nowhere() {
    let server = Server::start().await;
    let things = things(&server).await;
    // The same person owns both, so that nothing but the workspace can be the reason.
    let owner = server.owner().await;
    let made = owner.post("/api/v1/workspaces", json!({ "name": "Other" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let document = serde_json::to_value(server::openapi()).unwrap();
    let (mut asked, mut unlike_404) = (0, Vec::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some((foreign, nothing)) = filled(path, &things) else { continue };
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = schema.is_object().then(|| example(&document, schema));
            let needed = operation["parameters"].as_array().into_iter().flatten();
            let query: Vec<String> = needed
                .filter(|one| one["in"] == "query" && one["required"] == true)
                .map(|one| {
                    let value = example(&document, &one["schema"]);
                    format!("{}={}", one["name"].as_str().unwrap(), value.to_string().trim_matches('"'))
                })
                .collect();
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            let foreign = owner.call(&method, &format!("{foreign}{query}"), body.clone()).await;
            let nothing = owner.call(&method, &format!("{nothing}{query}"), body).await;
            let text =
                |answer: &crate::harness::Answer| answer.text().replace(answer.header("x-request-id"), "");
            assert_eq!(foreign.status, nothing.status, "{method} {path}: {}", foreign.text());
            assert_eq!(text(&foreign), text(&nothing), "{method} {path}");
            assert!(!foreign.text().contains(CANARY), "{method} {path}");
            asked += 1;
            if foreign.status != StatusCode::NOT_FOUND {
                unlike_404.push(format!("{method} {path}: {}", foreign.status));
            }
        }
    }
    println!(
        "{asked} operations asked for things of another workspace; refused before it was looked for: {unlike_404:?}"
    );
    assert!(asked >= 40 && unlike_404.len() * 10 <= asked, "{asked} {unlike_404:?}");
    // And everything is still there.
    for (kind, id) in &things {
        if matches!(*kind, "repos" | "analyses" | "tasks" | "memories") {
            let there = owner.get(&format!("/api/v1/w/home/{kind}/{id}")).await;
            assert_eq!(there.status, StatusCode::OK, "{kind}: {}", there.text());
        }
    }
}
