//! What an operator reads and does.

use base::Timestamp;
use base::id::JobId;
use storage::{Db, Error, SqlBuilder, Tx};

use super::{Row, jobs};
use crate::job::{ErrorKind, Job};
use crate::operate::{Alike, Queue, Schedule, Wanted, Which};

#[derive(storage::FromRow)]
struct QueueRow {
    kind: String,
    waiting: i64,
    scheduled: i64,
    running: i64,
    dead: i64,
    oldest: Option<i64>,
}

/// How many jobs of each kind need attention, by kind.
pub(crate) async fn queues(db: &Db, now: Timestamp) -> Result<Vec<Queue>, Error> {
    let rows: Vec<QueueRow> = db
        .query(
            "SELECT kind,
             CAST(SUM(CASE WHEN state = 'ready' AND run_at <= $1 THEN 1 ELSE 0 END) AS BIGINT) AS waiting,
             CAST(SUM(CASE WHEN state = 'ready' AND run_at > $1 THEN 1 ELSE 0 END) AS BIGINT) AS scheduled,
             CAST(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS BIGINT) AS running,
             CAST(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS BIGINT) AS dead,
             MIN(CASE WHEN state = 'ready' AND run_at <= $1 THEN run_at END) AS oldest
             FROM job WHERE state IN ('ready', 'running', 'dead') GROUP BY kind ORDER BY kind",
        )
        .bind(now)
        .all()
        .await?;
    let count = |number: i64| u64::try_from(number).map_err(Error::corrupt);
    rows.into_iter()
        .map(|row| {
            Ok(Queue {
                kind: row.kind,
                waiting: count(row.waiting)?,
                scheduled: count(row.scheduled)?,
                running: count(row.running)?,
                dead: count(row.dead)?,
                waiting_since: row.oldest.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// What is enqueued again and again, by name.
pub(crate) async fn schedules(db: &Db) -> Result<Vec<Schedule>, Error> {
    let rows: Vec<(String, i64)> =
        db.query("SELECT name, next_at FROM job_schedule ORDER BY name").all().await?;
    Ok(rows.into_iter().map(|(name, at)| Schedule { name, next_at: Timestamp::from_micros(at) }).collect())
}

fn narrow(find: &mut SqlBuilder, wanted: &Wanted, now: Timestamp) {
    match wanted.which {
        Which::Running => find.push("state = 'running'"),
        Which::Waiting => find.push("state = 'ready' AND run_at <= ").bind(now),
        Which::Scheduled => find.push("state = 'ready' AND run_at > ").bind(now),
        Which::Dead => find.push("state = 'dead'"),
    };
    if let Some(kind) = &wanted.kind {
        find.push(" AND kind = ").bind(kind.as_str());
    }
}

/// The jobs that fit, the newest first, after the one given.
pub(crate) async fn find(
    db: &Db,
    wanted: &Wanted,
    now: Timestamp,
    after: Option<JobId>,
    limit: usize,
) -> Result<Vec<Job>, Error> {
    let mut find = SqlBuilder::new(
        "SELECT id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us, cancel,
         progress, error_kind, error, created_at, started_at, finished_at FROM job WHERE ",
    );
    narrow(&mut find, wanted, now);
    if let Some(after) = after {
        find.push(" AND id < ").bind(after);
    }
    find.push(" ORDER BY id DESC LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<Row> = db.query(find).all().await?;
    jobs(rows)
}

/// How many jobs fit.
pub(crate) async fn count(db: &Db, wanted: &Wanted, now: Timestamp) -> Result<u64, Error> {
    let mut find = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE ");
    narrow(&mut find, wanted, now);
    let (count,): (i64,) = db.query(find).one().await?;
    u64::try_from(count).map_err(Error::corrupt)
}

/// The reasons of dead letters, and how many have each.
pub(crate) async fn alike(db: &Db) -> Result<Vec<Alike>, Error> {
    let rows: Vec<(String, Option<String>, Option<String>, i64)> = db
        .query(
            "SELECT kind, error_kind, error, CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead'
             GROUP BY kind, error_kind, error ORDER BY kind, error_kind, error",
        )
        .all()
        .await?;
    rows.into_iter()
        .map(|(kind, error_kind, error, count)| {
            Ok(Alike {
                kind,
                error_kind: error_kind.map(|kind| kind.parse()).transpose().map_err(Error::corrupt)?,
                error,
                count: u64::try_from(count).map_err(Error::corrupt)?,
            })
        })
        .collect()
}

/// The dead letters of a kind that failed for that reason, the oldest first.
pub(crate) async fn dead_alike(
    tx: &mut Tx,
    kind: &str,
    error_kind: Option<ErrorKind>,
    error: Option<&str>,
    limit: u32,
) -> Result<Vec<JobId>, Error> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT id FROM job WHERE state = 'dead' AND kind = $1 AND COALESCE(error_kind, '') = $2
             AND COALESCE(error, '') = $3 ORDER BY id LIMIT $4",
        )
        .bind(kind)
        .bind(error_kind.map_or("", ErrorKind::as_str))
        .bind(error.unwrap_or_default())
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::corrupt)).collect()
}

/// Puts a dead letter away; `false` when it is none.
pub(crate) async fn discard(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query("UPDATE job SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND state = 'dead'")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(changed > 0)
}
