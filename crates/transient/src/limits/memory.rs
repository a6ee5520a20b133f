//! Limits of one process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base::Timestamp;

use super::Rule;
use super::gcra::{self, Decision};

/// Keys that are remembered at most. Some hundred bytes each: whoever comes from very many addresses fills no memory.
const MOST: usize = 100_000;

/// When each key has paid back everything.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    due: HashMap<String, Timestamp>,
    /// How many keys there may be before the paid ones are looked for.
    sweep_at: usize,
}

impl Memory {
    /// Counts one call under every rule, or under none where one of them says no.
    pub(super) fn check(&self, keys: &[(String, Rule)], now: Timestamp) -> Vec<Decision> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let decided: Vec<(Decision, Timestamp)> =
            keys.iter().map(|(key, rule)| gcra::decide(known.due.get(key).copied(), rule, now)).collect();
        let allowed = decided.iter().all(|(decision, _)| decision.allowed());
        if !allowed {
            let told = decided.into_iter().zip(keys);
            return told.map(|((decision, _), (_, rule))| decision.uncounted(rule)).collect();
        }
        for ((key, _), (_, due)) in keys.iter().zip(&decided) {
            known.note(key, *due, now);
        }
        decided.into_iter().map(|(decision, _)| decision).collect()
    }
}

impl Known {
    fn note(&mut self, key: &str, due: Timestamp, now: Timestamp) {
        if let Some(known) = self.due.get_mut(key) {
            *known = due;
            return;
        }
        if self.due.len() >= self.sweep_at {
            self.sweep(now, MOST);
        }
        self.due.insert(key.to_owned(), due);
    }

    /// Forgets who owes nothing, which changes nothing; and of too many others those who owe least.
    fn sweep(&mut self, now: Timestamp, most: usize) {
        self.due.retain(|_, due| *due > now);
        if self.due.len() >= most {
            let mut dues: Vec<Timestamp> = self.due.values().copied().collect();
            let middle = dues.len() / 2;
            let (_, bound, _) = dues.select_nth_unstable(middle);
            let bound = *bound;
            self.due.retain(|_, due| *due > bound);
        }
        // Twice as many as are left: sweeping costs no more than what was counted since.
        self.sweep_at = (self.due.len() * 2).max(1_024).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn who_owes_nothing_is_forgotten_and_of_too_many_who_owes_least() {
        let now = Timestamp::from_seconds(100);
        let second = |number: u64| now.plus(Duration::from_secs(number));
        let mut known = Known { due: (0..10).map(|it| (it.to_string(), second(it))).collect(), sweep_at: 0 };
        known.sweep(second(3), 100);
        let mut left: Vec<&str> = known.due.keys().map(String::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["4", "5", "6", "7", "8", "9"]);
        known.sweep(second(3), 5);
        let mut left: Vec<&str> = known.due.keys().map(String::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["8", "9"]);
    }
}
