//! The files of an analysed commit, read behind the walls of a child each time.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use base::Actor;
use base::id::RepoId;
use tokio::sync::Semaphore;

use super::{RepoError, Repos};
use crate::child::{Blame, Folder, Lines};
use crate::source::Source;
use crate::store::{analyses, repositories};

/// Answers about who wrote what that are kept in memory, and how many of them are looked for at a time: each may take
/// a processor for some seconds.
const KEPT: usize = 64;
const AT_ONCE: usize = 2;

/// Lines that come from so many places are not kept: a few such answers would fill the memory.
const MOST_RUNS: usize = 20_000;

/// Which answer: repository, commit, path.
type Key = (RepoId, String, String);

/// Answers of [`Repos::blame`]. What a commit says of a file never changes.
pub(super) struct Blames {
    kept: Mutex<VecDeque<(Key, Arc<Blame>)>>,
    turns: Semaphore,
}

impl Default for Blames {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }
}

impl Blames {
    fn get(&self, key: &Key) -> Option<Arc<Blame>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at)?;
        let blame = Arc::clone(&found.1);
        kept.push_front(found);
        Some(blame)
    }

    fn put(&self, key: Key, blame: &Arc<Blame>) {
        if blame.runs.len() > MOST_RUNS {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.push_front((key, Arc::clone(blame)));
        kept.truncate(KEPT);
    }
}

/// A commit of a repository, and where it can be read.
struct At {
    commit: String,
    folder: PathBuf,
}

impl Repos {
    /// What is in a folder of an analysed commit, by default the one that was analysed last; and that commit.
    pub async fn folder(
        &self,
        actor: &Actor,
        repo: RepoId,
        commit: Option<&str>,
        path: &str,
    ) -> Result<(String, Folder), RepoError> {
        let At { commit, folder } = self.analysed_at(actor, repo, commit).await?;
        let found = self.config.supervisor.folder(&folder, self.lenders(), &commit, path).await?;
        Ok((commit, found))
    }

    /// A file of an analysed commit with some of its lines, in the same way.
    pub async fn lines(
        &self,
        actor: &Actor,
        repo: RepoId,
        commit: Option<&str>,
        path: &str,
        lines: RangeInclusive<u32>,
    ) -> Result<(String, Lines), RepoError> {
        let At { commit, folder } = self.analysed_at(actor, repo, commit).await?;
        let found = self.config.supervisor.lines(&folder, self.lenders(), &commit, path, lines).await?;
        Ok((commit, found))
    }

    /// Which commit each line of a file of an analysed commit comes from, in the same way.
    pub async fn blame(
        &self,
        actor: &Actor,
        repo: RepoId,
        commit: Option<&str>,
        path: &str,
    ) -> Result<(String, Arc<Blame>), RepoError> {
        // Whether the workspace may see it is asked before what is kept is.
        let At { commit, folder } = self.analysed_at(actor, repo, commit).await?;
        let key = (repo, commit.clone(), path.to_owned());
        if let Some(known) = self.blames.get(&key) {
            return Ok((commit, known));
        }
        let turn = self.blames.turns.acquire().await;
        // Who waited may find that another looked for the same.
        if let Some(known) = self.blames.get(&key) {
            return Ok((commit, known));
        }
        let found = Arc::new(self.config.supervisor.blame(&folder, self.lenders(), &commit, path).await?);
        self.blames.put(key, &found);
        drop(turn);
        Ok((commit, found))
    }

    /// The commit, where an analysis of the workspace was of it: no other can be asked for.
    async fn analysed_at(&self, actor: &Actor, repo: RepoId, commit: Option<&str>) -> Result<At, RepoError> {
        let repo = repositories::by_id(&self.db, actor.workspace, repo).await?.ok_or(RepoError::NotFound)?;
        let known = match commit {
            None => analyses::latest_done(&self.db, actor.workspace, repo.id).await?.and_then(|it| it.commit),
            Some(wanted) => analyses::of_repo(&self.db, actor.workspace, repo.id, 100)
                .await?
                .into_iter()
                .filter_map(|analysis| analysis.commit)
                .find(|commit| commit == wanted),
        };
        let commit = known.ok_or(RepoError::NotFound)?;
        let folder = match &repo.source {
            Source::Local(path) => self.permitted(path)?,
            Source::Git(_) => self.clone_folder(repo.id),
        };
        Ok(At { commit, folder })
    }
}
