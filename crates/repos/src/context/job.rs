//! The job that does an analysis.

use std::path::PathBuf;

use analysis::pipeline::{Phase, Progress};
use analysis::report::{AdvisoryState, Report};
use base::Timestamp;
use base::id::{AnalysisId, RepoId, UserId, WorkspaceId};
use events::{Event, Tick};
use jobs::{Handlers, Job, JobContext, JobError, State, Stopped};
use serde::Deserialize;
use storage::Tx;
use tokio::sync::mpsc;

use super::analyze::{REUSED_FOR, is_final};
use super::hosts::{ATTACH, FOLLOW, LEAVE, UNHOOK};
use super::save::{Finished, ended};
use super::{RepoError, Repos};
use crate::child::{Head, Target};
use crate::failure::{Failure, FailureCode};
use crate::model::{AdvisoryMode, Analysis, FinishedPhase, Repo};
use crate::source::Source;
use crate::store::{analyses, reports, repositories};

/// The kind of job.
pub const ANALYZE: &str = "repo.analyze";

#[derive(Deserialize)]
struct Payload {
    analysis: AnalysisId,
    again: bool,
}

/// How an analysis ended without a report: failed, or stopped.
#[derive(Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) repo: Option<RepoId>,
    pub(super) by: Option<UserId>,
    pub(super) failure: Option<&'a Failure>,
}

/// One analysis being done.
struct Work<'a> {
    repos: &'a Repos,
    context: &'a JobContext,
    workspace: WorkspaceId,
    analysis: Analysis,
    repo: Repo,
    again: bool,
}

/// What a worker found.
struct Outcome {
    report: Box<Report>,
    /// What equal requests are answered by; `None` where the result should not be reused.
    cache_key: Option<String>,
    phases: Vec<FinishedPhase>,
}

impl Repos {
    /// Adds what this crate does in the background.
    #[must_use]
    pub fn handlers(&self, handlers: Handlers) -> Handlers {
        let (run, given_up) = (self.clone(), self.clone());
        let handlers = handlers
            .on(ANALYZE, move |context| {
                let repos = run.clone();
                async move { repos.run(&context).await }
            })
            .when_given_up(ANALYZE, move |tx, job| {
                let repos = given_up.clone();
                Box::pin(async move { repos.given_up(tx, job).await })
            });
        self.host_handlers(handlers)
    }

    /// Adds what is done at code hosts.
    fn host_handlers(&self, handlers: Handlers) -> Handlers {
        let (attach, unhook, leave) = (self.clone(), self.clone(), self.clone());
        let (left, follow, unattached) = (self.clone(), self.clone(), self.clone());
        handlers
            .on(ATTACH, move |context| {
                let repos = attach.clone();
                async move { repos.attach(&context).await }
            })
            .when_given_up(ATTACH, move |tx, job| {
                let repos = unattached.clone();
                Box::pin(async move { repos.unattached(tx, job).await })
            })
            .on(UNHOOK, move |context| {
                let repos = unhook.clone();
                async move { repos.unhook(&context).await }
            })
            .on(LEAVE, move |context| {
                let repos = leave.clone();
                async move { repos.leave(&context).await }
            })
            .when_given_up(LEAVE, move |tx, job| {
                let repos = left.clone();
                Box::pin(async move { repos.left(tx, job).await })
            })
            .on(FOLLOW, move |context| {
                let repos = follow.clone();
                async move { repos.follow(&context).await }
            })
    }

