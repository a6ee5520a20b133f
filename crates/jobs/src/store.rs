//! All SQL of this crate.

pub(crate) mod operate;

use std::time::Duration;

use base::Timestamp;
use base::id::JobId;
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use crate::job::{ErrorKind, Job, NewJob, State};
use crate::queue::Counts;

/// A claim on a job. Whoever ends a job shows it: when it does not hold any more, nothing is changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) id: JobId,
    pub(crate) worker: &'a str,
    pub(crate) attempt: u32,
}

#[derive(storage::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: JobId,
    workspace_id: Option<String>,
    kind: String,
    payload: String,
    state: String,
    priority: i64,
    #[sqlx(try_from = "i64")]
    run_at: Timestamp,
    attempt: i64,
    max_attempts: i64,
    timeout_us: i64,
    cancel: bool,
    progress: Option<String>,
    error_kind: Option<String>,
    error: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    started_at: Option<i64>,
    finished_at: Option<i64>,
}

impl Row {
    fn job(self) -> Result<Job, Error> {
        Ok(Job {
            id: self.id,
            workspace: self.workspace_id.map(|id| id.parse()).transpose().map_err(Error::corrupt)?,
            kind: self.kind,
            payload: self.payload,
            state: self.state.parse().map_err(Error::corrupt)?,
            priority: i32::try_from(self.priority).map_err(Error::corrupt)?,
            run_at: self.run_at,
            attempt: u32::try_from(self.attempt).map_err(Error::corrupt)?,
            max_attempts: u32::try_from(self.max_attempts).map_err(Error::corrupt)?,
            timeout: Duration::from_micros(u64::try_from(self.timeout_us).map_err(Error::corrupt)?),
            cancel: self.cancel,
            progress: self.progress,
            error_kind: self.error_kind.map(|kind| kind.parse()).transpose().map_err(Error::corrupt)?,
            error: self.error,
            created_at: self.created_at,
            started_at: self.started_at.map(Timestamp::from_micros),
            finished_at: self.finished_at.map(Timestamp::from_micros),
        })
    }
}

fn jobs(rows: Vec<Row>) -> Result<Vec<Job>, Error> {
    rows.into_iter().map(Row::job).collect()
}

/// Adds a job; `false` when one with its key is waiting or running.
pub(crate) async fn insert(tx: &mut Tx, id: JobId, job: &NewJob, now: Timestamp) -> Result<bool, Error> {
    let inserted = tx
        .query(
            "INSERT INTO job (id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts,
             timeout_us, dedupe, cancel, created_at)
             VALUES ($1, $2, $3, $4, 'ready', $5, $6, 0, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(job.workspace)
        .bind(job.kind)
        .bind(job.payload.to_string())
        .bind(job.priority)
        .bind(job.run_at.unwrap_or(now))
        .bind(job.max_attempts)
        .bind(i64::try_from(job.timeout.as_micros()).unwrap_or(i64::MAX))
        .bind(job.dedupe.as_deref())
        .bind(false)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted > 0)
}

pub(crate) async fn active_duplicate(tx: &mut Tx, job: &NewJob) -> Result<Option<JobId>, Error> {
    let row: Option<(String,)> = tx
        .query("SELECT id FROM job WHERE kind = $1 AND dedupe = $2 AND state IN ('ready', 'running')")
        .bind(job.kind)
        .bind(job.dedupe.as_deref())
        .optional()
        .await?;
    row.map(|(id,)| id.parse().map_err(Error::corrupt)).transpose()
}

pub(crate) async fn cancel_ready(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = 'cancelled', cancel = $3, finished_at = $2 WHERE id = $1 AND state = 'ready'",
        )
        .bind(id)
        .bind(now)
        .bind(true)
        .execute()
        .await?;
    Ok(changed > 0)
}

pub(crate) async fn ask_to_stop(tx: &mut Tx, id: JobId) -> Result<bool, Error> {
    let changed = tx
        .query("UPDATE job SET cancel = $2 WHERE id = $1 AND state = 'running'")
        .bind(id)
        .bind(true)
        .execute()
        .await?;
    Ok(changed > 0)
}

pub(crate) async fn job(db: &Db, id: JobId) -> Result<Option<Job>, Error> {
    db.query(
        "SELECT id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us, cancel,
         progress, error_kind, error, created_at, started_at, finished_at FROM job WHERE id = $1",
    )
    .bind(id)
    .optional::<Row>()
    .await?
    .map(Row::job)
    .transpose()
}

