//! What handlers ask for: bodies, parameters and proofs of permission, each with a problem for an answer when it is
//! not there.
//!
//! Reading order: [`Json`], [`Query`], [`Path`] (axum's, with problems as rejections), then [`acting`] (who acts,
//! and with which role at least) and [`client`] (from where).

mod acting;
mod body;
mod client;

pub(crate) use acting::{Admin, CurrentSession, Member, Operator, Reader, SignedIn};
pub(crate) use body::{Json, Path, Query, nul_in, too_large};
pub(crate) use client::Caller;
