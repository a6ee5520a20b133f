//! Runs.

use analysis::pipeline::Phase;
use axum::extract::State;
use axum::http::StatusCode;
use base::id::AnalysisId;
use base::{Actor, Clock, Permission};
use events::SeverityCounts;
use repos::Repos;
use repos::model::{Analysis, AnalysisState, FinishedPhase};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::report::coverage_to_api;
use crate::routes::repos::{RepoPath, find_repo, repo_ref, repos_problem};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start_analysis, analyses))
        .routes(routes!(analysis))
        .routes(routes!(cancel_analysis))
}

/// Which run.
#[derive(Debug, Deserialize)]
struct AnalysisPath {
    id: AnalysisId,
}

/// How to run.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StartQuery {
    /// Analyse again although nothing changed.
    #[serde(default)]
    fresh: bool,
}

/// Analyses the newest commit. Joins a run that is going on; answers with the finished one when nothing changed for
/// a day.
#[utoipa::path(
    post,
    path = "/repos/{repo}/analyses",
    tag = "analyses",
    params(StartQuery),
    responses(
        (status = 202, description = "Queued, or joined", body = api::Analysis),
        (status = 200, description = "A finished one still holds", body = api::Analysis)
    )
)]
async fn start_analysis(
    State(repos): State<Repos>,
    member: Permitted<may::RepoAnalyze>,
    Path(path): Path<RepoPath>,
    Query(query): Query<StartQuery>,
) -> Result<(StatusCode, Json<api::Analysis>), Problem> {
    let repo = find_repo(&repos, member.actor(), &path.repo).await?;
    let asked = repos.analyze(member.actor(), repo.repo.id, query.fresh).await.map_err(repos_problem)?;
    let analysis = asked.analysis;
    let status = if analysis.state == AnalysisState::Done { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, Json(analysis_to_api(analysis, &repo_ref(&repo.repo), member.actor()))))
}

/// The newest runs of a repository, at most 100, the newest first.
#[utoipa::path(
    get,
    path = "/repos/{repo}/analyses",
    tag = "analyses",
    responses((status = 200, description = "Runs", body = api::Listing<api::Analysis>))
)]
async fn analyses(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Reply<api::Listing<api::Analysis>>, Problem> {
    let repo = find_repo(&repos, reader.actor(), &path.repo).await?;
    let all = repos.analyses(reader.actor(), repo.repo.id).await.map_err(repos_problem)?;
    let (reference, actor) = (repo_ref(&repo.repo), reader.actor());
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        total: all.len() as u64,
        items: all.into_iter().map(|analysis| analysis_to_api(analysis, &reference, actor)).collect(),
        next: None,
    }))
}

/// One run, with what it did not read.
#[utoipa::path(
    get,
    path = "/analyses/{id}",
    tag = "analyses",
    responses((status = 200, description = "The run", body = api::Answer<api::AnalysisDetail>))
)]
async fn analysis(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<AnalysisPath>,
) -> Result<Reply<api::Answer<api::AnalysisDetail>>, Problem> {
    let actor = reader.actor();
    let analysis =
        repos.analysis(actor, path.id).await.map_err(repos_problem)?.ok_or_else(Problem::not_found)?;
    let report = match analysis.state {
        AnalysisState::Done => repos.report_of(actor, analysis.id).await.map_err(repos_problem)?,
        _ => None,
    };
    let data = api::AnalysisDetail {
        coverage: report.map(|report| coverage_to_api(&report.coverage)),
        analysis: with_repo(&repos, actor, analysis).await?,
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Stops a run. One that has ended already stays as it is.
#[utoipa::path(
    post,
    path = "/analyses/{id}/cancel",
    tag = "analyses",
    responses((status = 200, description = "Stopped, or ended before", body = api::Analysis))
)]
async fn cancel_analysis(
    State(repos): State<Repos>,
    member: Permitted<may::RepoAnalyze>,
    Path(path): Path<AnalysisPath>,
) -> Result<Json<api::Analysis>, Problem> {
    let analysis = repos.cancel(member.actor(), path.id).await.map_err(repos_problem)?;
    Ok(Json(with_repo(&repos, member.actor(), analysis).await?))
}

async fn with_repo(repos: &Repos, actor: &Actor, analysis: Analysis) -> Result<api::Analysis, Problem> {
    let repo = find_repo(repos, actor, &analysis.repo.to_string()).await?;
    Ok(analysis_to_api(analysis, &repo_ref(&repo.repo), actor))
}

/// The run as that person sees it.
pub(super) fn analysis_to_api(analysis: Analysis, repo: &api::RepoRef, actor: &Actor) -> api::Analysis {
    let works = actor.may(Permission::RepoAnalyze);
    let going_on = matches!(analysis.state, AnalysisState::Queued | AnalysisState::Running);
    api::Analysis {
        id: analysis.id,
        repo: repo.clone(),
        state: state_to_api(analysis.state),
        percent: analysis.percent,
        phases: phases(analysis.state, &analysis.finished),
        facts: analysis.finished.iter().flat_map(|phase| phase.progress.facts.iter().cloned()).collect(),
        summary: summary_to_api(&analysis),
        failure: analysis
            .failure
            .map(|failure| api::Failure { code: failure.code.as_str().to_owned(), detail: failure.detail }),
        commit: analysis.commit,
        created_at: analysis.created_at.into(),
        ahead: analysis.ahead,
        started_at: analysis.started_at.map(Into::into),
        finished_at: analysis.finished_at.map(Into::into),
        can: api::AnalysisCan { cancel: works && going_on, retry: works && !going_on },
    }
}

