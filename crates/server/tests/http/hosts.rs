//! Code hosts over HTTP: who may do what, and what is told of connections that do not exist.

use axum::http::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::Server;

const HOSTS: &str = "/api/v1/w/home/hosts";
const UNKNOWN: &str = "00000000-0000-7000-8000-00000000dead";

#[tokio::test]
async fn a_connection_that_cannot_be_is_refused_at_its_field() {
    let server = Server::start().await;
    let owner = server.owner().await;
    assert_eq!(owner.get(HOSTS).await.json()["total"], 0);
    for (body, field) in [
        (json!({ "kind": "gitea", "token": "t" }), "/address"),
        (json!({ "kind": "gitea", "address": "http://git.example.org", "token": "t" }), "/address"),
        (json!({ "kind": "gitlab", "address": "https://127.0.0.1", "token": "t" }), "/address"),
        (json!({ "kind": "github", "address": "https://10.1.2.3", "token": "t" }), "/address"),
        (json!({ "kind": "github", "token": "" }), "/token"),
        (json!({ "kind": "github", "token": "two words" }), "/token"),
    ] {
        let refused = owner.post(HOSTS, body.clone()).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "{body}"
        );
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    for (method, path, body) in [
        ("DELETE", format!("{HOSTS}/{UNKNOWN}"), None),
        ("POST", format!("{HOSTS}/{UNKNOWN}/check"), None),
        ("GET", format!("{HOSTS}/{UNKNOWN}/repos"), None),
        ("GET", format!("{HOSTS}/nonsense/repos"), None),
        ("PUT", format!("{HOSTS}/{UNKNOWN}/token"), Some(json!({ "token": "t" }))),
        ("POST", format!("{HOSTS}/{UNKNOWN}/import"), Some(json!({ "repositories": [{ "path": "a/b" }] }))),
    ] {
        assert_eq!(owner.call(method, &path, body).await.problem(), "not_found", "{method} {path}");
    }
    let none = owner.post(&format!("{HOSTS}/{UNKNOWN}/import"), json!({ "repositories": [] })).await;
    assert_eq!(none.json()["errors"][0]["field"], "/repositories");
    assert_eq!(owner.get(&format!("{HOSTS}/{UNKNOWN}/repos?cursor=x")).await.problem(), "malformed");
}

#[tokio::test]
async fn who_is_not_known_to_a_hook_learns_nothing() {
    let server = Server::start().await;
    let stranger = server.anonymous();
    let mut answers = Vec::new();
    for path in [
        format!("/hooks/github/{UNKNOWN}"),
        format!("/hooks/gitlab/{UNKNOWN}"),
        "/hooks/gitea/nonsense".to_owned(),
        format!("/hooks/nothing/{UNKNOWN}"),
    ] {
        let signed = stranger.clone().with("x-hub-signature-256", &format!("sha256={}", "0".repeat(64)));
        for caller in [&stranger, &signed] {
            let answer = caller.post(&path, json!({ "ref": "refs/heads/main" })).await;
            let mut body = answer.json();
            body["request_id"] = json!("");
            answers.push((answer.status, answer.problem(), body));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
    let large = "x".repeat(9 << 20);
    let refused = stranger.post(&format!("/hooks/github/{UNKNOWN}"), json!({ "ref": large })).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn strangers_who_fill_the_hooks_keep_nobody_else_out() {
    let server = Server::start_with(|config| config.concurrency = 8).await;
    let (address, _serving) = server.listen().await;
    let ask = async |head: String| {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(format!("{head}host: {address}\r\nconnection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        stream
    };
    let deliver = async |length: usize| {
        ask(format!("POST /hooks/github/{UNKNOWN} HTTP/1.1\r\ncontent-length: {length}\r\n")).await
    };
    let status = async |mut stream: tokio::net::TcpStream| {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text.split(' ').nth(1).map(str::to_owned)
    };
    // Each announces a body and sends none of it.
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(deliver(8 << 20).await);
    }
    // They are being worked on once there is no place for another.
    let full = async {
        while status(deliver(0).await).await.as_deref() != Some("503") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), full).await.expect("there is always a place");
    let other = status(ask("GET /api/v1/server HTTP/1.1\r\n".to_owned()).await).await;
    assert_eq!(other.as_deref(), Some("200"));
    drop(held);
}
