//! Signing in with an account of somebody else's: any provider that speaks `OpenID` Connect, and GitHub.
//!
//! The authorization code flow with PKCE (RFC 6749, RFC 7636, `OpenID` Connect Core 1.0), as RFC 9700 recommends it. A sign-in
//! that goes out is a row that works once, within ten minutes, for the provider it went to and for the browser that holds
//! its token; verifier and nonce are made of that token and are stored nowhere. What comes back names a person for ever
//! (the issuer and its `sub`; GitHub's address and number), and only that counts: an address of mail that has an account here never leads into it. Whoever
//! wants both signs in, and links the one to the other.
//!
//! Reading order: [`Provider`], [`Identity::depart`], [`Identity::arrive`], then `provider` (what is asked of one), `proof`
//! (what an ID token has to be).

mod proof;
mod provider;

use std::sync::Arc;
use std::time::Duration;

use base::id::UserId;
use base::{Clock, Secret, Timestamp};
use outbound::Outbound;
use storage::Tx;
use transient::{RetryAfter, Rule};
use url::Url;

pub use provider::{Kind, Provider, ProviderError};

use crate::account::AccountError;
use crate::audit::{Act, action};
use crate::mail::text;
use crate::second_factor::{Admitted, Pending};
use crate::session::{Granted, Means, Session};
use crate::store::providers as store;
use crate::{Client, GrantError, Identity, SignUp, Token, address};
use provider::{Back, Connected, Person};

/// How long a sign-in may be under way.
pub const JOURNEY_LIFETIME: Duration = Duration::from_mins(10);
/// Sign-ins that one place may begin, and may come back with.
const DEPARTURES: Rule = Rule { name: "provider-begin-place", quota: 30, window: Duration::from_mins(10) };
const ARRIVALS: Rule = Rule { name: "provider-end-place", quota: 30, window: Duration::from_mins(10) };

/// The providers that the operator named, in their order. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers(Arc<Vec<Connected>>);

/// Why a provider cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// Its name is none for addresses.
    #[error("`{0}` is no name of a provider: write small letters, digits and hyphens")]
    Id(String),
    /// Two have the same name.
    #[error("two providers are called `{0}`: names tell them apart")]
    Twice(String),
    /// Whoever is on the way could read along.
    #[error("the provider `{0}` is not reached over https")]
    Open(String),
}

/// Whether those can be used together: their names, and that they are reached over https.
pub fn usable(all: &[Provider]) -> Result<(), NotUsable> {
    for (at, provider) in all.iter().enumerate() {
        let plain = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-');
        if provider.id.is_empty() || provider.id.len() > 40 || !provider.id.chars().all(plain) {
            return Err(NotUsable::Id(provider.id.clone()));
        }
        if all[..at].iter().any(|other| other.id == provider.id) {
            return Err(NotUsable::Twice(provider.id.clone()));
        }
        if !provider.addresses().all(provider::is_private) {
            return Err(NotUsable::Open(provider.id.clone()));
        }
    }
    Ok(())
}

impl Providers {
    /// Those, over that way out.
    pub fn new(all: Vec<Provider>, outbound: &Outbound, clock: &Clock) -> Result<Self, NotUsable> {
        usable(&all)?;
        let connect = |provider| Connected::new(provider, outbound, clock.clone());
        Ok(Self(Arc::new(all.into_iter().map(connect).collect())))
    }

    fn get(&self, id: &str) -> Option<&Connected> {
        self.0.iter().find(|one| one.provider.id == id)
    }

    /// Whether an account there signs its person in.
    fn lead_in(&self, id: &str, issuer: &str) -> bool {
        self.get(id).is_some_and(|one| one.provider.issuer() == issuer)
    }
}

/// A sign-in that goes out.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Where the browser goes.
    pub address: Url,
    /// What the browser keeps until it is back.
    pub browser: Token,
}