    /// Whoever changes how a repository is analysed, and asks for it, joins the analysis that is under way: so it
    /// begins again where it was overtaken.
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        while !self.run_once(context).await? {}
        Ok(())
    }

    /// Whether it is over; otherwise nothing came of it, because people want the repository analysed in another way
    /// by now.
    async fn run_once(&self, context: &JobContext) -> Result<bool, JobError> {
        let payload: Payload = context.payload()?;
        let workspace = context.workspace().ok_or_else(|| JobError::fail("the job names no workspace"))?;
        let analysis =
            analyses::by_id(&self.db, workspace, payload.analysis).await.map_err(JobError::retry)?;
        let repo = match &analysis {
            Some(analysis) => {
                repositories::by_id(&self.db, workspace, analysis.repo).await.map_err(JobError::retry)?
            }
            None => None,
        };
        // Without its rows (the repository was taken away) there is nothing to do, and no one to tell.
        let (Some(analysis), Some(repo)) = (analysis, repo) else { return Ok(true) };
        if !self.started(context, workspace, &analysis).await? {
            return Ok(true);
        }
        let work = Work { repos: self, context, workspace, analysis, repo, again: payload.again };
        match work.outcome().await {
            Ok(outcome) => {
                let finished = Finished {
                    workspace,
                    analysis: &work.analysis,
                    repo: &work.repo,
                    report: &outcome.report,
                    cache_key: outcome.cache_key.as_deref(),
                    phases: outcome.phases,
                    ready: self.clock.now(),
                };
                self.save(context, finished).await
            }
            Err(failure) => work.failed(&failure).await,
        }
    }

    async fn started(
        &self,
        context: &JobContext,
        workspace: WorkspaceId,
        analysis: &Analysis,
    ) -> Result<bool, JobError> {
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        if !analyses::start(&mut tx, workspace, analysis.id, self.clock.now())
            .await
            .map_err(JobError::retry)?
        {
            return Ok(false);
        }
        let event =
            Event::AnalysisStarted { analysis: analysis.id, repo: analysis.repo, attempt: context.attempt() };
        self.events.emit(&mut tx, Self::channel(workspace), Some(analysis.requested_by), event);
        tx.commit().await.map_err(JobError::retry)?;
        Ok(true)
    }

    /// The job became a dead letter or was cancelled; its analysis must not wait for ever.
    async fn given_up(&self, tx: &mut Tx, job: &Job) -> Result<(), storage::Error> {
        let (Ok(payload), Some(workspace)) = (job.payload::<Payload>(), job.workspace) else { return Ok(()) };
        let failure = Failure::new(
            FailureCode::Internal,
            "The analysis was tried several times and did not come to an end; the server's log says more.",
        );
        let owner = analyses::owner(tx, workspace, payload.analysis).await?;
        let end = End {
            repo: owner.map(|(repo, _)| repo),
            by: owner.map(|(_, by)| by),
            failure: (job.state != State::Cancelled).then_some(&failure),
        };
        ended(self, tx, workspace, payload.analysis, end, self.clock.now()).await
    }
}

