//! Conversations with the mentor: what was asked, what was answered, and on what it rests.
//!
//! A thread is its author's alone until it is shared, and then others may read it. Every answer keeps its sources, what a
//! model was sent for it and how it ended; one thread has one answer in the making at a time, and an answer whose writer
//! died ends by itself. What is asked again or edited is replaced, not deleted.
//!
//! Deliberately unknown here: models and repositories (sources are opaque), how an answer is made, HTTP.
//!
//! Reading order: [`thread`] and [`message`] (what they are: pure), [`Chats`] (the use cases); inside, `store` holds the SQL.

pub mod message;
mod store;
pub mod thread;

use std::time::Duration;

use base::id::{MessageId, RepoId, ThreadId, UserId, WorkspaceId};
use base::{Actor, Clock, Cursor, Ids, Page, PageSize};
use storage::{Db, Tx};

pub use message::{
    Asked, Attachment, Citation, Facts, Message, Missed, Mode, NoWriter, Place, Rating, Removed, Source,
    SourceKind, Speaker, State, Writer,
};
pub use thread::{Invalid, NewThread, Thread, ThreadChange};

/// How long an answer is not heard of until nobody is taken to write it any more. Whoever writes says so every second.
pub(crate) const STALE: Duration = Duration::from_secs(30);

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

/// What a question takes the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Of nothing: it comes last.
    Next,
    /// The same question again: another answer takes the place of this one, and of all that followed.
    Again(MessageId),
    /// It takes the place of this question, and of all that followed.
    InsteadOf(MessageId),
}

/// A question to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuestion {
    /// Markdown. Asking again takes the text that is there.
    pub text: String,
    /// What kind of answer is wanted.
    pub mode: Mode,
    /// What belongs to it. Asking again takes what was there.
    pub asked: Asked,
    /// What it takes the place of.
    pub turn: Turn,
}

/// A question, with the answer to it that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// The thread.
    pub thread: Thread,
    /// What was said before, in order.
    pub before: Vec<Message>,
    /// The question.
    pub question: Message,
    /// The answer, still empty.
    pub answer: Message,
}

/// The context.
#[derive(Clone)]
pub struct Chats {
    db: Db,
    clock: Clock,
    ids: Ids,
}