/// What a browser brings back.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The state that it went out with.
    pub state: &'a Token,
    /// What it kept.
    pub browser: &'a Token,
    /// The code of the provider.
    pub code: &'a Secret,
    /// The issuer that the answer names (RFC 9207), where it does.
    pub issuer: Option<&'a str>,
}

/// What came of it.
#[derive(Debug)]
pub enum Arrived {
    /// Somebody is signed in.
    In(Granted),
    /// A code of their app is needed besides.
    Waiting(Pending),
    /// The account is linked to the one that was signed in.
    Linked,
}

/// An account of a provider that signs a person in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Whose: the provider's name in addresses.
    pub provider: String,
    /// What it is called there.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used to sign in.
    pub used_at: Option<Timestamp>,
}

/// Why nobody is signed in, or nothing is linked.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSignInError {
    /// There is no such provider here.
    #[error("there is no such provider")]
    Unknown,
    /// The sign-in is none that went out from this browser, was used, or took too long.
    #[error("this sign-in was used or took too long; begin again")]
    Over,
    /// The provider told nothing, or nothing that counts.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Nobody here has that account, and this server takes nobody new.
    #[error("no account here is linked to it, and this server takes nobody new by itself")]
    Closed,
    /// Nobody here has that account, and the provider vouches for no address of mail.
    #[error("the provider vouches for no address of mail")]
    NoEmail,
    /// Its address has an account here, which it is not linked to.
    #[error("its address has an account here; sign in to that and link them")]
    EmailKnown,
    /// Somebody here has that account already, or has another one of that provider.
    #[error("this account is linked to somebody else, or another one of this provider to you")]
    Taken,
    /// The account may not be entered.
    #[error("this account is closed")]
    Shut,
    /// The account here cannot be changed now.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// There were too many tries.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// No session could be made.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<storage::Error> for ProviderSignInError {
    fn from(error: storage::Error) -> Self {
        Self::Grant(error.into())
    }
}

/// Why an account is still linked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// There is no such link.
    #[error("there is no such linked account")]
    None,
    /// It is the only way in.
    #[error("this is the only way into the account; set a password or link another account first")]
    OnlyWay,
    /// The password is not right, or the database failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<storage::Error> for UnlinkError {
    fn from(error: storage::Error) -> Self {
        Self::Account(error.into())
    }
}

