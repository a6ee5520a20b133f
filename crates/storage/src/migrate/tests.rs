//! The steps on both engines.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use super::*;
use crate::Config;
use crate::db::Engine;
use crate::testing::{TestDb, each_engine};

/// For each step, rows as its release would leave them. A step that changes tables must carry them along.
const ROWS: &[(i64, &str)] = &[
    (1, include_str!("../../tests/rows/0001.sql")),
    (2, include_str!("../../tests/rows/0002.sql")),
    (3, include_str!("../../tests/rows/0003.sql")),
    (4, include_str!("../../tests/rows/0004.sql")),
    (5, include_str!("../../tests/rows/0005.sql")),
    (6, include_str!("../../tests/rows/0006.sql")),
    (7, include_str!("../../tests/rows/0007.sql")),
    (8, include_str!("../../tests/rows/0008.sql")),
    (9, include_str!("../../tests/rows/0009.sql")),
    (10, include_str!("../../tests/rows/0010.sql")),
    (11, include_str!("../../tests/rows/0011.sql")),
    (12, include_str!("../../tests/rows/0012.sql")),
    (13, include_str!("../../tests/rows/0013.sql")),
    (14, include_str!("../../tests/rows/0014.sql")),
    (15, include_str!("../../tests/rows/0015.sql")),
    (16, include_str!("../../tests/rows/0016.sql")),
    (17, include_str!("../../tests/rows/0017.sql")),
];

#[test]
fn every_file_is_a_step_and_every_step_has_rows() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let steps: BTreeSet<String> = STEPS
        .iter()
        .map(|(version, name, _)| format!("{version:04}_{}.sql", name.replace(' ', "_")))
        .collect();
    assert_eq!(files, steps);
    assert!(STEPS.iter().map(|step| step.0).eq((1..).take(STEPS.len())), "numbered in order, from 1");
    assert!(STEPS.iter().map(|step| step.0).eq(ROWS.iter().map(|rows| rows.0)));
}

#[tokio::test]
async fn rows_of_each_step_survive_the_steps_after_it() {
    for &(step, rows) in ROWS {
        each_engine(move |test| async move {
            fill(&test, step, rows).await;
            let db = test.open().await;
            let tables = tables(&db).await;
            for table in tables {
                let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
                let rows: i64 = match &test.config {
                    Config::Sqlite { path } => {
                        let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
                        sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
                    }
                    Config::Postgres { url } => {
                        let mut connection = PgConnection::connect(url.expose()).await.unwrap();
                        sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
                    }
                };
                // A table of a later step has no rows yet; one of this step has at least one in the fixture.
                assert!(rows > 0 || STEPS.last().is_some_and(|last| step < last.0), "no rows in {table}");
            }
        })
        .await;
    }
}

