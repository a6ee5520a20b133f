//! Known vulnerabilities: OSV records held against the packages in use.
//!
//! Where the records come from (a mirror on disk or an online service) is not known here: the caller looks up what
//! [`packages`] names and hands the records to [`check`].
//!
//! Reading order: [`osv`] (the records), [`affects`](fn@affects) (does a record cover a version), [`severity`],
//! `imports` (what a Go file imports), `aside` (what the program is not made of), [`check`](fn@check) (findings).

mod affects;
mod aside;
mod check;
mod imports;
mod osv;
mod severity;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{AdvisoryCheck, AdvisoryState, Dependency, Finding, RuleInfo};

pub use affects::{affects, normal_name};
pub use check::check;
pub use imports::go_imports;
pub use osv::{OsvAffected, OsvEvent, OsvPackage, OsvRange, OsvRecord, OsvReference, OsvSeverity};

/// A package to look up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageKey {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// The name as the manifest spells it; that of `PyPI` in its normal form. Databases with an index of their own
    /// look it up by [`normal_name`]; the service at osv.dev compares letter by letter, and has `Newtonsoft.Json`.
    pub name: String,
}

/// What the look-up gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryAnswer {
    /// Whether and from where.
    pub state: AdvisoryState,
    /// Ecosystems the data has records for.
    pub covered: Vec<String>,
    /// Every record that names one of the packages; others do no harm.
    pub records: Vec<OsvRecord>,
}

/// What holding the records against the packages gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryResult {
    /// What was and was not compared.
    pub check: AdvisoryCheck,
    /// One for each package version and vulnerability, in the order of a report.
    pub findings: Vec<Finding>,
    /// The rules of `findings`, by id.
    pub rules: BTreeMap<String, RuleInfo>,
}

/// The packages to look up, by ecosystem and name: those with a known version.
pub fn packages(dependencies: &[Dependency]) -> Vec<PackageKey> {
    let mut keys: Vec<PackageKey> = dependencies
        .iter()
        .filter(|dependency| dependency.version.is_some())
        .map(|dependency| PackageKey {
            ecosystem: dependency.ecosystem.clone(),
            name: match dependency.ecosystem.as_str() {
                "PyPI" => normal_name("PyPI", &dependency.name).into_owned(),
                _ => dependency.name.clone(),
            },
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}
