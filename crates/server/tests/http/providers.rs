//! Signing in with an account of a provider, as browsers do. What the provider says is looked at by the tests of people.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::auth::{ANA, PASSWORD, bearer, cookies, join};
use crate::harness::{Answer, HOST, Server};

const BEGIN: &str = "/api/v1/auth/providers/github";
const FINISH: &str = "/api/v1/auth/providers/github/finish";

/// The address that a browser is sent to, and the cookie that it keeps.
fn begun(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let set = answer.header("set-cookie");
    let (pair, attributes) = set.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=600");
    assert!(pair.starts_with("devmentor-4680-journey="), "{pair}");
    (answer.json()["address"].as_str().unwrap().to_owned(), pair.to_owned())
}

fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    pair.unwrap_or_else(|| panic!("no {name} in {address}")).to_owned()
}

fn back(address: &str) -> Value {
    json!({ "code": "a-code", "state": parameter(address, "state") })
}

#[tokio::test]
async fn a_browser_goes_to_the_provider_with_what_only_it_can_come_back_with() {
    let server = Server::start().await;
    let browser = server.anonymous().with("origin", &format!("http://{HOST}"));
    let methods = browser.get("/api/v1/auth/methods").await.json();
    assert_eq!(methods["data"]["providers"], json!([{ "id": "github", "name": "GitHub", "kind": "github" }]));
    let (address, cookie) = begun(&browser.post(BEGIN, json!({})).await);
    assert!(address.starts_with("http://127.0.0.1:9/login/oauth/authorize?response_type=code&"), "{address}");
    let page = format!("http://{HOST}/oauth/github/callback").replace(':', "%3A").replace('/', "%2F");
    assert_eq!(parameter(&address, "redirect_uri"), page);
    assert_eq!(parameter(&address, "code_challenge_method"), "S256");

    // Without the cookie, with another one, and with another state: none of them went out from here.
    let (_, other) = begun(&browser.post(BEGIN, json!({})).await);
    let mut strange = back(&address);
    strange["state"] = json!("0".repeat(64));
    for (caller, body) in [
        (browser.clone(), back(&address)),
        (browser.clone().with("cookie", &other), back(&address)),
        (browser.clone().with("cookie", &cookie), strange),
        (browser.clone().with("cookie", &cookie), json!({ "code": "a-code", "state": "none" })),
    ] {
        let refused = caller.post(FINISH, body).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (401, "sign_in_over"));
    }
    // The right one is let through to the provider, which nobody reaches; and works no second time.
    let (address, cookie) = begun(&browser.post(BEGIN, json!({})).await);
    let caller = browser.clone().with("cookie", &cookie);
    let unreached = caller.post(FINISH, back(&address)).await;
    assert_eq!((unreached.status.as_u16(), unreached.problem().as_str()), (502, "provider_unreachable"));
    assert!(!unreached.text().contains("127.0.0.1"), "{}", unreached.text());
    assert_eq!(caller.post(FINISH, back(&address)).await.problem(), "sign_in_over");

    let foreign = server.anonymous().with("origin", "https://evil.example").post(BEGIN, json!({})).await;
    assert_eq!(foreign.problem(), "foreign_origin");
    assert_eq!(browser.post("/api/v1/auth/providers/nobody", json!({})).await.problem(), "not_found");
}

#[tokio::test]
async fn only_who_is_signed_in_and_knows_the_password_links_an_account() {
    let server = Server::start().await;
    let refused = server.anonymous().post(BEGIN, json!({ "link": true })).await;
    assert_eq!(refused.problem(), "signed_out");
    let session = join(&server, ANA).await;
    assert!(cookies(&server.anonymous().get("/api/v1/auth/methods").await).is_empty());
    let me = bearer(&server, &session);
    for body in [json!({ "link": true }), json!({ "link": true, "current": "not the password" })] {
        let refused = me.post(BEGIN, body).await;
        assert_eq!(refused.json()["errors"][0]["field"], "/current");
    }
    begun(&me.post(BEGIN, json!({ "link": true, "current": PASSWORD })).await);
    let listed = me.get("/api/v1/me/linked-accounts").await.json();
    assert_eq!(listed["data"], json!([]));
    let path = "/api/v1/me/linked-accounts/github";
    let none = me.call("DELETE", path, Some(json!({ "current": PASSWORD }))).await;
    assert_eq!(none.problem(), "not_found");
}
