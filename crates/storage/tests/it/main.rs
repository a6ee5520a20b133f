//! What both engines promise.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod files;
mod grouped;
mod outcome;
mod recorder;
mod transactions;
mod values;
