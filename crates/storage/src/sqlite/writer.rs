//! The only writing connection, and how commits share one fsync.
//!
//! One task owns the connection. A transaction gets it by value, works inside a savepoint of its own, and gives it
//! back; while others wait, the next one follows in the same transaction of the engine. When nobody waits (or the
//! group is large) there is one `COMMIT` for all of them, and only then is any of them told that it committed.

use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqlStr};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::tx::{AfterCommit, run_hook};

/// Transactions that share one commit at most, so that the first of them does not wait for ever.
const GROUP: usize = 256;

/// Transactions that may wait for the writer; more wait to be let in.
const QUEUE: usize = 1_024;

type Waiting = oneshot::Sender<Result<Lease, Error>>;

/// The way to the writing task.
pub(crate) struct Writer {
    ask: mpsc::Sender<Waiting>,
    stop: CancellationToken,
}

impl Writer {
    /// The handle, and the task to spawn. The task ends with the handle.
    pub(crate) fn new(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (ask, asked) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let task = Task { connection: Some(connection), options, asked }.run(stop.clone());
        (Self { ask, stop }, task)
    }

    /// Lets the task end, once those that hold or wait for the connection are done.
    pub(crate) fn close(&self) {
        self.stop.cancel();
    }

    /// Waits for the connection, inside a fresh savepoint.
    pub(crate) async fn lease(&self) -> Result<Lease, Error> {
        let (give, given) = oneshot::channel();
        self.ask.send(give).await.map_err(|_| closed())?;
        given.await.map_err(|_| closed())?
    }
}

fn closed() -> Error {
    Error::Unavailable(Arc::new(sqlx::Error::PoolClosed))
}

/// The writing connection, lent to one transaction. Dropping it undoes the transaction.
pub(crate) struct Lease(Option<Lent>);

struct Lent {
    connection: SqliteConnection,
    back: oneshot::Sender<Return>,
}

enum Return {
    Commit { connection: SqliteConnection, group: Committing },
    Rollback { connection: SqliteConnection },
}

/// A transaction whose savepoint was released and that waits for the group's commit.
struct Committing {
    hooks: Vec<AfterCommit>,
    told: oneshot::Sender<Result<(), Error>>,
}

impl Lease {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        self.0.as_mut().map(|lent| &mut lent.connection).ok_or(Error::Aborted)
    }

    /// Gives the connection back and waits until the changes are durable. They become so even when the caller
    /// stops waiting, and the hooks run then too. When the writing task dies before it has told how the commit went,
    /// nobody knows.
    pub(crate) async fn commit(mut self, hooks: Vec<AfterCommit>) -> Result<(), Error> {
        let Lent { connection, back } = self.0.take().ok_or(Error::Aborted)?;
        let (told, answer) = oneshot::channel();
        back.send(Return::Commit { connection, group: Committing { hooks, told } }).map_err(|_| closed())?;
        answer.await.map_err(|_| Error::unknown(sqlx::Error::WorkerCrashed))?
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(Lent { connection, back }) = self.0.take() {
            // Fails only when the writing task is gone, and the connection with it.
            let _gone = back.send(Return::Rollback { connection });
        }
    }
}

struct Task {
    /// `None` after a failure that leaves the connection's state unknown.
    connection: Option<SqliteConnection>,
    options: SqliteConnectOptions,
    asked: mpsc::Receiver<Waiting>,
}

