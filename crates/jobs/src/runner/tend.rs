//! What a runner does now and then: renewing its leases, taking care of the jobs of runners that died, and
//! schedules.

use std::collections::HashMap;

use base::Timestamp;
use storage::Error;

use super::{Runner, Schedule, passes};
use crate::handler::Stopped;
use crate::job::{ErrorKind, State};
use crate::store::{self, Held};

/// Orphans that are taken care of at once.
const ORPHANS: u32 = 100;

impl Runner {
    /// Renews the leases of what runs here, and hears what was asked to stop elsewhere.
    pub(super) async fn tend_to_own(&mut self) {
        if self.running.is_empty() {
            return;
        }
        match self.beat().await {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "the leases could not be renewed"),
        }
    }

    async fn beat(&self) -> Result<(), Error> {
        let lease_until = self.jobs.clock.now().plus(self.options.lease);
        let ids = self.running.values().map(|one| one.job.id);
        let mut tx = self.jobs.db.begin().await?;
        let held = store::beat(&mut tx, &self.worker, ids, lease_until).await?;
        tx.commit().await?;
        let held: HashMap<_, _> =
            held.into_iter().map(|(id, attempt, cancel)| ((id, attempt), cancel)).collect();
        for one in self.running.values().filter(|one| !one.control.is_completed()) {
            match held.get(&(one.job.id, one.job.attempt)) {
                Some(false) => {}
                Some(true) => one.control.stop(Stopped::Cancelled),
                None => one.control.stop(Stopped::Lost),
            }
        }
        Ok(())
    }

    /// Takes care of orphans and schedules. `first` is the start of a runner: a process that has the database to
    /// itself need not wait for the leases of one before it.
    pub(super) async fn tend_to_others(&mut self, first: bool) {
        let before = if first && self.jobs.db.inherit() {
            Timestamp::from_micros(i64::MAX)
        } else {
            self.jobs.clock.now()
        };
        if let Err(error) = self.sweep(before).await {
            tracing::warn!(%error, "the jobs of dead runners could not be looked for");
        }
        for schedule in &self.schedules {
            if let Err(error) = self.follow(schedule).await {
                tracing::warn!(%error, schedule = schedule.name, "a schedule could not be followed");
            }
        }
    }

    /// Gives the jobs of runners that are not heard of any more another try, or gives them up.
    async fn sweep(&self, before: Timestamp) -> Result<(), Error> {
        if !store::any_expired(&self.jobs.db, before).await? {
            return Ok(());
        }
        match self.sweep_some(before, ORPHANS, true).await {
            Err(error) if !passes(&error) => {
                tracing::warn!(%error, "orphans could not be taken care of together; taking each alone");
            }
            result => return result.map(drop),
        }
        for _ in 0..ORPHANS {
            let swept = match self.sweep_some(before, 1, true).await {
                // A hook that cannot work must not keep the orphans after it waiting for ever.
                Err(error) if !passes(&error) => {
                    tracing::error!(%error, "an orphan is taken care of without its hook");
                    self.sweep_some(before, 1, false).await?
                }
                result => result?,
            };
            if swept == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Takes care of so many orphans in one transaction, the oldest first; how many there were.
    async fn sweep_some(&self, before: Timestamp, limit: u32, hook: bool) -> Result<usize, Error> {
        let now = self.jobs.clock.now();
        let mut tx = self.jobs.db.begin().await?;
        let orphans = store::expired(&mut tx, before, limit).await?;
        let count = orphans.len();
        for (job, worker) in orphans {
            let held = Held { id: job.id, worker: &worker, attempt: job.attempt };
            let error = (ErrorKind::Lost, "the runner of this try died or could not reach the database");
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, "a job lost its runner");
            if job.cancel {
                self.give_up(&mut tx, &job, held, State::Cancelled, None, hook).await?;
            } else if job.attempt >= job.max_attempts {
                self.give_up(&mut tx, &job, held, State::Dead, Some(error), hook).await?;
            } else {
                store::put_back(&mut tx, &held, now, error).await?;
            }
        }
        tx.commit().await?;
        Ok(count)
    }

    /// Enqueues the job of a schedule when it is due.
    async fn follow(&self, schedule: &Schedule) -> Result<(), Error> {
        let now = self.jobs.clock.now();
        let known = store::next_at(&self.jobs.db, schedule.name).await?;
        if known.is_some_and(|at| at > now) {
            return Ok(());
        }
        let mut tx = self.jobs.db.begin().await?;
        let next = now.plus(schedule.every);
        let ours = match known {
            Some(at) => store::move_on(&mut tx, schedule.name, at, next).await?,
            None => store::begin_schedule(&mut tx, schedule.name, next).await?,
        };
        if ours {
            self.jobs.enqueue(&mut tx, (schedule.make)()).await?;
        }
        tx.commit().await
    }
}
