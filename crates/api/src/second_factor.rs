//! A second factor: codes of an app beside the password.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SessionAs, Time};

/// The first factor was right; a code is needed before there is a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeNeeded {
    /// What the code belongs to; it goes to `POST /auth/second-factor`.
    pub ticket: String,
    /// When it no longer works.
    pub expires_at: Time,
}

/// The code that was needed.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStep {
    /// The ticket of the first step.
    pub ticket: String,
    /// The six digits that the app shows, or a recovery code.
    pub code: String,
    /// Ask for no code in this browser for thirty days. Only for browsers: the answer sets a cookie.
    #[serde(default)]
    #[schema(required = false)]
    pub trust_browser: bool,
    /// How the session is handed over.
    #[serde(default)]
    #[schema(required = false)]
    pub hand_over: SessionAs,
}

/// How one's second factor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Since when codes are asked for; `null`: they are not.
    pub since: Option<Time>,
    /// Recovery codes that are left, of ten.
    pub recovery_left: u32,
    /// Browsers that ask for no code.
    pub trusted_browsers: u32,
}

/// Asking for a key. Nothing changes until a code of it is given back.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferSecondFactor {
    /// The present password, where there is one.
    #[serde(default)]
    #[schema(required = false, format = "password")]
    pub current: Option<String>,
}

/// What an app needs to make codes; shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorOffer {
    /// The key, to be typed.
    pub key: String,
    /// The same as an address that apps on this device open.
    pub address: String,
    /// The same as a picture that apps on another device read: an SVG document, dark on light in every theme.
    pub picture: String,
}

/// A code of the key that was offered: from then on, codes are asked for.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// The six digits that the app shows.
    pub code: String,
}

/// Codes for the day the app is lost, each good once; shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
}

/// Password and code together, for changes of the second factor itself.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProveSecondFactor {
    /// The present password, where there is one.
    #[serde(default)]
    #[schema(required = false, format = "password")]
    pub current: Option<String>,
    /// The six digits that the app shows, or a recovery code.
    pub code: String,
}
