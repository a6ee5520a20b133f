//! The server as clients see it, in process, over a real database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test that cannot go on ends the test"
)]

mod access;
mod audit;
mod auth;
mod avatar;
mod beside;
mod chat;
mod contention;
mod explain;
mod gateway;
mod harness;
mod hosts;
mod idempotency;
mod limits;
mod live;
mod memories;
mod models;
mod nested;
mod operation;
mod permissions;
mod providers;
mod reads;
mod refusals;
mod reports;
mod repositories;
mod sample;
mod second_factor;
mod settings;
mod surface;
mod triage;
