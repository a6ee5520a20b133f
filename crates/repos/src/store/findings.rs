//! `repo_finding`.

use std::collections::{HashMap, HashSet};

use analysis::order::{Hardness, in_order};
use analysis::report;
use base::Timestamp;
use base::id::{AnalysisId, FindingId, RepoId, WorkspaceId};
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use super::{id, kind, kind_name, severity, unknown};
use crate::model::{Finding, FindingState, FindingTally, Suppression, SuppressionMark, SuppressionScope};

/// Rows of one statement: well below the number of values either engine takes.
const CHUNK: usize = 200;

const COLUMNS: &str = "SELECT id, repo_id, fingerprint, rule, kind, severity, path, line, message, in_test, state, place,
    suppressed_by, suppressed_until, first_analysis, last_analysis, first_seen_at, last_seen_at FROM repo_finding ";

/// Paths sort by their bytes on both engines.
fn path_column() -> Sql {
    Sql::per_engine("path", "path COLLATE \"C\"")
}

/// The end of a suppression that has none.
const NEVER: i64 = i64::MAX;

#[derive(sqlx::FromRow)]
struct FindingRow {
    #[sqlx(try_from = "String")]
    id: FindingId,
    #[sqlx(try_from = "String")]
    repo_id: RepoId,
    fingerprint: String,
    rule: String,
    kind: String,
    severity: String,
    path: String,
    line: i64,
    message: String,
    in_test: bool,
    state: String,
    place: i64,
    suppressed_by: Option<String>,
    suppressed_until: i64,
    #[sqlx(try_from = "String")]
    first_analysis: AnalysisId,
    #[sqlx(try_from = "String")]
    last_analysis: AnalysisId,
    #[sqlx(try_from = "i64")]
    first_seen_at: Timestamp,
    #[sqlx(try_from = "i64")]
    last_seen_at: Timestamp,
}

impl FindingRow {
    fn finding(self) -> Result<Finding, Error> {
        let suppression = self.suppressed_by.map(id).transpose()?;
        let until = self.suppressed_until;
        Ok(Finding {
            id: self.id,
            repo: self.repo_id,
            fingerprint: self.fingerprint,
            kind: kind(&self.kind)?,
            severity: severity(&self.severity)?,
            rule: self.rule,
            path: self.path,
            line: u32::try_from(self.line).map_err(Error::corrupt)?,
            message: self.message,
            in_test: self.in_test,
            state: FindingState::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            first_analysis: self.first_analysis,
            last_analysis: self.last_analysis,
            first_seen_at: self.first_seen_at,
            last_seen_at: self.last_seen_at,
            place: u32::try_from(self.place).map_err(Error::corrupt)?,
            suppression: suppression.map(|id| SuppressionMark {
                id,
                until: (until != NEVER).then(|| Timestamp::from_micros(until)),
            }),
            detail: None,
            language: None,
            owner: None,
            is_new: false,
        })
    }
}

/// What a report's findings belong to.
#[derive(Clone, Copy)]
pub(crate) struct Sighting {
    pub(crate) workspace: WorkspaceId,
    pub(crate) repo: RepoId,
    pub(crate) analysis: AnalysisId,
    pub(crate) at: Timestamp,
}

/// Adds new findings, refreshes known ones, and marks those that are no longer seen as gone.
pub(crate) async fn save(
    tx: &mut Tx,
    sighting: Sighting,
    report: &report::Report,
    mut new_id: impl FnMut() -> FindingId,
) -> Result<(), Error> {
    // One statement must not touch a row twice, which hostile repositories might lead to; the first one counts.
    let mut seen = HashSet::new();
    let findings: Vec<&report::Finding> =
        report.findings.iter().filter(|finding| seen.insert(finding.fingerprint.as_str())).collect();
    let read_in_order = in_order(findings.iter().copied(), &Hardness::of(report));
    let places: HashMap<&str, u32> =
        read_in_order.iter().map(|finding| finding.fingerprint.as_str()).zip(0..).collect();
    for chunk in findings.chunks(CHUNK) {
        let mut insert = SqlBuilder::new(
            "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, path, line,
                 message, in_test, place, state, first_analysis, last_analysis, first_seen_at, last_seen_at) VALUES ",
        );
        for (number, finding) in chunk.iter().enumerate() {
            insert.push(if number == 0 { "(" } else { ", (" });
            insert
                .bind(new_id())
                .push(", ")
                .bind(sighting.workspace)
                .push(", ")
                .bind(sighting.repo)
                .push(", ");
            insert.bind(finding.fingerprint.as_str()).push(", ").bind(finding.rule.as_str()).push(", ");
            insert.bind(kind_name(finding.kind)).push(", ").bind(finding.severity.as_str()).push(", ");
            insert.bind(finding.span.path.as_str()).push(", ").bind(finding.span.start).push(", ");
            insert.bind(finding.message.as_str()).push(", ").bind(finding.in_test).push(", ");
            insert.bind(places.get(finding.fingerprint.as_str()).copied().unwrap_or(0)).push(", 'open', ");
            insert.bind(sighting.analysis).push(", ").bind(sighting.analysis).push(", ");
            insert.bind(sighting.at).push(", ").bind(sighting.at).push(")");
        }
        insert.push(
            " ON CONFLICT (repo_id, fingerprint) DO UPDATE SET
                 rule = excluded.rule, kind = excluded.kind, severity = excluded.severity, path = excluded.path,
                 line = excluded.line, message = excluded.message,
                 in_test = excluded.in_test, place = excluded.place, state = 'open',
                 last_analysis = excluded.last_analysis, last_seen_at = excluded.last_seen_at",
        );
        tx.query(insert).execute().await?;
    }
    tx.query(
        "UPDATE repo_finding SET state = 'gone'
         WHERE workspace_id = $1 AND repo_id = $2 AND state = 'open' AND last_analysis <> $3",
    )
    .bind(sighting.workspace)
    .bind(sighting.repo)
    .bind(sighting.analysis)
    .execute()
    .await?;
    Ok(())
}

