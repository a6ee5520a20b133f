//! Signing in with an account of somebody else's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Session, SessionAs, Time};

/// A provider that people can sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthProvider {
    /// Its name in addresses. The page that browsers come back to is `/oauth/{id}/callback`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is, for its picture.
    pub kind: AuthProviderKind,
}

/// What a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthProviderKind {
    /// GitHub, or GitHub Enterprise Server.
    Github,
    /// Google.
    Google,
    /// Any other that speaks `OpenID` Connect.
    Oidc,
}

/// Beginning a sign-in with a provider.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginProvider {
    /// Link the account there to the one that is signed in here, instead of signing in.
    #[serde(default)]
    #[schema(required = false)]
    pub link: bool,
    /// The present password of whoever links and has one.
    #[serde(default)]
    #[schema(required = false, format = "password")]
    pub current: Option<String>,
}

/// Where the browser goes; with the cookie of this answer it can come back, once, within ten minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderAddress {
    /// The provider's page.
    pub address: String,
}

/// What came back to the page, from its query.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishProvider {
    /// `code`.
    pub code: String,
    /// `state`.
    pub state: String,
    /// `iss`, where there is one.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub iss: Option<String>,
    /// How a session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// It worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderFinished {
    /// The session; `null`: the accounts are linked, and whoever was signed in still is.
    pub session: Option<Session>,
}

/// An account of a provider that signs one in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkedAccount {
    /// The provider's name in addresses; one that the operator took away is still here, and can be unlinked.
    pub provider: String,
    /// What the account is called there.
    pub label: String,
    /// Since when it is linked.
    pub created_at: Time,
    /// When it last signed one in; `null`: never.
    pub used_at: Option<Time>,
}

/// Taking a link away.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlinkAccount {
    /// The present password, where there is one.
    #[serde(default)]
    #[schema(required = false, format = "password")]
    pub current: Option<String>,
}
