//! What to do first: at most five things, each with its proof, its effort and a check that closes it.
//!
//! Only what the report itself proves becomes an insight, with at least two things a reader can follow. Fewer than
//! five is an answer. Everything is found by counting and comparing; no text comes from anywhere else.
//!
//! A part of the grade that lost a point or more has its insight wherever something can be done about it.
//!
//! Reading order: [`Draft`] (what is known), `security`, `code`, `spread`, `support` and `project` (who proposes what), `rank` (value for
//! effort, and why five of one kind are not shown).

mod code;
mod drift;
mod order;
mod past;
mod project;
mod rank;
mod reach;
mod security;
mod spread;
mod support;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use order::in_order;

use crate::report::{
    AdvisoryCheck, Coverage, Dependency, Duplication, FileSummary, Finding, Graph, History, Hotspot, Insight,
    LanguageShare, Manifest, PastSecrets, Quality, RuleInfo, Technology,
};

/// Insights of a report, at most.
pub const MAX_INSIGHTS: usize = 5;

/// A report whose insights are still to be found.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// When the analysed commit was made, in seconds since the epoch: what was over by then is over.
    pub time: i64,
    /// What was read.
    pub coverage: &'a Coverage,
    /// Languages by bytes.
    pub languages: &'a [LanguageShare],
    /// Frameworks, tools and services.
    pub stack: &'a [Technology],
    /// Manifests and lockfiles.
    pub manifests: &'a [Manifest],
    /// Packages in use.
    pub dependencies: &'a [Dependency],
    /// What shipped code imports, as it is written, and the names of the packages that this takes along.
    pub imported: &'a BTreeSet<&'a str>,
    /// Whether vulnerabilities could be looked up.
    pub advisories: &'a AdvisoryCheck,
    /// All findings.
    pub findings: &'a [Finding],
    /// The rules that gave them.
    pub rules: &'a BTreeMap<String, RuleInfo>,
    /// Source files, by path.
    pub files: &'a [FileSummary],
    /// Imports.
    pub graph: &'a Graph,
    /// The history.
    pub history: &'a History,
    /// Hotspots.
    pub hotspots: &'a [Hotspot],
    /// Code that stands in several places.
    pub duplication: &'a Duplication,
    /// Credentials of the history, where it was searched for them.
    pub past_secrets: Option<&'a PastSecrets>,
    /// The grade.
    pub quality: &'a Quality,
}

/// The insights, best value for effort first; at most [`MAX_INSIGHTS`].
pub fn find(draft: &Draft<'_>) -> Vec<Insight> {
    let mut proposals = Vec::new();
    security::vulnerable_packages(draft, &mut proposals);
    security::unmaintained_packages(draft, &mut proposals);
    security::secrets(draft, &mut proposals);
    past::secrets(draft, &mut proposals);
    support::end_of_life(draft, &mut proposals);
    drift::behind_siblings(draft, &mut proposals);
    security::insecure_code(draft, &mut proposals);
    code::hard_functions(draft, &mut proposals);
    code::often_fixed(draft, &mut proposals);
    code::cycles(draft, &mut proposals);
    spread::duplicates(draft, &mut proposals);
    spread::hidden_coupling(draft, &mut proposals);
    spread::knowledge(draft, &mut proposals);
    project::untested_file(draft, &mut proposals);
    project::no_lockfile(draft, &mut proposals);
    project::no_ci(draft, &mut proposals);
    code::next_hardest(draft, &mut proposals);
    rank::best(proposals, draft.quality)
}
