//! The SQL of memories.

use base::id::{MemoryId, UserId, WorkspaceId};
use base::{Actor, Cursor, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::memory::{Evidence, Kind, Memory, Origin, State, Trust};
use crate::{Facet, Filter};

/// Rows that an index takes in at once, and ids of one statement.
pub(crate) const CHUNK: usize = 500;

/// Where the index's counting stands.
#[derive(sqlx::FromRow)]
pub(crate) struct Counter {
    pub(crate) epoch: String,
    pub(crate) last: i64,
}

pub(crate) async fn counter(db: &Db) -> Result<Option<Counter>, Error> {
    db.query("SELECT epoch, last FROM memory_counter WHERE name = 'memory'").optional().await
}

/// Takes the next number of a change. The row stays locked until the transaction ends, so numbers follow commits.
async fn next_change(tx: &mut Tx, epoch: String) -> Result<i64, Error> {
    let (last,) = tx
        .query(
            "INSERT INTO memory_counter (name, epoch, last) VALUES ('memory', $1, 1)
             ON CONFLICT (name) DO UPDATE SET last = memory_counter.last + 1 RETURNING last",
        )
        .bind(epoch)
        .one::<(i64,)>()
        .await?;
    Ok(last)
}

/// Gives the counting another name, so that no index goes on from what it has seen.
pub(crate) async fn begin_epoch(tx: &mut Tx, epoch: String) -> Result<(), Error> {
    tx.query("UPDATE memory_counter SET epoch = $1 WHERE name = 'memory'").bind(epoch).execute().await?;
    Ok(())
}

/// Numbers a change of these memories, at the end of the transaction. `epoch` names the life of a database that has no
/// number yet.
pub(crate) fn number(tx: &mut Tx, ids: Vec<MemoryId>, epoch: String) {
    tx.before_commit(
        "memory",
        Box::new(move |tx| {
            Box::pin(async move {
                let change = next_change(tx, epoch).await?;
                for chunk in ids.chunks(CHUNK) {
                    let mut update = SqlBuilder::new("UPDATE memory_memory SET change = ");
                    update.bind(change).push(" WHERE id IN (").bind_all(chunk.iter().copied()).push(")");
                    tx.query(update).execute().await?;
                }
                // What this transaction deleted has no number yet, and nobody else sees it before it has.
                tx.query("UPDATE memory_forgotten SET change = $1 WHERE change = 0")
                    .bind(change)
                    .execute()
                    .await?;
                Ok(())
            })
        }),
    );
}

pub(crate) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    memory: &Memory,
    model: &str,
    vector: Vec<u8>,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO memory_memory (id, workspace_id, owner_id, kind, title, body, tags, evidence, state,
             trust, origin, used, confirmed_at, expires_at, created_at, created_by, updated_at, version, change, model,
             vector)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, $19, $20)",
    )
    .bind(memory.id)
    .bind(workspace)
    .bind(memory.owner)
    .bind(memory.kind.as_str())
    .bind(memory.title.as_str())
    .bind(memory.text.as_str())
    .bind(json(&memory.tags)?)
    .bind(json(&memory.evidence)?)
    .bind(memory.state.as_str())
    .bind(memory.trust.as_str())
    .bind(memory.origin.as_str())
    .bind(memory.used)
    .bind(memory.confirmed_at)
    .bind(memory.expires_at)
    .bind(memory.created_at)
    .bind(memory.created_by)
    .bind(memory.updated_at)
    .bind(memory.version)
    .bind(model)
    .bind(vector)
    .execute()
    .await?;
    tag(tx, workspace, memory).await
}

