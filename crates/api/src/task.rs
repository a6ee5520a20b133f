//! Tasks.

use base::id::TaskId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: TaskId,
    /// Its human id: `WEB-12`.
    pub key: String,
    /// What to do.
    pub title: String,
    /// More about it, in Markdown; may be empty.
    pub description: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// The states it may move to from here.
    pub next: Vec<TaskStatus>,
    /// How much it matters.
    pub priority: TaskPriority,
    /// What it was made from; `null` when it was written by hand.
    pub origin: Option<TaskOrigin>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When it was deleted; `null` while it is on the list.
    pub deleted_at: Option<Time>,
    /// Counts edits.
    pub version: i64,
    /// What the caller may do with it.
    pub can: TaskCan,
}

/// What the caller may do with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskCan {
    /// Change it.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
}

/// Where a task stands. A plain list lets it move freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Known, not begun.
    Todo,
    /// Somebody works on it.
    InProgress,
    /// Somebody looks it over.
    Review,
    /// Finished.
    Done,
}

/// How much a task matters, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskPriority {
    /// Nobody said.
    None,
    /// When there is nothing else.
    Low,
    /// As usual.
    Medium,
    /// Before the others.
    High,
    /// Now.
    Urgent,
}

/// What a task was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskOrigin {
    /// Kind of thing: `insight`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The id of its repository, where there is one; it stands in addresses too.
    pub repo: Option<String>,
}

/// A task to create: a title is enough.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// What to do: one line of at most 300 characters.
    pub title: String,
    /// More about it, in Markdown; at most 50,000 characters.
    pub description: Option<String>,
    /// How much it matters; `none` when left out.
    pub priority: Option<TaskPriority>,
}

/// A change of a task: what is left out stays.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTask {
    /// The version that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// A new title.
    pub title: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new state.
    pub status: Option<TaskStatus>,
    /// How much it matters now.
    pub priority: Option<TaskPriority>,
}
