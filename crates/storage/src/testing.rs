//! Databases for tests: the same test on both engines.
//!
//! SQLite is always there. PostgreSQL takes part when `DEVMENTOR_TEST_POSTGRES` holds the URL of a server where
//! databases may be created; each test gets one of its own. With `CI` set it must take part.

#![expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
#![expect(
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot be prepared has failed, and says why"
)]

mod cut;

use std::future::Future;

use base::{Ids, id::EventId};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::task::JoinSet;

use crate::config::Config;
use crate::db::{Db, Engine};

pub use cut::{Cut, CutWire};

/// A fresh database for one test.
#[derive(Debug, Clone)]
pub struct TestDb {
    /// How to open it, again and again if the test wants.
    pub config: Config,
    /// Its engine.
    pub engine: Engine,
}

impl TestDb {
    /// Opens it.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self) -> Db {
        match Db::open(&self.config).await {
            Ok(db) => db,
            Err(error) => panic!("the test's database does not open: {error}"),
        }
    }
}

/// Runs a test on each engine that is there, one after the other, each time on a fresh database.
pub async fn each_engine<F, R>(test: F)
where
    F: Fn(TestDb) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

/// Runs a test on a fresh SQLite file.
///
/// # Panics
/// When the test does, or when there is no room for the file.
pub async fn on_sqlite<F, R>(test: F)
where
    F: FnOnce(TestDb) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for the database: {error}"));
    let config = Config::sqlite(folder.path().join("data").join("devmentor.db"));
    finish(test(TestDb { config, engine: Engine::Sqlite })).await;
}

/// Runs a test on a fresh PostgreSQL database, where there is a server.
///
/// # Panics
/// When the test does, when the server cannot be reached, or when `CI` is set and none is named.
pub async fn on_postgres<F, R>(test: F)
where
    F: FnOnce(TestDb) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let Ok(server) = std::env::var("DEVMENTOR_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "DEVMENTOR_TEST_POSTGRES must be set in CI");
        eprintln!(
            "not tried on PostgreSQL: set DEVMENTOR_TEST_POSTGRES to the URL of a server, as user who may create databases"
        );
        return;
    };
    let id: EventId = Ids::random(base::Clock::system()).new_id();
    let name = format!("devmentor_test_{}", id.to_string().replace('-', ""));
    administer(&server, format!("CREATE DATABASE {name}")).await;
    let config = Config::postgres(beside(&server, &name));
    let mut outcome = JoinSet::new();
    outcome.spawn(test(TestDb { config, engine: Engine::Postgres }));
    let result = outcome.join_next().await;
    administer(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    resume(result);
}

async fn finish(test: impl Future<Output = ()> + Send + 'static) {
    let mut outcome = JoinSet::new();
    outcome.spawn(test);
    resume(outcome.join_next().await);
}

fn resume(result: Option<Result<(), tokio::task::JoinError>>) {
    if let Some(Err(error)) = result {
        std::panic::resume_unwind(error.into_panic());
    }
}

async fn administer(server: &str, statement: String) {
    let run = async {
        let mut connection = PgConnection::connect(server).await?;
        connection.execute(AssertSqlSafe(statement)).await?;
        connection.close().await
    };
    run.await.unwrap_or_else(|error| panic!("the PostgreSQL server for tests: {error}"));
}

/// The URL of another database of the same server.
fn beside(server: &str, database: &str) -> String {
    let (address, query) =
        server.split_once('?').map_or((server, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let host = address[start..].find('/').map_or(address, |at| &address[..start + at]);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}/{database}{query}")
}
