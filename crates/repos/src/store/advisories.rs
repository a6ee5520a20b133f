//! `repo_advisory`, `repo_advisory_source`, `repo_setting`.

use base::Timestamp;
use base::id::WorkspaceId;
use storage::{Db, Error, SqlBuilder, Tx};

use super::unknown;
use crate::model::{AdvisoryMode, AdvisorySource};

/// Rows of one statement.
const CHUNK: usize = 200;

/// One record under one package's name.
pub(crate) struct AdvisoryRow {
    pub(crate) package: String,
    pub(crate) id: String,
    pub(crate) modified: Timestamp,
    pub(crate) body: Vec<u8>,
}

/// Forgets all records of an ecosystem.
pub(crate) async fn clear(tx: &mut Tx, ecosystem: &str) -> Result<(), Error> {
    tx.query("DELETE FROM repo_advisory WHERE ecosystem = $1").bind(ecosystem).execute().await?;
    Ok(())
}

/// Adds records; a later one of the same package and id replaces an earlier one.
pub(crate) async fn insert(tx: &mut Tx, ecosystem: &str, rows: Vec<AdvisoryRow>) -> Result<(), Error> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut insert =
            SqlBuilder::new("INSERT INTO repo_advisory (ecosystem, package, id, modified, body) VALUES ");
        for (number, row) in rows.by_ref().take(CHUNK).enumerate() {
            insert.push(if number == 0 { "(" } else { ", (" });
            insert.bind(ecosystem).push(", ").bind(row.package).push(", ").bind(row.id).push(", ");
            insert.bind(row.modified).push(", ").bind(row.body).push(")");
        }
        tx.query(insert).execute().await?;
    }
    Ok(())
}

/// Notes what was imported.
pub(crate) async fn set_source(tx: &mut Tx, source: &AdvisorySource) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_advisory_source (ecosystem, source, as_of, imported_at, records)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (ecosystem) DO UPDATE SET source = excluded.source, as_of = excluded.as_of,
             imported_at = excluded.imported_at, records = excluded.records",
    )
    .bind(source.ecosystem.as_str())
    .bind(source.source.as_str())
    .bind(source.as_of)
    .bind(source.imported_at)
    .bind(i64::try_from(source.records).unwrap_or(i64::MAX))
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SourceRow {
    ecosystem: String,
    source: String,
    #[sqlx(try_from = "i64")]
    as_of: Timestamp,
    #[sqlx(try_from = "i64")]
    imported_at: Timestamp,
    records: i64,
}

/// What was imported, by ecosystem.
pub(crate) async fn sources(db: &Db) -> Result<Vec<AdvisorySource>, Error> {
    let rows = db
        .query("SELECT ecosystem, source, as_of, imported_at, records FROM repo_advisory_source ORDER BY ecosystem")
        .all::<SourceRow>()
        .await?;
    let turn = |row: SourceRow| {
        Ok(AdvisorySource {
            ecosystem: row.ecosystem,
            records: u64::try_from(row.records).map_err(Error::corrupt)?,
            as_of: row.as_of,
            imported_at: row.imported_at,
            source: row.source,
        })
    };
    rows.into_iter().map(turn).collect()
}

/// The records of some packages of one ecosystem, by id.
pub(crate) async fn records(db: &Db, ecosystem: &str, packages: &[&str]) -> Result<Vec<Vec<u8>>, Error> {
    let mut bodies = Vec::new();
    for chunk in packages.chunks(CHUNK) {
        let mut find = SqlBuilder::new("SELECT id, body FROM repo_advisory WHERE ecosystem = ");
        find.bind(ecosystem)
            .push(" AND package IN (")
            .bind_all(chunk.iter().copied())
            .push(") ORDER BY id, package");
        bodies.extend(db.query(find).all::<(String, Vec<u8>)>().await?.into_iter().map(|(_, body)| body));
    }
    Ok(bodies)
}

/// The workspace's decision and how often it was made.
pub(crate) async fn mode(db: &Db, workspace: WorkspaceId) -> Result<(AdvisoryMode, i64), Error> {
    let row = db
        .query("SELECT advisory_mode, version FROM repo_setting WHERE workspace_id = $1")
        .bind(workspace)
        .optional::<(String, i64)>()
        .await?;
    match row {
        Some((mode, version)) => {
            Ok((AdvisoryMode::parse(&mode).ok_or_else(|| unknown("mode", &mode))?, version))
        }
        None => Ok((AdvisoryMode::Undecided, 0)),
    }
}

/// Whether the workspace wants people named.
pub(crate) async fn name_people(db: &Db, workspace: WorkspaceId) -> Result<bool, Error> {
    let row = db
        .query("SELECT name_people FROM repo_setting WHERE workspace_id = $1")
        .bind(workspace)
        .optional::<(bool,)>()
        .await?;
    Ok(row.is_none_or(|(name,)| name))
}

/// Stores whether it does. Nothing else is decided by that.
pub(crate) async fn set_name_people(db: &mut Tx, workspace: WorkspaceId, name: bool) -> Result<(), Error> {
    db.query(
        "INSERT INTO repo_setting (workspace_id, advisory_mode, version, name_people)
         VALUES ($1, 'undecided', 0, $2)
         ON CONFLICT (workspace_id) DO UPDATE SET name_people = excluded.name_people",
    )
    .bind(workspace)
    .bind(name)
    .execute()
    .await?;
    Ok(())
}

/// Stores the workspace's decision.
pub(crate) async fn set_mode(tx: &mut Tx, workspace: WorkspaceId, mode: AdvisoryMode) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_setting (workspace_id, advisory_mode, version) VALUES ($1, $2, 1)
         ON CONFLICT (workspace_id) DO UPDATE SET advisory_mode = excluded.advisory_mode,
             version = repo_setting.version + 1",
    )
    .bind(workspace)
    .bind(mode.as_str())
    .execute()
    .await?;
    Ok(())
}
