//! Conversations with the mentor: what was asked, what was answered, and on what it rests.
//!
//! A thread is its author's alone until it is shared, and then others may read it. Every answer keeps its sources, what a
//! model was sent for it and how it ended; one thread has one answer in the making at a time, and an answer whose writer
//! died ends by itself. What is asked again or edited is replaced, not deleted.
//!
//! Deliberately unknown here: models and repositories (sources are opaque), how an answer is made, HTTP.
//!
//! Reading order: [`thread`] and [`message`] (what they are: pure), [`Chats`] (the use cases; those of
//! a question and its answer are in `writing`); inside, `store` holds the SQL.

pub mod message;
mod store;
pub mod thread;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use base::id::{MessageId, RepoId, ThreadId, UserId, WorkspaceId};
use base::{Actor, Clock, Cursor, Ids, Page, PageSize};
use storage::{Db, Tx};

pub use message::{
    Asked, Attachment, Citation, Exchange, Facts, LeftOut, Message, Missed, Mode, NoWriter, Place, Rating,
    Removed, Source, SourceKind, Speaker, State, Writer,
};
pub use thread::{Invalid, NewThread, Thread, ThreadChange};
pub use writing::{Begun, NewQuestion, Turn};

/// How long an answer is not heard of until nobody is taken to write it any more. Whoever writes says so every second.
pub const STALE: Duration = Duration::from_secs(30);

/// What is said of an answer whose writer died.
pub(crate) const LOST: &str = "The server stopped while it answered.";

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thread or message, or it is not shared with the actor.
    #[error("there is no such conversation")]
    NotFound,
    /// Somebody changed it first.
    #[error("somebody else changed this conversation")]
    Conflict,
    /// An answer is being written.
    #[error("an answer is being written: wait for it or stop it first")]
    Answering,
    /// It would be shared, and so many answers rest on what is the author's alone.
    #[error("{0} answers here rest on what is yours alone")]
    Private(u64),
    /// Only the author may do that.
    #[error("only who began this conversation goes on with it")]
    NotAuthor,
    /// What was given does not fit.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Storage(storage::Error),
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Changed => Self::Conflict,
            other => Self::Storage(other),
        }
    }
}

/// Which threads to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// With this text in the title or in something that was said; the letters a to z in any case.
    pub text: Option<String>,
    /// About this repository.
    pub repo: Option<RepoId>,
    /// Those that were put away, instead of the others.
    pub archived: bool,
}

/// What was deleted for good, and goes from answers too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone<'a> {
    /// A source, by its key.
    Source(&'a str),
    /// A repository: what the answers of conversations about it rest on.
    Repo(RepoId),
}

impl Gone<'_> {
    /// Whether that source goes with it.
    fn is(&self, kind: SourceKind, key: &str) -> bool {
        match self {
            Self::Source(gone) => *gone == key,
            Self::Repo(_) => kind.is_of_repo(),
        }
    }
}

/// Takes out of a text what must not stand in a list.
pub type Clean = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The context.
#[derive(Clone)]
pub struct Chats {
    db: Db,
    clock: Clock,
    ids: Ids,
    clean: Clean,
}

