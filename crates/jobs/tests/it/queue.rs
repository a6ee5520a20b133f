//! Asking for work.

use std::time::Duration;

use jobs::{CancelOutcome, Counts, ErrorKind, Handlers, JobError, State};
use storage::testing::each_engine;

use crate::{Bench, Diary, job};

#[tokio::test]
async fn a_job_exists_if_and_only_if_its_transaction_was_committed() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let mut tx = bench.db.begin().await.unwrap();
        let lost = bench.jobs.enqueue(&mut tx, job("a", "lost")).await.unwrap();
        drop(tx);
        assert_eq!(bench.jobs.job(lost.id).await.unwrap(), None);
        let kept = bench.enqueue(job("a", "kept")).await;
        let diary = Diary::default();
        let mut runner = bench.runner(Handlers::new().on("a", diary.handler()));
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        assert_eq!(diary.lines(), ["kept"]);
        let done = bench.job(kept.id).await;
        assert_eq!((done.state, done.attempt, done.finished_at), (State::Done, 1, Some(bench.clock.now())));
        assert_eq!(bench.jobs.counts().await.unwrap(), Counts::default());
    })
    .await;
}

#[tokio::test]
async fn a_key_is_taken_while_its_job_waits_or_runs_and_free_after() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let first = bench.enqueue(job("a", "1").dedupe("key")).await;
        assert!(first.fresh);
        let again = bench.enqueue(job("a", "2").dedupe("key")).await;
        assert_eq!((again.id, again.fresh), (first.id, false));
        assert!(bench.enqueue(job("b", "3").dedupe("key")).await.fresh, "keys belong to their kind");
        assert!(bench.enqueue(job("a", "4")).await.fresh);
        // Within the same transaction as well, and without harm to it.
        let mut tx = bench.db.begin().await.unwrap();
        assert!(!bench.jobs.enqueue(&mut tx, job("a", "5").dedupe("key")).await.unwrap().fresh);
        assert!(bench.jobs.enqueue(&mut tx, job("a", "6").dedupe("other")).await.unwrap().fresh);
        tx.commit().await.unwrap();
        let diary = Diary::default();
        let handlers = Handlers::new().on("a", diary.handler()).on("b", diary.handler());
        bench.runner(handlers).run_until_idle().await.unwrap();
        assert_eq!(diary.lines(), ["1", "3", "4", "6"]);
        assert!(bench.enqueue(job("a", "7").dedupe("key")).await.fresh);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_ask_at_once_for_the_same_one_does() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (db, jobs) = (bench.db.clone(), bench.elsewhere());
            asking.spawn(async move {
                let mut tx = db.begin().await.unwrap();
                let enqueued = jobs.enqueue(&mut tx, job("a", "x").dedupe("key")).await.unwrap();
                tx.commit().await.unwrap();
                enqueued
            });
        }
        let all = asking.join_all().await;
        assert_eq!(all.iter().filter(|enqueued| enqueued.fresh).count(), 1);
        assert!(all.iter().all(|enqueued| enqueued.id == all[0].id));
    })
    .await;
}

#[tokio::test]
async fn the_urgent_runs_first_and_the_future_waits() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let later = bench.clock.now().plus(Duration::from_mins(1));
        bench.enqueue(job("a", "later").run_at(later).priority(100)).await;
        for (word, priority) in [("low", -1), ("first", 0), ("second", 0), ("high", 9)] {
            bench.enqueue(job("a", word).priority(priority)).await;
        }
        let diary = Diary::default();
        let mut runner = bench.runner(Handlers::new().on("a", diary.handler()));
        assert_eq!(runner.run_until_idle().await.unwrap(), 4);
        assert_eq!(diary.lines(), ["high", "first", "second", "low"]);
        bench.clock.advance(Duration::from_secs(59));
        assert_eq!(runner.run_until_idle().await.unwrap(), 0);
        bench.clock.advance(Duration::from_secs(1));
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        assert_eq!(diary.lines().last().unwrap(), "later");
    })
    .await;
}

