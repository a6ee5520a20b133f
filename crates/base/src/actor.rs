//! Who does something, and in which workspace.

use crate::id::{UserId, WorkspaceId};
use crate::permission::{Permission, Permissions};

/// What a person may do in a workspace. Ordered: each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything shared with the workspace.
    Viewer,
    /// Connects repositories, runs analyses and works on tasks.
    Member,
    /// Manages people, providers and settings.
    Admin,
    /// Owns the workspace: may hand it over or delete it.
    Owner,
}

impl Role {
    /// The name used in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role with that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.as_str() == name)
    }
}

/// A person acting inside a workspace: the proof that membership was checked.
///
/// Every finder takes the workspace from here, so a query without a tenant cannot be written by accident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Who acts.
    pub user: UserId,
    /// The tenant whose data is touched.
    pub workspace: WorkspaceId,
    /// The role they have there.
    pub role: Role,
    /// What they may do there: what the role permits, or less where a token acts for them.
    pub granted: Permissions,
}

impl Actor {
    /// Somebody with everything that the role permits.
    pub fn new(user: UserId, workspace: WorkspaceId, role: Role) -> Self {
        Self { user, workspace, role, granted: Permissions::of(role) }
    }

    /// The same with no more than these permissions.
    #[must_use]
    pub fn narrowed(self, to: Permissions) -> Self {
        Self { granted: self.granted.and(to), ..self }
    }

    /// Whether they may do that.
    pub fn may(&self, permission: Permission) -> bool {
        self.granted.allow(permission)
    }
}
