//! The SQL of messages.

use base::id::{MessageId, ThreadId, WorkspaceId};
use base::{Actor, Timestamp};
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use super::{json, read, visible};
use crate::message::{Asked, Exchange, Facts, Message, Mode, Rating, Speaker, State};
use crate::{Gone, STALE};

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

/// Keeps what was said so far, and what it rests on where that is given; `false` when the message is no longer being written.
pub(crate) async fn progress(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    text: &str,
    facts: Option<&Facts>,
    now: Timestamp,
) -> Result<bool, Error> {
    let kept = tx
        .query(
            "UPDATE chat_message SET body = $3, detail = COALESCE($4, detail), seen_at = $5
             WHERE workspace_id = $1 AND id = $2 AND state = 'answering'",
        )
        .bind(workspace)
        .bind(id)
        .bind(text)
        .bind(facts.map(json).transpose()?)
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

/// A text in what is known of an answer. Quotes within texts are written with a stroke there, so that what has a quote of its
/// own is found in the form alone.
const IN_DETAIL: Sql = Sql::per_engine("instr(detail, ", "strpos(detail, ");

/// How answers begin to say that nobody wrote them.
const NOBODY: &str = r#""writer":{"writer":"nobody""#;
/// How a source begins to say whose alone it is.
const OWNED: &str = r#""owner":""#;

/// What was asked and answered by a model in a thread, before a place in it, in order, without what was replaced and what failed.
fn answered(workspace: WorkspaceId, thread: ThreadId, before: i64, now: Timestamp) -> SqlBuilder {
    let mut find = SqlBuilder::new(
        "SELECT question.body, answer.body FROM chat_message answer
         JOIN chat_message question ON question.workspace_id = answer.workspace_id AND question.id = answer.question_id
         WHERE NOT question.replaced AND NOT answer.replaced AND answer.speaker = 'mentor' AND answer.workspace_id = ",
    );
    find.bind(workspace).push(" AND answer.thread_id = ").bind(thread);
    find.push(" AND answer.number < ").bind(before);
    find.push(" AND (answer.state IN ('done', 'partial', 'stopped') OR (answer.state = 'answering' AND answer.seen_at < ");
    find.bind(now.minus(STALE)).push(")) AND ");
    find.push(Sql::per_engine("instr(answer.detail, ", "strpos(answer.detail, ")).bind(NOBODY);
    find.push(") = 0 ORDER BY answer.number");
    find
}

fn as_exchanges(rows: Vec<(String, String)>) -> Vec<Exchange> {
    let said = rows.into_iter().filter(|(_, answer)| !answer.trim().is_empty());
    said.map(|(question, answer)| Exchange { question, answer }).collect()
}

pub(crate) async fn exchanges(
    db: &Db,
    workspace: WorkspaceId,
    thread: ThreadId,
    now: Timestamp,
) -> Result<Vec<Exchange>, Error> {
    Ok(as_exchanges(db.query(answered(workspace, thread, i64::MAX, now)).all().await?))
}

pub(crate) async fn exchanges_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
    before: i64,
    now: Timestamp,
) -> Result<Vec<Exchange>, Error> {
    Ok(as_exchanges(tx.query(answered(workspace, thread, before, now)).all().await?))
}

/// How many answers of a thread rest on what is somebody's alone.
pub(crate) async fn private_answers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
) -> Result<u64, Error> {
    let mut find = SqlBuilder::new(
        "SELECT COUNT(*) FROM chat_message WHERE NOT replaced AND speaker = 'mentor' AND workspace_id = ",
    );
    find.bind(workspace).push(" AND thread_id = ").bind(thread);
    find.push(" AND ").push(IN_DETAIL).bind(OWNED).push(") > 0");
    let (count,) = tx.query(find).one::<(i64,)>().await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Whether somebody writes an answer in a thread.
pub(crate) async fn is_answering(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
) -> Result<bool, Error> {
    let row = tx
        .query(
            "SELECT id FROM chat_message WHERE workspace_id = $1 AND thread_id = $2 AND state = 'answering'",
        )
        .bind(workspace)
        .bind(thread)
        .optional::<(String,)>()
        .await?;
    Ok(row.is_some())
}

/// The answers that something which is gone may be in.
pub(crate) async fn resting_on(
    db: &Db,
    workspace: WorkspaceId,
    gone: &Gone<'_>,
) -> Result<Vec<MessageId>, Error> {
    let mut find =
        SqlBuilder::new("SELECT id FROM chat_message WHERE speaker = 'mentor' AND workspace_id = ");
    find.bind(workspace);
    match gone {
        Gone::Source(key) => {
            find.push(" AND ").push(IN_DETAIL).bind(*key).push(") > 0");
        }
        Gone::Repo(repo) => {
            find.push(" AND thread_id IN (SELECT id FROM chat_thread WHERE repo_id = ").bind(*repo);
            find.push(" AND workspace_id = ").bind(workspace).push(")");
        }
    }
    find.push(" ORDER BY id");
    let rows = db.query(find).all::<(String,)>().await?.into_iter();
    rows.map(|(id,)| id.parse().map_err(Error::corrupt)).collect()
}

/// Takes what is gone out of an answer, with what was sent for it; whether it was in there.
pub(crate) async fn forget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    gone: &Gone<'_>,
) -> Result<bool, Error> {
    // Held before it is read: what is taken out at the same time would come back otherwise.
    let held = tx
        .query(
            "UPDATE chat_message SET seen_at = seen_at WHERE workspace_id = $1 AND id = $2 AND speaker = 'mentor'",
        )
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    if held == 0 {
        return Ok(false);
    }
    let (detail,) = tx
        .query("SELECT detail FROM chat_message WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .one::<(String,)>()
        .await?;
    let mut facts: Facts = read(&detail)?;
    if !facts.take_out(|kind, key| gone.is(kind, key)) {
        return Ok(false);
    }
    tx.query("UPDATE chat_message SET detail = $3, sent = NULL WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(json(&facts)?)
        .execute()
        .await?;
    Ok(true)
}
