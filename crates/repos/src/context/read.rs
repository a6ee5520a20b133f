//! Reading what was found, and what people decide about it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use analysis::report::Report;
use base::Actor;
use base::id::{AnalysisId, InsightId, RepoId, TaskId};
use events::{Closed, Event};

use super::judge::check;
use super::save::{closed, opened};
use super::{RepoError, Repos};
use crate::advisories::import::{ImportProgress, Imported};
use crate::model::{AdvisoryMode, AdvisoryStatus, Analysis, CheckResult, Insight, InsightState};
use crate::store::{analyses, insights, reports};

/// The reports that were read last, so that the tabs of one screen do not unpack the same one again and again.
#[derive(Default)]
pub(super) struct ReportCache(Mutex<VecDeque<(AnalysisId, Arc<Report>)>>);

/// Reports that are kept in memory.
const CACHED: usize = 4;

impl ReportCache {
    fn get(&self, id: AnalysisId) -> Option<Arc<Report>> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.iter().find(|(cached, _)| *cached == id).map(|(_, report)| Arc::clone(report))
    }

    fn put(&self, id: AnalysisId, report: Arc<Report>) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.retain(|(cached, _)| *cached != id);
        cache.push_front((id, report));
        cache.truncate(CACHED);
    }
}

impl Repos {
    /// One analysis.
    pub async fn analysis(&self, actor: &Actor, id: AnalysisId) -> Result<Option<Analysis>, RepoError> {
        Ok(analyses::by_id(&self.db, actor.workspace, id).await?)
    }

    /// The analyses of a repository, the newest first; at most 100.
    pub async fn analyses(&self, actor: &Actor, repo: RepoId) -> Result<Vec<Analysis>, RepoError> {
        Ok(analyses::of_repo(&self.db, actor.workspace, repo, 100).await?)
    }

    /// The analyses of a repository whose reports are kept, the newest first.
    pub async fn analyses_with_report(
        &self,
        actor: &Actor,
        repo: RepoId,
    ) -> Result<Vec<Analysis>, RepoError> {
        Ok(analyses::with_report(&self.db, actor.workspace, repo).await?)
    }

    /// The newest analysis of a repository that is done, with its report.
    pub async fn report(
        &self,
        actor: &Actor,
        repo: RepoId,
    ) -> Result<Option<(Analysis, Arc<Report>)>, RepoError> {
        let Some(analysis) = analyses::latest_done(&self.db, actor.workspace, repo).await? else {
            return Ok(None);
        };
        Ok(self.report_of(actor, analysis.id).await?.map(|report| (analysis, report)))
    }

    /// The report of one analysis, where it has one that is still kept.
    pub async fn report_of(&self, actor: &Actor, id: AnalysisId) -> Result<Option<Arc<Report>>, RepoError> {
        // Whether the workspace may see it is asked before the cache is.
        if analyses::by_id(&self.db, actor.workspace, id).await?.is_none() {
            return Ok(None);
        }
        if let Some(report) = self.reports.get(id) {
            return Ok(Some(report));
        }
        let Some(report) = reports::by_analysis(&self.db, actor.workspace, id).await? else {
            return Ok(None);
        };
        let report = Arc::new(report);
        self.reports.put(id, Arc::clone(&report));
        Ok(Some(report))
    }

    /// The insights of a repository: open ones first, then by value for effort; at most 500.
    pub async fn insights(&self, actor: &Actor, repo: RepoId) -> Result<Vec<Insight>, RepoError> {
        Ok(insights::of_repo(&self.db, actor.workspace, repo).await?)
    }

    /// One insight.
    pub async fn insight(&self, actor: &Actor, id: InsightId) -> Result<Option<Insight>, RepoError> {
        Ok(insights::by_id(&self.db, actor.workspace, id).await?)
    }

    /// Runs an insight's check against the newest report; one that passes is closed. [`RepoError::Changed`] when the
    /// insight changed meanwhile.
    pub async fn rerun_check(&self, actor: &Actor, id: InsightId) -> Result<Insight, RepoError> {
        let insight = insights::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        let (analysis, report) = self.report(actor, insight.repo).await?.ok_or(RepoError::NotFound)?;
        let result = check(&insight, &report, analysis.id);
        // The version was read before the report: a result of an older report never replaces a newer one's.
        self.change_insight(actor, id, Some(insight.version), move |insight, now| {
            let passed = result.outcome.passed == Some(true);
            insight.last_check = Some(CheckResult {
                dismissed: insight.last_check.as_mut().and_then(|check| check.dismissed.take()),
                ..result
            });
            if passed && insight.state == InsightState::Open {
                insight.state = InsightState::Closed;
                insight.closed_at = Some(now);
                return Some(closed(insight, Closed::CheckPassed));
            }
            None
        })
        .await
    }

