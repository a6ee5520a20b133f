//! What is kept of answers for those who send a change twice.

use axum::http::StatusCode;
use serde_json::json;
use storage::testing::each_engine;

use super::{CHAT, ask, ended, remember, thread};
use crate::harness::Server;

#[tokio::test]
async fn what_was_forgotten_is_in_no_kept_answer() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let memory = remember(&owner, "The client retries", "Retries wait 1, 2 and 4 seconds.").await;
        let id = thread(&owner).await;
        let text = "How often does the client retry?";
        let answer = ended(&ask(&owner, &id, json!({ "text": text })).await)["id"].clone();

        let keyed = async |key| server.owner().await.with("idempotency-key", key);
        let question = json!({ "thread": id, "text": text });
        let preview = keyed("looks").await.post(&format!("{CHAT}/preview"), question).await;
        assert!(preview.text().contains("Retries wait"), "{}", preview.text());
        let rating = format!("{CHAT}/messages/{}/rating", answer.as_str().unwrap());
        let body = json!({ "rating": "up" });
        let rated = keyed("rates").await.call("PUT", &rating, Some(body)).await;
        assert!(rated.text().contains("Retries wait"), "{}", rated.text());
        let confirm = format!("/api/v1/w/home/memories/{}/confirm?version=1", memory["id"].as_str().unwrap());
        let confirmed = keyed("confirms").await.call("POST", &confirm, None).await;
        assert!(confirmed.text().contains("Retries wait"), "{}", confirmed.text());
        let kept = async || {
            let query = "SELECT key, body FROM http_idempotency ORDER BY key";
            server.app.db.query(query).all::<(String, Option<Vec<u8>>)>().await.unwrap()
        };
        let shown = [("confirms".to_owned(), Some(confirmed.body.clone()))];
        assert_eq!(kept().await, shown, "neither a look nor a rating is kept");

        let place = format!("/api/v1/w/home/memories/{}?version=2", memory["id"].as_str().unwrap());
        assert_eq!(keyed("forgets").await.call("DELETE", &place, None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(kept().await, [("confirms".to_owned(), None), ("forgets".to_owned(), Some(Vec::new()))]);
        let again = keyed("confirms").await.call("POST", &confirm, None).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.text());
    })
    .await;
}