/// The same within a transaction.
pub(crate) async fn job_in(tx: &mut Tx, id: JobId) -> Result<Option<Job>, Error> {
    tx.query(
        "SELECT id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us, cancel,
         progress, error_kind, error, created_at, started_at, finished_at FROM job WHERE id = $1",
    )
    .bind(id)
    .optional::<Row>()
    .await?
    .map(Row::job)
    .transpose()
}

/// Jobs of a state, the latest first.
pub(crate) async fn with_state(db: &Db, state: State, limit: u32) -> Result<Vec<Job>, Error> {
    jobs(
        db.query(
            "SELECT id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us,
             cancel, progress, error_kind, error, created_at, started_at, finished_at FROM job
             WHERE state = $1 ORDER BY finished_at DESC, id DESC LIMIT $2",
        )
        .bind(state.as_str())
        .bind(limit)
        .all()
        .await?,
    )
}

pub(crate) async fn redrive(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = 'ready', attempt = 0, run_at = $2, cancel = $3, finished_at = NULL
             WHERE id = $1 AND state = 'dead' AND NOT EXISTS (SELECT 1 FROM job other
             WHERE other.kind = job.kind AND other.dedupe = job.dedupe AND other.state IN ('ready', 'running'))",
        )
        .bind(id)
        .bind(now)
        .bind(false)
        .execute()
        .await?;
    Ok(changed > 0)
}

pub(crate) async fn counts(db: &Db) -> Result<Counts, Error> {
    let rows: Vec<(String, i64)> = db
        .query(
            "SELECT state, CAST(COUNT(*) AS BIGINT) FROM job WHERE state IN ('ready', 'running', 'dead')
             GROUP BY state ORDER BY state",
        )
        .all()
        .await?;
    let mut counts = Counts::default();
    for (state, count) in rows {
        let count = u64::try_from(count).map_err(Error::corrupt)?;
        match state.parse().map_err(Error::corrupt)? {
            State::Ready => counts.ready = count,
            State::Running => counts.running = count,
            State::Dead => counts.dead = count,
            State::Done | State::Cancelled => {}
        }
    }
    Ok(counts)
}

pub(crate) async fn trim(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM job WHERE state IN ('done', 'cancelled') AND finished_at < $1")
        .bind(before)
        .execute()
        .await
}

