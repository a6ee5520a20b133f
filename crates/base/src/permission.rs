//! What somebody may do in a workspace: one closed list, with the least role for each.
//!
//! The list is the only place that says who may do what. Routes name the permission they need, answers say which of
//! them the reader has, and pages show the words that stand here.

use crate::Role;

/// Declares the permissions: the name on the wire, the least role, and what it allows in words that follow "may".
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident => $wire:literal, $role:ident, $words:literal;)*) => {
        /// Something that a person may do in a workspace, or may not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $wire)] $name,)*
        }

        impl Permission {
            /// All of them, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in storage and on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $wire,)*
                }
            }

            /// The least role that has it.
            pub fn role(self) -> Role {
                match self {
                    $(Self::$name => Role::$role,)*
                }
            }

            /// What it allows, in words that follow "may".
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

permissions! {
    /// See the workspace itself.
    WorkspaceRead => "ws.read", Viewer, "see the workspace, who is in it and what happens in it";
    /// See repositories.
    RepoRead => "repo.read", Viewer, "read repositories, their analyses, findings and insights";
    /// See tasks.
    TaskRead => "task.read", Viewer, "read tasks";
    /// See what was learned.
    MemoryRead => "memory.read", Viewer, "read and recall memories";
    /// See shared conversations.
    MentorRead => "mentor.read", Viewer, "read conversations with the mentor that are shared";
    /// Add and remove repositories.
    RepoConnect => "repo.connect", Member, "connect, set up and remove repositories";
    /// Run analyses.
    RepoAnalyze => "repo.analyze", Member, "start and cancel analyses";
    /// Decide about findings.
    FindingTriage => "finding.triage", Member, "decide about findings and insights";
    /// Work on tasks.
    TaskWrite => "task.write", Member, "create and change tasks";
    /// Save what was learned.
    MemoryWrite => "memory.write", Member, "save, change and forget memories";
    /// Ask the mentor.
    MentorAsk => "mentor.ask", Member, "ask the mentor and keep conversations with it";
    /// Have programs ask language models.
    ModelUse => "model.use", Member, "have programs ask the workspace's language models";
    /// Make tokens for programs.
    TokenOwn => "token.own", Member, "make API tokens of their own";
    /// Change who is in the workspace.
    MembersManage => "members.manage", Admin, "invite and remove people and change their roles";
    /// Connect code hosts.
    HostManage => "host.manage", Admin, "connect code hosts and change their tokens";
    /// Decide for everybody in the workspace.
    WorkspaceManage => "ws.manage", Admin, "rename the workspace and decide for all its pages";
    /// See what was done.
    AuditRead => "audit.read", Admin, "read what was done in the workspace, by whom and from where";
    /// End the workspace.
    WorkspaceDelete => "ws.delete", Owner, "delete the workspace with all it holds";
}

impl Permission {
    /// The permission with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == name)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u32);

impl Permissions {
    /// Those of a role.
    pub fn of(role: Role) -> Self {
        Permission::ALL.iter().copied().filter(|permission| role >= permission.role()).collect()
    }

    /// Whether that one is among them.
    pub fn allow(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Those that are in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Each, in the order they are shown.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.allow(*permission))
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(permission: Permission) -> u32 {
    1 << permission as u32
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |set, permission| set | bit(permission)))
    }
}

impl std::fmt::Debug for Permissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_survives_its_name_and_belongs_to_its_role_and_those_above() {
        for &permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(permission));
            for role in [Role::Viewer, Role::Member, Role::Admin, Role::Owner] {
                assert_eq!(
                    Permissions::of(role).allow(permission),
                    role >= permission.role(),
                    "{permission:?}"
                );
            }
        }
        assert_eq!(Permission::parse("instance.operate"), None);
    }

    #[test]
    fn a_narrower_set_never_adds() {
        let wanted: Permissions = [Permission::TaskWrite, Permission::AuditRead].into_iter().collect();
        let narrowed = wanted.and(Permissions::of(Role::Member));
        assert_eq!(narrowed.iter().collect::<Vec<_>>(), [Permission::TaskWrite]);
        assert!(wanted.and(Permissions::of(Role::Viewer)).is_empty());
    }
}
