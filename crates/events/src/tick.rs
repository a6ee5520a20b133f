//! What is told but not kept.

use base::id::{AnalysisId, RepoId};
use serde::{Deserialize, Serialize};

/// A passing message. It has no position, is never stored, and a subscriber that is away or slow misses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Tick {
    /// How far an analysis is. The producer sends at most ten a second for each analysis.
    #[serde(rename = "analysis.progressed")]
    AnalysisProgressed {
        /// The analysis.
        analysis: AnalysisId,
        /// The phase's name.
        phase: String,
        /// How far the whole analysis is, 0 to 100.
        percent: u8,
        /// How much of the phase is done, in `unit`.
        done: u64,
        /// How much there is, where that is known.
        total: Option<u64>,
        /// What is counted: "files", "commits".
        unit: String,
        /// What was found out since the last tick, in short sentences.
        facts: Vec<String>,
    },
    /// A repository that somebody looks at has moved on, or may have: its references are no longer what they were.
    #[serde(rename = "repo.moved")]
    RepoMoved {
        /// Which.
        repo: RepoId,
    },
}
