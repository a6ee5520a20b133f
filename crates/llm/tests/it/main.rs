//! The gateway over scripted providers, and the adapters over real connections.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod gateway;
mod http;
mod secrets;
