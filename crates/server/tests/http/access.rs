//! Who may call, from where, and as whom.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{HOST, Server, operations};

#[tokio::test]
async fn only_known_hosts_are_answered() {
    let server = Server::start().await;
    for path in ["/", "/api/v1/server", "/metrics"] {
        for host in ["evil.example", "evil.example:4680", "127.0.0.1", "127.0.0.1:4681", ""] {
            let answer = server.anonymous().with("host", host).get(path).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (421, "unknown_host"),
                "{path} {host}"
            );
        }
    }
    assert_eq!(
        server.anonymous().with("host", "localhost:4680").get("/api/v1/server").await.status,
        StatusCode::OK
    );
    assert_eq!(server.anonymous().with("host", "10.0.0.7:8080").get("/livez").await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let server = Server::start().await;
    let token = server.owner_token().await;
    let browser = || server.anonymous().with("cookie", &format!("devmentor-4680={token}"));
    let own = format!("http://{HOST}");
    let create = async |caller: crate::harness::Caller<'_>| {
        caller.post("/api/v1/w/home/tasks", json!({ "title": "x" })).await
    };
    assert_eq!(create(browser().with("origin", &own)).await.status, StatusCode::CREATED);
    assert_eq!(create(browser().with("sec-fetch-site", "same-origin")).await.status, StatusCode::CREATED);
    for refused in [
        browser(),
        browser().with("origin", "http://evil.example"),
        browser().with("origin", "http://127.0.0.1:3000"),
        browser().with("origin", "null"),
        browser().with("origin", &own).with("sec-fetch-site", "cross-site"),
        browser().with("origin", &own).with("sec-fetch-site", "same-site"),
    ] {
        let answer = create(refused).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "foreign_origin"));
    }
    let listed = browser().get("/api/v1/w/home/tasks").await;
    assert_eq!(listed.json()["total"], 2);
}

#[tokio::test]
async fn a_link_signs_in_once_with_a_cookie_that_scripts_cannot_read() {
    let server = Server::start().await;
    let link = server.app.identity.new_link(server.owner.user).await.unwrap();
    let body = json!({ "token": link.expose() });
    let answer = server.anonymous().post("/api/v1/session", body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.json()["token"], json!(null));
    assert_eq!(answer.json()["role"], "owner");
    assert_eq!(answer.json()["workspace"]["slug"], "home");
    let cookie = answer.header("set-cookie").to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("devmentor-4680="), "{cookie}");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");
    assert_eq!(answer.header("cache-control"), "no-store");

    let session = server.anonymous().with("cookie", pair).get("/api/v1/session").await;
    assert_eq!(session.json()["data"]["user"]["handle"], "owner");

    let again = server.anonymous().post("/api/v1/session", body).await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (401, "link_refused"));
    for wrong in ["", "x", &"0".repeat(64)] {
        let answer = server.anonymous().post("/api/v1/session", json!({ "token": wrong })).await;
        assert_eq!(answer.problem(), "link_refused");
    }
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_alone() {
    let server = Server::start_with(|config| config.https = true).await;
    let link = server.app.identity.new_link(server.owner.user).await.unwrap();
    let answer = server.anonymous().post("/api/v1/session", json!({ "token": link.expose() })).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-devmentor=") && cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_removes_the_cookie() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let answer = owner.call("DELETE", "/api/v1/session", None).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");
    assert_eq!(owner.get("/api/v1/session").await.problem(), "signed_out");
    assert_eq!(owner.get("/api/v1/w/home/tasks").await.problem(), "signed_out");
}

#[tokio::test]
async fn every_route_of_a_workspace_needs_a_session_and_exists_in_the_router() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for (method, path) in operations() {
        // It ends the session, and it never ends: both have tests of their own.
        if path != "/api/v1/session" && !path.ends_with("/live/sse") {
            let known = owner.call(&method, &path, None).await;
            assert_ne!(known.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
        let answer = server.anonymous().call(&method, &path, None).await;
        if path.starts_with("/api/v1/w/") {
            // 404 or 405 here would mean that the document names a route that the router does not have.
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (401, "signed_out"),
                "{method} {path}"
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        } else {
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_foreign_workspace_answers_like_one_that_does_not_exist() {
    let server = Server::start().await;
    let owner = server.owner().await;
    // A workspace that exists and that the owner does not belong to.
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("INSERT INTO identity_workspace (id, slug, name, created_at, version) VALUES ($1, 'other', 'Other', 0, 1)")
        .bind(server.app.ids.new_id::<base::id::WorkspaceId>())
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for (method, path) in operations().into_iter().filter(|(_, path)| path.starts_with("/api/v1/w/home")) {
        let foreign = owner.call(&method, &path.replace("/w/home", "/w/other"), None).await;
        let unknown = owner.call(&method, &path.replace("/w/home", "/w/nowhere"), None).await;
        assert_eq!(foreign.problem(), "not_found", "{method} {path}");
        let without_id =
            |answer: &crate::harness::Answer| answer.text().replace(answer.header("x-request-id"), "");
        assert_eq!(without_id(&foreign), without_id(&unknown), "{method} {path}");
    }
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("UPDATE identity_member SET role = 'viewer'").execute().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(owner.get("/api/v1/w/home/tasks").await.status, StatusCode::OK);
    let answer = owner.post("/api/v1/w/home/tasks", json!({ "title": "x" })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "role_needed"));
    let session = owner.get("/api/v1/session").await.json();
    let can = session["data"]["can"].as_object().unwrap();
    // Running the server is no matter of a workspace.
    assert!(can.iter().all(|(what, may)| may == false || what == "operate"), "{can:?}");
}
