//! How an answer is written down as it comes: kept every second, ended when its reader leaves, and whole or not at all said
//! to be so.

use std::pin::pin;
use std::time::Duration;

use base::{Actor, Timestamp};
use chat::{Begun, LeftOut, Message, Source, State, Writer};
use llm::{Answer, Outcome, Piece as Part, Refusal, Stop};
use models::{Feature, Line, Question};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};

use super::gather::About;
use super::preview::{self, destinations};
use super::prompt::{self, Fitted};
use super::{Said, cite, evidence};
use crate::Mentor;

/// How often what was said so far is kept, and with it that somebody still writes.
const KEEP: Duration = Duration::from_secs(1);
/// How long a reader may take nothing until they count as gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the end of an answer is tried to be kept, and the time in between: it was paid for.
const TRIES: usize = 5;
const BETWEEN: Duration = Duration::from_secs(1);
/// What is said of an answer that the end of the server cut.
const STOPPING: &str = "The server stopped while it answered.";

/// What is to be answered.
pub(super) struct Wanted {
    pub(super) actor: Actor,
    pub(super) begun: Begun,
    /// Whether no model is to be asked.
    pub(super) evidence: bool,
    /// Whether an answer that was given before may be given again.
    pub(super) reuse: bool,
}

/// Why an answer is not finished.
#[derive(Debug)]
enum Left {
    /// Whoever asked is gone or wants no more.
    Reader,
    /// The server stops.
    Server,
    /// It is not kept any more: its thread was deleted.
    Thread,
    /// It cannot be kept.
    Failed(String),
}

impl From<chat::Error> for Left {
    fn from(error: chat::Error) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "an answer cannot be kept");
        Self::Failed("The answer could not be kept. Try again in a moment.".to_owned())
    }
}

/// An answer that is being written.
struct Writing {
    mentor: Mentor,
    actor: Actor,
    about: About,
    message: Message,
    tell: mpsc::Sender<Said>,
    beat: Interval,
    began: Timestamp,
    /// When what was said so far was kept.
    kept: Timestamp,
    /// Whether what it rests on is known and not kept yet.
    unkept: bool,
    /// What a model was sent, as JSON.
    sent: Option<String>,
}

/// Answers, to the end or until nobody reads.
pub(super) async fn answer(mentor: Mentor, wanted: Wanted, tell: mpsc::Sender<Said>) {
    let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + KEEP, KEEP);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let began = mentor.clock.now();
    let message = wanted.begun.answer.clone();
    let (actor, about) = (wanted.actor, About::of(&wanted.begun.thread));
    let mut writing =
        Writing { mentor, actor, about, message, tell, beat, began, kept: began, unkept: false, sent: None };
    let over = Box::pin(writing.write(wanted)).await;
    writing.end(over).await;
}

