//! Having jobs done.

mod settle;
mod tend;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use base::Timestamp;
use base::id::JobId;
use storage::{Error, Tx};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::error::JobError;
use crate::handler::{Control, Handlers, JobContext, Stopped};
use crate::job::{Job, NewJob};
use crate::queue::Jobs;
use crate::store;

/// How a runner works.
#[derive(Debug, Clone, Copy)]
pub struct RunnerOptions {
    /// Jobs that run side by side.
    pub slots: usize,
    /// How long a runner that is not heard of keeps its jobs.
    pub lease: Duration,
    /// How often a runner is heard of; well below `lease`.
    pub beat: Duration,
    /// How often to look for jobs that no wake-up told of: those of other processes, and those whose time came.
    pub poll: Duration,
    /// At a stop: how long running jobs may go on before they are asked to stop.
    pub grace: Duration,
    /// How long a handler that was asked to stop may take before it is dropped.
    pub patience: Duration,
}

impl Default for RunnerOptions {
    fn default() -> Self {
        Self {
            slots: 4,
            lease: Duration::from_secs(15),
            beat: Duration::from_secs(5),
            poll: Duration::from_millis(500),
            grace: Duration::from_secs(4),
            patience: Duration::from_secs(3),
        }
    }
}

/// Claims jobs and runs their handlers.
pub struct Runner {
    jobs: Jobs,
    handlers: Arc<Handlers>,
    options: RunnerOptions,
    schedules: Vec<Schedule>,
    /// Unique for each runner that ever was.
    worker: Arc<str>,
    tries: JoinSet<Result<(), JobError>>,
    running: HashMap<Id, Try>,
    /// Tries that are over, until the database knows.
    ended: Vec<(Try, Ending)>,
}

struct Schedule {
    name: &'static str,
    every: Duration,
    make: Box<dyn Fn() -> NewJob + Send + Sync>,
}

#[derive(Clone)]
struct Try {
    job: Arc<Job>,
    control: Control,
}

/// How a try ended.
#[derive(Debug, Clone)]
enum Ending {
    Returned(Result<(), JobError>),
    Panicked,
    Dropped,
}

impl Runner {
    /// A runner for the kinds of jobs that have a handler.
    pub fn new(jobs: Jobs, handlers: Handlers, options: RunnerOptions) -> Self {
        let worker: JobId = jobs.ids.new_id();
        Self {
            jobs,
            handlers: Arc::new(handlers),
            options,
            schedules: Vec::new(),
            worker: worker.to_string().into(),
            tries: JoinSet::new(),
            running: HashMap::new(),
            ended: Vec::new(),
        }
    }

    /// Enqueues a job again and again: once when the name is new to the database, then each `every`, by one runner
    /// of all that know the schedule. What was missed while none ran is made up for once.
    #[must_use]
    pub fn every(
        mut self,
        name: &'static str,
        every: Duration,
        make: impl Fn() -> NewJob + Send + Sync + 'static,
    ) -> Self {
        self.schedules.push(Schedule { name, every, make: Box::new(make) });
        self
    }

    /// Works until `stop`, then lets what runs finish for a while, and hands back the rest.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut beat = interval_at(Instant::now() + self.options.beat, self.options.beat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let local = Arc::clone(&self.jobs.local);
        self.tend_to_others(true).await;
        while !stop.is_cancelled() {
            if let Err(error) = self.turn().await {
                tracing::warn!(%error, "the queue cannot be reached; trying again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = local.wake.notified() => {}
                () = sleep(self.poll()) => {}
                _ = beat.tick() => {
                    self.tend_to_own().await;
                    self.tend_to_others(false).await;
                }
                Some(joined) = self.tries.join_next_with_id() => self.note(joined),
            }
            self.gather();
        }
        self.finish().await;
    }

    /// Runs every job that is due now, and those that become due by it, one after the other; how many tries that
    /// took. For tests: with a manual clock, a job that waits for a later try stays where it is.
    pub async fn run_until_idle(&mut self) -> Result<u32, Error> {
        let slots = std::mem::replace(&mut self.options.slots, 1);
        let mut tries = 0;
        self.tend_to_others(true).await;
        let result = loop {
            if let Err(error) = self.turn().await {
                break Err(error);
            }
            match self.tries.join_next_with_id().await {
                Some(joined) => {
                    tries += 1;
                    self.note(joined);
                }
                None => break Ok(tries),
            }
        };
        self.options.slots = slots;
        result
    }

    /// The pause between two looks, a tenth more or less so that runners spread out.
    fn poll(&self) -> Duration {
        let share = f64::from(self.jobs.random()) / f64::from(u32::MAX);
        self.options.poll.mul_f64(0.9 + 0.2 * share)
    }

