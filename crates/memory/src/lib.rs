//! What teams learn, and how it is recalled.
//!
//! A memory says what was decided, found out or resolved, what that rests on, and who may see it. The table is the truth;
//! a search index follows it and can be built again at any time. Recalling gives few memories, each with its reasons.
//! Every change carries the version it was made against; what took another's place leads to it; what is forgotten is
//! gone, text and vector.
//!
//! Deliberately unknown here: repositories, tasks and models (evidence is opaque), HTTP, which engine searches.
//!
//! Reading order: [`memory`] (what a memory is, and how it may change: pure), [`Memories`] (the use cases), [`recall`]
//! (how what was found is ranked: pure); inside, `index` keeps the search index in step, `store` holds the SQL.

mod index;
pub mod memory;
pub mod recall;
mod store;

use std::collections::BTreeMap;

use base::id::{EventId, MemoryId, UserId, WorkspaceId};
use base::{Actor, Clock, Cursor, Ids, Page, PageSize};
use events::{Channel, Event, Events, MemoryFacts};
use retrieval::{Embedder, MODEL, Mix, Retrieval, Search};
use storage::{Db, Tx};

pub use memory::{
    Change, Edit, Evidence, EvidenceKind, InvalidMemory, Kind, Memory, NewMemory, Origin, State, Trust,
};
pub use recall::{Budget, Recalled, Why};

use index::Index;

/// What is looked at before the budget: enough that neighbours and doubles cannot empty the answer.
const CANDIDATES: usize = 100;

/// The longest question, in characters: an error with its trace fits.
pub const QUERY_LIMIT: usize = 8_000;

/// The table or the index failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The search index failed.
    #[error(transparent)]
    Search(#[from] retrieval::Error),
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The fields do not make a memory.
    #[error(transparent)]
    Invalid(#[from] InvalidMemory),
    /// The table or the table of embeddings failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a memory was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such memory, or the actor may not see it.
    #[error("there is no such memory")]
    NotFound,
    /// Somebody changed it first.
    #[error("somebody else changed this memory")]
    Conflict,
    /// The change does not fit.
    #[error(transparent)]
    Invalid(#[from] InvalidMemory),
    /// The table or the table of embeddings failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

macro_rules! failures {
    ($($error:ident)*) => {$(
        impl From<storage::Error> for $error {
            fn from(error: storage::Error) -> Self {
                Self::Failed(error.into())
            }
        }

        impl From<retrieval::Error> for $error {
            fn from(error: retrieval::Error) -> Self {
                Self::Failed(error.into())
            }
        }
    )*};
}

failures!(SaveError ChangeError);

/// Which memories to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one of these kinds; of any without one.
    pub kinds: Vec<Kind>,
    /// In one of these states; in any without one.
    pub states: Vec<State>,
    /// With all of these tags.
    pub tags: Vec<String>,
    /// Only what the actor alone may see.
    pub private: bool,
}

/// How many there are of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Of what.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// A page of memories, with what could be listed instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The page.
    pub page: Page<Memory>,
    /// All the actor may see, by kind.
    pub kinds: Vec<Facet>,
    /// All the actor may see, by state.
    pub states: Vec<Facet>,
    /// The tags that most have of what the actor may see, the most used first.
    pub tags: Vec<Facet>,
}

/// What to recall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// A question, an error text, code: what counts of it are its first [`QUERY_LIMIT`] characters.
    pub text: String,
    /// Of one of these kinds; of any without one.
    pub kinds: Vec<Kind>,
    /// With all of these tags.
    pub tags: Vec<String>,
    /// Only what everybody in the workspace may see: others read what is said with it.
    pub shared: bool,
    /// How much.
    pub budget: Budget,
}

/// The context.
#[derive(Clone)]
pub struct Memories {
    db: Db,
    index: Index,
    events: Events,
    clock: Clock,
    ids: Ids,
}