/// Whether anything may be claimed: cheap, and without the writer.
pub(crate) async fn any_ready(db: &Db, now: Timestamp) -> Result<bool, Error> {
    let row: Option<(i64,)> = db
        .query("SELECT CAST(1 AS BIGINT) FROM job WHERE state = 'ready' AND run_at <= $1 LIMIT 1")
        .bind(now)
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Takes up to `limit` jobs and counts the try. Sorted as they should run.
pub(crate) async fn claim(
    tx: &mut Tx,
    kinds: impl IntoIterator<Item = &'static str>,
    worker: &str,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Job>, Error> {
    let mut claim =
        SqlBuilder::new("UPDATE job SET state = 'running', attempt = attempt + 1, lease_until = ");
    claim.bind(lease_until).push(", worker = ").bind(worker).push(", started_at = ").bind(now);
    claim.push(" WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= ").bind(now);
    claim
        .push(" AND kind IN (")
        .bind_all(kinds)
        .push(") ORDER BY priority DESC, run_at, id LIMIT ")
        .bind(limit);
    // SQLite has one writer; PostgreSQL's runners must not wait for each other.
    claim.push(Sql::per_engine(")", " FOR UPDATE SKIP LOCKED)"));
    claim.push(
        " RETURNING id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us,
         cancel, progress, error_kind, error, created_at, started_at, finished_at",
    );
    let mut claimed = jobs(tx.query(claim).all().await?)?;
    claimed.sort_by_key(|job| (std::cmp::Reverse(job.priority), job.run_at, job.id));
    Ok(claimed)
}

pub(crate) async fn set_progress(tx: &mut Tx, held: &Held<'_>, progress: &str) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET progress = $4 WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(held.worker)
        .bind(held.attempt)
        .bind(progress)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// The job was done.
pub(crate) async fn finish(tx: &mut Tx, held: &Held<'_>, now: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = 'done', finished_at = $4, lease_until = NULL, error_kind = NULL, error = NULL
             WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(held.worker)
        .bind(held.attempt)
        .bind(now)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// The job will not be done: it is dead or cancelled.
pub(crate) async fn give_up(
    tx: &mut Tx,
    held: &Held<'_>,
    state: State,
    error: Option<(ErrorKind, &str)>,
    now: Timestamp,
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = $4, finished_at = $5, lease_until = NULL, error_kind = $6, error = $7
             WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(held.worker)
        .bind(held.attempt)
        .bind(state.as_str())
        .bind(now)
        .bind(error.map(|(kind, _)| kind.as_str()))
        .bind(error.map(|(_, text)| text))
        .execute()
        .await?;
    Ok(changed > 0)
}

/// The job waits for another try.
pub(crate) async fn put_back(
    tx: &mut Tx,
    held: &Held<'_>,
    run_at: Timestamp,
    error: (ErrorKind, &str),
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = 'ready', run_at = $4, lease_until = NULL, error_kind = $5, error = $6
             WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(held.worker)
        .bind(held.attempt)
        .bind(run_at)
        .bind(error.0.as_str())
        .bind(error.1)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// The job waits as if this try had not begun.
pub(crate) async fn hand_back(tx: &mut Tx, held: &Held<'_>) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE job SET state = 'ready', attempt = attempt - 1, lease_until = NULL
             WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(held.worker)
        .bind(held.attempt)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// Renews the lease of a runner's jobs; those it still holds, and whether each was asked to stop.
pub(crate) async fn beat(
    tx: &mut Tx,
    worker: &str,
    ids: impl IntoIterator<Item = JobId>,
    lease_until: Timestamp,
) -> Result<Vec<(JobId, u32, bool)>, Error> {
    let mut beat = SqlBuilder::new("UPDATE job SET lease_until = ");
    beat.bind(lease_until).push(" WHERE state = 'running' AND worker = ").bind(worker);
    beat.push(" AND id IN (").bind_all(ids).push(") RETURNING id, attempt, cancel");
    let rows: Vec<(String, i64, bool)> = tx.query(beat).all().await?;
    rows.into_iter()
        .map(|(id, attempt, cancel)| {
            Ok((id.parse().map_err(Error::corrupt)?, u32::try_from(attempt).map_err(Error::corrupt)?, cancel))
        })
        .collect()
}

/// Running jobs whose lease ran out before `before`, the oldest first, with the runner that had them.
pub(crate) async fn expired(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<Vec<(Job, String)>, Error> {
    let mut find = SqlBuilder::new(
        "SELECT id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us, cancel,
         progress, error_kind, error, created_at, started_at, finished_at, worker FROM job
         WHERE state = 'running' AND lease_until < ",
    );
    find.bind(before).push(" ORDER BY lease_until, id LIMIT ").bind(limit);
    find.push(Sql::per_engine("", " FOR UPDATE SKIP LOCKED"));
    let rows: Vec<Expired> = tx.query(find).all().await?;
    rows.into_iter().map(|row| Ok((row.row.job()?, row.worker.unwrap_or_default()))).collect()
}

#[derive(storage::FromRow)]
struct Expired {
    #[sqlx(flatten)]
    row: Row,
    worker: Option<String>,
}

/// Whether any lease ran out before `before`: cheap, and without the writer.
pub(crate) async fn any_expired(db: &Db, before: Timestamp) -> Result<bool, Error> {
    let row: Option<(i64,)> = db
        .query("SELECT CAST(1 AS BIGINT) FROM job WHERE state = 'running' AND lease_until < $1 LIMIT 1")
        .bind(before)
        .optional()
        .await?;
    Ok(row.is_some())
}

/// When a schedule is due; `None` when it is new to the database.
pub(crate) async fn next_at(db: &Db, name: &str) -> Result<Option<Timestamp>, Error> {
    let row: Option<(i64,)> =
        db.query("SELECT next_at FROM job_schedule WHERE name = $1").bind(name).optional().await?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}

/// Makes a schedule known; `false` when another runner did.
pub(crate) async fn begin_schedule(tx: &mut Tx, name: &str, next: Timestamp) -> Result<bool, Error> {
    let inserted = tx
        .query("INSERT INTO job_schedule (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(next)
        .execute()
        .await?;
    Ok(inserted > 0)
}

/// Moves a schedule on; `false` when another runner did.
pub(crate) async fn move_on(tx: &mut Tx, name: &str, from: Timestamp, to: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query("UPDATE job_schedule SET next_at = $3 WHERE name = $1 AND next_at = $2")
        .bind(name)
        .bind(from)
        .bind(to)
        .execute()
        .await?;
    Ok(changed > 0)
}
