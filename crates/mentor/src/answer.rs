//! A question to the mentor, from what is found for it to an answer whose citations were checked.
//!
//! What was learned, what the analysis knows and the code that fits are gathered and put before a model, numbered, between
//! markers that none of it can hold. Everything leaves through the redactor. What the model says is kept as it comes; its
//! numbers are held against the sources. Without a model the sources are the answer. Nothing that is said is carried out.
//!
//! Reading order: `gather` (what is found), `piece` (what of it counts: pure), `prompt` (what a model is told: pure),
//! `write` (how an answer is written down), `cite` (its numbers: pure), `evidence` (no model writes: pure), `preview` (what
//! would be sent); inside, `weigh`, `report` and `mention` find what no index has.

mod cite;
mod evidence;
mod gather;
mod mention;
mod piece;
mod preview;
mod prompt;
mod report;
mod weigh;
mod write;

use base::Actor;
use base::id::{MemoryId, ThreadId};
use chat::{Begun, Message, NewQuestion, Source};
use tokio::sync::mpsc;

pub use preview::{Destination, Preview, PreviewError, Previewed, SentPrompt, SentTurn};

use crate::Mentor;

/// What happens while a question is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Something is being read.
    Step(Step),
    /// What the answer rests on, and the names of what did not fit.
    Sources(Vec<Source>, Vec<String>),
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
    /// `evidence` no model is asked.
    pub async fn ask(
        &self,
        actor: &Actor,
        thread: ThreadId,
        new: NewQuestion,
        evidence: bool,
    ) -> Result<Answering, chat::Error> {
        let begun = self.chats.ask(actor, thread, new.clone()).await?;
        let (tell, said) = mpsc::channel(WAITING);
        // Who wants another answer is not given the same one.
        let reuse = !matches!(new.turn, chat::Turn::Again(_));
        let wanted = write::Wanted { actor: *actor, begun: begun.clone(), evidence, reuse };
        self.tracker.spawn(write::answer(self.clone(), wanted, tell));
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
        if found.author != actor.user {
            for_others(&mut messages);
        }
        Ok((found, messages))
    }

    /// Takes a memory that was forgotten out of the answers that rest on it; how many.
    pub async fn forget_memory(&self, actor: &Actor, id: MemoryId) -> Result<u64, storage::Error> {
        self.chats.forget_source(actor.workspace, &gather::memory_key(id)).await
    }

    /// Takes out of answers the memories that the actor may not see.
    pub async fn hide(&self, actor: &Actor, messages: &mut [Message]) -> Result<(), chat::Error> {
        let mut seen = std::collections::BTreeMap::new();
        for source in messages.iter_mut().flat_map(|message| &mut message.facts.sources) {
            if source.kind != chat::SourceKind::Memory {
                continue;
            }
            let Some(id) = source.id.as_ref().and_then(|id| id.parse().ok()) else { continue };
            let there = if let Some(there) = seen.get(&id) {
                *there
            } else {
                let there = self.memories.memory(actor, id).await?.is_some();
                seen.insert(id, there);
                there
            };
            if !there {
                source.hide();
            }
        }
        Ok(())
    }
}

/// Takes out what the author of a thread alone is told: a name of what did not fit may be that of a private memory.
fn for_others(messages: &mut [Message]) {
    for message in messages {
        message.facts.left_out.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_not_told_what_did_not_fit() {
        let mut message = prompt::tests::message();
        message.facts.left_out = vec!["a private title".to_owned()];
        message.text = "what was said".to_owned();
        let mut messages = [message];
        for_others(&mut messages);
        assert!(messages[0].facts.left_out.is_empty() && messages[0].text == "what was said");
    }
}
