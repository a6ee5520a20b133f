//! The copies of other machines' repositories, and what is kept between analyses: where they are, and that none
//! outlives its repository.
//!
//! A fetch writes for minutes, perhaps in another process, while a person takes its repository away. So the row goes
//! first; then whoever took it away deletes the copy, and so does a fetch that finds the row gone when it is done.
//! Whichever is later leaves nothing. What a process that died in between left behind is swept up.

use std::collections::HashSet;
use std::path::PathBuf;

use base::id::{RepoId, WorkspaceId};

use super::{RepoError, Repos};
use crate::fetch;
use crate::kept::Slot;
use crate::store::repositories;

/// Ends the name of every copy.
const ENDING: &str = ".git";

impl Repos {
    /// The folder of the copy of another machine's repository.
    pub(super) fn clone_folder(&self, repo: RepoId) -> PathBuf {
        self.config.clones.join(format!("{repo}{ENDING}"))
    }

    /// Deletes the copy of a repository whose row is gone.
    pub(super) async fn delete_copy(&self, repo: RepoId) {
        fetch::delete(&self.clone_folder(repo)).await;
    }

    /// Whether a repository that was just fetched is still connected; its copy is deleted where it is not.
    pub(super) async fn keep_copy(
        &self,
        workspace: WorkspaceId,
        repo: RepoId,
    ) -> Result<bool, storage::Error> {
        let connected = repositories::by_id(&self.db, workspace, repo).await?.is_some();
        if !connected {
            self.delete_copy(repo).await;
        }
        Ok(connected)
    }

    /// What is kept of a repository between its analyses: of one workspace, whoever else has the same one.
    pub(super) fn slot(&self, workspace: WorkspaceId, repo: RepoId) -> Slot {
        self.config.kept.slot(&format!("{workspace}_{repo}"))
    }

    /// Deletes what is kept of a repository whose row is gone.
    pub(super) async fn forget_kept(&self, slot: Slot) {
        let path = slot.path().to_owned();
        let cleared = tokio::task::spawn_blocking(move || slot.clear()).await;
        if let Ok(Err(error)) = cleared {
            tracing::warn!(%error, path = %path.display(), "what was kept of a repository could not be deleted");
        }
    }

    /// Deletes what is kept of repositories that are gone: an analysis may have ended after its repository did.
    async fn sweep_kept(&self) -> Result<(), RepoError> {
        let kept = self.config.kept.clone();
        let names = tokio::task::spawn_blocking(move || kept.names()).await;
        let names = names.ok().and_then(Result::ok).unwrap_or_default();
        let named = |name: &String| Some((name.clone(), name.split_once('_')?.1.parse::<RepoId>().ok()?));
        let named: Vec<(String, RepoId)> = names.iter().filter_map(named).collect();
        let repos: Vec<RepoId> = named.iter().map(|(_, repo)| *repo).collect();
        let connected: HashSet<RepoId> =
            repositories::connected(&self.db, &repos).await?.into_iter().collect();
        for (name, _) in named.iter().filter(|(_, repo)| !connected.contains(repo)) {
            self.forget_kept(self.config.kept.slot(name)).await;
        }
        Ok(())
    }

    /// Deletes the copies in this process's folder that belong to no repository any more; how many there were. What
    /// is not named like a copy is left alone. What is kept of such repositories goes as well.
    pub async fn sweep_copies(&self) -> Result<usize, RepoError> {
        // The folders first: a row is older than its copy, so that a copy seen now has its row by the time it is
        // asked for.
        let copies = copies(self.config.clones.clone()).await;
        let connected: HashSet<RepoId> =
            repositories::connected(&self.db, &copies).await?.into_iter().collect();
        let orphans: Vec<RepoId> = copies.into_iter().filter(|repo| !connected.contains(repo)).collect();
        for orphan in &orphans {
            tracing::info!(repo = %orphan, "the copy of a repository that was taken away is deleted");
            self.delete_copy(*orphan).await;
        }
        self.sweep_kept().await?;
        Ok(orphans.len())
    }
}

/// The repositories that have a folder here, sorted.
async fn copies(folder: PathBuf) -> Vec<RepoId> {
    let listed = tokio::task::spawn_blocking(move || {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut found: Vec<RepoId> =
            names.filter_map(|name| name.strip_suffix(ENDING)?.parse().ok()).collect();
        found.sort_unstable();
        found
    });
    listed.await.unwrap_or_default()
}
