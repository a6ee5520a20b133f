//! Lists of findings: one page of those that pass a filter, and how many there are of each.
//!
//! The page is read in its order by an index. The counts come from one pass that puts together what is alike in
//! everything that findings are counted by; whoever shows them adds these groups up.

use analysis::report::{FindingKind, Severity};
use base::Timestamp;
use base::id::{AnalysisId, FindingId, RepoId, WorkspaceId};
use serde::{Deserialize, Serialize};
use storage::{Db, Error, Sql, SqlBuilder};

use super::{CHUNK, COLUMNS, FindingRow};
use crate::model::{Finding, FindingAge, FindingFilter, FindingStand};
use crate::store::{kind, kind_name, severity, unknown};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What lists are made from.
pub(crate) struct Listed<'a> {
    pub(crate) workspace: WorkspaceId,
    pub(crate) repo: RepoId,
    pub(crate) now: Timestamp,
    /// What is there since then or before is hidden.
    pub(crate) baseline: Option<Timestamp>,
    /// The analysis whose findings are new; none where it is the only one.
    pub(crate) newest: Option<AnalysisId>,
    /// The people of the newest report, as pages call them.
    pub(crate) people: &'a [String],
}

/// What rows are sorted by; that of the last row of a page is where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place(bool, u8, u32, String);

impl Place {
    pub(crate) fn of(finding: &Finding) -> Self {
        Self(finding.in_test, rank(finding.severity), finding.place, finding.fingerprint.clone())
    }

    /// Whether a row can have it: what readers bring may be anything.
    pub(crate) fn is_possible(&self) -> bool {
        self.3.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// How far from the worst a severity is.
pub(super) fn rank(severity: Severity) -> u8 {
    Severity::ALL.iter().rev().zip(0..).find(|(it, _)| **it == severity).map_or(0, |(_, rank)| rank)
}

/// Findings that are alike in everything that findings are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) severity: Severity,
    pub(crate) kind: FindingKind,
    pub(crate) rule: String,
    pub(crate) in_test: bool,
    /// The folder of the root; empty for files of the root.
    pub(crate) folder: String,
    pub(crate) language: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) age: FindingAge,
    pub(crate) is_new: bool,
    pub(crate) stand: FindingStand,
    /// Whether the baseline hides them.
    pub(crate) hidden: bool,
    pub(crate) count: u64,
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    severity: String,
    kind: String,
    rule: String,
    in_test: bool,
    folder: String,
    language: Option<String>,
    owner: Option<i64>,
    age: String,
    is_new: bool,
    stand: String,
    hidden: bool,
    count: i64,
}

