//! What was deleted for good goes from conversations that rest on it, too.
//!
//! Each is deleted by its own context, and then taken out of answers here. That a conversation may still hold it is noted
//! before, as a job for later: whatever fails or ends in between, it is tried again.

use std::time::Duration;

use base::id::{MemoryId, RepoId, UserId, WorkspaceId};
use base::{Actor, Role};
use chat::Gone;
use jobs::{JobContext, JobError, NewJob};
use memory::ChangeError;
use repos::RepoError;
use serde::{Deserialize, Serialize};

use crate::Mentor;
use crate::answer::memory_key;

/// The job that looks once more whether conversations hold what was deleted.
pub(crate) const FORGET: &str = "chat.forget";
/// How long whoever deletes waits for conversations; the job goes on with the rest.
const PATIENCE: Duration = Duration::from_secs(5);
/// When it does: after whatever deletes has done so or failed.
const LATER: Duration = Duration::from_mins(5);
/// How often it is tried: for more than an hour.
const TRIES: u32 = 12;

/// What is deleted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deleted {
    Memory(MemoryId),
    Repo(RepoId),
}

/// What the job says.
#[derive(Serialize, Deserialize)]
struct Payload {
    workspace: WorkspaceId,
    user: UserId,
    deleted: Deleted,
}

impl Mentor {
    /// Deletes a memory that is still at `version`, here and in answers that rest on it.
    pub async fn forget_memory(&self, actor: &Actor, id: MemoryId, version: i64) -> Result<(), ChangeError> {
        // What somebody may not see is not theirs to delete, and nothing is noted for it.
        self.memories.memory(actor, id).await?.ok_or(ChangeError::NotFound)?;
        self.note(actor, Deleted::Memory(id)).await?;
        self.memories.forget(actor, id, version).await?;
        self.forget_now(actor, Deleted::Memory(id)).await;
        Ok(())
    }

    /// Removes a repository, and takes it out of the answers of conversations about it.
    pub async fn remove_repo(&self, actor: &Actor, id: RepoId) -> Result<(), RepoError> {
        self.note(actor, Deleted::Repo(id)).await?;
        self.repos.remove(actor, id).await?;
        self.forget_now(actor, Deleted::Repo(id)).await;
        Ok(())
    }

    /// Does what was noted, if it was deleted indeed.
    pub(crate) async fn forget_later(&self, job: JobContext) -> Result<(), JobError> {
        let Payload { workspace, user, deleted } = job.payload()?;
        // Whoever deleted it could see it.
        let actor = Actor::new(user, workspace, Role::Owner);
        let is_there = match deleted {
            Deleted::Memory(id) => self.memories.memory(&actor, id).await.map_err(JobError::retry)?.is_some(),
            Deleted::Repo(id) => self.repos.repo(&actor, id).await.map_err(JobError::retry)?.is_some(),
        };
        if !is_there {
            self.take_out(workspace, deleted).await.map_err(JobError::retry)?;
        }
        Ok(())
    }

    async fn note(&self, actor: &Actor, deleted: Deleted) -> Result<(), storage::Error> {
        let payload = Payload { workspace: actor.workspace, user: actor.user, deleted };
        let payload = serde_json::to_value(payload).map_err(storage::Error::corrupt)?;
        let job = NewJob::new(FORGET, payload)
            .workspace(actor.workspace)
            .run_at(self.clock.now().plus(LATER))
            .max_attempts(TRIES);
        let mut tx = self.db.begin().await?;
        self.jobs.enqueue(&mut tx, job).await?;
        tx.commit().await
    }

    async fn forget_now(&self, actor: &Actor, deleted: Deleted) {
        let why = match tokio::time::timeout(PATIENCE, self.take_out(actor.workspace, deleted)).await {
            Ok(Ok(_)) => return,
            Ok(Err(error)) => error.to_string(),
            Err(slow) => slow.to_string(),
        };
        tracing::warn!(why, "what was deleted goes from all conversations some minutes later");
    }

    async fn take_out(&self, workspace: WorkspaceId, deleted: Deleted) -> Result<u64, storage::Error> {
        match deleted {
            Deleted::Memory(id) => self.chats.forget(workspace, &Gone::Source(&memory_key(id))).await,
            Deleted::Repo(id) => self.chats.forget(workspace, &Gone::Repo(id)).await,
        }
    }
}
