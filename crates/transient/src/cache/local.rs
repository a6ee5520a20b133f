//! The tier in this process.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::{Clock, Timestamp};

use super::{ALL, Family, Found, Key, Wanted};

/// Turns that are remembered. Beyond it all is forgotten at once, which is always right.
const TURNS: usize = 10_000;

/// How long a value that nobody can find any more may take up room.
const LONGEST: Duration = Duration::from_hours(1);

/// How a family was used since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyUse {
    /// The family.
    pub family: Family,
    /// Found in this process.
    pub in_process: u64,
    /// Found in Redis.
    pub shared: u64,
    /// Found nowhere, and made.
    pub made: u64,
}

/// What a process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How many values.
    pub values: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// The most it may be.
    pub limit: u64,
}

#[derive(Debug)]
pub(super) struct Local {
    values: moka::future::Cache<String, Kept>,
    limit: u64,
    turns: Mutex<Turns>,
    used: Mutex<BTreeMap<&'static str, FamilyUse>>,
    clock: Clock,
}

#[derive(Debug, Clone)]
struct Kept {
    value: Arc<[u8]>,
    until: Timestamp,
}

#[derive(Debug, Default)]
struct Turns {
    /// Moves on when all is forgotten.
    epoch: u64,
    of: HashMap<String, u64>,
}

impl Local {
    pub(super) fn new(limit: u64, clock: Clock) -> Self {
        let weight = |key: &String, kept: &Kept| {
            u32::try_from(key.len() + kept.value.len() + size_of::<Kept>()).unwrap_or(u32::MAX)
        };
        let values =
            moka::future::Cache::builder().max_capacity(limit).weigher(weight).time_to_live(LONGEST).build();
        Self { values, limit, turns: Mutex::default(), used: Mutex::default(), clock }
    }

    /// The value, or what is `behind` this tier, asked once for all who wait for it.
    pub(super) async fn get<E>(
        &self,
        key: &Key,
        wanted: Wanted,
        behind: impl Future<Output = Result<Arc<[u8]>, E>>,
    ) -> Result<Arc<[u8]>, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        let place = self.place(key);
        match self.values.get(&place).await {
            Some(kept) if wanted == Wanted::Any && kept.until > self.clock.now() => {
                self.count(key.family, Found::InProcess);
                return Ok(kept.value);
            }
            Some(_) => self.values.invalidate(&place).await,
            None => {}
        }
        let filling = async {
            let value = behind.await?;
            Ok(Kept { value, until: self.clock.now().plus(key.family.in_process) })
        };
        match self.values.try_get_with(place, filling).await {
            Ok(kept) => Ok(kept.value),
            Err(error) => Err(E::clone(&error)),
        }
    }

    /// The key with the turns of this moment.
    fn place(&self, key: &Key) -> String {
        let turns = self.turns();
        let mut place = format!("{}:{}", key.name, turns.epoch);
        for tag in &key.tags {
            let turn = turns.of.get(&tag.0).copied().unwrap_or_default();
            // Writing into a text cannot fail.
            let _ = write!(place, ":{turn}");
        }
        place
    }

    pub(super) fn forget<'a>(&self, tags: impl Iterator<Item = &'a str>) {
        for tag in tags {
            if tag == ALL {
                self.forget_all();
                continue;
            }
            let mut turns = self.turns();
            *turns.of.entry(tag.to_owned()).or_default() += 1;
            if turns.of.len() > TURNS {
                turns.forget_all();
            }
        }
    }

    pub(super) fn forget_all(&self) {
        self.turns().forget_all();
        // Nobody finds them any more; this gives their room back at once.
        self.values.invalidate_all();
    }

    pub(super) fn count(&self, family: Family, found: Found) {
        let unused = FamilyUse { family, in_process: 0, shared: 0, made: 0 };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let used = used.entry(family.name).or_insert(unused);
        let (tier, number) = match found {
            Found::InProcess => ("process", &mut used.in_process),
            Found::Shared => ("redis", &mut used.shared),
            Found::Nowhere => ("none", &mut used.made),
        };
        *number += 1;
        metrics::counter!("cache_asked_total", "family" => family.name, "found" => tier).increment(1);
    }

    pub(super) fn families(&self) -> Vec<FamilyUse> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }

    pub(super) async fn held(&self) -> Held {
        self.values.run_pending_tasks().await;
        Held { values: self.values.entry_count(), bytes: self.values.weighted_size(), limit: self.limit }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn forget_all(&mut self) {
        self.epoch += 1;
        self.of.clear();
    }
}
