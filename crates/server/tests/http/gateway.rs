//! The workspace's models for other programs: OpenAI's shapes, and the same rules as for everybody else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::StreamExt as _;
use llm::scripted::{Act, Scripted, Seen};
use llm::{Failure, Part, Provider as _, Stop, Usage};
use serde_json::{Value, json};
use storage::testing::each_engine;
use tokio::sync::Notify;

use crate::harness::{Answer, Caller, Server};

const COMPLETIONS: &str = "/v1/chat/completions";
const MODELS: &str = "/api/v1/w/home/models";

fn says(words: &[&str]) -> Vec<Act> {
    let mut acts: Vec<Act> = words.iter().map(|word| Act::Say(Part::Text((*word).to_owned()))).collect();
    acts.push(Act::Say(Part::Used(Usage { input: 10, output: 5 })));
    acts.push(Act::Say(Part::Ended(Stop::Done)));
    acts
}

/// Has a workspace ask these providers in this order, each for the model of its name.
async fn ask_them(
    server: &Server,
    owner: &Caller<'_>,
    workspace: &str,
    providers: Vec<Scripted>,
    budget: Value,
) {
    let models = format!("/api/v1/w/{workspace}/models");
    let mut routes = Vec::new();
    for provider in providers {
        let name = provider.name().to_owned();
        server.scripts.set(provider);
        let body = json!({ "kind": "openai", "name": name, "address": "https://models.example.org/v1", "key": "sk-1" });
        let added = owner.post(&format!("{models}/providers"), body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
        routes.push(json!({
            "provider": added.json()["provider"], "model": format!("{name}-1"), "input_price": 1_000_000,
            "context_tokens": 8_192,
        }));
    }
    let body = json!({ "version": 0, "routes": routes, "workspace": {}, "person": budget });
    let decided = owner.call("PUT", &models, Some(body)).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
}

/// A program of the owner's in that workspace.
async fn program<'a>(server: &'a Server, owner: &Caller<'_>, workspace: &str, scope: &str) -> Caller<'a> {
    let body = json!({ "name": "editor", "workspace": workspace, "scopes": [scope] });
    let made = owner.post("/api/v1/me/tokens", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    server.anonymous().with("authorization", &format!("Bearer {secret}"))
}

/// A server whose workspace asks one provider, what that saw, and a program.
async fn with_model(server: &Server, acts: Vec<Vec<Act>>) -> (Caller<'_>, Arc<Mutex<Seen>>) {
    let owner = server.owner().await;
    let provider = Scripted::new("house", acts);
    let seen = provider.seen();
    ask_them(server, &owner, "home", vec![provider], json!({})).await;
    (program(server, &owner, "home", "model.use").await, seen)
}

fn question(text: &str) -> Value {
    json!({ "model": "devmentor", "messages": [{ "role": "user", "content": text }] })
}

fn streamed(text: &str) -> Value {
    let mut body = question(text);
    (body["stream"], body["stream_options"]) = (json!(true), json!({ "include_usage": true }));
    body
}

/// The code of a failure, once everything about its shape is as it should be.
fn failure(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let error = answer.json()["error"].clone();
    assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{error}");
    assert!(error["type"].is_string() && (error["param"].is_string() || error["param"].is_null()), "{error}");
    error["code"].as_str().unwrap().to_owned()
}

/// What the events of a stream say; `[DONE]` as a text.
fn events(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data))).collect()
}

