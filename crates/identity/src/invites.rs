//! Invitations: how people come into a workspace.
//!
//! An invitation is a link, good once and for a week, that goes to an address by mail. Whoever holds it and is signed in
//! can join; whoever has no account can ask for one under the invited address, also where sign-up is closed, and shows
//! like anybody else that the address is theirs. Without a mail server whoever invites gets the link to pass on, once.

use std::time::Duration;

use base::id::{InviteId, UserId, WorkspaceId};
use base::{Actor, Permission, Role, Secret, Timestamp};
use events::{Channel, Event};
use storage::Tx;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::mail::text;
use crate::people::{Membership, Workspace};
use crate::session::Session;
use crate::sign_up::SignUpError;
use crate::{Client, Identity, Token, address, store};

/// How long an invitation can be accepted.
pub const INVITE_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// Invitations that one person may send.
const SENT: Rule = Rule { name: "invites-sent", quota: 100, window: Duration::from_hours(1) };
/// Invitations that are sent to one address, and the same one again.
const ADDRESS: Rule = Rule { name: "invites-address", quota: 10, window: Duration::from_hours(1) };
/// Links that one place may try.
const TRIED: Rule = Rule { name: "invite-place", quota: 60, window: Duration::from_mins(10) };

/// An invitation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Which.
    pub id: InviteId,
    /// To whom.
    pub email: String,
    /// The role that comes with it.
    pub role: Role,
    /// Who invited; the name as people write it.
    pub invited_by: String,
    /// When it was sent, the last time.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An invitation that was just sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The invitation.
    pub invite: Invite,
    /// What its link ends with, where this server sends no mail: nobody sees it again.
    pub link: Option<Token>,
}

