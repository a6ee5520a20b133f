//! Two analyses of a repository beside each other.

use std::collections::BTreeSet;
use std::sync::Arc;

use analysis::compare::{self, DependencyChange, DependencyChangeKind, PartChange};
use analysis::report::{Finding, Report};
use axum::extract::State;
use axum::http::StatusCode;
use base::Actor;
use repos::Repos;
use repos::model::{Analysis, RepoOverview};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Found, not_analysed};
use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::analyses::summary_to_api;
use crate::routes::findings::{kind_to_api, severity_to_api};
use crate::routes::repos::{RepoPath, find_repo, repos_problem};

/// Findings of each kind of change in one answer.
const FINDINGS: usize = 200;
/// Packages in one answer.
const PACKAGES: usize = 500;
/// A commit is named by at least this much of its id.
const SHORTEST: usize = 7;

/// What to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareQuery {
    /// The analysis that is compared with: its id, or the beginning of its commit's, 7 digits or more. By default the
    /// newest one before `head` of its branch, with another commit if there is one.
    base: Option<String>,
    /// The analysis that is looked at; by default the newest.
    head: Option<String>,
}

/// What changed from one analysis to another. Only those whose reports are kept can be compared.
#[utoipa::path(
    get,
    path = "/repos/{repo}/compare",
    tag = "report",
    params(CompareQuery),
    responses((status = 200, description = "What changed", body = api::Answer<api::Compare>))
)]
pub(super) async fn compare(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<CompareQuery>,
) -> Result<Reply<api::Answer<api::Compare>>, Problem> {
    let actor = reader.actor();
    let RepoOverview { repo, findings: tally, open_insights, .. } =
        find_repo(&repos, actor, &path.repo).await?;
    let kept = repos.analyses_with_report(actor, repo.id).await.map_err(repos_problem)?;
    let choices = kept.iter().filter_map(summary_to_api).collect();
    let head = match &query.head {
        Some(name) => named(&kept, "head", name)?,
        None => kept.first().ok_or_else(not_analysed)?,
    };
    let base = match &query.base {
        Some(name) => Some(named(&kept, "base", name)?),
        None => before(&kept, head),
    };
    let report = report_of(&repos, actor, head).await?;
    let found = Found { repo, analysis: head.clone(), report, tally, open_insights };
    let comparison = match base {
        Some(base) => between(base, &*report_of(&repos, actor, base).await?, &found),
        None => None,
    };
    Ok(Reply(api::Answer { meta: found.meta(), data: api::Compare { choices, comparison } }))
}

async fn report_of(repos: &Repos, actor: &Actor, analysis: &Analysis) -> Result<Arc<Report>, Problem> {
    // It was there a moment ago; one that is thinned out in between is as good as never kept.
    repos.report_of(actor, analysis.id).await.map_err(repos_problem)?.ok_or_else(not_kept)
}

fn not_kept() -> Problem {
    let detail = "No report of such an analysis is kept. The newest reports of each repository are; of older analyses \
                  only the numbers stay.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_kept", "Report not kept", detail)
}

/// The analysis that a person means: by its id, or as the newest of a commit.
fn named<'a>(kept: &'a [Analysis], field: &str, name: &str) -> Result<&'a Analysis, Problem> {
    let commit = |analysis: &&Analysis| {
        name.len() >= SHORTEST && analysis.commit.as_deref().is_some_and(|commit| commit.starts_with(name))
    };
    let by_id = kept.iter().find(|analysis| analysis.id.to_string() == name);
    by_id.or_else(|| kept.iter().find(commit)).ok_or_else(|| not_kept().with_error(field, "is not kept"))
}

/// What an analysis is compared with when nobody says: the one before it, of its branch if there is one, and of another
/// commit if there is one.
fn before<'a>(kept: &'a [Analysis], head: &Analysis) -> Option<&'a Analysis> {
    fn branch(analysis: &Analysis) -> Option<&str> {
        analysis.summary.as_ref()?.branch.as_deref()
    }
    let older = || kept.iter().skip_while(|analysis| analysis.id != head.id).skip(1);
    let pick = |same_branch: bool| {
        let older = || older().filter(move |it| !same_branch || branch(it) == branch(head));
        older().find(|it| it.commit != head.commit).or_else(|| older().next())
    };
    pick(true).or_else(|| pick(false))
}

fn between(base: &Analysis, old: &Report, head: &Found) -> Option<api::Comparison> {
    let new = &*head.report;
    let found = compare::compare(old, new);
    let changes = &found.findings;
    let before: BTreeSet<&str> = old.findings.iter().map(|it| it.fingerprint.as_str()).collect();
    let moved: BTreeSet<&str> = changes.moved.iter().map(|it| it.fingerprint.as_str()).collect();
    let stayed: Vec<&Finding> = new
        .findings
        .iter()
        .filter(|it| before.contains(it.fingerprint.as_str()) || moved.contains(it.fingerprint.as_str()))
        .collect();
    Some(api::Comparison {
        base: summary_to_api(base)?,
        head: summary_to_api(&head.analysis)?,
        notes: found
            .notes
            .iter()
            .map(|note| api::Note { code: note.code.clone(), text: note.text.clone() })
            .collect(),
        new: findings_to_api(new, changes.new.iter().collect()),
        gone: findings_to_api(old, changes.gone.iter().collect()),
        unchanged: findings_to_api(new, stayed),
        moved: u32::try_from(changes.moved.len()).unwrap_or(u32::MAX),
        reopened: changes.reopened,
        suppressed: changes.suppressed,
        not_compared: changes.not_compared,
        parts: found.quality.parts.iter().map(part_to_api).collect(),
        dependencies: found.dependencies.iter().take(PACKAGES).map(dependency_to_api).collect(),
        dependencies_total: found.dependencies.len() as u64,
    })
}

/// `report` is the one that has them: its rules name them.
fn findings_to_api(report: &Report, mut findings: Vec<&Finding>) -> api::ComparedFindings {
    findings.sort_by_key(|it| (it.in_test, std::cmp::Reverse(it.severity)));
    let title = |finding: &Finding| {
        report.rules.get(&finding.rule).map_or_else(|| finding.rule.clone(), |rule| rule.title.clone())
    };
    api::ComparedFindings {
        total: findings.len() as u64,
        items: findings
            .into_iter()
            .take(FINDINGS)
            .map(|finding| api::ComparedFinding {
                id: finding.fingerprint.clone(),
                rule: finding.rule.clone(),
                title: title(finding),
                kind: kind_to_api(finding.kind),
                severity: severity_to_api(finding.severity),
                message: finding.message.clone(),
                span: super::span_to_api(&finding.span),
                in_test: finding.in_test,
            })
            .collect(),
    }
}

fn part_to_api(part: &PartChange) -> api::ComparedPart {
    api::ComparedPart {
        part: part.part.clone(),
        base_lost: part.old_lost,
        head_lost: part.new_lost,
        base: part.old.clone(),
        head: part.new.clone(),
    }
}

fn dependency_to_api(change: &DependencyChange) -> api::ComparedDependency {
    let kind = match change.kind {
        DependencyChangeKind::Added => "added",
        DependencyChangeKind::Removed => "removed",
        DependencyChangeKind::Raised => "raised",
        DependencyChangeKind::Lowered => "lowered",
        DependencyChangeKind::Changed => "changed",
    };
    api::ComparedDependency {
        ecosystem: change.ecosystem.clone(),
        name: change.name.clone(),
        change: kind.to_owned(),
        base: change.old.clone(),
        head: change.new.clone(),
        direct: change.direct,
    }
}
