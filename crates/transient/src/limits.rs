//! How often something may be done.

mod gcra;
mod memory;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use base::Clock;
use redis::Script;
use sha2::{Digest, Sha256};

use crate::redis_link::Redis;
use gcra::Decision;
use memory::Memory;

/// So many times in so much time, by one of those it counts; all of it may come at once, and then it comes back evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, of letters, digits, `-` and `_`: rules with different names count apart.
    pub name: &'static str,
    /// How often.
    pub quota: u32,
    /// In how much time.
    pub window: Duration,
}

/// It may be done, and was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How often more at this moment.
    pub remaining: u32,
    /// When the whole quota is there again.
    pub full_in: Duration,
}

/// It may not be done now, and was not counted. It may be after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too often; again in {} s", self.seconds())]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// In whole seconds, rounded up, as `Retry-After` wants it.
    pub fn seconds(&self) -> u32 {
        u32::try_from(self.0.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
    }
}

/// Several limits said about one call; it is counted under all of them or under none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// What each limit says, in the order they were asked in. Where the call is refused, those that would have let it
    /// through say what is left without it.
    pub each: Vec<Result<Allowance, RetryAfter>>,
}

impl Together {
    /// How long to wait; `None` where the call was let through.
    pub fn refused(&self) -> Option<RetryAfter> {
        self.each.iter().filter_map(|one| one.err()).max_by_key(|refused| refused.0)
    }
}

/// What counts. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Limits {
    memory: Arc<Memory>,
    refused: Arc<Mutex<BTreeMap<&'static str, u64>>>,
    shared: Option<Redis>,
    clock: Clock,
}

/// The same arithmetic as `gcra`, where all nodes meet. By the server's clock, because those of nodes differ.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limits/gcra.lua")));

impl Limits {
    /// Counts in this process alone.
    pub fn in_process(clock: Clock) -> Self {
        Self { memory: Arc::default(), refused: Arc::default(), shared: None, clock }
    }

    /// Counts together with all nodes that share that Redis; while it cannot be asked, in this process alone.
    pub fn shared(redis: Redis, clock: Clock) -> Self {
        Self { shared: Some(redis), ..Self::in_process(clock) }
    }

    /// Whether other nodes are meant to count along.
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// How often this process refused something, by rule.
    pub fn refused(&self) -> Vec<(&'static str, u64)> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.iter().map(|(rule, times)| (*rule, *times)).collect()
    }

    /// Counts one of `key` under `rule`, unless that would be too often. The key may be anything, an address of
    /// somebody too: what is kept is its hash.
    pub async fn check(&self, key: &str, rule: &Rule) -> Result<Allowance, RetryAfter> {
        // One asked is one answered.
        self.check_all(&[(key, *rule)]).await.each.pop().unwrap_or(Err(RetryAfter(rule.window)))
    }

    /// The same for several rules at once: a call that one of them refuses uses up nothing of the others.
    pub async fn check_all(&self, asked: &[(&str, Rule)]) -> Together {
        let keys: Vec<(String, Rule)> = asked.iter().map(|(key, rule)| (hashed(key, rule), *rule)).collect();
        let decisions = match self.together(&keys).await {
            Some(decisions) => decisions,
            None => self.memory.check(&keys, self.clock.now()),
        };
        let each: Vec<_> = keys.iter().zip(decisions).map(|((_, rule), made)| made.told(rule)).collect();
        for ((_, rule), told) in keys.iter().zip(&each) {
            if told.is_err() {
                metrics::counter!("limits_refused_total", "rule" => rule.name).increment(1);
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(rule.name).or_default() +=
                    1;
            }
        }
        Together { each }
    }

    async fn together(&self, keys: &[(String, Rule)]) -> Option<Vec<Decision>> {
        let redis = self.shared.as_ref()?;
        let window = |rule: &Rule| i64::try_from(rule.window.as_micros()).unwrap_or(i64::MAX);
        let arguments: Vec<i64> =
            keys.iter().flat_map(|(_, rule)| [gcra::interval(rule), window(rule)]).collect();
        let names = keys.iter().map(|(key, _)| key.as_str());
        match redis.script::<Vec<i64>>(&SCRIPT, names, &arguments).await {
            Ok(answer) => {
                let pairs = answer.chunks_exact(2).map(|pair| Decision::of_micros(pair[0], pair[1]));
                Some(pairs.collect()).filter(|all: &Vec<_>| all.len() == keys.len())
            }
            Err(error) => {
                metrics::counter!("limits_alone_total").increment(1);
                tracing::debug!(%error, "counting in this process alone");
                None
            }
        }
    }
}

/// The key as it is kept.
fn hashed(key: &str, rule: &Rule) -> String {
    format!("limit:{}:{}", rule.name, hex::encode(&Sha256::digest(key.as_bytes())[..16]))
}
