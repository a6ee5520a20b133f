//! Which language models a workspace asks, and what it may spend on them.
//!
//! A workspace sets up providers (their keys are sealed, and never shown again), says whom it asks in which order, and
//! what may be spent in a day; the operator can do the same for all in the configuration. Every question goes through one
//! gateway, is held to those budgets, and is written into the books.
//!
//! Deliberately unknown here: what is asked and why, HTTP, the environment.
//!
//! Reading order: [`model`] (what is set up: pure), [`Models`] (the use cases), `asking` (a question and its books),
//! `network` (the way to providers), `keys` (changing what keys are sealed under); inside, `store` holds the SQL.

mod asking;
mod keys;
pub mod model;
mod network;
mod store;

use std::sync::Arc;
use std::time::Duration;

use base::id::{ProviderId, WorkspaceId};
use base::{Actor, Clock, Ids};
use llm::{Budgets, Failure, Gateway, Redactor};
use outbound::Allowed;
use secrets::{Keyring, Place};
use storage::{Db, Tx};
use tokio_util::task::TaskTracker;

pub use asking::{Feature, Line, Question, Spent, Used};
pub use keys::{KeysError, Resealed, keys_in_use, reseal};
pub use model::{
    Allowance, Invalid, Kind, NewProvider, Provider, ProviderChange, Route, Server, ServerProvider, Settings,
    State, Which,
};
pub use network::{Connect, Service, Whose, over};

use store::Held;

/// Bytes of answers that a process keeps.
const KEPT_BYTES: u64 = 16 << 20;

/// Days of the books that are kept.
const BOOKS_DAYS: i64 = 400;

const DAY: i64 = 86_400;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such provider in this workspace.
    #[error("there is no such provider")]
    NotFound,
    /// Somebody changed it first.
    #[error("somebody else changed this")]
    Conflict,
    /// What was given does not fit.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The keys cannot be read.
    #[error("the file of keys: {0}")]
    Keys(#[from] secrets::KeyFileError),
    /// The database failed.
    #[error(transparent)]
    Storage(storage::Error),
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Changed => Self::Conflict,
            other => Self::Storage(other),
        }
    }
}

/// What a check of a provider found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How it went.
    pub state: State,
    /// More about that, in words, where it did not go well.
    pub detail: Option<String>,
    /// The models it has, by name.
    pub models: Vec<llm::Model>,
    /// How long it took to answer.
    pub took: Duration,
}

/// What the context is made with.
pub struct Parts {
    /// Storage.
    pub db: Db,
    /// What seals keys.
    pub keyring: Keyring,
    /// The way to providers: [`over`] the network, or what a test wrote down.
    pub connect: Connect,
    /// The hosts that the operator named: only they are spoken to in the clear.
    pub named: Allowed,
    /// What takes secrets out of prompts.
    pub redactor: Redactor,
    /// What the operator configured.
    pub server: Server,
    /// What calls run on, and what is written into the books.
    pub tracker: TaskTracker,
    /// The clock.
    pub clock: Clock,
    /// The source of ids.
    pub ids: Ids,
}

/// The context.
#[derive(Clone)]
pub struct Models {
    db: Db,
    keyring: Keyring,
    connect: Connect,
    named: Allowed,
    redactor: Redactor,
    gateway: Gateway,
    server: Arc<Server>,
    clock: Clock,
    ids: Ids,
}

/// Where a provider's key belongs.
pub(crate) fn place(workspace: WorkspaceId, id: ProviderId) -> Place {
    Place::new(workspace, "model_provider", "api_key", id)
}

