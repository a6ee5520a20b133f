//! The numbers of a report that are told in more than one place: while it is made, in summaries, above lists. Each
//! has one meaning and is computed here alone, so that what the progress said is what the page then shows.

use std::collections::BTreeMap;

use super::{AdvisoryCheck, AdvisoryState, Dependency, Finding, LanguageShare, Report, Severity};

/// Languages that stand for the whole in a short text.
const MAIN_LANGUAGES: usize = 3;

/// A package version in use: ecosystem, name, version.
pub type PackageVersion<'a> = (&'a str, &'a str, &'a str);

impl Dependency {
    /// What identifies it among the package versions in use; `None` where its version is not known.
    pub fn package_version(&self) -> Option<PackageVersion<'_>> {
        Some((&self.ecosystem, &self.name, self.version.as_deref()?))
    }
}

impl Report {
    /// Findings of that severity.
    pub fn findings_of(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Rows of `dependencies` that a manifest of the repository asks for.
    pub fn direct_dependencies(&self) -> usize {
        direct(&self.dependencies)
    }

    /// Rows of `dependencies` with a known vulnerability; `None` when that could not be looked up.
    pub fn vulnerable_dependencies(&self) -> Option<usize> {
        vulnerable(&self.dependencies, &self.findings, &self.advisories)
    }

    /// The advisories that were found, by the package version they are about.
    pub fn advisories_by_package(&self) -> BTreeMap<PackageVersion<'_>, Vec<&Finding>> {
        by_package(&self.findings)
    }

    /// The largest languages with their share, at most three: `Rust 81.3 %`.
    pub fn main_languages(&self) -> Vec<String> {
        main_languages(&self.languages)
    }
}

pub(crate) fn direct(dependencies: &[Dependency]) -> usize {
    dependencies.iter().filter(|dependency| dependency.direct).count()
}

pub(crate) fn vulnerable(
    dependencies: &[Dependency],
    findings: &[Finding],
    check: &AdvisoryCheck,
) -> Option<usize> {
    if !matches!(check.state, AdvisoryState::Checked { .. }) {
        return None;
    }
    let known = by_package(findings);
    let affected = dependencies.iter().filter_map(Dependency::package_version);
    Some(affected.filter(|package| known.contains_key(package)).count())
}

pub(crate) fn main_languages(shares: &[LanguageShare]) -> Vec<String> {
    let text = |share: &LanguageShare| format!("{} {}", share.name, share.percent_text());
    shares.iter().take(MAIN_LANGUAGES).map(text).collect()
}

fn by_package(findings: &[Finding]) -> BTreeMap<PackageVersion<'_>, Vec<&Finding>> {
    let mut known: BTreeMap<PackageVersion<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(hit) = &finding.package {
            known.entry((&hit.ecosystem, &hit.name, &hit.version)).or_default().push(finding);
        }
    }
    known
}
