//! Having work done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base::{Clock, Ids};
use jobs::{ErrorKind, Handlers, JobContext, JobError, Jobs, Outcome, Runner, RunnerOptions, State, Stopped};
use storage::testing::{each_engine, on_sqlite};
use tokio::task::JoinSet;

use crate::{Bench, Diary, beside, effect, effects, have_effect_once, job, quick, until, waiting};

/// Fails each time, and counts how often.
fn failing(count: &Arc<AtomicU32>, error: fn(u32) -> JobError) -> Handlers {
    let count = Arc::clone(count);
    Handlers::new().on("a", move |_| {
        let tries = count.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Err(error(tries)) }
    })
}

#[tokio::test]
async fn a_failed_try_is_followed_by_others_at_growing_distance_and_then_none() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x")).await.id;
        let count = Arc::new(AtomicU32::new(0));
        let db = bench.db.clone();
        let handlers = failing(&count, |tries| JobError::retry(format!("failure {tries}"))).when_given_up(
            "a",
            |tx, job| {
                Box::pin(async move {
                    assert_eq!((job.state, job.attempt), (State::Dead, 3));
                    effect(tx, &format!("gave up: {}", job.error.as_deref().unwrap())).await
                })
            },
        );
        let mut runner = bench.runner(handlers);
        for (tries, wait) in [(1, 2.0), (2, 4.0)] {
            assert_eq!(runner.run_until_idle().await.unwrap(), 1);
            let waiting = bench.job(id).await;
            assert_eq!((waiting.state, waiting.attempt), (State::Ready, tries));
            assert_eq!(waiting.error_kind, Some(ErrorKind::Retry));
            let distance = waiting.run_at.since(bench.clock.now()).as_secs_f64();
            assert!((wait * 0.79..=wait * 1.21).contains(&distance), "{distance}");
            bench.clock.advance(Duration::from_secs_f64(wait * 0.79));
            assert_eq!(runner.run_until_idle().await.unwrap(), 0, "too early");
            bench.clock.advance(Duration::from_secs_f64(wait * 0.42));
        }
        assert!(effects(&db).await.is_empty());
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        assert_eq!(bench.job(id).await.state, State::Dead);
        assert_eq!(effects(&db).await, [("gave up: failure 3".to_owned(), 1)]);
        bench.clock.advance(Duration::from_hours(24));
        assert_eq!(runner.run_until_idle().await.unwrap(), 0);
        assert_eq!(count.load(Ordering::SeqCst), 3);
    })
    .await;
}

#[tokio::test]
async fn a_handler_may_say_when_to_try_again() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x")).await.id;
        let count = Arc::new(AtomicU32::new(0));
        let mut runner =
            bench.runner(failing(&count, |_| JobError::retry_after(Duration::from_mins(5), "busy")));
        runner.run_until_idle().await.unwrap();
        assert_eq!(bench.job(id).await.run_at, bench.clock.now().plus(Duration::from_mins(5)));
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_a_failure_like_others_and_the_queue_goes_on() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let bad = bench.enqueue(job("bad", "x").max_attempts(1)).await.id;
        let diary = Diary::default();
        bench.enqueue(job("good", "after it")).await;
        let handlers =
            Handlers::new().on("bad", |_| async { panic!("on purpose") }).on("good", diary.handler());
        assert_eq!(bench.runner(handlers).run_until_idle().await.unwrap(), 2);
        let bad = bench.job(bad).await;
        assert_eq!((bad.state, bad.error_kind), (State::Dead, Some(ErrorKind::Panic)));
        assert_eq!(diary.lines(), ["after it"]);
    })
    .await;
}

