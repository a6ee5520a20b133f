//! What hosts tell.

use base::{Secret, Timestamp};
use serde::{Deserialize, Deserializer};

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name in addresses.
    pub login: String,
    /// The name of the person, where they gave one.
    pub name: Option<String>,
    /// Where their picture is.
    pub avatar: Option<String>,
    /// What the token may do, in the host's words; `None` where the host does not say.
    pub scopes: Option<Vec<String>>,
}

/// Who may see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Everybody with an account on the host.
    Internal,
    /// Those who were let in.
    Private,
}

/// A repository as its host describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteRepo {
    /// Identifies it on its host, whatever it is called.
    pub id: String,
    /// Owner and name, as in addresses: `team/tool`, on GitLab perhaps with more folders.
    pub path: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// The language that most of it is written in, where the host says so.
    pub language: Option<String>,
    /// When somebody last pushed, or what comes nearest.
    pub pushed_at: Option<Timestamp>,
    /// Its size on the host, in KiB, where the host says so.
    pub size_kib: Option<u64>,
    /// The branch that is shown first; `None` for an empty repository.
    pub default_branch: Option<String>,
    /// Whether nobody works on it any more.
    pub archived: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The repositories.
    pub repos: Vec<RemoteRepo>,
    /// The next page; `None` at the end.
    pub next: Option<u32>,
}

/// A hook that is wanted.
#[derive(Debug, Clone)]
pub struct NewHook {
    /// Where the host shall send to.
    pub address: String,
    /// What it proves itself with.
    pub secret: Secret,
}

/// Reads an instant of RFC 3339; what is none is none.
pub(crate) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let instant = text.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    Ok(instant.map(|instant| Timestamp::from_micros(instant.as_microsecond())))
}

/// Text that is not empty.
pub(crate) fn some(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
