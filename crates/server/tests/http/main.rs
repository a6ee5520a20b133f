//! The server as clients see it, in process, over a real database.

mod access;
mod harness;
mod idempotency;
mod live;
mod reads;
mod refusals;
mod reports;
mod repositories;
mod surface;
