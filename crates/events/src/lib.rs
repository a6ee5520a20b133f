//! What happened, told to everyone who watches.
//!
//! A change and its event are one transaction: [`Events::emit`] adds a row to the outbox beside the change, with
//! the next offset of its channel. The [`Hub`] carries committed events to the subscribers of this process at
//! once, and finds those of other processes in the outbox. A subscriber that was away names the last [`Position`]
//! it saw and gets everything since in order, or is told that it cannot have it.
//!
//! This crate deliberately does not know what travels to a browser and how (the server does), nor what other
//! contexts do about an event.
//!
//! Reading order: [`Event`] and [`Tick`] (what is said), [`Channel`] and [`Position`] (where), [`Events`] (saying
//! it), [`Hub`] and [`Subscription`] (hearing it); inside, `outbox` holds the SQL and `relay` the hub's task.

mod channel;
mod event;
mod hub;
mod outbox;
mod relay;
mod subscription;
mod tick;

pub use channel::{Channel, Epoch, ParseChannelError, Position};
pub use event::{Closed, Event, MemoryFacts, SeverityCounts, TaskFacts};
pub use hub::{Hub, HubOptions};
pub use outbox::{Events, Retention};
pub use subscription::{Delivery, Ended, Envelope, Subscription};
pub use tick::Tick;
