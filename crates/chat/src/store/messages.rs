//! The SQL of messages.

use base::id::{MessageId, ThreadId, WorkspaceId};
use base::{Actor, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{json, like_exactly, read, visible};
use crate::STALE;
use crate::message::{Asked, Facts, Message, Mode, Rating, Source, Speaker, State};

#[derive(sqlx::FromRow)]
struct MessageRow {
    #[sqlx(try_from = "String")]
    id: MessageId,
    #[sqlx(try_from = "String")]
    thread_id: ThreadId,
    number: i64,
    speaker: String,
    question_id: Option<String>,
    body: String,
    mode: String,
    state: String,
    detail: String,
    rating: Option<String>,
    reasons: String,
    #[sqlx(try_from = "i64")]
    seen_at: Timestamp,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    ended_at: Option<i64>,
}

fn known<T>(value: Option<T>, what: &str) -> Result<T, Error> {
    value.ok_or_else(|| Error::corrupt(format!("a message with an unknown {what}")))
}

impl MessageRow {
    fn message(self, now: Timestamp) -> Result<Message, Error> {
        let speaker = known(Speaker::parse(&self.speaker), "speaker")?;
        let mut message = Message {
            id: self.id,
            thread: self.thread_id,
            number: self.number,
            speaker,
            question: self.question_id.map(|id| id.parse().map_err(Error::corrupt)).transpose()?,
            text: self.body,
            mode: known(Mode::parse(&self.mode), "mode")?,
            state: known(State::parse(&self.state), "state")?,
            asked: Asked::default(),
            facts: Facts::default(),
            rating: self.rating.map(|word| known(Rating::parse(&word), "rating")).transpose()?,
            reasons: read(&self.reasons)?,
            created_at: self.created_at,
            ended_at: self.ended_at.map(Timestamp::from_micros),
        };
        match speaker {
            Speaker::Person => message.asked = read(&self.detail)?,
            Speaker::Mentor => message.facts = read(&self.detail)?,
        }
        if message.state == State::Answering && now.since(self.seen_at) > STALE {
            message.state = State::Partial;
            message.ended_at = Some(self.seen_at);
        }
        // Whoever ends an answer says who wrote it.
        if message.state == State::Partial && message.facts.writer.is_none() {
            message.facts.note = Some(crate::LOST.to_owned());
        }
        Ok(message)
    }
}

const MESSAGE: &str =
    "SELECT id, thread_id, number, speaker, question_id, body, mode, state, detail, rating, reasons,
     seen_at, created_at, ended_at FROM chat_message WHERE workspace_id = ";

pub(crate) async fn messages(
    db: &Db,
    workspace: WorkspaceId,
    thread: ThreadId,
    now: Timestamp,
) -> Result<Vec<Message>, Error> {
    let mut find = SqlBuilder::new(MESSAGE);
    find.bind(workspace).push(" AND thread_id = ").bind(thread).push(" AND NOT replaced ORDER BY number");
    db.query(find).all::<MessageRow>().await?.into_iter().map(|row| row.message(now)).collect()
}

/// A message of a thread that the actor may see; also one that was replaced.
fn one_message(actor: &Actor, id: MessageId) -> SqlBuilder {
    let mut find = SqlBuilder::new(MESSAGE);
    find.bind(actor.workspace).push(" AND id = ").bind(id);
    find.push(" AND thread_id IN (SELECT id FROM chat_thread WHERE workspace_id = ");
    visible(&mut find, actor);
    find.push(")");
    find
}

pub(crate) async fn message(
    db: &Db,
    actor: &Actor,
    id: MessageId,
    now: Timestamp,
) -> Result<Option<Message>, Error> {
    let row = db.query(one_message(actor, id)).optional::<MessageRow>().await?;
    row.map(|row| row.message(now)).transpose()
}

pub(crate) async fn message_in(
    tx: &mut Tx,
    actor: &Actor,
    id: MessageId,
    now: Timestamp,
) -> Result<Option<Message>, Error> {
    let row = tx.query(one_message(actor, id)).optional::<MessageRow>().await?;
    row.map(|row| row.message(now)).transpose()
}

/// Whether something else was said in the place of a message.
pub(crate) async fn is_replaced(tx: &mut Tx, workspace: WorkspaceId, id: MessageId) -> Result<bool, Error> {
    let row = tx
        .query("SELECT replaced FROM chat_message WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .optional::<(bool,)>()
        .await?;
    Ok(row.is_some_and(|(replaced,)| replaced))
}

/// The last place that was given out in a thread, how many messages are read there, and how many letters it holds, those of
/// replaced messages too.
pub(crate) async fn places(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
) -> Result<(i64, i64, i64), Error> {
    tx.query(
        "SELECT COALESCE(MAX(number), 0), COALESCE(SUM(CASE WHEN replaced THEN 0 ELSE 1 END), 0),
             COALESCE(SUM(LENGTH(body) + LENGTH(detail) + LENGTH(COALESCE(sent, ''))), 0)
         FROM chat_message WHERE workspace_id = $1 AND thread_id = $2",
    )
    .bind(workspace)
    .bind(thread)
    .one::<(i64, i64, i64)>()
    .await
}

/// Takes a message and what follows it out of what is read.
pub(crate) async fn supersede(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
    from: i64,
) -> Result<(), Error> {
    tx.query(
        "UPDATE chat_message SET replaced = TRUE WHERE workspace_id = $1 AND thread_id = $2 AND number >= $3",
    )
    .bind(workspace)
    .bind(thread)
    .bind(from)
    .execute()
    .await?;
    Ok(())
}

/// Ends the answers of a thread that nobody writes any more.
pub(crate) async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE chat_message SET state = 'partial', ended_at = seen_at
         WHERE workspace_id = $1 AND thread_id = $2 AND state = 'answering' AND seen_at < $3",
    )
    .bind(workspace)
    .bind(thread)
    .bind(now.minus(STALE))
    .execute()
    .await?;
    Ok(())
}

