//! What handlers ask for: bodies, parameters and proofs of permission, each with a problem for an answer when it is
//! not there.
//!
//! Reading order: [`Json`], [`Query`], [`Path`] (axum's, with problems as rejections), then [`acting`] (who acts,
//! and with which permission) and [`client`] (from where).

mod acting;
mod body;
mod client;

pub(crate) use acting::{CurrentSession, CurrentToken, Operator, Permitted, SignedIn, may, refuse};
pub(crate) use body::{Json, Path, Query, Upload, nul_in, too_large};
pub(crate) use client::Caller;
