//! How many retries a dependency has to bear. Pure: the time is handed in.
//!
//! Retries of every caller come from one bucket. Each first try puts a share of a retry in, and so does the passing
//! of time; so that in an outage, when everything fails, what is sent is the usual load and a fifth, not three times
//! the load. (Finagle's `RetryBudget`; A. Brooker, "Fixing retries with token buckets and circuit breakers".)

use std::time::Duration;

use base::Timestamp;

/// How a budget fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BudgetPolicy {
    /// Retries for each first try.
    pub share: f64,
    /// Retries for each second, so that who calls seldom may retry too.
    pub per_second: f64,
    /// What it holds at most.
    pub most: f64,
}

impl Default for BudgetPolicy {
    fn default() -> Self {
        Self { share: 0.2, per_second: 5.0, most: 20.0 }
    }
}

/// The retries of one dependency.
#[derive(Debug)]
pub(crate) struct Budget {
    policy: BudgetPolicy,
    left: f64,
    filled: Timestamp,
}

impl Budget {
    pub(crate) fn new(policy: BudgetPolicy, now: Timestamp) -> Self {
        Self { policy, left: policy.most, filled: now }
    }

    /// A first try is made.
    pub(crate) fn earn(&mut self) {
        self.left = (self.left + self.policy.share).min(self.policy.most);
    }

    /// Takes one retry, where there is one.
    pub(crate) fn spend(&mut self, now: Timestamp) -> bool {
        let left = self.left(now);
        if left < 1.0 {
            return false;
        }
        self.left = left - 1.0;
        true
    }

    /// What is left.
    pub(crate) fn left(&mut self, now: Timestamp) -> f64 {
        let passed: Duration = now.since(self.filled);
        self.filled = now;
        self.left = (self.left + passed.as_secs_f64() * self.policy.per_second).min(self.policy.most);
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_with_first_tries_and_with_time_and_never_over_the_brim() {
        let start = Timestamp::from_seconds(0);
        let mut budget = Budget::new(BudgetPolicy { share: 0.2, per_second: 1.0, most: 2.0 }, start);
        assert_eq!([budget.spend(start), budget.spend(start), budget.spend(start)], [true, true, false]);
        (0..5).for_each(|_| budget.earn());
        assert!(budget.spend(start) && !budget.spend(start));
        let later = start.plus(Duration::from_secs(1));
        assert!(budget.spend(later) && !budget.spend(later));
        (0..500).for_each(|_| budget.earn());
        let much_later = later.plus(Duration::from_hours(1));
        assert!((budget.left(much_later) - 2.0).abs() < 1e-9);
    }
}