/// Every phase in order: those that finished, the one that is going on or failed, and the rest.
fn phases(state: AnalysisState, finished: &[FinishedPhase]) -> Vec<api::PhaseStatus> {
    let mut current = match state {
        AnalysisState::Running => Some(api::PhaseState::Running),
        AnalysisState::Failed => Some(api::PhaseState::Failed),
        AnalysisState::Queued | AnalysisState::Done | AnalysisState::Cancelled => None,
    };
    let rest = match state {
        AnalysisState::Queued | AnalysisState::Running => api::PhaseState::Queued,
        AnalysisState::Done => api::PhaseState::Done,
        AnalysisState::Failed | AnalysisState::Cancelled => api::PhaseState::Skipped,
    };
    let status = |phase: Phase| {
        let ended = finished.iter().find(|ended| ended.progress.phase == phase);
        let done = ended.map(|ended| &ended.progress);
        let state = if done.is_some() { api::PhaseState::Done } else { current.take().unwrap_or(rest) };
        api::PhaseStatus {
            phase: phase_to_api(phase),
            state,
            percent: phase.percent(),
            done: done.map(|progress| progress.done),
            total: done.and_then(|progress| progress.total),
            unit: done.map(|progress| progress.unit.clone()),
            took_ms: ended.and_then(|ended| ended.took_ms),
            facts: done.map(|progress| progress.facts.clone()).unwrap_or_default(),
        }
    };
    Phase::ALL.into_iter().map(status).collect()
}

fn phase_to_api(phase: Phase) -> api::Phase {
    match phase {
        Phase::Fetch => api::Phase::Fetch,
        Phase::Languages => api::Phase::Languages,
        Phase::Structure => api::Phase::Structure,
        Phase::Patterns => api::Phase::Patterns,
        Phase::Security => api::Phase::Security,
        Phase::Quality => api::Phase::Quality,
        Phase::Insights => api::Phase::Insights,
        Phase::Save => api::Phase::Save,
    }
}

fn state_to_api(state: AnalysisState) -> api::AnalysisState {
    match state {
        AnalysisState::Queued => api::AnalysisState::Queued,
        AnalysisState::Running => api::AnalysisState::Running,
        AnalysisState::Done => api::AnalysisState::Done,
        AnalysisState::Failed => api::AnalysisState::Failed,
        AnalysisState::Cancelled => api::AnalysisState::Cancelled,
    }
}

/// The numbers of a run that is done.
pub(super) fn summary_to_api(analysis: &Analysis) -> Option<api::Summary> {
    let summary = analysis.summary.as_ref()?;
    Some(api::Summary {
        analysis: analysis.id,
        commit: analysis.commit.clone()?,
        branch: summary.branch.clone(),
        analyzer: analysis.analyzer.clone()?,
        finished_at: analysis.finished_at?.into(),
        grade: summary.grade.map(String::from),
        score: summary.score,
        files: summary.files,
        languages: summary.languages.clone(),
        findings: severities_to_api(summary.findings),
        dependencies: summary.dependencies,
        vulnerable: summary.vulnerable,
        insights: summary.insights.into(),
    })
}

/// Findings by severity.
pub(super) fn severities_to_api(counts: SeverityCounts) -> api::SeverityCounts {
    api::SeverityCounts {
        critical: counts.critical.into(),
        high: counts.high.into(),
        medium: counts.medium.into(),
        low: counts.low.into(),
        info: counts.info.into(),
    }
}

#[cfg(test)]
mod tests {
    use analysis::pipeline::Progress;

    use super::*;

    fn states(state: AnalysisState, finished: &[Phase]) -> String {
        let finished: Vec<FinishedPhase> = finished
            .iter()
            .map(|phase| FinishedPhase {
                progress: Progress::finished(*phase, 1, "files", vec!["Rust 81 %".into()]),
                took_ms: Some(70),
            })
            .collect();
        let letter = |status: api::PhaseStatus| match status.state {
            api::PhaseState::Queued => 'q',
            api::PhaseState::Running => 'r',
            api::PhaseState::Done => 'd',
            api::PhaseState::Failed => 'f',
            api::PhaseState::Skipped => 's',
        };
        phases(state, &finished).into_iter().map(letter).collect()
    }

    #[test]
    fn phases_stand_where_the_run_stands() {
        let two = [Phase::Fetch, Phase::Languages];
        assert_eq!(states(AnalysisState::Queued, &[]), "qqqqqqqq");
        assert_eq!(states(AnalysisState::Running, &[]), "rqqqqqqq");
        assert_eq!(states(AnalysisState::Running, &two), "ddrqqqqq");
        assert_eq!(states(AnalysisState::Failed, &two), "ddfsssss");
        assert_eq!(states(AnalysisState::Cancelled, &two), "ddssssss");
        assert_eq!(states(AnalysisState::Done, &Phase::ALL), "dddddddd");
    }
}
