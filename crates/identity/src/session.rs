//! Sessions: an access token for ten minutes, a refresh token for one use, and an end that is felt at once.
//!
//! A client holds two tokens. The access token says who it is and is checked without the database but for one
//! question: does the session still live? The answer to that is kept for less than a second, and forgotten at once
//! where this process ends the session, or hears from another that it did. The refresh token is good once; it buys the
//! next pair. One that comes a second time was stolen, or was the thief's: the session ends, and both sign in again.
//! Only an answer that may have got lost is given again: within ten seconds, while nobody has used what it gave. Every
//! refresh moves the end of the session on, by the time that it may be idle, and never past thirty days after it began.
//!
//! Reading order: [`Granted`] and [`Session`], [`Identity::refresh`], [`Identity::authenticate`], then `access` (the
//! token), `keys` (what signs it), `eddsa`, `live` (which sessions live).

pub(crate) mod access;
mod eddsa;
mod keys;
mod live;

use std::time::Duration;

use base::id::{SessionId, UserId};
use base::{Secret, Timestamp};
use events::{Channel, Event};
use jsonwebtoken::EncodingKey;
use storage::Tx;
use tokio::sync::broadcast;
use transient::{RetryAfter, Rule};

pub use access::ACCESS_LIFETIME;
pub(crate) use keys::Keys;
pub use keys::{KeyError, KeyPlace, PublicKey};
pub use live::Changed;
pub(crate) use live::Live;

use crate::audit::{Act, action};
use crate::people::User;
use crate::store::sessions::Which;
use crate::{Client, Identity, Token, store};
use access::{Claims, NotTaken};

/// How long a session lives, however often it is refreshed.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long a session lives that nobody refreshes, unless the operator says otherwise.
pub const IDLE_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long the answer to a refresh can be given again.
pub const REFRESH_GRACE: Duration = Duration::from_secs(10);
/// Refresh tokens that one place may invent.
const INVENTED: Rule = Rule { name: "refresh-place", quota: 30, window: Duration::from_mins(10) };

/// Declares a closed set of words that is stored as text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The word it is stored as.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// What that word means.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// How somebody signed in.
    Means {
        /// With a one-time link.
        Link => "link",
        /// With a password.
        Password => "password",
        /// By showing that the address they signed up with is theirs.
        SignUp => "sign_up",
        /// By setting a new password.
        Reset => "reset",
        /// By a code that was approved where they were signed in.
        Device => "device",
        /// With an account of a provider.
        Provider => "provider",
    }
}

words! {
    /// Why a session ended before its time.
    Ended {
        /// Its person signed out in it.
        SignedOut => "signed_out",
        /// Its person ended it from another one.
        Revoked => "revoked",
        /// A used refresh token came again.
        Replayed => "replayed",
        /// The password was changed.
        PasswordChanged => "password_changed",
        /// The account was closed to its person.
        Disabled => "disabled",
        /// The account was deleted.
        Deleted => "deleted",
    }
}

/// A signed-in client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user: User,
    /// When it ends by itself, if nobody refreshes it.
    pub expires_at: Timestamp,
}

/// A session in the list of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Which.
    pub id: SessionId,
    /// How they signed in.
    pub means: Means,
    /// What the client calls itself.
    pub agent: String,
    /// The address it was last used from.
    pub place: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last used, to ten minutes.
    pub used_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// A session and what its client needs to go on.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The session.
    pub session: Session,
    /// Says who the client is, for a short time.
    pub access: Secret,
    /// When it no longer does.
    pub access_expires_at: Timestamp,
    /// Buys the next pair, once.
    pub refresh: Token,
}

/// Why there is no session, although everything was right.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no key to sign with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token could not be signed.
    #[error("the access token could not be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why an access token signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It is too old: a refresh gives another.
    #[error("the access token has expired; refresh it")]
    Expired,
    /// It is none of ours, or its session is over.
    #[error("the session is missing or has ended")]
    SignedOut,
    /// It is not known whether the session lives.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why a refresh token buys nothing.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Its session is over, or it never had one. If it was used before, its session is over now.
    #[error("the session has ended; sign in again")]
    SignedOut,
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for RefreshError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

/// Which of a person's sessions are to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOut {
    /// This one.
    This,
    /// All others.
    Others,
    /// All.
    All,
}

/// A key and its id.
pub(crate) type Signer = (String, EncodingKey);

impl Identity {
    /// What signs. To be asked before a transaction begins, because it may make one.
    pub(crate) async fn signer(&self) -> Result<Signer, GrantError> {
        Ok(self.keys.signing().await?)
    }

