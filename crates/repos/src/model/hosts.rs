//! Connected code hosts, and what repositories are there.

use base::Timestamp;
use base::id::{HostId, RepoId, UserId};
use hosts::{Endpoint, RemoteRepo};

use super::Repo;

/// Declares a closed set of words that is stored as text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub(crate) fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// How a connection did when it was last used.
    HostState {
        /// The host answered.
        Working => "working",
        /// It does not accept the token.
        TokenRefused => "token_refused",
        /// It accepts the token, but not for what was asked.
        Forbidden => "forbidden",
        /// It did not answer.
        Unreachable => "unreachable",
    }
}

words! {
    /// What a repository is on its host, as far as that is known.
    RemoteState {
        /// It is there.
        There => "there",
        /// It has another path now.
        Renamed => "renamed",
        /// It was deleted.
        Gone => "gone",
        /// Only those who were let in see it, or the token no longer reaches it.
        Hidden => "hidden",
    }
}

/// An account on a code host, connected with a token. The token is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Identifies it.
    pub id: HostId,
    /// Which host.
    pub endpoint: Endpoint,
    /// The account.
    pub login: String,
    /// The name of its person.
    pub name: Option<String>,
    /// Where its picture is.
    pub avatar: Option<String>,
    /// What the token may do, in the host's words; `None` where the host does not say.
    pub scopes: Option<Vec<String>>,
    /// How it did when it was last used.
    pub state: HostState,
    /// More about that, in words.
    pub detail: Option<String>,
    /// When that was.
    pub checked_at: Timestamp,
    /// When it was connected.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// Counts changes.
    pub version: i64,
}

/// A connected host with the repositories that came through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOverview {
    /// The host.
    pub host: Host,
    /// Its repositories, by path.
    pub repos: Vec<LinkedRepo>,
}

/// A connected repository and what it is on its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedRepo {
    /// The repository.
    pub repo: Repo,
    /// What it is there.
    pub remote: Remote,
}

/// What a connected repository is on its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The repository.
    pub repo: RepoId,
    /// The host.
    pub host: HostId,
    /// Its path there.
    pub path: String,
    /// What identifies it there, once that was asked.
    pub remote_id: Option<String>,
    /// Its default branch there, once that was asked.
    pub default_branch: Option<String>,
    /// The hook that tells of pushes, where there is one.
    pub hook: Option<String>,
    /// Why there is none, where one was wanted.
    pub hook_detail: Option<String>,
    /// What became of it.
    pub state: RemoteState,
    /// Since when.
    pub state_at: Timestamp,
}

/// A repository that a host offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// As the host describes it.
    pub repo: RemoteRepo,
    /// The connected repository that it is already.
    pub connected: Option<Repo>,
}

/// Some of the repositories that a host offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPage {
    /// The repositories, those with the newest push first.
    pub items: Vec<Offered>,
    /// The host's page that comes next; `None` at the end.
    pub next: Option<u32>,
}