impl Models {
    /// Joins the context to its parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { db, keyring, connect, named, redactor, server, tracker, clock, ids } = parts;
        let gateway = Gateway::new(llm::Options {
            budgets: Budgets::new(clock.clone()),
            clock: clock.clone(),
            record: asking::recorder(db.clone(), tracker.clone()),
            tracker,
            kept_bytes: KEPT_BYTES,
        });
        Self { db, keyring, connect, named, redactor, gateway, server: Arc::new(server), clock, ids }
    }

    /// The providers that the workspace set up, the oldest first.
    pub async fn providers(&self, actor: &Actor) -> Result<Vec<Provider>, Error> {
        let all = store::providers(&self.db, actor.workspace).await?;
        Ok(all.into_iter().map(|held| held.provider).collect())
    }

    /// What the operator configured.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What the workspace decided. What the server's models cost is what the operator says now.
    pub async fn settings(&self, actor: &Actor) -> Result<Settings, Error> {
        let mut settings = store::settings(&self.db, actor.workspace).await?;
        for route in settings.routes.iter_mut().flatten() {
            if let Some(now) = self.server.current(route) {
                *route = now;
            }
        }
        Ok(settings)
    }

    /// Sets up a provider.
    pub async fn add(&self, actor: &Actor, new: NewProvider) -> Result<Provider, Error> {
        let provider = Provider {
            id: self.ids.new_id(),
            kind: new.kind,
            name: model::name(&new.name)?,
            address: self.address(new.address.as_deref().unwrap_or(new.kind.usual_address()))?,
            has_key: new.key.is_some(),
            enabled: true,
            state: State::Untested,
            detail: None,
            checked_at: None,
            created_at: self.clock.now(),
            created_by: actor.user,
            version: 1,
        };
        if provider.kind == Kind::Anthropic && new.key.is_none() {
            return Err(Invalid::NoKey.into());
        }
        let key = new.key.as_ref().map(model::key).transpose()?;
        let key = key.map(|key| self.keyring.seal(&place(actor.workspace, provider.id), &key)).transpose()?;
        if store::providers(&self.db, actor.workspace).await?.len() >= model::PROVIDERS_LIMIT {
            return Err(Invalid::Providers.into());
        }
        let held = Held { provider, key };
        let mut tx = self.db.begin().await?;
        if !store::insert(&mut tx, actor.workspace, &held).await? {
            return Err(Invalid::Taken.into());
        }
        tx.commit().await?;
        Ok(held.provider)
    }

    /// Changes a provider that is still at `version`.
    pub async fn change(
        &self,
        actor: &Actor,
        id: ProviderId,
        version: i64,
        change: ProviderChange,
    ) -> Result<Provider, Error> {
        let name = change.name.as_deref().map(model::name).transpose()?;
        let address = change.address.as_deref().map(|address| self.address(address)).transpose()?;
        let key = match &change.key {
            Some(Some(key)) => {
                let key = model::key(key)?;
                Some(Some(self.keyring.seal(&place(actor.workspace, id), &key)?))
            }
            Some(None) => Some(None),
            None => None,
        };
        let mut tx = self.db.begin().await?;
        let mut held = self.at(&mut tx, actor, id, version).await?;
        let moves = address.as_ref().is_some_and(|address| *address != held.provider.address);
        if moves && held.key.is_some() && key.is_none() {
            return Err(Invalid::KeyMoves.into());
        }
        if held.provider.kind == Kind::Anthropic && matches!(key, Some(None)) {
            return Err(Invalid::NoKey.into());
        }
        if let Some(name) = name {
            if store::name_taken(&mut tx, actor.workspace, &name, id).await? {
                return Err(Invalid::Taken.into());
            }
            held.provider.name = name;
        }
        if moves || key.is_some() {
            held.provider.state = State::Untested;
            (held.provider.detail, held.provider.checked_at) = (None, None);
        }
        if let Some(address) = address {
            held.provider.address = address;
        }
        let mut provider = held.provider;
        provider.enabled = change.enabled.unwrap_or(provider.enabled);
        provider.version = version + 1;
        store::replace(&mut tx, actor.workspace, &provider, version).await?;
        if let Some(key) = key {
            provider.has_key = key.is_some();
            store::set_key(&mut tx, actor.workspace, id, key.as_ref()).await?;
        }
        tx.commit().await?;
        Ok(provider)
    }

    /// Removes a provider that is still at `version`, with its key, and takes it out of the workspace's order.
    pub async fn remove(&self, actor: &Actor, id: ProviderId, version: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.at(&mut tx, actor, id, version).await?;
        store::delete(&mut tx, actor.workspace, id, version).await?;
        let mut settings = store::settings_in(&mut tx, actor.workspace).await?;
        let asked = |route: &Route| route.provider == Which::Own(id);
        if let Some(routes) = settings.routes.as_mut().filter(|routes| routes.iter().any(asked)) {
            // Whoever is left without a model asks nobody: code does not go to others because of that.
            routes.retain(|route| !asked(route));
            let version = settings.version;
            settings.version += 1;
            store::decide(&mut tx, actor.workspace, &settings, version).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Asks a provider for its models, which also says whether it answers and takes its key. What came of it is noted.
    pub async fn check(&self, actor: &Actor, which: &Which) -> Result<Checked, Error> {
        let (provider, own) = match which {
            Which::Server(name) => {
                let found = self.server.providers.iter().find(|provider| provider.name == *name);
                (self.of_server(found.ok_or(Error::NotFound)?), None)
            }
            Which::Own(id) => {
                let all = store::providers(&self.db, actor.workspace).await?;
                let held = all.into_iter().find(|held| held.provider.id == *id).ok_or(Error::NotFound)?;
                (self.of(actor.workspace, &held, Whose::Tried), Some(held.provider))
            }
        };
        let began = self.clock.now();
        let found = match &provider {
            Ok(provider) => provider.models().await,
            Err(failure) => Err(failure.clone()),
        };
        let now = self.clock.now();
        let (state, detail, models) = match found {
            Ok(models) => (State::Working, None, models),
            Err(failure @ Failure::Key(_)) => (State::KeyRefused, Some(failure.to_string()), Vec::new()),
            Err(failure) => (State::Unreachable, Some(failure.to_string()), Vec::new()),
        };
        if let Some(mut provider) = own {
            (provider.state, provider.detail) = (state, detail.clone());
            provider.checked_at = Some(now);
            let mut tx = self.db.begin().await?;
            store::note_check(&mut tx, actor.workspace, &provider).await?;
            tx.commit().await?;
        }
        Ok(Checked { state, detail, models, took: now.since(began) })
    }

    /// Decides whom the workspace asks and what may be spent, if that is still at `version`. Of the server's providers it
    /// may ask the models that the operator listed, at the operator's prices.
    pub async fn decide(
        &self,
        actor: &Actor,
        version: i64,
        routes: Option<Vec<Route>>,
        allowance: Allowance,
    ) -> Result<Settings, Error> {
        model::routes(routes.as_deref().unwrap_or_default())?;
        let own = self.providers(actor).await?;
        let known = |route: Route| match &route.provider {
            Which::Own(id) if own.iter().any(|provider| provider.id == *id) => Ok(route),
            Which::Server(name) if self.server.providers.iter().any(|provider| provider.name == *name) => {
                self.server
                    .current(&route)
                    .ok_or_else(|| Invalid::NotOffered(route.model.clone(), name.clone()))
            }
            other => Err(Invalid::Unknown(other.to_string())),
        };
        let routes =
            routes.map(|routes| routes.into_iter().map(known).collect::<Result<_, _>>()).transpose()?;
        let settings = Settings { routes, allowance, version: version + 1 };
        let mut tx = self.db.begin().await?;
        store::decide(&mut tx, actor.workspace, &settings, version).await?;
        tx.commit().await?;
        Ok(settings)
    }

    /// Deletes what a workspace that nobody is in any more set up, as part of `tx`.
    pub async fn erase_in(&self, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), storage::Error> {
        store::erase(tx, workspace).await
    }

    /// Forgets what was spent more than a year ago; how many lines.
    pub async fn trim(&self) -> Result<u64, storage::Error> {
        let mut tx = self.db.begin().await?;
        let today = self.today();
        let gone = store::books::trim(&mut tx, today - BOOKS_DAYS, today).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// The address, if it is one that a workspace may give.
    fn address(&self, text: &str) -> Result<url::Url, Invalid> {
        let address = model::address(text)?;
        if self.is_private(&address) { Ok(address) } else { Err(Invalid::NotEncrypted) }
    }

    /// Whether nobody on the way reads along: it is encrypted, or the operator knows the network.
    fn is_private(&self, address: &url::Url) -> bool {
        address.scheme() == "https" || self.named.names_address(address)
    }

    /// Days since 1970, in UTC.
    fn today(&self) -> i64 {
        self.clock.now().as_seconds().div_euclid(DAY)
    }

    /// The provider, if it is still at `version`.
    async fn at(&self, tx: &mut Tx, actor: &Actor, id: ProviderId, version: i64) -> Result<Held, Error> {
        let held = store::provider(tx, actor.workspace, id).await?.ok_or(Error::NotFound)?;
        if held.provider.version == version { Ok(held) } else { Err(Error::Conflict) }
    }

    /// What asks one of the workspace's providers; a key that cannot be opened is as good as a wrong one.
    fn of(
        &self,
        workspace: WorkspaceId,
        held: &Held,
        whose: Whose,
    ) -> Result<Arc<dyn llm::Provider>, Failure> {
        let Held { provider, key } = held;
        if !self.is_private(&provider.address) {
            let detail = Invalid::NotEncrypted.to_string();
            return Err(Failure::Down { provider: provider.name.clone(), detail });
        }
        let open = |sealed| self.keyring.open(&place(workspace, provider.id), sealed);
        let key = key.as_ref().map(open).transpose().map_err(|error| {
            tracing::warn!(%error, provider = %provider.id, "the key of a provider cannot be opened");
            Failure::Key(provider.name.clone())
        })?;
        let Provider { kind, name, address, .. } = provider;
        (self.connect)(Service { whose, kind: *kind, name, address, key })
    }

    fn of_server(&self, provider: &ServerProvider) -> Result<Arc<dyn llm::Provider>, Failure> {
        let ServerProvider { kind, name, address, key } = provider;
        (self.connect)(Service { whose: Whose::Server, kind: *kind, name, address, key: key.clone() })
    }
}