/// Every finding of a repository, also those that are gone, in no order.
pub(crate) async fn of_repo(db: &Db, workspace: WorkspaceId, repo: RepoId) -> Result<Vec<Finding>, Error> {
    let mut find = SqlBuilder::new(COLUMNS);
    find.push("WHERE workspace_id = ").bind(workspace).push(" AND repo_id = ").bind(repo);
    let rows = db.query(find).all::<FindingRow>().await?;
    rows.into_iter().map(FindingRow::finding).collect()
}

/// One finding.
pub(crate) async fn by_id(
    db: &Db,
    workspace: WorkspaceId,
    finding: FindingId,
) -> Result<Option<Finding>, Error> {
    let mut find = SqlBuilder::new(COLUMNS);
    find.push("WHERE workspace_id = ").bind(workspace).push(" AND id = ").bind(finding);
    db.query(find).optional::<FindingRow>().await?.map(FindingRow::finding).transpose()
}

/// How many open findings each repository has, or one of them.
pub(crate) async fn tallies(
    db: &Db,
    workspace: WorkspaceId,
    repo: Option<RepoId>,
    now: Timestamp,
) -> Result<HashMap<RepoId, FindingTally>, Error> {
    let mut find =
        SqlBuilder::new("SELECT repo_id, in_test, severity, COUNT(*), SUM(CASE WHEN suppressed_until > ");
    find.bind(now).push(" THEN 1 ELSE 0 END) FROM repo_finding WHERE workspace_id = ").bind(workspace);
    find.push(" AND state = 'open'");
    if let Some(repo) = repo {
        find.push(" AND repo_id = ").bind(repo);
    }
    find.push(" GROUP BY repo_id, in_test, severity");
    let mut tallies: HashMap<RepoId, FindingTally> = HashMap::new();
    for (repo, in_test, level, all, suppressed) in
        db.query(find).all::<(String, bool, String, i64, i64)>().await?
    {
        let tally = tallies.entry(id(repo)?).or_default();
        tally.suppressed += u64::try_from(suppressed).map_err(Error::corrupt)?;
        let half = if in_test { &mut tally.tests } else { &mut tally.shipped };
        let count = match severity(&level)? {
            report::Severity::Critical => &mut half.critical,
            report::Severity::High => &mut half.high,
            report::Severity::Medium => &mut half.medium,
            report::Severity::Low => &mut half.low,
            report::Severity::Info => &mut half.info,
        };
        *count += u32::try_from(all - suppressed).map_err(Error::corrupt)?;
    }
    Ok(tallies)
}

/// Says again which suppression keeps which finding out of the counts: of several, the one that ends last.
pub(crate) async fn suppress_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    suppressions: &[Suppression],
) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_finding SET suppressed_by = NULL, suppressed_until = 0
         WHERE workspace_id = $1 AND repo_id = $2 AND suppressed_by IS NOT NULL",
    )
    .bind(workspace)
    .bind(repo)
    .execute()
    .await?;
    let mut in_order: Vec<&Suppression> = suppressions.iter().collect();
    in_order.sort_by_key(|each| (until(each), each.created_at, each.id));
    for suppression in in_order {
        suppress(tx, workspace, repo, suppression).await?;
    }
    Ok(())
}

/// Marks what a suppression covers, except where one that ends later does. How many open findings it has then.
pub(crate) async fn suppress(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    suppression: &Suppression,
) -> Result<u64, Error> {
    let mut mark = SqlBuilder::new("UPDATE repo_finding SET suppressed_by = ");
    mark.bind(suppression.id).push(", suppressed_until = ").bind(until(suppression));
    mark.push(" WHERE workspace_id = ").bind(workspace).push(" AND repo_id = ").bind(repo);
    mark.push(" AND suppressed_until <= ").bind(until(suppression));
    if let Some(rule) = &suppression.rule {
        mark.push(" AND rule = ").bind(rule);
    }
    match (suppression.scope, &suppression.path) {
        (SuppressionScope::Findings, _) => {
            mark.push(" AND id IN (SELECT finding_id FROM repo_suppressed WHERE suppression_id = ")
                .bind(suppression.id)
                .push(")");
        }
        (SuppressionScope::File, Some(path)) => {
            mark.push(" AND path = ").bind(path);
        }
        (SuppressionScope::Folder, Some(path)) => {
            // Everything that begins with `folder/` lies between that and `folder0`, whose last byte is the next one.
            let folder = path.trim_end_matches('/');
            mark.push(" AND ").push(path_column()).push(" > ").bind(format!("{folder}/"));
            mark.push(" AND ").push(path_column()).push(" < ").bind(format!("{folder}0"));
        }
        (SuppressionScope::File | SuppressionScope::Folder | SuppressionScope::Rule, _) => {}
    }
    tx.query(mark).execute().await?;
    let (count,): (i64,) = tx
        .query("SELECT COUNT(*) FROM repo_finding WHERE workspace_id = $1 AND suppressed_by = $2 AND state = 'open'")
        .bind(workspace)
        .bind(suppression.id)
        .one()
        .await?;
    u64::try_from(count).map_err(Error::corrupt)
}

fn until(suppression: &Suppression) -> i64 {
    suppression.expires_at.map_or(NEVER, Timestamp::as_micros)
}
