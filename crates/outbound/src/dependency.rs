//! Who is called, and the way to all of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Clock, Ids};
use url::Url;

use crate::address::Allowed;
use crate::client::{Client, Http, Limits};
use crate::error::Error;
use crate::guard::{Chance, DependencyState, Guard, Protection, Wait};

/// A service of somebody else, as the operator knows it: what fails together has one name (`advisories`,
/// `model:openai`). Each name lives as long as the process, so none is made of what somebody merely typed: the names of
/// code hosts are of hosts that answered to a token, and [`Outbound::stranger`] is for the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dependency(Cow<'static, str>);

impl Dependency {
    /// The dependency of that name.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What the operator decided about calls to other machines.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Internal hosts that may be contacted.
    pub allowed: Allowed,
    /// Certificates of authorities of the operator's own, in PEM: trusted beside the usual ones, of the hosts that are
    /// allowed by name.
    pub authorities: Option<Vec<u8>>,
    /// A proxy that all calls go through. It then looks the names up, and decides where they lead.
    pub proxy: Option<Url>,
}

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The way out of this process. Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    http: Arc<Http>,
    clock: Clock,
    ids: Ids,
    wait: Wait,
    guards: Mutex<BTreeMap<Dependency, Guard>>,
}

impl Outbound {
    /// With the usual passing of time.
    pub fn new(options: Options, clock: Clock, ids: Ids) -> Result<Self, Error> {
        Self::waiting(options, clock, ids, Wait::Real)
    }

    /// The same, but time passes between tries as told. For tests.
    pub fn waiting(options: Options, clock: Clock, ids: Ids, wait: Wait) -> Result<Self, Error> {
        let http = Arc::new(Http::new(options, CONNECT)?);
        Ok(Self(Arc::new(Inner { http, clock, ids, wait, guards: Mutex::default() })))
    }

    /// The hosts that the operator named for all calls.
    pub fn allowed(&self) -> &Allowed {
        &self.0.http.allowed
    }

    /// HTTP to a dependency, with the usual protection.
    pub fn client(&self, dependency: Dependency, limits: Limits) -> Client {
        Client::new(Arc::clone(&self.0.http), self.guard(dependency, Protection::default()), limits)
    }

    /// HTTP to what somebody typed a moment ago: with a guard of its own, that is kept nowhere. What it learns about
    /// one address says nothing about the next one.
    pub fn stranger(&self, dependency: Dependency, protection: Protection, limits: Limits) -> Client {
        Client::new(Arc::clone(&self.0.http), self.make(dependency, protection), limits)
    }

    /// Protects calls to a dependency that speaks something else. The first to ask decides how; all share what is
    /// known of it.
    pub fn guard(&self, dependency: Dependency, protection: Protection) -> Guard {
        let mut guards = self.0.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.entry(dependency.clone()).or_insert_with(|| self.make(dependency, protection)).clone()
    }

    fn make(&self, dependency: Dependency, protection: Protection) -> Guard {
        let chance = Chance(self.0.ids.clone());
        Guard::new(dependency, protection, self.0.clock.clone(), chance, self.0.wait.clone())
    }

    /// Every dependency that was asked for so far, by name.
    pub fn states(&self) -> Vec<DependencyState> {
        let guards = self.0.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.values().map(Guard::state).collect()
    }

    /// Lets calls to a dependency through again at once; whether there is one of that name.
    pub fn reset(&self, name: &str) -> bool {
        let guards = self.0.guards.lock().unwrap_or_else(PoisonError::into_inner);
        let found = guards.get(&Dependency::new(name.to_owned()));
        found.map(Guard::reset).is_some()
    }
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Outbound").field(&self.states()).finish()
    }
}