/// What the holder of a link is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// To which workspace.
    pub workspace: Workspace,
    /// The role that comes with it.
    pub role: Role,
    /// Who invited; the name as people write it.
    pub invited_by: String,
    /// The address it was sent to: an account made with it has this one.
    pub email: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Why nobody was invited, or did not join.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The address is none.
    #[error("this is not an address of mail")]
    Email,
    /// The role is above that of whoever invites.
    #[error("nobody can give a role above their own; an owner of the workspace can")]
    Above,
    /// The person is in the workspace.
    #[error("this person is in the workspace already")]
    Member,
    /// There is no such invitation that waits.
    #[error("there is no such invitation, or it was accepted")]
    NotFound,
    /// The link was used, revoked or replaced, is too old, or never was one; which is not told.
    #[error("this invitation does not work, or no longer; ask for another one")]
    Refused,
    /// There were too many.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Identity {
    /// Invites the reader of that address. One that waits for the same address is replaced. `origin` is where people
    /// reach this server.
    pub async fn invite(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        origin: &str,
        client: &Client,
    ) -> Result<Sent, InviteError> {
        let email = address::email(email).ok_or(InviteError::Email)?;
        self.limits.check(&actor.user.to_string(), &SENT).await?;
        self.limits.check(&email, &ADDRESS).await?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if role > self.inviter(&mut tx, actor).await? {
            return Err(InviteError::Above);
        }
        if store::invites::is_member(&mut tx, actor.workspace, &email).await? {
            return Err(InviteError::Member);
        }
        if let Some(id) = store::invites::waiting(&mut tx, actor.workspace, &email).await? {
            store::invites::revoke(&mut tx, actor.workspace, id, now).await?;
        }
        let wanted = store::invites::New { id: self.ids.new_id(), email, role };
        self.send(tx, actor, wanted, origin, client).await
    }

    /// Sends an invitation again, with another link that works for another week; the one before stops working.
    pub async fn resend_invite(
        &self,
        actor: &Actor,
        invite: InviteId,
        origin: &str,
        client: &Client,
    ) -> Result<Sent, InviteError> {
        self.limits.check(&actor.user.to_string(), &SENT).await?;
        self.limits.check(&invite.to_string(), &ADDRESS).await?;
        let mut tx = self.db.begin().await?;
        let own = self.inviter(&mut tx, actor).await?;
        let (email, role) =
            store::invites::take(&mut tx, actor.workspace, invite).await?.ok_or(InviteError::NotFound)?;
        if role > own {
            return Err(InviteError::Above);
        }
        self.send(tx, actor, store::invites::New { id: invite, email, role }, origin, client).await
    }

    /// The role of somebody who may invite at this moment: what they were when the request came in may be over.
    async fn inviter(&self, tx: &mut Tx, actor: &Actor) -> Result<Role, InviteError> {
        let own = self.role_now(tx, actor).await?.ok_or(InviteError::NotFound)?;
        if own < Permission::MembersManage.role() {
            return Err(InviteError::Above);
        }
        Ok(own)
    }

    async fn send(
        &self,
        mut tx: Tx,
        actor: &Actor,
        wanted: store::invites::New,
        origin: &str,
        client: &Client,
    ) -> Result<Sent, InviteError> {
        let (now, link) = (self.clock.now(), Token::new(&self.ids));
        let until = now.plus(INVITE_LIFETIME);
        store::invites::insert(&mut tx, actor, &wanted, &link.hash(), now, until).await?;
        let mailed = self.sends_mail();
        if mailed {
            self.post(&mut tx, Some(&wanted.email), &text::invited(origin, &link)).await?;
        }
        self.tell_invite(&mut tx, actor.user, actor.workspace, wanted.id);
        let act = Act::done(action::INVITED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.to(wanted.id).saying(wanted.role.as_str())).await?;
        tx.commit().await?;
        let invite = self.invites(actor).await?.into_iter().find(|one| one.id == wanted.id);
        Ok(Sent { invite: invite.ok_or(InviteError::NotFound)?, link: (!mailed).then_some(link) })
    }

    /// The invitations to the workspace that wait, and those that ran out, the newest first.
    pub async fn invites(&self, actor: &Actor) -> Result<Vec<Invite>, storage::Error> {
        store::invites::all(&self.db, actor.workspace).await
    }

    /// Takes an invitation back: its link stops working.
    pub async fn revoke_invite(
        &self,
        actor: &Actor,
        invite: InviteId,
        client: &Client,
    ) -> Result<(), InviteError> {
        let mut tx = self.db.begin().await?;
        if !store::invites::revoke(&mut tx, actor.workspace, invite, self.clock.now()).await? {
            return Err(InviteError::NotFound);
        }
        self.tell_invite(&mut tx, actor.user, actor.workspace, invite);
        let act = Act::done(action::UNINVITED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.to(invite)).await?;
        Ok(tx.commit().await?)
    }

    /// What a link leads to.
    pub async fn invitation(&self, link: &Token, client: &Client) -> Result<Invitation, InviteError> {
        self.limit_place(client, &TRIED).await?;
        let found = store::invites::by_link(&self.db, &link.hash(), self.clock.now()).await?;
        found.ok_or(InviteError::Refused)
    }

    /// Joins the workspace of a link, once.
    pub async fn accept_invite(
        &self,
        session: &Session,
        link: &Token,
        client: &Client,
    ) -> Result<Membership, InviteError> {
        let invitation = self.invitation(link, client).await?;
        let (user, workspace) = (session.user.id, invitation.workspace.id);
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        store::workspaces::hold(&mut tx, workspace).await?;
        if store::members::roles(&mut tx, workspace).await?.iter().any(|(member, _)| *member == user) {
            return Err(InviteError::Member);
        }
        // Whoever comes at the same time with the same link finds it used.
        let accepted = store::invites::accept(&mut tx, &link.hash(), now).await?;
        let (invite, role) = accepted.ok_or(InviteError::Refused)?;
        let joined = Actor::new(user, workspace, role);
        store::people::insert_member(&mut tx, &joined, now).await?;
        self.tell_role(&mut tx, user, workspace, user, Some(role));
        self.tell_invite(&mut tx, user, workspace, invite);
        let act = Act::done(action::JOINED, user, client).within(workspace);
        self.audit().record(&mut tx, &act.to(invite).saying(role.as_str())).await?;
        tx.commit().await?;
        Ok(Membership { workspace: invitation.workspace, role })
    }

    /// Asks for an account with an invitation, also where sign-up is closed: under the invited address only. It goes on
    /// like any other sign-up; the invitation is accepted afterwards.
    pub async fn sign_up_invited(
        &self,
        link: &Token,
        name: &str,
        email: &str,
        password: &Secret,
        origin: &str,
        client: &Client,
    ) -> Result<Token, SignUpError> {
        let invitation = self.invitation(link, client).await.map_err(|error| match error {
            InviteError::Storage(error) => error.into(),
            InviteError::TooMany(wait) => wait.into(),
            _ => SignUpError::Invite,
        })?;
        if address::email(email).ok_or(SignUpError::Email)? != invitation.email {
            return Err(SignUpError::OtherAddress);
        }
        self.ask_for_account(name, email, password, origin, client).await
    }

    /// Takes back what somebody sent who may less now, so that they let neither themselves nor others in again.
    pub(crate) async fn withdraw_invites(
        &self,
        tx: &mut Tx,
        by: UserId,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<(), storage::Error> {
        for invite in store::invites::revoke_by(tx, workspace, user, self.clock.now()).await? {
            self.tell_invite(tx, by, workspace, invite);
        }
        Ok(())
    }

    fn tell_invite(&self, tx: &mut Tx, by: UserId, workspace: WorkspaceId, invite: InviteId) {
        self.events.emit(tx, Channel::workspace(workspace), Some(by), Event::InviteUpdated { invite });
    }
}
