//! `repo_finding`.

mod list;

pub(crate) use list::{Group, Listed, Place};

use std::collections::{BTreeMap, HashMap, HashSet};

use analysis::order::{Hardness, in_order};
use analysis::report;
use base::Timestamp;
use base::id::{AnalysisId, FindingId, RepoId, SuppressionId, WorkspaceId};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{id, kind, kind_name, severity, unknown};
use crate::model::{Finding, FindingState, FindingTally, Suppression, SuppressionMark, SuppressionScope};

/// Rows of one statement: well below the number of values either engine takes.
const CHUNK: usize = 200;

const COLUMNS: &str = "SELECT id, repo_id, fingerprint, rule, kind, severity, path, line, message, in_test, state, place,
    suppressed_by, suppressed_until, first_analysis, last_analysis, first_seen_at, last_seen_at, opened_at, opened_in,
    language, owner FROM repo_finding ";

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
    opened_at: Option<i64>,
    opened_in: Option<String>,
    language: Option<String>,
    owner: Option<i64>,
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
            opened_at: self.opened_at.map_or(self.first_seen_at, Timestamp::from_micros),
            opened_in: self.opened_in.map_or(Ok(self.first_analysis), id)?,
            place: u32::try_from(self.place).map_err(Error::corrupt)?,
            suppression: suppression.map(|id| SuppressionMark {
                id,
                until: (until != NEVER).then(|| Timestamp::from_micros(until)),
            }),
            detail: None,
            language: self.language,
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
    let surroundings = Surroundings::of(report);
    for chunk in findings.chunks(CHUNK) {
        let mut insert = SqlBuilder::new(
            "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, rank, path, folder,
                 line, message, in_test, language, owner, place, state, first_analysis, last_analysis, first_seen_at,
                 last_seen_at) VALUES ",
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
            let path = finding.span.path.as_str();
            insert
                .bind(list::rank(finding.severity))
                .push(", ")
                .bind(path)
                .push(", ")
                .bind(root_folder(path));
            insert.push(", ").bind(finding.span.start).push(", ");
            insert.bind(finding.message.as_str()).push(", ").bind(finding.in_test).push(", ");
            let (language, owner) = surroundings.of_file(path);
            insert.bind(language).push(", ").bind(owner).push(", ");
            insert.bind(places.get(finding.fingerprint.as_str()).copied().unwrap_or(0)).push(", 'open', ");
            insert.bind(sighting.analysis).push(", ").bind(sighting.analysis).push(", ");
            insert.bind(sighting.at).push(", ").bind(sighting.at).push(")");
        }
        insert.push(
            " ON CONFLICT (repo_id, fingerprint) DO UPDATE SET
                 rule = excluded.rule, kind = excluded.kind, severity = excluded.severity, rank = excluded.rank,
                 path = excluded.path, folder = excluded.folder, language = excluded.language,
                 owner = excluded.owner, line = excluded.line, message = excluded.message,
                 in_test = excluded.in_test, place = excluded.place,
                 opened_at = CASE WHEN repo_finding.state = 'gone' THEN excluded.last_seen_at
                     ELSE repo_finding.opened_at END,
                 opened_in = CASE WHEN repo_finding.state = 'gone' THEN excluded.last_analysis
                     ELSE repo_finding.opened_in END,
                 state = 'open',
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
    surround_gone(tx, sighting, &surroundings).await
}

/// The folder of the root that a file is below; empty for files of the root.
fn root_folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

/// What a report says of the files around its findings.
struct Surroundings<'a> {
    languages: HashMap<&'a str, &'a str>,
    /// By folder, who made most of the changes, by the place among the report's people.
    owners: HashMap<&'a str, u32>,
}

impl<'a> Surroundings<'a> {
    fn of(report: &'a report::Report) -> Self {
        let history = &report.history;
        let named = |person: &u32| usize::try_from(*person).is_ok_and(|at| at < history.people.len());
        let owner = |row: &'a report::Ownership| {
            let person = row.shares.first().map(|share| share.person).filter(named)?;
            Some((row.folder.as_str(), person))
        };
        Self {
            languages: report.files.iter().map(|file| (file.path.as_str(), file.language.as_str())).collect(),
            owners: history.ownership.iter().filter_map(owner).collect(),
        }
    }

    fn of_file(&self, path: &str) -> (Option<&'a str>, Option<u32>) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        (self.languages.get(path).copied(), self.owners.get(folder).copied())
    }
}

