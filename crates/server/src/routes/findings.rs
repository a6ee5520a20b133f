//! Findings.

use std::collections::HashMap;

use analysis::report::{Confidence, FindingKind, RuleInfo, Severity};
use axum::extract::State;
use base::id::FindingId;
use base::{Actor, Clock, Permission, Timestamp};
use repos::Repos;
use repos::model::{
    self, Baseline, FindingAge, FindingFacet, FindingFilter, FindingPage, FindingStand, FindingState,
    FindingTally, RuleVerdicts,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::analyses::severities_to_api;
use crate::routes::page;
use crate::routes::report::{Found, newest};
use crate::routes::repos::{RepoPath, repos_problem};
use crate::routes::suppressions::suppression_to_api;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(findings)).routes(routes!(judge_finding))
}

/// Which findings to give; lists are separated by commas.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FindingsQuery {
    /// Only these severities.
    severity: Option<String>,
    /// Only these kinds.
    kind: Option<String>,
    /// Only these rules.
    rule: Option<String>,
    /// `shipped` for code that is shipped, `tests` for tests, examples and fixtures; both without it.
    code: Option<String>,
    /// Only below these folders of the root; `.` for files of the root itself. A comma in a name is `%2C`, a percent
    /// sign `%25`.
    folder: Option<String>,
    /// Only files of these languages.
    language: Option<String>,
    /// Only in folders to which these people made most of the changes; commas as in `folder`.
    owner: Option<String>,
    /// Only what was first seen within a `day`, or before that within a `week`, a `month`, a `quarter`, or is `older`.
    age: Option<String>,
    /// Only what the newest analysis has and the one before did not.
    new: Option<bool>,
    /// Only this file, or files below this folder.
    path: Option<String>,
    /// Only with this in the message, the path or the rule.
    q: Option<String>,
    /// `open` (the default), `suppressed` by people here, `gone` or `all`.
    state: Option<String>,
    /// `hide` (the default) or `show` what the baseline hides.
    baseline: Option<String>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// What should be looked at: shipped code before tests and examples, in each the worst first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/findings",
    tag = "report",
    params(FindingsQuery),
    responses((status = 200, description = "Findings", body = api::Findings))
)]
async fn findings(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<FindingsQuery>,
) -> Result<Reply<api::Findings>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    let (after, size) = page(query.cursor.clone(), query.limit);
    let filter = filter_from(query)?;
    let page = repos.findings(reader.actor(), found.repo.id, &filter, after.as_ref(), size).await;
    let page = page.map_err(repos_problem)?;
    Ok(Reply(page_to_api(page, &found, reader.actor(), clock.now())))
}

/// Says whether a finding is useful, or takes that back. From it the list tells how often the rule is right.
#[utoipa::path(
    put,
    path = "/findings/{id}/verdict",
    tag = "report",
    request_body = api::JudgeFinding,
    responses((status = 200, description = "What people say of the rule", body = api::RuleVerdicts))
)]
async fn judge_finding(
    State(repos): State<Repos>,
    member: Permitted<may::FindingTriage>,
    Path(path): Path<FindingPath>,
    Json(body): Json<api::JudgeFinding>,
) -> Result<Json<api::RuleVerdicts>, Problem> {
    let (_, said) = repos.judge_finding(member.actor(), path.id, body.useful).await.map_err(repos_problem)?;
    Ok(Json(verdicts_to_api(said)))
}

/// Which finding.
#[derive(Debug, Deserialize)]
struct FindingPath {
    id: FindingId,
}

/// The filter of a map with the query's names, which is `at` that place of the body.
pub(super) fn filter_of(
    filter: std::collections::BTreeMap<String, String>,
    at: &str,
) -> Result<FindingFilter, Problem> {
    let unknown = |error: serde_json::Error| Problem::invalid(at, error);
    let mut given: serde_json::Map<String, serde_json::Value> =
        filter.into_iter().map(|(name, value)| (name, value.into())).collect();
    if let Some(new) = given.get_mut("new") {
        *new = (new == "true").into();
    }
    filter_from(serde_json::from_value(given.into()).map_err(unknown)?)
}

fn filter_from(query: FindingsQuery) -> Result<FindingFilter, Problem> {
    let text = |word: &str| Some(word.to_owned());
    Ok(FindingFilter {
        severities: list("severity", query.severity.as_deref(), severity_from)?,
        kinds: list("kind", query.kind.as_deref(), kind_from)?,
        rules: list("rule", query.rule.as_deref(), text)?,
        in_test: match query.code.as_deref() {
            None => None,
            Some("shipped") => Some(false),
            Some("tests") => Some(true),
            Some(other) => return Err(unknown("code", other)),
        },
        folders: list("folder", query.folder.as_deref(), |word| {
            Some(if word == "." { String::new() } else { unescaped(word) })
        })?,
        languages: list("language", query.language.as_deref(), text)?,
        owners: list("owner", query.owner.as_deref(), |word| Some(unescaped(word)))?,
        ages: list("age", query.age.as_deref(), FindingAge::parse)?,
        new: query.new.unwrap_or(false),
        before_baseline: match query.baseline.as_deref() {
            None | Some("hide") => false,
            Some("show") => true,
            Some(other) => return Err(unknown("baseline", other)),
        },
        path: query.path,
        text: query.q,
        state: match query.state.as_deref() {
            None => Some(FindingStand::Open),
            Some("all") => None,
            Some(other) => Some(FindingStand::parse(other).ok_or_else(|| unknown("state", other))?),
        },
    })
}

