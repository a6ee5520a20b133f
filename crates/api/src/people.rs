//! People in workspaces: roles, members, invitations, requests, and what was done.

use base::id::{AccessRequestId, AuditId, InviteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Person, Role, Time, Workspace};

/// Declares the permissions of a workspace as they are named on the wire. A word is taken as a token and not as a
/// `literal`: what makes the schema would not see through that.
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident => $wire:tt,)*) => {
        /// Something that somebody may do in a workspace, or may not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $wire)] $name,)*
        }
    };
}

permissions! {
    /// See the workspace, who is in it and what happens in it.
    WorkspaceRead => "ws.read",
    /// Read repositories, their analyses, findings and insights.
    RepoRead => "repo.read",
    /// Read tasks.
    TaskRead => "task.read",
    /// Read and recall memories.
    MemoryRead => "memory.read",
    /// Read conversations with the mentor that are shared.
    MentorRead => "mentor.read",
    /// Connect, set up and remove repositories.
    RepoConnect => "repo.connect",
    /// Start and cancel analyses.
    RepoAnalyze => "repo.analyze",
    /// Decide about findings and insights.
    FindingTriage => "finding.triage",
    /// Create and change tasks.
    TaskWrite => "task.write",
    /// Save, change and forget memories.
    MemoryWrite => "memory.write",
    /// Ask the mentor and keep conversations with it.
    MentorAsk => "mentor.ask",
    /// Have programs ask the workspace's language models.
    ModelUse => "model.use",
    /// Make API tokens of their own.
    TokenOwn => "token.own",
    /// Invite and remove people and change their roles.
    MembersManage => "members.manage",
    /// Connect code hosts and change their tokens.
    HostManage => "host.manage",
    /// Rename the workspace and decide for all its pages.
    WorkspaceManage => "ws.manage",
    /// Read what was done in the workspace, by whom and from where.
    AuditRead => "audit.read",
    /// Delete the workspace with all it holds.
    WorkspaceDelete => "ws.delete",
}

/// A permission in words, and who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PermissionInfo {
    /// Which.
    pub permission: Permission,
    /// What it allows, in words that follow "may".
    pub words: String,
    /// The roles that have it, the lowest first.
    pub roles: Vec<Role>,
}

/// A workspace that the signed-in person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnWorkspace {
    /// Which.
    pub workspace: Workspace,
    /// Their role in it.
    pub role: Role,
}

/// A new workspace.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkspace {
    /// The name to show, 1 to 100 characters on one line. The name in addresses is made of it.
    pub name: String,
}

/// A workspace as its own page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceDetails {
    /// Which.
    pub workspace: Workspace,
    /// The reader's role in it.
    pub role: Role,
    /// What the reader may do in it.
    pub permissions: Vec<Permission>,
    /// What it holds, and what deleting it removes.
    pub holds: WorkspaceHolds,
    /// Since when there is it.
    pub created_at: Time,
    /// Counts changes; send it back with one.
    pub version: i64,
}

/// What a workspace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceHolds {
    /// People in it.
    pub members: u64,
    /// Connected repositories, with their analyses.
    pub repos: u64,
    /// Tasks.
    pub tasks: u64,
}

/// Another name for a workspace.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameWorkspace {
    /// The name to show. The name in addresses stays.
    pub name: String,
    /// The version that was seen.
    pub version: i64,
}

/// The end of a workspace.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteWorkspace {
    /// Its name, repeated as it is.
    pub name: String,
}

/// Somebody in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// Their role.
    pub role: Role,
    /// Whether it is the reader.
    pub own: bool,
    /// Since when they are in it.
    pub since: Time,
    /// What the reader may do about them.
    pub can: MemberCan,
}

/// What somebody may do about a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberCan {
    /// The roles that they may be given; empty: none.
    pub roles: Vec<Role>,
    /// Take them out of the workspace or, where it is the reader, leave it.
    pub remove: bool,
}

/// Another role.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// The role.
    pub role: Role,
}

/// An invitation that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invite {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: InviteId,
    /// To whom.
    pub email: String,
    /// The role that comes with it.
    pub role: Role,
    /// Who invited.
    pub invited_by: String,
    /// When it was sent, the last time.
    pub created_at: Time,
    /// Until when it can be accepted.
    pub expires_at: Time,
    /// Whether that is over: it can be sent again.
    pub expired: bool,
}

/// Somebody to invite.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendInvite {
    /// Their address.
    #[schema(format = "email")]
    pub email: String,
    /// The role they get; not above one's own.
    pub role: Role,
}

/// An invitation that was just sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InviteSent {
    /// The invitation.
    pub invite: Invite,
    /// The address to pass on, where this server sends no mail; it is not shown again. Otherwise `null`: it was mailed.
    pub link: Option<String>,
}

/// The link of an invitation.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteLink {
    /// What stands behind `#`.
    pub token: String,
}

/// What an invitation leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// To which workspace.
    pub workspace: Workspace,
    /// The role that comes with it.
    pub role: Role,
    /// Who invited.
    pub invited_by: String,
    /// The address it was sent to. An account that is made with the invitation has this one.
    pub email: String,
    /// Until when it can be accepted.
    pub expires_at: Time,
}

/// A request for more than a role permits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessRequest {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: AccessRequestId,
    /// Who asks.
    pub person: Person,
    /// For what.
    pub permission: Permission,
    /// The same in words that follow "may".
    pub words: String,
    /// The role that granting it gives.
    pub role: Role,
    /// What they add; may be empty.
    pub note: String,
    /// Since when.
    pub created_at: Time,
}

/// Something to ask for.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestAccess {
    /// For what.
    pub permission: Permission,
    /// A word to those who can grant it, up to 500 characters.
    #[serde(default)]
    #[schema(required = false)]
    pub note: String,
}

/// The answer to a request.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// Whether the person gets the role.
    pub granted: bool,
}

/// An act that was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// Who, where that was known and they still have an account.
    pub actor: Option<Person>,
    /// What, such as `member.role_changed`.
    pub action: String,
    /// To what: an id or a name.
    pub object: Option<String>,
    /// Whether it was done; otherwise it was refused.
    pub done: bool,
    /// The address it came from, where that was known.
    pub place: Option<String>,
    /// What the client called itself.
    pub user_agent: String,
    /// One more word; may be empty.
    pub detail: String,
}
