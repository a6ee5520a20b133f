//! A question and its answer, from its first word to its end.

use base::Actor;
use base::id::{MessageId, ThreadId, WorkspaceId};
use storage::Tx;

use crate::message::{Asked, Exchange, Facts, Message, Mode, Speaker, State};
use crate::thread::{self, Invalid, Thread};
use crate::{Chats, Error, refuse_while_answering, store};

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
    /// What was asked and answered before, in order.
    pub before: Vec<Exchange>,
    /// The question.
    pub question: Message,
    /// The answer, still empty.
    pub answer: Message,
}

impl Chats {
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
        let title = if thread.title.is_empty() {
            thread::title_of(&(self.clean)(&question.text))
        } else {
            String::new()
        };
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
        // Read before the commit: whoever is told that it failed must find nothing kept.
        let before = store::exchanges_in(&mut tx, actor.workspace, id, question.number, now).await?;
        tx.commit().await?;
        if thread.title.is_empty() {
            thread.title = title;
        }
        thread.updated_at = now;
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

    /// Keeps what was said so far of an answer, and what it rests on where that is given, and says that it is still being
    /// written; `false` when it no longer is, because its thread was deleted or it was taken for lost.
    pub async fn progress(
        &self,
        workspace: WorkspaceId,
        answer: MessageId,
        text: &str,
        facts: Option<&Facts>,
    ) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let kept = store::progress(&mut tx, workspace, answer, text, facts, self.clock.now()).await?;
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
}
