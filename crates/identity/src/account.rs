//! What people do with their own account.

use base::id::{UserId, WorkspaceId};
use base::{Secret, Timestamp};
use jobs::NewJob;
use storage::Tx;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, Entry, Filter, action};
use crate::mail::text;
use crate::password::{Busy, Refused, SetError, Verdict};
use crate::people::{Membership, User};
use crate::session::{Ended, Session, SessionInfo};
use crate::store::sessions::Which;
use crate::{Client, Identity, RedeemError, Token, address, store};

/// The job that removes a workspace without people and what it held: its payload names the `workspace` and the `user`
/// whose it was. It is done by who knows all contexts.
pub const ERASE_WORKSPACE: &str = "workspace.erase";
/// Tries of the present password by somebody who is signed in.
const CONFIRM: Rule =
    Rule { name: "password-account", quota: 10, window: std::time::Duration::from_mins(10) };
/// How long after signing in somebody without a password is believed to be there.
const PRESENT: std::time::Duration = std::time::Duration::from_mins(10);
/// Acts that an export holds.
const ACTS: u16 = 500;

/// What a person's own page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub user: User,
    /// Since when.
    pub created_at: Timestamp,
    /// When the password was set; `None` for somebody who has none.
    pub password_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
}

/// Everything that is kept about a person here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The account.
    pub account: Account,
    /// The workspaces they are in.
    pub memberships: Vec<Membership>,
    /// The sessions that live.
    pub sessions: Vec<SessionInfo>,
    /// The newest of their acts that were noted.
    pub acts: Vec<Entry>,
}

/// Why an account is what it was.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// It is not there any more.
    #[error("there is no such account")]
    Gone,
    /// The name is none.
    #[error("a name has 1 to {} characters on one line", address::NAME)]
    Name,
    /// The address is none, or has an account.
    #[error("this address cannot be used")]
    Email,
    /// The password that was given as the present one is not.
    #[error("the present password is not right")]
    Wrong,
    /// There is no password to ask for, and they signed in too long ago, or by a code that an open session approved.
    #[error("this account has no password; sign out, sign in again, and do this within ten minutes")]
    SignInAgain,
    /// The new password is not taken.
    #[error(transparent)]
    Password(#[from] Refused),
    /// The account has an address and a password already.
    #[error("this account is set up; change it in its settings")]
    SetUp,
    /// An address without a password signs nobody in, on a server that others reach.
    #[error("a password is needed where others can reach the server")]
    PasswordNeeded,
    /// Others are in workspaces that would have no owner; here are the workspaces' names.
    #[error("make somebody else owner of {} first, or remove the others from it", .0.join(", "))]
    OnlyOwner(Vec<String>),
    /// Somebody has to run the server.
    #[error("the operator of the server cannot be deleted; hand that over first")]
    Operator,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// Too many passwords are being looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl From<SetError> for AccountError {
    fn from(error: SetError) -> Self {
        match error {
            SetError::Refused(refused) => Self::Password(refused),
            SetError::Busy(busy) => Self::Busy(busy),
        }
    }
}

