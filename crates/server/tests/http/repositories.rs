//! Connecting repositories, and their runs. No worker is here: what is asked for stays queued.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::Server;

const REPOS: &str = "/api/v1/w/home/repos";

#[tokio::test]
async fn a_repository_is_connected_once_and_its_first_run_waits() {
    let server = Server::start().await;
    let owner = server.owner().await;
    assert_eq!(owner.get("/api/v1/server").await.json()["data"]["first_use"], true);
    let body = json!({ "source": "https://git.example.org/team/web.git" });
    let first = owner.post(REPOS, body.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let repo = first.json();
    assert_eq!((repo["slug"].as_str(), repo["source"]["kind"].as_str()), (Some("web"), Some("git")));
    assert_eq!((&repo["latest"], repo["running"]["state"].as_str()), (&json!(null), Some("queued")));
    assert_eq!(repo["running"]["phases"].as_array().unwrap().len(), 8);
    assert_eq!(repo["can"], json!({ "analyze": true, "remove": true, "configure": true }));

    let again = owner.post(REPOS, body).await;
    assert_eq!((again.status, &again.json()["id"]), (StatusCode::OK, &repo["id"]));
    assert_eq!(again.json()["running"]["id"], repo["running"]["id"]);
    let list = owner.get(REPOS).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &repo["id"]));
    assert_eq!(owner.get("/api/v1/server").await.json()["data"]["first_use"], false);

    // By its name and by its id, it is the same.
    let by_name = owner.get(&format!("{REPOS}/web")).await.json();
    let by_id = owner.get(&format!("{REPOS}/{}", repo["id"].as_str().unwrap())).await.json();
    assert_eq!(by_name["data"], by_id["data"]);
    assert_eq!(owner.get(&format!("{REPOS}/web/report")).await.problem(), "not_analysed");
}

#[tokio::test]
async fn a_run_is_joined_and_can_be_stopped() {
    let server = Server::start().await;
    let owner = server.owner().await;
    owner.post(REPOS, json!({ "source": "https://git.example.org/team/web.git" })).await;
    let runs = format!("{REPOS}/web/analyses");
    let joined = owner.call("POST", &runs, None).await;
    assert_eq!(joined.status, StatusCode::ACCEPTED, "{}", joined.text());
    let list = owner.get(&runs).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &joined.json()["id"]));

    let run = format!("/api/v1/w/home/analyses/{}", joined.json()["id"].as_str().unwrap());
    let stopped = owner.call("POST", &format!("{run}/cancel"), None).await.json();
    assert_eq!(stopped["state"], "cancelled");
    assert_eq!(stopped["can"], json!({ "cancel": false, "retry": true }));
    let detail = owner.get(&run).await.json();
    assert_eq!(
        (&detail["data"]["analysis"]["state"], &detail["data"]["coverage"]),
        (&json!("cancelled"), &json!(null))
    );
    // A new one may follow.
    let next = owner.call("POST", &runs, None).await.json();
    assert_ne!(next["id"], stopped["id"]);
}

#[tokio::test]
async fn a_removed_repository_is_gone_for_everybody() {
    let server = Server::start().await;
    let owner = server.owner().await;
    owner.post(REPOS, json!({ "source": "https://git.example.org/team/web.git" })).await;
    assert_eq!(owner.call("DELETE", &format!("{REPOS}/web"), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&format!("{REPOS}/web")).await.problem(), "not_found");
    assert_eq!(owner.call("DELETE", &format!("{REPOS}/web"), None).await.problem(), "not_found");
}

#[tokio::test]
async fn sources_that_must_not_be_used_are_refused_with_their_reason() {
    let server = Server::start().await;
    let owner = server.owner().await;
    for (source, code) in [
        ("", "url_invalid"),
        ("--upload-pack=touch x", "url_refused"),
        ("ext::sh -c id", "url_refused"),
        ("http://git.example.org/a.git", "url_refused"),
        ("file:///etc", "url_refused"),
        ("/etc", "outside_roots"),
    ] {
        for path in [REPOS.to_owned(), format!("{REPOS}/probe")] {
            let answer = owner.post(&path, json!({ "source": source })).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, code), "{path} {source}");
            assert_eq!(answer.json()["errors"][0]["field"], "/source");
        }
    }
}

#[tokio::test]
async fn paths_are_completed_below_the_allowed_folders() {
    let server = Server::start_with(|config| config.allowed_roots.clear()).await;
    let nothing = server.owner().await.get("/api/v1/w/home/local-paths").await;
    assert_eq!(nothing.json()["data"]["entries"], json!([]));

    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().canonicalize().unwrap();
    std::fs::create_dir_all(base.join("project/.git")).unwrap();
    let server = Server::start_with(|config| config.allowed_roots.push(base.clone())).await;
    let owner = server.owner().await;
    let completed =
        owner.get(&format!("/api/v1/w/home/local-paths?prefix={}/pro", base.display())).await.json();
    let entry = &completed["data"]["entries"][0];
    assert_eq!((entry["name"].as_str(), entry["repository"].as_bool()), (Some("project"), Some(true)));
    assert_eq!(owner.get("/api/v1/w/home/local-paths?prefix=/etc/").await.problem(), "not_found");
}

#[tokio::test]
async fn how_vulnerabilities_are_looked_up_is_decided_once_and_shown() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let before = owner.get("/api/v1/w/home/advisories").await.json();
    assert_eq!(before["data"]["mode"], "undecided");
    assert_eq!(before["data"]["ecosystems"], json!([]));
    let mode = "/api/v1/w/home/advisories/mode";
    let decided = owner.call("PUT", mode, Some(json!({ "mode": "none" }))).await;
    assert_eq!((decided.status, decided.json()["mode"].as_str()), (StatusCode::OK, Some("none")));
    let refused = owner.call("PUT", mode, Some(json!({ "mode": "undecided" }))).await;
    assert_eq!(refused.problem(), "invalid");
    let empty = server.data.path().canonicalize().unwrap();
    let import = |path: &str| json!({ "path": path });
    let nothing = owner.post("/api/v1/w/home/advisories/import", import(empty.to_str().unwrap())).await;
    assert_eq!((nothing.status.as_u16(), nothing.problem().as_str()), (422, "invalid"));
    assert_eq!(nothing.json()["errors"][0]["field"], "/path");
    let outside = owner.post("/api/v1/w/home/advisories/import", import("/etc")).await;
    assert_eq!(outside.problem(), "outside_roots");
}
