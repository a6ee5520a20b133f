//! Stopping what runs.

use std::time::Duration;

use jobs::{CancelOutcome, Handlers, JobContext, JobError, Runner, RunnerOptions, State};
use storage::testing::each_engine;

use crate::{Bench, Diary, beside, effect, effects, job, quick, until, waiting};

/// Notes as an effect what became of a job that was given up.
fn noted(handlers: Handlers) -> Handlers {
    handlers.when_given_up("a", |tx, job| {
        Box::pin(async move { effect(tx, &format!("{} given up", job.state.as_str())).await })
    })
}

#[tokio::test]
async fn a_running_job_hears_of_its_cancellation_here_and_elsewhere() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        for (jobs, beat) in
            [(bench.jobs.clone(), Duration::from_hours(1)), (bench.elsewhere(), Duration::from_millis(10))]
        {
            let diary = Diary::default();
            let runner =
                Runner::new(bench.jobs.clone(), noted(waiting(&diary)), RunnerOptions { beat, ..quick() });
            let id = bench.enqueue(job("a", "x")).await.id;
            beside(runner, async {
                until(|| async { diary.lines() == ["began"] }).await;
                let mut tx = bench.db.begin().await.unwrap();
                assert_eq!(jobs.cancel(&mut tx, id).await.unwrap(), CancelOutcome::Asked);
                tx.commit().await.unwrap();
                until(|| async { bench.job(id).await.state == State::Cancelled }).await;
            })
            .await;
            assert_eq!(diary.lines(), ["began", "Cancelled"]);
        }
        assert_eq!(effects(&bench.db).await, [("cancelled given up".to_owned(), 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_failed_while_it_was_being_cancelled_is_not_tried_again() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x")).await.id;
        let (db, elsewhere) = (bench.db.clone(), bench.elsewhere());
        let handlers = Handlers::new().on("a", move |context: JobContext| {
            let (db, elsewhere) = (db.clone(), elsewhere.clone());
            async move {
                let mut tx = db.begin().await.unwrap();
                assert_eq!(elsewhere.cancel(&mut tx, context.id()).await.unwrap(), CancelOutcome::Asked);
                tx.commit().await.unwrap();
                // This runner has not heard of it yet.
                Err(JobError::retry("something else"))
            }
        });
        let mut runner = bench.runner(noted(handlers));
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        bench.clock.advance(Duration::from_mins(1));
        assert_eq!(runner.run_until_idle().await.unwrap(), 0);
        assert_eq!(bench.job(id).await.state, State::Cancelled);
        assert_eq!(effects(&bench.db).await, [("cancelled given up".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_whose_runner_died_is_cancelled_by_another() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x")).await.id;
        let diary = Diary::default();
        let mut dying = Runner::new(bench.elsewhere(), waiting(&diary), quick());
        tokio::select! {
            _ = dying.run_until_idle() => panic!("it never ends"),
            () = until(|| async { diary.lines() == ["began"] }) => {}
        }
        drop(dying);
        let mut tx = bench.db.begin().await.unwrap();
        assert_eq!(bench.jobs.cancel(&mut tx, id).await.unwrap(), CancelOutcome::Asked);
        tx.commit().await.unwrap();
        bench.clock.advance(Duration::from_secs(16));
        assert_eq!(
            bench.runner(noted(Handlers::new().on("a", diary.handler()))).run_until_idle().await.unwrap(),
            0
        );
        assert_eq!(bench.job(id).await.state, State::Cancelled);
        assert_eq!(diary.lines(), ["began"]);
        assert_eq!(effects(&bench.db).await, [("cancelled given up".to_owned(), 1)]);
    })
    .await;
}
