//! People: their accounts, workspaces and sessions, the mail they get, and what they did.
//!
//! On a laptop a server has one owner, who signs in with a one-time link that the server prints when it starts:
//! nothing to register, no password to lose. Everybody else signs in with an address and a password. Tenancy is
//! complete either way: every session belongs to a person, every actor to a workspace.
//!
//! Deliberately unknown here: HTTP, cookies, what the other contexts store.
//!
//! Reading order: [`Identity`], [`people`] (who there is), [`session`] (what signing in gives, and how it ends), the
//! ways to sign in: [`link`], [`sign_in`], [`providers`], [`second_factor`], [`sign_up`], [`recover`], [`device`]; who is where:
//! [`workspaces`], [`members`], [`invites`], [`requests`], and [`api_tokens`] that act for them; then [`account`] (what
//! people do with theirs), [`avatar`], [`password`], [`token`] (what is handed out, and what is stored of it), [`mail`], [`audit`].

pub mod account;
mod address;
pub mod api_tokens;
pub mod audit;
pub mod avatar;
pub mod device;
pub mod invites;
pub mod link;
pub mod mail;
pub mod members;
pub mod password;
pub mod people;
pub mod providers;
pub mod recover;
pub mod requests;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod sign_up;
mod store;
pub mod token;
pub mod workspaces;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use base::{Clock, Ids};
use events::Events;
use jobs::Jobs;
use secrets::Keyring;
use storage::Db;
use transient::{Limits, RetryAfter, Rule};

pub use audit::Audit;
pub use link::{LINK_LIFETIME, RedeemError};
pub use people::{Membership, User, Workspace};
pub use session::{
    ACCESS_LIFETIME, AuthError, Changed, GrantError, Granted, IDLE_LIFETIME, KeyPlace, REFRESH_GRACE,
    RefreshError, SESSION_LIFETIME, Session, SessionInfo, SignOut,
};
pub use sign_up::SignUp;
pub use token::Token;

use mail::Mailer;
use password::Passwords;
use providers::Providers;
use session::{Keys, Live};

/// At most this much is remembered of what a client calls itself.
const AGENT_LIMIT: usize = 200;
/// How long sessions that are over, and mail, can be looked up.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// The program that somebody uses, as far as it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address it comes from, where that is known.
    pub place: Option<String>,
    /// What it calls itself; bounded.
    pub agent: String,
    /// The hash of what it was given when somebody trusted it.
    browser: Option<Vec<u8>>,
}

impl Client {
    /// From that address, under that name.
    pub fn new(place: Option<String>, agent: &str) -> Self {
        Self { place, agent: agent.chars().take(AGENT_LIMIT).collect(), browser: None }
    }

    /// With what it was given when somebody trusted it.
    #[must_use]
    pub fn trusted_by(mut self, token: &Token) -> Self {
        self.browser = Some(token.hash());
        self
    }

    /// Its address as limits count it: of IPv6 the first 64 bits, since whoever has one such network has all of it.
    pub fn network(&self) -> Option<String> {
        let place = self.place.as_deref()?;
        let Ok(IpAddr::V6(address)) = place.parse() else { return Some(place.to_owned()) };
        let network = address.to_bits() & (u128::MAX << 64);
        Some(format!("{}/64", Ipv6Addr::from_bits(network)))
    }
}

/// What the operator decided.
pub struct Config {
    /// Who may ask for an account.
    pub sign_up: SignUp,
    /// Where the key is kept that signs access tokens.
    pub keys: KeyPlace,
    /// How long a session lives that nobody refreshes; longer than [`SESSION_LIFETIME`] is no longer.
    pub session_idle: Duration,
    /// Passwords that may be looked at at once.
    pub hashes: usize,
    /// The mail server; without one, mail is held for the operator.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Seals the keys of second factors; without it, nobody can have one.
    pub keyring: Option<Keyring>,
    /// Whose accounts sign people in besides.
    pub providers: Providers,
}

impl Config {
    /// Nobody signs up, keys end with the process, mail is held. For tests and for programs that serve nobody.
    pub fn closed() -> Self {
        Self {
            sign_up: SignUp::Closed,
            keys: KeyPlace::Memory,
            session_idle: IDLE_LIFETIME,
            hashes: 1,
            mailer: None,
            keyring: None,
            providers: Providers::default(),
        }
    }
}

/// What the context is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Where the end of sessions is told.
    pub events: Events,
    /// Who sends mail.
    pub jobs: Jobs,
    /// How often somebody may try.
    pub limits: Limits,
    /// The clock.
    pub clock: Clock,
    /// The source of ids and secrets.
    pub ids: Ids,
    /// What the operator decided.
    pub config: Config,
}

/// The context.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    events: Events,
    jobs: Jobs,
    clock: Clock,
    ids: Ids,
    sign_up: SignUp,
    session_idle: Duration,
    keys: Keys,
    passwords: Passwords,
    mailer: Option<Arc<dyn Mailer>>,
    keyring: Option<Keyring>,
    providers: Providers,
    limits: Limits,
    live: Live,
    used: api_tokens::Used,
    easel: avatar::Easel,
    /// Counts in this process alone: each node bounds what it asks the database.
    shown: Limits,
}

impl Identity {
    /// Joins the context to its parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, events, jobs, limits, clock, ids, config } = parts;
        Self {
            keys: Keys::new(db.clone(), clock.clone(), ids.clone(), config.keys),
            passwords: Passwords::new(config.hashes, ids.clone()),
            limits,
            live: Live::default(),
            used: api_tokens::Used::default(),
            easel: avatar::Easel::default(),
            shown: Limits::in_process(clock.clone()),
            sign_up: config.sign_up,
            session_idle: config.session_idle,
            mailer: config.mailer,
            keyring: config.keyring,
            providers: config.providers,
            db,
            events,
            jobs,
            clock,
            ids,
        }
    }

    /// Who may ask for an account.
    pub fn sign_up_mode(&self) -> SignUp {
        self.sign_up
    }

    /// Counts one of a place. One that is not known is not limited: it is everybody's, and one could lock out all.
    pub(crate) async fn limit_place(&self, client: &Client, rule: &Rule) -> Result<(), RetryAfter> {
        if let Some(network) = client.network() {
            self.limits.check(&network, rule).await?;
        }
        Ok(())
    }

    /// Forgets sessions that ended and mail, each a month after, and at once what was asked for and ran out; how many.
    /// Sessions from a time when one could be left unused for longer are held to what it is now.
    pub async fn trim(&self) -> Result<u64, storage::Error> {
        let now = self.clock.now();
        let before = now.minus(KEPT);
        let mut tx = self.db.begin().await?;
        store::sessions::hold_to(&mut tx, self.session_idle).await?;
        let sessions = store::sessions::forget(&mut tx, before).await?;
        let forms = store::accounts::forget(&mut tx, now).await?;
        let factors = store::factors::forget(&mut tx, now).await?;
        let mail = store::mail::forget(&mut tx, before).await?;
        let invites = store::invites::forget(&mut tx, before).await?;
        let tokens = store::api_tokens::forget(&mut tx, before).await?;
        let devices = store::devices::forget(&mut tx, before).await?;
        let journeys = store::providers::forget(&mut tx, now).await?;
        tx.commit().await?;
        Ok(sessions + forms + factors + mail + invites + tokens + devices + journeys)
    }
}
