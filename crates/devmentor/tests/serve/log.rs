//! What the server writes down at its usual level.

use serde_json::{Value, json};

use crate::program::{Running, client, home};

#[tokio::test]
async fn the_log_tells_of_the_interface_and_not_of_every_file_of_the_page() {
    let home = home();
    let server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    for path in ["/", "/repos", "/favicon.svg", "/livez", "/readyz", "/metrics"] {
        client().get(format!("http://{}{path}", server.address)).send().await.unwrap();
    }
    client().get(format!("http://{}/api/v1/nothing", server.address)).send().await.unwrap();
    owner.post("/api/v1/w/home/tasks", json!({ "title": "Mend it" })).await;
    let log = server.log();
    let answered: Vec<(String, u64)> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["message"] == "answered")
        .map(|line| {
            let route = line["route"].as_str().unwrap().to_owned();
            (route, line["status"].as_u64().unwrap())
        })
        .collect();
    let expected = [("/api/v1/session", 201), ("unmatched", 404), ("/api/v1/w/{workspace}/tasks", 201)];
    assert_eq!(answered, expected.map(|(route, status)| (route.to_owned(), status)), "{log}");
    assert!(!log.contains(server.secret()), "the link's secret is in the log");
}