/// Stores the memory if it is still at `version`; [`Error::Changed`] otherwise.
pub(crate) async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    memory: &Memory,
    version: i64,
    model: &str,
    vector: Vec<u8>,
) -> Result<(), Error> {
    tx.query(
        "UPDATE memory_memory SET kind = $4, title = $5, body = $6, tags = $7, evidence = $8, state = $9, trust = $10,
             superseded_by = $11, confirmed_at = $12, expires_at = $13, updated_at = $14, version = $15, model = $16,
             vector = $17
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(memory.id)
    .bind(version)
    .bind(memory.kind.as_str())
    .bind(memory.title.as_str())
    .bind(memory.text.as_str())
    .bind(json(&memory.tags)?)
    .bind(json(&memory.evidence)?)
    .bind(memory.state.as_str())
    .bind(memory.trust.as_str())
    .bind(memory.superseded_by)
    .bind(memory.confirmed_at)
    .bind(memory.expires_at)
    .bind(memory.updated_at)
    .bind(memory.version)
    .bind(model)
    .bind(vector)
    .swap()
    .await?;
    tag(tx, workspace, memory).await
}

/// The rows by which tags are filtered and counted.
async fn tag(tx: &mut Tx, workspace: WorkspaceId, memory: &Memory) -> Result<(), Error> {
    tx.query("DELETE FROM memory_tag WHERE workspace_id = $1 AND memory_id = $2")
        .bind(workspace)
        .bind(memory.id)
        .execute()
        .await?;
    for tag in &memory.tags {
        tx.query("INSERT INTO memory_tag (memory_id, workspace_id, tag) VALUES ($1, $2, $3)")
            .bind(memory.id)
            .bind(workspace)
            .bind(tag.as_str())
            .execute()
            .await?;
    }
    Ok(())
}

/// Deletes everything that is known of a memory, and leaves its id for the indexes.
pub(crate) async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: MemoryId) -> Result<(), Error> {
    tx.query("DELETE FROM memory_tag WHERE workspace_id = $1 AND memory_id = $2")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    tx.query("DELETE FROM memory_link WHERE workspace_id = $1 AND (from_id = $2 OR to_id = $2)")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    tx.query("UPDATE memory_memory SET superseded_by = NULL WHERE workspace_id = $1 AND superseded_by = $2")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    tx.query("DELETE FROM memory_memory WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    tx.query("INSERT INTO memory_forgotten (id, workspace_id, change) VALUES ($1, $2, 0)")
        .bind(id)
        .bind(workspace)
        .execute()
        .await?;
    Ok(())
}

/// Links two memories; twice is once.
pub(crate) async fn link(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: MemoryId,
    to: MemoryId,
    kind: &'static str,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO memory_link (workspace_id, from_id, to_id, kind) VALUES ($1, $2, $3, $4)
         ON CONFLICT (from_id, to_id, kind) DO NOTHING",
    )
    .bind(workspace)
    .bind(from)
    .bind(to)
    .bind(kind)
    .execute()
    .await?;
    Ok(())
}

/// The links that touch these memories.
pub(crate) async fn links(
    db: &Db,
    workspace: WorkspaceId,
    ids: &[MemoryId],
) -> Result<Vec<(MemoryId, MemoryId)>, Error> {
    let mut find = SqlBuilder::new("SELECT DISTINCT from_id, to_id FROM memory_link WHERE workspace_id = ");
    find.bind(workspace).push(" AND (from_id IN (").bind_all(ids.iter().copied());
    find.push(") OR to_id IN (").bind_all(ids.iter().copied()).push(")) ORDER BY from_id, to_id");
    let rows = db.query(find).all::<(String, String)>().await?;
    rows.into_iter()
        .map(|(from, to)| Ok((from.parse().map_err(Error::corrupt)?, to.parse().map_err(Error::corrupt)?)))
        .collect()
}

/// Ends some memories whose time is over; which they were.
pub(crate) async fn expire(tx: &mut Tx, now: Timestamp) -> Result<Vec<(WorkspaceId, Memory)>, Error> {
    let rows = tx
        .query(
            "UPDATE memory_memory SET state = 'expired', updated_at = $1, version = version + 1
             WHERE id IN (SELECT id FROM memory_memory WHERE expires_at <= $1
                 AND state IN ('active', 'needs_review') ORDER BY expires_at, id LIMIT 500)
             RETURNING id, owner_id, kind, title, body, tags, evidence, state, trust, origin, superseded_by, used,
                 confirmed_at, expires_at, created_at, created_by, updated_at, version, workspace_id, change, model,
                 vector",
        )
        .bind(now)
        .all::<ChangedRow>()
        .await?;
    rows.into_iter().map(|row| Ok((row.workspace_id, row.row.memory()?))).collect()
}

/// Counts a use of a memory that the actor may see; `false` without one.
pub(crate) async fn used(tx: &mut Tx, actor: &Actor, id: MemoryId) -> Result<bool, Error> {
    let mut update = SqlBuilder::new("UPDATE memory_memory SET used = used + 1 WHERE workspace_id = ");
    visible(&mut update, actor);
    update.push(" AND id = ").bind(id);
    Ok(tx.query(update).execute().await? > 0)
}

/// Deletes everything that is known of a workspace's memories, and leaves their ids for the indexes.
pub(crate) async fn erase(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM memory_tag WHERE workspace_id = $1",
        "DELETE FROM memory_link WHERE workspace_id = $1",
        "INSERT INTO memory_forgotten (id, workspace_id, change)
         SELECT id, workspace_id, 0 FROM memory_memory WHERE workspace_id = $1",
        "DELETE FROM memory_memory WHERE workspace_id = $1",
    ] {
        tx.query(statement).bind(workspace).execute().await?;
    }
    Ok(())
}

