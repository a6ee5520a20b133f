//! What people decide about findings: `repo_suppression`, `repo_suppressed`, `repo_baseline`, `repo_verdict`.

use std::collections::HashMap;

use base::Timestamp;
use base::id::{AnalysisId, FindingId, RepoId, SuppressionId, UserId, WorkspaceId};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{id, unknown};
use crate::model::{Baseline, RuleVerdicts, Suppression, SuppressionKind, SuppressionScope};

/// Rows of one statement: well below the number of values either engine takes.
const CHUNK: usize = 400;

const COLUMNS: &str = "SELECT id, repo_id, kind, reason, scope, rule, path, expires_at, created_at, created_by, version FROM repo_suppression ";

#[derive(sqlx::FromRow)]
struct SuppressionRow {
    #[sqlx(try_from = "String")]
    id: SuppressionId,
    #[sqlx(try_from = "String")]
    repo_id: RepoId,
    kind: String,
    reason: String,
    scope: String,
    rule: Option<String>,
    path: Option<String>,
    expires_at: Option<i64>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    version: i64,
}

impl SuppressionRow {
    /// `findings` is how many open ones it hides.
    fn suppression(self, findings: u64) -> Result<Suppression, Error> {
        Ok(Suppression {
            id: self.id,
            repo: self.repo_id,
            kind: SuppressionKind::parse(&self.kind).ok_or_else(|| unknown("kind", &self.kind))?,
            reason: self.reason,
            scope: SuppressionScope::parse(&self.scope).ok_or_else(|| unknown("scope", &self.scope))?,
            rule: self.rule,
            path: self.path,
            expires_at: self.expires_at.map(Timestamp::from_micros),
            created_at: self.created_at,
            created_by: self.created_by,
            version: self.version,
            findings,
        })
    }
}

fn of(workspace: WorkspaceId, repo: RepoId) -> SqlBuilder {
    let mut find = SqlBuilder::new(COLUMNS);
    find.push("WHERE workspace_id = ").bind(workspace).push(" AND repo_id = ").bind(repo);
    find.push(" AND ended_at IS NULL ORDER BY created_at DESC, id DESC");
    find
}

/// What nobody took back, the newest first; also what ended by itself.
pub(crate) async fn of_repo(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Vec<Suppression>, Error> {
    let counted = db
        .query(
            "SELECT suppressed_by, COUNT(*) FROM repo_finding
             WHERE workspace_id = $1 AND repo_id = $2 AND state = 'open' AND suppressed_by IS NOT NULL
             GROUP BY suppressed_by",
        )
        .bind(workspace)
        .bind(repo)
        .all::<(String, i64)>()
        .await?;
    let mut counts: HashMap<SuppressionId, u64> = HashMap::new();
    for (suppression, count) in counted {
        counts.insert(id(suppression)?, u64::try_from(count).map_err(Error::corrupt)?);
    }
    let rows = db.query(of(workspace, repo)).all::<SuppressionRow>().await?;
    rows.into_iter()
        .map(|row| {
            let findings = counts.get(&row.id).copied().unwrap_or(0);
            row.suppression(findings)
        })
        .collect()
}

/// The same as part of a transaction, without counting their findings.
pub(crate) async fn of_repo_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Vec<Suppression>, Error> {
    let rows = tx.query(of(workspace, repo)).all::<SuppressionRow>().await?;
    rows.into_iter().map(|row| row.suppression(0)).collect()
}

/// For each suppression of single findings that nobody took back, these.
pub(crate) async fn named(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<HashMap<SuppressionId, Vec<FindingId>>, Error> {
    let rows = tx
        .query(
            "SELECT suppression_id, finding_id FROM repo_suppressed WHERE suppression_id IN
                 (SELECT id FROM repo_suppression WHERE workspace_id = $1 AND repo_id = $2 AND ended_at IS NULL)",
        )
        .bind(workspace)
        .bind(repo)
        .all::<(String, String)>()
        .await?;
    let mut named: HashMap<SuppressionId, Vec<FindingId>> = HashMap::new();
    for (suppression, finding) in rows {
        named.entry(id(suppression)?).or_default().push(id(finding)?);
    }
    Ok(named)
}

/// Adds one, with the findings it is about where these are single ones.
pub(crate) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: &Suppression,
    findings: &[FindingId],
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_suppression
             (id, workspace_id, repo_id, kind, reason, scope, rule, path, expires_at, created_at, created_by, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
    )
    .bind(new.id)
    .bind(workspace)
    .bind(new.repo)
    .bind(new.kind.as_str())
    .bind(new.reason.as_str())
    .bind(new.scope.as_str())
    .bind(new.rule.as_deref())
    .bind(new.path.as_deref())
    .bind(new.expires_at)
    .bind(new.created_at)
    .bind(new.created_by)
    .execute()
    .await?;
    for chunk in findings.chunks(CHUNK) {
        let mut insert = SqlBuilder::new("INSERT INTO repo_suppressed (suppression_id, finding_id) VALUES ");
        for (number, finding) in chunk.iter().enumerate() {
            insert.push(if number == 0 { "(" } else { ", (" });
            insert.bind(new.id).push(", ").bind(*finding).push(")");
        }
        tx.query(insert).execute().await?;
    }
    Ok(())
}

/// Takes one back. `version` is the one that was seen.
pub(crate) async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    suppression: &Suppression,
    by: UserId,
    at: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_suppression SET ended_at = $4, ended_by = $5, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3 AND ended_at IS NULL",
    )
    .bind(workspace)
    .bind(suppression.id)
    .bind(suppression.version)
    .bind(at)
    .bind(by)
    .swap()
    .await
}