    /// The public keys that access tokens are signed with, the newest first.
    pub async fn public_keys(&self) -> Result<Vec<PublicKey>, storage::Error> {
        self.keys.public().await
    }

    /// Makes a session for somebody who has shown who they are.
    pub(crate) async fn grant(
        &self,
        tx: &mut Tx,
        signer: &Signer,
        user: User,
        means: Means,
        client: &Client,
    ) -> Result<Granted, GrantError> {
        let now = self.clock.now();
        let session = Session { id: self.ids.new_id(), user, expires_at: self.session_end(now, now) };
        store::sessions::insert(tx, &session, means, client, now).await?;
        let refresh = Token::new(&self.ids);
        store::sessions::insert_refresh(tx, refresh.hash(), session.id, now).await?;
        let act = Act::done(action::SIGN_IN, session.user.id, client).to(session.id).means(means);
        self.audit().record(tx, &act).await?;
        self.hand_over(signer, session, refresh)
    }

    /// When a session ends that is used now and by nobody after.
    fn session_end(&self, began: Timestamp, now: Timestamp) -> Timestamp {
        began.plus(SESSION_LIFETIME).min(now.plus(self.session_idle))
    }

    fn hand_over(&self, signer: &Signer, session: Session, refresh: Token) -> Result<Granted, GrantError> {
        let claims = Claims::new(session.user.id, session.id, self.clock.now(), &self.ids);
        let access = Secret::new(claims.sign(&signer.0, &signer.1)?);
        Ok(Granted { session, access, access_expires_at: claims.expires_at(), refresh })
    }

    /// The session that an access token speaks for, while it lives.
    pub async fn authenticate(&self, access: &str) -> Result<Session, AuthError> {
        let kid = access::kid(access).ok_or(AuthError::SignedOut)?;
        let key = self.keys.verifying(&kid).await?;
        let claims = match Claims::verify(access, self.clock.now(), |_| key) {
            Ok(claims) => claims,
            Err(NotTaken::Expired) => return Err(AuthError::Expired),
            Err(NotTaken::Invalid) => return Err(AuthError::SignedOut),
        };
        let session = self.live(claims.sid).await?.filter(|session| session.user.id == claims.sub);
        session.ok_or(AuthError::SignedOut)
    }

    /// The session, while it lives; known anew at least once a second.
    async fn live(&self, session: SessionId) -> Result<Option<Session>, storage::Error> {
        let now = self.clock.now();
        // The end of one that is over may have moved on since.
        if let Some(known) = self.live.get(session).filter(|known| known.expires_at > now) {
            return Ok(Some(known));
        }
        let asked = self.live.asked();
        let found = store::sessions::live(&self.db, session, now).await?;
        if let Some(found) = &found {
            self.live.put(found.clone(), asked);
        }
        Ok(found)
    }

