//! Tasks.

use base::id::{InsightId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Person, Time};

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
    /// How urgent.
    pub priority: TaskPriority,
    /// What it was made from; `null` when it was written by hand.
    pub origin: Option<TaskOrigin>,
    /// Who works on it.
    pub assignee: Option<Person>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
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

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Not begun.
    Todo,
    /// Somebody is on it.
    InProgress,
    /// Being looked over.
    Review,
    /// Finished.
    Done,
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskPriority {
    /// Nobody said.
    None,
    /// When there is time.
    Low,
    /// In its turn.
    Medium,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

/// What a task was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TaskOrigin {
    /// An insight; the task is done when its check passes.
    Insight {
        /// Which.
        #[schema(value_type = String, format = "uuid")]
        insight: InsightId,
        /// Name of its repository in addresses; `null` when the repository was removed.
        repo: Option<String>,
    },
}

/// A task to create: a title is enough.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// What to do: 1 to 200 characters.
    pub title: String,
    /// More about it, in Markdown.
    pub description: Option<String>,
    /// How urgent.
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
    /// A new priority.
    pub priority: Option<TaskPriority>,
}
