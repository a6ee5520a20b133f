//! Commits whose outcome the runner never learns.

use std::time::Duration;

use base::{Clock, Ids, Timestamp};
use jobs::{Handlers, JobContext, JobError, Jobs, State};
use storage::testing::{Cut, CutWire, on_postgres};

use crate::{Bench, Diary, effect, effects, have_effect_once, job};

async fn bench(wire: &CutWire) -> Bench {
    let db = storage::Db::open(wire.config()).await.unwrap();
    let clock = Clock::manual(Timestamp::from_seconds(1_000));
    let jobs = Jobs::new(db.clone(), clock.clone(), Ids::random(Clock::system()));
    Bench { db, jobs, clock }
}

#[tokio::test]
async fn an_effect_is_had_once_whether_or_not_the_lost_commit_was_kept() {
    on_postgres(|test| async move {
        let wire = CutWire::to(&test.config).await;
        let bench = bench(&wire).await;
        let (db, diary) = (bench.db.clone(), Diary::default());
        let noted = diary.clone();
        let handlers = Handlers::new().on("a", move |context: JobContext| {
            noted.note(context.payload::<String>().unwrap());
            let db = db.clone();
            async move { have_effect_once(&db, &context).await }
        });
        let mut runner = bench.runner(handlers);
        for (word, cut) in [("kept", Cut::AfterCommit), ("lost", Cut::BeforeCommit)] {
            let id = bench.enqueue(job("a", word)).await.id;
            wire.cut(word, cut);
            runner.run_until_idle().await.unwrap();
            bench.clock.advance(Duration::from_hours(1));
            runner.run_until_idle().await.unwrap();
            assert_eq!(bench.job(id).await.state, State::Done, "{cut:?}");
        }
        assert_eq!(diary.lines(), ["kept", "lost", "lost"]);
        assert_eq!(effects(&bench.db).await, [("kept".to_owned(), 1), ("lost".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_hook_has_its_effect_once_when_the_end_of_a_job_is_told_twice() {
    on_postgres(|test| async move {
        let wire = CutWire::to(&test.config).await;
        let bench = bench(&wire).await;
        let handlers = Handlers::new()
            .on("a", |_| std::future::ready(Err(JobError::fail("no"))))
            .when_given_up("a", |tx, _| Box::pin(effect(tx, "given up")));
        let mut runner = bench.runner(handlers);
        for cut in [Cut::AfterCommit, Cut::BeforeCommit] {
            let id = bench.enqueue(job("a", "word")).await.id;
            wire.cut("given up", cut);
            assert!(runner.run_until_idle().await.unwrap_err().is_outcome_unknown(), "{cut:?}");
            runner.run_until_idle().await.unwrap();
            assert_eq!(bench.job(id).await.state, State::Dead, "{cut:?}");
        }
        assert_eq!(effects(&bench.db).await, [("given up".to_owned(), 2)]);
    })
    .await;
}
