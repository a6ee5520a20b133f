//! Who is signed in, and what they may do.

use base::id::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// Exchange of a one-time link for a session.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemLink {
    /// The token of the link: what stands behind `#`.
    pub token: String,
    /// How the session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// How a new session is handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionAs {
    /// As cookies that scripts cannot read. For browsers.
    #[default]
    Cookie,
    /// As texts in the answer: an access token for `Authorization: Bearer`, and a refresh token. For programs.
    Token,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Who.
    pub user: Person,
    /// The workspace they act in.
    pub workspace: Workspace,
    /// Their role there.
    pub role: Role,
    /// What they may do there.
    pub can: SessionCan,
    /// When the session ends by itself.
    pub expires_at: Time,
    /// The access token, once, when it was asked for: `Authorization: Bearer`, for ten minutes. Otherwise `null`.
    pub token: Option<String>,
    /// When that runs out, where it was just made or the cookie was; otherwise `null`.
    pub access_expires_at: Option<Time>,
    /// What `auth/refresh` takes for the next one, once, when it was asked for. Otherwise `null`.
    pub refresh_token: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Identifies them.
    #[schema(value_type = String, format = "uuid")]
    pub id: UserId,
    /// Short unique name.
    pub handle: String,
    /// The name to show.
    pub name: String,
    /// Where their picture is; `null` for somebody without one. Another picture has another address.
    pub avatar: Option<String>,
}

/// A workspace: the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: WorkspaceId,
    /// Its name in addresses: `/api/v1/w/{slug}`.
    pub slug: String,
    /// The name to show.
    pub name: String,
}

/// Roles of a workspace; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Connects repositories, runs analyses, works on tasks.
    Member,
    /// Manages people, providers and settings.
    Admin,
    /// Owns the workspace.
    Owner,
}

/// What the signed-in person may do in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent permissions, read one by one")]
pub struct SessionCan {
    /// Connect and remove repositories.
    pub connect_repo: bool,
    /// Start and cancel analyses.
    pub analyze: bool,
    /// Check, dismiss and plan insights.
    pub triage: bool,
    /// Create and change tasks.
    pub write_tasks: bool,
    /// Decide how known vulnerabilities are looked up, and import a mirror.
    pub manage_advisories: bool,
    /// Look into the server's own folders to pick a repository.
    pub browse_local_paths: bool,
    /// Invite and remove people and change their roles.
    pub manage_members: bool,
    /// Rename the workspace.
    pub manage_workspace: bool,
    /// Delete the workspace.
    pub delete_workspace: bool,
    /// Make API tokens for the workspace.
    pub create_tokens: bool,
    /// Read the audit log of the workspace.
    pub read_audit: bool,
    /// Run the server: see its outbox, jobs and caches.
    pub operate: bool,
}
