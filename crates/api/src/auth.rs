//! Getting in: what the pages before the session exchange with the server.
//!
//! Whether an address has an account never shows in an answer: a failure has the same bytes for each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountSession, AuthProvider, Session, SessionAs};

/// How people get into this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthMethods {
    /// Who may ask for an account.
    pub sign_up: SignUpMode,
    /// Whether the server sends mail; otherwise its operator has what it would say.
    pub sends_mail: bool,
    /// The fewest characters of a password.
    pub password_min: u32,
    /// The most characters of a password.
    pub password_max: u32,
    /// Whose accounts sign people in besides, in the order in which they are to be offered.
    pub providers: Vec<AuthProvider>,
}

/// Who may ask for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUpMode {
    /// Nobody, until whoever runs the server opens it.
    Closed,
    /// Everybody.
    Open,
}

/// Asking for an account.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The name to show.
    pub name: String,
    /// Where mail reaches the person.
    pub email: String,
    /// 12 to 128 characters that are hard to guess; no kind of character is asked for.
    #[schema(format = "password")]
    pub password: String,
    /// The token of an invitation to this address, with which sign-up is open where it is closed to others.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub invite: Option<String>,
}

/// The same for every address: if it can be used, a message is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignUpAsked {
    /// What the code of the message belongs to. Good for ten minutes.
    pub ticket: String,
    /// Whether the server sends mail; otherwise its operator can pass on the message.
    pub sends_mail: bool,
}

/// Showing that an address is one's own: either `ticket` and `code`, or `link` and `password`.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// The ticket of the sign-up.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub ticket: Option<String>,
    /// The six digits of the message.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub code: Option<String>,
    /// What stands behind `#` in the address of the message.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub link: Option<String>,
    /// The password that was chosen at sign-up: whoever only reads the message makes no account.
    #[serde(default)]
    #[schema(required = false, nullable = false, format = "password")]
    pub password: Option<String>,
    /// How the session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// The account is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmailVerified {
    /// The session, after ticket and code; `null` after a link: whoever follows it signs in with the password.
    pub session: Option<Session>,
}

/// Signing in with a password.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address of the account.
    pub email: String,
    /// Its password.
    #[schema(format = "password")]
    pub password: String,
    /// How the session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// Getting the next pair of tokens. Browsers send nothing in it: their cookie says enough.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshSession {
    /// The refresh token, for programs.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub refresh_token: Option<String>,
}

/// Signing out.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// Which sessions end.
    pub which: SignOutWhich,
}

/// Which sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignOutWhich {
    /// This one.
    This,
    /// All others of the same person.
    Others,
    /// All of them.
    All,
}

/// What was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedOut {
    /// How many sessions.
    pub ended: u32,
}

/// Asking for a message with which a new password can be set.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    /// The address of the account.
    pub email: String,
}

/// The same for every address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordForgotten {
    /// Whether the server sends mail; otherwise its operator can pass on the message.
    pub sends_mail: bool,
}

/// The link of a message with which a new password can be set.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckReset {
    /// What stands behind `#` in its address.
    pub token: String,
}

/// What setting a new password does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetPreview {
    /// The sessions that end, the last used first.
    pub sessions: Vec<AccountSession>,
}

/// Setting a new password with the link of a message.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// What stands behind `#` in its address.
    pub token: String,
    /// 12 to 128 characters that are hard to guess.
    #[schema(format = "password")]
    pub password: String,
    /// How the session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// Whether somebody has to set this server up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    /// Its operator has no address and no password yet: the printed link is the only way in.
    pub needed: bool,
    /// Only this machine reaches the server, so that address and password may stay empty.
    pub password_optional: bool,
}

/// The operator's account. Whoever is not signed in sends the code of the printed link too.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// What stands behind `#` in the printed link.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub code: Option<String>,
    /// The name to show.
    pub name: String,
    /// Where mail reaches the operator.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub email: Option<String>,
    /// 12 to 128 characters that are hard to guess.
    #[serde(default)]
    #[schema(required = false, nullable = false, format = "password")]
    pub password: Option<String>,
    /// How the session is handed over, where the code makes one.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}
