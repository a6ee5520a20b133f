//! Mail that waits, was handed over, or is held for the operator.

use base::Timestamp;
use base::id::MailId;
use storage::{Db, Error, Tx};

use crate::mail::{Held, Letter};

pub(crate) async fn insert(
    tx: &mut Tx,
    id: MailId,
    recipient: Option<&str>,
    letter: &Letter,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_mail (id, recipient, subject, body, state, created_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5)",
    )
    .bind(id)
    .bind(recipient)
    .bind(letter.subject.as_str())
    .bind(letter.body.as_str())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// A mail that waits.
#[derive(sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) recipient: Option<String>,
    pub(crate) subject: String,
    pub(crate) body: String,
}

pub(crate) async fn waiting(db: &Db, id: MailId) -> Result<Option<Waiting>, Error> {
    db.query("SELECT recipient, subject, body FROM identity_mail WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .optional::<Waiting>()
        .await
}

/// It was handed over, or was for nobody: its text is not needed any more.
pub(crate) async fn sent(tx: &mut Tx, id: MailId, now: Timestamp) -> Result<(), Error> {
    tx.query("UPDATE identity_mail SET state = 'sent', body = '', error = NULL, done_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// It is held for the operator, or could not be handed over, for a reason.
pub(crate) async fn not_sent(
    tx: &mut Tx,
    id: MailId,
    error: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_mail SET state = CASE WHEN $2 = '' THEN 'held' ELSE 'failed' END, error = NULLIF($2, ''),
             done_at = $3 WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(error.unwrap_or_default())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    #[sqlx(try_from = "String")]
    id: MailId,
    recipient: String,
    subject: String,
    body: String,
    error: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
}

/// Mail that was not handed over, the newest first.
pub(crate) async fn outbox(db: &Db, limit: u32) -> Result<Vec<Held>, Error> {
    let rows = db
        .query(
            "SELECT id, recipient, subject, body, error, created_at FROM identity_mail
             WHERE state IN ('held', 'failed') AND recipient IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT $1",
        )
        .bind(limit)
        .all::<HeldRow>()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Held {
            id: row.id,
            recipient: row.recipient,
            letter: Letter { subject: row.subject, body: row.body },
            error: row.error,
            created_at: row.created_at,
        })
        .collect())
}

/// Forgets mail of before that moment; how much.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM identity_mail WHERE created_at < $1 AND state <> 'waiting'")
        .bind(before)
        .execute()
        .await
}
