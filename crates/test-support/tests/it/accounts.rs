//! What becomes of somebody's things when they go.

use serde_json::json;
use test_support::{Fixture, on_each_engine};

use crate::analysis::{analyzed, connect};

/// Rows of that workspace in every table that names one, but for the log of what was done and answers that are kept for
/// a day.
async fn rows(app: &test_support::TestApp, workspace: &str) -> Vec<(&'static str, i64)> {
    const TABLES: [(&str, &str); 7] = [
        ("workspace", "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_workspace WHERE id = $1"),
        ("member", "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_member WHERE workspace_id = $1"),
        ("analysis", "SELECT CAST(COUNT(*) AS BIGINT) FROM repo_analysis WHERE workspace_id = $1"),
        ("finding", "SELECT CAST(COUNT(*) AS BIGINT) FROM repo_finding WHERE workspace_id = $1"),
        ("insight", "SELECT CAST(COUNT(*) AS BIGINT) FROM repo_insight WHERE workspace_id = $1"),
        ("project", "SELECT CAST(COUNT(*) AS BIGINT) FROM task_project WHERE workspace_id = $1"),
        ("task", "SELECT CAST(COUNT(*) AS BIGINT) FROM task_task WHERE workspace_id = $1"),
    ];
    let mut found = Vec::new();
    for (name, count) in TABLES {
        let (rows,) = app.system.db.query(count).bind(workspace).one::<(i64,)>().await.unwrap();
        found.push((name, rows));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_takes_along_the_workspace_that_was_theirs_alone() {
    on_each_engine(|app| async move {
        let fixture = Fixture::insecure();
        let (ana, owner) = (app.stranger("anas").await, app.owner().await);
        let session = ana.get("/session").await.ok();
        let workspace = session["data"]["workspace"]["id"].as_str().unwrap().to_owned();
        let slug = connect(&ana, "anas", &fixture).await;
        let repos = format!("/w/anas/repos/{slug}");
        ana.get(&repos).await.ok();
        ana.post("/w/anas/tasks", json!({ "title": "Tidy up" })).await.ok();
        app.run_jobs().await;
        assert!(
            rows(&app, &workspace).await.iter().all(|(_, rows)| *rows > 0),
            "{:?}",
            rows(&app, &workspace).await
        );
        let kept = connect(&owner, "home", &fixture).await;
        analyzed(&app, &owner, &kept).await;

        ana.delete("/me", json!({})).await.ok();
        assert_eq!(ana.get(&repos).await.problem(401), "signed_out");
        app.run_jobs().await;
        assert!(
            rows(&app, &workspace).await.iter().all(|(_, rows)| *rows == 0),
            "{:?}",
            rows(&app, &workspace).await
        );
        // Of the person a row without a name is left, and of others nothing is gone.
        let (names,) = app
            .system
            .db
            .query(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_user WHERE name = 'anas' OR handle = 'anas'",
            )
            .one::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(names, 0);
        owner.get(&format!("/w/home/repos/{kept}/report")).await.ok();
    })
    .await;
}