impl Identity {
    /// The providers that people can sign in with: name in addresses, and name for people.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.providers.0.iter().map(|one| &one.provider)
    }

    /// Begins a sign-in with a provider; with a session, one that links the account there to the one here, for the present
    /// password of whoever has one. `redirect` is the page that the browser comes back to.
    pub async fn depart(
        &self,
        provider: &str,
        linking: Option<(&Session, Option<&Secret>)>,
        redirect: &str,
        client: &Client,
    ) -> Result<Departure, ProviderSignInError> {
        let connected = self.providers.get(provider).ok_or(ProviderSignInError::Unknown)?;
        self.limit_place(client, &DEPARTURES).await?;
        if let Some((session, present)) = linking {
            self.confirm(session, present, action::LINKED, client).await?;
        }
        let (state, browser) = (Token::new(&self.ids), Token::new(&self.ids));
        let (nonce, verifier) = (browser.derive("nonce"), browser.derive("verifier"));
        // The provider first: no transaction is open while somebody else is asked.
        let address = connected.address(state.expose(), &nonce, &verifier, redirect).await?;
        let now = self.clock.now();
        let journey = store::Journey {
            state: state.hash(),
            browser: browser.hash(),
            provider,
            session: linking.map(|(session, _)| session.id),
        };
        let mut tx = self.db.begin().await?;
        store::insert_journey(&mut tx, journey, now, now.plus(JOURNEY_LIFETIME)).await?;
        tx.commit().await?;
        Ok(Departure { address, browser })
    }

    /// Ends a sign-in that came back. `redirect` is the page that it came back to, and `origin` where people reach this
    /// server.
    pub async fn arrive(
        &self,
        provider: &str,
        arrival: Arrival<'_>,
        redirect: &str,
        origin: &str,
        client: &Client,
    ) -> Result<Arrived, ProviderSignInError> {
        let connected = self.providers.get(provider).ok_or(ProviderSignInError::Unknown)?;
        self.limit_place(client, &ARRIVALS).await?;
        let mut tx = self.db.begin().await?;
        let (state, browser) = (arrival.state.hash(), arrival.browser.hash());
        let journey = store::take_journey(&mut tx, state, browser, provider, self.clock.now()).await?;
        tx.commit().await?;
        let Some(journey) = journey else {
            self.note(Act::refused(action::SIGN_IN, client).means(Means::Provider)).await?;
            return Err(ProviderSignInError::Over);
        };
        let (nonce, verifier) = (arrival.browser.derive("nonce"), arrival.browser.derive("verifier"));
        let back =
            Back { code: arrival.code, issuer: arrival.issuer, verifier: &verifier, nonce: &nonce, redirect };
        let person = match connected.person(back).await {
            Ok(person) => person,
            Err(error) => {
                self.note(Act::refused(action::SIGN_IN, client).means(Means::Provider)).await?;
                return Err(error.into());
            }
        };
        match journey.session_id {
            Some(session) => self.link(connected, &session, person, origin, client).await,
            None => self.enter(connected, person, client).await,
        }
    }

    /// Signs in whoever has that account, or makes them one here.
    async fn enter(
        &self,
        connected: &Connected,
        person: Person,
        client: &Client,
    ) -> Result<Arrived, ProviderSignInError> {
        let entered = self.enter_once(connected, &person, client).await;
        // Somebody new may come in two windows at once: the second finds what the first has made.
        let beaten = matches!(
            entered,
            Err(ProviderSignInError::EmailKnown
                | ProviderSignInError::Grant(GrantError::Storage(storage::Error::Conflict(_))))
        );
        if beaten {
            // What the first wrote may be seen by writers before it can be read: once this is through, it can.
            self.db.begin().await?.commit().await?;
            if store::person(&self.db, connected.holder(&person.subject)).await?.is_some() {
                return self.enter_once(connected, &person, client).await;
            }
        }
        entered
    }

    async fn enter_once(
        &self,
        connected: &Connected,
        person: &Person,
        client: &Client,
    ) -> Result<Arrived, ProviderSignInError> {
        let signer = self.signer().await?;
        let now = self.clock.now();
        let holder = connected.holder(&person.subject);
        let user = store::person(&self.db, holder).await?;
        let known = match user {
            Some(user) => crate::store::accounts::by_id(&self.db, user).await?,
            None => None,
        };
        if let Some(known) = known.as_ref().filter(|known| known.shut) {
            let act = Act::refused(action::SIGN_IN, client).by(known.user.id).means(Means::Provider);
            self.note(act).await?;
            return Err(ProviderSignInError::Shut);
        }
        let mut tx = self.db.begin().await?;
        let user = if let Some(known) = known {
            if !store::use_link(&mut tx, holder, known.user.id, now).await? {
                return Err(ProviderSignInError::Over);
            }
            known.user
        } else {
            let user = self.welcome(&mut tx, person, client).await?;
            store::insert_link(&mut tx, holder, user.id, &label(person), now).await?;
            store::use_link(&mut tx, holder, user.id, now).await?;
            user
        };
        let admitted = self.admit(&mut tx, &signer, user, Means::Provider, client).await?;
        tx.commit().await?;
        Ok(match admitted {
            Admitted::In(granted) => Arrived::In(granted),
            Admitted::Waiting(pending) => Arrived::Waiting(pending),
        })
    }

    /// Makes an account for somebody whom the provider vouches for.
    async fn welcome(
        &self,
        tx: &mut Tx,
        person: &Person,
        client: &Client,
    ) -> Result<crate::User, ProviderSignInError> {
        let email = person.email.as_deref().and_then(address::email);
        // Also where nobody new is taken: who has that address, as the provider says, learns that it has an account.
        if let Some(email) = &email
            && crate::store::accounts::by_email_in(tx, email).await?.is_some()
        {
            return Err(ProviderSignInError::EmailKnown);
        }
        if self.sign_up == SignUp::Closed {
            return Err(ProviderSignInError::Closed);
        }
        let email = email.ok_or(ProviderSignInError::NoEmail)?;
        let named = person.name.as_deref().and_then(address::name);
        let name = named.unwrap_or_else(|| address::handle(&email));
        Ok(self.found_account(tx, name, email, None, client).await?)
    }

    /// Links that account to the person of the session that asked for it, while that session lives.
    async fn link(
        &self,
        connected: &Connected,
        session: &str,
        person: Person,
        origin: &str,
        client: &Client,
    ) -> Result<Arrived, ProviderSignInError> {
        let session = session.parse().map_err(storage::Error::corrupt)?;
        let now = self.clock.now();
        let live = crate::store::sessions::live(&self.db, session, now).await?;
        let user = live.ok_or(ProviderSignInError::Over)?.user;
        let mut tx = self.db.begin().await?;
        // Whoever ends the sessions of this person is before it, or waits for it.
        crate::store::accounts::hold(&mut tx, user.id).await?;
        if !crate::store::sessions::lives_in(&mut tx, user.id, session, now).await? {
            return Err(ProviderSignInError::Over);
        }
        let (provider, holder) = (&connected.provider, connected.holder(&person.subject));
        let linked = if store::may_link(&mut tx, holder, user.id).await? {
            match store::insert_link(&mut tx, holder, user.id, &label(&person), now).await {
                // Somebody else was quicker.
                Err(storage::Error::Conflict(_)) => false,
                linked => linked.map(|()| true)?,
            }
        } else {
            false
        };
        if !linked {
            drop(tx);
            self.note(Act::refused(action::LINKED, client).by(user.id).to(provider.id.as_str())).await?;
            return Err(ProviderSignInError::Taken);
        }
        self.post(&mut tx, user.email.as_deref(), &text::linked(origin, &provider.name)).await?;
        self.audit()
            .record(&mut tx, &Act::done(action::LINKED, user.id, client).to(provider.id.as_str()))
            .await?;
        tx.commit().await?;
        Ok(Arrived::Linked)
    }

    /// The accounts that sign a person in, by provider.
    pub async fn linked(&self, user: UserId) -> Result<Vec<Linked>, storage::Error> {
        store::linked(&self.db, user).await
    }

    /// Takes a link away, for the present password of whoever has one; not the last way in.
    pub async fn unlink(
        &self,
        session: &Session,
        provider: &str,
        present: Option<&Secret>,
        client: &Client,
    ) -> Result<(), UnlinkError> {
        let user = session.user.id;
        let has_password = self.confirm(session, present, action::UNLINKED, client).await?.is_some();
        let mut tx = self.db.begin().await?;
        // Two that come at once wait for each other, so that none of them leaves nothing.
        crate::store::accounts::hold(&mut tx, user).await?;
        let issuer = store::remove_link(&mut tx, user, provider).await?.ok_or(UnlinkError::None)?;
        // A link to a provider that the operator took away leads nowhere: it is no other way in, nor one to be missed.
        if !has_password && self.providers.lead_in(provider, &issuer) {
            let left = store::left(&mut tx, user).await?;
            if !left.iter().any(|(provider, issuer)| self.providers.lead_in(provider, issuer)) {
                return Err(UnlinkError::OnlyWay);
            }
        }
        self.audit().record(&mut tx, &Act::done(action::UNLINKED, user, client).to(provider)).await?;
        Ok(tx.commit().await?)
    }
}

/// What the account is called in a list.
fn label(person: &Person) -> String {
    let label = person.email.as_deref().or(person.name.as_deref()).unwrap_or(&person.subject);
    label.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
