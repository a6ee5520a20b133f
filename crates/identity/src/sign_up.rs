//! Asking for an account, and showing that its address is one's own.
//!
//! Whether an address has an account never shows: the same work is done and the same answer given for each; what
//! differs stands in the mail. The account is made when its address is shown to be theirs, not before, so that nobody
//! can take an address that they do not read.

use std::time::Duration;

use base::{Actor, Role, Secret};
use storage::Tx;
use subtle::ConstantTimeEq as _;
use transient::{RetryAfter, Rule};

use crate::audit::{Act, action};
use crate::mail::text;
use crate::password::{Busy, Refused, SetError, Verdict};
use crate::people::{User, Workspace};
use crate::session::{Granted, Means};
use crate::store::accounts::Wanted;
use crate::{Client, GrantError, Identity, Token, address, store};

/// How long an account that was asked for waits.
pub const SIGN_UP_LIFETIME: Duration = Duration::from_hours(1);
/// How long the code of that mail works: six digits can be guessed, the address beside them cannot (ASVS 6.5.5).
pub const CODE_LIFETIME: Duration = Duration::from_mins(10);
/// How often a code may be tried.
const TRIES: u32 = 5;
/// Accounts that one place may ask for.
const PLACE: Rule = Rule { name: "sign-up-place", quota: 20, window: Duration::from_hours(1) };
/// Mails that one address is sent because of it.
const ADDRESS: Rule = Rule { name: "sign-up-address", quota: 5, window: Duration::from_hours(1) };
/// Codes that one place may try.
const CODES: Rule = Rule { name: "verify-place", quota: 30, window: Duration::from_mins(10) };

/// Who may ask for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignUp {
    /// Nobody, until whoever runs the server opens it.
    #[default]
    Closed,
    /// Everybody.
    Open,
}

/// Why no account is on its way.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// This server takes no new people.
    #[error("this server takes nobody new by itself; ask whoever runs it to open sign-up")]
    Closed,
    /// The invitation does not work.
    #[error("this invitation does not work, or no longer; ask for another one")]
    Invite,
    /// The invitation went to another address.
    #[error("the invitation was sent to another address; sign up with that one")]
    OtherAddress,
    /// The name is none.
    #[error("a name has 1 to {} characters on one line", address::NAME)]
    Name,
    /// The address is none.
    #[error("this is not an address of mail")]
    Email,
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] Refused),
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

impl From<SetError> for SignUpError {
    fn from(error: SetError) -> Self {
        match error {
            SetError::Refused(refused) => Self::Password(refused),
            SetError::Busy(busy) => Self::Busy(busy),
        }
    }
}

/// Why an address is not shown to be somebody's.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The code or link is not right, was used, is too old, or was tried too often; which is not told.
    #[error("this code or link does not work, or no longer; sign up again for a fresh one")]
    Refused,
    /// The password is not the one that was chosen with the address of the link.
    #[error("this is not the password that was chosen at sign-up")]
    Password,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// Too many passwords are being looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for VerifyError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

impl Identity {
    /// Asks for an account. What comes back is the ticket that the code of the mail belongs to. `origin` is where
    /// people reach this server.
    pub async fn sign_up(
        &self,
        name: &str,
        email: &str,
        password: &Secret,
        origin: &str,
        client: &Client,
    ) -> Result<Token, SignUpError> {
        if self.sign_up == SignUp::Closed {
            return Err(SignUpError::Closed);
        }
        self.ask_for_account(name, email, password, origin, client).await
    }

    /// The same for somebody who may ask for one.
    pub(crate) async fn ask_for_account(
        &self,
        name: &str,
        email: &str,
        password: &Secret,
        origin: &str,
        client: &Client,
    ) -> Result<Token, SignUpError> {
        let name = address::name(name).ok_or(SignUpError::Name)?;
        let email = address::email(email).ok_or(SignUpError::Email)?;
        self.limit_place(client, &PLACE).await?;
        self.limits.check(&email, &ADDRESS).await?;
        let password = self.passwords.set(password, &[&name, &email]).await?;
        let (ticket, link, code) = (Token::new(&self.ids), Token::new(&self.ids), self.code());
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let known = store::accounts::by_email_in(&mut tx, &email).await?.is_some();
        let letter = if known { text::known(origin) } else { text::verify(origin, &code, &link) };
        self.post(&mut tx, Some(&email), &letter).await?;
        let wanted = store::accounts::SignUp {
            ticket: ticket.hash(),
            link: link.hash(),
            code: ticket.hash_code(&code),
            email,
            name,
            password,
            known,
            expires_at: now.plus(SIGN_UP_LIFETIME),
        };
        store::accounts::insert_sign_up(&mut tx, wanted, now).await?;
        self.audit().record(&mut tx, &Act::by_nobody(action::SIGN_UP, client)).await?;
        tx.commit().await?;
        Ok(ticket)
    }

