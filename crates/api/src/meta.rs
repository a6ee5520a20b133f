//! What surrounds every read: how fresh it is, and where the list goes on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// How fresh and how complete an answer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Meta {
    /// When the data was true: now for live data, the end of the analysis for what an analysis found.
    pub as_of: Time,
    /// Where it was taken from.
    pub source: Freshness,
    /// The commit it describes, where it describes one.
    pub commit: Option<String>,
    /// Analyser and rule version. Figures compare only where it is equal.
    pub analyzer: Option<String>,
    /// What is missing from the answer, one sentence each; empty when it is complete.
    pub partial: Vec<String>,
}

impl Meta {
    /// Data read at this moment, complete.
    pub fn live(now: impl Into<Time>) -> Self {
        Self { as_of: now.into(), source: Freshness::Live, commit: None, analyzer: None, partial: Vec::new() }
    }
}

/// Where an answer was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Read for this answer.
    Live,
    /// The stored result of earlier work; `as_of` says of when.
    Cache,
}

/// One thing, with its freshness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer<T> {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The thing.
    pub data: T,
}

/// Some rows of a list, with their freshness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listing<T> {
    /// How fresh and complete it is.
    pub meta: Meta,
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Pass it as `cursor` to read on; `null` at the end.
    pub next: Option<String>,
    /// How many rows the whole list has.
    pub total: u64,
}
