//! `repo_analysis`.

use analysis::pipeline::Phase;
use base::Timestamp;
use base::id::{AnalysisId, JobId, RepoId, UserId, WorkspaceId};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{id, unknown};
use crate::failure::{Failure, FailureCode};
use crate::model::{Analysis, AnalysisState, FinishedPhase, Summary};

/// The start of every statement that reads an [`AnalysisRow`].
const SELECT: &str =
    "SELECT id, repo_id, state, phase, percent, progress, commit_id, analyzer, error_code, error_detail,
    requested_by, job_id, created_at, started_at, finished_at, summary,
    CASE WHEN state = 'queued' THEN (SELECT COUNT(*) FROM repo_analysis earlier
    WHERE earlier.state IN ('queued', 'running')
    AND (earlier.created_at, earlier.id) < (repo_analysis.created_at, repo_analysis.id)) END AS ahead
    FROM repo_analysis ";

/// Reads analyses; `rest` says which, and in what order.
fn select(rest: &'static str) -> SqlBuilder {
    let mut select = SqlBuilder::new(SELECT);
    select.push(rest);
    select
}

#[derive(sqlx::FromRow)]
struct AnalysisRow {
    #[sqlx(try_from = "String")]
    id: AnalysisId,
    #[sqlx(try_from = "String")]
    repo_id: RepoId,
    state: String,
    phase: Option<String>,
    percent: i64,
    progress: Option<String>,
    commit_id: Option<String>,
    analyzer: Option<String>,
    error_code: Option<String>,
    error_detail: Option<String>,
    #[sqlx(try_from = "String")]
    requested_by: UserId,
    job_id: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    summary: Option<String>,
    ahead: Option<i64>,
}

impl AnalysisRow {
    fn analysis(self) -> Result<Analysis, Error> {
        let failure = self.error_code.map(|code| {
            // A code of a newer version reads as the plainest one; the sentence still says what happened.
            let code = FailureCode::parse(&code).unwrap_or(FailureCode::Internal);
            Failure::new(code, self.error_detail.unwrap_or_default())
        });
        Ok(Analysis {
            id: self.id,
            repo: self.repo_id,
            state: AnalysisState::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            phase: self.phase.and_then(|name| Phase::ALL.into_iter().find(|phase| phase.as_str() == name)),
            percent: u8::try_from(self.percent).map_err(Error::corrupt)?,
            finished: parsed::<Vec<FinishedPhase>>(self.progress.as_deref())?.unwrap_or_default(),
            failure,
            commit: self.commit_id,
            analyzer: self.analyzer,
            requested_by: self.requested_by,
            job: self.job_id.map(id).transpose()?,
            created_at: self.created_at,
            started_at: self.started_at.map(Timestamp::from_micros),
            finished_at: self.finished_at.map(Timestamp::from_micros),
            summary: parsed::<Summary>(self.summary.as_deref())?,
            ahead: self.ahead.map(u64::try_from).transpose().map_err(Error::corrupt)?,
        })
    }
}

fn parsed<T: serde::de::DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(serde_json::from_str).transpose().map_err(Error::corrupt)
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::corrupt)
}

