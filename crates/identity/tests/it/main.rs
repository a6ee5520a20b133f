//! People, on each engine.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the provider of a test ends with its runtime")]

mod accounts;
mod ends;
mod mail_server;
mod people;
mod pressure;
mod providers;
mod refresh;
mod scene;
mod second_factor;
mod sessions;
mod wycheproof;