impl Listed<'_> {
    fn person(&self, position: Option<i64>) -> Option<String> {
        self.people.get(usize::try_from(position?).ok()?).cloned()
    }

    fn group(&self, row: GroupRow) -> Result<Group, Error> {
        Ok(Group {
            severity: severity(&row.severity)?,
            kind: kind(&row.kind)?,
            rule: row.rule,
            in_test: row.in_test,
            folder: row.folder,
            language: row.language,
            owner: self.person(row.owner),
            age: FindingAge::parse(&row.age).ok_or_else(|| unknown("age", &row.age))?,
            is_new: row.is_new,
            stand: FindingStand::parse(&row.stand).ok_or_else(|| unknown("stand", &row.stand))?,
            hidden: row.hidden,
            count: u64::try_from(row.count).map_err(Error::corrupt)?,
        })
    }

    /// Those of the filter's text and path, in groups that the rest of the filter is held against. Where a state is
    /// wanted, those of another one are only counted by their state: of these, nothing is told but what the filter asks.
    pub(crate) async fn groups(&self, db: &Db, filter: &FindingFilter) -> Result<Vec<Group>, Error> {
        let mut find = SqlBuilder::new(
            "SELECT severity, kind, rule, in_test, folder, language, owner, age, is_new, stand, hidden, COUNT(*) AS count
             FROM (SELECT severity, kind, in_test, is_new, stand, hidden",
        );
        for (is_asked, told, whole) in [
            (!filter.rules.is_empty(), " THEN rule ELSE '' END AS rule", ", rule"),
            (!filter.folders.is_empty(), " THEN folder ELSE '' END AS folder", ", folder"),
            (!filter.languages.is_empty(), " THEN language END AS language", ", language"),
            (!filter.owners.is_empty(), " THEN owner END AS owner", ", owner"),
            (!filter.ages.is_empty(), " THEN age ELSE 'older' END AS age", ", age"),
        ] {
            match filter.state.filter(|_| !is_asked) {
                Some(state) => find.push(", CASE WHEN stand = ").bind(state.as_str()).push(told),
                None => find.push(whole),
            };
        }
        find.push(" FROM (SELECT severity, kind, rule, in_test, folder, language, owner, CASE");
        for (days, age) in AGES {
            find.push(" WHEN first_seen_at > ").bind(self.days_ago(days)).push(" THEN ").bind(age.as_str());
        }
        find.push(" ELSE 'older' END AS age, ");
        self.push_is_new(&mut find);
        find.push(" AS is_new, CASE WHEN state = 'gone' THEN 'gone' WHEN suppressed_until > ").bind(self.now);
        find.push(" THEN 'suppressed' ELSE 'open' END AS stand, ");
        match self.baseline.filter(|_| !filter.before_baseline) {
            Some(before) => find.push(OPENED_AT).push(" <= ").bind(before),
            None => find.push("FALSE"),
        };
        find.push(" AS hidden FROM repo_finding WHERE workspace_id = ").bind(self.workspace);
        find.push(" AND repo_id = ").bind(self.repo);
        push_text_and_path(&mut find, filter);
        find.push(
            ") AS judged) AS told GROUP BY severity, kind, rule, in_test, folder, language, owner, age, is_new, stand, hidden",
        );
        let rows = db.query(find).all::<GroupRow>().await?;
        rows.into_iter().map(|row| self.group(row)).collect()
    }

    /// The rows that pass the filter after a place, in their order; at most so many.
    pub(crate) async fn rows(
        &self,
        db: &Db,
        filter: &FindingFilter,
        after: Option<&Place>,
        limit: Option<usize>,
    ) -> Result<Vec<Finding>, Error> {
        let mut find = self.passing(filter);
        if let Some(Place(in_test, rank, place, fingerprint)) = after {
            find.push(" AND (in_test, rank, place, fingerprint) > (").bind(*in_test).push(", ").bind(*rank);
            find.push(", ").bind(*place).push(", ").bind(fingerprint.as_str()).push(")");
        }
        find.push(" ORDER BY in_test, rank, place, fingerprint");
        if let Some(limit) = limit {
            find.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
        }
        self.read(db, find).await
    }

    /// Those of some findings that pass the filter, in their order.
    pub(crate) async fn among(
        &self,
        db: &Db,
        filter: &FindingFilter,
        findings: &[FindingId],
    ) -> Result<Vec<Finding>, Error> {
        let mut wanted = findings.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut rows = Vec::new();
        for chunk in wanted.chunks(CHUNK) {
            let mut find = self.passing(filter);
            find.push(" AND id IN (").bind_all(chunk.iter().copied()).push(")");
            rows.append(&mut self.read(db, find).await?);
        }
        rows.sort_by_cached_key(Place::of);
        Ok(rows)
    }

    fn passing(&self, filter: &FindingFilter) -> SqlBuilder {
        let mut find = SqlBuilder::new(COLUMNS);
        find.push("WHERE workspace_id = ").bind(self.workspace).push(" AND repo_id = ").bind(self.repo);
        self.push_filter(&mut find, filter);
        find
    }

    async fn read(&self, db: &Db, find: SqlBuilder) -> Result<Vec<Finding>, Error> {
        let rows = db.query(find).all::<FindingRow>().await?;
        rows.into_iter()
            .map(|row| {
                let owner = self.person(row.owner);
                let mut finding = row.finding()?;
                finding.owner = owner;
                finding.is_new = self.newest == Some(finding.opened_in);
                Ok(finding)
            })
            .collect()
    }

    fn push_filter(&self, find: &mut SqlBuilder, filter: &FindingFilter) {
        let severities = filter.severities.iter().map(|each| i64::from(rank(*each)));
        push_any(find, " AND rank IN (", severities);
        push_any(find, " AND kind IN (", filter.kinds.iter().map(|each| kind_name(*each)));
        push_any(find, " AND rule IN (", filter.rules.iter());
        if let Some(in_test) = filter.in_test {
            find.push(" AND in_test = ").bind(in_test);
        }
        push_any(find, " AND folder IN (", filter.folders.iter());
        push_any(find, " AND language IN (", filter.languages.iter());
        if !filter.owners.is_empty() {
            // As one text: any number of people may have the same name, and that many variables would be too many.
            let mut positions = String::from(",");
            for (position, _) in
                self.people.iter().enumerate().filter(|(_, name)| filter.owners.contains(name))
            {
                positions.push_str(&position.to_string());
                positions.push(',');
            }
            find.push(" AND ").push(WITHIN).bind(positions).push(", ',' || CAST(owner AS TEXT) || ',') > 0");
        }
        if !filter.ages.is_empty() {
            find.push(" AND (FALSE");
            for age in &filter.ages {
                self.push_age(find, *age);
            }
            find.push(")");
        }
        if filter.new {
            find.push(" AND ");
            self.push_is_new(find);
        }
        match filter.state {
            None => {}
            Some(FindingStand::Gone) => {
                find.push(" AND state = 'gone'");
            }
            Some(FindingStand::Open) => {
                find.push(" AND state = 'open' AND suppressed_until <= ").bind(self.now);
            }
            Some(FindingStand::Suppressed) => {
                find.push(" AND state = 'open' AND suppressed_until > ").bind(self.now);
            }
        }
        if let Some(before) = self.baseline.filter(|_| !filter.before_baseline) {
            find.push(" AND ").push(OPENED_AT).push(" > ").bind(before);
        }
        push_text_and_path(find, filter);
    }

    fn push_age(&self, find: &mut SqlBuilder, age: FindingAge) {
        let mut newer = None;
        for (days, each) in AGES {
            if each == age {
                find.push(" OR (first_seen_at > ").bind(self.days_ago(days));
                if let Some(newer) = newer {
                    find.push(" AND first_seen_at <= ").bind(self.days_ago(newer));
                }
                find.push(")");
                return;
            }
            newer = Some(days);
        }
        find.push(" OR first_seen_at <= ").bind(newer.map(|days| self.days_ago(days)));
    }

    fn push_is_new(&self, find: &mut SqlBuilder) {
        match self.newest {
            Some(newest) => find.push("(COALESCE(opened_in, first_analysis) = ").bind(newest).push(")"),
            None => find.push("FALSE"),
        };
    }

    fn days_ago(&self, days: i64) -> i64 {
        self.now.as_micros().saturating_sub(days * DAY)
    }
}

