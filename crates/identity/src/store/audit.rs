//! The audit log. There is no statement here that changes or removes a row.

use base::Timestamp;
use base::id::{AuditId, UserId, WorkspaceId};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::audit::{Act, Entry, Filter, Outcome};

pub(crate) async fn insert(tx: &mut Tx, id: AuditId, act: &Act<'_>, at: Timestamp) -> Result<(), Error> {
    tx.query(
        "INSERT INTO identity_audit (id, at, workspace_id, actor, action, object, result, place, user_agent, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(at)
    .bind(act.workspace)
    .bind(act.actor)
    .bind(act.action)
    .bind(act.object.as_deref())
    .bind(act.outcome.as_str())
    .bind(act.client.place.as_deref())
    .bind(act.client.agent.as_str())
    .bind(act.detail)
    .execute()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: AuditId,
    #[sqlx(try_from = "i64")]
    at: Timestamp,
    workspace_id: Option<String>,
    actor: Option<String>,
    action: String,
    object: Option<String>,
    result: String,
    place: Option<String>,
    user_agent: String,
    detail: String,
}

impl Row {
    fn entry(self) -> Result<Entry, Error> {
        let workspace = self.workspace_id.map(|id| id.parse::<WorkspaceId>()).transpose();
        let actor = self.actor.map(|id| id.parse::<UserId>()).transpose();
        Ok(Entry {
            id: self.id,
            at: self.at,
            workspace: workspace.map_err(Error::corrupt)?,
            actor: actor.map_err(Error::corrupt)?,
            action: self.action,
            object: self.object,
            outcome: if self.result == "done" { Outcome::Done } else { Outcome::Refused },
            place: self.place,
            agent: self.user_agent,
            detail: self.detail,
        })
    }
}

/// The rows that fit, the newest first, after `after`; at most `limit`.
pub(crate) async fn find(
    db: &Db,
    filter: &Filter,
    after: Option<(Timestamp, AuditId)>,
    limit: usize,
) -> Result<Vec<Entry>, Error> {
    let mut find = SqlBuilder::new(
        "SELECT id, at, workspace_id, actor, action, object, result, place, user_agent, detail FROM identity_audit ",
    );
    narrow(&mut find, filter);
    if let Some((at, id)) = after {
        find.push(" AND (at < ").bind(at).push(" OR (at = ").bind(at).push(" AND id < ").bind(id).push("))");
    }
    find.push(" ORDER BY at DESC, id DESC LIMIT ").bind(u32::try_from(limit).unwrap_or(u32::MAX));
    db.query(find).all::<Row>().await?.into_iter().map(Row::entry).collect()
}

/// How many rows fit.
pub(crate) async fn count(db: &Db, filter: &Filter) -> Result<u64, Error> {
    let mut count = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM identity_audit ");
    narrow(&mut count, filter);
    let (count,): (i64,) = db.query(count).one().await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn narrow(find: &mut SqlBuilder, filter: &Filter) {
    find.push("WHERE at >= ").bind(filter.since.unwrap_or(Timestamp::from_micros(i64::MIN)));
    if let Some(until) = filter.until {
        find.push(" AND at < ").bind(until);
    }
    if let Some(workspace) = filter.workspace {
        find.push(" AND workspace_id = ").bind(workspace);
    }
    if let Some(actor) = filter.actor {
        find.push(" AND actor = ").bind(actor);
    }
    if let Some(action) = &filter.action {
        find.push(" AND action = ").bind(action.as_str());
    }
    if let Some(outcome) = filter.outcome {
        find.push(" AND result = ").bind(outcome.as_str());
    }
}
