//! Telling the database how tries ended.

use storage::{Error, Tx};

use super::{Ending, Runner, Try, passes};
use crate::backoff;
use crate::error::{JobError, Outcome};
use crate::handler::Stopped;
use crate::job::{ErrorKind, Job, State};
use crate::store::{self, Held};

/// What becomes of a job after a try.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing: it was ended by its handler, or it is another runner's.
    Leave,
    Done,
    HandBack,
    Cancelled,
    Again(ErrorKind, String, Option<std::time::Duration>),
    Dead(ErrorKind, String),
}

fn verdict(one: &Try, ending: &Ending) -> Verdict {
    let why = one.control.why();
    if one.control.is_completed() || why == Some(Stopped::Lost) {
        return Verdict::Leave;
    }
    let (kind, error) = match ending {
        Ending::Returned(Ok(())) => return Verdict::Done,
        _ if why == Some(Stopped::Stopping) => return Verdict::HandBack,
        _ if why == Some(Stopped::Cancelled) => return Verdict::Cancelled,
        Ending::Returned(Err(error)) if why == Some(Stopped::TimedOut) => {
            let message = format!("stopped after {:?}: {error}", one.job.timeout);
            (ErrorKind::Timeout, JobError::retry(message))
        }
        Ending::Returned(Err(error)) => (ErrorKind::Retry, error.clone()),
        Ending::Panicked => (ErrorKind::Panic, JobError::retry("the handler panicked")),
        Ending::Dropped => (ErrorKind::Lost, JobError::retry("the handler was dropped")),
    };
    match error.outcome {
        Outcome::Lost => Verdict::Leave,
        Outcome::Cancelled => Verdict::Cancelled,
        Outcome::Fail => Verdict::Dead(ErrorKind::Fail, error.message),
        Outcome::Retry(_) if one.job.attempt >= one.job.max_attempts => Verdict::Dead(kind, error.message),
        Outcome::Retry(after) => Verdict::Again(kind, error.message, after),
    }
}

impl Runner {
    /// A transaction with the end of every try that is over.
    pub(super) async fn settle_together(&self) -> Result<Tx, Error> {
        let mut tx = self.jobs.db.begin().await?;
        for (one, ending) in &self.ended {
            self.settle(&mut tx, one, ending, true).await?;
        }
        Ok(tx)
    }

    /// Ends each try in a transaction of its own. What cannot be ended now stays for the next time.
    pub(super) async fn settle_each(&mut self) {
        let mut left = Vec::new();
        for (one, ending) in std::mem::take(&mut self.ended) {
            let result = match self.settle_alone(&one, &ending, true).await {
                // A hook that cannot work must not keep its job alive for ever.
                Err(error) if !passes(&error) => {
                    tracing::error!(job = %one.job.id, kind = one.job.kind, %error, "a job was given up without its hook");
                    self.settle_alone(&one, &ending, false).await
                }
                result => result,
            };
            if let Err(error) = result {
                tracing::warn!(job = %one.job.id, kind = one.job.kind, %error, "a job could not be ended");
                if passes(&error) {
                    left.push((one, ending));
                }
            }
        }
        self.ended = left;
    }

    async fn settle_alone(&self, one: &Try, ending: &Ending, hook: bool) -> Result<(), Error> {
        let mut tx = self.jobs.db.begin().await?;
        self.settle(&mut tx, one, ending, hook).await?;
        tx.commit().await
    }

    async fn settle(&self, tx: &mut Tx, one: &Try, ending: &Ending, hook: bool) -> Result<(), Error> {
        let job = &one.job;
        let held = Held { id: job.id, worker: &self.worker, attempt: job.attempt };
        let now = self.jobs.clock.now();
        // Where the lease was lost meanwhile nothing is changed, and that is right.
        match verdict(one, ending) {
            Verdict::Leave => {}
            Verdict::Done => {
                store::finish(tx, &held, now).await?;
            }
            Verdict::HandBack => {
                store::hand_back(tx, &held).await?;
            }
            Verdict::Cancelled => self.give_up(tx, job, held, State::Cancelled, None, hook).await?,
            Verdict::Again(kind, message, after) => {
                tracing::info!(job = %job.id, kind = job.kind, attempt = job.attempt, message, "a job will be tried again");
                let wait = after.unwrap_or_else(|| backoff::after(job.attempt, self.jobs.random()));
                store::put_back(tx, &held, now.plus(wait), (kind, &message)).await?;
            }
            Verdict::Dead(kind, message) => {
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, message, "a job was given up");
                self.give_up(tx, job, held, State::Dead, Some((kind, &message)), hook).await?;
            }
        }
        Ok(())
    }

    /// Ends a job of this runner that somebody stopped before this try began.
    pub(super) async fn cancel(&self, tx: &mut Tx, job: &Job, hook: bool) -> Result<(), Error> {
        let held = Held { id: job.id, worker: &self.worker, attempt: job.attempt };
        self.give_up(tx, job, held, State::Cancelled, None, hook).await
    }

    pub(super) async fn give_up(
        &self,
        tx: &mut Tx,
        job: &Job,
        held: Held<'_>,
        state: State,
        error: Option<(ErrorKind, &str)>,
        hook: bool,
    ) -> Result<(), Error> {
        let now = self.jobs.clock.now();
        if !store::give_up(tx, &held, state, error, now).await? || !hook {
            return Ok(());
        }
        let mut job = job.clone();
        job.state = state;
        job.finished_at = Some(now);
        job.error_kind = error.map(|(kind, _)| kind);
        job.error = error.map(|(_, message)| message.to_owned());
        self.handlers.given_up(tx, &job).await
    }
}
