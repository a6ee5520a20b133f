//! How long to wait before the next try.

use std::time::Duration;

/// The wait after the first failure.
const FIRST: Duration = Duration::from_secs(2);

/// The longest wait.
const LONGEST: Duration = Duration::from_hours(1);

/// The wait after the given try failed: two seconds, doubling each time up to an hour, a fifth more or less by
/// `random`, so that jobs which failed together do not come back together.
pub(crate) fn after(attempt: u32, random: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    let plain = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let share = f64::from(random) / f64::from(u32::MAX);
    plain.mul_f64(0.8 + 0.4 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stay_within_a_fifth() {
        let middle = u32::MAX / 2;
        let seconds: Vec<u64> =
            (1..=14).map(|attempt| after(attempt, middle).as_secs_f64().round()).map(whole).collect();
        assert_eq!(seconds, [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600, 3_600]);
        assert_eq!(after(1, 0), Duration::from_millis(1_600));
        assert_eq!(after(1, u32::MAX), Duration::from_millis(2_400));
        assert_eq!(after(u32::MAX, u32::MAX), Duration::from_mins(72));
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
    fn whole(seconds: f64) -> u64 {
        seconds as u64
    }
}
