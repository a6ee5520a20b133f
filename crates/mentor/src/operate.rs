//! What whoever runs the server does with its background work, each act in the audit log with the change itself.

use std::sync::Arc;

use base::id::{JobId, UserId};
use identity::Client;
use identity::audit::{Act, Audit};
use jobs::{CancelOutcome, Handlers, Jobs};
use storage::{Db, Error};

/// The names of the acts, in the audit log.
pub mod action {
    /// A job was stopped.
    pub const CANCELLED: &str = "job.cancelled";
    /// A dead letter, perhaps with those like it, was tried again.
    pub const RETRIED: &str = "job.retried";
    /// A dead letter was put away.
    pub const DISCARDED: &str = "job.discarded";
    /// Cached values were forgotten.
    pub const CACHE_CLEARED: &str = "cache.cleared";
    /// Calls to a dependency were let through again.
    pub const DEPENDENCY_RESET: &str = "dependency.reset";
}

/// Whoever runs the server, at this moment.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who.
    pub user: UserId,
    /// From where.
    pub client: &'a Client,
}

/// The operator's use cases. Whether somebody is the operator is proven before.
#[derive(Clone)]
pub struct Operations {
    db: Db,
    jobs: Jobs,
    audit: Audit,
    handlers: Arc<Handlers>,
}

impl Operations {
    /// Joins the parts; `handlers` tell those who wait for a job that it was stopped.
    pub fn new(db: Db, jobs: Jobs, audit: Audit, handlers: Arc<Handlers>) -> Self {
        Self { db, jobs, audit, handlers }
    }

    /// Stops a job; whoever waits for it is told by its hook.
    pub async fn cancel(&self, by: By<'_>, id: JobId) -> Result<CancelOutcome, Error> {
        let mut tx = self.db.begin().await?;
        let outcome = self.jobs.stop(&mut tx, id, &self.handlers).await?;
        if outcome != CancelOutcome::Over {
            let act = Act::done(action::CANCELLED, by.user, by.client).to(id.to_string());
            self.audit.record(&mut tx, &act).await?;
            tx.commit().await?;
        }
        Ok(outcome)
    }

    /// Gives a dead letter all its tries again, and with `alike` those that failed for the same reason; how many.
    pub async fn retry(&self, by: By<'_>, id: JobId, alike: bool) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let retried = if alike {
            self.jobs.redrive_alike(&mut tx, id).await?
        } else {
            u64::from(self.jobs.redrive(&mut tx, id).await?)
        };
        if retried > 0 {
            let count = retried.to_string();
            let act = Act::done(action::RETRIED, by.user, by.client).to(id.to_string()).saying(&count);
            self.audit.record(&mut tx, &act).await?;
            tx.commit().await?;
        }
        Ok(retried)
    }

    /// Puts a dead letter away, with a note; `false` when it is none.
    pub async fn discard(&self, by: By<'_>, id: JobId, note: &str) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let discarded = self.jobs.discard(&mut tx, id).await?;
        if discarded {
            let act = Act::done(action::DISCARDED, by.user, by.client).to(id.to_string()).saying(note);
            self.audit.record(&mut tx, &act).await?;
            tx.commit().await?;
        }
        Ok(discarded)
    }

    /// Notes an act that changes nothing in the database.
    pub async fn note(&self, by: By<'_>, action: &str, object: &str) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.audit.record(&mut tx, &Act::done(action, by.user, by.client).to(object)).await?;
        tx.commit().await
    }
}