impl Chats {
    /// Joins the context to its storage, clock and ids.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids, clean: Arc::new(str::to_owned) }
    }

    /// The same, whose questions give titles only of what this leaves of them.
    #[must_use]
    pub fn with_titles(self, clean: Clean) -> Self {
        Self { clean, ..self }
    }

    /// The threads that the actor may read: pinned ones first, then those where something was said last.
    pub async fn threads(
        &self,
        actor: &Actor,
        filter: &Filter,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<Thread>, Error> {
        let mut items = store::threads(&self.db, actor, filter, after, size.get() + 1).await?;
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next = items.last().filter(|_| more).map(store::cursor);
        let total = store::count(&self.db, actor, filter).await?;
        Ok(Page { items, next, total })
    }

    /// A thread that the actor may read.
    pub async fn thread(&self, actor: &Actor, id: ThreadId) -> Result<Thread, Error> {
        store::thread(&self.db, actor, id).await?.ok_or(Error::NotFound)
    }

    /// What was said in a thread that the actor may read, in order, without what was replaced.
    pub async fn messages(&self, actor: &Actor, id: ThreadId) -> Result<Vec<Message>, Error> {
        self.thread(actor, id).await?;
        Ok(store::messages(&self.db, actor.workspace, id, self.clock.now()).await?)
    }

    /// What was asked and answered by a model in a thread that the actor may read, in order, without what was replaced.
    pub async fn exchanges(&self, actor: &Actor, id: ThreadId) -> Result<Vec<Exchange>, Error> {
        self.thread(actor, id).await?;
        Ok(store::exchanges(&self.db, actor.workspace, id, self.clock.now()).await?)
    }

    /// A message of a thread that the actor may read; also one that was replaced.
    pub async fn message(&self, actor: &Actor, id: MessageId) -> Result<Message, Error> {
        store::message(&self.db, actor, id, self.clock.now()).await?.ok_or(Error::NotFound)
    }

    /// Begins a thread.
    pub async fn begin(&self, actor: &Actor, new: NewThread) -> Result<Thread, Error> {
        let now = self.clock.now();
        let thread = Thread {
            id: self.ids.new_id(),
            author: actor.user,
            title: thread::title(new.title.as_deref().unwrap_or_default())?,
            repo: new.repo,
            pinned: false,
            archived: false,
            shared: false,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut tx = self.db.begin().await?;
        store::insert_thread(&mut tx, actor.workspace, &thread).await?;
        tx.commit().await?;
        Ok(thread)
    }

    /// Changes a thread of the actor's that is still at `version`.
    pub async fn change(
        &self,
        actor: &Actor,
        id: ThreadId,
        version: i64,
        change: ThreadChange,
    ) -> Result<Thread, Error> {
        let mut tx = self.db.begin().await?;
        let (thread, with_private) = (self.own_at(&mut tx, actor, id, version).await?, change.with_private);
        let changed = thread.changed(change, self.clock.now())?;
        if changed.shared && !thread.shared {
            self.may_be_shared(&mut tx, actor, id, with_private).await?;
        }
        store::replace_thread(&mut tx, actor.workspace, &changed, version).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Refuses where others would read what they may not know: also of an answer that is not whole yet.
    async fn may_be_shared(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ThreadId,
        with_private: bool,
    ) -> Result<(), Error> {
        store::settle(tx, actor.workspace, id, self.clock.now()).await?;
        if store::is_answering(tx, actor.workspace, id).await? {
            return Err(Error::Answering);
        }
        match store::private_answers(tx, actor.workspace, id).await? {
            answers if answers > 0 && !with_private => Err(Error::Private(answers)),
            _ => Ok(()),
        }
    }

    /// Deletes a thread of the actor's that is still at `version`, with all that was said.
    pub async fn delete(&self, actor: &Actor, id: ThreadId, version: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.own_at(&mut tx, actor, id, version).await?;
        store::delete_thread(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes what the author of a thread thinks of an answer.
    pub async fn rate(
        &self,
        actor: &Actor,
        id: MessageId,
        rating: Option<Rating>,
        reasons: Vec<String>,
    ) -> Result<Message, Error> {
        let reasons = if rating.is_some() { thread::reasons(&reasons)? } else { Vec::new() };
        let mut tx = self.db.begin().await?;
        let message = store::message_in(&mut tx, actor, id, self.clock.now()).await?;
        let message = message.filter(|it| it.speaker == Speaker::Mentor).ok_or(Error::NotFound)?;
        self.own(&mut tx, actor, message.thread).await?;
        refuse_while_answering(&message)?;
        store::rate(&mut tx, actor.workspace, id, rating, &reasons).await?;
        tx.commit().await?;
        Ok(Message { rating, reasons, ..message })
    }

    /// What a model was sent for an answer of the actor's own thread, as JSON; `None` when none was asked.
    pub async fn sent(&self, actor: &Actor, id: MessageId) -> Result<Option<String>, Error> {
        store::sent(&self.db, actor, id).await?.ok_or(Error::NotFound)
    }

    /// Takes what was deleted for good out of the answers that rest on it: what it said, and what was sent with it. How many
    /// answers. One that cannot be read fails this once all others are done.
    pub async fn forget(&self, workspace: WorkspaceId, gone: &Gone<'_>) -> Result<u64, storage::Error> {
        let (mut forgotten, mut damaged) = (0, None);
        // Each by itself: together they may be large, and whoever deletes or writes one waits for that one alone.
        for answer in store::resting_on(&self.db, workspace, gone).await? {
            match self.forget_in(workspace, answer, gone).await {
                Ok(was_there) => forgotten += u64::from(was_there),
                Err(error @ storage::Error::Corrupt(_)) => damaged = Some(error),
                Err(error) => return Err(error),
            }
        }
        damaged.map_or(Ok(forgotten), Err)
    }

    /// The same, out of one answer: it may have ended when the others were looked at. Whether it was in there; nothing is in
    /// an answer that was deleted.
    pub async fn forget_in(
        &self,
        workspace: WorkspaceId,
        answer: MessageId,
        gone: &Gone<'_>,
    ) -> Result<bool, storage::Error> {
        let mut tx = self.db.begin().await?;
        let was_there = store::forget(&mut tx, workspace, answer, gone).await?;
        tx.commit().await?;
        Ok(was_there)
    }

    /// Deletes the conversations of a workspace that nobody is in any more, as part of `tx`.
    pub async fn erase_in(&self, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), storage::Error> {
        store::erase(tx, workspace).await
    }

    /// Who has threads that are theirs alone, and where, in the order of workspaces and people.
    pub async fn owners(&self) -> Result<Vec<(WorkspaceId, UserId)>, storage::Error> {
        store::owners(&self.db).await
    }

    /// Deletes the threads of somebody that are theirs alone, in a workspace that they are not in any more, as part of `tx`.
    pub async fn erase_of(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        owner: UserId,
    ) -> Result<(), storage::Error> {
        store::erase_of(tx, workspace, owner).await
    }

    /// The thread, if it is the actor's; nobody else changes or deletes it until `tx` ends.
    async fn own(&self, tx: &mut Tx, actor: &Actor, id: ThreadId) -> Result<Thread, Error> {
        // Held before it is read: what is read first may be gone by the time that something is said in it.
        store::hold(tx, actor, id).await?;
        let thread = store::thread_in(tx, actor, id).await?.ok_or(Error::NotFound)?;
        if thread.author == actor.user { Ok(thread) } else { Err(Error::NotAuthor) }
    }

    /// The same, if it is still at `version`.
    async fn own_at(&self, tx: &mut Tx, actor: &Actor, id: ThreadId, version: i64) -> Result<Thread, Error> {
        let thread = self.own(tx, actor, id).await?;
        if thread.version == version { Ok(thread) } else { Err(Error::Conflict) }
    }
}

fn refuse_while_answering(message: &Message) -> Result<(), Error> {
    if message.state == State::Answering { Err(Error::Answering) } else { Ok(()) }
}
