//! How analyses end that do not end well, on both engines.

use std::time::Duration;

use base::id::AnalysisId;
use jobs::{Handlers, Runner, RunnerOptions};
use repos::child::Supervisor;
use repos::fetch::FetchConfig;
use repos::{AnalysisState, FailureCode, Limits, RepoError};
use storage::testing::each_engine;
use tokio_util::sync::CancellationToken;

use crate::context::World;
use crate::support::{Repo, limited, supervisor};

fn path(repo: &Repo) -> &str {
    repo.path().to_str().unwrap()
}

#[tokio::test]
async fn what_cannot_be_read_fails_with_its_reason_and_the_queue_goes_on() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let requested = world.repos.analyze(&world.actor, repo.id, false).await.unwrap();
        std::fs::remove_dir_all(git.path().join(".git")).unwrap();
        world.run_jobs().await;
        let failed = world.repos.analysis(&world.actor, requested.analysis.id).await.unwrap().unwrap();
        assert_eq!(failed.state, AnalysisState::Failed);
        assert_eq!(failed.failure.unwrap().code, FailureCode::NotARepository);
        assert_eq!(world.jobs.counts().await.unwrap(), jobs::Counts::default());
        let overview = world.repos.repo(&world.actor, repo.id).await.unwrap().unwrap();
        assert!(overview.last_failure.is_some() && overview.running.is_none());
        assert!(world.events().await.contains(&"analysis.failed".to_owned()));
        for (source, code) in [
            ("/nowhere/at/all", FailureCode::NotARepository),
            ("relative/path", FailureCode::UrlInvalid),
            ("http://host.example/a", FailureCode::UrlRefused),
        ] {
            match world.repos.connect(&world.actor, source, None, None).await {
                Err(RepoError::Refused(failure)) => assert_eq!(failure.code, code, "{source}"),
                other => panic!("{source}: {other:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_waiting_analysis_is_cancelled_and_a_repository_removed() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let requested = world.repos.analyze(&world.actor, repo.id, false).await.unwrap();
        let cancelled = world.repos.cancel(&world.actor, requested.analysis.id).await.unwrap();
        assert_eq!(cancelled.state, AnalysisState::Cancelled);
        world.run_jobs().await;
        assert!(world.repos.report(&world.actor, repo.id).await.unwrap().is_none());

        world.analyzed(path(&git)).await;
        assert!(world.repos.report(&world.actor, repo.id).await.unwrap().is_some());
        world.repos.remove(&world.actor, repo.id).await.unwrap();
        assert!(world.repos.repo(&world.actor, repo.id).await.unwrap().is_none());
        assert!(world.repos.report(&world.actor, repo.id).await.unwrap().is_none());
        assert!(matches!(world.repos.remove(&world.actor, repo.id).await, Err(RepoError::NotFound)));
        let anew = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap();
        assert!(anew.fresh);
        assert_eq!(anew.repo.slug, repo.slug, "the name is free again");
    })
    .await;
}

#[tokio::test]
async fn an_analysis_whose_job_is_gone_can_be_cancelled() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let analysis = world.repos.analyze(&world.actor, repo.id, false).await.unwrap().analysis;
        // The job ends without the analysis hearing of it.
        let mut tx = world.db.begin().await.unwrap();
        world.jobs.cancel(&mut tx, analysis.job.unwrap()).await.unwrap();
        tx.query("UPDATE repo_analysis SET state = 'running'").execute().await.unwrap();
        tx.commit().await.unwrap();
        let cancelled = world.repos.cancel(&world.actor, analysis.id).await.unwrap();
        assert_eq!(cancelled.state, AnalysisState::Cancelled);
        assert!(world.repos.analyze(&world.actor, repo.id, false).await.unwrap().fresh);
    })
    .await;
}

#[tokio::test]
async fn a_child_that_dies_is_tried_again_and_then_given_up() {
    each_engine(|test| async move {
        let limits = Limits { memory_bytes: 24 << 20, ..Limits::default() };
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let world = World::with(&test, supervisor(), FetchConfig::default(), None).await;
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let id: AnalysisId = world.repos.analyze(&world.actor, repo.id, true).await.unwrap().analysis.id;
        // The worker has too little memory for anything.
        let poor = world.beside(limited(limits), world.jobs.clone(), world.clones());
        let handlers = poor.handlers(Handlers::new());
        let mut runner = Runner::new(world.jobs.clone(), handlers, RunnerOptions::default());
        for _ in 0..4 {
            runner.run_until_idle().await.unwrap();
            world.clock.advance(Duration::from_mins(1));
        }
        let failed = world.repos.analysis(&world.actor, id).await.unwrap().unwrap();
        assert_eq!(failed.state, AnalysisState::Failed, "{failed:?}");
        assert_eq!(failed.failure.unwrap().code, FailureCode::AnalysisLimit);
        assert_eq!(world.jobs.counts().await.unwrap().dead, 0);
    })
    .await;
}

#[tokio::test]
async fn a_running_analysis_is_stopped_and_says_so() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let id = world.repos.analyze(&world.actor, repo.id, true).await.unwrap().analysis.id;
        // Its child never says a word.
        let silent = Supervisor::new("/bin/sleep".into(), ["600".into()], Limits::default());
        let handlers = world.beside(silent, world.jobs.clone(), world.clones()).handlers(Handlers::new());
        let stop = CancellationToken::new();
        let runner = Runner::new(world.jobs.clone(), handlers, RunnerOptions::default()).run(stop.clone());
        let ended = async {
            let now = async || world.repos.analysis(&world.actor, id).await.unwrap().unwrap();
            while now().await.state != AnalysisState::Running {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let asked = world.repos.cancel(&world.actor, id).await.unwrap();
            // The runner may have heard of it before the answer was read.
            assert!(matches!(asked.state, AnalysisState::Running | AnalysisState::Cancelled), "{asked:?}");
            while now().await.state == AnalysisState::Running {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            stop.cancel();
            now().await
        };
        let ((), ended) = tokio::join!(runner, ended);
        assert_eq!(ended.state, AnalysisState::Cancelled);
        assert!(ended.failure.is_none() && ended.finished_at.is_some());
        assert_eq!(world.events().await.last().map(String::as_str), Some("analysis.cancelled"));
        assert_eq!(world.jobs.counts().await.unwrap(), jobs::Counts::default());
    })
    .await;
}
