//! The SQL of conversations; that of what is said in them is in `messages`.

mod messages;

use base::id::{RepoId, ThreadId, UserId, WorkspaceId};
use base::{Actor, Cursor, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use crate::Filter;
use crate::thread::Thread;
pub(crate) use messages::*;

#[derive(sqlx::FromRow)]
struct ThreadRow {
    #[sqlx(try_from = "String")]
    id: ThreadId,
    #[sqlx(try_from = "String")]
    author_id: UserId,
    title: String,
    repo_id: Option<String>,
    pinned: bool,
    archived: bool,
    shared: bool,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "i64")]
    updated_at: Timestamp,
    version: i64,
}

impl ThreadRow {
    fn thread(self) -> Result<Thread, Error> {
        Ok(Thread {
            id: self.id,
            author: self.author_id,
            title: self.title,
            repo: self.repo_id.map(|id| id.parse::<RepoId>().map_err(Error::corrupt)).transpose()?,
            pinned: self.pinned,
            archived: self.archived,
            shared: self.shared,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

const THREAD: &str =
    "SELECT id, author_id, title, repo_id, pinned, archived, shared, created_at, updated_at, version
     FROM chat_thread WHERE workspace_id = ";

/// Whose it is, or whoever may read what is shared.
fn visible(find: &mut SqlBuilder, actor: &Actor) {
    find.bind(actor.workspace).push(" AND (author_id = ").bind(actor.user).push(" OR shared)");
}

fn narrowed(find: &mut SqlBuilder, actor: &Actor, filter: &Filter) {
    visible(find, actor);
    find.push(" AND archived = ").bind(filter.archived);
    if let Some(repo) = filter.repo {
        find.push(" AND repo_id = ").bind(repo);
    }
    if let Some(text) = &filter.text {
        // Text is looked for as it is: the letters a to z in any case, all others as they are written.
        let text = text.to_ascii_lowercase();
        find.push(" AND (").push(IN_TITLE).bind(text.as_str());
        find.push(
            ") > 0 OR id IN (SELECT thread_id FROM chat_message WHERE NOT replaced AND workspace_id = ",
        );
        find.bind(actor.workspace).push(" AND ").push(IN_BODY).bind(text.as_str()).push(") > 0))");
    }
}

/// `lower` changes the letters a to z alone in SQLite, and in PostgreSQL only with this collation.
const IN_TITLE: Sql = Sql::per_engine("instr(lower(title), ", "strpos(lower(title COLLATE \"C\"), ");
const IN_BODY: Sql = Sql::per_engine("instr(lower(body), ", "strpos(lower(body COLLATE \"C\"), ");

/// The place of a thread in the list: pinned ones first, then those where something was said last.
pub(crate) fn cursor(thread: &Thread) -> Cursor {
    Cursor(format!("{}:{}:{}", u8::from(thread.pinned), thread.updated_at.as_micros(), thread.id))
}

/// What cannot be read is the beginning.
fn place(cursor: &Cursor) -> Option<(bool, i64, ThreadId)> {
    let mut parts = cursor.0.splitn(3, ':');
    let pinned = parts.next()? == "1";
    Some((pinned, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

pub(crate) async fn threads(
    db: &Db,
    actor: &Actor,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Thread>, Error> {
    let mut find = SqlBuilder::new(THREAD);
    narrowed(&mut find, actor, filter);
    if let Some((pinned, at, id)) = after.and_then(place) {
        if pinned {
            find.push(" AND (NOT pinned OR updated_at < ");
        } else {
            find.push(" AND (NOT pinned AND (updated_at < ");
        }
        find.bind(at).push(" OR (updated_at = ").bind(at).push(" AND id < ").bind(id);
        find.push(if pinned { "))" } else { ")))" });
    }
    find.push(" ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT ");
    find.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    db.query(find).all::<ThreadRow>().await?.into_iter().map(ThreadRow::thread).collect()
}

pub(crate) async fn count(db: &Db, actor: &Actor, filter: &Filter) -> Result<u64, Error> {
    let mut find = SqlBuilder::new("SELECT COUNT(*) FROM chat_thread WHERE workspace_id = ");
    narrowed(&mut find, actor, filter);
    let (count,) = db.query(find).one::<(i64,)>().await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn one(actor: &Actor, id: ThreadId) -> SqlBuilder {
    let mut find = SqlBuilder::new(THREAD);
    visible(&mut find, actor);
    find.push(" AND id = ").bind(id);
    find
}

pub(crate) async fn thread(db: &Db, actor: &Actor, id: ThreadId) -> Result<Option<Thread>, Error> {
    db.query(one(actor, id)).optional::<ThreadRow>().await?.map(ThreadRow::thread).transpose()
}

pub(crate) async fn thread_in(tx: &mut Tx, actor: &Actor, id: ThreadId) -> Result<Option<Thread>, Error> {
    tx.query(one(actor, id)).optional::<ThreadRow>().await?.map(ThreadRow::thread).transpose()
}

pub(crate) async fn insert_thread(tx: &mut Tx, workspace: WorkspaceId, thread: &Thread) -> Result<(), Error> {
    tx.query(
        "INSERT INTO chat_thread (id, workspace_id, author_id, title, repo_id, pinned, archived, shared, created_at,
             updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(thread.id)
    .bind(workspace)
    .bind(thread.author)
    .bind(thread.title.as_str())
    .bind(thread.repo)
    .bind(thread.pinned)
    .bind(thread.archived)
    .bind(thread.shared)
    .bind(thread.created_at)
    .bind(thread.updated_at)
    .bind(thread.version)
    .execute()
    .await?;
    Ok(())
}

/// Stores the thread if it is still at `version`; [`Error::Changed`] otherwise.
pub(crate) async fn replace_thread(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: &Thread,
    version: i64,
) -> Result<(), Error> {
    tx.query(
        "UPDATE chat_thread SET title = $4, pinned = $5, archived = $6, shared = $7, updated_at = $8, version = $9
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(thread.id)
    .bind(version)
    .bind(thread.title.as_str())
    .bind(thread.pinned)
    .bind(thread.archived)
    .bind(thread.shared)
    .bind(thread.updated_at)
    .bind(thread.version)
    .swap()
    .await
}

/// Holds a thread of the actor's until the transaction ends, so that it is neither deleted nor changed meanwhile; `false` when
/// there is none.
pub(crate) async fn hold(tx: &mut Tx, actor: &Actor, id: ThreadId) -> Result<bool, Error> {
    let held = tx
        .query(
            "UPDATE chat_thread SET updated_at = updated_at WHERE workspace_id = $1 AND id = $2 AND author_id = $3",
        )
        .bind(actor.workspace)
        .bind(id)
        .bind(actor.user)
        .execute()
        .await?;
    Ok(held > 0)
}

/// Notes that something was said. It is no change of the thread: its version stays.
pub(crate) async fn touch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ThreadId,
    title: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "UPDATE chat_thread SET updated_at = $3, title = CASE WHEN title = '' THEN $4 ELSE title END, archived = FALSE
         WHERE workspace_id = $1 AND id = $2",
    )
    .bind(workspace)
    .bind(thread)
    .bind(now)
    .bind(title.unwrap_or_default())
    .execute()
    .await?;
    Ok(())
}

pub(crate) async fn delete_thread(tx: &mut Tx, workspace: WorkspaceId, id: ThreadId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM chat_message WHERE workspace_id = $1 AND thread_id = $2",
        "DELETE FROM chat_thread WHERE workspace_id = $1 AND id = $2",
    ] {
        tx.query(statement).bind(workspace).bind(id).execute().await?;
    }
    Ok(())
}

pub(crate) async fn erase(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    for statement in [
        // The threads first: nothing is said any more in what is gone.
        "DELETE FROM chat_thread WHERE workspace_id = $1",
        "DELETE FROM chat_message WHERE workspace_id = $1",
    ] {
        tx.query(statement).bind(workspace).execute().await?;
    }
    Ok(())
}

/// Whose threads are theirs alone, and where.
pub(crate) async fn owners(db: &Db) -> Result<Vec<(WorkspaceId, UserId)>, Error> {
    let rows = db
        .query(
            "SELECT DISTINCT workspace_id, author_id FROM chat_thread WHERE NOT shared
             ORDER BY workspace_id, author_id",
        )
        .all::<(String, String)>()
        .await?;
    let id = |(workspace, owner): (String, String)| {
        Ok((workspace.parse().map_err(Error::corrupt)?, owner.parse().map_err(Error::corrupt)?))
    };
    rows.into_iter().map(id).collect()
}

pub(crate) async fn erase_of(tx: &mut Tx, workspace: WorkspaceId, owner: UserId) -> Result<(), Error> {
    for statement in [
        // Held first, so that nothing is said meanwhile in what goes.
        "UPDATE chat_thread SET updated_at = updated_at WHERE workspace_id = $1 AND author_id = $2 AND NOT shared",
        "DELETE FROM chat_message WHERE workspace_id = $1 AND thread_id IN
         (SELECT id FROM chat_thread WHERE workspace_id = $1 AND author_id = $2 AND NOT shared)",
        "DELETE FROM chat_thread WHERE workspace_id = $1 AND author_id = $2 AND NOT shared",
    ] {
        tx.query(statement).bind(workspace).bind(owner).execute().await?;
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::corrupt)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::corrupt)
}
