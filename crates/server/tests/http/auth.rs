//! Getting in and out: journeys of accounts through HTTP, with the mail in memory.

use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jobs::{Handlers, Runner, RunnerOptions};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, HOST, Server};

pub(crate) const PASSWORD: &str = "orbit lantern quarry seven";
const OTHER: &str = "velvet harbor mosaic eleven";
pub(crate) const ANA: &str = "ana@example.org";

/// What is sent for an address.
type Body = fn(&str) -> Value;

/// Hands over the mail that waits; the text of the last one.
async fn mail(server: &Server) -> String {
    let handlers = server.app.identity.handlers(Handlers::new());
    Runner::new(server.app.jobs.clone(), handlers, RunnerOptions::default()).run_until_idle().await.unwrap();
    server.mail.letters().pop().unwrap().1.body
}

fn code(body: &str) -> &str {
    let at = body.find("code is ").unwrap() + "code is ".len();
    &body[at..at + 6]
}

fn token(body: &str) -> &str {
    let at = body.find('#').unwrap() + 1;
    &body[at..at + 64]
}

async fn sign_up(server: &Server, email: &str) -> Answer {
    let body = json!({ "name": "Ana", "email": email, "password": PASSWORD });
    server.anonymous().post("/api/v1/auth/sign-up", body).await
}

/// Somebody new, and the tokens of their session.
pub(crate) async fn join(server: &Server, email: &str) -> Value {
    let ticket = sign_up(server, email).await.json()["ticket"].clone();
    let letter = mail(server).await;
    let body = json!({ "ticket": ticket, "code": code(&letter), "hand_over": "token" });
    let answer = server.anonymous().post("/api/v1/auth/verify", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["session"].clone()
}

pub(crate) fn bearer<'a>(server: &'a Server, session: &Value) -> Caller<'a> {
    server.anonymous().with("authorization", &format!("Bearer {}", session["token"].as_str().unwrap()))
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password, "hand_over": "token" });
    server.anonymous().post("/api/v1/auth/sign-in", body).await
}

/// Every cookie that an answer sets, as name and value, with its attributes.
pub(crate) fn cookies(answer: &Answer) -> Vec<(String, String)> {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    lines
        .map(|line| {
            let (pair, attributes) = line.split_once("; ").unwrap();
            (pair.to_owned(), attributes.to_owned())
        })
        .collect()
}

/// An answer but for what is different each time by design.
fn bytes(answer: &Answer) -> (StatusCode, String) {
    let mut text = answer.text().replace(answer.header("x-request-id"), "ID");
    if let Some(ticket) =
        serde_json::from_str::<Value>(&text).ok().and_then(|body| body["ticket"].as_str().map(str::to_owned))
    {
        assert_eq!(ticket.len(), 64);
        text = text.replace(&ticket, "TICKET");
    }
    (answer.status, text)
}

