//! The server as clients see it, in process, over a real database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test that cannot go on ends the test"
)]

mod access;
mod auth;
mod beside;
mod explain;
mod harness;
mod hosts;
mod idempotency;
mod live;
mod memories;
mod reads;
mod refusals;
mod reports;
mod repositories;
mod sample;
mod settings;
mod surface;
mod triage;