/// Adds a message; `false` when the thread has an answer that is being written, and this would be another one.
pub(crate) async fn insert_message(
    tx: &mut Tx,
    workspace: WorkspaceId,
    message: &Message,
) -> Result<bool, Error> {
    let detail = match message.speaker {
        Speaker::Person => json(&message.asked)?,
        Speaker::Mentor => json(&message.facts)?,
    };
    let added = tx
        .query(
            "INSERT INTO chat_message (id, workspace_id, thread_id, number, speaker, question_id, body, mode, state,
                 detail, reasons, replaced, seen_at, created_at, ended_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', FALSE, $11, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(message.id)
        .bind(workspace)
        .bind(message.thread)
        .bind(message.number)
        .bind(message.speaker.as_str())
        .bind(message.question)
        .bind(message.text.as_str())
        .bind(message.mode.as_str())
        .bind(message.state.as_str())
        .bind(detail)
        .bind(message.created_at)
        .bind(message.ended_at)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Keeps what was said so far; `false` when the message is no longer being written.
pub(crate) async fn progress(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    text: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let kept = tx
        .query(
            "UPDATE chat_message SET body = $3, seen_at = $4
             WHERE workspace_id = $1 AND id = $2 AND state = 'answering'",
        )
        .bind(workspace)
        .bind(id)
        .bind(text)
        .bind(now)
        .execute()
        .await?;
    Ok(kept > 0)
}

/// Ends an answer; `false` when it is no longer being written.
pub(crate) async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    message: &Message,
    sent: Option<&str>,
) -> Result<bool, Error> {
    let kept = tx
        .query(
            "UPDATE chat_message SET body = $3, state = $4, detail = $5, sent = $6, ended_at = $7
             WHERE workspace_id = $1 AND id = $2 AND state = 'answering'",
        )
        .bind(workspace)
        .bind(message.id)
        .bind(message.text.as_str())
        .bind(message.state.as_str())
        .bind(json(&message.facts)?)
        .bind(sent)
        .bind(message.ended_at)
        .execute()
        .await?;
    Ok(kept > 0)
}

pub(crate) async fn rate(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    rating: Option<Rating>,
    reasons: &[String],
) -> Result<(), Error> {
    tx.query("UPDATE chat_message SET rating = $3, reasons = $4 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(rating.map(Rating::as_str))
        .bind(json(&reasons)?)
        .execute()
        .await?;
    Ok(())
}

/// What a model was sent for an answer of the author's own thread.
pub(crate) async fn sent(db: &Db, actor: &Actor, id: MessageId) -> Result<Option<Option<String>>, Error> {
    let row = db
        .query(
            "SELECT sent FROM chat_message WHERE workspace_id = $1 AND id = $2 AND speaker = 'mentor' AND thread_id IN
             (SELECT id FROM chat_thread WHERE workspace_id = $1 AND author_id = $3)",
        )
        .bind(actor.workspace)
        .bind(id)
        .bind(actor.user)
        .optional::<(Option<String>,)>()
        .await?;
    Ok(row.map(|(sent,)| sent))
}

/// Takes a source out of the answers that have it, with what was sent for these; how many.
pub(crate) async fn forget_source(tx: &mut Tx, workspace: WorkspaceId, key: &str) -> Result<u64, Error> {
    let rows = tx
        .query(
            "SELECT id, detail FROM chat_message
             WHERE workspace_id = $1 AND speaker = 'mentor' AND detail LIKE $2 ESCAPE '!' ORDER BY id",
        )
        .bind(workspace)
        .bind(like_exactly(key))
        .all::<(String, String)>()
        .await?;
    let mut forgotten = 0;
    for (id, detail) in rows {
        let mut facts: Facts = read(&detail)?;
        facts.sources.iter_mut().filter(|source| source.key == key).for_each(Source::hide);
        forgotten += tx
            .query("UPDATE chat_message SET detail = $3, sent = NULL WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(id)
            .bind(json(&facts)?)
            .execute()
            .await?;
    }
    Ok(forgotten)
}
