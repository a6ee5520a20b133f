//! Programs that act for a person: API tokens, and sign-in by a code.

use base::id::TokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Permission, Time, Workspace};

/// A token for programs, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiToken {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: TokenId,
    /// What its person calls it.
    pub name: String,
    /// Where it acts.
    pub workspace: Workspace,
    /// What it may do there, as far as its person may.
    pub scopes: Vec<Permission>,
    /// What its text begins with.
    pub hint: String,
    /// Since when.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// Whether that is over.
    pub expired: bool,
    /// Last used, to ten minutes; `null`: never.
    pub used_at: Option<Time>,
    /// The address it was last used from, where that was known.
    pub used_from: Option<String>,
}

/// A token to make.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// A name to tell it by.
    pub name: String,
    /// The workspace it acts in: its name in addresses.
    pub workspace: String,
    /// What it may do; no more than its person.
    pub scopes: Vec<Permission>,
    /// Days that it works, 1 to 365.
    #[serde(default = "ninety")]
    #[schema(required = false, default = 90, minimum = 1, maximum = 365)]
    pub days: u16,
}

fn ninety() -> u16 {
    90
}

/// A token that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenCreated {
    /// The token.
    pub token: ApiToken,
    /// Its text, for `Authorization: Bearer`. It is not shown again.
    pub secret: String,
}

/// A program that wants to be signed in.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginDevice {
    /// What the person is told that it is, such as "devmentor on laptop".
    pub client: String,
}

/// What such a program shows, and asks with (RFC 8628, 3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceCode {
    /// With what it asks.
    pub device_code: String,
    /// What it shows.
    #[schema(example = "BCDF-GHJK")]
    pub user_code: String,
    /// Where the person types it.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: String,
    /// Seconds until the code runs out.
    pub expires_in: u32,
    /// Seconds to wait between two questions.
    pub interval: u32,
}

/// A question whether the code was approved.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PollDevice {
    /// The `device_code`.
    pub device_code: String,
}

/// A code that somebody typed.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckDevice {
    /// The code, in small or large letters, with or without the hyphen.
    pub user_code: String,
}

/// The program that shows the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceRequest {
    /// What it says that it is.
    pub client: String,
    /// The address it asked from, where that was known.
    pub place: Option<String>,
    /// What it calls itself to servers.
    pub user_agent: String,
    /// What it will be able to do, in words.
    pub scopes: Vec<String>,
    /// When it asked.
    pub created_at: Time,
    /// Until when it can be approved.
    pub expires_at: Time,
}

/// The answer to it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDevice {
    /// The code.
    pub user_code: String,
    /// Whether the program is signed in as whoever answers.
    pub allow: bool,
}
