//! What was done, by whom, from where, and whether it was allowed.
//!
//! Rows are only ever added; refused acts have theirs too. An act is noted in the transaction that does it, so that
//! neither is without the other. No password, token, code or address that somebody typed is ever part of one.

use base::id::{AuditId, UserId, WorkspaceId};
use base::{Clock, Cursor, Ids, Page, PageSize, Timestamp};
use storage::{Db, Tx};

use crate::session::Means;
use crate::{Client, Identity, store};

/// The names of acts, `object.past_tense`.
pub mod action {
    /// Somebody signed in, or tried to.
    pub const SIGN_IN: &str = "session.started";
    /// A session was ended by its person.
    pub const SIGN_OUT: &str = "session.ended";
    /// A used refresh token came again: its session was ended.
    pub const REPLAY: &str = "session.replayed";
    /// An account was asked for.
    pub const SIGN_UP: &str = "account.requested";
    /// An account was made.
    pub const CREATED: &str = "account.created";
    /// The owner's account got an address.
    pub const SET_UP: &str = "account.set_up";
    /// A new password was asked for by mail.
    pub const FORGOT: &str = "password.forgotten";
    /// A password was set by mail.
    pub const RESET: &str = "password.reset";
    /// A password was changed by its person.
    pub const PASSWORD: &str = "password.changed";
    /// The code that follows a password was given, or was not right.
    pub const SECOND_STEP: &str = "second_factor.asked";
    /// A second factor came into force.
    pub const FACTOR_ON: &str = "second_factor.added";
    /// A second factor was taken away.
    pub const FACTOR_OFF: &str = "second_factor.removed";
    /// Other recovery codes took the place of those before.
    pub const RECOVERY: &str = "recovery_codes.renewed";
    /// An account of a provider was linked.
    pub const LINKED: &str = "account.linked";
    /// The link to an account of a provider was taken away.
    pub const UNLINKED: &str = "account.unlinked";
    /// No browser is trusted any more.
    pub const DISTRUST: &str = "trusted_browsers.forgotten";
    /// A person changed their name.
    pub const RENAMED: &str = "account.renamed";
    /// A person's picture came or went.
    pub const PICTURE: &str = "account.picture_changed";
    /// A person took their data along.
    pub const EXPORTED: &str = "account.exported";
    /// An account was deleted.
    pub const DELETED: &str = "account.deleted";
    /// Mail that was not handed over was read.
    pub const OUTBOX: &str = "outbox.read";
    /// Somebody wanted what their role does not permit.
    pub const PERMISSION: &str = "permission.used";
    /// A workspace was made.
    pub const FOUNDED: &str = "workspace.created";
    /// A workspace got another name.
    pub const WORKSPACE_RENAMED: &str = "workspace.renamed";
    /// A workspace was deleted.
    pub const WORKSPACE_DELETED: &str = "workspace.deleted";
    /// Somebody got another role.
    pub const ROLE: &str = "member.role_changed";
    /// Somebody was taken out of a workspace, or left it.
    pub const REMOVED: &str = "member.removed";
    /// Somebody came into a workspace by an invitation.
    pub const JOINED: &str = "member.joined";
    /// Somebody was invited, or once more.
    pub const INVITED: &str = "invite.sent";
    /// An invitation was taken back.
    pub const UNINVITED: &str = "invite.revoked";
    /// Somebody asked for more than their role permits.
    pub const ASKED: &str = "access_request.made";
    /// Such a request was answered.
    pub const ANSWERED: &str = "access_request.answered";
    /// A token for programs was made.
    pub const TOKEN_CREATED: &str = "token.created";
    /// A token for programs was revoked.
    pub const TOKEN_REVOKED: &str = "token.revoked";
    /// A program was approved by its code, or was not.
    pub const DEVICE: &str = "device.approved";
    /// The audit log was taken along.
    pub const AUDIT_EXPORTED: &str = "audit.exported";
    /// Somebody replaced the server's mirror of known vulnerabilities.
    pub const ADVISORIES: &str = "advisories.imported";
}

