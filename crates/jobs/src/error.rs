//! How a try ends when it does not end well.

use std::fmt::Display;
use std::time::Duration;

/// Why a handler stopped. Every `?` in a handler says which of these it means.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JobError {
    pub(crate) outcome: Outcome,
    pub(crate) message: String,
}

/// What should follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Another try, after a while that grows with each one or after the time given.
    Retry(Option<Duration>),
    /// None: the job becomes a dead letter.
    Fail,
    /// None: somebody stopped the job.
    Cancelled,
    /// Another runner has the job; whatever this one did must not count.
    Lost,
}

impl JobError {
    /// Trying again may work: `.map_err(JobError::retry)?`. Right for a commit whose outcome is not known as long as
    /// the transaction has [completed](crate::JobContext::complete) the job: then the next try begins only if nothing
    /// was kept.
    pub fn retry(cause: impl Display) -> Self {
        Self { outcome: Outcome::Retry(None), message: cause.to_string() }
    }

    /// Trying again may work, after that time at the earliest.
    pub fn retry_after(after: Duration, cause: impl Display) -> Self {
        Self { outcome: Outcome::Retry(Some(after)), message: cause.to_string() }
    }

    /// Trying again is no use: `.map_err(JobError::fail)?`.
    pub fn fail(cause: impl Display) -> Self {
        Self { outcome: Outcome::Fail, message: cause.to_string() }
    }

    /// The handler saw that it was asked to stop, and did.
    pub fn cancelled() -> Self {
        Self { outcome: Outcome::Cancelled, message: "stopped".to_owned() }
    }

    pub(crate) fn lost() -> Self {
        Self { outcome: Outcome::Lost, message: "another runner has the job".to_owned() }
    }

    /// What should follow.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}