/// Why a server is not set up with a link.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link does not work.
    #[error(transparent)]
    Link(#[from] RedeemError),
    /// The form is not taken.
    #[error(transparent)]
    Form(#[from] AccountError),
}

impl From<storage::Error> for SetUpError {
    fn from(error: storage::Error) -> Self {
        Self::Form(error.into())
    }
}

/// Name and address of a form to set a server up, once they are what they have to be.
fn form(
    name: &str,
    email: Option<&str>,
    has_password: bool,
    password_needed: bool,
) -> Result<(String, Option<String>), AccountError> {
    let name = address::name(name).ok_or(AccountError::Name)?;
    let email = email.map(|email| address::email(email).ok_or(AccountError::Email)).transpose()?;
    if password_needed && (!has_password || email.is_none()) {
        return Err(AccountError::PasswordNeeded);
    }
    if has_password && email.is_none() {
        return Err(AccountError::Email);
    }
    Ok((name, email))
}

impl Identity {
    /// The account of somebody.
    pub async fn account(&self, user: UserId) -> Result<Option<Account>, storage::Error> {
        let (Some(known), Some(about)) =
            (store::accounts::by_id(&self.db, user).await?, store::accounts::about(&self.db, user).await?)
        else {
            return Ok(None);
        };
        Ok(Some(Account {
            user: known.user,
            created_at: about.created_at.into(),
            password_at: about.password_at.map(Timestamp::from),
            version: about.version,
        }))
    }

    /// Gives a person another name, if nobody did since that version.
    pub async fn rename(
        &self,
        user: UserId,
        name: &str,
        version: i64,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let name = address::name(name).ok_or(AccountError::Name)?;
        let mut tx = self.db.begin().await?;
        store::accounts::rename(&mut tx, user, &name, version).await?;
        self.audit().record(&mut tx, &Act::done(action::RENAMED, user, client)).await?;
        self.forget_when_done(&mut tx, user);
        tx.commit().await?;
        self.account(user).await?.ok_or(AccountError::Gone)
    }

    /// Whether the server's operator has an address: until then, the link is the only way in.
    pub async fn is_set_up(&self) -> Result<bool, storage::Error> {
        store::accounts::is_set_up(&self.db).await
    }

    /// Gives the operator's account its name and address, and a password unless only this machine reaches the server.
    /// No mail is needed: whoever runs the server is believed.
    pub async fn set_up(
        &self,
        session: &Session,
        name: &str,
        email: Option<&str>,
        password: Option<&Secret>,
        password_needed: bool,
        client: &Client,
    ) -> Result<Account, AccountError> {
        if session.user.email.is_some() || !session.user.operator {
            return Err(AccountError::SetUp);
        }
        let (name, email) = form(name, email, password.is_some(), password_needed)?;
        let kept = match password {
            Some(password) => {
                Some(self.passwords.set(password, &[&name, email.as_deref().unwrap_or_default()]).await?)
            }
            None => None,
        };
        let mut tx = self.db.begin().await?;
        if let Some(email) = &email
            && store::accounts::by_email_in(&mut tx, email).await?.is_some()
        {
            return Err(AccountError::Email);
        }
        let user = User { name, email, ..session.user.clone() };
        if !store::accounts::set_up(&mut tx, &user, kept.as_deref(), self.clock.now()).await? {
            return Err(AccountError::SetUp);
        }
        self.audit().record(&mut tx, &Act::done(action::SET_UP, user.id, client)).await?;
        self.forget_when_done(&mut tx, user.id);
        tx.commit().await?;
        self.account(user.id).await?.ok_or(AccountError::Gone)
    }

    /// Whether that form would be taken from whoever holds that link: asked before the link is used up, so that a slip of
    /// the pen does not cost it.
    pub async fn check_set_up(
        &self,
        link: &Token,
        name: &str,
        email: Option<&str>,
        password: Option<&Secret>,
        password_needed: bool,
        client: &Client,
    ) -> Result<(), SetUpError> {
        self.check_link(link, client).await?;
        let (name, email) = form(name, email, password.is_some(), password_needed)?;
        if let Some(password) = password {
            let about = [name.as_str(), email.as_deref().unwrap_or_default()];
            self.passwords.judge(password, &about).await.map_err(AccountError::from)?;
        }
        match email {
            Some(email) if store::accounts::by_email(&self.db, &email).await?.is_some() => {
                Err(AccountError::Email.into())
            }
            _ => Ok(()),
        }
    }

    /// Changes the password, ends every other session, and tells the person by mail. Whoever has none yet
    /// signed in just now instead. `origin` is where people reach this server.
    pub async fn change_password(
        &self,
        session: &Session,
        present: Option<&Secret>,
        fresh: &Secret,
        origin: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        let user = &session.user;
        let before = self.confirm(session, present, action::PASSWORD, client).await?;
        let email = user.email.as_deref().ok_or(AccountError::Email)?;
        let kept = self.passwords.set(fresh, &[&user.name, email]).await?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Comparing and hashing took a while: a reset meanwhile ended this session, and its password stands.
        if !store::accounts::replace_password(&mut tx, user.id, before.as_deref(), &kept, now).await? {
            return Err(AccountError::Wrong);
        }
        if !store::sessions::lives_in(&mut tx, user.id, session.id, now).await? {
            return Err(AccountError::Gone);
        }
        store::accounts::void_resets(&mut tx, user.id, now).await?;
        store::factors::forget_browsers(&mut tx, user.id).await?;
        self.end(&mut tx, user.id, Which::AllBut(session.id), Ended::PasswordChanged).await?;
        self.post(&mut tx, Some(email), &text::password_changed(origin)).await?;
        self.audit().record(&mut tx, &Act::done(action::PASSWORD, user.id, client)).await?;
        Ok(tx.commit().await?)
    }

    /// Compares the present password of somebody who has one; the hash that it was compared with. Whoever has none has to
    /// have signed in just now, so that a browser left open is not enough.
    pub(crate) async fn confirm(
        &self,
        session: &Session,
        present: Option<&Secret>,
        act: &str,
        client: &Client,
    ) -> Result<Option<String>, AccountError> {
        let user = session.user.id;
        let known = store::accounts::by_id(&self.db, user).await?.ok_or(AccountError::Gone)?;
        let Some(kept) = &known.password else {
            let since = self.clock.now().minus(PRESENT);
            if store::sessions::entered_since(&self.db, session.id, since).await? {
                return Ok(None);
            }
            self.note(Act::refused(act, client).by(user)).await?;
            return Err(AccountError::SignInAgain);
        };
        self.limits.check(&user.to_string(), &CONFIRM).await?;
        let right = match present {
            Some(present) => self.passwords.verify(present, Some(kept)).await? != Verdict::Wrong,
            None => false,
        };
        if right {
            return Ok(known.password);
        }
        self.note(Act::refused(act, client).by(user)).await?;
        Err(AccountError::Wrong)
    }

    /// Deletes an account: its sessions end, its row says nothing about who it was, and workspaces that nobody else is
    /// in go with all they hold.
    pub async fn delete_account(
        &self,
        session: &Session,
        present: Option<&Secret>,
        client: &Client,
    ) -> Result<(), AccountError> {
        let user = session.user.id;
        if session.user.operator {
            return Err(AccountError::Operator);
        }
        self.confirm(session, present, action::DELETED, client).await?;
        let mut tx = self.db.begin().await?;
        // Who else goes from these, or comes, is before this or waits for it.
        let places = store::members::places(&mut tx, user).await?;
        for &workspace in &places {
            store::workspaces::hold(&mut tx, workspace).await?;
        }
        // So is what is linked to them or shown of them at the same time: it finds nobody, or goes with the rest.
        store::accounts::hold(&mut tx, user).await?;
        let owned = store::accounts::owned_alone(&mut tx, user).await?;
        let shared: Vec<_> =
            owned.iter().filter(|owned| owned.others > 0).map(|owned| owned.name.clone()).collect();
        if !shared.is_empty() {
            return Err(AccountError::OnlyOwner(shared));
        }
        let now = self.clock.now();
        // The row first: whoever signs in or sets a password at the same time is before it, or finds nobody.
        store::accounts::erase(&mut tx, user, &format!("gone-{user}"), now).await?;
        if !store::sessions::lives_in(&mut tx, user, session.id, now).await? {
            return Err(AccountError::Gone);
        }
        self.end(&mut tx, user, Which::All, Ended::Deleted).await?;
        for workspace in places {
            if owned.iter().any(|owned| owned.workspace_id == workspace) {
                store::invites::revoke_all(&mut tx, workspace, now).await?;
                self.erase_later(&mut tx, workspace, user).await?;
            } else {
                self.withdraw_invites(&mut tx, user, workspace, user).await?;
                self.tell_role(&mut tx, user, workspace, user, None);
            }
        }
        self.audit().record(&mut tx, &Act::done(action::DELETED, user, client)).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn erase_later(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<(), storage::Error> {
        let job = NewJob::new(ERASE_WORKSPACE, serde_json::json!({ "workspace": workspace, "user": user }));
        let job = job.workspace(workspace).dedupe(workspace.to_string());
        self.jobs.enqueue(tx, job).await.map(|_| ())
    }

    /// Removes a workspace that nobody is in, once what it held is gone.
    pub async fn drop_workspace(&self, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), storage::Error> {
        store::accounts::drop_workspace(tx, workspace).await
    }

    /// Everything that this context keeps about a person.
    pub async fn export(&self, user: UserId, client: &Client) -> Result<Export, AccountError> {
        let account = self.account(user).await?.ok_or(AccountError::Gone)?;
        let filter = Filter { actor: Some(user), ..Filter::default() };
        let acts = self.audit().find(&filter, None, base::PageSize::clamped(ACTS)).await?;
        self.note(Act::done(action::EXPORTED, user, client)).await?;
        Ok(Export {
            account,
            memberships: self.memberships(user).await?,
            sessions: self.sessions(user).await?,
            acts: acts.items,
        })
    }

    pub(crate) fn forget_when_done(&self, tx: &mut Tx, user: UserId) {
        let live = self.live.clone();
        tx.after_commit(move || live.forget_user(user));
    }
}
