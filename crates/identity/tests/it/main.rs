//! People, on each engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod ends;
mod people;
mod pressure;
mod providers;
mod refresh;
mod scene;
mod second_factor;
mod sessions;
mod wycheproof;
