//! One's own account.

use base::id::{MailId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Person, Role, Time, Workspace};

/// The account of whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Who.
    pub user: Person,
    /// Where mail reaches them; `null` for somebody who only comes by link.
    pub email: Option<String>,
    /// When the password was set; `null` without one: this machine's link is the only way in.
    pub password_at: Option<Time>,
    /// Since when there is the account.
    pub created_at: Time,
    /// Counts changes; send it back with one.
    pub version: i64,
    /// What they may do with it.
    pub can: MeCan,
}

/// What somebody may do with their own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeCan {
    /// Give it an address and a password: the operator's, once.
    pub set_up: bool,
    /// Set or change the password; not without an address.
    pub change_password: bool,
    /// Delete it; not the operator.
    pub delete: bool,
}

/// A change of one's own account.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    /// The name to show.
    pub name: String,
    /// The version that was seen.
    pub version: i64,
}

/// A new password.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one, where there is one.
    #[serde(default)]
    #[schema(required = false, format = "password")]
    pub current: Option<String>,
    /// 12 to 128 characters that are hard to guess. Every other session ends.
    #[schema(format = "password")]
    pub password: String,
}

/// The end of one's own account.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMe {
    /// The present password, where there is one.
    #[serde(default)]
    #[schema(required = false, nullable = false, format = "password")]
    pub password: Option<String>,
}

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountSession {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// How the person signed in.
    pub means: SignInMeans,
    /// What the client calls itself.
    pub user_agent: String,
    /// The address it was last used from, where that is known.
    pub place: Option<String>,
    /// Since when.
    pub created_at: Time,
    /// Last used, to ten minutes.
    pub used_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
}

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignInMeans {
    /// With a one-time link.
    Link,
    /// With a password.
    Password,
    /// By showing that the address is theirs.
    SignUp,
    /// By setting a new password.
    Reset,
    /// By a code that was approved where they were signed in.
    Device,
    /// With an account of a provider.
    Provider,
}

/// Everything that is kept about a person as an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyData {
    /// When it was put together.
    pub exported_at: Time,
    /// The account.
    pub account: Me,
    /// The workspaces they are in.
    pub workspaces: Vec<MyWorkspace>,
    /// The sessions that live.
    pub sessions: Vec<AccountSession>,
    /// The newest 500 of their acts that were noted.
    pub acts: Vec<MyAct>,
}

/// A workspace of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyWorkspace {
    /// Which.
    pub workspace: Workspace,
    /// Their role in it.
    pub role: Role,
}

/// An act of somebody that was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyAct {
    /// When.
    pub at: Time,
    /// What, such as `session.started`.
    pub action: String,
    /// To what, where it was to something.
    pub object: Option<String>,
    /// Whether it was allowed.
    pub done: bool,
    /// The address it came from, where that is known.
    pub place: Option<String>,
    /// What the client called itself.
    pub user_agent: String,
}

/// A message that was not handed to a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldMail {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: MailId,
    /// For whom.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Why the mail server did not take it; `null` where there is none.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Time,
}

/// The messages that were not handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outbox {
    /// Whether a mail server is configured.
    pub sends_mail: bool,
    /// The newest 200, the newest first.
    pub mails: Vec<HeldMail>,
}