/// Adds a queued analysis; `false` when the repository has one under way.
pub(crate) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    repo: RepoId,
    by: UserId,
    now: Timestamp,
) -> Result<bool, Error> {
    let added = tx
        .query(
            "INSERT INTO repo_analysis (id, workspace_id, repo_id, state, percent, requested_by, created_at)
             VALUES ($1, $2, $3, 'queued', 0, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(analysis)
        .bind(workspace)
        .bind(repo)
        .bind(by)
        .bind(now)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Notes the job that does the analysis.
pub(crate) async fn set_job(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    job: JobId,
) -> Result<(), Error> {
    tx.query("UPDATE repo_analysis SET job_id = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(analysis)
        .bind(job)
        .swap()
        .await
}

/// The analysis of a repository that is queued or running.
pub(crate) async fn active(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Option<Analysis>, Error> {
    tx.query(select("WHERE workspace_id = $1 AND repo_id = $2 AND state IN ('queued', 'running')"))
        .bind(workspace)
        .bind(repo)
        .optional::<AnalysisRow>()
        .await?
        .map(AnalysisRow::analysis)
        .transpose()
}

/// One analysis.
pub(crate) async fn by_id(
    db: &Db,
    workspace: WorkspaceId,
    analysis: AnalysisId,
) -> Result<Option<Analysis>, Error> {
    db.query(select("WHERE workspace_id = $1 AND id = $2"))
        .bind(workspace)
        .bind(analysis)
        .optional::<AnalysisRow>()
        .await?
        .map(AnalysisRow::analysis)
        .transpose()
}

/// The analyses of a repository, the newest first; at most `limit`.
pub(crate) async fn of_repo(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    limit: u32,
) -> Result<Vec<Analysis>, Error> {
    let rows = db
        .query(select(
            "WHERE workspace_id = $1 AND repo_id = $2
             ORDER BY created_at DESC, id DESC LIMIT $3",
        ))
        .bind(workspace)
        .bind(repo)
        .bind(limit)
        .all::<AnalysisRow>()
        .await?;
    rows.into_iter().map(AnalysisRow::analysis).collect()
}

/// Whether an analysis of a repository was of that commit.
pub(crate) async fn was_of(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    commit: &str,
) -> Result<bool, Error> {
    let found = db
        .query(select("WHERE workspace_id = $1 AND repo_id = $2 AND commit_id = $3 LIMIT 1"))
        .bind(workspace)
        .bind(repo)
        .bind(commit)
        .optional::<AnalysisRow>()
        .await?;
    Ok(found.is_some())
}

/// For each repository of the workspace, or for one of them, its newest analysis and its newest that is done; the
/// newest first.
pub(crate) async fn newest(
    db: &Db,
    workspace: WorkspaceId,
    repo: Option<RepoId>,
) -> Result<Vec<Analysis>, Error> {
    let mut find = SqlBuilder::new(SELECT);
    find.push("WHERE workspace_id = ").bind(workspace);
    if let Some(repo) = repo {
        find.push(" AND repo_id = ").bind(repo);
    }
    find.push(
        " AND (id = (SELECT a.id FROM repo_analysis a
                     WHERE a.workspace_id = repo_analysis.workspace_id AND a.repo_id = repo_analysis.repo_id
                     ORDER BY a.created_at DESC, a.id DESC LIMIT 1)
            OR id = (SELECT d.id FROM repo_analysis d
                     WHERE d.workspace_id = repo_analysis.workspace_id AND d.repo_id = repo_analysis.repo_id
                         AND d.state = 'done'
                     ORDER BY d.created_at DESC, d.id DESC LIMIT 1))
          ORDER BY created_at DESC, id DESC",
    );
    let rows = db.query(find).all::<AnalysisRow>().await?;
    rows.into_iter().map(AnalysisRow::analysis).collect()
}

/// The analyses of a repository whose reports are kept, the newest first.
pub(crate) async fn with_report(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Vec<Analysis>, Error> {
    let rows = db
        .query(select(
            "WHERE workspace_id = $1 AND repo_id = $2 AND state = 'done'
                 AND EXISTS (SELECT 1 FROM repo_report WHERE analysis_id = repo_analysis.id)
             ORDER BY created_at DESC, id DESC",
        ))
        .bind(workspace)
        .bind(repo)
        .all::<AnalysisRow>()
        .await?;
    rows.into_iter().map(AnalysisRow::analysis).collect()
}

/// The newest analysis of a repository that has a report.
pub(crate) async fn latest_done(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Option<Analysis>, Error> {
    db.query(select(
        "WHERE workspace_id = $1 AND repo_id = $2 AND state = 'done'
         ORDER BY created_at DESC, id DESC LIMIT 1",
    ))
    .bind(workspace)
    .bind(repo)
    .optional::<AnalysisRow>()
    .await?
    .map(AnalysisRow::analysis)
    .transpose()
}

/// Whether a repository has a done analysis beside this one.
pub(crate) async fn has_other_done(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    analysis: AnalysisId,
) -> Result<bool, Error> {
    let other = db
        .query(
            "SELECT id FROM repo_analysis
             WHERE workspace_id = $1 AND repo_id = $2 AND state = 'done' AND id <> $3 LIMIT 1",
        )
        .bind(workspace)
        .bind(repo)
        .bind(analysis)
        .optional::<(String,)>()
        .await?;
    Ok(other.is_some())
}

/// The newest done analysis with that cache key that is not older than `since` and still has its report.
pub(crate) async fn cached(
    db: &Db,
    workspace: WorkspaceId,
    key: &str,
    since: Timestamp,
) -> Result<Option<Analysis>, Error> {
    db.query(select(
        "WHERE workspace_id = $1 AND cache_key = $2 AND state = 'done' AND finished_at >= $3
             AND EXISTS (SELECT 1 FROM repo_report WHERE analysis_id = repo_analysis.id)
         ORDER BY finished_at DESC, id DESC LIMIT 1",
    ))
    .bind(workspace)
    .bind(key)
    .bind(since)
    .optional::<AnalysisRow>()
    .await?
    .map(AnalysisRow::analysis)
    .transpose()
}

/// A worker takes it, for the first time or again; `false` when it is over.
pub(crate) async fn start(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    now: Timestamp,
) -> Result<bool, Error> {
    let started = tx
        .query(
            "UPDATE repo_analysis
             SET state = 'running', phase = NULL, percent = 0, progress = NULL,
                 started_at = COALESCE(started_at, $3)
             WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')",
        )
        .bind(workspace)
        .bind(analysis)
        .bind(now)
        .execute()
        .await?;
    Ok(started == 1)
}

/// A phase has finished; `false` when the analysis is no longer running.
pub(crate) async fn advance(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    finished: &[FinishedPhase],
) -> Result<bool, Error> {
    let Some(last) = finished.last() else { return Ok(true) };
    let advanced = tx
        .query(
            "UPDATE repo_analysis SET phase = $3, percent = $4, progress = $5
             WHERE workspace_id = $1 AND id = $2 AND state = 'running'",
        )
        .bind(workspace)
        .bind(analysis)
        .bind(last.progress.phase.as_str())
        .bind(i64::from(last.progress.phase.percent()))
        .bind(json(&finished)?)
        .execute()
        .await?;
    Ok(advanced == 1)
}

/// What a finished analysis leaves.
pub(crate) struct Done<'a> {
    pub(crate) commit: &'a str,
    pub(crate) analyzer: &'a str,
    pub(crate) cache_key: Option<&'a str>,
    pub(crate) summary: &'a Summary,
    pub(crate) finished: &'a [FinishedPhase],
}

/// It is done; `false` when it was no longer running.
pub(crate) async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    done: &Done<'_>,
    now: Timestamp,
) -> Result<bool, Error> {
    let finished = tx
        .query(
            "UPDATE repo_analysis
             SET state = 'done', phase = 'save', percent = 100, commit_id = $3, analyzer = $4, cache_key = $5,
                 summary = $6, progress = $7, finished_at = $8
             WHERE workspace_id = $1 AND id = $2 AND state = 'running'",
        )
        .bind(workspace)
        .bind(analysis)
        .bind(done.commit)
        .bind(done.analyzer)
        .bind(done.cache_key)
        .bind(json(done.summary)?)
        .bind(json(&done.finished)?)
        .bind(now)
        .execute()
        .await?;
    Ok(finished == 1)
}

/// It ended without a report; `false` when it was over already.
pub(crate) async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
    state: AnalysisState,
    failure: Option<&Failure>,
    now: Timestamp,
) -> Result<bool, Error> {
    let ended = tx
        .query(
            "UPDATE repo_analysis SET state = $3, error_code = $4, error_detail = $5, finished_at = $6
             WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')",
        )
        .bind(workspace)
        .bind(analysis)
        .bind(state.as_str())
        .bind(failure.map(|failure| failure.code.as_str()))
        .bind(failure.map(|failure| failure.detail.as_str()))
        .bind(now)
        .execute()
        .await?;
    Ok(ended == 1)
}

/// Whose analysis it is: its repository, and who asked for it.
pub(crate) async fn owner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    analysis: AnalysisId,
) -> Result<Option<(RepoId, UserId)>, Error> {
    let row = tx
        .query("SELECT repo_id, requested_by FROM repo_analysis WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(analysis)
        .optional::<(String, String)>()
        .await?;
    row.map(|(repo, by)| Ok((id(repo)?, id(by)?))).transpose()
}