/// Says of findings that are gone what the report says of their files now.
async fn surround_gone(
    tx: &mut Tx,
    sighting: Sighting,
    surroundings: &Surroundings<'_>,
) -> Result<(), Error> {
    let rows = tx
        .query(
            "SELECT id, path, language, owner FROM repo_finding
             WHERE workspace_id = $1 AND repo_id = $2 AND state = 'gone'",
        )
        .bind(sighting.workspace)
        .bind(sighting.repo)
        .all::<(String, String, Option<String>, Option<i64>)>()
        .await?;
    let mut changed: BTreeMap<(Option<&str>, Option<u32>), Vec<String>> = BTreeMap::new();
    for (id, path, language, owner) in rows {
        let wanted = surroundings.of_file(&path);
        if (language.as_deref(), owner) != (wanted.0, wanted.1.map(i64::from)) {
            changed.entry(wanted).or_default().push(id);
        }
    }
    for ((language, owner), findings) in changed {
        for chunk in findings.chunks(CHUNK) {
            let mut update = SqlBuilder::new("UPDATE repo_finding SET language = ");
            update.bind(language).push(", owner = ").bind(owner);
            update.push(" WHERE workspace_id = ").bind(sighting.workspace).push(" AND repo_id = ");
            update.bind(sighting.repo).push(" AND id IN (").bind_all(chunk.iter()).push(")");
            tx.query(update).execute().await?;
        }
    }
    Ok(())
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

#[derive(sqlx::FromRow)]
struct MarkedRow {
    #[sqlx(try_from = "String")]
    id: FindingId,
    rule: String,
    path: String,
    suppressed_by: Option<String>,
}

/// Says again which suppression keeps which finding out of the counts: of several, the one that ends last. Whoever
/// calls it has the repository to itself: see [`super::repositories::lock`].
pub(crate) async fn suppress_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    suppressions: &[Suppression],
) -> Result<(), Error> {
    let named = super::suppressions::named(tx, workspace, repo).await?;
    let covered = Covered::by(suppressions, &named);
    let rows = tx
        .query(
            "SELECT id, rule, path, suppressed_by FROM repo_finding WHERE workspace_id = $1 AND repo_id = $2",
        )
        .bind(workspace)
        .bind(repo)
        .all::<MarkedRow>()
        .await?;
    let mut changed: BTreeMap<Option<SuppressionId>, Vec<FindingId>> = BTreeMap::new();
    for row in rows {
        let wanted = covered.last_to_end(row.id, &row.rule, &row.path).map(|suppression| suppression.id);
        if row.suppressed_by.map(id).transpose()? != wanted {
            changed.entry(wanted).or_default().push(row.id);
        }
    }
    let ends: HashMap<SuppressionId, i64> = suppressions.iter().map(|each| (each.id, until(each))).collect();
    for (suppression, mut findings) in changed {
        findings.sort_unstable();
        let ends = suppression.and_then(|id| ends.get(&id).copied()).unwrap_or(0);
        for chunk in findings.chunks(CHUNK) {
            let mut mark = SqlBuilder::new("UPDATE repo_finding SET suppressed_by = ");
            mark.bind(suppression).push(", suppressed_until = ").bind(ends);
            mark.push(" WHERE workspace_id = ").bind(workspace).push(" AND repo_id = ").bind(repo);
            mark.push(" AND id IN (").bind_all(chunk.iter().copied()).push(")");
            tx.query(mark).execute().await?;
        }
    }
    Ok(())
}

/// Suppressions by what they cover, so that a finding is held against a few of them and not against all. Where two
/// cover the same, only the one that ends last is kept.
#[derive(Default)]
struct Covered<'a> {
    findings: HashMap<FindingId, &'a Suppression>,
    rules: HashMap<&'a str, &'a Suppression>,
    files: HashMap<(&'a str, &'a str), &'a Suppression>,
    folders: HashMap<(&'a str, &'a str), &'a Suppression>,
}

impl<'a> Covered<'a> {
    /// `named` has the findings of those that are about single ones.
    fn by(suppressions: &'a [Suppression], named: &HashMap<SuppressionId, Vec<FindingId>>) -> Self {
        let mut in_order: Vec<&Suppression> = suppressions.iter().collect();
        in_order.sort_by_key(|each| rank(each));
        let mut covered = Self::default();
        for each in in_order {
            match (each.scope, &each.rule, &each.path) {
                (SuppressionScope::Findings, ..) => {
                    let findings = named.get(&each.id).into_iter().flatten();
                    covered.findings.extend(findings.map(|finding| (*finding, each)));
                }
                (SuppressionScope::Rule, Some(rule), _) => {
                    covered.rules.insert(rule, each);
                }
                (SuppressionScope::File, Some(rule), Some(path)) => {
                    covered.files.insert((rule, path), each);
                }
                (SuppressionScope::Folder, Some(rule), Some(path)) => {
                    covered.folders.insert((rule, path.trim_end_matches('/')), each);
                }
                (SuppressionScope::Rule | SuppressionScope::File | SuppressionScope::Folder, ..) => {}
            }
        }
        covered
    }

    /// Of those that cover a finding, the one that ends last.
    fn last_to_end(&self, finding: FindingId, rule: &str, path: &str) -> Option<&'a Suppression> {
        let folders = path.match_indices('/').filter_map(|(end, _)| self.folders.get(&(rule, &path[..end])));
        let others = [self.findings.get(&finding), self.rules.get(rule), self.files.get(&(rule, path))];
        folders.chain(others.into_iter().flatten()).copied().max_by_key(|each| rank(each))
    }
}

/// By its end; of those that end together, the newest.
fn rank(suppression: &Suppression) -> (i64, Timestamp, SuppressionId) {
    (until(suppression), suppression.created_at, suppression.id)
}

fn until(suppression: &Suppression) -> i64 {
    suppression.expires_at.map_or(NEVER, Timestamp::as_micros)
}
