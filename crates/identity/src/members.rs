//! Who is in a workspace, and in which role.
//!
//! Nobody gives a role above their own, nobody changes somebody who has one, and a workspace keeps an owner. A role that
//! changed counts with the next request, since every request asks for it; connections to a workspace that somebody left
//! are ended by the event of their own channel.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Permission, Role, Timestamp};
use events::{Channel, Event};
use storage::Tx;
use transient::Rule;

use crate::audit::{Act, action};
use crate::people::User;
use crate::{Client, Identity, store};

/// Names of those who can grant a permission that are told.
const GRANTORS: u32 = 3;
/// Refused acts of one person that are noted: whoever keeps trying fills no log.
const REFUSED: Rule = Rule { name: "refused-noted", quota: 60, window: std::time::Duration::from_mins(10) };

/// Somebody in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: User,
    /// Their role.
    pub role: Role,
    /// Since when they are in it.
    pub since: Timestamp,
}

/// Why people stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// Nobody like that is in the workspace.
    #[error("nobody like that is in this workspace")]
    NotFound,
    /// It takes a higher role.
    #[error("nobody can give or take a role above their own; an owner of the workspace can")]
    Above,
    /// The workspace would have no owner.
    #[error("a workspace keeps an owner; make somebody else owner first, or delete the workspace")]
    LastOwner,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Whether somebody with the role `own` may turn a role into another, or into none.
fn decide(own: Role, before: Role, after: Option<Role>, owners: u64) -> Result<(), MemberError> {
    if before > own || after.is_some_and(|after| after > own) {
        return Err(MemberError::Above);
    }
    if before == Role::Owner && after != Some(Role::Owner) && owners < 2 {
        return Err(MemberError::LastOwner);
    }
    Ok(())
}

impl Identity {
    /// Everybody in the workspace: the highest role first, then by handle.
    pub async fn members(&self, actor: &Actor) -> Result<Vec<Member>, storage::Error> {
        let mut all = store::members::all(&self.db, actor.workspace).await?;
        all.sort_by(|a, b| b.role.cmp(&a.role).then_with(|| a.user.handle.cmp(&b.user.handle)));
        Ok(all)
    }

    /// Some of those who can give somebody that permission: those with the least role for it first.
    pub async fn grantors(
        &self,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Vec<Member>, storage::Error> {
        let least = Permission::MembersManage.role().max(permission.role());
        store::members::from_role(&self.db, actor, least, GRANTORS).await
    }

    /// Notes that somebody was refused for want of a permission.
    pub async fn note_refused(
        &self,
        actor: &Actor,
        permission: Permission,
        client: &Client,
    ) -> Result<(), storage::Error> {
        if self.limits.check(&actor.user.to_string(), &REFUSED).await.is_err() {
            return Ok(());
        }
        let act = Act::refused(action::PERMISSION, client).by(actor.user).within(actor.workspace);
        self.note(act.to(permission.as_str())).await
    }

    /// Gives somebody another role.
    pub async fn set_role(
        &self,
        actor: &Actor,
        user: UserId,
        role: Role,
        client: &Client,
    ) -> Result<Member, MemberError> {
        let mut tx = self.db.begin().await?;
        self.change_role(&mut tx, actor, user, |_| role, client).await?;
        tx.commit().await?;
        store::members::one(&self.db, actor.workspace, user).await?.ok_or(MemberError::NotFound)
    }

    /// Gives somebody the role that follows from the one they have.
    pub(crate) async fn change_role(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        user: UserId,
        role: impl Fn(Role) -> Role,
        client: &Client,
    ) -> Result<(), MemberError> {
        let before = self.changeable(tx, actor, user, |before| Some(role(before))).await?;
        let after = role(before);
        if before != after {
            store::members::set_role(tx, actor.workspace, user, after).await?;
            if after < before {
                self.withdraw_invites(tx, actor.user, actor.workspace, user).await?;
            }
            self.tell_role(tx, actor.user, actor.workspace, user, Some(after));
            let change = format!("{} to {}", before.as_str(), after.as_str());
            let act = Act::done(action::ROLE, actor.user, client).within(actor.workspace);
            self.audit().record(tx, &act.to(user).saying(&change)).await?;
        }
        Ok(())
    }

    /// Takes somebody out of the workspace; oneself, too. Their tokens for it stop working. Whoever is in no workspace
    /// then gets one of their own.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        user: UserId,
        client: &Client,
    ) -> Result<(), MemberError> {
        let mut tx = self.db.begin().await?;
        let role = self.changeable(&mut tx, actor, user, |_| None).await?;
        self.take_out(&mut tx, actor, user).await?;
        let act = Act::done(action::REMOVED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.to(user).saying(role.as_str())).await?;
        Ok(tx.commit().await?)
    }

