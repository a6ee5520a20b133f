//! Values that took work to make, kept for a while: in this process, and behind it in Redis, where all nodes find them.
//!
//! A key begins with its owner, a workspace, so that nothing kept for one is ever found for another; whether somebody may
//! see a value is asked before the cache is. Best is a key that names everything the value was made of: then it is never
//! out of date. What has to go earlier is forgotten by its surrogate keys ([`Tag`]): each has a turn, values are kept under
//! the turns that were seen before they were made, and forgetting moves a turn on. So one step forgets any number of
//! values, and a value that was being made at that moment is not found afterwards. Other nodes hear of it through the
//! [`Bus`]; one that may have missed something forgets all that it holds itself.

mod local;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base::Clock;
use base::id::WorkspaceId;
use redis::Script;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bus::{Bus, Heard, Topic};
use crate::redis_link::Redis;
use local::Local;
pub use local::{FamilyUse, Held};

/// Values of one kind, and how long they are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// Its name, of letters, digits, `-` and `_`.
    pub name: &'static str,
    /// How long one process keeps a value.
    pub in_process: Duration,
    /// How long Redis does; at most a day.
    pub shared: Duration,
}

/// A surrogate key: what several values have in common, so that they can be forgotten together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// All there is.
    pub fn all() -> Self {
        Self(ALL.to_owned())
    }

    /// All values of a family.
    pub fn family(name: &str) -> Self {
        Self::of("family", name)
    }

    /// Everything of a workspace.
    pub fn workspace(id: WorkspaceId) -> Self {
        Self::of("workspace", &id.to_string())
    }

    /// Everything about one thing: its kind, and its id.
    pub fn of(kind: &'static str, id: &str) -> Self {
        // What separates tags in a hint must not be part of one.
        Self(format!("{kind}:{}", id.replace(char::is_whitespace, "_")))
    }
}

/// The tag of all there is.
const ALL: &str = "all";

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    family: Family,
    name: String,
    tags: Vec<Tag>,
}

impl Key {
    /// The value of that workspace which was made of `parts`. It can be forgotten by the family and by the workspace.
    pub fn new(family: Family, owner: WorkspaceId, parts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            // With its length, so that no two lists of parts read alike.
            digest.update(part.len().to_le_bytes());
            digest.update(part.as_bytes());
        }
        let name = format!("cache:{owner}:{}:{}", family.name, hex::encode(&digest.finalize()[..16]));
        Self { family, name, tags: vec![Tag::all(), Tag::family(family.name), Tag::workspace(owner)] }
    }

    /// It can be forgotten by that too.
    #[must_use]
    pub fn tagged(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }
}

/// Whether a value that is there is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    Any,
    /// The reader wants it made anew; what comes of that is kept for others.
    Fresh,
}

/// What keeps. Cheap to clone; all clones share what they hold.
#[derive(Debug, Clone)]
pub struct Cache {
    local: Arc<Local>,
    tiers: Tiers,
}

#[derive(Debug, Clone)]
enum Tiers {
    /// This process alone.
    Memory,
    /// This process, and Redis behind it.
    Tiered(Box<(Redis, Bus)>),
}

/// Seconds that a turn is remembered: longer than any value is kept. One that Redis lost earlier is replaced by a new one,
/// under which nothing is kept yet, so that what was forgotten never looks current again.
const TURN_SECONDS: u64 = 2 * 24 * 60 * 60;

/// The longest that Redis keeps anything.
const LONGEST: Duration = Duration::from_hours(24);

/// Larger values are not sent to Redis.
const LARGEST: usize = 4 << 20;

static GET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("cache/get.lua")));
static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("cache/put.lua")));
static FORGET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("cache/forget.lua")));

impl Cache {
    /// Keeps in this process alone, so many bytes at most.
    pub fn in_process(bytes: u64, clock: Clock) -> Self {
        Self { local: Arc::new(Local::new(bytes, clock)), tiers: Tiers::Memory }
    }

