//! `repo_insight`.

use std::collections::HashMap;

use analysis::insights::in_order;
use analysis::report;
use base::Timestamp;
use base::id::{AnalysisId, InsightId, RepoId, TaskId, WorkspaceId};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{id, unknown};
use crate::model::{CheckResult, Insight, InsightState};

#[derive(sqlx::FromRow)]
struct InsightRow {
    #[sqlx(try_from = "String")]
    id: InsightId,
    #[sqlx(try_from = "String")]
    repo_id: RepoId,
    body: String,
    state: String,
    check_result: Option<String>,
    task_id: Option<String>,
    #[sqlx(try_from = "String")]
    first_analysis: AnalysisId,
    #[sqlx(try_from = "String")]
    last_analysis: AnalysisId,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    closed_at: Option<i64>,
    version: i64,
}

impl InsightRow {
    fn insight(self) -> Result<Insight, Error> {
        let last_check: Option<CheckResult> =
            self.check_result.as_deref().map(serde_json::from_str).transpose().map_err(Error::corrupt)?;
        Ok(Insight {
            id: self.id,
            repo: self.repo_id,
            body: serde_json::from_str::<report::Insight>(&self.body).map_err(Error::corrupt)?,
            state: InsightState::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            last_check,
            task: self.task_id.map(id).transpose()?,
            first_analysis: self.first_analysis,
            last_analysis: self.last_analysis,
            created_at: self.created_at,
            closed_at: self.closed_at.map(Timestamp::from_micros),
            version: self.version,
        })
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::corrupt)
}

/// Every insight of a repository, as part of a transaction.
pub(crate) async fn all_in(tx: &mut Tx, workspace: WorkspaceId, repo: RepoId) -> Result<Vec<Insight>, Error> {
    let rows = tx
        .query(
            "SELECT id, repo_id, body, state, check_result, task_id, first_analysis, last_analysis, created_at,
                 closed_at, version
             FROM repo_insight WHERE workspace_id = $1 AND repo_id = $2 ORDER BY rank DESC, id",
        )
        .bind(workspace)
        .bind(repo)
        .all::<InsightRow>()
        .await?;
    rows.into_iter().map(InsightRow::insight).collect()
}

/// The insights of a repository: open ones first, in each state in the order of a report.
pub(crate) async fn of_repo(db: &Db, workspace: WorkspaceId, repo: RepoId) -> Result<Vec<Insight>, Error> {
    let rows = db
        .query(
            "SELECT id, repo_id, body, state, check_result, task_id, first_analysis, last_analysis, created_at,
                 closed_at, version
             FROM repo_insight WHERE workspace_id = $1 AND repo_id = $2
             ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'closed' THEN 1 ELSE 2 END, rank DESC, id LIMIT 500",
        )
        .bind(workspace)
        .bind(repo)
        .all::<InsightRow>()
        .await?;
    let mut insights: Vec<Insight> = rows.into_iter().map(InsightRow::insight).collect::<Result<_, _>>()?;
    // Where ranks are equal, what decides stands in the body, which no database here looks into.
    insights.sort_by(|a, b| (a.state as u8).cmp(&(b.state as u8)).then_with(|| in_order(&a.body, &b.body)));
    Ok(insights)
}

/// How many open insights each repository has, or one of them.
pub(crate) async fn open_of(
    db: &Db,
    workspace: WorkspaceId,
    repo: Option<RepoId>,
) -> Result<HashMap<RepoId, u64>, Error> {
    let mut find = SqlBuilder::new("SELECT repo_id, COUNT(*) FROM repo_insight WHERE workspace_id = ");
    find.bind(workspace).push(" AND state = 'open'");
    if let Some(repo) = repo {
        find.push(" AND repo_id = ").bind(repo);
    }
    find.push(" GROUP BY repo_id");
    let rows = db.query(find).all::<(String, i64)>().await?;
    rows.into_iter()
        .map(|(repo, count)| Ok((id(repo)?, u64::try_from(count).map_err(Error::corrupt)?)))
        .collect()
}

const BY_ID: &str =
    "SELECT id, repo_id, body, state, check_result, task_id, first_analysis, last_analysis, created_at,
        closed_at, version
    FROM repo_insight WHERE workspace_id = $1 AND id = $2";

/// One insight.
pub(crate) async fn by_id(
    db: &Db,
    workspace: WorkspaceId,
    insight: InsightId,
) -> Result<Option<Insight>, Error> {
    let query = db.query(BY_ID).bind(workspace).bind(insight);
    query.optional::<InsightRow>().await?.map(InsightRow::insight).transpose()
}

/// One insight, as part of a transaction.
pub(crate) async fn by_id_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    insight: InsightId,
) -> Result<Option<Insight>, Error> {
    let query = tx.query(BY_ID).bind(workspace).bind(insight);
    query.optional::<InsightRow>().await?.map(InsightRow::insight).transpose()
}

/// Adds an insight; one with the same fingerprint must not exist.
pub(crate) async fn insert(tx: &mut Tx, workspace: WorkspaceId, insight: &Insight) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_insight (id, workspace_id, repo_id, fingerprint, kind, severity, rank, title, body, state,
             first_analysis, last_analysis, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12, 1)",
    )
    .bind(insight.id)
    .bind(workspace)
    .bind(insight.repo)
    .bind(insight.body.fingerprint.as_str())
    .bind(insight.body.kind.as_str())
    .bind(insight.body.severity.as_str())
    .bind(insight.body.rank)
    .bind(insight.body.title.as_str())
    .bind(json(&insight.body)?)
    .bind(insight.first_analysis)
    .bind(insight.last_analysis)
    .bind(insight.created_at)
    .execute()
    .await?;
    Ok(())
}

/// Stores the insight as it is now, if it is still at `version`; [`Error::Changed`] otherwise.
pub(crate) async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    insight: &Insight,
    version: i64,
) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_insight SET kind = $4, severity = $5, rank = $6, title = $7, body = $8, state = $9,
             check_result = $10, task_id = $11, last_analysis = $12, closed_at = $13, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(insight.id)
    .bind(version)
    .bind(insight.body.kind.as_str())
    .bind(insight.body.severity.as_str())
    .bind(insight.body.rank)
    .bind(insight.body.title.as_str())
    .bind(json(&insight.body)?)
    .bind(insight.state.as_str())
    .bind(insight.last_check.as_ref().map(json).transpose()?)
    .bind(insight.task.map(|task: TaskId| task.to_string()))
    .bind(insight.last_analysis)
    .bind(insight.closed_at)
    .swap()
    .await
}
