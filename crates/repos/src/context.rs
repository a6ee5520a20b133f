//! The use cases: connecting, probing, analysing, and reading what was found.

mod analyze;
mod behind;
mod code;
mod connect;
mod copies;
mod findings;
mod hosts;
mod job;
mod judge;
mod name;
pub(crate) mod narrow;
mod read;
mod sample;
mod save;
mod search;
mod settings;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base::id::WorkspaceId;
use base::{Clock, Ids};
use events::{Channel, Events, Hub};
use jobs::Jobs;
use retrieval::Embedder;
use storage::Db;

use crate::advisories::Advisories;
use crate::child::Supervisor;
use crate::failure::{Failure, FailureCode};
use crate::fetch::Fetcher;
use crate::kept::Kept;

pub use analyze::Requested;
pub use connect::{Connected, ProbeResult};
pub use findings::SuppressionPreview;
pub use hosts::{
    Hosting, IMPORTED_AT_ONCE, KeysError, OfferFilter, Received, Resealed, Wanted, keys_in_use, reseal,
};
pub use job::ANALYZE;
pub use search::SearchCode;

/// Connected repositories. Cheap to clone.
#[derive(Clone)]
pub struct Repos {
    db: Db,
    events: Events,
    hub: Option<Hub>,
    jobs: Jobs,
    clock: Clock,
    ids: Ids,
    advisories: Advisories,
    config: Arc<Config>,
    hosting: Hosting,
    reports: Arc<read::ReportCache>,
    reading: Arc<code::Reading>,
    embedder: Embedder,
    watched: Arc<behind::Watched>,
}

/// What the operator decided.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where copies of other machines' repositories are kept.
    pub clones: PathBuf,
    /// The folders below which local repositories may lie, absolute and free of links; `None` permits every folder
    /// this program can read, which is right only where every user is the owner of the machine.
    pub roots: Option<Vec<PathBuf>>,
    /// Starts analysis processes.
    pub supervisor: Supervisor,
    /// Copies repositories of other machines.
    pub fetcher: Fetcher,
    /// Where each analysis leaves what the next one of the same repository need not examine again.
    pub kept: Kept,
}

/// What the parts of a [`Repos`] are made from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Tells what happened.
    pub events: Events,
    /// Tells passing progress; `None` where nobody watches.
    pub hub: Option<Hub>,
    /// Takes up work.
    pub jobs: Jobs,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// Known vulnerabilities.
    pub advisories: Advisories,
    /// What the operator decided.
    pub config: Config,
    /// What the connections to code hosts are made with.
    pub hosting: Hosting,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// There is no such thing in this workspace.
    #[error("there is no such repository, analysis, finding or insight")]
    NotFound,
    /// No analysis was of that commit.
    #[error("no analysis was of that commit")]
    NotAnalysed,
    /// Somebody changed it in the meantime.
    #[error("it was changed in the meantime")]
    Changed,
    /// The repository cannot be used.
    #[error(transparent)]
    Refused(#[from] Failure),
    /// What was decided does not suit.
    #[error("{field}: {detail}")]
    Unsuitable {
        /// The part that needs a change, as a pointer into the request.
        field: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The mirror cannot be imported.
    #[error(transparent)]
    Import(crate::advisories::import::ImportError),
    /// A code host gave no answer that can be used.
    #[error(transparent)]
    Host(#[from] ::hosts::HostError),
    /// The token of a connection cannot be opened.
    #[error("the token of this connection cannot be opened: {0}")]
    Sealed(secrets::OpenError),
    /// The keys that seal tokens cannot be used.
    #[error(transparent)]
    Keys(#[from] secrets::KeyFileError),
    /// The database failed.
    #[error(transparent)]
    Storage(storage::Error),
}

impl From<storage::Error> for RepoError {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Changed => Self::Changed,
            other => Self::Storage(other),
        }
    }
}

impl Repos {
    /// Joins the parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, events, hub, jobs, clock, ids, advisories, config, hosting } = parts;
        Self {
            db,
            events,
            hub,
            jobs,
            clock,
            ids,
            advisories,
            config: Arc::new(config),
            hosting,
            reports: Arc::default(),
            reading: Arc::default(),
            embedder: Embedder::new(),
            watched: Arc::default(),
        }
    }

    /// The same, but what questions mean is told by one that others ask as well: what it needs is in memory once.
    #[must_use]
    pub fn sharing(self, embedder: Embedder) -> Self {
        Self { embedder, ..self }
    }

    /// Known vulnerabilities.
    pub fn advisories(&self) -> &Advisories {
        &self.advisories
    }

    /// The analysis processes.
    pub fn supervisor(&self) -> &Supervisor {
        &self.config.supervisor
    }

    fn channel(workspace: WorkspaceId) -> Channel {
        Channel::workspace(workspace)
    }

    /// The folder of a local source, as it is after following links, if the operator opened it; that of the sample
    /// is always open.
    fn permitted(&self, path: &Path) -> Result<PathBuf, Failure> {
        if path == Path::new(crate::sample::SOURCE) {
            let folder = self.sample_folder();
            return Ok(folder.canonicalize().unwrap_or(folder));
        }
        let outside = || {
            Failure::new(
                FailureCode::OutsideRoots,
                format!(
                    "`{}` is outside the folders that the operator opened (`allowed_roots` in the configuration).",
                    path.display()
                ),
            )
        };
        // A climb through a folder outside the roots would succeed or fail with what exists there.
        if self.config.roots.is_some() && path.components().any(|part| part == Component::ParentDir) {
            return Err(outside());
        }
        if !path.is_absolute() {
            return Err(Failure::new(
                FailureCode::UrlInvalid,
                "Give the whole path of the folder, from `/`.",
            ));
        }
        match std::fs::canonicalize(path) {
            Ok(real) => match &self.config.roots {
                Some(roots) if !roots.iter().any(|root| real.starts_with(root)) => Err(outside()),
                _ => Ok(real),
            },
            // Outside the roots it is nobody's business what exists.
            Err(_)
                if self
                    .config
                    .roots
                    .as_ref()
                    .is_some_and(|roots| !roots.iter().any(|it| path.starts_with(it))) =>
            {
                Err(outside())
            }
            Err(_) => Err(Failure::new(
                FailureCode::NotARepository,
                format!("`{}` does not exist or may not be read.", path.display()),
            )),
        }
    }

    /// Folders from which a local repository may borrow objects.
    fn lenders(&self) -> &[PathBuf] {
        self.config.roots.as_deref().unwrap_or_default()
    }
}
