//! Calls to other machines.
//!
//! Everything that this program asks of somebody else passes through here, so that each such call has a vetted
//! address, a limit on its time and on the size of its answer, retries that cannot become a storm, and a breaker that
//! leaves a dependency in peace while it rests. [`Guard`] does that for any operation (a mail server, Redis);
//! [`Client`] is HTTP on top of it, and the only HTTP client there is. What a dependency does now is one look away:
//! [`Outbound::states`].
//!
//! It deliberately does not know what is asked, of whom, or what is done without an answer.
//!
//! Reading order: [`Outbound`] and [`Dependency`] (who is called), [`Guard`] (how a call is protected), inside it
//! `breaker`, `budget` and `retry` (pure, the time handed in), [`Client`] (HTTP), [`address`] (which machines).

pub mod address;
mod breaker;
mod budget;
mod client;
mod dependency;
mod error;
mod guard;
mod resolver;
mod retry;

pub use address::Allowed;
pub use breaker::BreakerPolicy;
pub use budget::BudgetPolicy;
pub use client::{Answer, Client, Limits, Request, Streaming};
pub use dependency::{Dependency, Options, Outbound};
pub use error::Error;
pub use guard::{Condition, DependencyState, Failed, Guard, Protection, Verdict, Wait};
pub use retry::RetryPolicy;
