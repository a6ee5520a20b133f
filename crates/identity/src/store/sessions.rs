//! Sessions and their refresh tokens.

use std::time::Duration;

use base::Timestamp;
use base::id::{SessionId, UserId};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::Client;
use crate::people::User;
use crate::session::{Ended, Means, Session, SessionInfo};

pub(crate) async fn insert(
    tx: &mut Tx,
    session: &Session,
    means: Means,
    client: &Client,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_session (id, user_id, means, user_agent, place, created_at, used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(session.id)
    .bind(session.user.id)
    .bind(means.as_str())
    .bind(client.agent.as_str())
    .bind(client.place.as_deref())
    .bind(now)
    .bind(session.expires_at)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    #[sqlx(try_from = "String")]
    id: SessionId,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
    #[sqlx(flatten)]
    user: super::people::UserRow,
}

impl SessionRow {
    fn session(self) -> Session {
        Session { id: self.id, expires_at: self.expires_at, user: self.user.user() }
    }
}

/// The session, while it lives and its person may be here.
pub(crate) async fn live(db: &Db, session: SessionId, now: Timestamp) -> Result<Option<Session>, Error> {
    let row = db
        .query(
            "SELECT s.id, s.expires_at, u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar
             FROM identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
             AND u.disabled_at IS NULL AND u.deleted_at IS NULL",
        )
        .bind(session)
        .bind(now)
        .optional::<SessionRow>()
        .await?;
    Ok(row.map(SessionRow::session))
}

/// Whether that session of the person lives still, seen from inside a transaction.
pub(crate) async fn lives_in(
    tx: &mut Tx,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, Error> {
    let found = tx
        .query(
            "SELECT id FROM identity_session
             WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3",
        )
        .bind(session)
        .bind(user)
        .bind(now)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

/// Whether somebody signed in to that session not before `since`, by themselves: a code that another session approved
/// shows only that this one was open.
pub(crate) async fn entered_since(db: &Db, session: SessionId, since: Timestamp) -> Result<bool, Error> {
    let found = db
        .query("SELECT id FROM identity_session WHERE id = $1 AND created_at >= $2 AND means <> $3")
        .bind(session)
        .bind(since)
        .bind(Means::Device.as_str())
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
struct InfoRow {
    #[sqlx(try_from = "String")]
    id: SessionId,
    means: String,
    user_agent: String,
    place: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "i64")]
    used_at: Timestamp,
    #[sqlx(try_from = "i64")]
    expires_at: Timestamp,
}

/// The sessions of a person that live, the last used first.
pub(crate) async fn of_user(db: &Db, user: UserId, now: Timestamp) -> Result<Vec<SessionInfo>, Error> {
    let rows = db
        .query(
            "SELECT id, means, user_agent, place, created_at, used_at, expires_at FROM identity_session
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY used_at DESC, id DESC",
        )
        .bind(user)
        .bind(now)
        .all::<InfoRow>()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SessionInfo {
                id: row.id,
                means: Means::parse(&row.means).ok_or_else(|| Error::corrupt("an unknown way to sign in"))?,
                agent: row.user_agent,
                place: row.place,
                created_at: row.created_at,
                used_at: row.used_at,
                expires_at: row.expires_at,
            })
        })
        .collect()
}

/// Ends the sessions of a person that live, but for `except`; only `one` where it is given. Which were ended.
pub(crate) async fn end(
    tx: &mut Tx,
    user: UserId,
    which: Which,
    why: Ended,
    now: Timestamp,
) -> Result<Vec<SessionId>, Error> {
    let mut update = SqlBuilder::new("UPDATE identity_session SET ended_at = ");
    update.bind(now).push(", ended_why = ").bind(why.as_str()).push(" WHERE user_id = ").bind(user);
    update.push(" AND ended_at IS NULL AND expires_at > ").bind(now);
    match which {
        Which::One(session) => {
            update.push(" AND id = ").bind(session);
        }
        Which::AllBut(session) => {
            update.push(" AND id <> ").bind(session);
        }
        Which::All => {}
    }
    update.push(" RETURNING id");
    let mut ended: Vec<SessionId> = tx
        .query(update)
        .all::<(String,)>()
        .await?
        .into_iter()
        .map(|(id,)| id.parse().map_err(Error::corrupt))
        .collect::<Result<_, _>>()?;
    ended.sort();
    Ok(ended)
}

/// Some sessions of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// This one.
    One(SessionId),
    /// All but this one.
    AllBut(SessionId),
    /// All.
    All,
}

