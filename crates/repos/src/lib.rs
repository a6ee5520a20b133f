//! Connected repositories: reading them safely, analysing them, and keeping what was found.
//!
//! Untrusted input ends here. A repository is copied only from vetted addresses ([`source`], [`net`], [`fetch`]),
//! read by object id without running anything it contains ([`git`]), and analysed in a limited child process
//! ([`child`]); what is found is kept with a history of its own.
//!
//! This crate deliberately knows no HTTP server, no terminal, no language model and no tasks.
//!
//! Reading order: [`source`], [`git`], [`child`].

pub mod child;
pub mod failure;
pub mod git;
pub mod limits;
pub mod net;
pub mod source;

pub use failure::{Failure, FailureCode};
pub use limits::Limits;
pub use source::Source;