impl Work<'_> {
    async fn outcome(&self) -> Result<Outcome, Failure> {
        let repos = self.repos;
        let begun = repos.clock.now();
        let path = self.local_copy().await?;
        let branch = self.repo.branch.as_deref();
        let Head { commit, branch, .. } = tokio::select! {
            biased;
            () = self.context.cancelled().cancelled() => {
                return Err(Failure::new(FailureCode::Cancelled, "The analysis was cancelled."));
            }
            resolved = repos.config.supervisor.resolve(&path, repos.lenders(), branch) => resolved?,
        };
        let mode = repos.advisories.mode(self.workspace).await.map_err(|error| internal(&error))?;
        let cache_key = repos
            .cache_key(self.workspace, &self.repo, &commit, branch.as_deref(), mode)
            .await
            .map_err(|error| internal(&error))?;
        if !self.again
            && let Some(report) = self.cached(&cache_key).await?
        {
            return Ok(Outcome { report: Box::new(report), cache_key: Some(cache_key), phases: Vec::new() });
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        let target =
            Target { path: &path, roots: repos.lenders(), branch: branch.as_deref(), commit: Some(&commit) };
        let slot = repos.slot(self.workspace, self.repo.id);
        let supervisor = repos.supervisor_for(&self.repo).keeping(slot);
        let analyzing = supervisor.analyze(
            target,
            self.context.cancelled(),
            move |progress| drop(sender.send(progress)),
            async |packages| repos.advisories.look_up(mode, &packages).await,
        );
        // The sender is dropped with the analysis, which ends the recording.
        let (analyzed, phases) = tokio::join!(analyzing, self.record(receiver, begun));
        let report = analyzed?.report;
        let cache_key = Some(cache_key).filter(|_| is_reusable(mode, &report));
        Ok(Outcome { report, cache_key, phases })
    }

    /// The folder to read: the local one, or a copy of the other machine's that is up to date.
    async fn local_copy(&self) -> Result<PathBuf, Failure> {
        match &self.repo.source {
            Source::Local(path) => self.repos.permitted(path),
            Source::Git(address) => {
                let folder = self.repos.clone_folder(self.repo.id);
                let branch = self.repo.branch.as_deref();
                let tell = |done, total: Option<u64>, unit: &str| {
                    self.tick(&Progress {
                        phase: Phase::Fetch,
                        finished: false,
                        done,
                        total,
                        unit: unit.to_owned(),
                        facts: Vec::new(),
                    });
                };
                let fetcher = self.repos.fetcher_for(self.workspace, self.repo.id, address).await;
                let fetcher = fetcher.map_err(|error| unopened(&error))?;
                let fetched = fetcher.fetch(address, branch, &folder, self.context.cancelled(), tell).await;
                let connected = self.repos.keep_copy(self.workspace, self.repo.id).await;
                if !connected.map_err(|error| internal(&error))? {
                    return Err(Failure::new(FailureCode::NotFound, "The repository was taken away."));
                }
                if let Err(Failure { code: FailureCode::AuthRequired | FailureCode::NotFound, .. }) = &fetched
                    && let Err(error) = self.repos.doubt(self.workspace, self.repo.id).await
                {
                    tracing::warn!(%error, repo = %self.repo.id, "its host could not be asked");
                }
                if let (None, Ok(crate::fetch::Remote { branch: Some(default), .. })) = (branch, &fetched) {
                    let noted = self.repos.note_default(self.workspace, self.repo.id, default).await;
                    noted.map_err(|error| internal(&error))?;
                }
                fetched.map(|_| folder)
            }
        }
    }

    async fn cached(&self, key: &str) -> Result<Option<Report>, Failure> {
        let repos = self.repos;
        let since = repos.clock.now().minus(REUSED_FOR);
        let found = analyses::cached(&repos.db, self.workspace, key, since).await;
        let Some(analysis) = found.map_err(|error| internal(&error))? else { return Ok(None) };
        reports::by_analysis(&repos.db, self.workspace, analysis.id).await.map_err(|error| internal(&error))
    }

    /// Stores each finished phase and passes on what lies between. The first phase began then.
    async fn record(
        &self,
        mut progress: mpsc::UnboundedReceiver<Progress>,
        begun: Timestamp,
    ) -> Vec<FinishedPhase> {
        let mut finished = Vec::new();
        let mut before = begun;
        while let Some(one) = progress.recv().await {
            if !one.finished {
                self.tick(&one);
                continue;
            }
            let now = self.repos.clock.now();
            finished.push(FinishedPhase::between(one, before, now));
            before = now;
            // What cannot be noted now is noted with the next phase, or with the result.
            if let Err(error) = self.repos.advance(self.workspace, &self.analysis, &finished).await {
                tracing::warn!(%error, analysis = %self.analysis.id, "a finished phase could not be noted");
            }
        }
        finished
    }

    fn tick(&self, progress: &Progress) {
        let Some(hub) = &self.repos.hub else { return };
        let before = Phase::ALL.into_iter().rfind(|phase| *phase < progress.phase);
        let from = before.map_or(0, Phase::percent);
        let span = u64::from(progress.phase.percent() - from);
        let within = progress
            .total
            .filter(|total| *total > 0)
            .map_or(0, |total| span * progress.done.min(total) / total);
        hub.tick(
            Repos::channel(self.workspace),
            &Tick::AnalysisProgressed {
                analysis: self.analysis.id,
                phase: progress.phase.as_str().to_owned(),
                percent: from.saturating_add(u8::try_from(within).unwrap_or(0)),
                done: progress.done,
                total: progress.total,
                unit: progress.unit.clone(),
                facts: progress.facts.clone(),
            },
        );
    }

    /// Whether it is over, as [`Repos::save`].
    async fn failed(&self, failure: &Failure) -> Result<bool, JobError> {
        if failure.code == FailureCode::Cancelled || self.context.stopped().is_some() {
            return match self.context.stopped() {
                Some(Stopped::Cancelled) => Err(JobError::cancelled()),
                _ => Err(JobError::retry("the worker was asked to stop")),
            };
        }
        if !is_final(failure, self.context.is_last_attempt()) {
            return Err(JobError::retry(failure));
        }
        let repos = self.repos;
        let mut tx = repos.db.begin().await.map_err(JobError::retry)?;
        let end = End {
            repo: Some(self.analysis.repo),
            by: Some(self.analysis.requested_by),
            failure: Some(failure),
        };
        ended(repos, &mut tx, self.workspace, self.analysis.id, end, repos.clock.now())
            .await
            .map_err(JobError::retry)?;
        if repositories::is_changed(&mut tx, self.workspace, &self.repo).await.map_err(JobError::retry)? {
            return Ok(false);
        }
        self.context.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)?;
        Ok(true)
    }
}

/// A look-up that was wanted and failed is to be tried again with the next request, not remembered.
fn is_reusable(mode: AdvisoryMode, report: &Report) -> bool {
    match mode {
        AdvisoryMode::Online | AdvisoryMode::Mirror => {
            matches!(report.advisories.state, AdvisoryState::Checked { .. })
        }
        AdvisoryMode::Undecided | AdvisoryMode::None => true,
    }
}

/// The token that a repository is copied with cannot be had.
fn unopened(error: &RepoError) -> Failure {
    match error {
        RepoError::Sealed(_) => Failure::new(
            FailureCode::AuthRequired,
            "The token of the connection cannot be opened. Connect the host again under Integrations.",
        ),
        RepoError::Storage(error) => internal(error),
        error => {
            tracing::warn!(%error, "the token of a connection cannot be had");
            Failure::new(FailureCode::Internal, "The token of the connection cannot be had.")
        }
    }
}

fn internal(error: &storage::Error) -> Failure {
    tracing::warn!(%error, "the database failed during an analysis");
    Failure::new(FailureCode::Internal, "The database failed during the analysis.")
}
