//! The second factor through HTTP, as pages and programs use it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::auth::{ANA, PASSWORD, bearer, cookies, join};
use crate::harness::{Answer, Caller, Server};

/// The six digits of an app with that key, so many seconds from now.
fn code(server: &Server, key: &str, ahead: i64) -> String {
    let key = totp_rs::Secret::try_from_base32(key).unwrap();
    let totp = totp_rs::Builder::new().with_secret(key).build().unwrap();
    totp.generate(u64::try_from(server.app.clock.now().as_seconds() + ahead).unwrap()).to_string()
}

/// Sets a second factor up; its key and its recovery codes.
async fn enrol(server: &Server, me: &Caller<'_>) -> (String, Vec<Value>) {
    let offered = me.post("/api/v1/me/second-factor", json!({ "current": PASSWORD })).await;
    assert_eq!(offered.status, StatusCode::CREATED, "{}", offered.text());
    let offer = offered.json();
    let key = offer["key"].as_str().unwrap().to_owned();
    assert!(offer["address"].as_str().unwrap().contains(&key));
    assert!(offer["picture"].as_str().unwrap().contains("<svg"));
    assert_eq!(offered.header("cache-control"), "no-store");
    let wrong = me.post("/api/v1/me/second-factor/confirm", json!({ "code": "000000" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (422, "code_refused"));
    let right = json!({ "code": code(server, &key, 0) });
    let confirmed = me.post("/api/v1/me/second-factor/confirm", right).await;
    assert_eq!(confirmed.status, StatusCode::CREATED, "{}", confirmed.text());
    (key, confirmed.json()["codes"].as_array().unwrap().clone())
}

async fn sign_in(caller: &Caller<'_>) -> Answer {
    let answer = caller.post("/api/v1/auth/sign-in", json!({ "email": ANA, "password": PASSWORD })).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    answer
}

#[tokio::test]
async fn a_code_follows_the_password_and_a_trusted_browser_is_not_asked() {
    let server = Server::start().await;
    let me = bearer(&server, &join(&server, ANA).await);
    let off = me.get("/api/v1/me/second-factor").await.json();
    assert_eq!(off["data"], json!({ "since": null, "recovery_left": 0, "trusted_browsers": 0 }));
    let (key, codes) = enrol(&server, &me).await;
    assert_eq!(codes.len(), 10);

    let asked = sign_in(&server.anonymous()).await;
    assert_eq!((asked.status, cookies(&asked).len()), (StatusCode::ACCEPTED, 0));
    let ticket = &asked.json()["ticket"];
    let step = |code: &str| json!({ "ticket": ticket, "code": code, "trust_browser": true });
    let wrong = server.anonymous().post("/api/v1/auth/second-factor", step("000000")).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (422, "code_refused"));
    let right = step(&code(&server, &key, 30));
    let done = server.anonymous().post("/api/v1/auth/second-factor", right.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    let set = cookies(&done);
    assert!(set.iter().all(|(_, attributes)| attributes.starts_with("Path=/; HttpOnly; SameSite=Strict")));
    let trust = &set[2].0;
    assert!(trust.starts_with("devmentor-4680-browser="), "{trust}");
    let again = server.anonymous().post("/api/v1/auth/second-factor", right).await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (401, "sign_in_over"));

    let trusted = server.anonymous().with("cookie", trust).with("origin", "http://127.0.0.1:4680");
    assert_eq!(sign_in(&trusted).await.status, StatusCode::CREATED);
    assert_eq!(me.get("/api/v1/me/second-factor").await.json()["data"]["trusted_browsers"], 1);
    let forgotten = me.call("DELETE", "/api/v1/me/second-factor/browsers", None).await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&trusted).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn it_is_changed_and_removed_for_password_and_code() {
    let server = Server::start().await;
    let me = bearer(&server, &join(&server, ANA).await);
    let none = json!({ "current": PASSWORD, "code": "000000" });
    let off = me.call("DELETE", "/api/v1/me/second-factor", Some(none.clone())).await;
    assert_eq!(off.problem(), "second_factor_off");
    let (key, codes) = enrol(&server, &me).await;
    let twice = me.post("/api/v1/me/second-factor", json!({ "current": PASSWORD })).await;
    assert_eq!(twice.problem(), "second_factor_on");
    assert_eq!(me.call("DELETE", "/api/v1/me/second-factor", Some(none)).await.problem(), "code_refused");
    let wrong = json!({ "current": "nothing", "code": codes[0] });
    let refused = me.post("/api/v1/me/second-factor/recovery-codes", wrong).await;
    assert_eq!(refused.json()["errors"][0]["field"], "/current");
    let renew = json!({ "current": PASSWORD, "code": codes[0] });
    let renewed = me.post("/api/v1/me/second-factor/recovery-codes", renew).await;
    assert_eq!(renewed.status, StatusCode::CREATED, "{}", renewed.text());
    assert_ne!(renewed.json()["codes"], json!(codes));
    let remove = json!({ "current": PASSWORD, "code": code(&server, &key, 30) });
    let removed = me.call("DELETE", "/api/v1/me/second-factor", Some(remove)).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text());
    assert_eq!(sign_in(&server.anonymous()).await.status, StatusCode::CREATED);
}