    /// The role of somebody, which may become the one that follows from it, or none. Others who change the people of this
    /// workspace wait for this transaction.
    async fn changeable(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        user: UserId,
        after: impl Fn(Role) -> Option<Role>,
    ) -> Result<Role, MemberError> {
        store::workspaces::hold(tx, actor.workspace).await?;
        let roles = store::members::roles(tx, actor.workspace).await?;
        let role_of = |who| roles.iter().find(|(user, _)| *user == who).map(|(_, role)| *role);
        let owners = roles.iter().filter(|(_, role)| *role == Role::Owner).count() as u64;
        // What the actor was when the request came in may be over.
        let own = role_of(actor.user).ok_or(MemberError::NotFound)?;
        let before = role_of(user).ok_or(MemberError::NotFound)?;
        decide(own, before, after(before), owners)?;
        Ok(before)
    }

    /// The role that somebody has at this moment, where they have one. Others who change the people of this workspace
    /// wait for this transaction.
    pub(crate) async fn role_now(&self, tx: &mut Tx, actor: &Actor) -> Result<Option<Role>, storage::Error> {
        store::workspaces::hold(tx, actor.workspace).await?;
        let roles = store::members::roles(tx, actor.workspace).await?;
        Ok(roles.into_iter().find(|(user, _)| *user == actor.user).map(|(_, role)| role))
    }

    /// Removes somebody and what they have there.
    pub(crate) async fn take_out(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        user: UserId,
    ) -> Result<(), storage::Error> {
        let now = self.clock.now();
        store::members::remove(tx, actor.workspace, user).await?;
        store::requests::withdraw(tx, actor.workspace, user).await?;
        self.withdraw_invites(tx, actor.user, actor.workspace, user).await?;
        store::api_tokens::revoke_in(tx, actor.workspace, user, now).await?;
        self.tell_role(tx, actor.user, actor.workspace, user, None);
        self.ensure_home(tx, user).await
    }

    /// Tells the workspace and the person of the role that somebody has now.
    pub(crate) fn tell_role(
        &self,
        tx: &mut Tx,
        by: UserId,
        workspace: WorkspaceId,
        user: UserId,
        role: Option<Role>,
    ) {
        let role = role.map(|role| role.as_str().to_owned());
        let (all, own) = (Channel::workspace(workspace), Channel::user(user));
        self.events.emit(tx, all, Some(by), Event::MemberUpdated { user, role: role.clone() });
        self.events.emit(tx, own, Some(by), Event::RoleChanged { workspace, role });
    }

    /// Whether somebody is in a workspace, as the database says; long connections ask again.
    pub async fn is_member(&self, user: UserId, workspace: WorkspaceId) -> Result<bool, storage::Error> {
        Ok(store::members::one(&self.db, workspace, user).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_go_up_to_ones_own_and_a_workspace_keeps_an_owner() {
        use Role::{Admin, Member, Owner, Viewer};
        let fine = [
            (Admin, Viewer, Some(Admin), 1),
            (Admin, Admin, Some(Viewer), 1),
            (Admin, Member, None, 1),
            (Owner, Viewer, Some(Owner), 1),
            (Owner, Owner, Some(Owner), 1),
            (Owner, Owner, Some(Member), 2),
            (Owner, Owner, None, 2),
            (Viewer, Viewer, None, 1),
        ];
        for (own, before, after, owners) in fine {
            assert!(decide(own, before, after, owners).is_ok(), "{own:?} {before:?} {after:?}");
        }
        for (own, before, after) in [
            (Admin, Owner, None),
            (Admin, Owner, Some(Admin)),
            (Admin, Member, Some(Owner)),
            (Member, Admin, None),
        ] {
            assert!(
                matches!(decide(own, before, after, 2), Err(MemberError::Above)),
                "{own:?} {before:?} {after:?}"
            );
        }
        for after in [None, Some(Admin)] {
            assert!(matches!(decide(Owner, Owner, after, 1), Err(MemberError::LastOwner)), "{after:?}");
        }
    }
}
