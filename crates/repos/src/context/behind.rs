//! Whether a repository has moved on since it was analysed.
//!
//! A repository of this machine is looked at when somebody asks, and from then on for a while its references are
//! watched from outside: their times and sizes, never their content. One of another machine is not asked about.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base::id::{RepoId, WorkspaceId};
use base::{Actor, Timestamp};
use events::Tick;
use tokio_util::sync::CancellationToken;

use super::{RepoError, Repos};
use crate::child::Ahead;
use crate::sample;
use crate::source::Source;
use crate::store::{analyses, repositories};

/// Between two looks at what is watched.
const LOOK: Duration = Duration::from_secs(2);

/// A file system that takes longer to answer is not looked at.
const ANSWERED_IN: Duration = Duration::from_secs(1);

/// How long something is watched after somebody asked.
const WATCHED_FOR: Duration = Duration::from_secs(150);

/// Repositories that are watched at once.
const WATCHED: usize = 200;

/// What is watched, by repository.
#[derive(Default)]
pub(super) struct Watched(Mutex<HashMap<RepoId, Watch>>);

#[derive(Clone)]
struct Watch {
    workspace: WorkspaceId,
    folder: PathBuf,
    branch: Option<String>,
    seen: Looks,
    until: Timestamp,
}

/// Size and time of each file that changes when a branch moves.
type Looks = Vec<Option<(u64, std::time::SystemTime)>>;

impl Repos {
    /// What the branch of a repository has since its newest analysis; `None` for a repository of another machine.
    ///
    /// # Errors
    /// When there is no analysis, or the repository cannot be read.
    pub async fn behind(&self, actor: &Actor, repo: RepoId) -> Result<Option<Ahead>, RepoError> {
        let repo = repositories::by_id(&self.db, actor.workspace, repo).await?.ok_or(RepoError::NotFound)?;
        let analysis =
            analyses::latest_done(&self.db, actor.workspace, repo.id).await?.ok_or(RepoError::NotFound)?;
        let commit = analysis.commit.ok_or(RepoError::NotFound)?;
        let Source::Local(path) = &repo.source else { return Ok(None) };
        if path == Path::new(sample::SOURCE) {
            // It never changes, and whoever looks at it may be anybody.
            let branch = repo.branch.clone();
            return Ok(Some(Ahead { commit, branch, commits: Some(0), more: false, follows: true }));
        }
        let folder = self.permitted(path)?;
        // Before the repository is read: a move in between is told once too often rather than not at all.
        self.keep_watch(actor.workspace, repo.id, &folder, repo.branch.as_deref()).await;
        let branch = repo.branch.as_deref();
        let _turn = self.reading.turn(actor).await;
        Ok(Some(self.config.supervisor.ahead(&folder, self.lenders(), branch, &commit).await?))
    }

    async fn keep_watch(&self, workspace: WorkspaceId, repo: RepoId, folder: &Path, branch: Option<&str>) {
        let Some(seen) = looks_in_time(folder.to_owned(), branch.map(str::to_owned)).await else { return };
        let now = self.clock.now();
        let mut watched = self.watched.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|_, watch| watch.until > now);
        if watched.len() >= WATCHED && !watched.contains_key(&repo) {
            return;
        }
        let until = now.plus(WATCHED_FOR);
        let same = |watch: &&mut Watch| watch.folder == folder && watch.branch.as_deref() == branch;
        if let Some(watch) = watched.get_mut(&repo).filter(same) {
            // What moved since the last look is still to be told to those who asked before.
            watch.until = until;
            return;
        }
        let (folder, branch) = (folder.to_owned(), branch.map(str::to_owned));
        watched.insert(repo, Watch { workspace, folder, branch, seen, until });
    }

    /// Tells whoever is there when a repository that is watched moves on, until it is stopped.
    pub async fn watch(self, stop: CancellationToken) {
        let looking = async {
            loop {
                tokio::time::sleep(LOOK).await;
                self.look().await;
            }
        };
        stop.run_until_cancelled(looking).await;
    }

    /// One look at everything that is watched.
    pub async fn look(&self) {
        let now = self.clock.now();
        let all: Vec<(RepoId, Watch)> = {
            let watched = self.watched.0.lock().unwrap_or_else(PoisonError::into_inner);
            watched.iter().filter(|(_, it)| it.until > now).map(|(id, it)| (*id, it.clone())).collect()
        };
        for (repo, watch) in all {
            let seen = looks_in_time(watch.folder.clone(), watch.branch.clone()).await;
            if seen.as_ref() == Some(&watch.seen) {
                continue;
            }
            let mut watched = self.watched.0.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(seen) = seen else {
                // Looking again and again at a folder that does not answer would only hold up the others.
                watched.remove(&repo);
                continue;
            };
            if let Some(watch) = watched.get_mut(&repo) {
                watch.seen = seen;
            }
            drop(watched);
            if let Some(hub) = &self.hub {
                hub.tick(Self::channel(watch.workspace), &Tick::RepoMoved { repo });
            }
        }
    }
}

/// The same as [`looks`], aside; `None` where the file system does not answer in time.
async fn looks_in_time(folder: PathBuf, branch: Option<String>) -> Option<Looks> {
    let looking = tokio::task::spawn_blocking(move || looks(&folder, branch.as_deref()));
    tokio::time::timeout(ANSWERED_IN, looking).await.ok()?.ok()
}

/// How the references of a repository look from outside. A work tree whose folder is elsewhere shows nothing.
fn looks(folder: &Path, branch: Option<&str>) -> Looks {
    let inner = folder.join(".git");
    let dir = if inner.is_dir() { inner } else { folder.to_owned() };
    let mut files =
        vec![dir.join("HEAD"), dir.join("packed-refs"), dir.join("logs/HEAD"), dir.join("refs/heads")];
    files.extend(branch.map(|branch| dir.join("refs/heads").join(branch)));
    let look = |file: PathBuf| {
        let data = std::fs::symlink_metadata(file).ok()?;
        Some((data.len(), data.modified().ok()?))
    };
    files.into_iter().map(look).collect()
}
