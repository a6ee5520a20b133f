//! The product from the outside: each test drives the whole application over HTTP, on every engine that is there.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed")]

mod accounts;
mod analysis;
mod isolation;
mod search;
mod tasks;