    /// Makes the account that was asked for, and signs in: whoever has ticket and code asked for it and reads its mail.
    pub async fn verify_code(
        &self,
        ticket: &Token,
        code: &str,
        client: &Client,
    ) -> Result<Granted, VerifyError> {
        self.limit_place(client, &CODES).await?;
        let signer = self.signer().await?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // The try counts, whatever comes of it; so it is kept before it is looked at.
        let right =
            store::accounts::try_code(&mut tx, &ticket.hash(), TRIES, now.minus(CODE_LIFETIME)).await?;
        tx.commit().await?;
        let given = ticket.hash_code(code.trim());
        if !right.is_some_and(|right| bool::from(right.ct_eq(&given))) {
            self.note(Act::refused(action::CREATED, client)).await?;
            return Err(VerifyError::Refused);
        }
        let mut tx = self.db.begin().await?;
        let taken = store::accounts::take_sign_up(&mut tx, Some(&ticket.hash()), None, now).await?;
        let user = self.make_account(&mut tx, taken, client).await?;
        let granted = self.grant(&mut tx, &signer, user, Means::SignUp, client).await?;
        tx.commit().await?;
        Ok(granted)
    }

    /// Makes the account that was asked for, and signs nobody in. Whoever follows the link reads the mail, but may not
    /// be the one who asked: only who knows the password that was chosen goes on. Otherwise a program that looks into
    /// mail, or a hasty click, would give a stranger an account under an address that they do not read.
    pub async fn verify_link(
        &self,
        link: &Token,
        password: &Secret,
        client: &Client,
    ) -> Result<(), VerifyError> {
        self.limit_place(client, &CODES).await?;
        let mut tx = self.db.begin().await?;
        // Counted before it is looked at, like a code.
        let chosen = store::accounts::try_link(&mut tx, &link.hash(), TRIES, self.clock.now()).await?;
        tx.commit().await?;
        let Some(chosen) = chosen else {
            self.note(Act::refused(action::CREATED, client)).await?;
            return Err(VerifyError::Refused);
        };
        if self.passwords.verify(password, Some(&chosen)).await? == Verdict::Wrong {
            self.note(Act::refused(action::CREATED, client)).await?;
            return Err(VerifyError::Password);
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let taken = store::accounts::take_sign_up(&mut tx, None, Some(&link.hash()), now).await?;
        self.make_account(&mut tx, taken, client).await?;
        Ok(tx.commit().await?)
    }

    async fn make_account(
        &self,
        tx: &mut Tx,
        wanted: Option<Wanted>,
        client: &Client,
    ) -> Result<User, VerifyError> {
        let wanted = wanted.filter(|wanted| !wanted.known).ok_or(VerifyError::Refused)?;
        // Asked for twice, and made the other time.
        if store::accounts::by_email_in(tx, &wanted.email).await?.is_some() {
            return Err(VerifyError::Refused);
        }
        Ok(self.found_account(tx, wanted.name, wanted.email, Some(&wanted.password), client).await?)
    }

    /// Makes an account with a workspace of its own. The address is known to be theirs.
    pub(crate) async fn found_account(
        &self,
        tx: &mut Tx,
        name: String,
        email: String,
        password: Option<&str>,
        client: &Client,
    ) -> Result<User, storage::Error> {
        let now = self.clock.now();
        let handle = free_name(tx, &address::handle(&email)).await?;
        let id = self.ids.new_id();
        let user =
            User { id, handle: handle.clone(), name, email: Some(email), operator: false, avatar: None };
        let workspace = Workspace { id: self.ids.new_id(), slug: handle, name: user.name.clone() };
        store::people::insert_user(tx, &user, password, now).await?;
        store::people::insert_workspace(tx, &workspace, now).await?;
        let owner = Actor::new(user.id, workspace.id, Role::Owner);
        store::people::insert_member(tx, &owner, now).await?;
        self.audit().record(tx, &Act::done(action::CREATED, user.id, client)).await?;
        Ok(user)
    }

    /// Six digits.
    fn code(&self) -> String {
        let token = self.ids.new_token();
        let number = token.iter().fold(0_u32, |number, byte| (number * 256 + u32::from(*byte)) % 1_000_000);
        format!("{number:06}")
    }
}

/// The name, or the first of its kind with a number that nobody has.
pub(crate) async fn free_name(tx: &mut Tx, name: &str) -> Result<String, storage::Error> {
    let mut tried = name.to_owned();
    let mut number = 1;
    while store::people::name_is_taken(tx, &tried).await? {
        number += 1;
        tried = format!("{name}-{number}");
    }
    Ok(tried)
}