impl Memories {
    /// Joins the context to its storage, its index, clock and ids.
    pub fn new(
        db: Db,
        retrieval: Retrieval,
        embedder: Embedder,
        events: Events,
        clock: Clock,
        ids: Ids,
    ) -> Self {
        Self { index: Index::new(db.clone(), retrieval, embedder), db, events, clock, ids }
    }

    /// The memory, if the actor may see it.
    pub async fn memory(&self, actor: &Actor, id: MemoryId) -> Result<Option<Memory>, storage::Error> {
        store::memory(&self.db, actor, id).await
    }

    /// The memories that the actor may see, newest first.
    pub async fn memories(
        &self,
        actor: &Actor,
        filter: &Filter,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Listed, storage::Error> {
        let mut items = store::memories(&self.db, actor, filter, after, size.get() + 1).await?;
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next = items.last().filter(|_| more).map(|memory| Cursor(memory.id.to_string()));
        let total = store::count(&self.db, actor, filter).await?;
        let [kinds, states, tags] = store::facets(&self.db, actor).await?;
        Ok(Listed { page: Page { items, next, total }, kinds, states, tags })
    }

    /// Saves something that was learned. It is found from now on.
    pub async fn remember(&self, actor: &Actor, new: NewMemory) -> Result<Memory, SaveError> {
        let memory = new.saved(self.ids.new_id(), actor.user, self.clock.now())?;
        let vector = self.index.embed(&memory.searched())?;
        let mut tx = self.db.begin().await?;
        store::insert(&mut tx, actor.workspace, &memory, MODEL, vector.to_bytes()).await?;
        self.changed(&mut tx, vec![memory.id]);
        self.tell(&mut tx, actor, &memory, Event::MemorySaved { memory: facts(&memory) });
        tx.commit().await?;
        self.follow().await;
        Ok(memory)
    }

    /// Changes a memory that is still at `version`.
    pub async fn change(
        &self,
        actor: &Actor,
        id: MemoryId,
        version: i64,
        change: Change,
    ) -> Result<Memory, ChangeError> {
        let mut tx = self.db.begin().await?;
        let memory = self.at(&mut tx, actor, id, version).await?;
        let changed = memory.changed(change, self.clock.now())?;
        self.replace(&mut tx, actor, &changed, version).await?;
        self.changed(&mut tx, vec![id]);
        tx.commit().await?;
        self.follow().await;
        Ok(changed)
    }

    /// Saves a memory in the place of one that is still at `version`; the old one stays, dated, and leads to it. Both are
    /// seen by the same people: a private one cannot take the place of one that everybody sees.
    pub async fn supersede(
        &self,
        actor: &Actor,
        id: MemoryId,
        version: i64,
        new: NewMemory,
    ) -> Result<Memory, ChangeError> {
        let now = self.clock.now();
        let private = new.private;
        let mut successor = new.saved(self.ids.new_id(), actor.user, now)?;
        let vector = self.index.embed(&successor.searched())?;
        let mut tx = self.db.begin().await?;
        let old = self.at(&mut tx, actor, id, version).await?;
        if private && old.owner.is_none() {
            return Err(InvalidMemory::Private.into());
        }
        // Whoever could see what was said can see what is said now.
        successor.owner = old.owner;
        store::insert(&mut tx, actor.workspace, &successor, MODEL, vector.to_bytes()).await?;
        self.replace(&mut tx, actor, &old.superseded(successor.id, now)?, version).await?;
        store::link(&mut tx, actor.workspace, successor.id, id, "supersedes").await?;
        self.changed(&mut tx, vec![id, successor.id]);
        self.tell(&mut tx, actor, &successor, Event::MemorySaved { memory: facts(&successor) });
        tx.commit().await?;
        self.follow().await;
        Ok(successor)
    }

    /// Says that two memories belong together; each is then recalled more easily with the other.
    pub async fn relate(&self, actor: &Actor, from: MemoryId, to: MemoryId) -> Result<(), ChangeError> {
        let mut tx = self.db.begin().await?;
        for id in [from, to] {
            store::memory_in(&mut tx, actor, id).await?.ok_or(ChangeError::NotFound)?;
        }
        store::link(&mut tx, actor.workspace, from, to, "related").await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes a memory that is still at `version`: text, vector, links and tags, here and in every index.
    pub async fn forget(&self, actor: &Actor, id: MemoryId, version: i64) -> Result<(), ChangeError> {
        let mut tx = self.db.begin().await?;
        let memory = self.at(&mut tx, actor, id, version).await?;
        store::forget(&mut tx, actor.workspace, id).await?;
        self.changed(&mut tx, vec![id]);
        self.tell(&mut tx, actor, &memory, Event::MemoryForgotten { memory: id });
        tx.commit().await?;
        self.follow().await;
        Ok(())
    }

    /// Counts that a memory served somebody. It is no change of the memory: its version stays. `false`: there is no such
    /// memory.
    pub async fn note_use(&self, actor: &Actor, id: MemoryId) -> Result<bool, storage::Error> {
        let mut tx = self.db.begin().await?;
        let known = store::used(&mut tx, actor, id).await?;
        tx.commit().await?;
        Ok(known)
    }

    /// Ends the memories of every workspace whose time is over; how many.
    pub async fn expire(&self) -> Result<usize, storage::Error> {
        let mut ended = 0;
        loop {
            let mut tx = self.db.begin().await?;
            let over = store::expire(&mut tx, self.clock.now()).await?;
            if over.is_empty() {
                return Ok(ended);
            }
            ended += over.len();
            self.changed(&mut tx, over.iter().map(|(_, memory)| memory.id).collect());
            for (workspace, memory) in &over {
                let event = Event::MemoryUpdated { memory: facts(memory) };
                self.events.emit(&mut tx, channel(*workspace, memory), None, event);
            }
            tx.commit().await?;
        }
    }

    /// Deletes every memory of a workspace that nobody is in any more, as part of `tx`.
    pub async fn erase_in(&self, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), storage::Error> {
        store::erase(tx, workspace).await?;
        self.changed(tx, Vec::new());
        Ok(())
    }

    /// Who keeps memories for themselves, and where, in the order of workspaces and people.
    pub async fn owners(&self) -> Result<Vec<(WorkspaceId, UserId)>, storage::Error> {
        store::owners(&self.db).await
    }

    /// Deletes what somebody kept for themselves in a workspace that they are not in any more, as part of `tx`.
    pub async fn erase_of(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        owner: UserId,
    ) -> Result<(), storage::Error> {
        for id in store::private(tx, workspace, owner).await? {
            store::forget(tx, workspace, id).await?;
        }
        self.changed(tx, Vec::new());
        Ok(())
    }

    /// What helps with a question, the best first, each with its reasons.
    pub async fn recall(&self, actor: &Actor, question: &Question) -> Result<Vec<Recalled>, Error> {
        self.index.catch_up().await?;
        let text: String = question.text.chars().take(QUERY_LIMIT).collect();
        let search = Search {
            workspace: actor.workspace,
            vector: Some(self.index.embed(&text)?),
            text,
            filter: keys(actor, question),
            limit: CANDIDATES.max(question.budget.memories),
            mix: Mix::default(),
        };
        let hits = self.index.retrieval.search(search).await?;
        let fits: BTreeMap<MemoryId, _> =
            hits.into_iter().map(|hit| (MemoryId::from(hit.id), (hit.score, hit.terms))).collect();
        let ids: Vec<MemoryId> = fits.keys().copied().collect();
        let links = store::links(&self.db, actor.workspace, &ids).await?;
        let scores = fits.iter().map(|(id, (fit, _))| (*id, fit.score)).collect();
        let added = recall::from_neighbours(&scores, &links);
        let wanted: Vec<MemoryId> = ids.into_iter().chain(added.keys().copied()).collect();
        let now = self.clock.now();
        let mut found = store::memories_by_id(&self.db, actor, &wanted).await?;
        found.dedup_by_key(|memory| memory.id);
        found.retain(|memory| {
            // The index knows no clock, and a neighbour did not pass its filter.
            memory.state.is_recalled()
                && memory.expires_at.is_none_or(|at| at > now)
                && question.admits(memory)
        });
        let weighed = found.into_iter().map(|memory| {
            let fit = fits.get(&memory.id).cloned();
            let neighbours = added.get(&memory.id).copied().unwrap_or(0.0);
            recall::weigh(memory, fit, neighbours, now)
        });
        Ok(recall::within(weighed.collect(), question.budget))
    }

    /// Has every process build its search index anew from the table: this one now, the others before they search again.
    /// How many memories it holds.
    pub async fn reindex(&self) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        store::begin_epoch(&mut tx, self.ids.new_id::<EventId>().to_string()).await?;
        tx.commit().await?;
        self.index.catch_up().await?;
        Ok(self.index.retrieval.size().await?)
    }

    /// The memory, if it is still at `version`.
    async fn at(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: MemoryId,
        version: i64,
    ) -> Result<Memory, ChangeError> {
        let memory = store::memory_in(tx, actor, id).await?.ok_or(ChangeError::NotFound)?;
        if memory.version == version { Ok(memory) } else { Err(ChangeError::Conflict) }
    }

    async fn replace(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        changed: &Memory,
        version: i64,
    ) -> Result<(), ChangeError> {
        let vector = self.index.embed(&changed.searched())?.to_bytes();
        let stored = store::replace(tx, actor.workspace, changed, version, MODEL, vector).await;
        // Between our read and our write; only PostgreSQL lets that happen.
        stored.map_err(|error| match error {
            storage::Error::Changed => ChangeError::Conflict,
            error => error.into(),
        })?;
        self.tell(tx, actor, changed, Event::MemoryUpdated { memory: facts(changed) });
        Ok(())
    }

    /// Numbers the change of these memories, and of what was deleted in the same transaction.
    fn changed(&self, tx: &mut Tx, ids: Vec<MemoryId>) {
        store::number(tx, ids, self.ids.new_id::<EventId>().to_string());
    }

    /// What is only theirs is told only to them.
    fn tell(&self, tx: &mut Tx, actor: &Actor, memory: &Memory, event: Event) {
        self.events.emit(tx, channel(actor.workspace, memory), Some(actor.user), event);
    }

    /// Brings the index up to date after a change. It is saved already; if this fails, the next recall tries again.
    async fn follow(&self) {
        if let Err(error) = self.index.catch_up().await {
            tracing::warn!(%error, "the search index is behind and follows with the next recall");
        }
    }
}

impl Question {
    fn admits(&self, memory: &Memory) -> bool {
        !(self.shared && memory.owner.is_some())
            && (self.kinds.is_empty() || self.kinds.contains(&memory.kind))
            && self.tags.iter().all(|tag| memory.tags.contains(tag))
    }
}

/// What the search must respect: who may see it, and what was asked for.
fn keys(actor: &Actor, question: &Question) -> Vec<Vec<String>> {
    let mut seen = vec![memory::seen_by(None)];
    if !question.shared {
        seen.push(memory::seen_by(Some(actor.user)));
    }
    let mut keys = vec![seen];
    if !question.kinds.is_empty() {
        keys.push(question.kinds.iter().map(|kind| format!("kind:{}", kind.as_str())).collect());
    }
    keys.extend(question.tags.iter().map(|tag| vec![format!("tag:{tag}")]));
    keys
}

/// Where a memory's events go: to those who may see it.
fn channel(workspace: WorkspaceId, memory: &Memory) -> Channel {
    memory.owner.map_or_else(|| Channel::workspace(workspace), Channel::user)
}

fn facts(memory: &Memory) -> MemoryFacts {
    MemoryFacts {
        id: memory.id,
        kind: memory.kind.as_str().to_owned(),
        state: memory.state.as_str().to_owned(),
        version: memory.version,
    }
}
