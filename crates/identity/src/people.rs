//! Who there is, in which workspaces.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Role};

use crate::{Identity, store};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Short unique name.
    pub handle: String,
    /// Name as people write it.
    pub name: String,
    /// Where they read mail, which they have shown; `None` for somebody who only ever came by link.
    pub email: Option<String>,
    /// Whether they run this server.
    pub operator: bool,
    /// Which picture they show ([`crate::avatar`]); `None` for somebody without one.
    pub avatar: Option<String>,
}

/// A workspace: the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name as people write it.
    pub name: String,
}

/// A workspace and what somebody may do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The role in it.
    pub role: Role,
}

impl Identity {
    /// The operator of this server in the workspace that they have owned longest; what is missing of that is made.
    pub async fn ensure_owner(&self) -> Result<Actor, storage::Error> {
        if let Some(owner) = store::people::owner(&self.db).await? {
            return Ok(owner);
        }
        match self.make_owner().await {
            // Two servers that start over one new database make the same rows: the slower takes what the other made.
            Err(storage::Error::Conflict(cause)) => {
                store::people::owner(&self.db).await?.ok_or(storage::Error::Conflict(cause))
            }
            made => made,
        }
    }

    async fn make_owner(&self) -> Result<Actor, storage::Error> {
        let mut tx = self.db.begin().await?;
        let operator = store::people::hold_operator(&mut tx).await?;
        // Another process may have been faster; inside the transaction its owner is seen.
        if let Some(owner) = store::people::owner_in(&mut tx).await? {
            return Ok(owner);
        }
        if let Some(operator) = operator {
            // Somebody else owns the workspace that was made with the server.
            let workspace = self.found(&mut tx, operator.id, operator.name, &operator.handle).await?;
            tx.commit().await?;
            return Ok(Actor::new(operator.id, workspace.id, Role::Owner));
        }
        let now = self.clock.now();
        let user = User {
            id: self.ids.new_id(),
            handle: "owner".into(),
            name: "Owner".into(),
            email: None,
            operator: true,
            avatar: None,
        };
        let workspace = Workspace { id: self.ids.new_id(), slug: "home".into(), name: "Home".into() };
        store::people::insert_user(&mut tx, &user, None, now).await?;
        store::people::insert_workspace(&mut tx, &workspace, now).await?;
        let owner = Actor::new(user.id, workspace.id, Role::Owner);
        store::people::insert_member(&mut tx, &owner, now).await?;
        tx.commit().await?;
        Ok(owner)
    }

    /// Those of these people who have an account, by handle.
    pub async fn people(&self, ids: impl IntoIterator<Item = UserId>) -> Result<Vec<User>, storage::Error> {
        let ids: std::collections::BTreeSet<_> = ids.into_iter().collect();
        store::people::by_ids(&self.db, ids).await
    }

    /// The workspaces of a person, by slug.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, storage::Error> {
        store::people::memberships(&self.db, user).await
    }

    /// The proof that a person belongs to the workspace with that slug, where they do.
    pub async fn actor(&self, user: UserId, slug: &str) -> Result<Option<Actor>, storage::Error> {
        store::people::actor(&self.db, user, slug).await
    }
}
