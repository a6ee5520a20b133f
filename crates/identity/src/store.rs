//! The SQL of this context, a file for each part of it.

pub(crate) mod accounts;
pub(crate) mod api_tokens;
pub(crate) mod audit;
pub(crate) mod avatars;
pub(crate) mod devices;
pub(crate) mod factors;
pub(crate) mod invites;
pub(crate) mod keys;
pub(crate) mod mail;
pub(crate) mod members;
pub(crate) mod people;
pub(crate) mod providers;
pub(crate) mod requests;
pub(crate) mod sessions;
pub(crate) mod workspaces;