/// Since when a row is there without a break.
const OPENED_AT: &str = "COALESCE(opened_at, first_seen_at)";

/// The ages that end, the newest first: what was first seen within so many days.
const AGES: [(i64, FindingAge); 4] =
    [(1, FindingAge::Day), (7, FindingAge::Week), (30, FindingAge::Month), (92, FindingAge::Quarter)];

fn push_any<V: Into<storage::Val>>(
    find: &mut SqlBuilder,
    piece: &'static str,
    values: impl ExactSizeIterator<Item = V>,
) {
    if values.len() > 0 {
        find.push(piece).bind_all(values).push(")");
    }
}

/// Text is looked for as it is: the letters a to z in any case, all others as they are written.
fn push_text_and_path(find: &mut SqlBuilder, filter: &FindingFilter) {
    if let Some(text) = filter.text.as_ref().filter(|text| !text.is_empty()) {
        let text = text.to_ascii_lowercase();
        for (number, column) in [MESSAGE, PATH, RULE].into_iter().enumerate() {
            find.push(if number == 0 { " AND (" } else { " OR " });
            find.push(column).bind(text.as_str()).push(") > 0");
        }
        find.push(")");
    }
    if let Some(path) = &filter.path {
        let below = format!("{}/", path.trim_end_matches('/'));
        let length = i64::try_from(below.chars().count()).unwrap_or(i64::MAX);
        find.push(" AND (path = ").bind(path.as_str()).push(" OR substr(path, 1, CAST(").bind(length);
        find.push(" AS INTEGER)) = ").bind(below).push(")");
    }
}

/// `lower` changes the letters a to z alone in SQLite, and in PostgreSQL only with this collation.
const MESSAGE: Sql = Sql::per_engine("instr(lower(message), ", "strpos(lower(message COLLATE \"C\"), ");
const PATH: Sql = Sql::per_engine("instr(lower(path), ", "strpos(lower(path COLLATE \"C\"), ");
const RULE: Sql = Sql::per_engine("instr(lower(rule), ", "strpos(lower(rule COLLATE \"C\"), ");

/// One text in another.
const WITHIN: Sql = Sql::per_engine("instr(", "strpos(");

#[cfg(test)]
mod tests;
