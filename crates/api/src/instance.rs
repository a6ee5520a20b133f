//! This server: what a client needs to know before anything else.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What this server is and what it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerInfo {
    /// Version of the program.
    pub version: String,
    /// Version of the analyser and its rules.
    pub analyzer: String,
    /// Who can reach it.
    pub listens_on: WhatItListensOn,
    /// Whether the caller is signed in.
    pub signed_in: bool,
    /// Whether nothing was connected yet: the wizard is the place to go. `null` when not signed in.
    pub first_use: Option<bool>,
    /// Whether folders of the server's machine can be analysed.
    pub local_paths: LocalPaths,
}

/// Who can reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhatItListensOn {
    /// Only programs on the same machine: it listens on loopback and no proxy stands in front.
    Loopback,
    /// Other machines too, or whoever reaches the proxy in front.
    Network,
}

/// Whether and where folders of the server's machine can be analysed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalPaths {
    /// Whether any is allowed.
    pub allowed: bool,
    /// Why not; `null` when allowed.
    pub reason: Option<String>,
    /// The folders under which repositories may lie; empty when not signed in.
    pub roots: Vec<String>,
}