/// The addresses that sessions of the person with that address of mail were last used from after `since`, each once.
pub(crate) async fn places(db: &Db, email: &str, since: Timestamp) -> Result<Vec<String>, Error> {
    let rows = db
        .query(
            "SELECT DISTINCT s.place FROM identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE u.email = $1 AND s.place IS NOT NULL AND s.used_at > $2 ORDER BY s.place",
        )
        .bind(email)
        .bind(since)
        .all::<(String,)>()
        .await?;
    Ok(rows.into_iter().map(|(place,)| place).collect())
}

/// What is known about a refresh token.
#[derive(sqlx::FromRow)]
pub(crate) struct Refresh {
    #[sqlx(try_from = "String")]
    pub(crate) session_id: SessionId,
    #[sqlx(try_from = "String")]
    pub(crate) owner: UserId,
    used_at: Option<i64>,
    pub(crate) successor: Option<Vec<u8>>,
    #[sqlx(try_from = "i64")]
    pub(crate) expires_at: Timestamp,
    /// When its session began.
    #[sqlx(try_from = "i64")]
    pub(crate) began_at: Timestamp,
    ended_at: Option<i64>,
    #[sqlx(flatten)]
    user: super::people::UserRow,
    shut: bool,
}

impl Refresh {
    /// When it was used.
    pub(crate) fn used_at(&self) -> Option<Timestamp> {
        self.used_at.map(Timestamp::from_micros)
    }

    /// Whether its session lives and its person may be here.
    pub(crate) fn lives(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now && !self.shut
    }

    /// Its session.
    pub(crate) fn session(self) -> Session {
        let user: User = self.user.user();
        Session { id: self.session_id, expires_at: self.expires_at, user }
    }
}

/// Adds a refresh token to a session.
pub(crate) async fn insert_refresh(
    tx: &mut Tx,
    hash: Vec<u8>,
    session: SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query("INSERT INTO identity_refresh (token_hash, session_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(session)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Marks a refresh token as used, with the one that follows it; whether it was unused until now.
pub(crate) async fn use_refresh(
    tx: &mut Tx,
    hash: &[u8],
    successor: Vec<u8>,
    now: Timestamp,
) -> Result<bool, Error> {
    let used = tx
        .query(
            "UPDATE identity_refresh SET used_at = $2, successor = $3 WHERE token_hash = $1 AND used_at IS NULL",
        )
        .bind(hash)
        .bind(now)
        .bind(successor)
        .execute()
        .await?;
    Ok(used == 1)
}

/// Whether there is a refresh token with that hash.
pub(crate) async fn refresh_exists(db: &Db, hash: &[u8]) -> Result<bool, Error> {
    let found = db
        .query("SELECT session_id FROM identity_refresh WHERE token_hash = $1")
        .bind(hash)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

/// The refresh token with that hash, and its session.
pub(crate) async fn refresh(tx: &mut Tx, hash: &[u8]) -> Result<Option<Refresh>, Error> {
    tx.query(
        "SELECT r.session_id, r.used_at, r.successor, s.expires_at, s.created_at AS began_at, s.ended_at,
             u.id AS owner, u.id AS user_id, u.handle, u.name, u.email, u.operator, u.avatar,
             CASE WHEN u.disabled_at IS NULL AND u.deleted_at IS NULL THEN FALSE ELSE TRUE END AS shut
         FROM identity_refresh r JOIN identity_session s ON s.id = r.session_id
         JOIN identity_user u ON u.id = s.user_id WHERE r.token_hash = $1",
    )
    .bind(hash)
    .optional::<Refresh>()
    .await
}

/// Notes that a session is in use, from where, and when it ends now.
pub(crate) async fn touch(
    tx: &mut Tx,
    session: SessionId,
    client: &Client,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query("UPDATE identity_session SET used_at = $2, user_agent = $3, place = $4, expires_at = $5 WHERE id = $1")
        .bind(session)
        .bind(now)
        .bind(client.agent.as_str())
        .bind(client.place.as_deref())
        .bind(expires_at)
        .execute()
        .await?;
    Ok(())
}

/// Lets no session end later than that long after its last use.
pub(crate) async fn hold_to(tx: &mut Tx, idle: Duration) -> Result<u64, Error> {
    let query = tx.query(
        "UPDATE identity_session SET expires_at = used_at + $1
         WHERE ended_at IS NULL AND expires_at > used_at + $1",
    );
    query.bind(i64::try_from(idle.as_micros()).unwrap_or(i64::MAX)).execute().await
}

/// Forgets sessions that were over before that moment, with their tokens; how many.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query(
        "DELETE FROM identity_refresh WHERE session_id IN
         (SELECT id FROM identity_session WHERE expires_at < $1 OR ended_at < $1)",
    )
    .bind(before)
    .execute()
    .await?;
    tx.query("DELETE FROM identity_session WHERE expires_at < $1 OR ended_at < $1")
        .bind(before)
        .execute()
        .await
}
