//! What every answer says to browsers, and what is open to those who are not signed in.

use axum::http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{Server, operations};

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = Server::start().await;
    let mut requests = operations();
    requests.extend(
        ["/", "/enter", "/nope.js", "/api/nope", "/livez", "/readyz", "/metrics"]
            .map(|path| ("GET".to_owned(), path.to_owned())),
    );
    for caller in [server.anonymous(), server.owner().await, server.anonymous().with("host", "evil.example")]
    {
        for (method, path) in &requests {
            // The channel that never ends has its own test.
            if path.ends_with("/live/sse") {
                continue;
            }
            let answer = caller.call(method, path, None).await;
            let header = |name| answer.header(name);
            assert_eq!(header("x-content-type-options"), "nosniff", "{method} {path}");
            assert_eq!(header("referrer-policy"), "no-referrer", "{method} {path}");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{method} {path}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{method} {path}");
            assert!(header("permissions-policy").contains("camera=()"), "{method} {path}");
            assert!(!header("cache-control").is_empty(), "{method} {path}");
            assert_eq!(header("x-request-id").len(), 36, "{method} {path}");
            let policy = header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{method} {path}: {policy}");
            assert!(
                policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"),
                "{policy}"
            );
            assert!(!policy.contains("unsafe"), "{method} {path}: {policy}");
        }
    }
}

#[tokio::test]
async fn request_ids_are_our_own() {
    let server = Server::start().await;
    let answer = server.anonymous().with("x-request-id", "chosen-by-somebody").get("/livez").await;
    assert_ne!(answer.header("x-request-id"), "chosen-by-somebody");
}

#[tokio::test]
async fn strangers_learn_little_about_the_server() {
    let server = Server::start_with(|config| config.allowed_roots = vec!["/srv/secret-root".into()]).await;
    let open = server.anonymous().get("/api/v1/server").await;
    assert_eq!(open.status, StatusCode::OK);
    assert!(!open.text().contains("secret-root"));
    assert_eq!(open.json()["data"]["listens_on"], "loopback");
    let known = server.owner().await.get("/api/v1/server").await;
    assert_eq!(known.json()["data"]["local_paths"]["roots"][0], "/srv/secret-root");
}

#[tokio::test]
async fn the_document_is_served_as_committed() {
    let server = Server::start().await;
    let answer = server.anonymous().get("/api/v1/openapi.json").await;
    assert_eq!(answer.json(), serde_json::to_value(server::openapi()).unwrap());
    let again =
        server.anonymous().with("if-none-match", answer.header("etag")).get("/api/v1/openapi.json").await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn readiness_says_when_the_server_stops() {
    let server = Server::start().await;
    let (address, serving) = server.listen().await;
    let ready = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: any\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    };
    assert!(ready().await.starts_with("HTTP/1.1 200"));
    server.stop.cancel();
    serving.await.unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn metrics_count_by_route_and_not_by_path() {
    let server = Server::start().await;
    server.anonymous().get("/api/v1/server").await;
    server.owner().await.get("/api/v1/w/home/tasks/DEV-123").await;
    server.anonymous().get("/api/made-up-by-somebody").await;
    let metrics = server.anonymous().get("/metrics").await.text();
    for series in [
        "http_request_seconds_count{method=\"GET\",route=\"/api/v1/server\",status=\"200\"}",
        "route=\"/api/v1/w/{workspace}/tasks/{key}\",status=\"404\"",
        "route=\"unmatched\",status=\"404\"",
        "jobs{state=\"dead\"} 0",
    ] {
        assert!(metrics.contains(series), "{series} is not in\n{metrics}");
    }
    assert!(!metrics.contains("made-up-by-somebody") && !metrics.contains("DEV-123"));
}

#[tokio::test]
async fn on_a_network_metrics_are_only_for_those_who_are_signed_in() {
    let server = Server::start_with(|config| config.address = "192.0.2.1:4680".parse().unwrap()).await;
    assert_eq!(server.anonymous().get("/metrics").await.problem(), "signed_out");
    assert_eq!(server.owner().await.get("/metrics").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_list_gives_what_it_may_whatever_size_of_page_is_asked_for_and_says_so() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut lists = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let Some(limit) = parameters.iter().find(|parameter| parameter["name"] == "limit") else { continue };
        lists += 1;
        let told = limit["description"].as_str().unwrap();
        assert!(told.contains("by default") && told.contains("a larger number counts as"), "{path}: {told}");
        let path = path.replace("{workspace}", "home").replace("{repo}", "unknown");
        let usual = owner.get(&path).await.status;
        for size in [0, 1, 500, 501, 65_536, u32::MAX] {
            let answer = owner.get(&format!("{path}?limit={size}")).await;
            assert_eq!(answer.status, usual, "{path} {size}: {}", answer.text());
        }
        for nonsense in ["-1", "x", "1.5", "99999999999999999999"] {
            let answer = owner.get(&format!("{path}?limit={nonsense}")).await;
            assert!(answer.status.is_client_error(), "{path} {nonsense}: {}", answer.status);
        }
    }
    assert_eq!(lists, 9);
}

#[test]
fn every_change_in_a_workspace_takes_a_name_of_its_own_but_what_only_looks() {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut nameless = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let named = operation["parameters"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["name"] == "Idempotency-Key"));
            if path.contains("{workspace}") && method != "get" && !named {
                nameless.push(format!("{method} {path}").replace("/api/v1/w/{workspace}", ""));
            }
        }
    }
    let looks = [
        "post /chat/preview",
        "post /recall",
        "post /repos/probe",
        "post /repos/{repo}/suppressions/preview",
    ];
    assert_eq!(nameless, looks);
}
