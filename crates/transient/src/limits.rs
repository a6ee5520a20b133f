//! How often something may be done.

mod gcra;
mod memory;

use std::sync::{Arc, LazyLock};
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

/// What counts. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Limits {
    memory: Arc<Memory>,
    shared: Option<Redis>,
    clock: Clock,
}

/// The same arithmetic as `gcra`, where all nodes meet. By the server's clock, because those of nodes differ.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limits/gcra.lua")));

impl Limits {
    /// Counts in this process alone.
    pub fn in_process(clock: Clock) -> Self {
        Self { memory: Arc::default(), shared: None, clock }
    }

    /// Counts together with all nodes that share that Redis; while it cannot be asked, in this process alone.
    pub fn shared(redis: Redis, clock: Clock) -> Self {
        Self { shared: Some(redis), ..Self::in_process(clock) }
    }

    /// Counts one of `key` under `rule`, unless that would be too often. The key may be anything, an address of
    /// somebody too: what is kept is its hash.
    pub async fn check(&self, key: &str, rule: &Rule) -> Result<Allowance, RetryAfter> {
        let key = hashed(key, rule);
        let decision = match self.together(&key, rule).await {
            Some(decision) => decision,
            None => self.memory.check(&key, rule, self.clock.now()),
        };
        if decision.allowed() {
            return Ok(decision.allowance(rule));
        }
        metrics::counter!("limits_refused_total", "rule" => rule.name).increment(1);
        Err(RetryAfter(decision.wait))
    }

    async fn together(&self, key: &str, rule: &Rule) -> Option<Decision> {
        let redis = self.shared.as_ref()?;
        let window = i64::try_from(rule.window.as_micros()).unwrap_or(i64::MAX);
        let interval = gcra::interval(rule);
        match redis.script::<(i64, i64)>(&SCRIPT, key, &[interval, window]).await {
            Ok((wait, owed)) => Some(Decision::of_micros(wait, owed)),
            Err(error) => {
                tracing::debug!(%error, rule = rule.name, "counting in this process alone");
                None
            }
        }
    }
}

/// The key as it is kept.
fn hashed(key: &str, rule: &Rule) -> String {
    format!("limit:{}:{}", rule.name, hex::encode(&Sha256::digest(key.as_bytes())[..16]))
}
