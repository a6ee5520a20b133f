//! The numbers of a report that are told in more than one place: while it is made, in summaries, above lists. Each
//! has one meaning and is computed here alone, so that what the progress said is what the page then shows.

use std::collections::BTreeMap;

use super::{AdvisoryCheck, AdvisoryState, Dependency, Finding, LanguageShare, Report, Scope, Severity};

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

    /// Packages that manifests of the project itself ask for, each once whatever its versions; those that only its
    /// examples and tests ask for are none of them.
    pub fn direct_dependencies(&self) -> usize {
        direct(&self.dependencies)
    }

    /// The packages of each ecosystem.
    pub fn packages(&self) -> BTreeMap<&str, PackageCounts> {
        packages(&self.dependencies)
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

/// How many packages of an ecosystem are in use, each once whatever its versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PackageCounts {
    /// Those that manifests of the project itself ask for.
    pub direct: u64,
    /// Of them, those that are needed only to build, test or develop it.
    pub development: u64,
    /// Those that came through others.
    pub indirect: u64,
    /// Of both, those of which no version is known.
    pub unpinned: u64,
    /// Those that only examples and tests ask for; in none of the other numbers.
    pub apart: u64,
}

pub(crate) fn direct(dependencies: &[Dependency]) -> usize {
    packages(dependencies).values().map(|of| usize::try_from(of.direct).unwrap_or(usize::MAX)).sum()
}

fn packages(dependencies: &[Dependency]) -> BTreeMap<&str, PackageCounts> {
    let mut by_name: BTreeMap<(&str, &str), Vec<&Dependency>> = BTreeMap::new();
    for dependency in dependencies {
        by_name.entry((&dependency.ecosystem, &dependency.name)).or_default().push(dependency);
    }
    let mut counts: BTreeMap<&str, PackageCounts> = BTreeMap::new();
    for ((ecosystem, _), versions) in by_name {
        let of = counts.entry(ecosystem).or_default();
        let own = || versions.iter().filter(|one| !one.role.is_apart());
        let mut asked = own().filter(|one| one.direct).peekable();
        if own().next().is_none() {
            of.apart += 1;
            continue;
        }
        if asked.peek().is_some() {
            of.direct += 1;
            of.development += u64::from(asked.all(|one| matches!(one.scope, Scope::Dev | Scope::Build)));
        } else {
            of.indirect += 1;
        }
        of.unpinned += u64::from(own().all(|one| one.version.is_none()));
    }
    counts
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Role;

    #[test]
    fn a_package_counts_once_and_that_of_an_example_apart() {
        let row = |name: &str, version: Option<&str>, direct, scope, role| Dependency {
            ecosystem: "PyPI".into(),
            name: name.into(),
            version: version.map(str::to_owned),
            requirement: None,
            direct,
            scope,
            evidence: Vec::new(),
            via: Vec::new(),
            license: None,
            role,
        };
        let rows = [
            row("celery", None, true, Scope::Dev, Role::Example),
            row("celery", Some("5.2.7"), true, Scope::Dev, Role::Example),
            row("pytest", None, true, Scope::Dev, Role::Example),
            row("pytest", Some("9.0.2"), true, Scope::Dev, Role::Project),
            row("sphinx", Some("8.1.3"), true, Scope::Dev, Role::Docs),
            row("sphinx", Some("8.2.3"), true, Scope::Dev, Role::Docs),
            row("click", None, true, Scope::Runtime, Role::Project),
            row("colorama", Some("1.0"), false, Scope::Runtime, Role::Project),
        ];
        let expected = PackageCounts { direct: 3, development: 2, indirect: 1, unpinned: 1, apart: 1 };
        assert_eq!(packages(&rows), BTreeMap::from([("PyPI", expected)]));
        assert_eq!(direct(&rows), 3);
    }
}
