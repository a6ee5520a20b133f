//! What an operator sees and does.

use std::time::Duration;

use base::{Cursor, PageSize};
use jobs::{CancelOutcome, Handlers, JobError, Queue, Runner, RunnerOptions, State, Wanted, Which};
use storage::testing::each_engine;

use crate::{Bench, Diary, beside, job, quick, until};

fn all(which: Which) -> Wanted {
    Wanted { which, kind: None }
}

/// The words of the jobs that fit, page by page.
async fn words(bench: &Bench, wanted: &Wanted) -> Vec<Vec<String>> {
    let (mut pages, mut after): (Vec<Vec<String>>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let page = bench.jobs.find(wanted, after.as_ref(), PageSize::clamped(2)).await.unwrap();
        pages.push(page.items.iter().map(|job| job.payload().unwrap()).collect());
        after = page.next;
        if after.is_none() {
            assert_eq!(page.total, pages.iter().map(Vec::len).sum::<usize>() as u64);
            return pages;
        }
    }
}

#[tokio::test]
async fn queues_and_lists_tell_what_waits_for_whom() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let later = bench.clock.now().plus(Duration::from_mins(1));
        for word in ["1", "2", "3"] {
            bench.enqueue(job("a", word)).await;
        }
        let since = bench.clock.now().minus(Duration::from_micros(2));
        bench.enqueue(job("b", "later").run_at(later)).await;
        let queue = |kind: &str, waiting, scheduled| Queue {
            kind: kind.to_owned(),
            waiting,
            scheduled,
            running: 0,
            dead: 0,
            waiting_since: (waiting > 0).then_some(since),
        };
        assert_eq!(bench.jobs.queues().await.unwrap(), [queue("a", 3, 0), queue("b", 0, 1)]);
        assert_eq!(words(&bench, &all(Which::Waiting)).await, [vec!["3", "2"], vec!["1"]]);
        assert_eq!(words(&bench, &all(Which::Scheduled)).await, [["later"]]);
        let only_b = Wanted { which: Which::Waiting, kind: Some("b".to_owned()) };
        assert_eq!(words(&bench, &only_b).await, [Vec::<String>::new()]);
        assert_eq!(words(&bench, &all(Which::Running)).await, [Vec::<String>::new()]);
        bench.clock.advance(Duration::from_mins(1));
        assert_eq!(words(&bench, &only_b).await, [["later"]]);
        assert_eq!(bench.jobs.schedules().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn dead_letters_of_one_reason_are_tried_again_together_and_others_can_be_put_away() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let mut ids = Vec::new();
        for word in ["x", "x", "x", "y"] {
            // Once they are dead, jobs of one key may be many.
            let wanted = job("a", word).dedupe(format!("{word}{}", ids.len() / 2));
            ids.push(bench.enqueue(wanted).await.id);
            if ids.len() != 2 {
                let failing = Handlers::new().on("a", |context| async move {
                    Err(JobError::fail(format!("because of {}", context.payload::<String>()?)))
                });
                bench.runner(failing).run_until_idle().await.unwrap();
            }
        }
        let reasons = bench.jobs.dead_alike().await.unwrap();
        let told: Vec<_> = reasons.iter().map(|one| (one.error.as_deref(), one.count)).collect();
        // The second asked for the first one, which was waiting no more: it is a job of its own.
        assert_eq!(told, [(Some("because of x"), 3), (Some("because of y"), 1)]);
        assert!(reasons[1].holds(&bench.job(ids[3]).await) && !reasons[0].holds(&bench.job(ids[3]).await));

        let mut tx = bench.db.begin().await.unwrap();
        // Two of them have the same key, and only one of those may wait.
        assert_eq!(bench.jobs.redrive_alike(&mut tx, ids[0]).await.unwrap(), 2);
        assert!(bench.jobs.discard(&mut tx, ids[3]).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(bench.job(ids[3]).await.state, State::Cancelled);
        let mut tx = bench.db.begin().await.unwrap();
        assert!(!bench.jobs.discard(&mut tx, ids[3]).await.unwrap(), "it is none any more");
        assert_eq!(bench.jobs.redrive_alike(&mut tx, ids[3]).await.unwrap(), 0);
        drop(tx);
        assert_eq!(words(&bench, &all(Which::Dead)).await.concat().len(), 1);
        let diary = Diary::default();
        bench.runner(Handlers::new().on("a", diary.handler())).run_until_idle().await.unwrap();
        assert_eq!(diary.lines(), ["x", "x"]);
    })
    .await;
}

#[tokio::test]
async fn a_waiting_job_that_an_operator_stops_ends_at_once_with_its_hook_and_leaves_its_key() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let later = bench.clock.now().plus(Duration::from_mins(1));
        let wanted = || job("a", "later").run_at(later).dedupe("one");
        let id = bench.enqueue(wanted()).await.id;
        let diary = Diary::default();
        let hook = diary.clone();
        let handlers = Handlers::new().on("a", diary.handler()).when_given_up("a", move |_, job| {
            hook.note(format!("given up: {:?}", job.state));
            Box::pin(async { Ok(()) })
        });
        let stop = async |id| {
            let mut tx = bench.db.begin().await.unwrap();
            let outcome = bench.jobs.stop(&mut tx, id, &handlers).await.unwrap();
            tx.commit().await.unwrap();
            outcome
        };
        // No runner has taken it, nor could one: all may be busy, or none may know its kind.
        assert_eq!(stop(id).await, CancelOutcome::Cancelled);
        assert_eq!(bench.job(id).await.state, State::Cancelled);
        assert_eq!(diary.lines().len(), 1, "{:?}", diary.lines());
        assert!(diary.lines()[0].contains("given up: Cancelled"), "{:?}", diary.lines());
        assert_eq!(stop(id).await, CancelOutcome::Over);
        // Whoever asks for the same now gets a job of their own.
        assert!(bench.enqueue(wanted()).await.fresh);
        let unknown = bench.enqueue(job("unknown", "b")).await.id;
        assert_eq!(stop(unknown).await, CancelOutcome::Cancelled);
        assert_eq!(diary.lines().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_runner_that_is_told_by_another_process_looks_at_once() {
    each_engine(|test| async move {
        let bench = Bench::new(&test).await;
        let elsewhere = bench.elsewhere();
        let diary = Diary::default();
        let slow = RunnerOptions { poll: Duration::from_hours(1), beat: Duration::from_hours(1), ..quick() };
        let runner = Runner::new(elsewhere.clone(), Handlers::new().on("a", diary.handler()), slow);
        beside(runner, async {
            // Until it has looked once, and found nothing.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let id = bench.enqueue(job("a", "x")).await.id;
            bench.jobs.made().await;
            elsewhere.hurry();
            until(|| async { bench.job(id).await.state == State::Done }).await;
        })
        .await;
        assert_eq!(diary.lines(), ["x"]);
    })
    .await;
}
