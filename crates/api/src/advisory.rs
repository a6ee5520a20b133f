//! How known vulnerabilities are looked up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// Where the knowledge about vulnerabilities comes from, and how old it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdvisoryStatus {
    /// What was decided.
    pub mode: AdvisoryMode,
    /// The imported data, by ecosystem; empty when nothing was imported.
    pub ecosystems: Vec<AdvisoryEcosystem>,
    /// Counts edits of the mode; 0 before the first decision.
    pub version: i64,
    /// What the caller may do.
    pub can: AdvisoryStatusCan,
}

/// How known vulnerabilities are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdvisoryMode {
    /// Nobody decided yet: not looked up.
    Undecided,
    /// By asking the OSV service: the names and versions of packages leave this server.
    Online,
    /// In the imported mirror: nothing leaves this server.
    Mirror,
    /// Not at all.
    None,
}

/// Imported data of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdvisoryEcosystem {
    /// The ecosystem.
    pub ecosystem: String,
    /// How many records.
    pub records: u64,
    /// Time of the newest record.
    pub as_of: Option<Time>,
    /// When it was imported.
    pub imported_at: Time,
}

/// What the caller may do about advisories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdvisoryStatusCan {
    /// Decide how to look up.
    pub set_mode: bool,
    /// Import a mirror from a folder of the server's machine.
    pub import: bool,
}

/// A decision how to look up known vulnerabilities.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAdvisoryMode {
    /// The decision.
    pub mode: AdvisoryMode,
}

/// A mirror to import.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportAdvisories {
    /// A folder on the server's machine in OSV's export layout: `ECOSYSTEM/all.zip`.
    pub path: String,
}
