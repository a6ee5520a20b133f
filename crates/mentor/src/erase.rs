//! What nobody can reach any more goes: a workspace that nobody is in, with everything it held, and what people kept for
//! themselves in workspaces that they left.
//!
//! A person who deletes their account leaves workspaces behind that were theirs alone. Each context removes what it
//! keeps; the workspace itself goes last, so that a try that broke off is gone on with by the next.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Role};
use identity::Identity;
use identity::account::ERASE_WORKSPACE;
use jobs::{Handlers, JobContext, JobError};
use serde::Deserialize;
use transient::{Cache, Tag};

use crate::Mentor;
use crate::forget::FORGET;

/// What the job says, as [`identity::account`] writes it.
#[derive(Deserialize)]
struct Payload {
    workspace: WorkspaceId,
    user: UserId,
}

impl Mentor {
    /// Registers what removes workspaces, whose kept answers go with them, and what takes things that were deleted out of
    /// conversations.
    pub fn handlers(&self, identity: &Identity, cache: &Cache, handlers: Handlers) -> Handlers {
        let parts = (self.clone(), identity.clone(), cache.clone());
        let mentor = self.clone();
        let handlers = handlers.on(FORGET, move |job| {
            let mentor = mentor.clone();
            async move { mentor.forget_later(job).await }
        });
        handlers.on(ERASE_WORKSPACE, move |job| {
            let (mentor, identity, cache) = parts.clone();
            async move { mentor.erase(&identity, &cache, job).await }
        })
    }

    /// Deletes what people kept for themselves in workspaces that they are not in any more, however that came: they left,
    /// were taken out, or their account is gone. Nobody else can see it, so that nobody else could ever delete it.
    pub async fn forget_private(&self, identity: &Identity) -> Result<(), storage::Error> {
        for (workspace, owner) in self.memories.owners().await? {
            if identity.is_member(owner, workspace).await? {
                continue;
            }
            let mut tx = self.db.begin().await?;
            self.memories.erase_of(&mut tx, workspace, owner).await?;
            tx.commit().await?;
        }
        for (workspace, owner) in self.chats.owners().await? {
            if identity.is_member(owner, workspace).await? {
                continue;
            }
            let mut tx = self.db.begin().await?;
            self.chats.erase_of(&mut tx, workspace, owner).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn erase(&self, identity: &Identity, cache: &Cache, job: JobContext) -> Result<(), JobError> {
        let Payload { workspace, user } = job.payload()?;
        // Whose it was: nobody else is there to act.
        let owner = Actor::new(user, workspace, Role::Owner);
        self.repos.erase(&owner).await.map_err(JobError::retry)?;
        // Before the end of the job, so that a process that dies here forgets with its next try.
        cache.forget(&[Tag::workspace(workspace)]).await;
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        self.projects.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        self.memories.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        self.models.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        self.chats.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        identity.drop_workspace(&mut tx, workspace).await.map_err(JobError::retry)?;
        job.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }
}
