//! The arithmetic of a limit: the generic cell rate algorithm (ITU-T I.371, annex A), a token bucket kept as one
//! number. Pure: the time is handed in. `gcra.lua` does the same where nodes meet.

use std::time::Duration;

use base::Timestamp;

use super::{Allowance, RetryAfter, Rule};

/// What became of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    /// How long to wait before it may be made; zero when it may be made now.
    pub(super) wait: Duration,
    /// How long until nothing is owed any more.
    owed: Duration,
}

impl Decision {
    pub(super) fn of_micros(wait: i64, owed: i64) -> Self {
        let micros = |value: i64| Duration::from_micros(u64::try_from(value).unwrap_or(0));
        Self { wait: micros(wait), owed: micros(owed) }
    }

    pub(super) fn allowed(&self) -> bool {
        self.wait.is_zero()
    }

    /// As its caller is told.
    pub(super) fn told(&self, rule: &Rule) -> Result<Allowance, RetryAfter> {
        if self.allowed() { Ok(self.allowance(rule)) } else { Err(RetryAfter(self.wait)) }
    }

    /// The same where another limit said no, so that nothing was counted. A refusal counts nothing anyway.
    pub(super) fn uncounted(self, rule: &Rule) -> Self {
        let interval = Duration::from_micros(u64::try_from(interval(rule)).unwrap_or(0));
        if self.allowed() { Self { owed: self.owed.saturating_sub(interval), ..self } } else { self }
    }

    fn allowance(&self, rule: &Rule) -> Allowance {
        let interval = u128::try_from(interval(rule)).unwrap_or(1).max(1);
        let room = rule.window.saturating_sub(self.owed).as_micros() / interval;
        Allowance { remaining: u32::try_from(room).unwrap_or(u32::MAX), full_in: self.owed }
    }
}

/// The microseconds that one call is worth.
pub(super) fn interval(rule: &Rule) -> i64 {
    i64::try_from(rule.window.as_micros() / u128::from(rule.quota.max(1))).unwrap_or(i64::MAX).max(1)
}

/// Decides about one call. `due` is when everything before it is paid back; the new one is returned beside.
pub(super) fn decide(due: Option<Timestamp>, rule: &Rule, now: Timestamp) -> (Decision, Timestamp) {
    // What a clock that was set back owes is no more than a whole window.
    let latest = now.plus(rule.window);
    let due = due.unwrap_or(now).max(now).min(latest);
    let next = Timestamp::from_micros(due.as_micros().saturating_add(interval(rule)));
    let wait = next.since(latest);
    if wait.is_zero() {
        (Decision { wait, owed: next.since(now) }, next)
    } else {
        (Decision { wait, owed: due.since(now) }, due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { name: "test", quota: 5, window: Duration::from_mins(1) };

    #[test]
    fn the_quota_may_come_at_once_and_comes_back_evenly() {
        let start = Timestamp::from_seconds(1_000);
        let mut due = None;
        let mut call = |now| {
            let (decision, next) = decide(due, &RULE, now);
            due = Some(next);
            decision
        };
        let remaining: Vec<u32> = (0..5).map(|_| call(start).allowance(&RULE).remaining).collect();
        assert_eq!(remaining, [4, 3, 2, 1, 0]);
        assert_eq!(call(start).wait, Duration::from_secs(12));
        assert_eq!(call(start).wait, Duration::from_secs(12), "asking too early costs nothing");
        let later = start.plus(Duration::from_secs(12));
        assert!(call(later).allowed());
        assert_eq!(call(later).wait, Duration::from_secs(12));
        let full = start.plus(Duration::from_secs(72));
        assert_eq!(call(full).allowance(&RULE), Allowance { remaining: 4, full_in: Duration::from_secs(12) });
    }

    #[test]
    fn a_clock_that_was_set_back_shuts_nobody_out_for_long() {
        let start = Timestamp::from_seconds(1_000_000);
        let (_, due) = decide(None, &RULE, start);
        let (decision, _) = decide(Some(due), &RULE, Timestamp::from_seconds(10));
        assert_eq!(decision.wait, Duration::from_secs(12));
    }
}
