//! The SQL of this context, a file for each part of it.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod keys;
pub(crate) mod mail;
pub(crate) mod people;
pub(crate) mod sessions;
