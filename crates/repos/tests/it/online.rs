//! The online look-up, against a small service that speaks its API and misbehaves on demand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use analysis::advisories::PackageKey;
use base::{Clock, Ids, Timestamp};
use outbound::{Allowed, Error, Options, Outbound, Wait};
use repos::advisories::online::{Online, OnlineError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

/// Answers by path: status and body, one after the other; the last one stays.
type Script = HashMap<String, Vec<(u16, String)>>;

struct Service {
    online: Online,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn service(script: Script) -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (log, script) = (Arc::clone(&asked), Arc::new(Mutex::new(script)));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (log, script) = (Arc::clone(&log), Arc::clone(&script));
            tokio::spawn(async move {
                let mut text = Vec::new();
                let mut chunk = [0; 4_096];
                let (path, body) = loop {
                    let read = socket.read(&mut chunk).await.unwrap();
                    text.extend_from_slice(&chunk[..read]);
                    let whole = String::from_utf8_lossy(&text).into_owned();
                    let Some((head, body)) = whole.split_once("\r\n\r\n") else { continue };
                    let length = head
                        .lines()
                        .find_map(|line| {
                            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                        })
                        .unwrap_or(0);
                    if body.len() >= length {
                        break (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned());
                    }
                };
                log.lock().unwrap().push((path.clone(), serde_json::from_str(&body).unwrap_or(Value::Null)));
                let (status, body) = {
                    let mut script = script.lock().unwrap();
                    match script.get_mut(&path) {
                        Some(answers) if answers.len() > 1 => answers.remove(0),
                        Some(answers) => answers[0].clone(),
                        None => (404, String::new()),
                    }
                };
                let reply = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                socket.write_all(reply.as_bytes()).await.unwrap();
            });
        }
    });
    let base: Url = base.parse().unwrap();
    let clock = Clock::manual(Timestamp::from_seconds(1_795_339_920));
    let options = Options { allowed: Allowed::default().with(&base), ..Options::default() };
    let outbound = Outbound::waiting(options, clock.clone(), Ids::counted(), Wait::Virtual(clock)).unwrap();
    Service { online: Online::new(&outbound, base), asked }
}

fn key(name: &str) -> PackageKey {
    PackageKey { ecosystem: "npm".into(), name: name.into() }
}

fn record(id: &str) -> (u16, String) {
    (200, json!({ "id": id, "modified": "2026-01-01T00:00:00Z" }).to_string())
}

/// The status of a call that was answered with one.
fn status<T: std::fmt::Debug>(result: Result<T, OnlineError>) -> u16 {
    match result {
        Err(OnlineError::Call(Error::Status(answer))) => answer.status,
        other => panic!("{other:?}"),
    }
}

const BATCH: &str = "/api/v1/querybatch";

#[tokio::test]
async fn pages_are_followed_and_only_names_are_sent() {
    let first = json!({ "results": [
        { "vulns": [{ "id": "A-1" }, { "id": "../../evil" }], "next_page_token": "more" },
        null,
        { "vulns": [{ "id": "A-2" }, { "id": "A-1" }] },
    ] });
    let second = json!({ "results": [{ "vulns": [{ "id": "A-3" }] }] });
    let service = service(HashMap::from([
        (BATCH.into(), vec![(200, first.to_string()), (200, second.to_string())]),
        ("/api/v1/vulns/A-1".into(), vec![record("A-1")]),
        // One stumble is forgiven.
        ("/api/v1/vulns/A-2".into(), vec![(503, String::new()), record("A-2")]),
        ("/api/v1/vulns/A-3".into(), vec![record("A-3")]),
    ]))
    .await;
    let records = service.online.look_up(&[key("a"), key("b"), key("c")]).await.unwrap();
    let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["A-1", "A-2", "A-3"]);
    let asked = service.asked.lock().unwrap().clone();
    let batches: Vec<&Value> = asked.iter().filter(|(path, _)| path == BATCH).map(|(_, body)| body).collect();
    let package = |name: &str| json!({ "package": { "ecosystem": "npm", "name": name } });
    assert_eq!(*batches[0], json!({ "queries": [package("a"), package("b"), package("c")] }));
    let mut again = package("a");
    again["page_token"] = json!("more");
    assert_eq!(*batches[1], json!({ "queries": [again] }));
    assert!(!asked.iter().any(|(path, _)| path.contains("evil")));
}

#[tokio::test]
async fn a_service_that_fails_is_tried_three_times_and_then_believed() {
    let down = service(HashMap::from([(BATCH.into(), vec![(500, String::new())])])).await;
    assert_eq!(status(down.online.look_up(&[key("a")]).await), 500);
    assert_eq!(down.asked.lock().unwrap().len(), 3);

    let refusing = service(HashMap::from([(BATCH.into(), vec![(400, String::new())])])).await;
    assert_eq!(status(refusing.online.look_up(&[key("a")]).await), 400);
    assert_eq!(refusing.asked.lock().unwrap().len(), 1, "what is wrong stays wrong");

    for nonsense in ["", "[]", "{\"results\":[]}", "<html>"] {
        let service = service(HashMap::from([(BATCH.into(), vec![(200, nonsense.to_owned())])])).await;
        assert!(
            matches!(service.online.look_up(&[key("a")]).await, Err(OnlineError::Malformed)),
            "{nonsense}"
        );
    }
    // Nothing to look up asks nobody.
    let idle = service(HashMap::new()).await;
    assert!(idle.online.look_up(&[]).await.unwrap().is_empty());
    assert!(idle.asked.lock().unwrap().is_empty());
}
