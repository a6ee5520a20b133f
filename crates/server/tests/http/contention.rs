//! Many who change the same thing at the same time.

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;
use storage::testing::each_engine;

use crate::harness::Server;

/// Writers on one task.
const WRITERS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn of_64_writers_on_one_task_none_is_lost_and_conflicts_are_told() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let made = owner.post("/api/v1/w/home/tasks", json!({ "title": "Count" })).await.json();
        let task = format!("/api/v1/w/home/tasks/{}", made["key"].as_str().unwrap());
        // All have seen the same version and write at once; whoever was late looks again, and writes again.
        let writer = || async {
            let (mut seen, mut conflicts) = (made.clone(), 0);
            loop {
                let longer = format!("{}x", seen["description"].as_str().unwrap());
                let change = json!({ "version": seen["version"], "description": longer });
                let answer = owner.call("PATCH", &task, Some(change)).await;
                if answer.status == StatusCode::OK {
                    return conflicts;
                }
                assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::CONFLICT, "changed"));
                conflicts += 1;
                seen = owner.get(&task).await.json()["data"].clone();
            }
        };
        let conflicts: usize = join_all((0..WRITERS).map(|_| writer())).await.into_iter().sum();
        let left = owner.get(&task).await.json()["data"].clone();
        println!("{WRITERS} writers on {:?}: {conflicts} conflicts", test.engine);
        assert_eq!(left["description"].as_str().unwrap().len(), WRITERS);
        assert!(conflicts >= WRITERS - 1, "they did write at once");
    })
    .await;
}
