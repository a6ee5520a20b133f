//! The words every other crate speaks: ids, time, paging, the acting person and secrets.
//!
//! This crate deliberately knows no storage engine, no async runtime and no transport; it performs no I/O
//! beyond reading the operating system's clock and random source, each behind a value that tests replace.
//!
//! Reading order: [`id`] (typed identifiers and where they come from), [`time`] (instants and the clock),
//! [`actor`] (who does something, in which workspace), [`permission`] (what they may do there), [`page`] (cursors),
//! [`secret`].

pub mod actor;
pub mod id;
pub mod page;
pub mod permission;
pub mod secret;
pub mod time;

pub use actor::{Actor, Role};
pub use id::{Ids, ParseIdError};
pub use page::{Cursor, Page, PageSize};
pub use permission::{Permission, Permissions};
pub use secret::Secret;
pub use time::{Clock, Timestamp};
