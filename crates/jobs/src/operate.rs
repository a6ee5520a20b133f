//! What whoever runs the server sees of the queue and may do with it. Nobody else is shown any of this: it tells of
//! every workspace.

use base::id::JobId;
use base::{Cursor, Page, PageSize, Timestamp};
use storage::{Error, Tx};

use crate::handler::Handlers;
use crate::job::{ErrorKind, Job, State};
use crate::queue::{CancelOutcome, Jobs};
use crate::store;

/// Dead letters that are tried again at once, at most; more of them are for another time.
const ALIKE: u32 = 1_000;

/// The jobs of one kind that need attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// What handles them.
    pub kind: String,
    /// How many may run and wait for a runner.
    pub waiting: u64,
    /// How many wait for their time.
    pub scheduled: u64,
    /// How many a runner has.
    pub running: u64,
    /// How many were given up.
    pub dead: u64,
    /// Since when the one that waits longest could run.
    pub waiting_since: Option<Timestamp>,
}

/// Something that is enqueued again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// When it is due.
    pub next_at: Timestamp,
}

/// Jobs in one situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// A runner has them.
    Running,
    /// They may run, and wait for a runner.
    Waiting,
    /// They wait for their time: a later one that was asked for, or the pause before another try.
    Scheduled,
    /// They were given up.
    Dead,
}

/// Which jobs are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In which situation.
    pub which: Which,
    /// Only of that kind.
    pub kind: Option<String>,
}

/// Dead letters of one kind that failed for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Their kind.
    pub kind: String,
    /// How the last try of each failed.
    pub error_kind: Option<ErrorKind>,
    /// Why, in words.
    pub error: Option<String>,
    /// How many there are.
    pub count: u64,
}

impl Alike {
    /// Whether a job is one of them.
    pub fn holds(&self, job: &Job) -> bool {
        self.kind == job.kind && self.error_kind == job.error_kind && self.error == job.error
    }
}

impl Jobs {
    /// How many jobs of each kind need attention, by kind.
    pub async fn queues(&self) -> Result<Vec<Queue>, Error> {
        store::operate::queues(&self.db, self.clock.now()).await
    }

    /// What is enqueued again and again, by name.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, Error> {
        store::operate::schedules(&self.db).await
    }

    /// The jobs that fit, the newest first. A cursor that cannot be read is the beginning.
    pub async fn find(
        &self,
        wanted: &Wanted,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<Job>, Error> {
        let (now, after) = (self.clock.now(), after.and_then(|after| after.0.parse().ok()));
        let mut items = store::operate::find(&self.db, wanted, now, after, size.get() + 1).await?;
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next = items.last().filter(|_| more).map(|last| Cursor(last.id.to_string()));
        Ok(Page { items, next, total: store::operate::count(&self.db, wanted, now).await? })
    }

    /// The reasons of dead letters, by kind and reason.
    pub async fn dead_alike(&self) -> Result<Vec<Alike>, Error> {
        store::operate::alike(&self.db).await
    }

    /// Gives all their tries again to a dead letter and to those of its kind that failed for the same reason, at most
    /// 1,000 at a time; how many. Those whose key another job has taken stay.
    pub async fn redrive_alike(&self, tx: &mut Tx, id: JobId) -> Result<u64, Error> {
        let Some(job) = store::job(&self.db, id).await?.filter(|job| job.state == State::Dead) else {
            return Ok(0);
        };
        let (kind, why) = (job.error_kind, job.error.as_deref());
        let mut redriven = 0;
        for id in store::operate::dead_alike(tx, &job.kind, kind, why, ALIKE).await? {
            redriven += u64::from(self.redrive(tx, id).await?);
        }
        Ok(redriven)
    }

    /// Puts a dead letter away, to be forgotten with the jobs that are over; `false` when it is none.
    pub async fn discard(&self, tx: &mut Tx, id: JobId) -> Result<bool, Error> {
        store::operate::discard(tx, id, self.clock.now()).await
    }

    /// Stops a job on behalf of nobody who waits for it: unlike [`Jobs::cancel`], the hook for jobs that were given up
    /// runs for a waiting one too, in `tx`. So it is over with the commit, whether or not a runner has room, and also where
    /// none knows its kind.
    pub async fn stop(&self, tx: &mut Tx, id: JobId, handlers: &Handlers) -> Result<CancelOutcome, Error> {
        let outcome = self.cancel(tx, id).await?;
        if outcome == CancelOutcome::Cancelled
            && let Some(job) = store::job_in(tx, id).await?
        {
            handlers.given_up(tx, &job).await?;
        }
        Ok(outcome)
    }
}
