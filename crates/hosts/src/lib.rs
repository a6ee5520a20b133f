//! Code hosts: GitHub, GitLab and Gitea (with Forgejo), in one language.
//!
//! What is asked of each is the same: who a token belongs to, which repositories it reaches, and to be told of pushes.
//! [`CodeHost`] says that; one file for each host knows its paths, its fields and how it signs what it sends.
//!
//! It deliberately knows no database and no workspace, and starts no git: a token comes in as an argument, and which
//! repository is whose is decided above.
//!
//! Reading order: [`Kind`] and [`Endpoint`] (which host), [`model`] (what hosts tell), [`CodeHost`] (what they are asked),
//! [`hook`] (what they send by themselves); inside, `github`, `gitlab` and `gitea`.

mod access;
mod endpoint;
mod error;
mod gitea;
mod github;
mod gitlab;
pub mod hook;
pub mod model;

use std::sync::Arc;

use base::Secret;
use futures_util::future::BoxFuture;
use outbound::Outbound;

pub use endpoint::{Endpoint, EndpointError, Kind};
pub use error::HostError;
pub use model::{Account, Listing, NewHook, RemoteRepo, Visibility};

/// A code host, spoken to with one token.
pub trait CodeHost: Send + Sync {
    /// Whose token it is.
    fn account(&self) -> BoxFuture<'_, Result<Account, HostError>>;

    /// A page of the repositories that the token reaches, those with the newest push first; pages are counted from 1.
    fn list(&self, page: u32) -> BoxFuture<'_, Result<Listing, HostError>>;

    /// One repository, by its path on the host: `team/tool`.
    fn repo<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<RemoteRepo, HostError>>;

    /// Asks to be told of pushes and of what becomes of the repository; the hook's id on the host.
    fn create_hook<'a>(
        &'a self,
        path: &'a str,
        hook: &'a NewHook,
    ) -> BoxFuture<'a, Result<String, HostError>>;

    /// Takes such a hook away. One that is gone already is no error.
    fn delete_hook<'a>(&'a self, path: &'a str, hook: &'a str) -> BoxFuture<'a, Result<(), HostError>>;
}

/// Whether a host is one that people connected, or one that somebody typed a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is kept, and has a circuit breaker of its own.
    Kept,
    /// It may be anything: it is asked once, and what comes of that shuts nobody else out and lives on under no name.
    New,
}

/// The way to a host with a token.
pub fn open(
    outbound: &Outbound,
    endpoint: &Endpoint,
    token: Secret,
    standing: Standing,
) -> Arc<dyn CodeHost> {
    let access = access::Access::new(outbound, endpoint, token, standing);
    match endpoint.kind() {
        Kind::GitHub => Arc::new(github::GitHub(access)),
        Kind::GitLab => Arc::new(gitlab::GitLab(access)),
        Kind::Gitea => Arc::new(gitea::Gitea(access)),
    }
}
