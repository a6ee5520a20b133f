//! The sample, which everybody may read: nothing but it, and nothing but reading.

use axum::http::StatusCode;

use crate::harness::{Server, operations};

#[tokio::test]
async fn everybody_reads_the_sample_and_nobody_changes_it() {
    let server = Server::start().await;
    server.app.repos.open_sample().await.unwrap();
    let anonymous = server.anonymous();
    let (mut read, mut refused) = (Vec::new(), 0);
    for (method, path) in operations() {
        let Some(below) = path.strip_prefix("/api/v1/w/home") else { continue };
        let path = format!("/api/v1/w/sample{}", below.replace("unknown", "parcel-desk"));
        let open = method == "GET" && (below.starts_with("/repos") || below.starts_with("/analyses"));
        let answer = anonymous.call(&method, &path, None).await;
        if open {
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            read.push((path, answer.status));
        } else {
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (401, "signed_out"),
                "{method} {path}"
            );
            refused += 1;
        }
    }
    assert!(refused > 10, "{refused}");
    let of = |end: &str| read.iter().find(|(path, _)| path.ends_with(end)).map(|(_, status)| status.as_u16());
    for end in ["/repos", "/parcel-desk", "/report", "/findings", "/insights", "/hotspots", "/graph"] {
        assert_eq!(of(end), Some(200), "{end}");
    }
}

#[tokio::test]
async fn those_who_are_signed_in_change_the_sample_no_more_than_others() {
    let server = Server::start().await;
    server.app.repos.open_sample().await.unwrap();
    let owner = server.owner().await;
    let listed = owner.get("/api/v1/w/sample/repos").await.json();
    assert_eq!((&listed["total"], &listed["items"][0]["source"]["kind"]), (&1.into(), &"sample".into()));
    assert_eq!(listed["items"][0]["source"]["location"], "sample:", "where it is kept is nobody's business");
    let can = listed["items"][0]["can"].as_object().unwrap();
    assert!(can.values().all(|may| may == false), "{can:?}");
    for (method, path) in [
        ("DELETE", "/repos/parcel-desk"),
        ("POST", "/repos/parcel-desk/analyses"),
        ("GET", "/tasks"),
        ("GET", "/settings"),
        ("GET", "/live/sse"),
        ("GET", "/local-paths"),
    ] {
        let answer = owner.call(method, &format!("/api/v1/w/sample{path}"), None).await;
        assert_eq!(answer.problem(), "not_found", "{method} {path}");
    }
    for (query, problem) in [("q=app&commit=0000", "malformed"), ("commit=0000", "not_analysed")] {
        let answer = owner.get(&format!("/api/v1/w/sample/repos/parcel-desk/tree?{query}")).await;
        assert_eq!(answer.problem(), problem, "{query}");
    }
    assert_eq!(owner.get("/api/v1/w/home/repos").await.json()["total"], 0);
    assert_eq!(server.anonymous().get("/api/v1/w/home/repos/parcel-desk").await.problem(), "signed_out");
}