    /// Tells the database what ended, and claims as much as there is room for, in one transaction.
    async fn turn(&mut self) -> Result<(), Error> {
        let free = self.options.slots.saturating_sub(self.running.len());
        let now = self.jobs.clock.now();
        let wanted = free > 0 && store::any_ready(&self.jobs.db, now).await?;
        if self.ended.is_empty() && !wanted {
            return Ok(());
        }
        let together = self.settle_together().await;
        let mut tx = match together {
            Ok(tx) => tx,
            Err(error) if passes(&error) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "jobs could not be ended together; ending each alone");
                self.settle_each().await;
                if !self.ended.is_empty() {
                    return Ok(());
                }
                self.jobs.db.begin().await?
            }
        };
        let claimed = if wanted { self.claim(&mut tx, now, free, true).await } else { Ok(Vec::new()) };
        let claimed = match claimed {
            Err(error) if !passes(&error) => {
                tracing::warn!(%error, "jobs could not be claimed together; claiming each alone");
                drop(tx);
                self.settle_each().await;
                return self.claim_each(now, free).await;
            }
            claimed => claimed?,
        };
        tx.commit().await?;
        self.ended.clear();
        for job in claimed {
            self.start(job);
        }
        Ok(())
    }

    /// Claims each job in a transaction of its own.
    async fn claim_each(&mut self, now: Timestamp, free: usize) -> Result<(), Error> {
        for _ in 0..free {
            let claimed = match self.claim_alone(now, true).await {
                // A hook that cannot work must not keep the jobs after it waiting for ever.
                Err(error) if !passes(&error) => {
                    tracing::error!(%error, "a cancelled job is ended without its hook");
                    self.claim_alone(now, false).await?
                }
                claimed => claimed?,
            };
            for job in claimed {
                self.start(job);
            }
        }
        Ok(())
    }

    async fn claim_alone(&self, now: Timestamp, hook: bool) -> Result<Vec<Job>, Error> {
        let mut tx = self.jobs.db.begin().await?;
        let claimed = self.claim(&mut tx, now, 1, hook).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn claim(&self, tx: &mut Tx, now: Timestamp, free: usize, hook: bool) -> Result<Vec<Job>, Error> {
        let lease_until = now.plus(self.options.lease);
        let limit = u32::try_from(free).unwrap_or(u32::MAX);
        let claimed = store::claim(tx, self.handlers.kinds(), &self.worker, now, lease_until, limit).await?;
        let mut jobs = Vec::with_capacity(claimed.len());
        for job in claimed {
            // Somebody stopped it while it waited for another try.
            if job.cancel {
                self.cancel(tx, &job, hook).await?;
            } else {
                jobs.push(job);
            }
        }
        Ok(jobs)
    }

    fn start(&mut self, job: Job) {
        let control = Control::default();
        let job = Arc::new(job);
        let context = JobContext {
            jobs: self.jobs.clone(),
            job: Arc::clone(&job),
            worker: Arc::clone(&self.worker),
            control: control.clone(),
        };
        self.local_running(|running| running.insert(job.id, control.clone()));
        let handle = self.tries.spawn(attempt(Arc::clone(&self.handlers), context, self.options.patience));
        self.running.insert(handle.id(), Try { job, control });
    }

    /// Notes every try that has ended by now.
    fn gather(&mut self) {
        while let Some(joined) = self.tries.try_join_next_with_id() {
            self.note(joined);
        }
    }

    fn note(&mut self, joined: Result<(Id, Result<(), JobError>), JoinError>) {
        let (id, ending) = match joined {
            Ok((id, result)) => (id, Ending::Returned(result)),
            Err(error) if error.is_panic() => (error.id(), Ending::Panicked),
            Err(error) => (error.id(), Ending::Dropped),
        };
        if let Some(one) = self.running.remove(&id) {
            self.local_running(|running| running.remove(&one.job.id));
            self.ended.push((one, ending));
        }
    }

    fn local_running<T>(&self, change: impl FnOnce(&mut HashMap<JobId, Control>) -> T) {
        change(&mut self.jobs.local.running.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The end of a runner: nothing is claimed any more.
    async fn finish(mut self) {
        let grace = self.options.grace;
        // An error means that the time is over.
        drop(timeout(grace, self.drain()).await);
        for one in self.running.values() {
            one.control.stop(Stopped::Stopping);
        }
        drop(timeout(self.options.patience, self.drain()).await);
        self.tries.abort_all();
        self.drain().await;
        self.settle_each().await;
    }

    async fn drain(&mut self) {
        while let Some(joined) = self.tries.join_next_with_id().await {
            self.note(joined);
        }
    }
}

/// Whether the same transaction should simply be made again later, for what failed is not what it says. That goes for
/// one whose outcome is not known too: each is fenced by worker and try, or by the time at which something is due, and
/// changes nothing when it was kept the first time. A claim that was kept unheard waits for the end of its lease.
fn passes(error: &Error) -> bool {
    error.is_temporary() || error.is_outcome_unknown()
}

/// One try of one job. A handler that was asked to stop, or whose time is over, gets `patience` and is dropped.
async fn attempt(handlers: Arc<Handlers>, context: JobContext, patience: Duration) -> Result<(), JobError> {
    let Some(handler) = handlers.get(&context.job.kind) else {
        return Err(JobError::fail("no handler is registered for this kind of job"));
    };
    let (limit, control) = (context.job.timeout, context.control.clone());
    let stop = context.cancelled().clone();
    let mut run = (handler.run)(context);
    tokio::select! {
        result = &mut run => return result,
        () = sleep(limit) => control.stop(Stopped::TimedOut),
        () = stop.cancelled() => {}
    }
    match timeout(patience, run).await {
        Ok(result) => result,
        Err(_) => {
            Err(JobError::retry("the handler was dropped, because it did not stop when it was asked to"))
        }
    }
}