    /// Notes the task that was made from an insight, as part of the transaction that makes it, if the insight still
    /// has the one that was `seen`. The answer names the task it has now.
    pub async fn set_insight_task(
        &self,
        tx: &mut storage::Tx,
        actor: &Actor,
        id: InsightId,
        seen: Option<TaskId>,
        task: TaskId,
    ) -> Result<TaskId, RepoError> {
        let mut insight = insights::by_id_in(tx, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        if let Some(other) = insight.task.filter(|_| insight.task != seen) {
            return Ok(other);
        }
        insight.task = Some(task);
        insights::replace(tx, actor.workspace, &insight, insight.version).await?;
        Ok(task)
    }

    /// Puts an insight away. `version` is the one that was seen.
    pub async fn dismiss(
        &self,
        actor: &Actor,
        id: InsightId,
        version: i64,
        reason: Option<&str>,
    ) -> Result<Insight, RepoError> {
        let reason = reason.map(|reason| reason.chars().take(1_000).collect::<String>());
        self.change_insight(actor, id, Some(version), move |insight, now| {
            if insight.state == InsightState::Dismissed {
                return None;
            }
            insight.state = InsightState::Dismissed;
            insight.closed_at = Some(now);
            if let Some(reason) = reason {
                let analysis = insight.last_analysis;
                let outcome = || analysis::check::Outcome { passed: None, detail: "Not run.".to_owned() };
                insight
                    .last_check
                    .get_or_insert_with(|| CheckResult { outcome: outcome(), analysis, dismissed: None })
                    .dismissed = Some(reason);
            }
            Some(closed(insight, Closed::Dismissed))
        })
        .await
    }

    /// Brings a dismissed insight back, held against the newest report: what was done in the meantime comes back
    /// closed. Others stay as they are. `version` is the one that was seen.
    pub async fn restore_insight(
        &self,
        actor: &Actor,
        id: InsightId,
        version: i64,
    ) -> Result<Insight, RepoError> {
        let insight = insights::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        let (analysis, report) = self.report(actor, insight.repo).await?.ok_or(RepoError::NotFound)?;
        let result = check(&insight, &report, analysis.id);
        self.change_insight(actor, id, Some(version), move |insight, now| {
            if insight.state != InsightState::Dismissed {
                return None;
            }
            let passed = result.outcome.passed == Some(true);
            insight.last_check = Some(result);
            insight.state = if passed { InsightState::Closed } else { InsightState::Open };
            insight.closed_at = passed.then_some(now);
            Some(if passed { closed(insight, Closed::CheckPassed) } else { opened(insight) })
        })
        .await
    }

    async fn change_insight(
        &self,
        actor: &Actor,
        id: InsightId,
        version: Option<i64>,
        change: impl FnOnce(&mut Insight, base::Timestamp) -> Option<Event>,
    ) -> Result<Insight, RepoError> {
        let mut tx = self.db.begin().await?;
        let mut insight =
            insights::by_id_in(&mut tx, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        if version.is_some_and(|version| version != insight.version) {
            return Err(RepoError::Changed);
        }
        let event = change(&mut insight, self.clock.now());
        insights::replace(&mut tx, actor.workspace, &insight, insight.version).await?;
        if let Some(event) = event {
            self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        }
        tx.commit().await?;
        insight.version += 1;
        Ok(insight)
    }

    /// How known vulnerabilities are looked up, and in what.
    pub async fn advisory_status(&self, actor: &Actor) -> Result<AdvisoryStatus, RepoError> {
        Ok(self.advisories.status(actor.workspace).await?)
    }

    /// Decides how known vulnerabilities are looked up.
    pub async fn set_advisory_mode(
        &self,
        actor: &Actor,
        mode: AdvisoryMode,
    ) -> Result<AdvisoryStatus, RepoError> {
        self.advisories.set_mode(actor.workspace, mode).await?;
        self.advisory_status(actor).await
    }

    /// Imports a mirror from a folder that the operator opened.
    pub async fn import_advisories(
        &self,
        actor: &Actor,
        folder: &std::path::Path,
        progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<Imported, RepoError> {
        let folder = self.permitted(folder)?;
        let imported = self.advisories.import(&folder, progress).await.map_err(RepoError::Import)?;
        let mut tx = self.db.begin().await?;
        for source in &imported.sources {
            let event = Event::AdvisoriesImported {
                ecosystem: source.ecosystem.clone(),
                records: source.records,
                as_of: source.as_of,
            };
            self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        }
        tx.commit().await?;
        Ok(imported)
    }
}
