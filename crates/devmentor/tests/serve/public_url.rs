//! A server that browsers reach over https, and servers that refuse to be reached without it.

use reqwest::header::{CONNECTION, COOKIE, HOST, ORIGIN, SET_COOKIE, UPGRADE};
use reqwest::{Certificate, Client, Response};
use serde_json::{Value, json};

use crate::program::{Running, builder, client, devmentor, home};
use crate::proxy::{Host, Proxy};

/// A browser of somebody elsewhere: it trusts the proxy's certificate.
fn browser(proxy: &Proxy) -> Client {
    let certificate = Certificate::from_pem(proxy.certificate.as_bytes()).unwrap();
    builder().tls_certs_only([certificate]).build().unwrap()
}

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    (status, problem["code"].as_str().unwrap_or_default().to_owned())
}

/// The server behind a proxy that keeps `Host`, both knowing of each other.
async fn published(home: &std::path::Path) -> (Proxy, Running) {
    let proxy = Proxy::start(Host::Kept).await;
    let server = Running::start(home, &[("DEVMENTOR_SERVER__PUBLIC_URL", &proxy.url())]).await;
    proxy.forward_to(&server.address);
    (proxy, server)
}

#[tokio::test]
async fn over_https_the_owner_signs_in_and_works() {
    let home = home();
    let (proxy, server) = published(home.path()).await;
    let (browser, url) = (browser(&proxy), proxy.url());
    assert!(server.link.starts_with(&format!("{url}/enter#")), "{}", server.link);

    let page = browser.get(&url).send().await.unwrap();
    assert_eq!(page.headers()["strict-transport-security"], "max-age=31536000");
    let enter = |origin: String| {
        browser
            .post(format!("{url}/api/v1/session"))
            .header(ORIGIN, origin)
            .json(&json!({ "token": server.secret() }))
    };
    let elsewhere = [
        format!("http://localhost:{}", proxy.port),
        format!("https://127.0.0.1:{}", proxy.port),
        format!("http://{}", server.address),
        "https://evil.example".to_owned(),
        "null".to_owned(),
    ];
    for origin in &elsewhere {
        let refused = enter(origin.clone()).send().await.unwrap();
        assert_eq!(code(refused).await, (403, "foreign_origin".to_owned()), "{origin}");
    }
    let entered = enter(url.clone()).send().await.unwrap();
    assert_eq!(entered.status(), 201);
    let cookie = entered.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-devmentor="), "{cookie}");
    assert!(attributes.starts_with("Path=/; HttpOnly; SameSite=Strict; Max-Age="), "{cookie}");
    assert!(attributes.ends_with("; Secure"), "{cookie}");

    let task = |origin: &str| {
        browser
            .post(format!("{url}/api/v1/w/home/tasks"))
            .header(COOKIE, pair)
            .header(ORIGIN, origin)
            .json(&json!({ "title": "Mend it" }))
    };
    assert_eq!(task(&url).send().await.unwrap().status(), 201);
    let foreign = task("https://evil.example").send().await.unwrap();
    assert_eq!(code(foreign).await, (403, "foreign_origin".to_owned()));

    let live = |origin: &str| {
        browser
            .get(format!("{url}/api/v1/w/home/live"))
            .header(COOKIE, pair)
            .header(ORIGIN, origin)
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-protocol", "devmentor.v1")
    };
    assert_eq!(live(&url).send().await.unwrap().status(), 101);
    assert_eq!(live("https://evil.example").send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn nobody_who_comes_through_the_proxy_is_local() {
    let home = home();
    let (proxy, server) = published(home.path()).await;
    let (browser, url) = (browser(&proxy), proxy.url());
    let stranger = browser.get(format!("{url}/metrics")).send().await.unwrap();
    assert_eq!(code(stranger).await, (401, "signed_out".to_owned()));
    let entered = browser
        .post(format!("{url}/api/v1/session"))
        .json(&json!({ "token": server.secret(), "hand_over": "token" }))
        .send()
        .await
        .unwrap();
    let session: Value = entered.json().await.unwrap();
    assert_eq!(session["can"]["browse_local_paths"], false);
    let owner =
        |path: &str| browser.get(format!("{url}{path}")).bearer_auth(session["token"].as_str().unwrap());
    assert_eq!(owner("/metrics").send().await.unwrap().status(), 200);
    let info: Value = owner("/api/v1/server").send().await.unwrap().json().await.unwrap();
    assert_eq!(info["data"]["listens_on"], "network");
    assert_eq!(info["data"]["local_paths"]["allowed"], false);
    let here = home.path().join("code");
    std::fs::create_dir_all(&here).unwrap();
    let connect = browser
        .post(format!("{url}/api/v1/w/home/repos"))
        .bearer_auth(session["token"].as_str().unwrap())
        .json(&json!({ "source": here }))
        .send()
        .await
        .unwrap();
    assert!(connect.status().is_client_error(), "{}", connect.status());

    // Past the proxy: its own address is no name of the server, and the proxy's name opens nothing more.
    let past = client().get(format!("http://{}/metrics", server.address)).send().await.unwrap();
    assert_eq!(code(past).await, (421, "unknown_host".to_owned()));
    let named = client()
        .get(format!("http://{}/metrics", server.address))
        .header(HOST, format!("localhost:{}", proxy.port))
        .send()
        .await
        .unwrap();
    assert_eq!(code(named).await, (401, "signed_out".to_owned()));
}

#[tokio::test]
async fn a_proxy_that_the_server_was_not_told_of_reaches_nothing() {
    let home = home();
    let proxy = Proxy::start(Host::Replaced).await;
    let server = Running::start(home.path(), &[]).await;
    proxy.forward_to(&server.address);
    let (browser, url) = (browser(&proxy), proxy.url());
    for path in ["/", "/metrics", "/api/v1/server"] {
        let answer = browser.get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(code(answer).await, (421, "unexpected_proxy".to_owned()), "{path}");
    }
    let entered = browser
        .post(format!("{url}/api/v1/session"))
        .json(&json!({ "token": server.secret(), "hand_over": "token" }))
        .send()
        .await
        .unwrap();
    assert_eq!(code(entered).await, (421, "unexpected_proxy".to_owned()));
    // Probes are answered whoever asks, and the link still works from here.
    assert_eq!(browser.get(format!("{url}/livez")).send().await.unwrap().status(), 200);
    assert_eq!(server.owner().await.get("/api/v1/server").await["data"]["listens_on"], "loopback");
}

#[tokio::test]
async fn what_is_not_safe_is_refused_before_it_listens() {
    let home = home();
    let refused = async |url: Option<&str>| {
        let mut command = devmentor(home.path());
        command.args(["serve", "--listen", "0.0.0.0:0"]);
        if let Some(url) = url {
            command.env("DEVMENTOR_SERVER__PUBLIC_URL", url);
        }
        let done = command.output().await.unwrap();
        assert_eq!(done.status.code(), Some(2));
        assert!(!home.path().join("data").exists(), "nothing was begun");
        String::from_utf8(done.stderr).unwrap()
    };
    let error = refused(None).await;
    for word in ["other machines", "server.public_url", "--allow-network"] {
        assert!(error.contains(word), "{word}: {error}");
    }
    let error = refused(Some("http://mentor.example.org")).await;
    assert!(error.contains("server.public_url") && error.contains("https://"), "{error}");
}
