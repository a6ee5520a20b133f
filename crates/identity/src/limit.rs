//! How often somebody may try.
//!
//! The generic cell rate algorithm (ITU-T I.371): for each key one instant, at which the next try would come were
//! they evenly spread. A try that comes too far ahead of it waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Clock, Timestamp};

/// Keys that are remembered before old ones are looked for.
const MANY: usize = 10_000;

/// So many tries in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What is limited: keys of different rules do not meet.
    pub name: &'static str,
    /// So many at once, and in each period.
    pub tries: u32,
    /// The period.
    pub period: Duration,
}

/// It was too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many tries; wait {} seconds", .0.as_secs())]
pub struct RetryAfter(pub Duration);

/// Counts tries in this process. Cheap to clone.
#[derive(Clone)]
pub struct Limiter {
    clock: Clock,
    next: Arc<Mutex<HashMap<(&'static str, String), Timestamp>>>,
}

impl Limiter {
    /// Nobody has tried yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, next: Arc::default() }
    }

    /// Counts a try, or says how long to wait before the next one.
    pub fn check(&self, key: &str, rule: Rule) -> Result<(), RetryAfter> {
        let now = self.clock.now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.len() >= MANY {
            next.retain(|_, at| *at > now);
        }
        let step = rule.period / rule.tries.max(1);
        let due = next.entry((rule.name, key.to_owned())).or_insert(now);
        let from = (*due).max(now);
        let ahead = from.plus(step).since(now);
        if ahead > rule.period {
            // Up to the next whole second, because that is what clients are told.
            let wait = ahead.saturating_sub(rule.period);
            return Err(RetryAfter(Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))));
        }
        *due = from.plus(step);
        Ok(())
    }

    /// The same for a place. One that is not known is not limited: it is everybody's, and one could lock out all.
    pub fn check_place(&self, place: Option<&str>, rule: Rule) -> Result<(), RetryAfter> {
        place.map_or(Ok(()), |place| self.check(place, rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_in_a_minute_and_then_one_every_twelve_seconds() {
        let clock = Clock::manual(Timestamp::from_seconds(100));
        let limiter = Limiter::new(clock.clone());
        let rule = Rule { name: "a", tries: 5, period: Duration::from_mins(1) };
        for _ in 0..5 {
            assert_eq!(limiter.check("x", rule), Ok(()));
        }
        assert_eq!(limiter.check("x", rule), Err(RetryAfter(Duration::from_secs(12))));
        assert_eq!(limiter.check("y", rule), Ok(()), "others are not held up");
        assert_eq!(limiter.check("x", Rule { name: "b", ..rule }), Ok(()));
        clock.advance(Duration::from_millis(11_500));
        assert_eq!(limiter.check("x", rule), Err(RetryAfter(Duration::from_secs(1))));
        clock.advance(Duration::from_millis(500));
        assert_eq!(limiter.check("x", rule), Ok(()));
        assert!(limiter.check("x", rule).is_err());
        clock.advance(Duration::from_hours(1));
        for _ in 0..5 {
            assert_eq!(limiter.check("x", rule), Ok(()));
        }
        assert!(limiter.check("x", rule).is_err());
    }

    #[test]
    fn keys_that_matter_no_more_are_forgotten() {
        let clock = Clock::manual(Timestamp::from_seconds(100));
        let limiter = Limiter::new(clock.clone());
        let rule = Rule { name: "a", tries: 5, period: Duration::from_mins(1) };
        for key in 0..MANY {
            limiter.check(&key.to_string(), rule).unwrap();
        }
        clock.advance(Duration::from_mins(2));
        limiter.check("last", rule).unwrap();
        assert_eq!(limiter.next.lock().unwrap().len(), 1);
    }
}
