//! `repo_finding`.

use std::collections::HashSet;

use analysis::report;
use base::id::{AnalysisId, FindingId, RepoId, WorkspaceId};
use base::{Cursor, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use super::{kind, kind_name, severity, unknown};
use crate::model::{Finding, FindingFilter, FindingState};

/// Rows of one statement: well below the number of values either engine takes.
const CHUNK: usize = 200;

/// Words sort by their meaning, not by their letters.
const SEVERITY: &str = "CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2
    WHEN 'low' THEN 1 ELSE 0 END";

// Text is looked for as it is: `LIKE` has signs of its own, a limit, and on SQLite its own idea of equal letters. The
// letters a to z are found in any case, all others as they are written: `LOWER` means that to SQLite, and to
// PostgreSQL where it is told so.

/// Where a text is in the message; from 1, or 0.
const MESSAGE_HAS: Sql = Sql::per_engine("INSTR(LOWER(message), ", "STRPOS(LOWER(message COLLATE \"C\"), ");

/// Where a text is in the path.
const PATH_HAS: Sql = Sql::per_engine("INSTR(LOWER(path), ", "STRPOS(LOWER(path COLLATE \"C\"), ");

/// Where a text is in the rule's id.
const RULE_HAS: Sql = Sql::per_engine("INSTR(LOWER(rule), ", "STRPOS(LOWER(rule COLLATE \"C\"), ");

/// Paths sort by their bytes on both engines.
fn path_column() -> Sql {
    Sql::per_engine("path", "path COLLATE \"C\"")
}

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
            detail: None,
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
    findings: &[report::Finding],
    mut new_id: impl FnMut() -> FindingId,
) -> Result<(), Error> {
    // One statement must not touch a row twice, which hostile repositories might lead to; the first one counts.
    let mut seen = HashSet::new();
    let findings: Vec<&report::Finding> =
        findings.iter().filter(|finding| seen.insert(finding.fingerprint.as_str())).collect();
    for chunk in findings.chunks(CHUNK) {
        let mut insert = SqlBuilder::new(
            "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, path, line,
                 message, in_test, state, first_analysis, last_analysis, first_seen_at, last_seen_at) VALUES ",
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
            insert.bind(finding.message.as_str()).push(", ").bind(finding.in_test).push(", 'open', ");
            insert.bind(sighting.analysis).push(", ").bind(sighting.analysis).push(", ");
            insert.bind(sighting.at).push(", ").bind(sighting.at).push(")");
        }
        insert.push(
            " ON CONFLICT (repo_id, fingerprint) DO UPDATE SET
                 rule = excluded.rule, kind = excluded.kind, severity = excluded.severity, path = excluded.path,
                 line = excluded.line, message = excluded.message,
                 in_test = excluded.in_test, state = 'open',
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

fn narrow(find: &mut SqlBuilder, workspace: WorkspaceId, repo: RepoId, filter: &FindingFilter) {
    find.push(" FROM repo_finding WHERE workspace_id = ").bind(workspace).push(" AND repo_id = ").bind(repo);
    if !filter.severities.is_empty() {
        find.push(" AND severity IN (").bind_all(filter.severities.iter().map(|it| it.as_str())).push(")");
    }
    if !filter.kinds.is_empty() {
        find.push(" AND kind IN (").bind_all(filter.kinds.iter().map(|it| kind_name(*it))).push(")");
    }
    if !filter.rules.is_empty() {
        find.push(" AND rule IN (").bind_all(filter.rules.iter().map(String::as_str)).push(")");
    }
    if let Some(path) = &filter.path {
        // Everything that begins with `folder/` lies between that and `folder0`, whose last byte is the next one.
        let folder = path.trim_end_matches('/');
        find.push(" AND (path = ").bind(path.as_str()).push(" OR (").push(path_column()).push(" > ");
        find.bind(format!("{folder}/")).push(" AND ").push(path_column()).push(" < ");
        find.bind(format!("{folder}0")).push("))");
    }
    if let Some(text) = &filter.text {
        let wanted = text.to_ascii_lowercase();
        find.push(" AND (").push(MESSAGE_HAS).bind(wanted.as_str());
        find.push(") > 0 OR ").push(PATH_HAS).bind(wanted.as_str());
        find.push(") > 0 OR ").push(RULE_HAS).bind(wanted).push(") > 0)");
    }
    if let Some(state) = filter.state {
        find.push(" AND state = ").bind(state.as_str());
    }
}

/// The sort key of the last row of a page.
#[derive(Serialize, Deserialize)]
struct Place(bool, i64, String, i64, String);

impl Place {
    fn of(finding: &Finding) -> Self {
        let rank = report::Severity::ALL.iter().position(|it| *it == finding.severity).unwrap_or(0);
        let rank = i64::try_from(rank).unwrap_or(0);
        Self(finding.in_test, rank, finding.path.clone(), i64::from(finding.line), finding.id.to_string())
    }
}

/// The position after this row.
pub(crate) fn cursor(finding: &Finding) -> Cursor {
    Cursor(hex::encode(serde_json::to_vec(&Place::of(finding)).unwrap_or_default()))
}

/// Rows that pass the filter, after the cursor: first what is shipped, then tests and examples, each worst first. A cursor that makes no sense starts from the beginning.
pub(crate) async fn list(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    filter: &FindingFilter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Finding>, Error> {
    let mut find = SqlBuilder::new(
        "SELECT id, repo_id, fingerprint, rule, kind, severity, path, line, message, in_test, state,
             first_analysis, last_analysis, first_seen_at, last_seen_at",
    );
    narrow(&mut find, workspace, repo, filter);
    let place = after
        .and_then(|cursor| hex::decode(&cursor.0).ok())
        .and_then(|bytes| serde_json::from_slice::<Place>(&bytes).ok());
    if let Some(Place(in_test, rank, path, line, id)) = place {
        find.push(" AND (in_test > ").bind(in_test).push(" OR (in_test = ").bind(in_test);
        find.push(" AND (").push(SEVERITY).push(" < ").bind(rank);
        find.push(" OR (").push(SEVERITY).push(" = ").bind(rank).push(" AND (");
        find.push(path_column()).push(" > ").bind(path.as_str());
        find.push(" OR (path = ").bind(path).push(" AND (line > ").bind(line);
        find.push(" OR (line = ").bind(line).push(" AND id > ").bind(id).push("))))))))");
    }
    find.push(" ORDER BY in_test, ")
        .push(SEVERITY)
        .push(" DESC, ")
        .push(path_column())
        .push(", line, id LIMIT ");
    find.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = db.query(find).all::<FindingRow>().await?;
    rows.into_iter().map(FindingRow::finding).collect()
}

/// One finding.
pub(crate) async fn by_id(
    db: &Db,
    workspace: WorkspaceId,
    finding: FindingId,
) -> Result<Option<Finding>, Error> {
    db.query(
        "SELECT id, repo_id, fingerprint, rule, kind, severity, path, line, message, in_test, state,
             first_analysis, last_analysis, first_seen_at, last_seen_at
         FROM repo_finding WHERE workspace_id = $1 AND id = $2",
    )
    .bind(workspace)
    .bind(finding)
    .optional::<FindingRow>()
    .await?
    .map(FindingRow::finding)
    .transpose()
}

/// How many rows that pass the filter have each combination of severity, kind and rule.
pub(crate) async fn counts(
    db: &Db,
    workspace: WorkspaceId,
    repo: RepoId,
    filter: &FindingFilter,
) -> Result<Vec<(report::Severity, report::FindingKind, String, u64)>, Error> {
    let mut find = SqlBuilder::new("SELECT severity, kind, rule, COUNT(*)");
    narrow(&mut find, workspace, repo, filter);
    find.push(" GROUP BY severity, kind, rule ORDER BY severity, kind, rule");
    let rows = db.query(find).all::<(String, String, String, i64)>().await?;
    rows.into_iter()
        .map(|(level, sort, rule, count)| {
            Ok((severity(&level)?, kind(&sort)?, rule, u64::try_from(count).map_err(Error::corrupt)?))
        })
        .collect()
}
