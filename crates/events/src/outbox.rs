//! The outbox: the only truth about what happened. All SQL of this crate is here.

use std::sync::Arc;
use std::time::Duration;

use base::id::{EventId, UserId};
use base::{Clock, Ids, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::channel::{Channel, Epoch};
use crate::event::Event;
use crate::hub::Hub;
use crate::subscription::Envelope;

/// Where events are said. Cheap to clone.
#[derive(Clone)]
pub struct Events {
    hub: Option<Hub>,
    clock: Clock,
    ids: Ids,
}

/// What is kept of the past. A subscriber that asks for more is told to read its screens again.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Events older than this go.
    pub age: Duration,
    /// Of each channel, all but this many go.
    pub per_channel: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { age: Duration::from_hours(7 * 24), per_channel: 100_000 }
    }
}

impl Events {
    /// Events that reach the hub's subscribers as soon as they are committed.
    pub fn new(hub: Hub, clock: Clock, ids: Ids) -> Self {
        Self { hub: Some(hub), clock, ids }
    }

    /// Events of a process that nobody subscribes to; the hubs of others find them in the outbox.
    pub fn without_hub(clock: Clock, ids: Ids) -> Self {
        Self { hub: None, clock, ids }
    }

    /// Says that something happens with this transaction: it is stored with it, and told once it is committed.
    ///
    /// The outbox rows are written at the very end of the transaction, because the lock that orders a channel
    /// lasts until the commit. Events of one transaction keep their order within each channel.
    pub fn emit(&self, tx: &mut Tx, channel: Channel, actor: Option<UserId>, event: Event) {
        let said = Said { id: self.ids.new_id(), at: self.clock.now(), channel, actor, event };
        let hub = self.hub.clone();
        tx.before_commit(channel.to_string(), Box::new(move |tx| Box::pin(append(tx, said, hub))));
    }

    /// Forgets what is older or more than `keep`; how many events went.
    pub async fn trim(&self, db: &Db, keep: Retention) -> Result<u64, Error> {
        let mut tx = db.begin().await?;
        let old = tx
            .query("DELETE FROM event_outbox WHERE created_at < $1")
            .bind(self.clock.now().minus(keep.age))
            .execute()
            .await?;
        let many = tx
            .query(
                "DELETE FROM event_outbox WHERE EXISTS (SELECT 1 FROM event_channel
                 WHERE event_channel.channel = event_outbox.channel
                 AND event_outbox.seq <= event_channel.last - $1)",
            )
            .bind(keep.per_channel)
            .execute()
            .await?;
        tx.commit().await?;
        Ok(old + many)
    }
}

struct Said {
    id: EventId,
    at: Timestamp,
    channel: Channel,
    actor: Option<UserId>,
    event: Event,
}

async fn append(tx: &mut Tx, said: Said, hub: Option<Hub>) -> Result<(), Error> {
    let Said { id, at, channel, actor, event } = said;
    let body = serde_json::to_string(&event).map_err(Error::corrupt)?;
    let (seq,): (i64,) = tx
        .query(
            "INSERT INTO event_channel (channel, last) VALUES ($1, 1)
             ON CONFLICT (channel) DO UPDATE SET last = event_channel.last + 1 RETURNING last",
        )
        .bind(channel.to_string())
        .one()
        .await?;
    tx.query(
        "INSERT INTO event_outbox (channel, seq, id, kind, body, actor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(channel.to_string())
    .bind(seq)
    .bind(id)
    .bind(event.kind())
    .bind(body.as_str())
    .bind(actor)
    .bind(at)
    .execute()
    .await?;
    if let Some(hub) = hub {
        let envelope = Envelope { channel, offset: offset(seq)?, id, at, actor, body: body.into() };
        tx.after_commit(move || hub.publish(Arc::new(envelope)));
    }
    Ok(())
}

/// The log's epoch; the first to ask names it.
pub(crate) async fn epoch(db: &Db, ids: &Ids) -> Result<Epoch, Error> {
    let fresh: EventId = ids.new_id();
    let mut tx = db.begin().await?;
    tx.query("INSERT INTO event_epoch (id, epoch) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(fresh)
        .execute()
        .await?;
    let (epoch,): (String,) = tx.query("SELECT epoch FROM event_epoch WHERE id = 1").one().await?;
    tx.commit().await?;
    Ok(Epoch(epoch.into()))
}

/// The last offset of a channel; 0 when nothing happened there.
pub(crate) async fn last(db: &Db, channel: Channel) -> Result<u64, Error> {
    let row: Option<(i64,)> = db
        .query("SELECT last FROM event_channel WHERE channel = $1")
        .bind(channel.to_string())
        .optional()
        .await?;
    row.map_or(Ok(0), |(last,)| offset(last))
}

/// The last offsets of those channels where something happened.
pub(crate) async fn lasts(
    db: &Db,
    channels: impl IntoIterator<Item = Channel>,
) -> Result<Vec<(Channel, u64)>, Error> {
    let mut find = SqlBuilder::new("SELECT channel, last FROM event_channel WHERE channel IN (");
    find.bind_all(channels.into_iter().map(|channel| channel.to_string())).push(") ORDER BY channel");
    let rows: Vec<(String, i64)> = db.query(find).all().await?;
    rows.into_iter()
        .map(|(channel, last)| Ok((channel.parse().map_err(Error::corrupt)?, offset(last)?)))
        .collect()
}

#[derive(storage::FromRow)]
struct Row {
    seq: i64,
    #[sqlx(try_from = "String")]
    id: EventId,
    body: String,
    actor: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
}

/// The stored events of a channel after `from` and up to `to`, in order. Some may be forgotten already.
pub(crate) async fn between(db: &Db, channel: Channel, from: u64, to: u64) -> Result<Vec<Envelope>, Error> {
    let rows: Vec<Row> = db
        .query(
            "SELECT seq, id, body, actor, created_at FROM event_outbox
             WHERE channel = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
        )
        .bind(channel.to_string())
        .bind(seq(from))
        .bind(seq(to))
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Envelope {
                channel,
                offset: offset(row.seq)?,
                id: row.id,
                at: row.created_at,
                actor: row.actor.map(|actor| actor.parse()).transpose().map_err(Error::corrupt)?,
                body: row.body.into(),
            })
        })
        .collect()
}

fn offset(seq: i64) -> Result<u64, Error> {
    u64::try_from(seq).map_err(Error::corrupt)
}

fn seq(offset: u64) -> i64 {
    i64::try_from(offset).unwrap_or(i64::MAX)
}
