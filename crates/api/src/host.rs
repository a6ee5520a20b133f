//! Code hosts: connected accounts, and the repositories that they offer.

use base::id::HostId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, RepoRef, Time};

/// An account on a code host. Its token is never given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Host {
    /// Identifies the connection.
    #[schema(value_type = String, format = "uuid")]
    pub id: HostId,
    /// What kind of host.
    pub kind: HostKind,
    /// The host's start page.
    pub address: String,
    /// The account's name in addresses.
    pub login: String,
    /// The name of its person.
    pub name: Option<String>,
    /// What the token may do, in the host's words; `null` where the host does not say.
    pub scopes: Option<Vec<String>>,
    /// How it did when it was last used.
    pub state: HostState,
    /// More about that, in words.
    pub detail: Option<String>,
    /// When the state was noted.
    pub checked_at: Time,
    /// When it was connected.
    pub created_at: Time,
    /// The repositories that came through it, by path.
    pub repositories: Vec<HostRepository>,
    /// Whether the host can tell this server of pushes: it has to be reachable from there (`server.public_url`).
    pub hooks: bool,
    /// What the caller may do with it.
    pub can: HostCan,
}

/// What the caller may do with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HostCan {
    /// Give it another token, or disconnect it.
    pub manage: bool,
    /// Take repositories over.
    pub import: bool,
}

/// Kinds of code hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostKind {
    /// github.com, or GitHub Enterprise Server.
    Github,
    /// gitlab.com, or an instance of one's own.
    Gitlab,
    /// Gitea or Forgejo.
    Gitea,
}

/// How a connection did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HostState {
    /// The host answered.
    Working,
    /// The host does not accept the token: it was revoked or has expired.
    TokenRefused,
    /// The host accepts the token, but not for what was asked.
    Forbidden,
    /// The host did not answer.
    Unreachable,
}

/// A connected repository and what it is on its host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HostRepository {
    /// The repository here.
    pub repo: RepoRef,
    /// Its path there.
    pub path: String,
    /// What became of it there.
    pub state: HostRepositoryState,
    /// Since when.
    pub state_at: Time,
    /// Whether the host tells of pushes.
    pub hook: bool,
    /// Why it does not, where it was asked to.
    pub hook_detail: Option<String>,
}

/// What became of a repository on its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HostRepositoryState {
    /// It is there.
    There,
    /// It has another path now, which is the one that is shown.
    Renamed,
    /// It was deleted.
    Gone,
    /// It was made private, or the token no longer reaches it.
    Hidden,
}

/// An account to connect.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectHost {
    /// What kind of host.
    pub kind: HostKind,
    /// Its start page, for one that is not github.com or gitlab.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A token of the account. It is stored sealed and never shown again.
    #[schema(max_length = 1000)]
    pub token: String,
}

/// Another token for a connection.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconnectHost {
    /// A token of the same account.
    #[schema(max_length = 1000)]
    pub token: String,
}

/// A repository that a host offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedRepository {
    /// Its path on the host: `team/tool`.
    pub path: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// Who may see it.
    pub visibility: RepositoryVisibility,
    /// The language that most of it is written in, where the host says so.
    pub language: Option<String>,
    /// When somebody last pushed, or what comes nearest.
    pub pushed_at: Option<Time>,
    /// Its size on the host in bytes, where the host says so.
    pub bytes: Option<u64>,
    /// The branch that is shown first; `null`: it is empty.
    pub default_branch: Option<String>,
    /// Whether nobody works on it any more.
    pub archived: bool,
    /// The connected repository that it is already.
    pub connected: Option<RepoRef>,
}

/// Who may see a repository on its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RepositoryVisibility {
    /// Everybody.
    Public,
    /// Everybody with an account on the host.
    Internal,
    /// Those who were let in.
    Private,
}

/// Some of the repositories that a host offers, those with the newest push first. How many there are in all, hosts do not
/// say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedRepositories {
    /// Freshness.
    pub meta: Meta,
    /// The repositories; on one page there may be none that match, while the next has some.
    pub items: Vec<OfferedRepository>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
}

/// Repositories to take over from a host.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRepositories {
    /// The repositories, 1 to 200.
    #[schema(min_items = 1, max_items = 200)]
    pub repositories: Vec<ImportRepository>,
}

/// A repository to take over.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRepository {
    /// Its path on the host: `team/tool`.
    pub path: String,
    /// The branch to analyse; left out: its default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// What was taken over, in the order in which it was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedRepositories {
    /// The repositories.
    pub items: Vec<ImportedRepository>,
}

/// A repository that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedRepository {
    /// Its path on the host.
    pub path: String,
    /// The connected repository.
    pub repo: RepoRef,
    /// `false`: it was connected before.
    pub fresh: bool,
}