/// Brings a fresh database to a step and fills it.
async fn fill(test: &TestDb, step: i64, rows: &'static str) {
    match &test.config {
        Config::Sqlite { path } => {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let options = crate::sqlite::writing(path);
            let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
            up_to(step).run_direct(None, &mut connection, false).await.unwrap();
            connection.execute(SqlStr::from_static(rows)).await.unwrap();
            connection.close().await.unwrap();
        }
        Config::Postgres { url } => {
            let mut connection = PgConnection::connect(url.expose()).await.unwrap();
            up_to(step).run_direct(None, &mut connection, false).await.unwrap();
            connection.execute(SqlStr::from_static(rows)).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

async fn tables(db: &crate::Db) -> Vec<String> {
    let rows: Vec<(String,)> = db
        .query(crate::Sql::per_engine(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
             AND name NOT LIKE '_sqlx%' ORDER BY name",
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'
             AND table_name NOT LIKE '\\_sqlx%' ORDER BY table_name COLLATE \"C\"",
        ))
        .all()
        .await
        .unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

/// Every column as `table.column type [not null]`, every named index as `index of table [unique]`.
async fn schema(db: &crate::Db) -> Vec<String> {
    let columns: Vec<(String, String, String, i64)> = db
        .query(crate::Sql::per_engine(
            "SELECT t.name, c.name, LOWER(c.type), CAST(c.\"notnull\" AS BIGINT) FROM sqlite_master t
             JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
             AND t.name NOT LIKE '_sqlx%'",
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT),
             CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS BIGINT) FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        ))
        .all()
        .await
        .unwrap();
    let indexes: Vec<(String, String, i64)> = db
        .query(crate::Sql::per_engine(
            "SELECT name, tbl_name, CAST(sql LIKE 'CREATE UNIQUE%' AS BIGINT) FROM sqlite_master
             WHERE type = 'index' AND sql IS NOT NULL",
            "SELECT CAST(indexname AS TEXT), CAST(tablename AS TEXT),
             CAST(CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN 1 ELSE 0 END AS BIGINT) FROM pg_indexes
             WHERE schemaname = 'public' AND indexname NOT IN
             (SELECT conname FROM pg_constraint WHERE conname IS NOT NULL)",
        ))
        .all()
        .await
        .unwrap();
    let mut lines: Vec<String> = columns
        .into_iter()
        .map(|(table, column, kind, not_null)| {
            format!("{table}.{column} {kind}{}", if not_null == 1 { " not null" } else { "" })
        })
        .chain(indexes.into_iter().map(|(index, table, unique)| {
            format!("{index} of {table}{}", if unique == 1 { " unique" } else { "" })
        }))
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn the_schema_is_the_same_on_both_engines_and_keeps_to_five_types() {
    static SQLITE: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    each_engine(|test| async move {
        let db = test.open().await;
        let schema = schema(&db).await;
        assert!(schema.len() > 150, "{}", schema.len());
        for line in schema.iter().filter(|line| line.contains('.')) {
            let kind = line.split_once(' ').unwrap().1.trim_end_matches(" not null");
            assert!(["text", "bigint", "double precision", "boolean", "bytea"].contains(&kind), "{line}");
        }
        match test.engine {
            Engine::Sqlite => *SQLITE.lock().unwrap() = schema,
            Engine::Postgres => assert_eq!(*SQLITE.lock().unwrap(), schema),
        }
    })
    .await;
}

#[tokio::test]
async fn opening_again_and_at_the_same_time_changes_nothing() {
    each_engine(|test| async move {
        let (one, two, three) = tokio::join!(test.open(), test.open(), test.open());
        let before = schema(&one).await;
        drop((one, two, three));
        assert_eq!(schema(&test.open().await).await, before);
    })
    .await;
}

#[tokio::test]
async fn findings_from_before_they_were_ordered_have_their_folder_and_how_bad_they_are() {
    const BEFORE: &str = "
        INSERT INTO repo_repository (id, workspace_id, name, slug, source_kind, source, created_at, created_by, version)
            VALUES ('r1', 'w1', 'R', 'r', 'local', '/r', 1, 'u1', 1);
        INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, path, line, message,
            state, first_analysis, last_analysis, first_seen_at, last_seen_at) VALUES
            ('f1', 'w1', 'r1', '1', 'r', 'smell', 'critical', 'a.rs', 1, 'm', 'open', 'a', 'a', 1, 1),
            ('f2', 'w1', 'r1', '2', 'r', 'smell', 'high', 'src/s.rs', 1, 'm', 'open', 'a', 'a', 1, 1),
            ('f3', 'w1', 'r1', '3', 'r', 'smell', 'medium', 'Ünder lib/src/é.rs', 1, 'm', 'open', 'a', 'a', 1, 1),
            ('f4', 'w1', 'r1', '4', 'r', 'smell', 'low', 'aa/aa/aa', 1, 'm', 'open', 'a', 'a', 1, 1),
            ('f5', 'w1', 'r1', '5', 'r', 'smell', 'info', '', 1, 'm', 'gone', 'a', 'a', 1, 1);";
    each_engine(|test| async move {
        fill(&test, 5, BEFORE).await;
        let db = test.open().await;
        let rows: Vec<(i64, String)> =
            db.query("SELECT rank, folder FROM repo_finding ORDER BY id").all().await.unwrap();
        let expected = [(0, ""), (1, "src"), (2, "Ünder lib"), (3, "aa"), (4, "")];
        assert_eq!(rows, expected.map(|(rank, folder)| (rank, folder.to_owned())));
    })
    .await;
}
