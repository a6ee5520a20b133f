//! Projects and their tasks.
//!
//! A task has a human id (`WEB-12`), a title and whatever else is known about it, and remembers where it came from.
//! Every change carries the version it was made against, so that two people cannot overwrite each other unseen, and
//! a deleted task can be brought back.
//!
//! Deliberately unknown here: repositories and insights (an origin is opaque), HTTP, models.
//!
//! Reading order: [`task`] (what a task is, and how it may change: pure), [`Projects`] (the use cases).

mod store;
pub mod task;

use base::id::{ProjectId, TaskId, WorkspaceId};
use base::{Actor, Clock, Cursor, Ids, Page, PageSize};
use events::{Channel, Event, Events, TaskFacts};
use storage::{Db, Tx};

pub use task::{Change, Edit, InvalidTask, NewTask, Origin, Priority, Status, Task, TaskKey};

/// Name and key of the project every workspace starts with.
const FIRST_PROJECT: (&str, &str) = ("My first project", "DEV");

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Which.
    pub id: ProjectId,
    /// The first part of its tasks' keys.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// Why a task was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateTaskError {
    /// The fields do not make a task.
    #[error(transparent)]
    Invalid(#[from] InvalidTask),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why a task was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeTaskError {
    /// There is no such task in this workspace.
    #[error("there is no task {0}")]
    NotFound(TaskKey),
    /// Somebody changed it first; here is what it is now.
    #[error("somebody else changed this task")]
    Conflict(Box<Task>),
    /// The fields do not make a task.
    #[error(transparent)]
    Invalid(#[from] InvalidTask),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// The context.
#[derive(Clone)]
pub struct Projects {
    db: Db,
    events: Events,
    clock: Clock,
    ids: Ids,
}

impl Projects {
    /// Joins the context to its storage, clock and ids.
    pub fn new(db: Db, events: Events, clock: Clock, ids: Ids) -> Self {
        Self { db, events, clock, ids }
    }

    /// Removes every task of a workspace that nobody is in any more, as part of `tx`.
    pub async fn erase_in(&self, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), storage::Error> {
        store::erase(tx, workspace).await
    }

    /// The workspace's tasks that are not deleted, newest first.
    pub async fn tasks(
        &self,
        actor: &Actor,
        status: Option<Status>,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<Task>, storage::Error> {
        let mut items = store::tasks(&self.db, actor.workspace, status, after, size.get() + 1).await?;
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next = items.last().filter(|_| more).map(|task| Cursor(task.id.to_string()));
        let total = store::count(&self.db, actor.workspace, status).await?;
        Ok(Page { items, next, total })
    }

    /// The task with that key.
    pub async fn task(&self, actor: &Actor, key: &TaskKey) -> Result<Option<Task>, storage::Error> {
        store::task(&self.db, actor.workspace, key).await
    }

    /// The task with that id, as part of a transaction; deleted ones too.
    pub async fn task_by_id_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        task: TaskId,
    ) -> Result<Option<Task>, storage::Error> {
        store::task_by_id_in(tx, actor.workspace, task).await
    }

    /// Those of these tasks that exist and are not deleted, by id, in one statement.
    pub async fn tasks_by_id(&self, actor: &Actor, tasks: &[TaskId]) -> Result<Vec<Task>, storage::Error> {
        store::tasks_by_id(&self.db, actor.workspace, tasks).await
    }

    /// Creates a task in the workspace's first project.
    pub async fn create_task(&self, actor: &Actor, new: NewTask) -> Result<Task, CreateTaskError> {
        let mut tx = self.db.begin().await?;
        let task = self.create_task_in(&mut tx, actor, new).await?;
        tx.commit().await?;
        Ok(task)
    }

    /// Creates a task inside the caller's transaction, for use cases that join it with something else.
    pub async fn create_task_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        new: NewTask,
    ) -> Result<Task, CreateTaskError> {
        let new = new.checked()?;
        let now = self.clock.now();
        let first =
            Project { id: self.ids.new_id(), key: FIRST_PROJECT.1.into(), name: FIRST_PROJECT.0.into() };
        let project = store::ensure_project(tx, actor.workspace, &first, now).await?;
        let number = store::next_number(tx, actor.workspace, project.id).await?;
        let task = Task {
            id: self.ids.new_id::<TaskId>(),
            project: project.id,
            key: TaskKey { project: project.key, number },
            title: new.title,
            description: new.description,
            status: Status::Todo,
            priority: new.priority,
            origin: new.origin,
            created_at: now,
            created_by: actor.user,
            updated_at: now,
            deleted_at: None,
            version: 1,
        };
        store::insert_task(tx, actor.workspace, &task).await?;
        self.tell(tx, actor, Event::TaskCreated { task: facts(&task) });
        Ok(task)
    }

    /// Changes a task that is still at `version`.
    pub async fn change_task(
        &self,
        actor: &Actor,
        key: &TaskKey,
        version: i64,
        change: Change,
    ) -> Result<Task, ChangeTaskError> {
        let mut tx = self.db.begin().await?;
        let task = store::task_in(&mut tx, actor.workspace, key)
            .await?
            .ok_or_else(|| ChangeTaskError::NotFound(key.clone()))?;
        if task.version != version {
            return Err(ChangeTaskError::Conflict(Box::new(task)));
        }
        let changed = task.changed(change, self.clock.now())?;
        match store::replace_task(&mut tx, actor.workspace, &changed, version).await {
            Ok(()) => {}
            // Between our read and our write; only PostgreSQL lets that happen.
            Err(storage::Error::Changed) => {
                drop(tx);
                let now = store::task(&self.db, actor.workspace, key).await?;
                return Err(now.map_or_else(
                    || ChangeTaskError::NotFound(key.clone()),
                    |task| ChangeTaskError::Conflict(Box::new(task)),
                ));
            }
            Err(error) => return Err(error.into()),
        }
        self.tell(&mut tx, actor, Event::TaskUpdated { task: facts(&changed) });
        tx.commit().await?;
        Ok(changed)
    }

    fn tell(&self, tx: &mut Tx, actor: &Actor, event: Event) {
        self.events.emit(tx, Channel::workspace(actor.workspace), Some(actor.user), event);
    }
}

fn facts(task: &Task) -> TaskFacts {
    TaskFacts {
        id: task.id,
        key: task.key.to_string(),
        title: task.title.clone(),
        status: task.status.as_str().to_owned(),
        deleted: task.deleted_at.is_some(),
        version: task.version,
    }
}
