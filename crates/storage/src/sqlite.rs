//! SQLite: one file, one writer, many readers.

mod files;
mod writer;

pub(crate) use files::Presence;
pub(crate) use writer::{Lease, Writer};

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::error::Error;

/// How long a statement waits for another process that holds the file, such as the command line beside a server.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that read side by side.
const READERS: u32 = 8;

/// How the only writing connection is opened.
pub(crate) fn writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit is on the disk when it returns, not only in the operating system's memory.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(256)
}

/// The pool of reading connections. The file exists and is in WAL mode by now.
pub(crate) async fn readers(path: &Path) -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(256);
    Ok(SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(BUSY)
        .test_before_acquire(false)
        .connect_with(options)
        .await?)
}
