//! Who asks too often is told when it works again; nobody else notices.

use std::time::Duration;

use axum::http::StatusCode;
use server::Quotas;

use crate::harness::Server;

const QUOTAS: Quotas = Quotas { reads: 3, changes: 2, analyses: 1, questions: 1, sign_ins: 5 };
const SESSION: &str = "/api/v1/session";

#[tokio::test]
async fn reads_run_out_come_back_and_say_so() {
    let server = Server::start_with(|config| config.quotas = Some(QUOTAS)).await;
    let owner = server.owner().await;
    for left in ["2", "1", "0"] {
        let answer = owner.get(SESSION).await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = "\"read\";q=3;w=60, \"read-person\";q=6;w=60, \"read-address\";q=30;w=60";
        assert_eq!(answer.header("ratelimit-policy"), policy);
        assert!(answer.header("ratelimit").starts_with(&format!("\"read\";r={left};t=")), "{left}");
    }
    let refused = owner.get(SESSION).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit")), ("20", "\"read\";r=0;t=20"));
    assert_eq!(refused.json()["retry_after"], 20);
    // Other kinds of requests, other sessions and other people have their own, and whether the server lives is always said.
    assert_eq!(
        owner.call("DELETE", "/api/v1/w/home/tasks/DEV-9?version=1", None).await.problem(),
        "not_found"
    );
    assert_eq!(server.anonymous().get("/api/v1/server").await.status, StatusCode::OK);
    for _ in 0..20 {
        assert_eq!(server.anonymous().get("/livez").await.status, StatusCode::OK);
    }
    let elsewhere = server.owner().await;
    for _ in 0..3 {
        assert_eq!(elsewhere.get(SESSION).await.status, StatusCode::OK);
    }
    // A third session has its own bound, but the person has none left.
    let third = server.owner().await;
    let refused = third.get(SESSION).await;
    assert_eq!(refused.problem(), "rate_limited");
    assert!(
        refused.header("ratelimit").starts_with("\"read-person\";r=0;"),
        "{}",
        refused.header("ratelimit")
    );
    server.app.clock.advance(Duration::from_secs(20));
    assert_eq!(owner.get(SESSION).await.status, StatusCode::OK);
    assert_eq!(owner.get(SESSION).await.problem(), "rate_limited");
}

#[tokio::test]
async fn attempts_to_get_in_are_few_and_a_laptop_has_no_limits() {
    let quotas = Quotas { sign_ins: 2, ..QUOTAS };
    let server = Server::start_with(|config| config.quotas = Some(quotas)).await;
    let attempt = || async {
        let body = serde_json::json!({ "token": "0".repeat(64) });
        server.anonymous().post(SESSION, body).await.status
    };
    assert_eq!(attempt().await, StatusCode::UNAUTHORIZED);
    assert_eq!(attempt().await, StatusCode::UNAUTHORIZED);
    assert_eq!(attempt().await, StatusCode::TOO_MANY_REQUESTS);

    let laptop = Server::start().await;
    let owner = laptop.owner().await;
    for _ in 0..20 {
        let answer = owner.get(SESSION).await;
        assert_eq!((answer.status, answer.header("ratelimit")), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn programs_count_by_their_token_and_made_up_tokens_by_address() {
    let quotas = Quotas { changes: 10, ..QUOTAS };
    let server = Server::start_with(|config| config.quotas = Some(quotas)).await;
    let owner = server.owner().await;
    let mut programs = Vec::new();
    for name in ["one", "two"] {
        let body = serde_json::json!({ "name": name, "workspace": "home", "scopes": ["task.read"] });
        let made = owner.post("/api/v1/me/tokens", body).await.json();
        let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
        programs.push(server.anonymous().with("authorization", &bearer));
    }
    let tasks = "/api/v1/w/home/tasks";
    for program in &programs {
        for _ in 0..3 {
            let answer = program.get(tasks).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let policy = "\"read\";q=3;w=60, \"read-person\";q=6;w=60, \"read-address\";q=30;w=60";
            assert_eq!(answer.header("ratelimit-policy"), policy);
        }
        assert_eq!(program.get(tasks).await.problem(), "rate_limited");
    }
    // Both together are the person, who has none left; who is not signed in there has their own.
    assert!(owner.get(SESSION).await.header("ratelimit").starts_with("\"read-person\";r=0;"));
    let invented = server.anonymous().with("authorization", "Bearer dm_made_up");
    for _ in 0..3 {
        assert_eq!(invented.get(tasks).await.problem(), "token_refused");
    }
    assert_eq!(invented.get(tasks).await.problem(), "rate_limited");
}

#[tokio::test]
async fn over_capacity_requests_are_shed_at_once_and_the_server_is_still_known_to_live() {
    // No permit at all: what every request meets while all places are taken.
    let server = Server::start_with(|config| config.concurrency = 0).await;
    for _ in 0..100 {
        let shed = server.anonymous().get("/api/v1/server").await;
        assert_eq!((shed.status, shed.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
        assert_eq!(shed.header("retry-after"), "1");
        assert_eq!(server.anonymous().get("/livez").await.status, StatusCode::OK);
    }
    let ready = server.anonymous().get("/readyz").await;
    assert_eq!((ready.status, ready.json()["shared"].as_str()), (StatusCode::OK, Some("off")));
}
