//! The SQL of projects and tasks.

use base::id::{ProjectId, TaskId, UserId, WorkspaceId};
use base::{Cursor, Timestamp};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::{Origin, Priority, Project, Status, Task, TaskKey};

/// Ids of one statement: well below the number of values either engine takes.
const CHUNK: usize = 500;

#[derive(sqlx::FromRow)]
struct ProjectRow {
    #[sqlx(try_from = "String")]
    id: ProjectId,
    key: String,
    name: String,
}

/// The workspace's first project; `first` when it has none.
pub(crate) async fn ensure_project(
    tx: &mut Tx,
    workspace: WorkspaceId,
    first: &Project,
    now: Timestamp,
) -> Result<Project, Error> {
    tx.query(
        "INSERT INTO task_project (id, workspace_id, key, name, next_number, created_at, version)
         SELECT $1, $2, $3, $4, 1, $5, 1
         WHERE NOT EXISTS (SELECT 1 FROM task_project WHERE workspace_id = $2)
         ON CONFLICT (workspace_id, key) DO NOTHING",
    )
    .bind(first.id)
    .bind(workspace)
    .bind(first.key.as_str())
    .bind(first.name.as_str())
    .bind(now)
    .execute()
    .await?;
    let row = tx
        .query(
            "SELECT id, key, name FROM task_project WHERE workspace_id = $1 ORDER BY created_at, id LIMIT 1",
        )
        .bind(workspace)
        .one::<ProjectRow>()
        .await?;
    Ok(Project { id: row.id, key: row.key, name: row.name })
}

/// Takes the project's next task number. The row stays locked until the transaction ends, so numbers have no gaps.
pub(crate) async fn next_number(
    tx: &mut Tx,
    workspace: WorkspaceId,
    project: ProjectId,
) -> Result<i64, Error> {
    let (next,) = tx
        .query(
            "UPDATE task_project SET next_number = next_number + 1 WHERE workspace_id = $1 AND id = $2
             RETURNING next_number",
        )
        .bind(workspace)
        .bind(project)
        .one::<(i64,)>()
        .await?;
    Ok(next - 1)
}

