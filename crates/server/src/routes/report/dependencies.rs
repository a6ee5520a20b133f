//! Packages in use, joined with what is known about them.

use std::collections::BTreeMap;

use analysis::report::{
    AdvisoryState, Dependency, Finding, PackageImport, PackageVersion, Report, Role, Scope,
};
use base::{Cursor, PageSize};

use super::Found;
use super::overview::{advisories_to_api, span_to_api};
use crate::problem::Problem;
use crate::routes::findings::severity_to_api;

/// Which packages are wanted.
pub(super) struct Filter {
    pub(super) ecosystem: Option<String>,
    pub(super) text: Option<String>,
    pub(super) direct: Option<bool>,
    pub(super) vulnerable: Option<bool>,
    /// As it is stated; [`UNKNOWN`] for packages whose licence is not known.
    pub(super) license: Option<String>,
}

/// The licence of packages that state none.
const UNKNOWN: &str = "unknown";

/// Licences to filter by.
const LICENSES: usize = 100;

/// The advisories that were found, by package version.
type Known<'a> = BTreeMap<PackageVersion<'a>, Vec<&'a Finding>>;

/// One page. A cursor belongs to one analysis: after a new one, the list starts again.
pub(super) fn page_to_api(
    found: &Found,
    filter: &Filter,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<api::Dependencies, Problem> {
    let report = &*found.report;
    let known = report.advisories_by_package();
    let wanted: Vec<&Dependency> =
        report.dependencies.iter().filter(|dependency| filter.takes(dependency, &known)).collect();
    let analysis = found.analysis.id.to_string();
    let start = after.map_or(Ok(0), |cursor| position(cursor, &analysis))?;
    let end = start.saturating_add(size.get()).min(wanted.len());
    let rows = wanted.get(start..end).unwrap_or_default();
    Ok(api::Dependencies {
        meta: found.meta(),
        items: rows.iter().map(|dependency| dependency_to_api(dependency, report, &known)).collect(),
        next: (end < wanted.len()).then(|| format!("{analysis}.{end}")),
        total: wanted.len() as u64,
        ecosystems: ecosystems(&report.dependencies),
        licenses: licenses(&report.dependencies),
        advisories: advisories_to_api(&report.advisories),
    })
}

fn position(cursor: &Cursor, analysis: &str) -> Result<usize, Problem> {
    let position =
        cursor.0.split_once('.').filter(|(of, _)| *of == analysis).and_then(|(_, at)| at.parse().ok());
    position.ok_or_else(|| {
        Problem::malformed("The list has changed since that cursor was given. Start again without it.")
    })
}

impl Filter {
    fn takes(&self, dependency: &Dependency, known: &Known<'_>) -> bool {
        let has_advisory =
            || dependency.package_version().is_some_and(|package| known.contains_key(&package));
        self.ecosystem.as_ref().is_none_or(|ecosystem| *ecosystem == dependency.ecosystem)
            && self
                .text
                .as_ref()
                .is_none_or(|text| dependency.name.to_lowercase().contains(&text.to_lowercase()))
            && self.direct.is_none_or(|direct| direct == dependency.direct)
            && self.vulnerable.is_none_or(|vulnerable| vulnerable == has_advisory())
            && self.license.as_ref().is_none_or(|license| license == stated(dependency))
    }
}

fn stated(dependency: &Dependency) -> &str {
    dependency.license.as_deref().unwrap_or(UNKNOWN)
}

fn licenses(dependencies: &[Dependency]) -> Vec<api::Facet> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for dependency in dependencies {
        *counts.entry(stated(dependency)).or_default() += 1;
    }
    let mut facets: Vec<api::Facet> =
        counts.into_iter().map(|(value, count)| api::Facet { value: value.to_owned(), count }).collect();
    facets.sort_by(|a, b| (b.count, &a.value).cmp(&(a.count, &b.value)));
    facets.truncate(LICENSES);
    facets
}

fn ecosystems(dependencies: &[Dependency]) -> Vec<api::Facet> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for dependency in dependencies {
        *counts.entry(&dependency.ecosystem).or_default() += 1;
    }
    counts.into_iter().map(|(value, count)| api::Facet { value: value.to_owned(), count }).collect()
}

fn dependency_to_api(dependency: &Dependency, report: &Report, known: &Known<'_>) -> api::Dependency {
    let covered = matches!(report.advisories.state, AdvisoryState::Checked { .. })
        && !report.advisories.uncovered.contains(&dependency.ecosystem);
    let advisories = dependency.package_version().filter(|_| covered).map(|package| {
        let mut hits: Vec<&Finding> = known.get(&package).cloned().unwrap_or_default();
        hits.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| advisory(a).cmp(advisory(b))));
        hits.into_iter().filter_map(hit_to_api).collect()
    });
    let import = report
        .imports
        .iter()
        .flatten()
        .find(|import| (&import.ecosystem, &import.name) == (&dependency.ecosystem, &dependency.name));
    let told = report.imports.is_some() && PackageImport::is_told(&dependency.ecosystem);
    api::Dependency {
        ecosystem: dependency.ecosystem.clone(),
        name: dependency.name.clone(),
        version: dependency.version.clone(),
        requirement: dependency.requirement.clone(),
        direct: dependency.direct,
        scope: match dependency.scope {
            Scope::Runtime => api::DependencyScope::Runtime,
            Scope::Optional => api::DependencyScope::Optional,
            Scope::Build => api::DependencyScope::Build,
            Scope::Dev => api::DependencyScope::Dev,
        },
        role: match dependency.role {
            Role::Project => api::PackageRole::Project,
            Role::Tool => api::PackageRole::Tool,
            Role::Docs => api::PackageRole::Docs,
            Role::Example => api::PackageRole::Example,
            Role::Test => api::PackageRole::Test,
        },
        evidence: dependency.evidence.iter().map(span_to_api).collect(),
        via: dependency.via.clone(),
        license: dependency.license.clone(),
        imported_by: told.then(|| import.map_or(0, |import| import.files)),
        imported_in: import.map(|import| import.places.clone()).unwrap_or_default(),
        advisories,
    }
}

fn advisory(finding: &Finding) -> &str {
    finding.package.as_ref().map_or("", |hit| hit.advisory.as_str())
}

fn hit_to_api(finding: &Finding) -> Option<api::AdvisoryHit> {
    let hit = finding.package.as_ref()?;
    Some(api::AdvisoryHit {
        id: hit.advisory.clone(),
        aliases: hit.aliases.clone(),
        severity: severity_to_api(finding.severity),
        message: finding.message.clone(),
        fixed: hit.fixed.clone(),
    })
}