    /// What changes about sessions and people on this node from now on: for who tells other nodes to ask again.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.live.changes()
    }

    /// Another node says that this changed, or that anything may have: the database is asked before anybody is believed.
    /// A word that is not true costs one question.
    pub fn changed_elsewhere(&self, changed: Option<Changed>) {
        self.live.heard(changed);
    }

    /// Whether the session still lives, as the database says; long connections ask again.
    pub async fn is_live(&self, session: SessionId) -> Result<bool, storage::Error> {
        Ok(store::sessions::live(&self.db, session, self.clock.now()).await?.is_some())
    }

    /// The next pair for a refresh token.
    pub async fn refresh(&self, token: &Token, client: &Client) -> Result<Granted, RefreshError> {
        // Looked up before anything is written: there is one writer, and it does not work for what anybody made up.
        if !store::sessions::refresh_exists(&self.db, &token.hash()).await? {
            self.limits.check(&client.network().unwrap_or_default(), &INVENTED).await?;
            return Err(RefreshError::SignedOut);
        }
        let signer = self.signer().await?;
        let now = self.clock.now();
        let fresh = Token::new(&self.ids);
        let mut tx = self.db.begin().await?;
        // First the change, so that of many who come at once the database lets one through; the others then see it.
        let first = store::sessions::use_refresh(&mut tx, &token.hash(), token.seal(&fresh), now).await?;
        let Some(found) = store::sessions::refresh(&mut tx, &token.hash()).await? else {
            return Err(RefreshError::SignedOut);
        };
        if !found.lives(now) {
            return Err(RefreshError::SignedOut);
        }
        if first {
            store::sessions::insert_refresh(&mut tx, fresh.hash(), found.session_id, now).await?;
            let end = self.session_end(found.began_at, now);
            store::sessions::touch(&mut tx, found.session_id, client, now, end).await?;
            tx.commit().await?;
            let session = Session { expires_at: end, ..found.session() };
            return Ok(self.hand_over(&signer, session, fresh)?);
        }
        if let Some(again) = Self::lost_answer(&mut tx, token, &found, now).await? {
            return Ok(self.hand_over(&signer, found.session(), again)?);
        }
        let (owner, session) = (found.owner, found.session_id);
        self.end(&mut tx, owner, Which::One(session), Ended::Replayed).await?;
        let act = Act::refused(action::REPLAY, client).by(owner).to(session);
        self.audit().record(&mut tx, &act).await?;
        tx.commit().await?;
        tracing::warn!(%session, "a used refresh token came again; its session was ended");
        Err(RefreshError::SignedOut)
    }

    /// The session of a refresh token, used or not, while it lives: who holds one may end it.
    pub async fn held_with(&self, token: &Token) -> Result<Option<Session>, storage::Error> {
        // Not a transaction for what anybody made up, as in `refresh`.
        if !store::sessions::refresh_exists(&self.db, &token.hash()).await? {
            return Ok(None);
        }
        let mut tx = self.db.begin().await?;
        let found = store::sessions::refresh(&mut tx, &token.hash()).await?;
        Ok(found.filter(|found| found.lives(self.clock.now())).map(store::sessions::Refresh::session))
    }

    /// What a used token bought, where its answer may have got lost and nobody has used it.
    async fn lost_answer(
        tx: &mut Tx,
        token: &Token,
        found: &store::sessions::Refresh,
        now: Timestamp,
    ) -> Result<Option<Token>, storage::Error> {
        let recent = found.used_at().is_some_and(|at| now.since(at) < REFRESH_GRACE);
        let successor = found.successor.as_deref().filter(|_| recent).and_then(|sealed| token.open(sealed));
        let Some(successor) = successor else { return Ok(None) };
        let known = store::sessions::refresh(tx, &successor.hash()).await?;
        Ok(known.filter(|next| next.used_at().is_none()).map(|_| successor))
    }

    /// Ends sessions of a person with this transaction: requests, live channels and refreshes of them fail from then on.
    /// With more than one of them goes what could still become one: sign-ins that wait for a code, and programs that were
    /// approved.
    pub(crate) async fn end(
        &self,
        tx: &mut Tx,
        user: UserId,
        which: Which,
        why: Ended,
    ) -> Result<Vec<SessionId>, storage::Error> {
        if !matches!(which, Which::One(_)) {
            store::accounts::hold(tx, user).await?;
            // Before the sessions: one that is being made of these is waited for, and then seen.
            store::factors::forget_pending(tx, user).await?;
            store::devices::forget_of(tx, user).await?;
        }
        let ended = store::sessions::end(tx, user, which, why, self.clock.now()).await?;
        for &session in &ended {
            self.events.emit(tx, Channel::user(user), Some(user), Event::SessionRevoked { session });
        }
        let (live, gone) = (self.live.clone(), ended.clone());
        tx.after_commit(move || live.forget(&gone));
        Ok(ended)
    }

    /// Signs out. Ending what has ended already is not an error. Which sessions were ended.
    pub async fn sign_out(
        &self,
        session: &Session,
        which: SignOut,
        client: &Client,
    ) -> Result<Vec<SessionId>, storage::Error> {
        let (which, why) = match which {
            SignOut::This => (Which::One(session.id), Ended::SignedOut),
            SignOut::Others => (Which::AllBut(session.id), Ended::Revoked),
            SignOut::All => (Which::All, Ended::SignedOut),
        };
        self.end_noted(session.user.id, which, why, client).await
    }

    /// Ends one session of the same person; whether there was such a one.
    pub async fn revoke(
        &self,
        user: UserId,
        session: SessionId,
        client: &Client,
    ) -> Result<bool, storage::Error> {
        let ended = self.end_noted(user, Which::One(session), Ended::Revoked, client).await?;
        Ok(!ended.is_empty())
    }

    async fn end_noted(
        &self,
        user: UserId,
        which: Which,
        why: Ended,
        client: &Client,
    ) -> Result<Vec<SessionId>, storage::Error> {
        let mut tx = self.db.begin().await?;
        let ended = self.end(&mut tx, user, which, why).await?;
        for session in &ended {
            let act = Act::done(action::SIGN_OUT, user, client).to(*session).saying(why.as_str());
            self.audit().record(&mut tx, &act).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// The sessions of a person that live, the last used first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<SessionInfo>, storage::Error> {
        store::sessions::of_user(&self.db, user, self.clock.now()).await
    }
}
