//! The database as contexts hold it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{ConnectOptions as _, PgPool, SqlitePool};
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::error::Error;
use crate::migrate;
use crate::query::{self, Query, Row};
use crate::sql::Statement;
use crate::sqlite::{self, Presence, Writer};
use crate::tx::{On, Tx};

/// PostgreSQL connections for one process.
const CONNECTIONS: u32 = 16;

/// How long to wait for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);

/// The engine that keeps the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in this process's reach.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database that is open and has the current schema. Cheap to clone; every clone is the same database.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    backend: Backend,
    tasks: TaskTracker,
    inherited: AtomicBool,
}

enum Backend {
    Sqlite {
        writer: Writer,
        readers: SqlitePool,
        /// Given up when the database is closed.
        presence: Mutex<Option<Presence>>,
        alone: bool,
    },
    Postgres {
        pool: PgPool,
    },
}

impl Db {
    /// Opens the database, creates it where it is a file, and brings it to the current schema.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let tasks = TaskTracker::new();
        let backend = match config {
            Config::Sqlite { path } => open_sqlite(path, &tasks).await?,
            Config::Postgres { url } => open_postgres(url.expose()).await?,
        };
        tasks.close();
        Ok(Self(Arc::new(Inner { backend, tasks, inherited: AtomicBool::new(false) })))
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        match &self.0.backend {
            Backend::Sqlite { .. } => Engine::Sqlite,
            Backend::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Whether it is certain that no other process had this database open when this one opened it. Never certain
    /// on PostgreSQL.
    pub fn opened_alone(&self) -> bool {
        match &self.0.backend {
            Backend::Sqlite { alone, .. } => *alone,
            Backend::Postgres { .. } => false,
        }
    }

    /// Whether what an earlier process left unfinished in this database has no owner any more, so that the caller
    /// may take it over at once. Says so to the first caller only, and only when the database was opened alone.
    pub fn inherit(&self) -> bool {
        self.opened_alone() && !self.0.inherited.swap(true, Ordering::SeqCst)
    }

    /// A statement that reads. What changes rows needs a transaction: see [`Db::begin`].
    pub fn query(&self, statement: impl Into<Statement>) -> Query<&Self> {
        Query::new(self, statement.into())
    }

    /// Begins a transaction. Never call it while holding another one: on SQLite there is one writer.
    pub async fn begin(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match &self.0.backend {
            Backend::Sqlite { writer, .. } => On::Sqlite(writer.lease().await?),
            Backend::Postgres { pool } => On::Postgres(pool.begin().await?),
        }))
    }

    /// Whether the database answers: for a readiness probe.
    pub async fn ping(&self) -> Result<(), Error> {
        self.query("SELECT CAST(1 AS BIGINT)").one::<(i64,)>().await.map(|_| ())
    }

    /// Closes the database for every clone, in order: what was committed stays, what is under way is undone, what
    /// comes later fails. Without it nothing is lost either; the next opening replays the log.
    pub async fn close(&self) {
        match &self.0.backend {
            Backend::Sqlite { writer, readers, presence, .. } => {
                readers.close().await;
                writer.close();
                self.0.tasks.wait().await;
                drop(presence.lock().unwrap_or_else(PoisonError::into_inner).take());
            }
            Backend::Postgres { pool } => pool.close().await,
        }
    }

    pub(crate) async fn fetch<T: Row>(&self, statement: Statement) -> Result<Vec<T>, Error> {
        match &self.0.backend {
            Backend::Sqlite { readers, .. } => {
                let mut connection = readers.acquire().await?;
                query::sqlite_fetch(&mut connection, statement).await
            }
            Backend::Postgres { pool } => {
                let mut connection = pool.acquire().await?;
                query::postgres_fetch(&mut connection, statement).await
            }
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.engine()).finish()
    }
}

async fn open_sqlite(path: &Path, tasks: &TaskTracker) -> Result<Backend, Error> {
    let owned = path.to_owned();
    let announced = tasks.spawn_blocking(move || Presence::announce(&owned)).await;
    let (presence, gate) = announced
        .map_err(|error| Error::Open(error.to_string()))?
        .map_err(|error| Error::Open(format!("{}: {error}", path.display())))?;
    let options = sqlite::writing(path);
    let mut connection = options.connect().await?;
    migrate::migrator()
        .run_direct(None, &mut connection, false)
        .await
        .map_err(|error| Error::Open(error.to_string()))?;
    let readers = sqlite::readers(path).await?;
    drop(gate);
    let (writer, task) = Writer::new(connection, options);
    tasks.spawn(task);
    let alone = presence.alone();
    Ok(Backend::Sqlite { writer, readers, presence: Mutex::new(Some(presence)), alone })
}

async fn open_postgres(url: &str) -> Result<Backend, Error> {
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .connect(url)
        .await
        .map_err(|error| Error::Open(error.to_string()))?;
    migrate::migrator().run(&pool).await.map_err(|error| Error::Open(error.to_string()))?;
    Ok(Backend::Postgres { pool })
}