#[tokio::test]
async fn a_hook_that_fails_does_not_keep_its_job_alive_nor_stop_others() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let bad = bench.enqueue(job("bad", "x").max_attempts(1)).await.id;
        let diary = Diary::default();
        bench.enqueue(job("good", "after it")).await;
        let handlers = Handlers::new()
            .on("bad", |_| async { Err(JobError::fail("no")) })
            .when_given_up("bad", |tx, _| {
                Box::pin(async move { tx.query("UPDATE nowhere SET x = 1").execute().await.map(drop) })
            })
            .on("good", diary.handler());
        assert_eq!(bench.runner(handlers).run_until_idle().await.unwrap(), 2);
        assert_eq!(bench.job(bad).await.state, State::Dead);
        assert_eq!(diary.lines(), ["after it"]);
    })
    .await;
}

#[tokio::test]
async fn a_payload_that_does_not_decode_is_a_dead_letter() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "not a number")).await.id;
        let handlers = Handlers::new().on("a", |context| async move { context.payload::<u64>().map(drop) });
        bench.runner(handlers).run_until_idle().await.unwrap();
        let dead = bench.job(id).await;
        assert_eq!((dead.state, dead.attempt, dead.error_kind), (State::Dead, 1, Some(ErrorKind::Fail)));
    })
    .await;
}

#[tokio::test]
async fn completing_in_the_handlers_transaction_makes_effect_and_end_one() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "effect")).await.id;
        let db = bench.db.clone();
        let handlers = Handlers::new().on("a", move |context| {
            let db = db.clone();
            async move {
                if context.attempt() == 1 {
                    // Completed, but never committed: as if it had not been said.
                    let mut tx = db.begin().await.unwrap();
                    effect(&mut tx, "effect").await.unwrap();
                    context.complete(&mut tx).await.unwrap();
                    drop(tx);
                    return Err(JobError::retry("first try"));
                }
                assert_eq!((context.attempt(), context.is_last_attempt()), (2, false));
                have_effect_once(&db, &context).await?;
                Err(JobError::retry("too late to matter"))
            }
        });
        let mut runner = bench.runner(handlers);
        runner.run_until_idle().await.unwrap();
        assert_eq!((bench.job(id).await.state, effects(&bench.db).await), (State::Ready, vec![]));
        bench.clock.advance(Duration::from_secs(3));
        runner.run_until_idle().await.unwrap();
        bench.clock.advance(Duration::from_hours(1));
        assert_eq!(runner.run_until_idle().await.unwrap(), 0);
        let done = bench.job(id).await;
        assert_eq!((done.state, done.attempt, done.error_kind), (State::Done, 2, None));
        assert_eq!(effects(&bench.db).await, [("effect".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_runner_that_lost_its_lease_has_no_effect_any_more() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "effect")).await.id;
        let (db, clock) = (bench.db.clone(), bench.clock.clone());
        let other = bench.elsewhere();
        let handlers = Handlers::new().on("a", move |context: JobContext| {
            let (db, clock, other) = (db.clone(), clock.clone(), other.clone());
            async move {
                // While this one sleeps, its lease runs out and another runner does the job.
                clock.advance(Duration::from_secs(16));
                let theirs = db.clone();
                let second = Handlers::new().on("a", move |context| {
                    let db = theirs.clone();
                    async move { have_effect_once(&db, &context).await }
                });
                let mut second = Runner::new(other, second, quick());
                assert_eq!(second.run_until_idle().await.unwrap(), 1);
                let late = have_effect_once(&db, &context).await;
                assert_eq!(late.as_ref().unwrap_err().outcome(), Outcome::Lost);
                assert_eq!(context.progress(&1).await.unwrap_err().outcome(), Outcome::Lost);
                late
            }
        });
        bench.runner(handlers).run_until_idle().await.unwrap();
        assert_eq!(effects(&bench.db).await, [("effect".to_owned(), 1)]);
        let done = bench.job(id).await;
        assert_eq!((done.state, done.attempt), (State::Done, 2));
    })
    .await;
}

