//! How often, and when, something is tried again. Pure: chance is handed in.

use std::time::Duration;

/// When a failed call is repeated. Only calls that may be repeated are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all.
    pub tries: u32,
    /// The longest wait before the second try; it doubles before each further one.
    pub first: Duration,
    /// The longest wait of all. Who is told to wait longer does not wait, but says so.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { tries: 3, first: Duration::from_secs(1), longest: Duration::from_secs(30) }
    }
}

impl RetryPolicy {
    /// How long to wait after that try (1, 2, 3, ..) failed; `None` to give up. `asked` is what the dependency asked
    /// for; `chance` is between 0 and 1: anything between no wait and the longest is taken ("full jitter"), so that
    /// callers which failed together do not come back together.
    pub(crate) fn wait(&self, tried: u32, asked: Option<Duration>, chance: f64) -> Option<Duration> {
        if tried >= self.tries || asked.is_some_and(|asked| asked > self.longest) {
            return None;
        }
        let doublings = tried.saturating_sub(1).min(20);
        let most = self.first.saturating_mul(1 << doublings).min(self.longest);
        let chosen = most.mul_f64(chance.clamp(0.0, 1.0));
        // What was asked for is the least; those who were told the same do not come at the same moment either.
        Some(asked.map_or(chosen, |asked| asked.saturating_add(chosen)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_chance_only_shortens_them() {
        let policy = RetryPolicy { tries: 9, ..RetryPolicy::default() };
        let longest: Vec<u64> =
            (1..9).map(|tried| policy.wait(tried, None, 1.0).unwrap().as_secs()).collect();
        assert_eq!(longest, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(policy.wait(3, None, 0.5), Some(Duration::from_secs(2)));
        assert_eq!(policy.wait(3, None, 0.0), Some(Duration::ZERO));
        assert_eq!(policy.wait(9, None, 0.5), None);
    }

    #[test]
    fn what_was_asked_for_is_the_least_and_too_much_is_given_up() {
        let policy = RetryPolicy::default();
        let seconds = Duration::from_secs;
        assert_eq!(policy.wait(1, Some(seconds(10)), 0.5), Some(Duration::from_millis(10_500)));
        assert_eq!(policy.wait(1, Some(seconds(31)), 0.5), None);
        assert_eq!(policy.wait(3, Some(seconds(1)), 0.5), None);
    }
}
