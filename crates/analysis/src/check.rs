//! Checks: what will prove that an insight is done, as data that any later report can be held against.

use serde::{Deserialize, Serialize};

/// A condition over a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum Check {
    /// No finding with any of these fingerprints is left.
    FindingsGone {
        /// The fingerprints.
        fingerprints: Vec<String>,
    },
    /// No version of the package in use is affected by these advisories. Needs advisory data.
    PackageClean {
        /// The ecosystem as OSV spells it.
        ecosystem: String,
        /// The package.
        name: String,
        /// The advisories that were found.
        advisories: Vec<String>,
    },
    /// The function is gone, or its cognitive complexity is at most this.
    FunctionAtMost {
        /// The file it was in.
        path: String,
        /// The function's name.
        function: String,
        /// The highest permitted value.
        cognitive: u32,
    },
    /// These files no longer import each other in a circle.
    CycleGone {
        /// Members of the cycle.
        paths: Vec<String>,
    },
    /// Some file matches one of these globs.
    AnyFileExists {
        /// Globs over paths.
        globs: Vec<String>,
    },
    /// At least this many of the files with functions have tests beside them, in percent.
    TestFilesAtLeast {
        /// Test files for each hundred source files.
        percent: u32,
    },
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the condition holds. `None`: it could not be checked.
    pub passed: Option<bool>,
    /// One sentence that says what was seen.
    pub detail: String,
}

impl Check {
    /// Holds the condition against a report.
    pub fn evaluate(&self, _report: &crate::report::Report) -> Outcome {
        Outcome { passed: None, detail: "This check is not evaluated yet.".to_owned() }
    }
}
