//! Jobs that outlive their process, and processes that do not outlive their job.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base::{Clock, Ids};
use jobs::{Counts, ErrorKind, Handlers, JobContext, Jobs, Runner, RunnerOptions, State};
use storage::Config;
use storage::testing::{TestDb, each_engine};
use tokio_util::sync::CancellationToken;

use crate::{effects, have_effect_once, job, quick, until};

const DATABASE: &str = "DEVMENTOR_TEST_CRASH_DB";

fn options() -> RunnerOptions {
    RunnerOptions { slots: 2, lease: Duration::from_millis(300), beat: Duration::from_millis(60), ..quick() }
}

/// Not a test by itself: the process that dies. Its jobs either kill it, or take a while and then have their
/// effect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "how the test tells its other process what to do")]
async fn victim() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let config = if database.contains("://") { Config::postgres(database) } else { Config::sqlite(database) };
    let db = storage::Db::open(&config).await.unwrap();
    let jobs = Jobs::new(db.clone(), Clock::system(), Ids::random(Clock::system()));
    let handlers = Handlers::new().on("abort", |_| async { std::process::abort() }).on(
        "slow",
        move |context: JobContext| {
            let db = db.clone();
            async move {
                tokio::time::sleep(Duration::from_millis(15)).await;
                have_effect_once(&db, &context).await
            }
        },
    );
    Runner::new(jobs, handlers, options()).run(CancellationToken::new()).await;
}

fn start_victim(test: &TestDb) -> Child {
    let database = match &test.config {
        Config::Sqlite { path } => path.to_str().unwrap().to_owned(),
        Config::Postgres { url } => url.expose().to_owned(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["crash::victim", "--exact"])
        .env(DATABASE, database)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_job_that_kills_its_process_dies_after_its_tries_and_the_queue_goes_on() {
    each_engine(|test| async move {
        let db = test.open().await;
        let jobs = Jobs::new(db.clone(), Clock::system(), Ids::random(Clock::system()));
        let mut tx = db.begin().await.unwrap();
        let killer = jobs.enqueue(&mut tx, job("abort", "x").priority(1)).await.unwrap().id;
        tx.commit().await.unwrap();
        for tries in 1..=3 {
            let mut child = start_victim(&test);
            let status = child.wait().unwrap();
            assert!(!status.success());
            let lost = jobs.job(killer).await.unwrap().unwrap();
            assert_eq!((lost.state, lost.attempt), (State::Running, tries));
        }
        let mut tx = db.begin().await.unwrap();
        let next = jobs.enqueue(&mut tx, job("slow", "next")).await.unwrap().id;
        tx.commit().await.unwrap();
        let mut child = start_victim(&test);
        let state = |id| {
            let jobs = jobs.clone();
            async move { jobs.job(id).await.unwrap().unwrap().state }
        };
        until(|| async { state(next).await == State::Done && state(killer).await == State::Dead }).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let dead = jobs.job(killer).await.unwrap().unwrap();
        assert_eq!((dead.attempt, dead.error_kind), (3, Some(ErrorKind::Lost)));
    })
    .await;
}

#[tokio::test]
async fn kills_lose_no_job_and_double_no_effect() {
    const JOBS: usize = 60;
    each_engine(|test| async move {
        let db = test.open().await;
        let jobs = Jobs::new(db.clone(), Clock::system(), Ids::random(Clock::system()));
        let mut tx = db.begin().await.unwrap();
        for number in 0..JOBS {
            jobs.enqueue(&mut tx, job("slow", &format!("{number:02}")).max_attempts(100)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut kills = 0;
        for goal in [1, 6, 13, 20, 29, 37, 44, 52, JOBS] {
            let mut child = start_victim(&test);
            until(|| async { effects(&db).await.len() >= goal }).await;
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        assert_eq!(kills, 9);
        let effects = effects(&db).await;
        assert_eq!(effects.len(), JOBS);
        assert!(effects.iter().all(|(_, count)| *count == 1), "{effects:?}");
        assert_eq!(jobs.counts().await.unwrap(), Counts::default());
    })
    .await;
}
