//! From an insight to a task.

use serde_json::Value;
use test_support::{Fixture, on_each_engine};

use crate::analysis::{analyzed, connect};

#[tokio::test(flavor = "multi_thread")]
async fn an_insight_becomes_one_task_however_often_it_is_asked_for() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        analyzed(&app, &owner, &slug).await;
        let insights = owner.get(&format!("/w/home/repos/{slug}/insights")).await.ok();
        let insight = insights["items"][0]["id"].as_str().unwrap().to_owned();

        let path = format!("/w/home/insights/{insight}/task");
        let first = owner.post(&path, Value::Null).await.ok();
        let second = owner.post(&path, Value::Null).await.ok();
        assert_eq!(first["key"], second["key"]);
        let tasks = owner.get("/w/home/tasks").await.ok();
        assert_eq!(tasks["total"], 1, "{tasks:#}");
        assert_eq!(tasks["items"][0]["key"], first["key"]);
    })
    .await;
}