impl Writing {
    async fn write(&mut self, wanted: Wanted) -> Result<(), Left> {
        let Wanted { actor, begun, evidence, reuse } = wanted;
        let (mentor, tell) = (self.mentor.clone(), self.tell.clone());
        // A step that does not fit into a full channel is not worth waiting for.
        let steps = move |step| drop(tell.try_send(Said::Step(step)));
        let question = &begun.question;
        let found = Box::pin(mentor.gather(&actor, self.about, &question.text, &question.asked, &steps));
        let found = self.wait(found).await?.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "nothing can be looked for");
            Left::Failed("The search failed; the server's log says why.".to_owned())
        })?;
        self.message.facts.direct = found.direct;
        let line = if evidence {
            None
        } else {
            let line = mentor.models.line(actor.workspace).await.map_err(|error| {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the models of a workspace cannot be read"
                );
                Left::Failed("Which models to ask could not be read. Try again in a moment.".to_owned())
            })?;
            Some(line).filter(|line| !line.routes.is_empty())
        };
        let Some(line) = line else {
            let (pieces, left_out) = prompt::shown(found.pieces);
            self.sources(numbered(pieces), left_out).await?;
            self.without(if evidence { evidence::wanted() } else { evidence::no_model() });
            return Ok(());
        };
        let (mode, before) = (question.mode, begun.before);
        let fitted = mentor.fitted(mode, question.text.clone(), before, found.pieces, line.context);
        let fitted = self.wait(fitted).await?.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a prompt cannot be put together");
            Left::Failed("The question could not be put together; the server's log says why.".to_owned())
        })?;
        match fitted {
            Ok(fitted) => self.with(line, fitted, reuse).await,
            Err(too_long) => {
                self.message.state = State::Failed;
                self.message.facts.note = Some(too_long.to_string());
                Ok(())
            }
        }
    }

    /// Asks a model.
    async fn with(&mut self, line: Line, fitted: Fitted, reuse: bool) -> Result<(), Left> {
        let Fitted { request, removed, pieces, left_out, .. } = fitted;
        let to = destinations(&line, &request);
        let cited = pieces.iter().filter_map(|piece| piece.blob.clone()).collect();
        self.sources(numbered(pieces), left_out).await?;
        self.message.facts.template = Some(prompt::Template::of(self.message.mode).label());
        let sent = preview::sent(&request, &removed);
        self.message.facts.removed.clone_from(&sent.removed);
        self.sent = serde_json::to_string(&preview::Kept { prompt: sent, to }).ok();
        let question = Question { feature: Feature::Chat, request, cited, reuse };
        let answer = self.mentor.models.ask(&self.actor, line, question).await.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a model cannot be asked");
            Left::Failed("The budgets could not be read. Try again in a moment.".to_owned())
        })?;
        let over = self.listen(answer).await?;
        self.said(over);
        Ok(())
    }

    /// Passes the words of a model on until it is done.
    async fn listen(&mut self, mut answer: Answer) -> Result<Result<Outcome, Refusal>, Left> {
        loop {
            match self.wait(answer.next()).await? {
                Some(Part::Text(more)) => {
                    // No database of ours keeps this letter as text.
                    let more = more.replace('\0', "");
                    if self.message.text.is_empty() {
                        self.message.facts.first_word_ms = Some(self.elapsed());
                    }
                    self.message.text.push_str(&more);
                    self.tell(Said::Text(more)).await?;
                }
                Some(Part::Ended(over)) => return Ok(over),
                None => return Ok(Err(Refusal::Stopped)),
            }
        }
    }

    /// Notes how a model's answer ended.
    fn said(&mut self, over: Result<Outcome, Refusal>) {
        let outcome = match over {
            Ok(outcome) => outcome,
            Err(refusal) => {
                let (writer, missed) = evidence::refused(&refusal);
                self.message.facts.missed = missed;
                return self.without(writer);
            }
        };
        let facts = &mut self.message.facts;
        facts.missed = outcome.missed.iter().map(evidence::missed).collect();
        if self.message.text.trim().is_empty() {
            let words =
                format!("{} of {} answered with nothing. Ask again.", outcome.model, outcome.provider);
            return self.without(evidence::nobody(chat::NoWriter::Unanswered, words, None));
        }
        (self.message.state, facts.note) = match outcome.stop {
            Some(Stop::Done) => (State::Done, None),
            Some(Stop::Length) => {
                let note = "The model had no tokens left: ask it to go on.";
                (State::Partial, Some(note.to_owned()))
            }
            Some(Stop::Refused) => (State::Done, Some("The model refused to say more.".to_owned())),
            None => (State::Partial, Some("The answer broke off: ask again.".to_owned())),
        };
        facts.writer = Some(Writer::Model {
            provider: outcome.provider,
            model: outcome.model,
            input: outcome.usage.input,
            output: outcome.usage.output,
            micros: outcome.micros,
            kept: outcome.kept,
        });
    }

    /// Has the sources be the answer.
    fn without(&mut self, writer: Writer) {
        let facts = &mut self.message.facts;
        self.message.text = evidence::sentence(facts.sources.len(), facts.direct);
        facts.writer = Some(writer);
        self.message.state = State::Done;
    }

    async fn sources(&mut self, sources: Vec<Source>, left_out: Vec<LeftOut>) -> Result<(), Left> {
        self.message.facts.sources.clone_from(&sources);
        self.message.facts.left_out.clone_from(&left_out);
        // With the first words at the latest: also of an answer whose server dies it is known whose memories it repeats.
        self.unkept = true;
        self.tell(Said::Sources(sources, left_out)).await
    }

    /// Keeps how the answer ended, and tells it to whoever still reads.
    async fn end(mut self, over: Result<(), Left>) {
        match over {
            Ok(()) => {}
            Err(Left::Thread) => return,
            Err(Left::Reader) => self.message.state = State::Stopped,
            Err(Left::Server) => {
                self.message.state = State::Partial;
                self.message.facts.note = Some(STOPPING.to_owned());
            }
            Err(Left::Failed(why)) => {
                self.message.state = State::Failed;
                self.message.facts.note = Some(why);
            }
        }
        let sources = u32::try_from(self.message.facts.sources.len()).unwrap_or(u32::MAX);
        if !matches!(self.message.facts.writer, Some(Writer::Nobody { .. })) {
            self.message.facts.citations = cite::citations(&self.message.text, sources);
        }
        self.message.facts.took_ms = Some(self.elapsed());
        let said = match self.finish().await {
            Ok(message) => Said::Ended(Box::new(message)),
            Err(chat::Error::NotFound) => return,
            Err(error) => match Left::from(error) {
                Left::Failed(why) => Said::Failed(why),
                _ => return,
            },
        };
        let _ = self.tell(said).await;
    }

    /// Keeps the answer; a database that rests is asked again.
    async fn finish(&self) -> Result<Message, chat::Error> {
        let (chats, workspace) = (&self.mentor.chats, self.actor.workspace);
        for _ in 1..TRIES {
            match chats.finish(workspace, self.message.clone(), self.sent.as_deref()).await {
                Err(error @ chat::Error::Storage(_)) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "an answer is kept a moment later"
                    );
                    tokio::time::sleep(BETWEEN).await;
                }
                Err(error) => return Err(error),
                Ok(message) => return Ok(self.without_gone(message).await),
            }
        }
        let message = chats.finish(workspace, self.message.clone(), self.sent.as_deref()).await?;
        Ok(self.without_gone(message).await)
    }

    /// The answer without what was forgotten while it was written: whoever forgot it found nothing here yet.
    async fn without_gone(&self, mut message: Message) -> Message {
        if let Err(error) = self.mentor.forget_gone(&self.actor, self.about.repo, &mut message).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what was forgotten may stay in the answer that was written meanwhile"
            );
        }
        message
    }

    /// Milliseconds since it began.
    fn elapsed(&self) -> u64 {
        u64::try_from(self.mentor.clock.now().since(self.began).as_millis()).unwrap_or(u64::MAX)
    }

    /// Waits for some work, and meanwhile keeps what was said, until nobody wants it any more.
    async fn wait<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Left> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.tell.closed() => return Err(Left::Reader),
                () = self.mentor.stop.cancelled() => return Err(Left::Server),
                done = &mut work => return Ok(done),
                _ = self.beat.tick() => self.keep().await?,
            }
        }
    }

    /// Keeps what was said so far. Where that fails the next beat tries again, as long as the answer is not taken for lost.
    async fn keep(&mut self) -> Result<(), Left> {
        let (now, Message { id, text, facts, .. }) = (self.mentor.clock.now(), &self.message);
        let facts = Some(facts).filter(|_| self.unkept);
        match self.mentor.chats.progress(self.actor.workspace, *id, text, facts).await {
            Ok(true) => (self.kept, self.unkept) = (now, false),
            Ok(false) => return Err(Left::Thread),
            Err(error) if now.since(self.kept) < chat::STALE => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what was said is kept a moment later"
                );
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn tell(&self, said: Said) -> Result<(), Left> {
        self.tell.send_timeout(said, PATIENCE).await.map_err(|_| Left::Reader)
    }
}

/// The pieces as sources, numbered from 1.
pub(super) fn numbered(pieces: Vec<super::piece::Piece>) -> Vec<Source> {
    pieces.into_iter().zip(1..).map(|(piece, number)| piece.source(number)).collect()
}