#[tokio::test]
async fn a_try_that_takes_too_long_is_stopped() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let polite =
            bench.enqueue(job("polite", "x").timeout(Duration::from_millis(20)).max_attempts(1)).await.id;
        let rude =
            bench.enqueue(job("deaf", "x").timeout(Duration::from_millis(20)).max_attempts(1)).await.id;
        let diary = Diary::default();
        let notes = diary.clone();
        let handlers = Handlers::new()
            .on("polite", move |context: JobContext| {
                let notes = notes.clone();
                async move {
                    context.cancelled().cancelled().await;
                    notes.note(format!("{:?}", context.stopped()));
                    Err(JobError::cancelled())
                }
            })
            .on("deaf", |_| std::future::pending());
        bench.runner(handlers).run_until_idle().await.unwrap();
        assert_eq!(diary.lines(), [format!("{:?}", Some(Stopped::TimedOut))]);
        for id in [polite, rude] {
            let dead = bench.job(id).await;
            assert_eq!((dead.state, dead.error_kind), (State::Dead, Some(ErrorKind::Timeout)), "{dead:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stop_lets_short_jobs_finish_and_hands_back_long_ones_uncounted() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let diary = Diary::default();
        let short = Handlers::on(waiting(&diary), "short", |_| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(())
        });
        let handlers = short.on("deaf", |_| std::future::pending());
        let long = bench.enqueue(job("a", "x").max_attempts(1)).await.id;
        let deaf_job = bench.enqueue(job("deaf", "x").max_attempts(1)).await.id;
        let quickly = bench.enqueue(job("short", "x")).await.id;
        let runner = Runner::new(bench.jobs.clone(), handlers, RunnerOptions { slots: 3, ..quick() });
        let unstarted = bench.enqueue(job("a", "y").priority(-1)).await.id;
        beside(runner, until(|| async { diary.lines().contains(&"began".to_owned()) })).await;
        for id in [long, deaf_job] {
            let handed_back = bench.job(id).await;
            assert_eq!((handed_back.state, handed_back.attempt), (State::Ready, 0), "{handed_back:?}");
        }
        assert_eq!(bench.job(quickly).await.state, State::Done);
        let unstarted = bench.job(unstarted).await;
        assert_eq!((unstarted.state, unstarted.attempt), (State::Ready, 0));
        assert!(diary.lines().contains(&"Stopping".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_commit_wakes_the_runner_without_a_poll() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let diary = Diary::default();
        let handlers = Handlers::new().on("a", diary.handler());
        let hour = Duration::from_hours(1);
        let runner =
            Runner::new(bench.jobs.clone(), handlers, RunnerOptions { poll: hour, beat: hour, ..quick() });
        beside(runner, async {
            for turn in 1..=3 {
                bench.enqueue(job("a", "x")).await;
                until(|| async { diary.lines().len() == turn }).await;
            }
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_other_processes_enqueue_is_found_by_polling() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let diary = Diary::default();
        let runner = bench.runner(Handlers::new().on("a", diary.handler()));
        let elsewhere = bench.elsewhere();
        beside(runner, async {
            let mut tx = bench.db.begin().await.unwrap();
            elsewhere.enqueue(&mut tx, job("a", "from elsewhere")).await.unwrap();
            tx.commit().await.unwrap();
            until(|| async { diary.lines() == ["from elsewhere"] }).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn progress_is_there_for_whoever_asks() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x")).await.id;
        let handlers = Handlers::new().on("a", |context: JobContext| async move {
            context.progress(&serde_json::json!({"percent": 40})).await
        });
        bench.runner(handlers).run_until_idle().await.unwrap();
        assert_eq!(bench.job(id).await.progress.as_deref(), Some(r#"{"percent":40}"#));
    })
    .await;
}

#[tokio::test]
async fn a_schedule_is_followed_by_one_runner_and_makes_up_for_once() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let diary = Diary::default();
        let runner = || {
            bench.runner(Handlers::new().on("tidy", diary.handler())).every(
                "tidy",
                Duration::from_hours(1),
                || job("tidy", "now"),
            )
        };
        let (mut one, mut other) = (runner(), runner());
        for (advance, expected) in [(0, 1), (59, 1), (1, 2), (300, 3), (59, 3), (1, 4)] {
            bench.clock.advance(Duration::from_mins(advance));
            one.run_until_idle().await.unwrap();
            other.run_until_idle().await.unwrap();
            assert_eq!(diary.lines().len(), expected, "after {advance} minutes");
        }
    })
    .await;
}

#[tokio::test]
async fn the_orphan_of_a_dead_runner_gets_its_other_tries_and_no_more() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let id = bench.enqueue(job("a", "x").max_attempts(2)).await.id;
        for tries in 1..=2 {
            // A runner that dies: its future is dropped in the middle of the job.
            let diary = Diary::default();
            let mut dying = Runner::new(bench.elsewhere(), waiting(&diary), quick());
            tokio::select! {
                _ = dying.run_until_idle() => panic!("it never ends"),
                () = until(|| async { diary.lines() == ["began"] }) => {}
            }
            drop(dying);
            let orphan = bench.job(id).await;
            assert_eq!((orphan.state, orphan.attempt), (State::Running, tries));
            bench.clock.advance(Duration::from_secs(14));
            let diary = Diary::default();
            let mut early = Runner::new(bench.elsewhere(), waiting(&diary), quick());
            assert_eq!(early.run_until_idle().await.unwrap(), 0, "the lease holds");
            bench.clock.advance(Duration::from_secs(2));
        }
        let handlers = Handlers::new().on("a", |_| async { Ok(()) }).when_given_up("a", |tx, job| {
            Box::pin(async move { effect(tx, job.error_kind.unwrap().as_str()).await })
        });
        assert_eq!(bench.runner(handlers).run_until_idle().await.unwrap(), 0);
        let dead = bench.job(id).await;
        assert_eq!((dead.state, dead.attempt, dead.error_kind), (State::Dead, 2, Some(ErrorKind::Lost)));
        assert_eq!(effects(&bench.db).await, [("lost".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_process_that_is_alone_does_not_wait_for_the_leases_of_the_last_one() {
    on_sqlite(|test| async move {
        let (id, clock) = {
            let bench = Bench::new(&test).await;
            let id = bench.enqueue(job("a", "x")).await.id;
            let diary = Diary::default();
            let mut dying = Runner::new(bench.jobs.clone(), waiting(&diary), quick());
            tokio::select! {
                _ = dying.run_until_idle() => panic!("it never ends"),
                () = until(|| async { diary.lines() == ["began"] }) => {}
            }
            drop(dying);
            bench.db.close().await;
            (id, bench.clock)
        };
        let db = test.open().await;
        let jobs = Jobs::new(db, clock, Ids::random(Clock::system()));
        let handlers = || Handlers::new().on("a", |_| async { Ok(()) });
        let mut runner = Runner::new(jobs.clone(), handlers(), quick());
        assert_eq!(runner.run_until_idle().await.unwrap(), 1);
        assert_eq!(jobs.job(id).await.unwrap().unwrap().attempt, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_runners_do_every_job_once() {
    const JOBS: i64 = 400;
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let mut tx = bench.db.begin().await.unwrap();
        for number in 0..JOBS {
            bench.jobs.enqueue(&mut tx, job("a", &format!("{number:04}"))).await.unwrap();
        }
        tx.commit().await.unwrap();
        let stop = tokio_util::sync::CancellationToken::new();
        let mut runners = JoinSet::new();
        for _ in 0..4 {
            let db = bench.db.clone();
            let handlers = Handlers::new().on("a", move |context| {
                let db = db.clone();
                async move { have_effect_once(&db, &context).await }
            });
            let options = RunnerOptions { slots: 8, ..quick() };
            runners.spawn(Runner::new(bench.elsewhere(), handlers, options).run(stop.clone()));
        }
        until(|| async {
            let counts = bench.jobs.counts().await.unwrap();
            counts.ready + counts.running == 0
        })
        .await;
        stop.cancel();
        runners.join_all().await;
        let effects = effects(&bench.db).await;
        assert_eq!(effects.len(), usize::try_from(JOBS).unwrap());
        assert!(effects.iter().all(|(_, count)| *count == 1));
        assert_eq!(bench.jobs.counts().await.unwrap().dead, 0);
    })
    .await;
}
