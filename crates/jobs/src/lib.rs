//! Durable background work in one table.
//!
//! A job is enqueued in the transaction that makes it necessary, so it exists if and only if the change does. A
//! [`Runner`] claims jobs under a lease that it keeps renewing; when its process dies, the lease runs out and
//! another runner tries again. Tries are counted when a job is claimed, so that one that kills its process ends as
//! a dead letter and not in a loop. A handler that calls [`JobContext::complete`] inside the transaction of its
//! effect has that effect exactly once.
//!
//! This crate deliberately does not know what any job does, nor who may see it.
//!
//! Reading order: [`NewJob`] and [`Job`], [`Jobs`] (asking for work), [`Handlers`], [`JobContext`] and [`JobError`]
//! (doing it), [`Runner`] (having it done), [`Queue`] and
//! [`Wanted`] (what an operator sees); inside, `store` holds the SQL.

mod backoff;
mod error;
mod handler;
mod job;
mod operate;
mod queue;
mod runner;
mod store;

pub use error::{JobError, Outcome};
pub use handler::{Handlers, JobContext, Stopped};
pub use job::{ErrorKind, Job, NewJob, ParseStateError, State};
pub use operate::{Alike, Queue, Schedule, Wanted, Which};
pub use queue::{CancelOutcome, Counts, Enqueued, Jobs};
pub use runner::{Runner, RunnerOptions};
