//! The files of an analysed commit, read behind the walls of a child each time.

use std::collections::{HashMap, VecDeque};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::id::{RepoId, WorkspaceId};
use base::{Actor, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{RepoError, Repos};
use crate::child::{Blame, CommitShown, Folder, Form, Lines};
use crate::failure::{Failure, FailureCode};
use crate::sample;
use crate::source::Source;
use crate::store::{analyses, repositories};

/// Answers of one kind that are kept in memory.
const KEPT: usize = 64;

/// Children that read files at a time: for people of workspaces, and for all those who only look at the sample.
const AT_ONCE: usize = 8;
const OF_STRANGERS: usize = 2;

/// Those of them that look for who wrote what, one for each workspace: each may take a processor for some seconds.
const BLAMES: usize = 2;

/// Those of them that search what was read before, one for each workspace: each has all words of a repository in memory.
const SEARCHES: usize = 2;

/// How long one of these may look: well below the time that a request has.
const BLAME: Duration = Duration::from_secs(10);

/// How long an answer is kept that a later search might better, and a failure: longer than a page asks again and again.
const FOR_A_WHILE: Duration = Duration::from_mins(5);

/// Lines that come from so many places are not kept: a few such answers would fill the memory.
const MOST_RUNS: usize = 20_000;

/// Which answer: repository, commit, path, and the lines where there are any.
type Key = (RepoId, String, String, Option<RangeInclusive<u32>>);

/// Answers that do not change, the last used first.
struct Kept<T>(Mutex<VecDeque<(Key, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    fn get(&self, key: &Key) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at)?;
        let answer = Arc::clone(&found.1);
        kept.push_front(found);
        Some(answer)
    }

    fn put(&self, key: Key, answer: &Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.push_front((key, Arc::clone(answer)));
        kept.truncate(KEPT);
    }
}

/// What a search for who wrote what came to.
struct Searched {
    found: Result<Arc<Blame>, Failure>,
    /// Until when it is told again; `None`: it never changes.
    until: Option<Timestamp>,
}

/// What of a workspace goes one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Turn {
    /// What may take a processor for seconds.
    Long,
    /// A search of what was read before.
    Search,
}

/// What is known of files that were read, and how many are read at a time.
pub(super) struct Reading {
    blames: Kept<Searched>,
    /// Those that strangers asked for: they push out none of people's.
    blames_of_strangers: Kept<Searched>,
    /// Of the sample, which everybody may read, and whose commit is always the same.
    folders: Kept<Folder>,
    lines: Kept<Lines>,
    people: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    blaming: Arc<Semaphore>,
    searching: Arc<Semaphore>,
    /// One turn of each kind for each workspace in which somebody is looking now.
    workspaces: Mutex<HashMap<(WorkspaceId, Turn), Arc<Semaphore>>>,
    /// Of these commits all that searches are made in was made, the last first. A guess: it may be gone.
    prepared: Mutex<VecDeque<(RepoId, String)>>,
}

impl Default for Reading {
    fn default() -> Self {
        let turns = |count| Arc::new(Semaphore::new(count));
        Self {
            blames: Kept::default(),
            blames_of_strangers: Kept::default(),
            folders: Kept::default(),
            lines: Kept::default(),
            people: turns(AT_ONCE),
            strangers: turns(OF_STRANGERS),
            blaming: turns(BLAMES),
            searching: turns(SEARCHES),
            workspaces: Mutex::default(),
            prepared: Mutex::default(),
        }
    }
}

fn is_stranger(actor: &Actor) -> bool {
    actor.workspace == sample::reader().workspace
}

impl Reading {
    fn blames(&self, actor: &Actor) -> &Kept<Searched> {
        if is_stranger(actor) { &self.blames_of_strangers } else { &self.blames }
    }

    /// Waits until a child may be started to read something.
    pub(super) async fn turn(&self, actor: &Actor) -> Option<OwnedSemaphorePermit> {
        let turns = if is_stranger(actor) { &self.strangers } else { &self.people };
        // Nobody closes it.
        Arc::clone(turns).acquire_owned().await.ok()
    }

    /// The same for one that looks for who wrote what: nobody waits for more than one of another workspace.
    pub(super) async fn long_turn(&self, actor: &Actor) -> [Option<OwnedSemaphorePermit>; 2] {
        if is_stranger(actor) {
            return [self.turn(actor).await, None];
        }
        let own = self.own_turn(actor.workspace, Turn::Long).acquire_owned().await.ok();
        [own, Arc::clone(&self.blaming).acquire_owned().await.ok()]
    }

