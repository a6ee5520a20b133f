//! What the queue promises, on both engines.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod cancel;
mod crash;
mod operate;
mod outcome;
mod queue;
mod runner;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::id::JobId;
use base::{Clock, Ids, Timestamp};
use jobs::{Enqueued, Handlers, Job, JobContext, JobError, Jobs, NewJob, Runner, RunnerOptions};
use storage::testing::TestDb;
use storage::{Db, Tx};
use tokio_util::sync::CancellationToken;

/// A queue with a clock that stands still.
struct Bench {
    db: Db,
    jobs: Jobs,
    clock: Clock,
}

impl Bench {
    async fn new(test: &TestDb) -> Self {
        let db = test.open().await;
        let clock = Clock::manual(Timestamp::from_seconds(1_000));
        let jobs = Jobs::new(db.clone(), clock.clone(), Ids::random(Clock::system()));
        Self { db, jobs, clock }
    }

    /// As another process would see the same queue: without the wake-ups of this one.
    fn elsewhere(&self) -> Jobs {
        Jobs::new(self.db.clone(), self.clock.clone(), Ids::random(Clock::system()))
    }

    async fn enqueue(&self, job: NewJob) -> Enqueued {
        // Jobs of the same instant have no order.
        self.clock.advance(Duration::from_micros(1));
        let mut tx = self.db.begin().await.unwrap();
        let enqueued = self.jobs.enqueue(&mut tx, job).await.unwrap();
        tx.commit().await.unwrap();
        enqueued
    }

    async fn job(&self, id: JobId) -> Job {
        self.jobs.job(id).await.unwrap().unwrap()
    }

    fn runner(&self, handlers: Handlers) -> Runner {
        Runner::new(self.jobs.clone(), handlers, quick())
    }
}

/// Options for tests that wait for real.
fn quick() -> RunnerOptions {
    RunnerOptions {
        slots: 4,
        lease: Duration::from_secs(15),
        beat: Duration::from_millis(20),
        poll: Duration::from_millis(20),
        grace: Duration::from_millis(30),
        patience: Duration::from_millis(30),
    }
}

/// A job whose payload is a word.
fn job(kind: &'static str, word: &str) -> NewJob {
    NewJob::new(kind, serde_json::Value::from(word))
}

/// What handlers did, in order.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn note(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// A handler that notes its payload and is done.
    fn handler(
        &self,
    ) -> impl Fn(JobContext) -> std::future::Ready<Result<(), JobError>> + Send + Sync + 'static {
        let diary = self.clone();
        move |context| {
            diary.note(context.payload::<String>().unwrap());
            std::future::ready(Ok(()))
        }
    }
}

/// The effect of a job: counts how often it was had.
async fn effect(tx: &mut Tx, word: &str) -> Result<(), storage::Error> {
    tx.query(
        "INSERT INTO event_channel (channel, last) VALUES ($1, 1)
         ON CONFLICT (channel) DO UPDATE SET last = event_channel.last + 1",
    )
    .bind(word)
    .execute()
    .await
    .map(drop)
}

/// Every effect, and how often it was had.
async fn effects(db: &Db) -> Vec<(String, i64)> {
    db.query("SELECT channel, last FROM event_channel ORDER BY channel").all().await.unwrap()
}

/// Has the effect and ends the job in one transaction.
async fn have_effect_once(db: &Db, context: &JobContext) -> Result<(), JobError> {
    let mut tx = db.begin().await.map_err(JobError::retry)?;
    effect(&mut tx, &context.payload::<String>()?).await.map_err(JobError::retry)?;
    context.complete(&mut tx).await?;
    tx.commit().await.map_err(JobError::retry)
}

/// Runs a runner beside `meanwhile`, and stops it after.
async fn beside<T>(runner: Runner, meanwhile: impl Future<Output = T>) -> T {
    let stop = CancellationToken::new();
    let meanwhile = async {
        let result = tokio::time::timeout(Duration::from_secs(20), meanwhile).await;
        stop.cancel();
        result.unwrap_or_else(|_| panic!("nothing happened for 20 seconds"))
    };
    tokio::join!(runner.run(stop.clone()), meanwhile).1
}

/// Waits until something is so.
async fn until<F: Future<Output = bool>>(mut is_so: impl FnMut() -> F) {
    while !is_so().await {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A handler that says when it has begun and stops when it is asked to.
fn waiting(diary: &Diary) -> Handlers {
    let diary = diary.clone();
    Handlers::new().on("a", move |context: JobContext| {
        let diary = diary.clone();
        async move {
            diary.note("began");
            context.cancelled().cancelled().await;
            diary.note(format!("{:?}", context.stopped().unwrap()));
            Err(JobError::cancelled())
        }
    })
}
