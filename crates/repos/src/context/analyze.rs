//! Asking for an analysis, and stopping it.

use std::time::Duration;

use base::Actor;
use base::id::{AnalysisId, RepoId, UserId, WorkspaceId};
use events::Event;
use jobs::{CancelOutcome, NewJob};
use sha2::{Digest as _, Sha256};
use storage::Tx;

use super::{RepoError, Repos};
use crate::child::{Head, Supervisor};
use crate::failure::Failure;
use crate::model::{AdvisoryMode, Analysis, AnalysisState, Repo};
use crate::source::Source;
use crate::store::{analyses, repositories};

/// How long a result answers equal requests.
pub(super) const REUSED_FOR: Duration = Duration::from_hours(24);

/// Beyond the analysis itself: fetching, and saving.
const AROUND: Duration = Duration::from_mins(10);

/// What came of asking for an analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    /// The analysis that answers the request.
    pub analysis: Analysis,
    /// Whether it was begun for this request; otherwise it was running, or its result is still good.
    pub fresh: bool,
}

impl Repos {
    /// Asks for an analysis of a repository. One that is under way is joined, and ends with the settings of that time;
    /// the newest result is the answer where it is of the same commit under the same rules, settings and advisories and
    /// younger than a day, unless `again` is set.
    pub async fn analyze(&self, actor: &Actor, repo: RepoId, again: bool) -> Result<Requested, RepoError> {
        let repo = repositories::by_id(&self.db, actor.workspace, repo).await?.ok_or(RepoError::NotFound)?;
        if !again && let Some(analysis) = self.reusable(actor, &repo).await? {
            return Ok(Requested { analysis, fresh: false });
        }
        let mut tx = self.db.begin().await?;
        let Some(id) = self.queue(&mut tx, actor.workspace, repo.id, actor.user, again).await? else {
            let active = analyses::active(&mut tx, actor.workspace, repo.id).await?;
            let analysis = active.ok_or(RepoError::Changed)?;
            return Ok(Requested { analysis, fresh: false });
        };
        tx.commit().await?;
        let analysis = analyses::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        Ok(Requested { analysis, fresh: true })
    }

    /// Asks for an analysis as part of `tx`; `None` where one is under way.
    pub(super) async fn queue(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        repo: RepoId,
        by: UserId,
        again: bool,
    ) -> Result<Option<AnalysisId>, storage::Error> {
        let id: AnalysisId = self.ids.new_id();
        if !analyses::insert(tx, workspace, id, repo, by, self.clock.now()).await? {
            return Ok(None);
        }
        let wall = Duration::from_secs(self.config.supervisor.limits().wall_seconds);
        let payload = serde_json::json!({ "analysis": id, "again": again });
        let job = NewJob::new(super::ANALYZE, payload)
            .workspace(workspace)
            .timeout(wall + self.config.fetcher.time_limit() + AROUND);
        let job = self.jobs.enqueue(tx, job).await?;
        analyses::set_job(tx, workspace, id, job.id).await?;
        let event = Event::AnalysisQueued { analysis: id, repo };
        self.events.emit(tx, Self::channel(workspace), Some(by), event);
        Ok(Some(id))
    }

    /// Stops an analysis. One that is over stays as it is.
    pub async fn cancel(&self, actor: &Actor, analysis: AnalysisId) -> Result<Analysis, RepoError> {
        let found = analyses::by_id(&self.db, actor.workspace, analysis).await?.ok_or(RepoError::NotFound)?;
        let mut tx = self.db.begin().await?;
        let outcome = match found.job {
            Some(job) => self.jobs.cancel(&mut tx, job).await?,
            None => CancelOutcome::Cancelled,
        };
        // A running one is stopped by its worker, which then says so. Any other has nobody who would: its job had
        // not begun, or was given up without a word.
        if outcome != CancelOutcome::Asked
            && analyses::end(
                &mut tx,
                actor.workspace,
                analysis,
                AnalysisState::Cancelled,
                None,
                self.clock.now(),
            )
            .await?
        {
            let event = Event::AnalysisCancelled { analysis, repo: found.repo };
            self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        }
        tx.commit().await?;
        analyses::by_id(&self.db, actor.workspace, analysis).await?.ok_or(RepoError::NotFound)
    }

    /// A local repository's commit is known without copying anything, so its result can be found at once.
    async fn reusable(&self, actor: &Actor, repo: &Repo) -> Result<Option<Analysis>, RepoError> {
        let Source::Local(path) = &repo.source else { return Ok(None) };
        let resolved = match self.permitted(path) {
            Ok(path) => self.config.supervisor.resolve(&path, self.lenders(), repo.branch.as_deref()).await,
            Err(failure) => Err(failure),
        };
        // What is wrong with it is said by the analysis, which keeps a record of it.
        let Ok(Head { commit, branch, .. }) = resolved else { return Ok(None) };
        let mode = self.advisories.mode(actor.workspace).await?;
        let key = self.cache_key(actor.workspace, repo, &commit, branch.as_deref(), mode).await?;
        let since = self.clock.now().minus(REUSED_FOR);
        let Some(found) = analyses::cached(&self.db, actor.workspace, &key, since).await? else {
            return Ok(None);
        };
        // An older one has to be made the newest first, which is what everybody is shown.
        let latest = analyses::latest_done(&self.db, actor.workspace, repo.id).await?;
        Ok(latest.filter(|latest| latest.id == found.id))
    }

    /// What reads a repository, as its people want it read.
    pub(super) fn supervisor_for(&self, repo: &Repo) -> Supervisor {
        let supervisor = &self.config.supervisor;
        if repo.secrets_in_history { supervisor.searching_history() } else { supervisor.clone() }
    }

    /// Everything that enters a result.
    pub(super) async fn cache_key(
        &self,
        workspace: base::id::WorkspaceId,
        repo: &Repo,
        commit: &str,
        branch: Option<&str>,
        mode: AdvisoryMode,
    ) -> Result<String, storage::Error> {
        let supervisor = self.supervisor_for(repo);
        let limits = serde_json::to_string(supervisor.limits()).map_err(storage::Error::corrupt)?;
        let edition = self.advisories.edition(mode).await?;
        let (version, reading) = (analysis::pipeline::version(), env!("READING_VERSION"));
        let (workspace, repo) = (workspace.to_string(), repo.id.to_string());
        let mut hash = Sha256::new();
        let branch = branch.unwrap_or_default();
        for part in [&workspace, &repo, commit, branch, version, reading, &limits, &edition] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Ok(hex::encode(hash.finalize()))
    }
}

/// A failure that the person who asked can do something about ends the analysis; others are tried again.
pub(super) fn is_final(failure: &Failure, last_attempt: bool) -> bool {
    last_attempt || !failure.code.passes()
}
