//! A question to the mentor, from what is found for it to an answer whose citations were checked.
//!
//! What was learned, what the analysis knows and the code that fits are gathered and put before a model, numbered, between
//! markers that none of it can hold. Everything leaves through the redactor. What the model says is kept as it comes; its
//! numbers are held against the sources. Without a model the sources are the answer. Nothing that is said is carried out.
//!
//! Reading order: `gather` (what is found), `piece` (what of it counts: pure), `prompt` (what a model is told: pure),
//! `write` (how an answer is written down), `cite` (its numbers: pure), `evidence` (no model writes: pure), `preview` (what
//! would be sent), `places` and `thinking` (how many at once); inside, `weigh`, `report` and `mention` find what no index has.

mod cite;
mod evidence;
mod gather;
mod mention;
mod piece;
mod places;
mod preview;
mod prompt;
mod report;
mod thinking;
mod weigh;
mod write;

use std::collections::BTreeSet;

use base::Actor;
use base::id::{RepoId, ThreadId};
use chat::{Begun, Gone, LeftOut, Message, NewQuestion, Source};
use tokio::sync::mpsc;

pub(crate) use gather::memory_key;
pub use places::Full;
pub(crate) use places::Places;
pub use preview::{Destination, Preview, PreviewError, Previewed, SentPrompt, SentTurn};
pub(crate) use thinking::Thinking;

use crate::Mentor;

/// What happens while a question is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Something is being read.
    Step(Step),
    /// What the answer rests on, and what did not fit.
    Sources(Vec<Source>, Vec<LeftOut>),
    /// More of the answer.
    Text(String),
    /// It is over; the answer, as it is kept.
    Ended(Box<Message>),
    /// It could not be kept; nothing follows.
    Failed(String),
}

/// Something that is read for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What, in words.
    pub what: String,
    /// How that stands.
    pub state: StepState,
    /// What came of it, or why it failed.
    pub detail: Option<String>,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It has begun.
    Begun,
    /// It is done.
    Done,
    /// It failed; the answer goes on without it.
    Failed,
}

/// Why a question is not asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The conversation or the question does not fit.
    #[error(transparent)]
    Chat(#[from] chat::Error),
    /// Too many answers are being written.
    #[error(transparent)]
    Full(#[from] Full),
}

/// A question that is being answered. Whoever drops `said` stops that, here and at the model.
#[derive(Debug)]
pub struct Answering {
    /// What was kept before the answer began.
    pub begun: Begun,
    /// What happens, in order; it ends after [`Said::Ended`] or [`Said::Failed`].
    pub said: mpsc::Receiver<Said>,
}

/// Happenings that wait for a slow reader; text that waits is joined.
const WAITING: usize = 64;

impl Mentor {
    /// Asks in a thread of the actor's. The question is kept by the time this returns, and the answer as it comes. With
    /// `evidence` no model is asked. Where too many answers are being written nothing is kept.
    pub async fn ask(
        &self,
        actor: &Actor,
        thread: ThreadId,
        new: NewQuestion,
        evidence: bool,
    ) -> Result<Answering, AskError> {
        let place = self.places.take(actor.user)?;
        let begun = self.chats.ask(actor, thread, new.clone()).await?;
        let (tell, said) = mpsc::channel(WAITING);
        // Who wants another answer is not given the same one.
        let reuse = !matches!(new.turn, chat::Turn::Again(_));
        let wanted = write::Wanted { actor: *actor, begun: begun.clone(), evidence, reuse };
        let writing = write::answer(self.clone(), wanted, tell);
        self.tracker.spawn(async move {
            writing.await;
            drop(place);
        });
        Ok(Answering { begun, said })
    }

    /// What was said in a thread that the actor may read. Of memories that they may not see, or that were forgotten since,
    /// only the place is left.
    pub async fn conversation(
        &self,
        actor: &Actor,
        thread: ThreadId,
    ) -> Result<(chat::Thread, Vec<Message>), chat::Error> {
        let found = self.chats.thread(actor, thread).await?;
        let mut messages = self.chats.messages(actor, thread).await?;
        self.hide(actor, &mut messages).await?;
        Ok((found, messages))
    }

    /// Takes out of answers the memories that the actor may not see.
    pub async fn hide(&self, actor: &Actor, messages: &mut [Message]) -> Result<(), chat::Error> {
        let all = self.unseen(actor, messages).await?;
        for message in messages {
            message.facts.take_out(|_, key| all.contains(key));
        }
        Ok(())
    }

    /// Takes out of an answer that was just kept what went away while it was written.
    async fn forget_gone(
        &self,
        actor: &Actor,
        repo: Option<RepoId>,
        message: &mut Message,
    ) -> Result<(), chat::Error> {
        let (workspace, id) = (actor.workspace, message.id);
        for key in self.unseen(actor, std::slice::from_ref(message)).await? {
            self.chats.forget_in(workspace, id, &Gone::Source(&key)).await?;
            message.facts.take_out(|_, it| it == key);
        }
        // Where it cannot be known whether it is there, what was noted as it was removed looks again.
        if let Some(repo) = repo
            && matches!(self.repos.repo(actor, repo).await, Ok(None))
        {
            self.chats.forget_in(workspace, id, &Gone::Repo(repo)).await?;
            let read = self.chats.message(actor, id).await?;
            message.facts = read.facts;
        }
        Ok(())
    }

    /// The keys of memories in these messages that the actor may not see, or that are gone.
    async fn unseen(&self, actor: &Actor, messages: &[Message]) -> Result<BTreeSet<String>, chat::Error> {
        let sources = messages.iter().flat_map(|message| &message.facts.sources).map(|it| &it.key);
        let left_out = messages.iter().flat_map(|message| &message.facts.left_out).map(|it| &it.key);
        let keys: BTreeSet<&String> = sources.chain(left_out).collect();
        let mut unseen = BTreeSet::new();
        for key in keys {
            let Some(id) = gather::memory_of(key) else { continue };
            if self.memories.memory(actor, id).await?.is_none() {
                unseen.insert(key.clone());
            }
        }
        Ok(unseen)
    }
}
