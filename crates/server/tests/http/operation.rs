//! What whoever runs the server sees and does, and that nobody else does.

use axum::http::StatusCode;
use base::id::JobId;
use jobs::{Handlers, JobError, NewJob, Runner, RunnerOptions};
use serde_json::json;

use crate::harness::Server;
use crate::reports::{REPO, analysed};

/// A job of that kind, enqueued.
async fn enqueue(server: &Server, word: &str) -> JobId {
    let mut tx = server.app.db.begin().await.unwrap();
    let job = NewJob::new("test", json!(word));
    let id = server.app.jobs.enqueue(&mut tx, job).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

/// Lets everything of that kind fail for good.
async fn fail(server: &Server) {
    let handlers = Handlers::new().on("test", |_| async { Err(JobError::fail("the disk of /srv is full")) });
    let mut runner = Runner::new(server.app.jobs.clone(), handlers, RunnerOptions::default());
    runner.run_until_idle().await.unwrap();
}

#[tokio::test]
async fn dead_letters_are_shown_tried_again_and_put_away_and_every_act_is_noted() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let jobs = |situation: &str| format!("/api/v1/admin/jobs?situation={situation}&kind=test");
    let (first, second) = (enqueue(&server, "1").await, enqueue(&server, "2").await);
    assert_eq!(owner.get(&jobs("waiting")).await.json()["total"], 2);
    fail(&server).await;

    let dead = owner.get(&jobs("dead")).await.json();
    assert_eq!((&dead["total"], &dead["items"][0]["id"]), (&json!(2), &json!(second)));
    let job = &dead["items"][0];
    assert_eq!(job["failure"], json!({ "kind": "fail", "detail": "the disk of /srv is full" }));
    assert_eq!((&job["alike"], &job["payload"], &job["attempt"]), (&json!(2), &json!("\"2\""), &json!(1)));
    assert_eq!(job["can"], json!({ "cancel": false, "retry": true, "discard": true }));
    let queues = owner.get("/api/v1/admin/queues").await.json();
    let queue =
        queues["data"]["queues"].as_array().unwrap().iter().find(|one| one["kind"] == "test").unwrap();
    assert_eq!(
        (&queue["dead"], &queue["waiting"], &queue["waiting_since"]),
        (&json!(2), &json!(0), &json!(null))
    );
    let health = owner.get("/api/v1/admin/health").await.json();
    assert_eq!(health["data"]["components"][1]["state"], "attention", "{health}");

    let act = |id: JobId, what: &str| format!("/api/v1/admin/jobs/{id}/{what}");
    let retried = owner.post(&act(first, "retry"), json!({ "alike": true })).await;
    assert_eq!((retried.status, retried.json()), (StatusCode::OK, json!({ "retried": 2 })));
    assert_eq!(owner.post(&act(first, "retry"), json!({})).await.problem(), "not_dead");
    fail(&server).await;
    assert_eq!(owner.post(&act(first, "retry"), json!({})).await.json()["retried"], 1);
    assert_eq!(owner.post(&act(first, "cancel"), json!({})).await.status, StatusCode::ACCEPTED);
    fail(&server).await;
    assert_eq!(owner.post(&act(first, "cancel"), json!({})).await.problem(), "job_over");
    assert_eq!(owner.post(&act(second, "discard"), json!({ "note": " " })).await.problem(), "invalid");
    let note = json!({ "note": "made by a trial" });
    assert_eq!(owner.post(&act(second, "discard"), note.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.post(&act(second, "discard"), note).await.problem(), "not_dead");
    assert_eq!(owner.get(&jobs("dead")).await.json()["total"], 0);

    let audit = server.app.identity.audit();
    let noted = audit.find(&identity::audit::Filter::default(), None, base::PageSize::DEFAULT).await.unwrap();
    let noted: Vec<(String, Option<String>, String)> = noted
        .items
        .into_iter()
        .filter(|entry| entry.action.starts_with("job."))
        .map(|entry| (entry.action, entry.object, entry.detail))
        .rev()
        .collect();
    let said =
        |action: &str, id: JobId, detail: &str| (action.to_owned(), Some(id.to_string()), detail.to_owned());
    let expected = [
        said("job.retried", first, "2"),
        said("job.retried", first, "1"),
        said("job.cancelled", first, ""),
        said("job.discarded", second, "made by a trial"),
    ];
    assert_eq!(noted, expected);
}

#[tokio::test]
async fn caches_dependencies_and_limits_are_shown_and_can_be_started_anew() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let caches = owner.get("/api/v1/admin/caches").await.json();
    assert_eq!((&caches["data"]["shared"], &caches["data"]["families"]), (&json!(false), &json!([])));
    let all = owner.post("/api/v1/admin/caches/clear", json!({})).await;
    assert_eq!(all.status, StatusCode::NO_CONTENT);
    // Nothing was asked for here so far; another node may have kept some.
    let known = owner.post("/api/v1/admin/caches/clear", json!({ "family": "report" })).await;
    assert_eq!(known.status, StatusCode::NO_CONTENT);
    let unknown = owner.post("/api/v1/admin/caches/clear", json!({ "family": "none" })).await;
    assert_eq!(unknown.problem(), "invalid");

    server.app.outbound.guard(outbound::Dependency::new("mail"), outbound::Protection::default());
    let dependencies = owner.get("/api/v1/admin/dependencies").await.json();
    let named = (&dependencies["items"][0]["name"], &dependencies["items"][0]["condition"]);
    assert_eq!(named, (&json!("mail"), &json!("working")));
    let reset = |name: &str| format!("/api/v1/admin/dependencies/{name}/reset");
    assert_eq!(owner.post(&reset("mail"), json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.post(&reset("other"), json!({})).await.problem(), "not_found");

    let limits = owner.get("/api/v1/admin/limits").await.json();
    assert_eq!((&limits["data"]["applied"], &limits["data"]["rules"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn answers_of_reports_are_kept_follow_decisions_and_go_with_their_repository() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let used = || server.app.cache.families().first().map_or((0, 0), |used| (used.in_process, used.made));
    let pages = ["report", "dependencies", "hotspots", "graph"].map(|page| format!("{REPO}/{page}"));
    for page in &pages {
        let (first, again) = (owner.get(page).await, owner.get(page).await);
        assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK), "{}", first.text());
        assert_eq!((first.body, first.headers["etag"].clone()), (again.body, again.headers["etag"].clone()));
    }
    assert_eq!(used(), (4, 4));
    // Another question is another answer, and a reader may want one made anew.
    assert_eq!(owner.get(&format!("{REPO}/dependencies?direct=true")).await.status, StatusCode::OK);
    assert_eq!(used(), (4, 5));
    let fresh = owner.clone().with("cache-control", "no-cache").get(&pages[3]).await;
    assert_eq!((fresh.status, used()), (StatusCode::OK, (4, 6)));

    // What people decide shows at once.
    let before = owner.get(&pages[0]).await.json()["data"]["counts"]["findings"]["suppressed"].clone();
    let finding = owner.get(&format!("{REPO}/findings")).await.json()["items"][0]["id"].clone();
    let body = json!({ "kind": "false_positive", "target": { "scope": "findings", "ids": [finding] } });
    let made = owner.post(&format!("{REPO}/suppressions"), body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let after = owner.get(&pages[0]).await.json()["data"]["counts"]["findings"]["suppressed"].clone();
    assert_eq!(after.as_u64(), before.as_u64().map(|before| before + 1));

    let caches = owner.get("/api/v1/admin/caches").await.json();
    let family = &caches["data"]["families"][0];
    assert_eq!(
        (&family["name"], &family["in_process"], &family["made"]),
        (&json!("report"), &json!(5), &json!(7))
    );
    assert_eq!(family["hit_rate"].as_f64(), Some(5.0 / 12.0));
    owner.post("/api/v1/admin/caches/clear", json!({ "family": "report" })).await;
    owner.get(&pages[3]).await;
    assert_eq!(used(), (5, 8));
    assert_eq!(owner.call("DELETE", REPO, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&pages[3]).await.problem(), "not_found");
    assert_eq!(used(), (5, 8), "whether the reader may see it is asked first");
}

#[tokio::test]
async fn another_build_makes_its_own_answers_and_an_erased_workspace_leaves_none() {
    let mut server = Server::start().await;
    analysed(&server).await;
    let token = server.owner_token().await;
    let page = format!("{REPO}/graph");
    let made = |server: &Server| server.app.cache.families().first().map_or(0, |used| used.made);
    let ask = async |server: &Server| {
        let caller = server.anonymous().with("authorization", &format!("Bearer {token}"));
        assert_eq!(caller.get(&page).await.status, StatusCode::OK);
        made(server)
    };
    assert_eq!((ask(&server).await, ask(&server).await), (1, 1));
    server.rebuilt("another build");
    assert_eq!((ask(&server).await, ask(&server).await), (2, 2));

    let app = &server.app;
    let owner = &server.owner;
    let handlers = app.mentor.handlers(&app.identity, &app.cache, Handlers::new());
    let mut tx = app.db.begin().await.unwrap();
    let payload = json!({ "workspace": owner.workspace, "user": owner.user });
    app.jobs.enqueue(&mut tx, NewJob::new(identity::account::ERASE_WORKSPACE, payload)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(app.cache.held().await.values > 0);
    let kept = transient::Key::new(
        transient::Family {
            name: "test",
            in_process: std::time::Duration::from_mins(5),
            shared: std::time::Duration::from_mins(5),
        },
        owner.workspace,
        &["a"],
    );
    let value = async |text: &'static str| {
        let make = async { Ok::<_, ()>(text.as_bytes().to_vec()) };
        app.cache.get(&kept, transient::Wanted::Any, make).await.unwrap().to_vec()
    };
    assert_eq!((value("old").await, value("new").await), (b"old".to_vec(), b"old".to_vec()));
    let mut runner = Runner::new(app.jobs.clone(), handlers, RunnerOptions::default());
    runner.run_until_idle().await.unwrap();
    assert_eq!(value("new").await, b"new");
}
