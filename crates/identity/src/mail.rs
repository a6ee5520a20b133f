//! Mail: written in the transaction of what it is about, handed over by a job.
//!
//! A [`Letter`] becomes a row and a job beside the change that it tells of, so that it is sent if and only if that
//! happened. The job hands it to the mail server and tries again while that does not answer. Without a mail server it
//! is held for the operator, who can pass on what it says. A letter for nobody is written like any other and handed to
//! nobody: whether an address is known does not show in what the server does.
//!
//! Reading order: [`Mailer`], [`Letter`], [`handlers`](crate::Identity::handlers), then `smtp`, `text`.

mod smtp;
pub(crate) mod text;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use base::Timestamp;
use base::id::{MailId, UserId};
use jobs::{Handlers, JobContext, JobError, NewJob};
use serde::{Deserialize, Serialize};
use storage::Tx;

pub use smtp::{Smtp, SmtpError};

use crate::audit::{Act, action};
use crate::{Client, Identity, store};

/// The job that hands a letter over.
const SEND: &str = "identity.mail";
/// Tries of one letter: with the queue's pauses about an hour.
const TRIES: u32 = 8;
/// Letters in the outbox page.
const OUTBOX: u32 = 200;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text: plain, in lines.
    pub body: String,
}

/// A letter that was not handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub id: MailId,
    /// For whom.
    pub recipient: String,
    /// What it says.
    pub letter: Letter,
    /// Why the mail server did not take it; `None` where there is no mail server.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Why a mail server did not take a letter.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SendError {
    /// It may later.
    #[error("the mail server does not take it now: {0}")]
    Later(String),
    /// It never will.
    #[error("the mail server refused it: {0}")]
    Never(String),
}

/// What came of handing a letter over.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;

/// Takes letters to people.
pub trait Mailer: Send + Sync {
    /// Hands one over.
    fn send<'a>(&'a self, recipient: &'a str, letter: &'a Letter) -> Sending<'a>;
}

/// Keeps letters in memory. For tests.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<(String, Letter)>>>);

impl Memory {
    /// Every letter so far with its recipient, in order.
    pub fn letters(&self) -> Vec<(String, Letter)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Mailer for Memory {
    fn send<'a>(&'a self, recipient: &'a str, letter: &'a Letter) -> Sending<'a> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push((recipient.to_owned(), letter.clone()));
        Box::pin(std::future::ready(Ok(())))
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    mail: MailId,
}

impl Identity {
    /// Writes a letter with this transaction; for nobody where there is no recipient.
    pub(crate) async fn post(
        &self,
        tx: &mut Tx,
        recipient: Option<&str>,
        letter: &Letter,
    ) -> Result<(), storage::Error> {
        let mail: MailId = self.ids.new_id();
        store::mail::insert(tx, mail, recipient, letter, self.clock.now()).await?;
        let payload = serde_json::to_value(Payload { mail }).map_err(storage::Error::corrupt)?;
        // People wait for it.
        let job = NewJob::new(SEND, payload).priority(100).max_attempts(TRIES);
        self.jobs.enqueue(tx, job).await?;
        Ok(())
    }

    /// Registers what sends letters.
    pub fn handlers(&self, handlers: Handlers) -> Handlers {
        let identity = self.clone();
        handlers.on(SEND, move |job| {
            let identity = identity.clone();
            async move { identity.deliver(job).await }
        })
    }

    async fn deliver(&self, job: JobContext) -> Result<(), JobError> {
        let Payload { mail } = job.payload()?;
        let waiting = store::mail::waiting(&self.db, mail).await.map_err(JobError::retry)?;
        let sent = match &waiting {
            // It was handed over before: this is the job of a process that died right after it.
            None => return self.conclude(&job, mail, Conclusion::Nothing).await,
            Some(letter) => self.hand(letter).await,
        };
        match sent {
            Ok(conclusion) => self.conclude(&job, mail, conclusion).await,
            Err(SendError::Later(why)) if !job.is_last_attempt() => {
                Err(JobError::retry(SendError::Later(why)))
            }
            Err(error) => {
                tracing::warn!(%mail, %error, "a mail was not handed over; the operator's outbox has it");
                self.conclude(&job, mail, Conclusion::Failed(error.to_string())).await
            }
        }
    }

    async fn hand(&self, letter: &store::mail::Waiting) -> Result<Conclusion, SendError> {
        let Some(recipient) = &letter.recipient else { return Ok(Conclusion::Sent) };
        let Some(mailer) = &self.mailer else { return Ok(Conclusion::Held) };
        let letter = Letter { subject: letter.subject.clone(), body: letter.body.clone() };
        mailer.send(recipient, &letter).await?;
        Ok(Conclusion::Sent)
    }

    async fn conclude(&self, job: &JobContext, mail: MailId, end: Conclusion) -> Result<(), JobError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        let noted = match end {
            Conclusion::Nothing => Ok(()),
            Conclusion::Sent => store::mail::sent(&mut tx, mail, now).await,
            Conclusion::Held => store::mail::not_sent(&mut tx, mail, None, now).await,
            Conclusion::Failed(error) => store::mail::not_sent(&mut tx, mail, Some(&error), now).await,
        };
        noted.map_err(JobError::retry)?;
        job.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }

    /// Whether letters are handed to a mail server.
    pub fn sends_mail(&self) -> bool {
        self.mailer.is_some()
    }

    /// The letters that were not handed over, the newest first. They hold what signs people in, so reading them is
    /// noted.
    pub async fn outbox(&self, reader: UserId, client: &Client) -> Result<Vec<Held>, storage::Error> {
        self.note(Act::done(action::OUTBOX, reader, client)).await?;
        store::mail::outbox(&self.db, OUTBOX).await
    }
}

/// How a letter ends.
enum Conclusion {
    /// It has ended before.
    Nothing,
    /// The mail server has it.
    Sent,
    /// The operator has it.
    Held,
    /// The mail server did not take it; the operator has it.
    Failed(String),
}
