//! The end of an analysis: everything that it found out, and the end of its job, in one transaction. A process that
//! is killed around it leaves either nothing or all of it.

use analysis::pipeline::{Phase, Progress};
use analysis::report::Report;
use base::id::{AnalysisId, WorkspaceId};
use base::{Timestamp, id::UserId};
use events::Event;
use jobs::{JobContext, JobError};
use storage::Tx;

use super::Repos;
use super::judge::{Moment, Verdict, judge};
use crate::model::{Analysis, FinishedPhase, Repo, Summary};
use crate::store::findings::Sighting;
use crate::store::{analyses, findings, insights, reports, repositories, suppressions};

/// Reports of one repository that are kept; of older analyses the numbers stay.
const REPORTS_KEPT: u32 = 20;

/// A finished report on its way into the database.
pub(super) struct Finished<'a> {
    pub(super) workspace: WorkspaceId,
    pub(super) analysis: &'a Analysis,
    /// As it was read when the analysis began.
    pub(super) repo: &'a Repo,
    pub(super) report: &'a Report,
    pub(super) cache_key: Option<&'a str>,
    pub(super) phases: Vec<FinishedPhase>,
    /// Since when there is nothing left but to save it.
    pub(super) ready: Timestamp,
}

impl Repos {
    /// Saves the report and completes the job. When another worker has taken the job over, nothing is saved; nor when
    /// people want the repository analysed in another way since it began: then it is not over, and the answer `false`.
    pub(super) async fn save(&self, context: &JobContext, finished: Finished<'_>) -> Result<bool, JobError> {
        let Finished { workspace, analysis, repo, report, cache_key, mut phases, ready } = finished;
        // Packing a large report takes longer than a transaction should live.
        let encoded = reports::encode(report).map_err(JobError::fail)?;
        let summary = Summary::of(report);
        let now = self.clock.now();
        let saved = Progress::finished(Phase::Save, report.findings.len() as u64, "findings", Vec::new());
        phases.push(FinishedPhase::between(saved, ready, now));
        let moment = Moment { repo: analysis.repo, analysis: analysis.id, at: now };

        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        repositories::lock(&mut tx, workspace, repo.id).await.map_err(JobError::retry)?;
        let done = analyses::Done {
            commit: &report.commit.id,
            analyzer: &report.analyzer,
            cache_key,
            summary: &summary,
            finished: &phases,
        };
        if analyses::finish(&mut tx, workspace, analysis.id, &done, now).await.map_err(JobError::retry)? {
            // After the analysis has ended: whoever asks from now on does not join it.
            if repositories::is_changed(&mut tx, workspace, repo).await.map_err(JobError::retry)? {
                return Ok(false);
            }
            self.save_findings(&mut tx, workspace, moment, report, encoded).await.map_err(JobError::retry)?;
            let open = self
                .save_insights(&mut tx, workspace, moment, report, analysis.requested_by)
                .await
                .map_err(JobError::retry)?;
            let event = Event::AnalysisFinished {
                analysis: analysis.id,
                repo: analysis.repo,
                commit: report.commit.id.clone(),
                grade: summary.grade.map(String::from),
                files: summary.files,
                findings: summary.findings,
                insights: open,
            };
            self.events.emit(&mut tx, Self::channel(workspace), Some(analysis.requested_by), event);
        }
        context.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)?;
        Ok(true)
    }

    pub(super) async fn save_findings(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        moment: Moment,
        report: &Report,
        encoded: Vec<u8>,
    ) -> Result<(), storage::Error> {
        reports::insert(tx, moment.analysis, encoded).await?;
        reports::thin_out(tx, workspace, moment.repo, REPORTS_KEPT).await?;
        let sighting = Sighting { workspace, repo: moment.repo, analysis: moment.analysis, at: moment.at };
        findings::save(tx, sighting, report, || self.ids.new_id()).await?;
        // What is new may be covered by what was decided before.
        let suppressions = suppressions::of_repo_in(tx, workspace, moment.repo).await?;
        findings::suppress_all(tx, workspace, moment.repo, &suppressions).await
    }

    /// Returns how many are open afterwards.
    pub(super) async fn save_insights(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        moment: Moment,
        report: &Report,
        by: UserId,
    ) -> Result<u32, storage::Error> {
        let known = insights::all_in(tx, workspace, moment.repo).await?;
        let mut open = 0;
        for verdict in judge(report, known, moment, || self.ids.new_id()) {
            let (insight, event) = match verdict {
                Verdict::Opened(insight) => {
                    insights::insert(tx, workspace, &insight).await?;
                    let event = opened(&insight);
                    (insight, Some(event))
                }
                Verdict::Reopened(insight) => {
                    insights::replace(tx, workspace, &insight, insight.version).await?;
                    let event = opened(&insight);
                    (insight, Some(event))
                }
                Verdict::Kept(insight) => {
                    insights::replace(tx, workspace, &insight, insight.version).await?;
                    (insight, None)
                }
                Verdict::Closed(insight, reason) => {
                    insights::replace(tx, workspace, &insight, insight.version).await?;
                    let event = closed(&insight, reason);
                    (insight, Some(event))
                }
            };
            open += u32::from(insight.state == crate::model::InsightState::Open);
            if let Some(event) = event {
                self.events.emit(tx, Self::channel(workspace), Some(by), event);
            }
        }
        Ok(open)
    }

    /// Notes a finished phase, durably, and tells it.
    pub(super) async fn advance(
        &self,
        workspace: WorkspaceId,
        analysis: &Analysis,
        finished: &[FinishedPhase],
    ) -> Result<(), storage::Error> {
        let Some(FinishedPhase { progress: last, .. }) = finished.last() else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        if analyses::advance(&mut tx, workspace, analysis.id, finished).await? {
            let event = Event::AnalysisPhaseFinished {
                analysis: analysis.id,
                repo: analysis.repo,
                phase: last.phase.as_str().to_owned(),
                percent: last.phase.percent(),
                facts: last.facts.clone(),
            };
            self.events.emit(&mut tx, Self::channel(workspace), Some(analysis.requested_by), event);
        }
        tx.commit().await
    }
}

pub(super) fn opened(insight: &crate::model::Insight) -> Event {
    Event::InsightOpened {
        insight: insight.id,
        repo: insight.repo,
        kind: insight.body.kind.clone(),
        severity: insight.body.severity.as_str().to_owned(),
        title: insight.body.title.clone(),
    }
}

pub(super) fn closed(insight: &crate::model::Insight, reason: events::Closed) -> Event {
    Event::InsightClosed { insight: insight.id, repo: insight.repo, reason }
}

/// The end of an analysis without a report, told as part of `tx`; nothing when it was over already.
pub(super) async fn ended(
    repos: &Repos,
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    end: super::job::End<'_>,
    now: Timestamp,
) -> Result<(), storage::Error> {
    use crate::model::AnalysisState::{Cancelled, Failed};
    let Some(repo) = end.repo else { return Ok(()) };
    let (state, event) = match end.failure {
        Some(failure) => (
            Failed,
            Event::AnalysisFailed {
                analysis,
                repo,
                code: failure.code.as_str().to_owned(),
                detail: failure.detail.clone(),
            },
        ),
        None => (Cancelled, Event::AnalysisCancelled { analysis, repo }),
    };
    if analyses::end(tx, workspace, analysis, state, end.failure, now).await? {
        repos.events.emit(tx, Repos::channel(workspace), end.by, event);
    }
    Ok(())
}
