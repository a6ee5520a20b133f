//! A workspace that nobody is in any more goes, with everything it held.
//!
//! A person who deletes their account leaves workspaces behind that were theirs alone. Each context removes what it
//! keeps; the workspace itself goes last, so that a try that broke off is gone on with by the next.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Role};
use identity::Identity;
use identity::account::ERASE_WORKSPACE;
use jobs::{Handlers, JobContext, JobError};
use serde::Deserialize;

use crate::Mentor;

/// What the job says, as [`identity::account`] writes it.
#[derive(Deserialize)]
struct Payload {
    workspace: WorkspaceId,
    user: UserId,
}

impl Mentor {
    /// Registers what removes workspaces.
    pub fn handlers(&self, identity: &Identity, handlers: Handlers) -> Handlers {
        let (mentor, identity) = (self.clone(), identity.clone());
        handlers.on(ERASE_WORKSPACE, move |job| {
            let (mentor, identity) = (mentor.clone(), identity.clone());
            async move { mentor.erase(&identity, job).await }
        })
    }

    async fn erase(&self, identity: &Identity, job: JobContext) -> Result<(), JobError> {
        let Payload { workspace, user } = job.payload()?;
        // Whose it was: nobody else is there to act.
        let owner = Actor::new(user, workspace, Role::Owner);
        self.repos.erase(&owner).await.map_err(JobError::retry)?;
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        self.projects.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        self.memories.erase_in(&mut tx, workspace).await.map_err(JobError::retry)?;
        identity.drop_workspace(&mut tx, workspace).await.map_err(JobError::retry)?;
        job.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }
}