/// Different words that a filter may list: each is asked of the storage on its own.
const WORDS: usize = 200;

fn list<T: PartialEq>(
    name: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Problem> {
    let mut listed = Vec::new();
    for word in text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let value = parse(word).ok_or_else(|| unknown(name, word))?;
        if listed.contains(&value) {
            continue;
        }
        if listed.len() == WORDS {
            return Err(Problem::malformed("A filter lists too much.")
                .with_error(name, format_args!("at most {WORDS} of them")));
        }
        listed.push(value);
    }
    Ok(listed)
}

/// Names of people and folders may have the comma that separates a list.
fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace(',', "%2C")
}

fn unescaped(word: &str) -> String {
    word.replace("%2C", ",").replace("%25", "%")
}

fn unknown(name: &str, value: &str) -> Problem {
    let value: String = value.chars().take(50).collect();
    Problem::malformed("A filter has a value that does not exist.")
        .with_error(name, format_args!("there is no `{value}`"))
}

fn page_to_api(page: FindingPage, found: &Found, actor: &Actor, now: Timestamp) -> api::Findings {
    let rules = &found.report.rules;
    let used =
        page.page.items.iter().filter_map(|finding| Some((finding.rule.clone(), rules.get(&finding.rule)?)));
    let own: HashMap<FindingId, bool> = page.own_verdicts.into_iter().collect();
    api::Findings {
        meta: found.meta(),
        facets: page.facets.into_iter().map(facet_to_api).collect(),
        rules: used.map(|(id, rule)| (id, rule_to_api(rule))).collect(),
        next: page.page.next.as_ref().map(|cursor| cursor.0.clone()),
        total: page.page.total,
        before_baseline: page.before_baseline,
        baseline: page.baseline.map_or_else(no_baseline, |baseline| baseline_to_api(&baseline)),
        verdicts: page.verdicts.into_iter().map(|(rule, said)| (rule, verdicts_to_api(said))).collect(),
        suppressions: page
            .suppressions
            .iter()
            .map(|each| (each.id.to_string(), suppression_to_api(each, actor, now)))
            .collect(),
        can: api::FindingsCan { triage: actor.may(Permission::FindingTriage) },
        items: page
            .page
            .items
            .into_iter()
            .map(|finding| {
                let useful = own.get(&finding.id).copied();
                finding_to_api(finding, useful, now)
            })
            .collect(),
    }
}

fn facet_to_api((facet, values): (FindingFacet, Vec<(String, u64)>)) -> (String, Vec<api::Facet>) {
    let named = |value: String| match facet {
        FindingFacet::Folder if value.is_empty() => ".".to_owned(),
        FindingFacet::Folder | FindingFacet::Owner => escaped(&value),
        _ => value,
    };
    let values = values.into_iter().map(|(value, count)| api::Facet { value: named(value), count });
    (facet.as_str().to_owned(), values.collect())
}

fn no_baseline() -> api::Baseline {
    api::Baseline { analysis: None, before: None, version: 0 }
}

pub(super) fn baseline_to_api(baseline: &Baseline) -> api::Baseline {
    api::Baseline {
        analysis: baseline.analysis,
        before: baseline.before.map(Into::into),
        version: baseline.version,
    }
}

fn verdicts_to_api(said: RuleVerdicts) -> api::RuleVerdicts {
    api::RuleVerdicts { judged: said.judged, useful: said.useful }
}

pub(super) fn tally_to_api(tally: FindingTally) -> api::FindingCounts {
    api::FindingCounts {
        shipped: severities_to_api(tally.shipped),
        tests: severities_to_api(tally.tests),
        suppressed: tally.suppressed,
    }
}

pub(super) fn finding_to_api(finding: model::Finding, useful: Option<bool>, now: Timestamp) -> api::Finding {
    let suppressed = finding.suppression.map(|mark| api::SuppressedBy {
        id: mark.id,
        until: mark.until.map(Into::into),
        ended: !finding.is_suppressed(now),
    });
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
        in_example: detail.as_ref().is_some_and(|detail| detail.in_example),
        language: finding.language,
        owner: finding.owner,
        new: finding.is_new,
        suppressed,
        useful,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_each_word_once_and_not_any_number_of_them() {
        let rules = |text: &str| list("rule", Some(text), |word| Some(word.to_owned()));
        assert_eq!(rules("b, a,,b").unwrap(), ["b", "a"]);
        assert_eq!(rules(&"a,".repeat(32_000)).unwrap(), ["a"]);
        let many = |count: usize| (0..count).map(|number| format!("r{number}")).collect::<Vec<_>>().join(",");
        assert_eq!(rules(&many(WORDS)).unwrap().len(), WORDS);
        assert!(rules(&many(WORDS + 1)).is_err());
    }
}
