//! Asking for work, and about it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::id::JobId;
use base::{Clock, Ids};
use storage::{Db, Error, Tx};
use tokio::sync::Notify;

use crate::handler::{Control, Stopped};
use crate::job::{Job, NewJob, State};
use crate::store;

/// The queue. Cheap to clone; clones share their wake-ups, so a process should make one and clone it.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) local: Arc<Local>,
}

/// What the parts of one process tell each other without the database.
#[derive(Default)]
pub(crate) struct Local {
    /// There may be something to run.
    pub(crate) wake: Notify,
    /// This process made something to run.
    made: Notify,
    /// What runs in this process.
    pub(crate) running: Mutex<HashMap<JobId, Control>>,
}

impl Local {
    /// There is something to run, and it was made here.
    pub(crate) fn made(&self) {
        self.wake.notify_one();
        self.made.notify_one();
    }
}

/// The job that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// Its id.
    pub id: JobId,
    /// `false` when a job with the same key was waiting or running already: it is that one.
    pub fresh: bool,
}

/// What came of asking a job to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It had not begun, and never will.
    Cancelled,
    /// It is running and was asked to stop.
    Asked,
    /// It is over, or there is no such job.
    Over,
}

/// How many jobs there are that need attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for their time or a runner.
    pub ready: u64,
    /// Being worked on.
    pub running: u64,
    /// Given up.
    pub dead: u64,
}

impl Jobs {
    /// The queue in that database.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids, local: Arc::default() }
    }

    /// Enqueues a job as part of `tx`: it exists once the transaction is committed, and not otherwise.
    pub async fn enqueue(&self, tx: &mut Tx, job: NewJob) -> Result<Enqueued, Error> {
        let id: JobId = self.ids.new_id();
        let now = self.clock.now();
        // A duplicate may end between our insert and our look at it; then there is room for ours.
        for _ in 0..8 {
            if store::insert(tx, id, &job, now).await? {
                let local = Arc::clone(&self.local);
                tx.after_commit(move || local.made());
                return Ok(Enqueued { id, fresh: true });
            }
            if let Some(id) = store::active_duplicate(tx, &job).await? {
                return Ok(Enqueued { id, fresh: false });
            }
        }
        Err(Error::Changed)
    }

    /// Asks a job to stop, as part of `tx`. A waiting job is over with the commit; the hook for jobs that were
    /// given up does not run for it, because the caller is right here. A running one hears of it at once in this
    /// process, and with the next heartbeat in another.
    pub async fn cancel(&self, tx: &mut Tx, id: JobId) -> Result<CancelOutcome, Error> {
        if store::cancel_ready(tx, id, self.clock.now()).await? {
            return Ok(CancelOutcome::Cancelled);
        }
        if !store::ask_to_stop(tx, id).await? {
            // On PostgreSQL its try may have ended, and the job have been put back, between the two.
            let put_back = store::cancel_ready(tx, id, self.clock.now()).await?;
            return Ok(if put_back { CancelOutcome::Cancelled } else { CancelOutcome::Over });
        }
        let local = Arc::clone(&self.local);
        tx.after_commit(move || {
            let running = local.running.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(control) = running.get(&id) {
                control.stop(Stopped::Cancelled);
            }
        });
        Ok(CancelOutcome::Asked)
    }

    /// A job, where it is still known.
    pub async fn job(&self, id: JobId) -> Result<Option<Job>, Error> {
        store::job(&self.db, id).await
    }

    /// The dead letters, the latest first; at most `limit`.
    pub async fn dead(&self, limit: u32) -> Result<Vec<Job>, Error> {
        store::with_state(&self.db, State::Dead, limit).await
    }

    /// Gives a dead letter all its tries again. `false` when it is not one, or when a job with its key is waiting.
    pub async fn redrive(&self, tx: &mut Tx, id: JobId) -> Result<bool, Error> {
        let done = store::redrive(tx, id, self.clock.now()).await?;
        if done {
            let local = Arc::clone(&self.local);
            tx.after_commit(move || local.made());
        }
        Ok(done)
    }

    /// Waits until this process has made something to run: for who tells other processes to look.
    pub async fn made(&self) {
        self.local.made.notified().await;
    }

    /// Another process made something to run: this one's runners look now, and not only when it is their turn.
    pub fn hurry(&self) {
        self.local.wake.notify_one();
    }

    /// How many jobs wait, run, or were given up.
    pub async fn counts(&self) -> Result<Counts, Error> {
        store::counts(&self.db).await
    }

    /// Forgets jobs that were done or cancelled longer ago than that; how many. Dead letters stay.
    pub async fn trim(&self, age: Duration) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let gone = store::trim(&mut tx, self.clock.now().minus(age)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// A random number for jitter.
    pub(crate) fn random(&self) -> u32 {
        let [a, b, c, d, ..] = self.ids.new_token();
        u32::from_le_bytes([a, b, c, d])
    }
}