impl Task {
    async fn run(mut self, stop: CancellationToken) {
        loop {
            let first = tokio::select! {
                () = stop.cancelled(), if !self.asked.is_closed() => {
                    self.asked.close();
                    continue;
                }
                first = self.asked.recv() => first,
            };
            let Some(first) = first else { break };
            match self.begin().await {
                Ok(connection) => self.group(connection, first).await,
                Err(error) => drop(first.send(Err(error))),
            }
        }
        if let Some(connection) = self.connection {
            // Closing in order lets SQLite move the log into the database.
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "the database was not closed in order");
            }
        }
    }

    /// The connection, inside an engine transaction.
    async fn begin(&mut self) -> Result<SqliteConnection, Error> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        // A connection that cannot begin is dropped: another process may hold the file, and then a new one is as
        // good; or its state is not what it should be.
        run(&mut connection, "BEGIN IMMEDIATE").await?;
        Ok(connection)
    }

    /// Lets waiting transactions follow each other, then commits them together.
    async fn group(&mut self, connection: SqliteConnection, first: Waiting) {
        let mut done = Vec::new();
        match self.fill(connection, first, &mut done).await {
            Ok(mut connection) => {
                let result = connection.execute(SqlStr::from_static("COMMIT")).await;
                let result = result.map(drop).map_err(Error::of_commit);
                let usable = match &result {
                    Ok(()) => true,
                    Err(error) if error.is_outcome_unknown() => false,
                    Err(_) => run(&mut connection, "ROLLBACK").await.is_ok(),
                };
                self.connection = usable.then_some(connection);
                answer(done, &result);
            }
            // The connection is dropped, and with it everything since BEGIN. None of those who wait did anything
            // wrong: for them it is as if the database had gone away.
            Err(error) => {
                tracing::warn!(%error, lost = done.len(), "a group of transactions is lost");
                answer(done, &Err(Error::Unavailable(Arc::new(error))));
            }
        }
    }

    /// An error means that the engine's transaction is lost, for everyone in it.
    async fn fill(
        &mut self,
        mut connection: SqliteConnection,
        first: Waiting,
        done: &mut Vec<Committing>,
    ) -> Result<SqliteConnection, Error> {
        let mut next = Some(first);
        let mut room = GROUP;
        while let Some(waiting) = next {
            if let Err(error) = run(&mut connection, "SAVEPOINT one").await {
                drop(waiting.send(Err(error.clone())));
                return Err(error);
            }
            let (back, returned) = oneshot::channel();
            // When nobody waits any more, the lease comes back unsent, is dropped, and so returns by itself.
            drop(waiting.send(Ok(Lease(Some(Lent { connection, back })))));
            match returned.await.map_err(|_| closed())? {
                Return::Commit { connection: mut given, group } => {
                    if let Err(error) = run(&mut given, "RELEASE one").await {
                        drop(group.told.send(Err(error.clone())));
                        return Err(error);
                    }
                    done.push(group);
                    connection = given;
                }
                Return::Rollback { connection: mut given } => {
                    run(&mut given, "ROLLBACK TO one").await?;
                    run(&mut given, "RELEASE one").await?;
                    connection = given;
                }
            }
            room -= 1;
            next = if room > 0 { self.asked.try_recv().ok() } else { None };
        }
        Ok(connection)
    }
}

/// Tells everyone of a group how its commit went.
fn answer(done: Vec<Committing>, result: &Result<(), Error>) {
    for Committing { hooks, told } in done {
        if result.is_ok() {
            hooks.into_iter().for_each(run_hook);
        }
        // Fails when the caller stopped waiting, which changes nothing.
        drop(told.send(result.clone()));
    }
}

async fn run(connection: &mut SqliteConnection, text: &'static str) -> Result<(), Error> {
    connection.execute(SqlStr::from_static(text)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    async fn writer() -> (TempDir, Writer, impl Future<Output = ()> + Send + 'static) {
        let folder = tempfile::tempdir().unwrap();
        let options = crate::sqlite::writing(&folder.path().join("test.db"));
        let mut connection = options.connect().await.unwrap();
        run(&mut connection, "CREATE TABLE word (word TEXT NOT NULL)").await.unwrap();
        let (writer, task) = Writer::new(connection, options);
        (folder, writer, task)
    }

    #[tokio::test]
    async fn who_waits_for_a_writer_that_dies_does_not_know_and_who_writes_lost_nothing_else() {
        let (_folder, writer, task) = writer().await;
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(task);
        let mut first = writer.lease().await.unwrap();
        run(first.connection().unwrap(), "INSERT INTO word VALUES ('a')").await.unwrap();
        // The second one keeps the group open: the first has given its changes away and waits.
        let mut second = Box::pin(writer.lease());
        assert!(tokio::time::timeout(Duration::ZERO, &mut second).await.is_err());
        let mut waiting = Box::pin(first.commit(Vec::new()));
        assert!(tokio::time::timeout(Duration::ZERO, &mut waiting).await.is_err());
        let second = second.await.unwrap();
        tasks.shutdown().await;
        assert!(matches!(waiting.await, Err(Error::OutcomeUnknown(_))));
        // What was never given away is certainly not kept.
        assert!(matches!(second.commit(Vec::new()).await, Err(Error::Unavailable(_))));
        assert!(matches!(writer.lease().await, Err(Error::Unavailable(_))));
    }
}