/// Who has private memories, and where.
pub(crate) async fn owners(db: &Db) -> Result<Vec<(WorkspaceId, UserId)>, Error> {
    let rows = db
        .query(
            "SELECT DISTINCT workspace_id, owner_id FROM memory_memory WHERE owner_id IS NOT NULL
             ORDER BY workspace_id, owner_id",
        )
        .all::<(String, String)>()
        .await?;
    rows.into_iter()
        .map(|(workspace, owner)| {
            Ok((workspace.parse().map_err(Error::corrupt)?, owner.parse().map_err(Error::corrupt)?))
        })
        .collect()
}

/// Somebody's private memories in a workspace.
pub(crate) async fn private(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
) -> Result<Vec<MemoryId>, Error> {
    let rows = tx
        .query("SELECT id FROM memory_memory WHERE workspace_id = $1 AND owner_id = $2 ORDER BY id")
        .bind(workspace)
        .bind(owner)
        .all::<(String,)>()
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::corrupt)).collect()
}

#[derive(sqlx::FromRow)]
struct MemoryRow {
    #[sqlx(try_from = "String")]
    id: MemoryId,
    owner_id: Option<String>,
    kind: String,
    title: String,
    body: String,
    tags: String,
    evidence: String,
    state: String,
    trust: String,
    origin: String,
    superseded_by: Option<String>,
    used: i64,
    confirmed_at: Option<i64>,
    expires_at: Option<i64>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    #[sqlx(try_from = "i64")]
    updated_at: Timestamp,
    version: i64,
}

