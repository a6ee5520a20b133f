//! The search index, kept in step with the table.
//!
//! Whoever changes memories numbers the change, in the order of commits. An index remembers the last number it has seen
//! and reads on from there: after a save, before a recall, and after a crash alike. So what is saved is found at once, in
//! every process and on every node, and there is only one way for anything to come into an index.

use std::sync::Arc;

use retrieval::{Change, Document, Embedder, MODEL, Retrieval, Vector, Watermark};
use storage::Db;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::Error;
use crate::memory::Memory;
use crate::store::{self, Changed, Counter};

/// The index and what makes its vectors. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Index {
    db: Db,
    pub(crate) retrieval: Retrieval,
    embedder: Embedder,
    /// What the index has seen; `None` until it was asked, and after a failure.
    seen: Arc<Mutex<Option<Watermark>>>,
    /// What reads on, also for a reader who is gone.
    tasks: TaskTracker,
}

impl Index {
    pub(crate) fn new(db: Db, retrieval: Retrieval, embedder: Embedder) -> Self {
        Self { db, retrieval, embedder, seen: Arc::default(), tasks: TaskTracker::new() }
    }

    /// What a text means. The first one loads the table, which takes a moment; the others take microseconds.
    pub(crate) fn embed(&self, text: &str) -> Result<Vector, retrieval::Error> {
        self.embedder.embed(text)
    }

    /// Takes in everything that was committed before this was called.
    pub(crate) async fn catch_up(&self) -> Result<(), Error> {
        let mut seen = Arc::clone(&self.seen).lock_owned().await;
        let Some(counter) = store::counter(&self.db).await? else { return Ok(()) };
        if seen.as_ref().is_some_and(|at| at.epoch == counter.epoch && at.seen == counter.last) {
            return Ok(());
        }
        let index = self.clone();
        // On a task of its own, which holds the lock: a reader who goes away must not leave an index that is half built,
        // nor a batch that is still written while the next one begins.
        let reading = async move {
            // Taken: what fails in between leaves nothing that counts as seen, and the next one looks at the files again.
            let before = seen.take();
            *seen = Some(index.follow(before, &counter).await?);
            Ok(())
        };
        match self.tasks.spawn(reading.in_current_span()).await {
            Ok(read) => read,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(retrieval::Error::Engine(error.to_string()).into()),
            },
        }
    }

    /// Reads on from what this process has seen, or without that from what the files have.
    async fn follow(&self, before: Option<Watermark>, counter: &Counter) -> Result<Watermark, Error> {
        let first = before.is_none();
        let before = if first { self.retrieval.watermark().await? } else { before };
        let from = match before {
            Some(at) if at.epoch == counter.epoch && at.seen <= counter.last => at.seen,
            // Of another database, or ahead of one that was restored: it cannot be told what of it still holds.
            _ => self.empty().await?,
        };
        let seen = self.read_on(from, counter).await?;
        if !first || self.retrieval.size().await? == store::recalled(&self.db).await? {
            return Ok(seen);
        }
        tracing::warn!("the search index does not hold what the table holds and is built anew");
        let from = self.empty().await?;
        self.read_on(from, counter).await
    }

    async fn empty(&self) -> Result<i64, Error> {
        self.retrieval.clear().await?;
        Ok(0)
    }

    async fn read_on(&self, from: i64, counter: &Counter) -> Result<Watermark, Error> {
        let at = |seen| Watermark { epoch: counter.epoch.clone(), seen };
        let forgotten = store::forgotten(&self.db, from).await?;
        let gone = forgotten.into_iter().map(|(workspace, id)| Change::Remove { workspace, id: id.into() });
        let mut changes: Vec<Change> = gone.collect();
        let (mut change, mut id) = (from, LAST_ID.to_owned());
        loop {
            let page = store::changed(&self.db, (change, &id)).await?;
            let full = page.len() == store::CHUNK;
            if let Some(last) = page.last() {
                (change, id) = (last.change, last.memory.id.to_string());
            }
            for changed in page {
                changes.push(self.change(changed)?);
            }
            // A page may end in the middle of one change, so the mark of all but the last page stays behind it.
            let mark = at(if full { change - 1 } else { counter.last });
            self.retrieval.apply(std::mem::take(&mut changes), mark.clone()).await?;
            if !full {
                return Ok(mark);
            }
        }
    }

    fn change(&self, changed: Changed) -> Result<Change, Error> {
        let Changed { workspace, memory, model, vector, .. } = changed;
        if !memory.state.is_recalled() {
            return Ok(Change::Remove { workspace, id: memory.id.into() });
        }
        let vector = match Vector::from_bytes(&vector) {
            Ok(vector) if model == MODEL => vector,
            // Made by another model, or damaged: the text is the truth.
            _ => self.embed(&memory.searched())?,
        };
        Ok(Change::Put(document(workspace, &memory, vector)))
    }
}

/// Behind every id, so that reading on after a change begins with the next one.
const LAST_ID: &str = "g";

fn document(workspace: base::id::WorkspaceId, memory: &Memory, vector: Vector) -> Document {
    Document { id: memory.id.into(), workspace, keys: memory.keys(), text: memory.searched(), vector }
}
