//! A transaction.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use sqlx::{Postgres, Transaction};

use crate::db::Engine;
use crate::error::Error;
use crate::query::{self, Query, Row};
use crate::sql::Statement;
use crate::sqlite::Lease;

/// What must happen at the very end of a transaction, inside it. See [`Tx::before_commit`].
pub type BeforeCommit = Box<
    dyn for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 't>> + Send,
>;

/// What is done once a transaction is durable. Must be quick and must not block.
pub(crate) type AfterCommit = Box<dyn FnOnce() + Send>;

/// A transaction that holds the writer (SQLite) or its locks (PostgreSQL) for longer than this is logged.
const SLOW: Duration = Duration::from_millis(50);

/// Changes that happen together or not at all. Dropping it undoes them.
///
/// On SQLite it holds the only writer: never wait for anything slow (a network, a person, another `Tx`) while one
/// lives. After a statement failed, or was not waited for,
/// every later one and the commit fail with [`Error::Aborted`], on both engines.
pub struct Tx {
    on: On,
    started: Instant,
    failed: bool,
    before: Vec<(String, BeforeCommit)>,
    after: Vec<AfterCommit>,
}

pub(crate) enum On {
    Sqlite(Lease),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) fn new(on: On) -> Self {
        Self { on, started: Instant::now(), failed: false, before: Vec::new(), after: Vec::new() }
    }

    /// A statement of this transaction.
    pub fn query(&mut self, statement: impl Into<Statement>) -> Query<&mut Self> {
        Query::new(self, statement.into())
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        match &self.on {
            On::Sqlite(_) => Engine::Sqlite,
            On::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `hook` once this transaction is known to be durable, and never otherwise: to wake whoever waits for the
    /// change.
    /// It must be quick and must not block.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(hook));
    }

    /// Puts off work to the end of this transaction. At commit, what was put off runs in the order of `key`, and
    /// for equal keys in the order it came: locks that many transactions need are taken last, held shortly, and
    /// always in the same order.
    pub fn before_commit(&mut self, key: impl Into<String>, work: BeforeCommit) {
        self.before.push((key.into(), work));
    }

    /// Makes the changes durable; when this returns `Ok`, they are. [`Error::OutcomeUnknown`] means that they may be;
    /// every other error, that nothing was kept.
    pub async fn commit(mut self) -> Result<(), Error> {
        let mut before = std::mem::take(&mut self.before);
        before.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, work) in before {
            work(&mut self).await?;
        }
        if self.failed {
            return Err(Error::Aborted);
        }
        let held = self.started.elapsed();
        if held > SLOW {
            tracing::warn!(held_ms = held.as_millis(), "a transaction was held for long");
        }
        match self.on {
            On::Sqlite(lease) => lease.commit(self.after).await,
            On::Postgres(transaction) => {
                transaction.commit().await.map_err(Error::of_commit)?;
                self.after.into_iter().for_each(run_hook);
                Ok(())
            }
        }
    }

    pub(crate) async fn fetch<T: Row>(&mut self, statement: Statement) -> Result<Vec<T>, Error> {
        self.begin_statement()?;
        let result = match &mut self.on {
            On::Sqlite(lease) => query::sqlite_fetch(lease.connection()?, statement).await,
            On::Postgres(transaction) => query::postgres_fetch(&mut *transaction, statement).await,
        };
        self.failed = result.is_err();
        result
    }

    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, Error> {
        self.begin_statement()?;
        let result = match &mut self.on {
            On::Sqlite(lease) => query::sqlite_execute(lease.connection()?, statement).await,
            On::Postgres(transaction) => query::postgres_execute(&mut *transaction, statement).await,
        };
        self.failed = result.is_err();
        result
    }

    /// PostgreSQL refuses every statement after a failed one. SQLite would go on, and after some failures outside
    /// of any transaction; so it is refused here. A statement counts as failed until it has succeeded: a caller
    /// that stopped waiting for one does not know what it did.
    fn begin_statement(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.failed, true) { Err(Error::Aborted) } else { Ok(()) }
    }
}

/// Runs a hook; one that panics must not take the writer with it.
pub(crate) fn run_hook(hook: AfterCommit) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(hook)).is_err() {
        tracing::error!("a hook after a commit panicked");
    }
}
