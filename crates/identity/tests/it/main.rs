//! People, on each engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod refresh;
mod scene;
mod sessions;
mod wycheproof;