#[derive(sqlx::FromRow)]
struct BaselineRow {
    analysis_id: Option<String>,
    before: Option<i64>,
    #[sqlx(try_from = "String")]
    set_by: UserId,
    #[sqlx(try_from = "i64")]
    set_at: Timestamp,
    version: i64,
}

/// The baseline of a repository; also one that hides nothing, for its version.
pub(crate) async fn baseline(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Option<Baseline>, Error> {
    let row = db
        .query(
            "SELECT analysis_id, before, set_by, set_at, version FROM repo_baseline
             WHERE workspace_id = $1 AND repo_id = $2",
        )
        .bind(workspace)
        .bind(repo)
        .optional::<BaselineRow>()
        .await?;
    row.map(|row| {
        Ok(Baseline {
            analysis: row.analysis_id.map(id).transpose()?,
            before: row.before.map(Timestamp::from_micros),
            set_by: row.set_by,
            set_at: row.set_at,
            version: row.version,
        })
    })
    .transpose()
}

/// Sets it; its version is the one that was seen, 0 where there was none.
pub(crate) async fn set_baseline(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    baseline: &Baseline,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_baseline (repo_id, workspace_id, analysis_id, before, set_by, set_at, version)
         VALUES ($1, $2, NULL, NULL, $3, $4, 0) ON CONFLICT (repo_id) DO NOTHING",
    )
    .bind(repo)
    .bind(workspace)
    .bind(baseline.set_by)
    .bind(baseline.set_at)
    .execute()
    .await?;
    tx.query(
        "UPDATE repo_baseline SET analysis_id = $4, before = $5, set_by = $6, set_at = $7, version = version + 1
         WHERE workspace_id = $1 AND repo_id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(repo)
    .bind(baseline.version)
    .bind(baseline.analysis)
    .bind(baseline.before)
    .bind(baseline.set_by)
    .bind(baseline.set_at)
    .swap()
    .await
}

/// Whose word it is about what.
pub(crate) struct Verdict<'a> {
    pub(crate) finding: FindingId,
    pub(crate) repo: RepoId,
    pub(crate) rule: &'a str,
    pub(crate) by: UserId,
}

/// Keeps what somebody says of a finding; `None` takes it back.
pub(crate) async fn judge(
    tx: &mut Tx,
    workspace: WorkspaceId,
    verdict: &Verdict<'_>,
    useful: Option<bool>,
    at: Timestamp,
) -> Result<(), Error> {
    tx.query("DELETE FROM repo_verdict WHERE workspace_id = $1 AND finding_id = $2 AND user_id = $3")
        .bind(workspace)
        .bind(verdict.finding)
        .bind(verdict.by)
        .execute()
        .await?;
    let Some(useful) = useful else { return Ok(()) };
    tx.query(
        "INSERT INTO repo_verdict (finding_id, user_id, workspace_id, repo_id, rule, useful, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(verdict.finding)
    .bind(verdict.by)
    .bind(workspace)
    .bind(verdict.repo)
    .bind(verdict.rule)
    .bind(useful)
    .bind(at)
    .execute()
    .await?;
    Ok(())
}

/// What the workspace said of its rules, in all its repositories.
pub(crate) async fn verdicts(
    db: &Db,
    workspace: WorkspaceId,
) -> Result<HashMap<String, RuleVerdicts>, Error> {
    let rows = db
        .query(
            "SELECT rule, COUNT(*), SUM(CASE WHEN useful THEN 1 ELSE 0 END) FROM repo_verdict
             WHERE workspace_id = $1 GROUP BY rule",
        )
        .bind(workspace)
        .all::<(String, i64, i64)>()
        .await?;
    rows.into_iter()
        .map(|(rule, judged, useful)| {
            let count = |number: i64| u64::try_from(number).map_err(Error::corrupt);
            Ok((rule, RuleVerdicts { judged: count(judged)?, useful: count(useful)? }))
        })
        .collect()
}

/// What one person said of the findings of a repository.
pub(crate) async fn verdicts_by(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    by: UserId,
) -> Result<HashMap<FindingId, bool>, Error> {
    let rows = db
        .query(
            "SELECT finding_id, useful FROM repo_verdict WHERE workspace_id = $1 AND repo_id = $2 AND user_id = $3",
        )
        .bind(workspace)
        .bind(repo)
        .bind(by)
        .all::<(String, bool)>()
        .await?;
    rows.into_iter().map(|(finding, useful)| Ok((id(finding)?, useful))).collect()
}

/// The analysis that a baseline hides up to: when its findings were seen.
pub(crate) async fn seen_at(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    analysis: AnalysisId,
) -> Result<Option<Timestamp>, Error> {
    let row = db
        .query(
            "SELECT finished_at FROM repo_analysis
             WHERE workspace_id = $1 AND repo_id = $2 AND id = $3 AND state = 'done' AND finished_at IS NOT NULL",
        )
        .bind(workspace)
        .bind(repo)
        .bind(analysis)
        .optional::<(i64,)>()
        .await?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}
