//! Findings.

use analysis::report::{Confidence, FindingKind, RuleInfo, Severity};
use axum::extract::State;
use repos::Repos;
use repos::model::{self, FindingFilter, FindingPage, FindingState};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Path, Query, Reader};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::page;
use crate::routes::report::newest;
use crate::routes::repos::{RepoPath, repos_problem};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(findings))
}

/// Which findings to give; lists are separated by commas.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FindingsQuery {
    /// Only these severities.
    severity: Option<String>,
    /// Only these kinds.
    kind: Option<String>,
    /// Only these rules.
    rule: Option<String>,
    /// Only this file, or files below this folder.
    path: Option<String>,
    /// Only with this in the message, the path or the rule.
    q: Option<String>,
    /// `open` (the default), `gone` or `all`.
    state: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most: 1 to 500, by default 50.
    limit: Option<u16>,
}

/// What should be looked at, most severe first; what is only in tests, examples and fixtures comes after the rest.
#[utoipa::path(
    get,
    path = "/repos/{repo}/findings",
    tag = "report",
    params(FindingsQuery),
    responses((status = 200, description = "Findings", body = api::Findings))
)]
async fn findings(
    State(repos): State<Repos>,
    reader: Reader,
    Path(path): Path<RepoPath>,
    Query(query): Query<FindingsQuery>,
) -> Result<Reply<api::Findings>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    let (after, size) = page(query.cursor.clone(), query.limit);
    let filter = filter_from(query)?;
    let page = repos.findings(reader.actor(), found.repo.id, &filter, after.as_ref(), size).await;
    Ok(Reply(page_to_api(page.map_err(repos_problem)?, found.meta(), &found.report.rules)))
}

fn filter_from(query: FindingsQuery) -> Result<FindingFilter, Problem> {
    Ok(FindingFilter {
        severities: list("severity", query.severity.as_deref(), severity_from)?,
        kinds: list("kind", query.kind.as_deref(), kind_from)?,
        rules: list("rule", query.rule.as_deref(), |rule| Some(rule.to_owned()))?,
        path: query.path,
        text: query.q,
        state: match query.state.as_deref() {
            None | Some("open") => Some(FindingState::Open),
            Some("gone") => Some(FindingState::Gone),
            Some("all") => None,
            Some(other) => return Err(unknown("state", other)),
        },
    })
}

fn list<T>(name: &str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Problem> {
    let words = text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| parse(word).ok_or_else(|| unknown(name, word))).collect()
}

fn unknown(name: &str, value: &str) -> Problem {
    let value: String = value.chars().take(50).collect();
    Problem::malformed("A filter has a value that does not exist.")
        .with_error(name, format_args!("there is no `{value}`"))
}

fn page_to_api(page: FindingPage, meta: api::Meta, rules: &BTreeMap<String, RuleInfo>) -> api::Findings {
    let used =
        page.page.items.iter().filter_map(|finding| Some((finding.rule.clone(), rules.get(&finding.rule)?)));
    let facet = |value: &str, count: u64| api::Facet { value: value.to_owned(), count };
    let facets = [
        (
            "severity",
            page.severities.iter().map(|(severity, count)| facet(severity.as_str(), *count)).collect(),
        ),
        ("kind", page.kinds.iter().map(|(kind, count)| facet(kind_name(*kind), *count)).collect()),
        ("rule", page.rules.iter().map(|(rule, count)| facet(rule, *count)).collect()),
    ];
    api::Findings {
        meta,
        facets: facets
            .into_iter()
            .map(|(name, values): (&str, Vec<api::Facet>)| (name.to_owned(), values))
            .collect(),
        rules: used.map(|(id, rule)| (id, rule_to_api(rule))).collect(),
        next: page.page.next.as_ref().map(|cursor| cursor.0.clone()),
        total: page.page.total,
        items: page.page.items.into_iter().map(finding_to_api).collect(),
    }
}

fn finding_to_api(finding: model::Finding) -> api::Finding {
    let detail = finding.detail;
    api::Finding {
        id: finding.id,
        rule: finding.rule,
        kind: kind_to_api(finding.kind),
        severity: severity_to_api(finding.severity),
        confidence: detail.as_ref().map(|detail| confidence_to_api(detail.confidence)),
        message: finding.message,
        span: detail.as_ref().map_or_else(
            || api::Span { path: finding.path.clone(), start: finding.line, end: finding.line },
            |detail| super::report::span_to_api(&detail.span),
        ),
        symbol: detail.as_ref().and_then(|detail| detail.symbol.clone()),
        in_test: finding.in_test,
        package: detail.and_then(|detail| detail.package).map(|hit| api::PackageHit {
            ecosystem: hit.ecosystem,
            name: hit.name,
            version: hit.version,
            advisory: hit.advisory,
            aliases: hit.aliases,
            fixed: hit.fixed,
            via: hit.via,
        }),
        state: match finding.state {
            FindingState::Open => api::FindingState::Open,
            FindingState::Gone => api::FindingState::Gone,
        },
        first_seen_at: finding.first_seen_at.into(),
        last_seen_at: finding.last_seen_at.into(),
    }
}

pub(super) fn rule_to_api(rule: &RuleInfo) -> api::RuleInfo {
    api::RuleInfo {
        title: rule.title.clone(),
        why: rule.why.clone(),
        fix: rule.fix.clone(),
        cwe: rule.cwe.clone(),
        links: rule.links.clone(),
    }
}

pub(super) fn severity_to_api(severity: Severity) -> api::Severity {
    match severity {
        Severity::Info => api::Severity::Info,
        Severity::Low => api::Severity::Low,
        Severity::Medium => api::Severity::Medium,
        Severity::High => api::Severity::High,
        Severity::Critical => api::Severity::Critical,
    }
}

fn severity_from(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.as_str() == name)
}

pub(super) fn kind_to_api(kind: FindingKind) -> api::FindingKind {
    match kind {
        FindingKind::Advisory => api::FindingKind::Advisory,
        FindingKind::Secret => api::FindingKind::Secret,
        FindingKind::Security => api::FindingKind::Security,
        FindingKind::Smell => api::FindingKind::Smell,
    }
}

fn kind_name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Advisory => "advisory",
        FindingKind::Secret => "secret",
        FindingKind::Security => "security",
        FindingKind::Smell => "smell",
    }
}

fn kind_from(name: &str) -> Option<FindingKind> {
    let all = [FindingKind::Advisory, FindingKind::Secret, FindingKind::Security, FindingKind::Smell];
    all.into_iter().find(|kind| kind_name(*kind) == name)
}

fn confidence_to_api(confidence: Confidence) -> api::Confidence {
    match confidence {
        Confidence::Low => api::Confidence::Low,
        Confidence::Medium => api::Confidence::Medium,
        Confidence::High => api::Confidence::High,
    }
}
