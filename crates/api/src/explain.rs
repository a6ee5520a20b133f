//! How a figure of a page comes about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Origin;

/// What stands behind one figure of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explain {
    /// Which figure.
    pub figure: String,
    /// Of what, where there are several: a path, a folder, the name of a language.
    pub of: Option<String>,
    /// The figure itself, as text; `null` when it was not measured.
    pub value: Option<String>,
    /// How it comes about, in one or two sentences.
    pub formula: String,
    /// What it is made from.
    pub inputs: Vec<ExplainInput>,
    /// Which time it is about; `null` where it is about the analysed commit alone.
    pub window: Option<String>,
    /// What is missing from it, one sentence each.
    pub missing: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// One thing that a figure is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainInput {
    /// What it is.
    pub name: String,
    /// How much of it, as text.
    pub value: String,
}