#[tokio::test]
async fn a_whole_answer_has_the_published_shape_and_is_in_the_books() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let (program, seen) = with_model(&server, vec![says(&["Three ", "times."])]).await;
        let listed = program.get("/v1/models").await.json();
        let names: Vec<_> = listed["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!((json!(names), &listed["object"]), (json!(["devmentor", "house-1"]), &json!("list")));
        assert_eq!(program.get("/v1/models/house-1").await.json()["owned_by"], "house");
        assert_eq!(failure(&program.get("/v1/models/of/nobody").await, 404), "model_not_found");

        let mut body = question("How often?");
        body["messages"].as_array_mut().unwrap().insert(0, json!({ "role": "system", "content": "Be short." }));
        (body["model"], body["max_tokens"], body["temperature"]) = (json!("house-1"), json!(99), json!(0));
        let answer = program.post(COMPLETIONS, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let told = answer.json();
        assert_eq!((told["object"].as_str(), told["created"].as_i64()), (Some("chat.completion"), Some(1_795_339_920)));
        assert!(told["id"].as_str().unwrap().ends_with(answer.header("x-request-id")));
        assert_eq!(told["model"], "house-1");
        let said = json!({ "role": "assistant", "content": "Three times.", "refusal": null });
        assert_eq!((&told["choices"][0]["message"], &told["choices"][0]["finish_reason"]), (&said, &json!("stop")));
        assert_eq!(told["usage"], json!({ "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15 }));
        let besides = json!({ "provider": "house", "missed": [], "redacted": [], "micros": 10, "ignored": ["temperature"] });
        assert_eq!(told["devmentor"], besides);
        let (model, request) = seen.lock().unwrap().asked[0].clone();
        assert_eq!((model.as_str(), request.system.as_str(), request.most_tokens), ("house-1", "Be short.", 99));

        let owner = server.owner().await;
        let booked = async || {
            let accounts = owner.get(&format!("{MODELS}/use")).await.json()["accounts"].clone();
            accounts.as_array().unwrap().iter().any(|one| one["name"] == "gateway" && one["input_tokens"] == 10)
        };
        let soon = tokio::time::timeout(Duration::from_secs(10), async {
            while !booked().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        soon.await.expect("it is in the books");
    })
    .await;
}

#[tokio::test]
async fn a_stream_has_the_published_shape_and_says_who_answered() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let down = Failure::Down { provider: "first".into(), detail: "nobody is there".into() };
    let first = Scripted::new("first", vec![vec![Act::Fail(down)]]);
    let second = Scripted::new("second", vec![says(&["Three ", "times."])]);
    ask_them(&server, &owner, "home", vec![first, second], json!({})).await;
    let program = program(&server, &owner, "home", "model.use").await;
    let answer = program.post(COMPLETIONS, streamed("How often?")).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/event-stream"));
    let events = events(&answer.text());
    let id = &events[0]["id"];
    let parts = &events[..events.len() - 1];
    assert!(
        parts.iter().all(|part| &part["id"] == id && part["object"] == "chat.completion.chunk"),
        "{events:#?}"
    );
    assert_eq!(events[0]["choices"][0]["delta"], json!({ "role": "assistant", "content": "" }));
    let text: String =
        parts.iter().filter_map(|part| part["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(text, "Three times.");
    let [.., last, used, done] = events.as_slice() else { panic!("{events:#?}") };
    assert_eq!((&last["choices"][0]["finish_reason"], &last["model"]), (&json!("stop"), &json!("second-1")));
    // Before its first word the next one takes over, silently but on record.
    assert_eq!(
        (&last["devmentor"]["provider"], &last["devmentor"]["missed"][0]["provider"]),
        (&json!("second"), &json!("first"))
    );
    assert_eq!((&used["choices"], &used["usage"]["total_tokens"]), (&json!([]), &json!(15)));
    assert_eq!(done, "[DONE]");

    let mut unasked = streamed("And now?");
    unasked["stream_options"] = Value::Null;
    let text = program.post(COMPLETIONS, unasked).await.text();
    assert!(!text.contains("usage") && text.trim_end().ends_with("data: [DONE]"), "{text}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_whole_one() {
    let server = Server::start().await;
    let broken = vec![Act::Say(Part::Text("Three".into())), Act::Fail(Failure::BrokeOff("house".into()))];
    let (program, _) = with_model(&server, vec![broken]).await;
    let text = program.post(COMPLETIONS, streamed("How often?")).await.text();
    let events = events(&text);
    let last = events.last().unwrap();
    assert_eq!(
        (&last["error"]["code"], &last["error"]["type"]),
        (&json!("broke_off"), &json!("server_error"))
    );
    assert!(text.contains("\"Three\"") && !text.contains("[DONE]"), "{text}");
    // It was paid for: clients do not ask again by themselves.
    let whole = program.post(COMPLETIONS, question("How often?")).await;
    assert_eq!((failure(&whole, 502).as_str(), whole.header("x-should-retry")), ("broke_off", "false"));
}

#[tokio::test]
async fn no_secret_leaves_and_the_program_learns_what_was_taken_out() {
    let server = Server::start().await;
    let (program, seen) = with_model(&server, vec![says(&["ok"])]).await;
    let secret = "AKIAIOSFODNN7EXAMPLQ";
    // Long enough to be redacted beside everything else, too.
    for filler in ["", &"fn main() {}\n".repeat(200), &"some words of a text\n".repeat(900)] {
        let text = format!("{filler}key = \"{secret}\"\nask someone@our-team.dev");
        let mut body = question(&text);
        body["max_tokens"] = json!(50);
        body["messages"].as_array_mut().unwrap().insert(0, json!({ "role": "system", "content": text }));
        let answer = program.post(COMPLETIONS, body).await;
        if filler.len() > 10_000 {
            // Redacted or not, it fits nowhere here: nobody saw it.
            assert_eq!(failure(&answer, 400), "context_length_exceeded");
            continue;
        }
        let removed = answer.json()["devmentor"]["redacted"].clone();
        let kinds: Vec<_> =
            removed.as_array().unwrap().iter().map(|one| (&one["what"], &one["times"])).collect();
        assert_eq!(kinds.len(), 2, "{removed}");
        assert!(
            kinds.contains(&(&json!("secret"), &json!(2))) && kinds.contains(&(&json!("email"), &json!(2))),
            "{removed}"
        );
        assert!(!answer.text().contains(secret));
    }
    let asked = format!("{:?}", seen.lock().unwrap().asked);
    assert!(asked.contains("ask ") && !asked.contains(secret) && !asked.contains("our-team.dev"), "{asked}");
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_said_and_nobody_is_asked() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let used = Act::Say(Part::Used(Usage { input: 95, output: 5 }));
    let provider = Scripted::new(
        "house",
        vec![vec![Act::Say(Part::Text("ok".into())), used, Act::Say(Part::Ended(Stop::Done))]],
    );
    let seen = provider.seen();
    ask_them(&server, &owner, "home", vec![provider], json!({ "tokens": 100 })).await;
    let program = program(&server, &owner, "home", "model.use").await;
    // Nothing is spent yet: a shorter answer has room, and waiting would not help.
    for body in [question("How often?"), streamed("How often?")] {
        let answer = program.post(COMPLETIONS, body).await;
        assert_eq!(failure(&answer, 429), "insufficient_quota");
        assert_eq!(answer.json()["error"]["param"], "max_tokens");
        assert!(answer.text().contains("100 tokens are left"), "{}", answer.text());
        assert!(!answer.text().contains("midnight"), "{}", answer.text());
        assert_eq!((answer.header("retry-after"), answer.header("x-should-retry")), ("", "false"));
    }
    assert!(seen.lock().unwrap().asked.is_empty());
    let mut small = question("How often?");
    small["max_completion_tokens"] = json!(20);
    assert_eq!(program.post(COMPLETIONS, small).await.status, StatusCode::OK);
    for body in [question("How often?"), streamed("How often?")] {
        let answer = program.post(COMPLETIONS, body).await;
        assert_eq!(failure(&answer, 429), "insufficient_quota");
        assert!(answer.text().contains("midnight (UTC)"), "{}", answer.text());
        assert_eq!((answer.header("retry-after"), answer.header("x-should-retry")), ("52080", "false"));
    }
    assert_eq!(seen.lock().unwrap().asked.len(), 1);
}

#[tokio::test]
async fn who_may_not_ask_is_told_why_and_each_workspace_has_its_own_models() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let none = program(&server, &owner, "home", "model.use").await;
    assert_eq!(none.get("/v1/models").await.json()["data"], json!([]));
    let nobody = none.post(COMPLETIONS, question("How often?")).await;
    assert_eq!(failure(&nobody, 404), "model_not_found");
    assert!(nobody.text().contains("add a provider in the settings"), "{}", nobody.text());

    let provider = Scripted::new("house", vec![says(&["ok"])]);
    let seen = provider.seen();
    ask_them(&server, &owner, "home", vec![provider], json!({})).await;
    let made = owner.post("/api/v1/workspaces", json!({ "name": "Other" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let other = program(&server, &owner, "other", "model.use").await;
    assert_eq!(other.get("/v1/models").await.json()["data"], json!([]));
    assert_eq!(failure(&other.get("/v1/models/house-1").await, 404), "model_not_found");
    let mut named = question("How often?");
    named["model"] = json!("house-1");
    let foreign = other.post(COMPLETIONS, named.clone()).await;
    named["model"] = json!("nowhere");
    assert_eq!(foreign.text(), other.post(COMPLETIONS, named).await.text());

    let reader = program(&server, &owner, "home", "task.read").await;
    for path in ["/v1/models", "/v1/models/house-1"] {
        assert_eq!(failure(&reader.get(path).await, 403), "scope_needed");
        assert_eq!(failure(&server.anonymous().get(path).await, 401), "invalid_api_key");
    }
    assert_eq!(failure(&reader.post(COMPLETIONS, question("x")).await, 403), "scope_needed");
    // Neither somebody who is signed in nor a token that nobody has.
    assert_eq!(failure(&owner.post(COMPLETIONS, question("x")).await, 401), "invalid_api_key");
    let invented = server.anonymous().with("authorization", "Bearer dm_made_up");
    assert_eq!(failure(&invented.post(COMPLETIONS, question("x")).await, 401), "token_refused");
    assert!(seen.lock().unwrap().asked.is_empty());
}

#[tokio::test]
async fn what_is_not_taken_is_refused_with_its_reason() {
    let server = Server::start().await;
    let (program, seen) = with_model(&server, vec![says(&["ok"])]).await;
    let with = |name: &str, value: Value| {
        let mut body = question("x");
        body[name] = value;
        body
    };
    let image =
        json!([{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "data:," } }] }]);
    for (body, code, param, words) in [
        (with("model", json!("gpt-4")), "model_not_found", json!("model"), "GET /v1/models"),
        (with("messages", image), "invalid_value", json!("messages.0.content"), "not shown images"),
        (with("tools", json!([{}])), "unsupported_parameter", json!("tools"), "without tools"),
        (with("tempersture", json!(1)), "unknown_parameter", json!("tempersture"), "Unrecognized"),
        (question(&"word ".repeat(9_000)), "context_length_exceeded", json!("messages"), "send less"),
        (question(&"word ".repeat(90_000)), "context_length_exceeded", json!("messages"), "send less"),
        (json!([]), "malformed", Value::Null, "no request"),
        (with("messages", json!("x")), "malformed", Value::Null, "no request"),
    ] {
        let answer = program.post(COMPLETIONS, body).await;
        let status = if code == "model_not_found" { 404 } else { 400 };
        assert_eq!(failure(&answer, status), code);
        assert_eq!(answer.json()["error"]["param"], param);
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    assert_eq!(failure(&program.post(COMPLETIONS, question(&"x".repeat(5 << 20))).await, 413), "too_large");
    for (method, path) in [
        ("GET", COMPLETIONS),
        ("POST", "/v1/embeddings"),
        ("DELETE", "/v1/models"),
        ("GET", "/v1"),
        ("GET", "/v1/"),
    ] {
        assert_eq!(failure(&program.call(method, path, None).await, 404), "unknown_url");
    }
    assert_eq!(failure(&program.get("/v1/models/%FF").await, 404), "not_found");
    let page = server.anonymous().with("origin", "https://evil.example");
    assert_eq!(failure(&page.post(COMPLETIONS, question("x")).await, 403), "foreign_origin");
    assert!(seen.lock().unwrap().asked.is_empty());

    let busy = Failure::Busy { provider: "house".into(), retry_after: Some(Duration::from_secs(7)) };
    server.scripts.set(Scripted::new(
        "house",
        vec![
            vec![Act::Fail(busy)],
            vec![Act::Fail(Failure::Key("house".into()))],
            vec![Act::Fail(Failure::Refused {
                provider: "house".into(),
                status: 400,
                detail: "no text".into(),
            })],
        ],
    ));
    let waits = program.post(COMPLETIONS, streamed("x")).await;
    assert_eq!((failure(&waits, 429).as_str(), waits.header("retry-after")), ("rate_limit_exceeded", "7"));
    let key = program.post(COMPLETIONS, question("x")).await;
    assert_eq!(failure(&key, 502), "upstream_failed");
    assert!(key.text().contains("house refused the key"), "{}", key.text());
    let refused = program.post(COMPLETIONS, question("x")).await;
    assert_eq!(failure(&refused, 400), "invalid_request");
    assert!(refused.text().contains("status 400: no text"), "{}", refused.text());
}

/// Waits until it is so.
async fn until(so: impl Fn() -> bool) {
    let soon = tokio::time::timeout(Duration::from_secs(10), async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    soon.await.expect("it is so within ten seconds");
}

/// Waits until the provider saw that many answers dropped.
async fn dropped(seen: &Mutex<Seen>, times: usize) {
    let soon = tokio::time::timeout(Duration::from_secs(1), async {
        while seen.lock().unwrap().dropped < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    soon.await.expect("the call upstream ends within a second");
}

#[tokio::test]
async fn the_call_upstream_ends_when_the_program_leaves() {
    let server = Server::start().await;
    let wait = Arc::new(Notify::new());
    let acts = vec![Act::Say(Part::Text("Three".into())), Act::Wait(wait), Act::Say(Part::Ended(Stop::Done))];
    let (program, seen) = with_model(&server, vec![acts]).await;
    let mut body = program.begin(COMPLETIONS, streamed("x")).await.into_body().into_data_stream();
    let mut heard = String::new();
    while !heard.contains("\"Three\"") {
        heard += &String::from_utf8_lossy(&body.next().await.unwrap().unwrap());
    }
    assert_eq!(seen.lock().unwrap().dropped, 0);
    drop(body);
    dropped(&seen, 1).await;
    // The same for who waits for the whole answer.
    let left =
        tokio::time::timeout(Duration::from_millis(200), program.post(COMPLETIONS, question("x"))).await;
    assert!(left.is_err(), "it is still being written");
    dropped(&seen, 2).await;
}

#[tokio::test]
async fn a_server_that_stops_says_so_in_the_stream() {
    let server = Server::start().await;
    let acts = vec![Act::Say(Part::Text("Three".into())), Act::Wait(Arc::new(Notify::new()))];
    let (program, _) = with_model(&server, vec![acts]).await;
    let (address, serving) = server.listen().await;
    let mut stream = sent(&program, address, streamed("x")).await;
    let (mut heard, mut part) = (String::new(), [0; 4_096]);
    loop {
        let read = tokio::io::AsyncReadExt::read(&mut stream, &mut part).await.unwrap();
        assert!(read > 0, "{heard}");
        heard += &String::from_utf8_lossy(&part[..read]);
        if heard.contains("\"Three\"") {
            break;
        }
    }
    server.stop.cancel();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut heard).await.unwrap();
    assert!(heard.contains("\"stopping\"") && !heard.contains("[DONE]"), "{heard}");
    serving.await.unwrap().unwrap();
}

/// Sends a question over a connection of its own.
async fn sent(program: &Caller<'_>, address: std::net::SocketAddr, body: Value) -> tokio::net::TcpStream {
    let (token, body) = (program.header("authorization"), body.to_string());
    let long = body.len();
    let request = format!(
        "POST {COMPLETIONS} HTTP/1.1\r\nhost: {address}\r\nauthorization: {token}\r\nconnection: close\r\ncontent-length: {long}\r\n\r\n{body}"
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_server_that_stops_says_so_to_who_waits_for_a_whole_answer_or_a_first_word() {
    for body in [question("x"), streamed("x")] {
        let server = Server::start().await;
        let (program, seen) = with_model(&server, vec![vec![Act::Wait(Arc::new(Notify::new()))]]).await;
        let (address, serving) = server.listen().await;
        let mut stream = sent(&program, address, body).await;
        until(|| seen.lock().unwrap().asked.len() == 1).await;
        server.stop.cancel();
        let mut heard = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut heard).await.unwrap();
        assert!(heard.starts_with("HTTP/1.1 503 ") && heard.contains("retry-after: 2"), "{heard}");
        assert!(heard.contains("\"stopping\""), "{heard}");
        serving.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let server = Server::start_with(|config| config.request_timeout = Duration::from_secs(2)).await;
    let go = Arc::new(Notify::new());
    let words = [Act::Say(Part::Text("word ".into())), Act::Wait(Arc::clone(&go))];
    let acts = (0..1_000).flat_map(|_| words.clone()).collect();
    let (program, seen) = with_model(&server, vec![acts]).await;
    let unread = program.begin(COMPLETIONS, streamed("x")).await;
    assert_eq!(unread.status(), StatusCode::OK);
    until(|| {
        go.notify_one();
        seen.lock().unwrap().dropped == 1
    })
    .await;
    drop(unread);
}

#[tokio::test]
async fn one_person_has_a_bounded_number_of_answers_and_gets_them_back() {
    let server = Server::start().await;
    let acts = vec![Act::Say(Part::Text("Three".into())), Act::Wait(Arc::new(Notify::new()))];
    let (program, seen) = with_model(&server, vec![acts]).await;
    let mut open = Vec::new();
    for _ in 0..16 {
        let response = program.begin(COMPLETIONS, streamed("x")).await;
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    let refused = program.post(COMPLETIONS, streamed("x")).await;
    assert_eq!(failure(&refused, 429), "rate_limit_exceeded");
    assert_eq!(refused.header("retry-after"), "1");
    open.clear();
    dropped(&seen, 16).await;
    assert_eq!(program.begin(COMPLETIONS, streamed("x")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn asking_too_often_is_said_in_the_same_words() {
    let quotas = server::Quotas { reads: 2, changes: 1, analyses: 1, questions: 1, sign_ins: 5 };
    let server = Server::start_with(|config| config.quotas = Some(quotas)).await;
    let owner = server.owner().await;
    let program = program(&server, &owner, "home", "model.use").await;
    assert_eq!(failure(&program.post(COMPLETIONS, question("x")).await, 404), "model_not_found");
    let refused = program.post(COMPLETIONS, question("x")).await;
    assert_eq!(failure(&refused, 429), "rate_limited");
    assert_eq!(refused.header("retry-after"), "60");
    assert!(refused.header("ratelimit").starts_with("\"change\";r=0;"), "{}", refused.header("ratelimit"));
}