impl Chats {
    /// Joins the context to its storage, clock and ids.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids }
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
        let thread = self.own_at(&mut tx, actor, id, version).await?;
        let changed = thread.changed(change, self.clock.now())?;
        store::replace_thread(&mut tx, actor.workspace, &changed, version).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Deletes a thread of the actor's that is still at `version`, with all that was said.
    pub async fn delete(&self, actor: &Actor, id: ThreadId, version: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.own_at(&mut tx, actor, id, version).await?;
        store::delete_thread(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks in a thread of the actor's: adds the question, and an answer that is being written from now on.
    pub async fn ask(&self, actor: &Actor, id: ThreadId, new: NewQuestion) -> Result<Begun, Error> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let mut thread = self.own(&mut tx, actor, id).await?;
        store::settle(&mut tx, actor.workspace, id, now).await?;
        let (question, again) = self.question(&mut tx, actor, id, &new).await?;
        let (last, held, letters) = store::places(&mut tx, actor.workspace, id).await?;
        if held + 2 > thread::MESSAGES_LIMIT || letters > thread::LETTERS_LIMIT {
            return Err(Invalid::Full.into());
        }
        let question = Message { number: if again { question.number } else { last + 1 }, ..question };
        let title = thread::title_of(&question.text);
        let answer = Message {
            id: self.ids.new_id(),
            number: last + 2,
            speaker: Speaker::Mentor,
            question: Some(question.id),
            text: String::new(),
            state: State::Answering,
            asked: Asked::default(),
            created_at: now,
            ended_at: None,
            ..question.clone()
        };
        let added = (again || store::insert_message(&mut tx, actor.workspace, &question).await?)
            && store::insert_message(&mut tx, actor.workspace, &answer).await?;
        if !added {
            return Err(Error::Answering);
        }
        store::touch(&mut tx, actor.workspace, id, Some(&title), now).await?;
        tx.commit().await?;
        if thread.title.is_empty() {
            thread.title = title;
        }
        thread.updated_at = now;
        let mut before = store::messages(&self.db, actor.workspace, id, now).await?;
        before.retain(|message| message.number < question.number);
        Ok(Begun { thread, before, question, answer })
    }

    /// The question that is asked, and whether it is there already; what it replaces is taken out of what is read.
    async fn question(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        thread: ThreadId,
        new: &NewQuestion,
    ) -> Result<(Message, bool), Error> {
        let now = self.clock.now();
        if let Turn::Again(answer) = new.turn {
            let answer = self.standing(tx, actor, thread, answer, Speaker::Mentor).await?;
            let question = answer.question.ok_or(Error::NotFound)?;
            let question = self.standing(tx, actor, thread, question, Speaker::Person).await?;
            refuse_while_answering(&answer)?;
            store::supersede(tx, actor.workspace, thread, answer.number).await?;
            return Ok((Message { mode: new.mode, ..question }, true));
        }
        if let Turn::InsteadOf(earlier) = new.turn {
            let earlier = self.standing(tx, actor, thread, earlier, Speaker::Person).await?;
            store::supersede(tx, actor.workspace, thread, earlier.number).await?;
        }
        let question = Message {
            id: self.ids.new_id(),
            thread,
            number: 0,
            speaker: Speaker::Person,
            question: None,
            text: thread::question(&new.text, &new.asked)?,
            mode: new.mode,
            state: State::Done,
            asked: new.asked.clone(),
            facts: Facts::default(),
            rating: None,
            reasons: Vec::new(),
            created_at: now,
            ended_at: Some(now),
        };
        Ok((question, false))
    }

    /// What that speaker said in a thread, and still stands there: whoever reads an older page must not replace what was said
    /// since.
    async fn standing(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        thread: ThreadId,
        id: MessageId,
        speaker: Speaker,
    ) -> Result<Message, Error> {
        let message = store::message_in(tx, actor, id, self.clock.now()).await?;
        let message = message.filter(|it| it.thread == thread && it.speaker == speaker);
        let message = message.ok_or(Error::NotFound)?;
        if store::is_replaced(tx, actor.workspace, id).await? { Err(Error::Conflict) } else { Ok(message) }
    }

    /// Keeps what was said so far of an answer, and says that it is still being written; `false` when it no longer is,
    /// because its thread was deleted or it was taken for lost.
    pub async fn progress(
        &self,
        workspace: WorkspaceId,
        answer: MessageId,
        text: &str,
    ) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let kept = store::progress(&mut tx, workspace, answer, text, self.clock.now()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Ends an answer, with what a model was sent for it; the answer as it is kept. [`Error::NotFound`] when it is no longer
    /// being written.
    pub async fn finish(
        &self,
        workspace: WorkspaceId,
        mut answer: Message,
        sent: Option<&str>,
    ) -> Result<Message, Error> {
        let now = self.clock.now();
        answer.ended_at = Some(now);
        let mut tx = self.db.begin().await?;
        // The thread first, as everybody takes them: whoever deletes it has it, and waits for its messages.
        store::touch(&mut tx, workspace, answer.thread, None, now).await?;
        if !store::finish(&mut tx, workspace, &answer, sent).await? {
            return Err(Error::NotFound);
        }
        tx.commit().await?;
        Ok(answer)
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

    /// Takes something that was deleted for good out of the answers that rest on it, by its key: what it said, and what was
    /// sent with it. How many answers.
    pub async fn forget_source(&self, workspace: WorkspaceId, key: &str) -> Result<u64, storage::Error> {
        let mut tx = self.db.begin().await?;
        let forgotten = store::forget_source(&mut tx, workspace, key).await?;
        tx.commit().await?;
        Ok(forgotten)
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