impl MemoryRow {
    fn memory(self) -> Result<Memory, Error> {
        let evidence: Vec<Evidence> = serde_json::from_str(&self.evidence).map_err(Error::corrupt)?;
        Ok(Memory {
            id: self.id,
            owner: parsed(self.owner_id)?,
            // The columns' CHECKs admit only these names; one from a newer version reads as the most careful value.
            kind: Kind::parse(&self.kind).unwrap_or(Kind::Note),
            title: self.title,
            text: self.body,
            tags: serde_json::from_str(&self.tags).map_err(Error::corrupt)?,
            evidence,
            state: State::parse(&self.state).unwrap_or(State::NeedsReview),
            trust: Trust::parse(&self.trust).unwrap_or(Trust::Low),
            origin: Origin::parse(&self.origin).unwrap_or(Origin::Import),
            superseded_by: parsed(self.superseded_by)?,
            used: self.used,
            confirmed_at: self.confirmed_at.map(Timestamp::from_micros),
            expires_at: self.expires_at.map(Timestamp::from_micros),
            created_at: self.created_at,
            created_by: self.created_by,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

fn parsed<T: std::str::FromStr<Err = base::ParseIdError>>(id: Option<String>) -> Result<Option<T>, Error> {
    id.map(|id| id.parse().map_err(Error::corrupt)).transpose()
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::corrupt)
}

const MEMORIES: &str = "SELECT id, owner_id, kind, title, body, tags, evidence, state, trust, origin,
     superseded_by, used, confirmed_at, expires_at, created_at, created_by, updated_at, version
     FROM memory_memory WHERE workspace_id = ";

/// What the actor may see: what everybody may, and what is theirs alone.
fn visible(find: &mut SqlBuilder, actor: &Actor) {
    find.bind(actor.workspace).push(" AND (owner_id IS NULL OR owner_id = ").bind(actor.user).push(")");
}

fn by_id(actor: &Actor, id: MemoryId) -> SqlBuilder {
    let mut find = SqlBuilder::new(MEMORIES);
    visible(&mut find, actor);
    find.push(" AND id = ").bind(id);
    find
}

pub(crate) async fn memory(db: &Db, actor: &Actor, id: MemoryId) -> Result<Option<Memory>, Error> {
    db.query(by_id(actor, id)).optional::<MemoryRow>().await?.map(MemoryRow::memory).transpose()
}

pub(crate) async fn memory_in(tx: &mut Tx, actor: &Actor, id: MemoryId) -> Result<Option<Memory>, Error> {
    tx.query(by_id(actor, id)).optional::<MemoryRow>().await?.map(MemoryRow::memory).transpose()
}

/// Those of these memories that the actor may see, in the order of their ids.
pub(crate) async fn memories_by_id(db: &Db, actor: &Actor, ids: &[MemoryId]) -> Result<Vec<Memory>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut find = SqlBuilder::new(MEMORIES);
        visible(&mut find, actor);
        find.push(" AND id IN (").bind_all(chunk.iter().copied()).push(") ORDER BY id");
        let rows = db.query(find).all::<MemoryRow>().await?;
        found.extend(rows.into_iter().map(MemoryRow::memory).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

fn narrow(find: &mut SqlBuilder, filter: &Filter) {
    if !filter.kinds.is_empty() {
        find.push(" AND kind IN (").bind_all(filter.kinds.iter().map(|kind| kind.as_str())).push(")");
    }
    if !filter.states.is_empty() {
        find.push(" AND state IN (").bind_all(filter.states.iter().map(|state| state.as_str())).push(")");
    }
    for tag in &filter.tags {
        find.push(" AND id IN (SELECT memory_id FROM memory_tag WHERE tag = ").bind(tag.as_str()).push(")");
    }
    if filter.private {
        find.push(" AND owner_id IS NOT NULL");
    }
}

pub(crate) async fn memories(
    db: &Db,
    actor: &Actor,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Memory>, Error> {
    let mut find = SqlBuilder::new(MEMORIES);
    visible(&mut find, actor);
    narrow(&mut find, filter);
    if let Some(after) = after {
        find.push(" AND id < ").bind(after.0.as_str());
    }
    find.push(" ORDER BY id DESC LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    db.query(find).all::<MemoryRow>().await?.into_iter().map(MemoryRow::memory).collect()
}

pub(crate) async fn count(db: &Db, actor: &Actor, filter: &Filter) -> Result<u64, Error> {
    let mut find = SqlBuilder::new("SELECT COUNT(*) FROM memory_memory WHERE workspace_id = ");
    visible(&mut find, actor);
    narrow(&mut find, filter);
    let (count,) = db.query(find).one::<(i64,)>().await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// How many memories there are of each kind, in each state, and with the most used tags.
pub(crate) async fn facets(db: &Db, actor: &Actor) -> Result<[Vec<Facet>; 3], Error> {
    let mut kinds = SqlBuilder::new("SELECT kind, COUNT(*) FROM memory_memory WHERE workspace_id = ");
    visible(&mut kinds, actor);
    kinds.push(" GROUP BY kind ORDER BY kind");
    let mut states = SqlBuilder::new("SELECT state, COUNT(*) FROM memory_memory WHERE workspace_id = ");
    visible(&mut states, actor);
    states.push(" GROUP BY state ORDER BY state");
    let mut tags = SqlBuilder::new(
        "SELECT tag, COUNT(*) FROM memory_tag WHERE memory_id IN (SELECT id FROM memory_memory WHERE workspace_id = ",
    );
    visible(&mut tags, actor);
    tags.push(") GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT 30");
    Ok([counted(db, kinds).await?, counted(db, states).await?, counted(db, tags).await?])
}

async fn counted(db: &Db, find: SqlBuilder) -> Result<Vec<Facet>, Error> {
    let rows = db.query(find).all::<(String, i64)>().await?;
    let facet = |(value, count): (String, i64)| Facet { value, count: u64::try_from(count).unwrap_or(0) };
    Ok(rows.into_iter().map(facet).collect())
}

/// A memory as an index takes it in.
pub(crate) struct Changed {
    pub(crate) workspace: WorkspaceId,
    pub(crate) change: i64,
    pub(crate) memory: Memory,
    pub(crate) model: String,
    pub(crate) vector: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ChangedRow {
    #[sqlx(flatten)]
    row: MemoryRow,
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
    change: i64,
    model: String,
    vector: Vec<u8>,
}

/// The memories of every workspace that changed after a place in the order of changes: for the index alone, which keeps
/// workspaces apart itself.
pub(crate) async fn changed(db: &Db, after: (i64, &str)) -> Result<Vec<Changed>, Error> {
    let rows = db
        .query(
            "SELECT id, owner_id, kind, title, body, tags, evidence, state, trust, origin, superseded_by,
                 used, confirmed_at, expires_at, created_at, created_by, updated_at, version, workspace_id, change,
                 model, vector
             FROM memory_memory WHERE change > $1 OR (change = $1 AND id > $2) ORDER BY change, id LIMIT 500",
        )
        .bind(after.0)
        .bind(after.1)
        .all::<ChangedRow>()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Changed {
                workspace: row.workspace_id,
                change: row.change,
                memory: row.row.memory()?,
                model: row.model,
                vector: row.vector,
            })
        })
        .collect()
}

/// What was forgotten after a change.
pub(crate) async fn forgotten(db: &Db, after: i64) -> Result<Vec<(WorkspaceId, MemoryId)>, Error> {
    let rows = db
        .query("SELECT workspace_id, id FROM memory_forgotten WHERE change > $1 ORDER BY change, id")
        .bind(after)
        .all::<(String, String)>()
        .await?;
    rows.into_iter()
        .map(|(workspace, id)| {
            Ok((workspace.parse().map_err(Error::corrupt)?, id.parse().map_err(Error::corrupt)?))
        })
        .collect()
}

/// How many memories an index must hold.
pub(crate) async fn recalled(db: &Db) -> Result<u64, Error> {
    let (count,) = db
        .query("SELECT COUNT(*) FROM memory_memory WHERE state IN ('active', 'needs_review')")
        .one::<(i64,)>()
        .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}
