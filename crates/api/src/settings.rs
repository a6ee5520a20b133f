//! What a workspace decided for all its pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the workspace decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettings {
    /// Whether people have the names that their commits state where a page tells who changed what; else letters.
    pub name_people: bool,
    /// What the caller may do with it.
    pub can: WorkspaceSettingsCan,
}

/// What the caller may do with the settings of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettingsCan {
    /// Change them.
    pub change: bool,
}

/// What to decide.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWorkspaceSettings {
    /// Whether people are named.
    pub name_people: bool,
}