#[tokio::test]
async fn a_runner_leaves_kinds_alone_that_it_does_not_know() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let foreign = bench.enqueue(job("of a newer release", "x").priority(9)).await;
        bench.enqueue(job("a", "ours")).await;
        let diary = Diary::default();
        let mut runner = bench.runner(Handlers::new().on("a", diary.handler()));
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        let foreign = bench.job(foreign.id).await;
        assert_eq!((foreign.state, foreign.attempt), (State::Ready, 0));
    })
    .await;
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_at_once_and_a_finished_one_is_not() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let waiting = bench.enqueue(job("a", "never")).await;
        let diary = Diary::default();
        let mut runner = bench.runner(Handlers::new().on("a", diary.handler()));
        let mut tx = bench.db.begin().await.unwrap();
        assert_eq!(bench.jobs.cancel(&mut tx, waiting.id).await.unwrap(), CancelOutcome::Cancelled);
        tx.commit().await.unwrap();
        assert_eq!(runner.run_until_idle().await.unwrap(), 0);
        assert_eq!(bench.job(waiting.id).await.state, State::Cancelled);
        let done = bench.enqueue(job("a", "done")).await;
        runner.run_until_idle().await.unwrap();
        let mut tx = bench.db.begin().await.unwrap();
        assert_eq!(bench.jobs.cancel(&mut tx, done.id).await.unwrap(), CancelOutcome::Over);
        assert_eq!(bench.job(done.id).await.state, State::Done);
    })
    .await;
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_can_be_driven_again() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let one = bench.enqueue(job("a", "one").dedupe("key")).await;
        let failing = Handlers::new().on("a", |_| async { Err(JobError::fail("broken for good")) });
        assert_eq!(bench.runner(failing).run_until_idle().await.unwrap(), 1);
        let dead = bench.jobs.dead(10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].id, one.id);
        assert_eq!(
            (dead[0].error_kind, dead[0].error.as_deref()),
            (Some(ErrorKind::Fail), Some("broken for good"))
        );
        assert_eq!(bench.jobs.counts().await.unwrap(), Counts { dead: 1, ..Counts::default() });

        // While a new one with its key waits, there is no room for the old one.
        let two = bench.enqueue(job("a", "two").dedupe("key")).await;
        let mut tx = bench.db.begin().await.unwrap();
        assert!(!bench.jobs.redrive(&mut tx, one.id).await.unwrap());
        assert!(!bench.jobs.redrive(&mut tx, two.id).await.unwrap(), "it is not dead");
        tx.commit().await.unwrap();
        let diary = Diary::default();
        let mut runner = bench.runner(Handlers::new().on("a", diary.handler()));
        runner.run_until_idle().await.unwrap();
        let mut tx = bench.db.begin().await.unwrap();
        assert!(bench.jobs.redrive(&mut tx, one.id).await.unwrap());
        tx.commit().await.unwrap();
        runner.run_until_idle().await.unwrap();
        assert_eq!(diary.lines(), ["two", "one"]);
        let done = bench.job(one.id).await;
        assert_eq!((done.state, done.attempt, done.error), (State::Done, 1, None));
    })
    .await;
}

#[tokio::test]
async fn only_old_jobs_that_are_over_are_forgotten() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let diary = Diary::default();
        let handlers =
            Handlers::new().on("a", diary.handler()).on("bad", |_| async { Err(JobError::fail("no")) });
        let mut runner = bench.runner(handlers);
        let old = bench.enqueue(job("a", "old")).await;
        let dead = bench.enqueue(job("bad", "dead")).await;
        runner.run_until_idle().await.unwrap();
        bench.clock.advance(Duration::from_hours(48));
        let new = bench.enqueue(job("a", "new")).await;
        runner.run_until_idle().await.unwrap();
        let waiting =
            bench.enqueue(job("a", "waiting").run_at(bench.clock.now().plus(Duration::from_hours(1)))).await;
        assert_eq!(bench.jobs.trim(Duration::from_hours(24)).await.unwrap(), 1);
        assert_eq!(bench.jobs.job(old.id).await.unwrap(), None);
        for kept in [dead, new, waiting] {
            assert!(bench.jobs.job(kept.id).await.unwrap().is_some());
        }
    })
    .await;
}