    /// Keeps in this process and in Redis, and hears through the bus what other nodes forget: on `tracker`, until `stop`.
    pub fn tiered(
        bytes: u64,
        redis: Redis,
        bus: Bus,
        clock: Clock,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> Self {
        let local = Arc::new(Local::new(bytes, clock));
        let (mut hints, heard, stopped) = (bus.listen(Topic::Cache), Arc::clone(&local), stop.clone());
        let following = async move {
            loop {
                match hints.next().await {
                    Heard::Said(tags) => heard.forget(tags.split(' ')),
                    Heard::Missed => heard.forget_all(),
                }
            }
        };
        tracker.spawn(async move { stopped.run_until_cancelled(following).await });
        Self { local, tiers: Tiers::Tiered(Box::new((redis, bus))) }
    }

    /// Whether other nodes find what this one made.
    pub fn is_shared(&self) -> bool {
        matches!(self.tiers, Tiers::Tiered(..))
    }

    /// The value, made by `make` where it is not there; of several that ask at the same time one makes it for all. What
    /// fails is not kept.
    pub async fn get<E>(
        &self,
        key: &Key,
        wanted: Wanted,
        make: impl Future<Output = Result<Vec<u8>, E>>,
    ) -> Result<Arc<[u8]>, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        self.local.get(key, wanted, self.behind(key, wanted, make)).await
    }

    /// What is behind this process: Redis, or the work itself.
    async fn behind<E>(
        &self,
        key: &Key,
        wanted: Wanted,
        make: impl Future<Output = Result<Vec<u8>, E>>,
    ) -> Result<Arc<[u8]>, E> {
        let Tiers::Tiered(shared) = &self.tiers else {
            self.local.count(key.family, Found::Nowhere);
            return Ok(make.await?.into());
        };
        let (redis, _) = shared.as_ref();
        let turns: Vec<String> = key.tags.iter().map(turn).collect();
        let keys = std::iter::once(key.name.as_str()).chain(turns.iter().map(String::as_str));
        let seen = redis.script::<(Option<Vec<u8>>, String)>(&GET, keys, &[remembered()]).await;
        match &seen {
            Ok((Some(value), _)) if wanted == Wanted::Any => {
                self.local.count(key.family, Found::Shared);
                return Ok(value.as_slice().into());
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, family = key.family.name, "kept in this process alone"),
        }
        self.local.count(key.family, Found::Nowhere);
        let value: Arc<[u8]> = make.await?.into();
        if let Ok((_, turns)) = seen
            && value.len() <= LARGEST
        {
            let good = key.family.shared.min(LONGEST).as_millis().to_string();
            let arguments = [turns.into_bytes(), value.to_vec(), good.into_bytes()];
            let put = redis.script::<i64>(&PUT, std::iter::once(key.name.as_str()), &arguments).await;
            if let Err(error) = put {
                tracing::debug!(%error, family = key.family.name, "kept in this process alone");
            }
        }
        Ok(value)
    }

    /// Forgets all values that have one of those surrogate keys, here and on every node.
    pub async fn forget(&self, tags: &[Tag]) {
        let forget_here = || self.local.forget(tags.iter().map(|tag| tag.0.as_str()));
        let Tiers::Tiered(shared) = &self.tiers else { return forget_here() };
        let (redis, bus) = shared.as_ref();
        let turns: Vec<String> = tags.iter().map(turn).collect();
        let keys = turns.iter().map(String::as_str);
        if let Err(error) = redis.script::<i64>(&FORGET, keys, &[remembered()]).await {
            // The keys name what values were made of: what is left is old, and never wrong.
            tracing::warn!(%error, "cached values stay in Redis until their time is over");
        }
        // Afterwards: else a reader in between would find the old value in Redis and keep it here as a new one.
        forget_here();
        let tags: Vec<&str> = tags.iter().map(|tag| tag.0.as_str()).collect();
        bus.say(Topic::Cache, tags.join(" "));
    }

    /// How the families were used since this process began, by name.
    pub fn families(&self) -> Vec<FamilyUse> {
        self.local.families()
    }

    /// What this process holds.
    pub async fn held(&self) -> Held {
        self.local.held().await
    }
}

/// Where a value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    InProcess,
    Shared,
    Nowhere,
}

/// Seconds that a turn is remembered, as scripts take them.
fn remembered() -> i64 {
    i64::try_from(TURN_SECONDS).unwrap_or(i64::MAX)
}

/// Where the turn of a surrogate key is kept.
fn turn(tag: &Tag) -> String {
    format!("turn:{}", tag.0)
}