/// Whether an act was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Done,
    /// It was not allowed.
    Refused,
}

impl Outcome {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// An act that is to be noted.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// Who, where that is known.
    pub actor: Option<UserId>,
    /// In which workspace, where it is about one.
    pub workspace: Option<WorkspaceId>,
    /// What: one of [`action`], or of another context.
    pub action: &'a str,
    /// To what: an id or a name.
    pub object: Option<String>,
    /// Whether it was done.
    pub outcome: Outcome,
    /// From where.
    pub client: &'a Client,
    /// One more word about it; empty where there is none.
    pub detail: &'a str,
}

impl<'a> Act<'a> {
    /// Somebody did it.
    pub fn done(action: &'a str, actor: UserId, client: &'a Client) -> Self {
        let outcome = Outcome::Done;
        Self { actor: Some(actor), workspace: None, action, object: None, outcome, client, detail: "" }
    }

    /// Somebody, perhaps nobody known, was not allowed to.
    pub fn refused(action: &'a str, client: &'a Client) -> Self {
        let outcome = Outcome::Refused;
        Self { actor: None, workspace: None, action, object: None, outcome, client, detail: "" }
    }

    /// It was done, by nobody who is known.
    pub fn by_nobody(action: &'a str, client: &'a Client) -> Self {
        Self { outcome: Outcome::Done, ..Self::refused(action, client) }
    }

    /// To that.
    #[must_use]
    pub fn to(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// By that person, or to their account.
    #[must_use]
    pub fn by(mut self, actor: UserId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// In that workspace.
    #[must_use]
    pub fn within(mut self, workspace: WorkspaceId) -> Self {
        self.workspace = Some(workspace);
        self
    }

    /// With one more word.
    #[must_use]
    pub fn saying(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    pub(crate) fn means(self, means: Means) -> Self {
        self.saying(means.as_str())
    }
}

/// An act that was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// In which workspace, where it was about one.
    pub workspace: Option<WorkspaceId>,
    /// Who, where that was known.
    pub actor: Option<UserId>,
    /// What.
    pub action: String,
    /// To what.
    pub object: Option<String>,
    /// Whether it was done.
    pub outcome: Outcome,
    /// The address it came from.
    pub place: Option<String>,
    /// What the client called itself.
    pub agent: String,
    /// One more word.
    pub detail: String,
}

/// Which acts are wanted; empty: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of that workspace.
    pub workspace: Option<WorkspaceId>,
    /// Only by that person.
    pub actor: Option<UserId>,
    /// Only this.
    pub action: Option<String>,
    /// Only done, or only refused.
    pub outcome: Option<Outcome>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
}

/// The log. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
    ids: Ids,
}

impl Audit {
    pub(crate) fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids }
    }

    /// Notes an act in the transaction that does it.
    pub async fn record(&self, tx: &mut Tx, act: &Act<'_>) -> Result<(), storage::Error> {
        store::audit::insert(tx, self.ids.new_id(), act, self.clock.now()).await
    }

    /// The acts that fit, the newest first.
    pub async fn find(
        &self,
        filter: &Filter,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<Entry>, storage::Error> {
        let after = after.and_then(place);
        let mut items = store::audit::find(&self.db, filter, after, size.get() + 1).await?;
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next =
            items.last().filter(|_| more).map(|last| Cursor(format!("{}.{}", last.at.as_micros(), last.id)));
        Ok(Page { items, next, total: store::audit::count(&self.db, filter).await? })
    }
}

/// What cannot be read is the beginning.
fn place(cursor: &Cursor) -> Option<(Timestamp, AuditId)> {
    let (at, id) = cursor.0.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

impl Identity {
    /// The audit log.
    pub fn audit(&self) -> Audit {
        Audit::new(self.db.clone(), self.clock.clone(), self.ids.clone())
    }

    /// Notes an act that changes nothing else, such as one that was refused.
    pub async fn note(&self, act: Act<'_>) -> Result<(), storage::Error> {
        let mut tx = self.db.begin().await?;
        self.audit().record(&mut tx, &act).await?;
        tx.commit().await
    }
}