    /// The same for a search of what was read before, which does not wait for one that takes long.
    pub(super) async fn search_turn(&self, actor: &Actor) -> [Option<OwnedSemaphorePermit>; 2] {
        if is_stranger(actor) {
            return [self.turn(actor).await, None];
        }
        let own = self.own_turn(actor.workspace, Turn::Search).acquire_owned().await.ok();
        [own, Arc::clone(&self.searching).acquire_owned().await.ok()]
    }

    /// Whether a search of this commit is quick.
    pub(super) fn is_prepared(&self, repo: RepoId, commit: &str) -> bool {
        let prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.iter().any(|(known, of)| *known == repo && of == commit)
    }

    /// Notes that all of this commit was searched.
    pub(super) fn prepared(&self, repo: RepoId, commit: String) {
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.retain(|(known, _)| *known != repo);
        prepared.push_front((repo, commit));
        prepared.truncate(KEPT);
    }

    fn own_turn(&self, workspace: WorkspaceId, turn: Turn) -> Arc<Semaphore> {
        let mut workspaces = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (workspace, turn);
        workspaces.retain(|known, turns| *known == key || Arc::strong_count(turns) > 1);
        Arc::clone(workspaces.entry(key).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

/// How an answer is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// It is all that the commit says, which never changes.
    Always,
    /// The search was given up or found nothing to begin with: the next one would go the same way.
    ForAWhile,
    /// It cost nothing, is too large, or something is missing that may be there at any time.
    Never,
}

fn keeping(found: &Result<Arc<Blame>, Failure>) -> Keeping {
    match found {
        Err(failure) => match failure.code {
            FailureCode::Timeout | FailureCode::AnalysisLimit | FailureCode::AnalysisCrashed => {
                Keeping::ForAWhile
            }
            _ => Keeping::Never,
        },
        Ok(blame) if blame.form != Form::Text || blame.runs.len() > MOST_RUNS => Keeping::Never,
        Ok(blame) if blame.commits.iter().any(|commit| commit.edge) => Keeping::Never,
        Ok(blame) if blame.notes.is_empty() => Keeping::Always,
        Ok(_) => Keeping::ForAWhile,
    }
}

/// A commit of a repository, and where it can be read.
pub(super) struct At {
    pub(super) commit: String,
    pub(super) folder: PathBuf,
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
        let key = (repo, commit.clone(), path.to_owned(), None);
        if let Some(known) = self.reading.folders.get(&key) {
            return Ok((commit, Folder::clone(&known)));
        }
        let _turn = self.reading.turn(actor).await;
        let found = self.config.supervisor.folder(&folder, self.lenders(), &commit, path).await?;
        if is_stranger(actor) {
            self.reading.folders.put(key, &Arc::new(found.clone()));
        }
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
        let key = (repo, commit.clone(), path.to_owned(), Some(lines.clone()));
        if let Some(known) = self.reading.lines.get(&key) {
            return Ok((commit, Lines::clone(&known)));
        }
        let _turn = self.reading.turn(actor).await;
        let found = self.config.supervisor.lines(&folder, self.lenders(), &commit, path, lines).await?;
        if is_stranger(actor) {
            self.reading.lines.put(key, &Arc::new(found.clone()));
        }
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
        let key = (repo, commit.clone(), path.to_owned(), None);
        if let Some(known) = self.searched(actor, &key) {
            return Ok((commit, known?));
        }
        let _turn = self.reading.long_turn(actor).await;
        // Who waited may find that another looked for the same.
        if let Some(known) = self.searched(actor, &key) {
            return Ok((commit, known?));
        }
        let found = self.config.supervisor.blame(&folder, self.lenders(), &commit, path, BLAME).await;
        let found = found.map(Arc::new);
        let until = match keeping(&found) {
            Keeping::Always => Some(None),
            Keeping::ForAWhile => Some(Some(self.clock.now().plus(FOR_A_WHILE))),
            Keeping::Never => None,
        };
        if let Some(until) = until {
            self.reading.blames(actor).put(key, &Arc::new(Searched { found: found.clone(), until }));
        }
        Ok((commit, found?))
    }

    /// What a commit changed. It is one that was analysed last, or one that this follows.
    pub async fn commit(&self, actor: &Actor, repo: RepoId, id: &str) -> Result<CommitShown, RepoError> {
        let At { commit, folder } = self.analysed_at(actor, repo, None).await?;
        let _turn = self.reading.turn(actor).await;
        Ok(self.config.supervisor.commit(&folder, self.lenders(), &commit, id).await?)
    }

    /// What an earlier search came to, where that still holds.
    fn searched(&self, actor: &Actor, key: &Key) -> Option<Result<Arc<Blame>, Failure>> {
        let known = self.reading.blames(actor).get(key)?;
        known.until.is_none_or(|until| self.clock.now() < until).then(|| known.found.clone())
    }

    /// The commit, where an analysis of the workspace was of it: no other can be asked for.
    pub(super) async fn analysed_at(
        &self,
        actor: &Actor,
        repo: RepoId,
        commit: Option<&str>,
    ) -> Result<At, RepoError> {
        let repo = repositories::by_id(&self.db, actor.workspace, repo).await?.ok_or(RepoError::NotFound)?;
        let commit = match commit {
            None => {
                let latest = analyses::latest_done(&self.db, actor.workspace, repo.id).await?;
                latest.and_then(|it| it.commit).ok_or(RepoError::NotFound)?
            }
            Some(wanted) if analyses::was_of(&self.db, actor.workspace, repo.id, wanted).await? => {
                wanted.to_owned()
            }
            Some(_) => return Err(RepoError::NotAnalysed),
        };
        let folder = match &repo.source {
            Source::Local(path) => self.permitted(path)?,
            Source::Git(_) => self.clone_folder(repo.id),
        };
        Ok(At { commit, folder })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::child::BlameCommit;

    #[test]
    fn strangers_take_no_turns_of_people_and_a_workspace_none_of_another() {
        let reading = Reading::default();
        let stranger = sample::reader();
        let one = Actor { workspace: WorkspaceId::from(uuid::Uuid::from_u128(1)), ..stranger };
        let two = Actor { workspace: WorkspaceId::from(uuid::Uuid::from_u128(2)), ..stranger };
        let held: Vec<_> = std::iter::from_fn(|| reading.turn(&stranger).now_or_never()).take(100).collect();
        assert_eq!(held.len(), OF_STRANGERS);
        assert!(reading.long_turn(&stranger).now_or_never().is_none());
        let people: Vec<_> = std::iter::from_fn(|| reading.turn(&one).now_or_never()).take(100).collect();
        assert_eq!(people.len(), AT_ONCE);
        let long = reading.long_turn(&one).now_or_never().unwrap();
        assert!(reading.long_turn(&one).now_or_never().is_none(), "one is looking already");
        let search = reading.search_turn(&one).now_or_never();
        assert!(search.is_some(), "a quick one does not wait for it");
        assert!(reading.search_turn(&one).now_or_never().is_none(), "but for another quick one");
        let other = reading.long_turn(&two).now_or_never();
        assert!(other.is_some());
        drop((long, other));
        assert!(reading.long_turn(&one).now_or_never().is_some());
        drop(held);
        assert!(reading.turn(&stranger).now_or_never().is_some());
    }

    #[test]
    fn what_may_change_is_kept_for_a_while_or_not_at_all() {
        let keeping = |blame: Blame| keeping(&Ok(Arc::new(blame)));
        let whole = Blame { form: Form::Text, ..Blame::default() };
        assert_eq!(keeping(whole.clone()), Keeping::Always);
        let given_up = Blame { notes: vec!["The way back was too long.".to_owned()], ..whole.clone() };
        assert_eq!(keeping(given_up.clone()), Keeping::ForAWhile);
        let commit =
            BlameCommit { id: String::new(), author: 0, authored: 0, subject: String::new(), edge: true };
        assert_eq!(keeping(Blame { commits: vec![commit], ..given_up }), Keeping::Never);
        assert_eq!(keeping(Blame { form: Form::TooLarge, ..whole }), Keeping::Never);
        let failed = |code| super::keeping(&Err(Failure::new(code, "It failed.")));
        assert_eq!(failed(FailureCode::Timeout), Keeping::ForAWhile);
        // It costs nothing to find out again, and what is missing may come.
        assert_eq!(failed(FailureCode::NotFound), Keeping::Never);
    }

    #[test]
    fn what_strangers_ask_pushes_out_nothing_of_people() {
        let reading = Reading::default();
        let stranger = sample::reader();
        let one = Actor { workspace: WorkspaceId::from(uuid::Uuid::from_u128(1)), ..stranger };
        let repo = RepoId::from(uuid::Uuid::from_u128(2));
        let key = |path: usize| (repo, String::new(), path.to_string(), None);
        let found = Arc::new(Searched { found: Ok(Arc::default()), until: None });
        reading.blames(&one).put(key(0), &found);
        for path in 0..=KEPT {
            reading.blames(&stranger).put(key(path), &found);
        }
        assert!(reading.blames(&one).get(&key(0)).is_some());
    }
}
