//! The languages that are known, as data.

use serde::{Deserialize, Serialize};

/// What kind of language it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageKind {
    /// Describes behaviour.
    Programming,
    /// Describes a document.
    Markup,
    /// Describes values.
    Data,
    /// Written for people.
    Prose,
}

impl LanguageKind {
    /// Whether its files count for the shares of languages.
    pub fn counts(self) -> bool {
        matches!(self, Self::Programming | Self::Markup)
    }
}

/// One language.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    pub(crate) name: String,
    pub(crate) kind: LanguageKind,
}
