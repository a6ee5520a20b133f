//! Pictures of people: put, seen by those beside them, and taken away.

use axum::http::StatusCode;
use base64::Engine as _;
use serde_json::Value;

use crate::auth::{ANA, bearer, join};
use crate::harness::{Caller, Server};

/// A red pixel as PNG.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

fn pixel() -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(PIXEL).unwrap()
}

fn address(me: &Value) -> String {
    me["user"]["avatar"].as_str().unwrap().to_owned()
}

async fn show(caller: &Caller<'_>) -> String {
    let answer = caller.upload("/api/v1/me/avatar", pixel()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    address(&answer.json())
}

#[tokio::test]
async fn a_picture_is_shown_to_those_who_share_a_workspace_and_to_nobody_else() {
    let server = Server::start().await;
    let (owner, ana) = (server.owner().await, bearer(&server, &join(&server, ANA).await));
    assert_eq!(ana.get("/api/v1/me").await.json()["data"]["user"]["avatar"], Value::Null);
    let picture = show(&ana).await;
    assert!(picture.starts_with("/api/v1/people/") && picture.contains("/avatar?v="), "{picture}");
    assert_eq!(address(&ana.get("/api/v1/me").await.json()["data"]), picture);

    let seen = ana.get(&picture).await;
    assert_eq!((seen.status, seen.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    assert!(seen.body.starts_with(&[0xff, 0xd8, 0xff]), "written anew, whatever it was");
    // Ana is in a workspace of her own: the owner of the server is not beside her there.
    for other in [&owner, &server.anonymous()] {
        let answer = other.get(&picture).await;
        assert!(matches!(answer.status.as_u16(), 401 | 404), "{}", answer.status);
    }

    let gone = ana.call("DELETE", "/api/v1/me/avatar", None).await;
    assert_eq!((gone.status, &gone.json()["user"]["avatar"]), (StatusCode::OK, &Value::Null));
    assert_eq!(ana.get(&picture).await.status, StatusCode::NOT_FOUND);
    let again = ana.call("DELETE", "/api/v1/me/avatar", None).await;
    assert_eq!(again.status, StatusCode::OK, "it is gone already");
}

#[tokio::test]
async fn what_is_no_picture_changes_nothing() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let picture = show(&owner).await;
    for other in [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
        Vec::new(),
        pixel()[..40].to_vec(),
    ] {
        let refused = owner.upload("/api/v1/me/avatar", other).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "invalid"));
    }
    let refused = owner.upload("/api/v1/me/avatar", vec![0; 1024 * 1024 + 1]).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (413, "too_large"));
    assert_eq!(address(&owner.get("/api/v1/me").await.json()["data"]), picture);
    let nobody = server.anonymous().upload("/api/v1/me/avatar", pixel()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
