//! The use cases that join contexts. This is the only crate that sees several of them at once.
//!
//! Deliberately unknown here: HTTP, wire types, SQL. What one context can do alone is not wrapped here: callers go to
//! it directly.
//!
//! Reading order: [`Mentor`], then [`answer`] (a question to the mentor, and its answer), [`describe`] (how an insight reads
//! as a task: pure), `forget` (what was deleted goes from conversations), `erase` (a workspace that nobody is in any more) and
//! [`operate`] (what whoever runs the server does).

pub mod answer;
pub mod describe;
mod erase;
mod forget;
pub mod operate;

use std::collections::BTreeMap;
use std::sync::Arc;

use base::id::InsightId;
use base::{Actor, Clock};
use chat::Chats;
use jobs::Jobs;
use memory::Memories;
use models::Models;
use projects::{CreateTaskError, Projects, Task};
use repos::{Insight, RepoError, Repos};
use retrieval::Embedder;
use storage::Db;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Why no task was made from an insight.
#[derive(Debug, thiserror::Error)]
pub enum MakeTaskError {
    /// There is no such insight in this workspace.
    #[error("there is no such insight")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl From<RepoError> for MakeTaskError {
    fn from(error: RepoError) -> Self {
        match error {
            RepoError::Storage(error) => Self::Storage(error),
            // What is left says that the insight went away while we looked at it.
            _ => Self::NotFound,
        }
    }
}

impl From<CreateTaskError> for MakeTaskError {
    fn from(error: CreateTaskError) -> Self {
        match error {
            // Cannot happen: the description is cut to fit, and an insight always has a title.
            CreateTaskError::Invalid(_) => {
                Self::Storage(storage::Error::corrupt("an insight that makes no task"))
            }
            CreateTaskError::Storage(error) => Self::Storage(error),
        }
    }
}

/// The contexts, joined.
#[derive(Clone)]
pub struct Mentor {
    db: Db,
    jobs: Jobs,
    repos: Repos,
    projects: Projects,
    memories: Memories,
    models: Models,
    chats: Chats,
    embedder: Embedder,
    tracker: TaskTracker,
    stop: CancellationToken,
    clock: Clock,
    places: answer::Places,
    /// Turns of what computes for long.
    thinking: answer::Thinking,
}

/// What the contexts are joined with.
pub struct Parts {
    /// Storage.
    pub db: Db,
    /// The queue of what is done later.
    pub jobs: Jobs,
    /// Repositories.
    pub repos: Repos,
    /// Tasks.
    pub projects: Projects,
    /// What was learned.
    pub memories: Memories,
    /// Language models.
    pub models: Models,
    /// Conversations.
    pub chats: Chats,
    /// What makes vectors of texts.
    pub embedder: Embedder,
    /// What answers are written on, so that a stop waits for them.
    pub tracker: TaskTracker,
    /// Fires when the program is to stop: answers end.
    pub stop: CancellationToken,
    /// The clock.
    pub clock: Clock,
}

impl Mentor {
    /// Joins the contexts.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, jobs, repos, projects, memories, models, chats, embedder, tracker, stop, clock } =
            parts;
        let (places, redactor) = (answer::Places::default(), models.redactor().clone());
        // A title stands in lists, where nobody looks for a secret.
        let chats = chats.with_titles(Arc::new(move |text| redactor.redact(text).0.as_str().to_owned()));
        let thinking = answer::Thinking::default();
        Self {
            db,
            jobs,
            repos,
            projects,
            memories,
            models,
            chats,
            embedder,
            tracker,
            stop,
            clock,
            places,
            thinking,
        }
    }

    /// Conversations, for what they can do alone.
    pub fn chats(&self) -> &Chats {
        &self.chats
    }

    /// The task made from an insight; made now, unless it was before. The insight and its task are linked in both
    /// directions, in one transaction. A task that was deleted meanwhile makes room for a new one.
    pub async fn make_task(&self, actor: &Actor, insight: InsightId) -> Result<Task, MakeTaskError> {
        let insight = self.repos.insight(actor, insight).await?.ok_or(MakeTaskError::NotFound)?;
        let mut tx = self.db.begin().await?;
        let before = match insight.task {
            Some(task) => self.projects.task_by_id_in(&mut tx, actor, task).await?,
            None => None,
        };
        if let Some(task) = before.filter(|task| task.deleted_at.is_none()) {
            return Ok(task);
        }
        let task = self.projects.create_task_in(&mut tx, actor, describe::task_of(&insight)).await?;
        let linked = self.repos.set_insight_task(&mut tx, actor, insight.id, insight.task, task.id).await?;
        if linked != task.id {
            // Somebody was faster: theirs stays, ours is rolled back with the transaction.
            let theirs = self.projects.task_by_id_in(&mut tx, actor, linked).await?;
            return theirs.ok_or(MakeTaskError::NotFound);
        }
        tx.commit().await?;
        Ok(task)
    }

    /// The tasks made from these insights, by insight, for those that have one which is not deleted.
    pub async fn tasks_of(
        &self,
        actor: &Actor,
        insights: &[Insight],
    ) -> Result<BTreeMap<InsightId, Task>, storage::Error> {
        let wanted: Vec<_> = insights.iter().filter_map(|insight| insight.task).collect();
        let tasks = self.projects.tasks_by_id(actor, &wanted).await?;
        let tasks: BTreeMap<_, _> = tasks.into_iter().map(|task| (task.id, task)).collect();
        let of = |insight: &Insight| Some((insight.id, tasks.get(&insight.task?)?.clone()));
        Ok(insights.iter().filter_map(of).collect())
    }
}
