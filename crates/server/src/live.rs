//! Events as they happen: one connection for each client, over a WebSocket or as server-sent events.
//!
//! Reading order: [`feed`] (one client's place in the event log, whatever carries it), [`frame`] (what is sent, encoded
//! around the event's own text), [`socket`] and [`sse`] (the two carriers).

mod connections;
mod feed;
mod frame;
pub(crate) mod socket;
pub(crate) mod sse;

pub(crate) use connections::{Connection, Connections};
