//! Workspaces: making, naming and ending them.
//!
//! Everybody is in at least one, so that signing in always leads somewhere: whoever loses their last one gets an empty one
//! of their own. The name in addresses stays what it was when the workspace was made; links keep working.

use base::id::UserId;
use base::{Actor, Role, Timestamp};
use events::{Channel, Event};
use storage::Tx;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::people::{Membership, User, Workspace};
use crate::{Client, Identity, address, store};

/// Workspaces that one person may make.
const MADE: Rule = Rule { name: "workspaces-made", quota: 20, window: std::time::Duration::from_hours(1) };

/// A workspace as its own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Which.
    pub workspace: Workspace,
    /// People in it.
    pub members: u64,
    /// Since when there is it.
    pub created_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

/// Why a workspace is what it was.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The name is none.
    #[error("a name has 1 to {} characters on one line", address::NAME)]
    Name,
    /// The name was not repeated as it is.
    #[error("repeat the workspace's name as it is, to show that this one is meant")]
    Unconfirmed,
    /// It is not there any more.
    #[error("there is no such workspace")]
    Gone,
    /// There were too many.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Identity {
    /// Makes a workspace with that person as its owner.
    pub async fn create_workspace(
        &self,
        user: &User,
        name: &str,
        client: &Client,
    ) -> Result<Membership, WorkspaceError> {
        let name = address::name(name).ok_or(WorkspaceError::Name)?;
        self.limits.check(&user.id.to_string(), &MADE).await?;
        let mut tx = self.db.begin().await?;
        let slug = address::slug(&name, "workspace");
        let workspace = self.found(&mut tx, user.id, name, &slug).await?;
        let act = Act::done(action::FOUNDED, user.id, client).within(workspace.id);
        self.audit().record(&mut tx, &act).await?;
        tx.commit().await?;
        Ok(Membership { workspace, role: Role::Owner })
    }

    /// A new workspace under that name in addresses or, where that is taken, the next one.
    pub(crate) async fn found(
        &self,
        tx: &mut Tx,
        owner: UserId,
        name: String,
        slug: &str,
    ) -> Result<Workspace, storage::Error> {
        let now = self.clock.now();
        let slug = crate::sign_up::free_name(tx, slug).await?;
        let workspace = Workspace { id: self.ids.new_id(), slug, name };
        store::people::insert_workspace(tx, &workspace, now).await?;
        store::people::insert_member(tx, &Actor::new(owner, workspace.id, Role::Owner), now).await?;
        Ok(workspace)
    }

    /// Gives somebody who is in no workspace one of their own.
    pub(crate) async fn ensure_home(&self, tx: &mut Tx, user: UserId) -> Result<(), storage::Error> {
        if store::members::is_anywhere(tx, user).await? {
            return Ok(());
        }
        if let Some((handle, name)) = store::workspaces::person(tx, user).await? {
            let workspace = self.found(tx, user, name, &handle).await?;
            self.tell_role(tx, user, workspace.id, user, Some(Role::Owner));
        }
        Ok(())
    }

    /// The workspace that somebody acts in.
    pub async fn workspace(&self, actor: &Actor) -> Result<Option<Details>, storage::Error> {
        store::workspaces::details(&self.db, actor.workspace).await
    }

    /// Gives the workspace another name, if nobody did since that version.
    pub async fn rename_workspace(
        &self,
        actor: &Actor,
        name: &str,
        version: i64,
        client: &Client,
    ) -> Result<Details, WorkspaceError> {
        let name = address::name(name).ok_or(WorkspaceError::Name)?;
        let mut tx = self.db.begin().await?;
        store::workspaces::rename(&mut tx, actor.workspace, &name, version).await?;
        let channel = Channel::workspace(actor.workspace);
        self.events.emit(&mut tx, channel, Some(actor.user), Event::WorkspaceUpdated { name });
        let act = Act::done(action::WORKSPACE_RENAMED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act).await?;
        tx.commit().await?;
        self.workspace(actor).await?.ok_or(WorkspaceError::Gone)
    }

    /// Ends the workspace: nobody is in it any more, and what it held is removed by a job. `name` is its name, repeated.
    pub async fn delete_workspace(
        &self,
        actor: &Actor,
        name: &str,
        client: &Client,
    ) -> Result<(), WorkspaceError> {
        let mut tx = self.db.begin().await?;
        store::workspaces::hold(&mut tx, actor.workspace).await?;
        let known = store::workspaces::name(&mut tx, actor.workspace).await?.ok_or(WorkspaceError::Gone)?;
        if known != name.trim() {
            return Err(WorkspaceError::Unconfirmed);
        }
        for (user, _) in store::members::roles(&mut tx, actor.workspace).await? {
            self.take_out(&mut tx, actor, user).await?;
        }
        store::invites::revoke_all(&mut tx, actor.workspace, self.clock.now()).await?;
        self.erase_later(&mut tx, actor.workspace, actor.user).await?;
        let act = Act::done(action::WORKSPACE_DELETED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.saying(&known)).await?;
        Ok(tx.commit().await?)
    }
}
