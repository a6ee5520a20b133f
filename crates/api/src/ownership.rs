//! How work is spread over people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// How the changes of one folder are spread over people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ownership {
    /// The folder, without those below it; empty for the root.
    pub folder: String,
    /// Lines of code in it.
    pub code: u32,
    /// Commits that changed it.
    pub commits: u32,
    /// Of them, how many say that they fix something.
    pub fixes: u32,
    /// People who changed it.
    pub people: u32,
    /// Share of the changes by the person with the most, in percent.
    pub main_share: u32,
    /// Smallest number of people who together made more than half of the changes.
    pub absence_factor: u32,
    /// The newest commit that changed it.
    pub last_change: Time,
    /// The largest shares, the largest first; at most five.
    pub shares: Vec<OwnershipShare>,
}

/// What one person changed of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnershipShare {
    /// Position of the person among the `people` of the answer.
    pub person: u32,
    /// Share of the changes, in percent; a change counts half after 180 days.
    pub percent: u32,
    /// Their newest commit that changed it.
    pub last_change: Time,
}

/// Somebody by the name that their commits state, after the mailmap. Not an account of this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contributor {
    /// The name; text of the repository.
    pub name: String,
    /// Commits in the window that count.
    pub commits: u32,
    /// Share of all changes to source files in the window, tests left out, in percent.
    pub percent: u32,
}
