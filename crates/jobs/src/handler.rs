//! Who does a job, and what it is given.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use base::id::{JobId, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Error, Tx};
use tokio_util::sync::CancellationToken;

use crate::error::JobError;
use crate::job::Job;
use crate::queue::Jobs;
use crate::store;

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type GivingUp<'t> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 't>>;
type Run = Box<dyn Fn(JobContext) -> Running + Send + Sync>;
type GivenUp = Box<dyn for<'t> Fn(&'t mut Tx, &'t Job) -> GivingUp<'t> + Send + Sync>;

/// The handlers of one runner, by kind of job.
#[derive(Default)]
pub struct Handlers(BTreeMap<&'static str, Handler>);

pub(crate) struct Handler {
    pub(crate) run: Run,
    given_up: Option<GivenUp>,
}

impl Handlers {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers what does the jobs of a kind. A later registration of the same kind replaces the earlier one.
    ///
    /// A job may be tried more than once, so a handler either completes it in the transaction of its effect
    /// ([`JobContext::complete`]) or does nothing that cannot be done twice.
    #[must_use]
    pub fn on<F, R>(mut self, kind: &'static str, run: F) -> Self
    where
        F: Fn(JobContext) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let run: Run = Box::new(move |context| Box::pin(run(context)));
        self.0.insert(kind, Handler { run, given_up: None });
        self
    }

    /// Registers what else happens when a job of a kind ends without having been done: it became a dead letter,
    /// or was cancelled ([`Job::state`] says which). Runs in the transaction of that change, also when the process
    /// that tried the job is gone. The kind must have been registered with [`Handlers::on`].
    #[must_use]
    pub fn when_given_up<F>(mut self, kind: &'static str, given_up: F) -> Self
    where
        F: for<'t> Fn(&'t mut Tx, &'t Job) -> GivingUp<'t> + Send + Sync + 'static,
    {
        if let Some(handler) = self.0.get_mut(kind) {
            handler.given_up = Some(Box::new(given_up));
        } else {
            tracing::error!(kind, "no handler is registered for this kind of job");
        }
        self
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    pub(crate) fn get(&self, kind: &str) -> Option<&Handler> {
        self.0.get(kind)
    }

    pub(crate) async fn given_up(&self, tx: &mut Tx, job: &Job) -> Result<(), Error> {
        match self.get(&job.kind).and_then(|handler| handler.given_up.as_ref()) {
            Some(given_up) => given_up(tx, job).await,
            None => Ok(()),
        }
    }
}

/// Why a handler should stop before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody cancelled the job.
    Cancelled,
    /// The try took longer than the job allows.
    TimedOut,
    /// Another runner has the job: this one was not heard of for too long.
    Lost,
    /// The process is stopping. The job will be tried again, and this try is not counted.
    Stopping,
}

/// The line between a running handler and its runner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control(Arc<Line>);

#[derive(Debug, Default)]
struct Line {
    /// Set before `stop`.
    why: OnceLock<Stopped>,
    stop: CancellationToken,
    completed: AtomicBool,
}

impl Control {
    /// Asks the handler to stop; the first reason counts.
    pub(crate) fn stop(&self, why: Stopped) {
        self.0.why.get_or_init(|| why);
        self.0.stop.cancel();
    }

    pub(crate) fn why(&self) -> Option<Stopped> {
        self.0.why.get().copied()
    }

    /// Whether the handler completed the job in its own, committed transaction.
    pub(crate) fn is_completed(&self) -> bool {
        self.0.completed.load(Ordering::SeqCst)
    }
}

/// One try of one job, as its handler sees it.
#[derive(Clone)]
pub struct JobContext {
    pub(crate) jobs: Jobs,
    pub(crate) job: Arc<Job>,
    pub(crate) worker: Arc<str>,
    pub(crate) control: Control,
}

impl JobContext {
    /// The job's id.
    pub fn id(&self) -> JobId {
        self.job.id
    }

    /// The workspace it works for, where it works for one.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.job.workspace
    }

    /// What the job is about. A payload that does not decode will not decode next time either.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        self.job.payload().map_err(JobError::fail)
    }

    /// Which try this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.job.attempt
    }

    /// Whether a failure of this try is the end of the job.
    pub fn is_last_attempt(&self) -> bool {
        self.job.attempt >= self.job.max_attempts
    }

    /// Fires when the handler should stop soon: [`JobContext::stopped`] says why. A handler that does not listen
    /// is dropped at its next await once its time is over.
    pub fn cancelled(&self) -> &CancellationToken {
        &self.control.0.stop
    }

    /// Why the handler should stop, once it should.
    pub fn stopped(&self) -> Option<Stopped> {
        self.control.why()
    }

    /// Stores how far the job is, for whoever looks at it. Durable, so not for every step: a few times a second.
    pub async fn progress(&self, progress: &impl Serialize) -> Result<(), JobError> {
        let text = serde_json::to_string(progress).map_err(JobError::fail)?;
        let mut tx = self.jobs.db.begin().await.map_err(JobError::retry)?;
        if !store::set_progress(&mut tx, &self.held(), &text).await.map_err(JobError::retry)? {
            return Err(JobError::lost());
        }
        tx.commit().await.map_err(JobError::retry)
    }

    /// Completes the job as part of `tx`, so that its effect and its end are one. When another runner has taken
    /// the job over, this fails, and the transaction must be dropped: return the error.
    pub async fn complete(&self, tx: &mut Tx) -> Result<(), JobError> {
        let now = self.jobs.clock.now();
        if !store::finish(tx, &self.held(), now).await.map_err(JobError::retry)? {
            return Err(JobError::lost());
        }
        let control = self.control.clone();
        tx.after_commit(move || control.0.completed.store(true, Ordering::SeqCst));
        Ok(())
    }

    pub(crate) fn held(&self) -> store::Held<'_> {
        store::Held { id: self.job.id, worker: &self.worker, attempt: self.job.attempt }
    }
}
