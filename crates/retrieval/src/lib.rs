//! Search by words and by meaning, over documents that belong to workspaces.
//!
//! A [`Document`] is a text with its [`Vector`] and the keys that say who may find it. What is kept here is an index,
//! never the truth: it can be thrown away and built again from whoever owns the documents, and its [`Watermark`] says
//! how much of their changes it has durably seen. Every search names a workspace, and nothing of another one is looked
//! at.
//!
//! Deliberately unknown here: what a document is about, the database, models of other providers. This is the only crate
//! that names a search engine.
//!
//! Reading order: [`Retrieval`] (what can be asked), [`Embedder`] and [`Vector`] (meaning), `words` (what a word is),
//! [`fusion`] (how two kinds of likeness become one score: pure), [`passages`] (search in code, with no
//! index: pure); inside, `texts` is BM25 over tantivy, `shelves` the vectors, `engine` the two together.

mod embed;
mod engine;
pub mod fusion;
pub mod passages;
mod shelves;
mod texts;
mod vector;
pub mod words;

use std::path::PathBuf;
use std::sync::Arc;

use base::id::WorkspaceId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use embed::{Embedder, MODEL};
pub use fusion::{Fused, Mix};
pub use vector::{DIMENSIONS, NotAVector, Vector};

/// Why the index did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The files of the index cannot be read or written.
    #[error("the search index: {0}")]
    Engine(String),
    /// The table of embeddings in this program is damaged.
    #[error("the table of embeddings: {0}")]
    Embeddings(String),
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What a search can ask for: short words without meaning here, such as `kind:note`.
    pub keys: Vec<String>,
    /// What is searched by words.
    pub text: String,
    /// What is searched by meaning.
    pub vector: Vector,
}

/// A change of the documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The document is there now, with this content.
    Put(Document),
    /// It is gone.
    Remove {
        /// Whose it was.
        workspace: WorkspaceId,
        /// Which.
        id: Uuid,
    },
}

/// How much of the owner's changes an index has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// Names one life of the owner's database. Numbers of another one mean nothing in this one.
    pub epoch: String,
    /// The number of the last change that was seen.
    pub seen: i64,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// In which workspace; nothing else is looked at.
    pub workspace: WorkspaceId,
    /// The words.
    pub text: String,
    /// The meaning; without it only words count.
    pub vector: Option<Vector>,
    /// Of each group, a document must have at least one key.
    pub filter: Vec<Vec<String>>,
    /// How many hits at most.
    pub limit: usize,
    /// How the two kinds of likeness are mixed.
    pub mix: Mix,
}

/// Something that was found, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which.
    pub id: Uuid,
    /// How well it fits, 0 to 1, and what that is made of.
    pub score: Fused,
    /// The words of the query that it has, as they are indexed.
    pub terms: Vec<String>,
}

/// The index, whichever engine holds it. Cheap to clone.
#[derive(Clone)]
pub enum Retrieval {
    /// In this process, over files in a folder.
    InProcess(Arc<engine::InProcess>),
}

impl Retrieval {
    /// An index in this process. Nothing is opened, and no memory taken, before it is first used. While another process
    /// holds the folder, or without one, the index is in memory alone, empty at first.
    pub fn in_process(folder: Option<PathBuf>) -> Self {
        Self::InProcess(Arc::new(engine::InProcess::new(folder)))
    }

    /// What it has seen; `None` when it was never built, cannot be read, or comes from another version.
    pub async fn watermark(&self) -> Result<Option<Watermark>, Error> {
        self.blocking(engine::InProcess::watermark).await
    }

    /// Takes changes in, in their order, and makes them and the watermark durable together. What is in them is found
    /// from now on.
    pub async fn apply(&self, changes: Vec<Change>, watermark: Watermark) -> Result<(), Error> {
        self.blocking(move |engine| engine.apply(&changes, &watermark)).await
    }

    /// Throws everything away.
    pub async fn clear(&self) -> Result<(), Error> {
        self.blocking(engine::InProcess::clear).await
    }

    /// How many documents it holds, of all workspaces.
    pub async fn size(&self) -> Result<u64, Error> {
        self.blocking(engine::InProcess::size).await
    }

    /// The ids of a workspace's documents, in order: to hold the index against its owner.
    pub async fn ids(&self, workspace: WorkspaceId) -> Result<Vec<Uuid>, Error> {
        self.blocking(move |engine| engine.ids(workspace)).await
    }

    /// What fits best, the best first; of equals, the older id first.
    pub async fn search(&self, search: Search) -> Result<Vec<Hit>, Error> {
        self.blocking(move |engine| engine.search(&search)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&engine::InProcess) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let Self::InProcess(engine) = self;
        let engine = Arc::clone(engine);
        let done = tokio::task::spawn_blocking(move || work(&engine)).await;
        done.unwrap_or_else(|error| Err(Error::Engine(error.to_string())))
    }
}