#[tokio::test]
async fn a_browser_has_two_cookies_that_scripts_cannot_read() {
    let server = Server::start().await;
    join(&server, ANA).await;
    let body = json!({ "email": ANA, "password": PASSWORD });
    let answer = server.anonymous().post("/api/v1/auth/sign-in", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!((&answer.json()["token"], &answer.json()["refresh_token"]), (&json!(null), &json!(null)));
    let set = cookies(&answer);
    assert_eq!(set.len(), 2);
    assert!(set[0].0.starts_with("devmentor-4680=") && set[1].0.starts_with("devmentor-4680-refresh="));
    assert_eq!(set[0].1, "Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");
    assert_eq!(set[1].1, "Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");

    let own = format!("http://{HOST}");
    let browser = |cookies: &str| server.anonymous().with("cookie", cookies).with("origin", &own);
    let (access, refresh) = (set[0].0.clone(), set[1].0.clone());
    assert_eq!(browser(&access).get("/api/v1/me").await.json()["data"]["email"], ANA);

    // Ten minutes later the page is told to refresh, and does; who is not signed in is told something else.
    server.app.clock.advance(Duration::from_mins(11));
    assert_eq!(browser(&access).get("/api/v1/session").await.problem(), "access_expired");
    assert_eq!(browser(&access).get("/api/v1/server").await.problem(), "access_expired");
    assert_eq!(server.anonymous().get("/api/v1/session").await.problem(), "signed_out");
    let both = format!("{access}; {refresh}");
    let foreign = server.anonymous().with("cookie", &both).with("origin", "http://evil.example");
    assert_eq!(foreign.post("/api/v1/auth/refresh", json!({})).await.problem(), "foreign_origin");
    let refreshed = browser(&both).post("/api/v1/auth/refresh", json!({})).await;
    assert_eq!(refreshed.status, StatusCode::CREATED, "{}", refreshed.text());
    let fresh = cookies(&refreshed);
    assert_ne!(fresh[1].0, refresh);
    assert_eq!(browser(&fresh[0].0).get("/api/v1/session").await.status, StatusCode::OK);

    // The used one again, later: everything of it is over, and its cookies are taken away.
    server.app.clock.advance(Duration::from_secs(10));
    let replayed = browser(&both).post("/api/v1/auth/refresh", json!({})).await;
    assert_eq!((replayed.status.as_u16(), replayed.problem().as_str()), (401, "signed_out"));
    assert!(
        cookies(&replayed)
            .iter()
            .all(|(pair, attributes)| pair.ends_with('=') && attributes.contains("Max-Age=0"))
    );
    assert_eq!(browser(&fresh[0].0).get("/api/v1/session").await.problem(), "signed_out");
    assert_eq!(browser(&fresh[1].0).post("/api/v1/auth/refresh", json!({})).await.problem(), "signed_out");
}

#[tokio::test]
async fn over_https_both_cookies_are_secure_and_named_for_it() {
    let server = Server::start_with(|config| config.https = true).await;
    let link = server.app.identity.new_link(server.owner.user).await.unwrap();
    let answer = server.anonymous().post("/api/v1/session", json!({ "token": link.expose() })).await;
    let set = cookies(&answer);
    assert!(set[0].0.starts_with("__Host-devmentor=") && set[1].0.starts_with("__Host-devmentor-refresh="));
    assert!(set.iter().all(|(_, attributes)| attributes.ends_with("; Secure")));
}

#[tokio::test]
async fn a_program_refreshes_with_the_text_it_was_given() {
    let server = Server::start().await;
    let session = join(&server, ANA).await;
    let refresh = json!({ "refresh_token": session["refresh_token"] });
    let answer = server.anonymous().post("/api/v1/auth/refresh", refresh.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(cookies(&answer).is_empty() && answer.json()["access_expires_at"].is_string());
    let again = server.anonymous().post("/api/v1/auth/refresh", refresh).await;
    assert_eq!(
        again.json()["refresh_token"],
        answer.json()["refresh_token"],
        "the answer may have been lost"
    );
    assert_eq!(bearer(&server, &again.json()).get("/api/v1/session").await.status, StatusCode::OK);
    let wrong = json!({ "refresh_token": "0".repeat(64) });
    assert_eq!(server.anonymous().post("/api/v1/auth/refresh", wrong).await.problem(), "signed_out");
}

/// S-AUTH-5, the bytes: for each flow a known and an unknown address.
#[tokio::test]
async fn no_answer_tells_whether_an_address_has_an_account() {
    let server = Server::start().await;
    join(&server, ANA).await;
    let unknown = "nobody@example.org";
    let flows: [(&str, Body); 3] = [
        ("sign-up", |email| json!({ "name": "A", "email": email, "password": PASSWORD })),
        ("sign-in", |email| json!({ "email": email, "password": OTHER })),
        ("forgot", |email| json!({ "email": email })),
    ];
    for (flow, body) in flows {
        let path = format!("/api/v1/auth/{flow}");
        let known = server.anonymous().post(&path, body(ANA)).await;
        let unknown = server.anonymous().post(&path, body(unknown)).await;
        assert_eq!(bytes(&known), bytes(&unknown), "{flow}");
        let headers = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(headers(&known), headers(&unknown), "{flow}");
    }
    // Codes for a known, an unknown and an invented address fail alike.
    let mut failures = Vec::new();
    for email in [ANA, unknown] {
        let ticket = sign_up(&server, email).await.json()["ticket"].clone();
        let body = json!({ "ticket": ticket, "code": "abcdef" });
        failures.push(bytes(&server.anonymous().post("/api/v1/auth/verify", body).await));
    }
    for wrong in [
        json!({ "ticket": "0".repeat(64), "code": "000000" }),
        json!({ "link": "nonsense", "password": PASSWORD }),
    ] {
        failures.push(bytes(&server.anonymous().post("/api/v1/auth/verify", wrong).await));
    }
    assert!(failures.iter().all(|failure| failure == &failures[0]), "{failures:?}");
    assert_eq!(failures[0].0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn too_many_tries_say_how_long_to_wait() {
    let server = Server::start().await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server, ANA, PASSWORD).await.problem(), "sign_in_refused");
    }
    let answer = sign_in(&server, ANA, PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (429, "too_many_tries"));
    assert_eq!((answer.header("retry-after"), &answer.json()["retry_after"]), ("12", &json!(12)));
    assert_eq!(sign_in(&server, "other@example.org", PASSWORD).await.problem(), "sign_in_refused");
}

#[tokio::test]
async fn behind_a_proxy_that_names_nobody_a_stranger_locks_nobody_out() {
    let server = Server::start_with(|config| config.https = true).await;
    join(&server, ANA).await;
    let from = async |place: Option<&str>, password: &str| {
        let caller = server.anonymous();
        let caller = place.into_iter().fold(caller, |caller, place| caller.with("x-forwarded-for", place));
        let body = json!({ "email": ANA, "password": password, "hand_over": "token" });
        caller.post("/api/v1/auth/sign-in", body).await
    };
    for _ in 0..6 {
        assert_eq!(from(None, OTHER).await.problem(), "sign_in_refused");
    }
    for _ in 0..5 {
        assert_eq!(from(Some("198.51.100.1"), OTHER).await.problem(), "sign_in_refused");
    }
    assert_eq!(from(Some("198.51.100.1"), OTHER).await.problem(), "too_many_tries");
    assert_eq!(from(Some("198.51.100.2"), PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(from(None, PASSWORD).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_other_sessions_end() {
    let server = Server::start().await;
    let session = join(&server, ANA).await;
    let asked = server.anonymous().post("/api/v1/auth/forgot", json!({ "email": ANA })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    let letter = mail(&server).await;
    assert!(letter.contains(&format!("http://{HOST}/reset#")), "{letter}");
    let preview =
        server.anonymous().post("/api/v1/auth/reset/check", json!({ "token": token(&letter) })).await;
    assert_eq!(preview.json()["sessions"].as_array().unwrap().len(), 1);
    let weak = json!({ "token": token(&letter), "password": "aaaaaaaaaaaaaaaa" });
    let refused = server.anonymous().post("/api/v1/auth/reset", weak).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "password_refused"));
    assert_eq!(refused.json()["errors"][0]["field"], "/password");
    let body = json!({ "token": token(&letter), "password": OTHER, "hand_over": "token" });
    let reset = server.anonymous().post("/api/v1/auth/reset", body.clone()).await;
    assert_eq!(reset.status, StatusCode::CREATED, "{}", reset.text());
    assert_eq!(bearer(&server, &session).get("/api/v1/me").await.problem(), "signed_out");
    assert_eq!(bearer(&server, &reset.json()).get("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(server.anonymous().post("/api/v1/auth/reset", body).await.problem(), "reset_refused");
    assert_eq!(sign_in(&server, ANA, PASSWORD).await.problem(), "sign_in_refused");
    assert_eq!(sign_in(&server, ANA, OTHER).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn people_manage_their_own_account() {
    let server = Server::start().await;
    let session = join(&server, ANA).await;
    let me = bearer(&server, &session);
    let read = me.get("/api/v1/me").await.json();
    assert_eq!(read["data"]["can"], json!({ "set_up": false, "change_password": true, "delete": true }));
    let renamed = me.call("PATCH", "/api/v1/me", Some(json!({ "name": "Ana Lopez", "version": 1 }))).await;
    assert_eq!(renamed.json()["user"]["name"], "Ana Lopez");
    let late = me.call("PATCH", "/api/v1/me", Some(json!({ "name": "Anna", "version": 1 }))).await;
    assert_eq!(late.problem(), "changed");

    let other = sign_in(&server, ANA, PASSWORD).await.json();
    let listed = me.get("/api/v1/me/sessions").await.json();
    let sessions = listed["data"].as_array().unwrap();
    assert_eq!(sessions.iter().filter(|one| one["current"] == true).count(), 1);
    let there = sessions.iter().find(|one| one["current"] == false).unwrap()["id"].as_str().unwrap();
    let revoke = format!("/api/v1/me/sessions/{there}");
    assert_eq!(me.call("DELETE", &revoke, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(me.call("DELETE", &revoke, None).await.problem(), "not_found");
    assert_eq!(bearer(&server, &other).get("/api/v1/me").await.problem(), "signed_out");
    // Somebody else's answers like one that does not exist.
    let owner = server.owner().await;
    let own = owner.get("/api/v1/me/sessions").await.json()["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(me.call("DELETE", &format!("/api/v1/me/sessions/{own}"), None).await.problem(), "not_found");

    let wrong = json!({ "current": OTHER, "password": OTHER });
    let refused = me.call("PUT", "/api/v1/me/password", Some(wrong)).await;
    assert_eq!(refused.json()["errors"][0]["field"], "/current");
    let right = json!({ "current": PASSWORD, "password": OTHER });
    assert_eq!(me.call("PUT", "/api/v1/me/password", Some(right)).await.status, StatusCode::NO_CONTENT);

    let file = me.get("/api/v1/me/export").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(
        (&file.json()["account"]["email"], &file.json()["workspaces"][0]["role"]),
        (&json!(ANA), &json!("owner"))
    );
    let deleted = me.call("DELETE", "/api/v1/me", Some(json!({ "password": OTHER }))).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.text());
    assert_eq!(me.get("/api/v1/me").await.problem(), "signed_out");
    assert_eq!(sign_in(&server, ANA, OTHER).await.problem(), "sign_in_refused");
    let operator = owner.call("DELETE", "/api/v1/me", Some(json!({}))).await;
    assert_eq!((operator.status.as_u16(), operator.problem().as_str()), (409, "operator"));
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_one() {
    let server = Server::start().await;
    let first = join(&server, ANA).await;
    let second = sign_in(&server, ANA, PASSWORD).await.json();
    let me = bearer(&server, &second);
    let others = me.post("/api/v1/auth/sign-out", json!({ "which": "others" })).await;
    assert_eq!((&others.json()["ended"], cookies(&others).len()), (&json!(1), 0));
    assert_eq!(bearer(&server, &first).get("/api/v1/me").await.problem(), "signed_out");
    let all = me.post("/api/v1/auth/sign-out", json!({ "which": "all" })).await;
    assert_eq!((all.json()["ended"].as_u64(), all.header("clear-site-data")), (Some(1), "\"cache\""));
    assert_eq!(me.get("/api/v1/me").await.problem(), "signed_out");
}

#[tokio::test]
async fn who_leaves_after_the_access_token_ran_out_is_signed_out_all_the_same() {
    let server = Server::start().await;
    join(&server, ANA).await;
    let body = json!({ "email": ANA, "password": PASSWORD });
    let set = cookies(&server.anonymous().post("/api/v1/auth/sign-in", body).await);
    let both = format!("{}; {}", set[0].0, set[1].0);
    let own = format!("http://{HOST}");
    let browser = server.anonymous().with("cookie", &both).with("origin", &own);
    server.app.clock.advance(Duration::from_mins(11));
    let left = browser.post("/api/v1/auth/sign-out", json!({ "which": "this" })).await;
    assert_eq!((left.status, &left.json()["ended"]), (StatusCode::OK, &json!(1)), "{}", left.text());
    assert!(cookies(&left).iter().all(|(_, attributes)| attributes.contains("Max-Age=0")));
    assert_eq!(browser.post("/api/v1/auth/refresh", json!({})).await.problem(), "signed_out");
    let again = browser.post("/api/v1/auth/sign-out", json!({ "which": "this" })).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "there is nothing left to leave");
}

#[tokio::test]
async fn the_operator_sets_the_server_up_with_the_printed_link() {
    let server = Server::start().await;
    let state = server.anonymous().get("/api/v1/setup").await.json();
    assert_eq!(state["data"], json!({ "needed": true, "password_optional": true }));
    let form = |code: &str, password: &str| json!({ "code": code, "name": "Olga", "email": "olga@example.org", "password": password, "hand_over": "token" });
    assert_eq!(
        server.anonymous().post("/api/v1/setup", json!({ "name": "x" })).await.problem(),
        "signed_out"
    );
    let wrong = server.anonymous().post("/api/v1/setup", form(&"0".repeat(64), PASSWORD)).await;
    assert_eq!(wrong.problem(), "link_refused");
    let link = server.app.identity.new_link(server.owner.user).await.unwrap();
    // A slip of the pen does not cost the link.
    let weak = server.anonymous().post("/api/v1/setup", form(link.expose(), "aaaaaaaaaaaaaaaa")).await;
    assert_eq!((weak.problem().as_str(), cookies(&weak).len()), ("password_refused", 0));
    let none = json!({ "code": link.expose(), "name": "", "hand_over": "token" });
    assert_eq!(server.anonymous().post("/api/v1/setup", none).await.json()["errors"][0]["field"], "/name");
    let done = server.anonymous().post("/api/v1/setup", form(link.expose(), PASSWORD)).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    assert_eq!(
        (&done.json()["user"]["name"], &done.json()["can"]["operate"]),
        (&json!("Olga"), &json!(true))
    );
    assert_eq!(server.anonymous().get("/api/v1/setup").await.json()["data"]["needed"], false);
    let again = bearer(&server, &done.json()).post("/api/v1/setup", form(link.expose(), PASSWORD)).await;
    assert_eq!(again.problem(), "set_up");
    assert_eq!(sign_in(&server, "olga@example.org", PASSWORD).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn only_the_operator_sees_what_was_not_sent() {
    let server = Server::start().await;
    let ana = bearer(&server, &join(&server, ANA).await);
    let foreign = ana.get("/api/v1/admin/outbox").await;
    assert_eq!(foreign.problem(), "not_found");
    let unknown = ana.get("/api/v1/admin/nothing").await;
    assert_eq!(unknown.problem(), "not_found");
    let outbox = server.owner().await.get("/api/v1/admin/outbox").await.json();
    assert_eq!(outbox["data"], json!({ "sends_mail": true, "mails": [] }));
}

#[tokio::test]
async fn public_keys_are_published_and_verify_the_tokens() {
    let server = Server::start().await;
    let session = join(&server, ANA).await;
    let keys = server.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(keys.header("content-type"), "application/jwk-set+json");
    let keys = keys.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    assert!(key.get("d").is_none());
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let token = session["token"].as_str().unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decode(message.split('.').next().unwrap())).unwrap();
    assert_eq!(header["kid"], key["kid"]);
    let public = decode(key["x"].as_str().unwrap());
    let public = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, public);
    assert!(public.verify(message.as_bytes(), &decode(signature)).is_ok());
}
