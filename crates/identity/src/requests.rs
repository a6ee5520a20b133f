//! Requests for more than a role permits: somebody was refused and asks those who can grant it.

use base::id::AccessRequestId;
use base::{Actor, Permission, Timestamp};
use events::{Channel, Event};
use storage::Tx;

use crate::audit::{Act, action};
use crate::members::{Member, MemberError};
use crate::people::User;
use crate::{Client, Identity, store};

/// The most characters of what somebody adds to a request.
const NOTE: usize = 500;

/// A request that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Which.
    pub id: AccessRequestId,
    /// Who asks.
    pub user: User,
    /// For what.
    pub permission: Permission,
    /// What they add; may be empty.
    pub note: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Why nothing was asked for, or answered.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// They may already.
    #[error("this is permitted already")]
    Permitted,
    /// The note is too long.
    #[error("a note has at most {NOTE} characters")]
    Note,
    /// No such request waits.
    #[error("there is no such request, or it was answered")]
    NotFound,
    /// The role cannot be given.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Identity {
    /// Asks for a permission. One that waits is replaced.
    pub async fn request_access(
        &self,
        actor: &Actor,
        permission: Permission,
        note: &str,
        client: &Client,
    ) -> Result<AccessRequest, RequestError> {
        if actor.role >= permission.role() {
            return Err(RequestError::Permitted);
        }
        let note = note.trim();
        if note.chars().count() > NOTE {
            return Err(RequestError::Note);
        }
        let id = self.ids.new_id();
        let mut tx = self.db.begin().await?;
        store::requests::withdraw(&mut tx, actor.workspace, actor.user).await?;
        store::requests::insert(&mut tx, actor, id, permission, note, self.clock.now()).await?;
        self.tell_request(&mut tx, actor, id);
        let act = Act::done(action::ASKED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.to(id).saying(permission.as_str())).await?;
        tx.commit().await?;
        let all = self.access_requests(actor).await?;
        all.into_iter().find(|one| one.id == id).ok_or(RequestError::NotFound)
    }

    /// The requests of the workspace that wait, the oldest first.
    pub async fn access_requests(&self, actor: &Actor) -> Result<Vec<AccessRequest>, storage::Error> {
        store::requests::all(&self.db, actor.workspace).await
    }

    /// Answers a request. Granting it gives the least role that permits what was asked for. The person as they are now.
    pub async fn answer_request(
        &self,
        actor: &Actor,
        request: AccessRequestId,
        granted: bool,
        client: &Client,
    ) -> Result<Option<Member>, RequestError> {
        let waiting = self.access_requests(actor).await?.into_iter().find(|one| one.id == request);
        let waiting = waiting.ok_or(RequestError::NotFound)?;
        let mut tx = self.db.begin().await?;
        // The workspace before what is in it, like all who change its people.
        store::workspaces::hold(&mut tx, actor.workspace).await?;
        // What was asked for and answered is told by the audit log.
        if !store::requests::take(&mut tx, actor.workspace, request).await? {
            return Err(RequestError::NotFound);
        }
        if granted {
            // Where the role cannot be given, nothing is kept and the request waits for somebody who can.
            let least = waiting.permission.role();
            self.change_role(&mut tx, actor, waiting.user.id, |before| before.max(least), client).await?;
        }
        self.tell_request(&mut tx, actor, request);
        let act = Act::done(action::ANSWERED, actor.user, client).within(actor.workspace);
        let answer = if granted { "granted" } else { "declined" };
        self.audit().record(&mut tx, &act.to(request).saying(answer)).await?;
        tx.commit().await?;
        Ok(store::members::one(&self.db, actor.workspace, waiting.user.id).await?)
    }

    fn tell_request(&self, tx: &mut Tx, actor: &Actor, request: AccessRequestId) {
        let channel = Channel::workspace(actor.workspace);
        self.events.emit(tx, channel, Some(actor.user), Event::AccessRequestUpdated { request });
    }
}
