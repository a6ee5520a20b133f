//! How far an analysis is, as people see it.

use serde::{Deserialize, Serialize};

/// The phases of an analysis as people see them, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The repository is copied or opened.
    Fetch,
    /// Files are read: languages, lines and syntax.
    Languages,
    /// Imports and dependencies are joined.
    Structure,
    /// Code rules and smells are collected.
    Patterns,
    /// Known vulnerabilities are looked up.
    Security,
    /// The history is read and the grade computed.
    Quality,
    /// What to do first is decided.
    Insights,
    /// The result is saved.
    Save,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 8] = [
        Self::Fetch,
        Self::Languages,
        Self::Structure,
        Self::Patterns,
        Self::Security,
        Self::Quality,
        Self::Insights,
        Self::Save,
    ];

    /// How far the whole analysis is when this phase has finished.
    pub fn percent(self) -> u8 {
        match self {
            Self::Fetch => 10,
            Self::Languages => 20,
            Self::Structure => 40,
            Self::Patterns => 50,
            Self::Security => 60,
            Self::Quality => 80,
            Self::Insights => 90,
            Self::Save => 100,
        }
    }

    /// The name used everywhere outside this program.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Languages => "languages",
            Self::Structure => "structure",
            Self::Patterns => "patterns",
            Self::Security => "security",
            Self::Quality => "quality",
            Self::Insights => "insights",
            Self::Save => "save",
        }
    }
}

/// How far a phase is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The phase.
    pub phase: Phase,
    /// Whether this is its end.
    pub finished: bool,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// What is counted: `files`, `commits`, `packages`.
    pub unit: String,
    /// What has become known: "Rust 81 %", "212 dependencies".
    pub facts: Vec<String>,
}

impl Progress {
    /// The end of a phase.
    pub fn finished(phase: Phase, done: u64, unit: &str, facts: Vec<String>) -> Self {
        Self { phase, finished: true, done, total: Some(done), unit: unit.to_owned(), facts }
    }
}
