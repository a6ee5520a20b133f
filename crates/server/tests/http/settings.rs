//! What people decide: how a repository is analysed, and whether pages name people.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::Server;
use crate::reports::{REPO, analysed};

#[tokio::test]
async fn whether_a_history_is_searched_is_chosen_and_seen() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let before = owner.get(REPO).await.json()["data"].clone();
    assert_eq!(
        (&before["secrets_in_history"], &before["secrets_in_every_history"], &before["can"]["configure"]),
        (&json!(false), &json!(false), &json!(true))
    );
    let change = json!({ "version": before["version"], "secrets_in_history": true });
    let changed = owner.call("PATCH", REPO, Some(change.clone())).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    assert_eq!(changed.json()["secrets_in_history"], true);
    assert_eq!(owner.call("PATCH", REPO, Some(change)).await.problem(), "changed");
    let version = changed.json()["version"].clone();
    let same = json!({ "version": version, "branch": null, "secrets_in_history": true });
    let same = owner.call("PATCH", REPO, Some(same)).await;
    assert_eq!((same.status, &same.json()["version"]), (StatusCode::OK, &version), "nothing was changed");
    let wrong = json!({ "version": version, "branch": "a..b" });
    let refused = owner.call("PATCH", REPO, Some(wrong)).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["errors"][0]["field"]),
        ("no_such_branch", &json!("/branch"))
    );
    assert_eq!(owner.get(REPO).await.json()["data"]["version"], version, "nothing was changed by that");
}

#[tokio::test]
async fn a_wish_at_connecting_is_kept_and_not_taken_back_by_none() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let connect = async |wish: serde_json::Value| {
        let body = json!({ "source": "https://git.example.org/web.git", "secrets_in_history": wish });
        owner.post("/api/v1/w/home/repos", body).await.json()["secrets_in_history"].clone()
    };
    assert_eq!(connect(json!(true)).await, true);
    assert_eq!(connect(json!(null)).await, true);
}

#[tokio::test]
async fn a_history_that_nobody_searched_is_not_said_to_be_clean() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let past = owner.get(&format!("{REPO}/past-secrets")).await;
    assert_eq!(past.status, StatusCode::OK, "{}", past.text());
    assert_eq!(past.json()["data"]["searched"], false);
}

#[tokio::test]
async fn one_analysis_has_nothing_to_be_compared_with() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let answer = owner.get(&format!("{REPO}/compare")).await.json();
    assert_eq!(answer["data"]["comparison"], json!(null));
    assert_eq!(answer["data"]["choices"].as_array().unwrap().len(), 1);
    let same = owner.get(&format!("{REPO}/compare?base=c0ffeec&head=c0ffeec0ffeec")).await.json();
    let comparison = &same["data"]["comparison"];
    assert_eq!(
        (&comparison["new"]["total"], &comparison["gone"]["total"], &comparison["unchanged"]["total"]),
        (&json!(0), &json!(0), &json!(3))
    );
    assert_eq!(comparison["unchanged"]["items"][0]["severity"], "critical", "the worst first");
    for unknown in ["c0ffee", "0000000", "01890000-0000-7000-8000-000000000000"] {
        let missing = owner.get(&format!("{REPO}/compare?base={unknown}")).await;
        assert_eq!(
            (missing.problem().as_str(), &missing.json()["errors"][0]["field"]),
            ("not_kept", &json!("base"))
        );
    }
}

#[tokio::test]
async fn people_are_named_until_the_workspace_says_no() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let settings = "/api/v1/w/home/settings";
    let names = async || {
        let hotspots = owner.get(&format!("{REPO}/hotspots")).await.json();
        let exported = owner.get(&format!("{REPO}/report.json")).await.json();
        (
            hotspots["named"].clone(),
            hotspots["people"][0]["name"].clone(),
            exported["history"]["people"][0]["name"].clone(),
        )
    };
    assert_eq!(
        owner.get(settings).await.json()["data"],
        json!({ "name_people": true, "can": { "change": true } })
    );
    assert_eq!(names().await, (json!(true), json!("Ada Example"), json!("Ada Example")));
    let off = owner.call("PUT", settings, Some(json!({ "name_people": false }))).await;
    assert_eq!((off.status, &off.json()["name_people"]), (StatusCode::OK, &json!(false)), "{}", off.text());
    assert_eq!(names().await, (json!(false), json!("Contributor A"), json!("Contributor A")));
    let told: (String, String) = server
        .app
        .db
        .query("SELECT body, actor FROM event_outbox WHERE kind = 'settings.updated'")
        .one()
        .await
        .unwrap();
    assert!(told.0.contains(r#""name_people":false"#), "{}", told.0);
    assert_eq!(told.1, server.owner.user.to_string(), "who decided is kept");
    let advisories = owner.get("/api/v1/w/home/advisories").await.json();
    assert_eq!(advisories["data"]["mode"], "undecided", "nothing else was decided by that");
}
