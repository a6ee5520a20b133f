//! What is not understood, not allowed or too much, each with its problem.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::Server;

const TASKS: &str = "/api/v1/w/home/tasks";

#[tokio::test]
async fn unknown_paths_of_programs_are_problems_and_never_the_page() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    for path in [
        "/api",
        "/api/",
        "/api/nope",
        "/api/v1",
        "/api/v2/session",
        "/mcp",
        "/metrics/x",
        "/livez/x",
        "/readyz/x",
    ] {
        let answer = anonymous.get(path).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
    }
    // What belongs to OpenAI's interface is said in its words.
    for path in ["/v1", "/v1/", "/v1/x"] {
        let answer = anonymous.get(path).await;
        let told = (answer.status, &answer.json()["error"]["code"]);
        assert_eq!(told, (StatusCode::NOT_FOUND, &"unknown_url".into()), "{path}");
    }
}

#[tokio::test]
async fn missing_files_are_not_found_and_pages_are_the_page() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    for path in ["/assets/nope.js", "/nope.css", "/..%2f..%2fetc/passwd.txt"] {
        assert_eq!(anonymous.get(path).await.problem(), "not_found", "{path}");
    }
    for path in ["/", "/enter", "/w/home/repos/x", "/w/home/repos/x/code/a.ts", "/index.html"] {
        let answer = anonymous.get(path).await;
        // Whether the page is there depends on the build; that it is not a problem document does not.
        assert!(matches!(answer.status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE), "{path}");
        assert_ne!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(anonymous.call("POST", "/w/home", None).await.problem(), "method_not_allowed");
}

#[tokio::test]
async fn methods_a_path_does_not_have_are_said_to_be_so() {
    let server = Server::start().await;
    let answer = server.anonymous().call("PUT", "/api/v1/session", Some(json!({}))).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (405, "method_not_allowed"));
}

#[tokio::test]
async fn bodies_that_are_not_understood_are_told_apart() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let body = |status: u16, code: &str| (StatusCode::from_u16(status).unwrap(), code.to_owned());

    let answer = owner.post(TASKS, json!({ "title": "a", "colour": "red" })).await;
    assert_eq!((answer.status, answer.problem()), body(422, "invalid"));
    assert!(answer.json()["errors"][0]["message"].as_str().unwrap().contains("colour"), "{}", answer.text());

    let answer = owner.post(TASKS, json!({ "title": "  " })).await;
    assert_eq!((answer.status, answer.problem()), body(422, "invalid"));
    assert_eq!(answer.json()["errors"][0]["field"], "/title");

    let answer = owner.call("POST", TASKS, None).await;
    assert_eq!((answer.status, answer.problem()), body(415, "not_json"));

    // A list is no object, even where no member is needed.
    let answer = owner.post("/api/v1/admin/caches/clear", json!([])).await;
    assert_eq!((answer.status, answer.problem()), body(422, "invalid"));
    assert_eq!(answer.json()["errors"][0]["message"], "send a JSON object");

    let large = "x".repeat(server.app.config.body_limit + 1);
    let answer = owner.post(TASKS, json!({ "title": large })).await;
    assert_eq!((answer.status, answer.problem()), body(413, "too_large"));

    let answer = owner.get("/api/v1/w/home/tasks?limit=many").await;
    assert_eq!((answer.status, answer.problem()), body(400, "malformed"));
    let answer = owner.get("/api/v1/w/home/tasks?colour=red").await;
    assert_eq!((answer.status, answer.problem()), body(400, "malformed"));
    let answer = owner.get("/api/v1/w/home/tasks/nonsense").await;
    assert_eq!((answer.status, answer.problem()), body(404, "not_found"));
}

#[tokio::test]
async fn the_character_nul_is_refused_wherever_it_comes() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for (path, field) in [
        ("/api/v1/w/ho%00me/tasks", "workspace"),
        ("/api/v1/w/home/repos/a%00b", "repo"),
        ("/api/v1/w/home/tasks?cursor=a%00b", "query"),
    ] {
        let answer = owner.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "malformed"), "{path}");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{path}");
    }
    let answer = owner.post(TASKS, json!({ "title": "a\0b" })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"));
    assert_eq!(answer.json()["errors"][0]["field"], "/title");
}

#[tokio::test]
async fn overload_is_turned_away_while_health_checks_live() {
    let server = Server::start_with(|config| config.concurrency = 0).await;
    let answer = server.anonymous().get("/api/v1/server").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "busy"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(server.anonymous().get("/livez").await.status, StatusCode::OK);
    assert_eq!(server.anonymous().get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let server =
        Server::start_with(|config| config.request_timeout = std::time::Duration::from_millis(200)).await;
    let owner = server.owner().await;
    // While somebody holds the one write connection, nobody else can write.
    let held = server.app.db.begin().await.unwrap();
    let answer = owner.post(TASKS, json!({ "title": "a" })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (504, "timeout"));
    drop(held);
    assert_eq!(owner.post(TASKS, json!({ "title": "a" })).await.status, StatusCode::CREATED);
}