pub(crate) async fn insert_task(tx: &mut Tx, workspace: WorkspaceId, task: &Task) -> Result<(), Error> {
    tx.query(
        "INSERT INTO task_task (id, workspace_id, project_id, number, title, description, status, priority, origin,
             created_at, created_by, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(task.id)
    .bind(workspace)
    .bind(task.project)
    .bind(task.key.number)
    .bind(task.title.as_str())
    .bind(task.description.as_str())
    .bind(task.status.as_str())
    .bind(task.priority.as_str())
    .bind(task.origin.as_ref().and_then(|origin| serde_json::to_string(origin).ok()))
    .bind(task.created_at)
    .bind(task.created_by)
    .bind(task.updated_at)
    .bind(task.version)
    .execute()
    .await?;
    Ok(())
}

/// Stores the task if it is still at `version`; [`Error::Changed`] otherwise.
pub(crate) async fn replace_task(
    tx: &mut Tx,
    workspace: WorkspaceId,
    task: &Task,
    version: i64,
) -> Result<(), Error> {
    tx.query(
        "UPDATE task_task SET title = $4, description = $5, status = $6, priority = $7, updated_at = $8,
             deleted_at = $9, version = $10
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(task.id)
    .bind(version)
    .bind(task.title.as_str())
    .bind(task.description.as_str())
    .bind(task.status.as_str())
    .bind(task.priority.as_str())
    .bind(task.updated_at)
    .bind(task.deleted_at)
    .bind(task.version)
    .swap()
    .await
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    #[sqlx(try_from = "String")]
    id: TaskId,
    #[sqlx(try_from = "String")]
    project_id: ProjectId,
    project_key: String,
    number: i64,
    title: String,
    description: String,
    status: String,
    priority: String,
    origin: Option<String>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    #[sqlx(try_from = "i64")]
    updated_at: Timestamp,
    deleted_at: Option<i64>,
    version: i64,
}

impl TaskRow {
    fn task(self) -> Task {
        Task {
            id: self.id,
            project: self.project_id,
            key: TaskKey { project: self.project_key, number: self.number },
            title: self.title,
            description: self.description,
            // The columns' CHECKs admit only these names; a name from a newer version reads as the plainest value.
            status: Status::parse(&self.status).unwrap_or(Status::Todo),
            priority: Priority::parse(&self.priority).unwrap_or(Priority::None),
            origin: self.origin.and_then(|text| serde_json::from_str::<Origin>(&text).ok()),
            created_at: self.created_at,
            created_by: self.created_by,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at.map(Timestamp::from_micros),
            version: self.version,
        }
    }
}

/// Tasks with the keys of their projects. What follows narrows it down; the workspace comes first.
const TASKS: &str =
    "SELECT t.id, t.project_id, p.key AS project_key, t.number, t.title, t.description, t.status, t.priority,
         t.origin, t.created_at, t.created_by, t.updated_at, t.deleted_at, t.version
     FROM task_task t JOIN task_project p ON p.id = t.project_id
     WHERE t.workspace_id = ";

fn by_key(workspace: WorkspaceId, key: &TaskKey) -> SqlBuilder {
    let mut find = SqlBuilder::new(TASKS);
    find.bind(workspace).push(" AND p.key = ").bind(key.project.as_str());
    find.push(" AND t.number = ").bind(key.number);
    find
}

pub(crate) async fn task(db: &Db, workspace: WorkspaceId, key: &TaskKey) -> Result<Option<Task>, Error> {
    Ok(db.query(by_key(workspace, key)).optional::<TaskRow>().await?.map(TaskRow::task))
}

pub(crate) async fn task_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    key: &TaskKey,
) -> Result<Option<Task>, Error> {
    Ok(tx.query(by_key(workspace, key)).optional::<TaskRow>().await?.map(TaskRow::task))
}

pub(crate) async fn task_by_id_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    task: TaskId,
) -> Result<Option<Task>, Error> {
    let mut find = SqlBuilder::new(TASKS);
    find.bind(workspace).push(" AND t.id = ").bind(task);
    Ok(tx.query(find).optional::<TaskRow>().await?.map(TaskRow::task))
}

/// Those of these tasks that are not deleted, in no order that means something.
pub(crate) async fn tasks_by_id(
    db: &Db,
    workspace: WorkspaceId,
    tasks: &[TaskId],
) -> Result<Vec<Task>, Error> {
    let mut found = Vec::new();
    for chunk in tasks.chunks(CHUNK) {
        let mut find = SqlBuilder::new(TASKS);
        find.bind(workspace).push(" AND t.deleted_at IS NULL AND t.id IN (").bind_all(chunk.iter().copied());
        find.push(") ORDER BY t.id");
        found.extend(db.query(find).all::<TaskRow>().await?.into_iter().map(TaskRow::task));
    }
    Ok(found)
}

pub(crate) async fn tasks(
    db: &Db,
    workspace: WorkspaceId,
    status: Option<Status>,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Task>, Error> {
    let mut find = SqlBuilder::new(TASKS);
    find.bind(workspace).push(" AND t.deleted_at IS NULL");
    if let Some(status) = status {
        find.push(" AND t.status = ").bind(status.as_str());
    }
    if let Some(after) = after {
        find.push(" AND t.id < ").bind(after.0.as_str());
    }
    find.push(" ORDER BY t.id DESC LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(db.query(find).all::<TaskRow>().await?.into_iter().map(TaskRow::task).collect())
}

pub(crate) async fn count(db: &Db, workspace: WorkspaceId, status: Option<Status>) -> Result<u64, Error> {
    let mut find =
        SqlBuilder::new("SELECT COUNT(*) FROM task_task WHERE deleted_at IS NULL AND workspace_id = ");
    find.bind(workspace);
    if let Some(status) = status {
        find.push(" AND status = ").bind(status.as_str());
    }
    let (count,) = db.query(find).one::<(i64,)>().await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Removes every task and project of a workspace.
pub(crate) async fn erase(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    for statement in
        ["DELETE FROM task_task WHERE workspace_id = $1", "DELETE FROM task_project WHERE workspace_id = $1"]
    {
        tx.query(statement).bind(workspace).execute().await?;
    }
    Ok(())
}
