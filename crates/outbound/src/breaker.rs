//! When a dependency is left in peace. Pure: the time is handed in.
//!
//! Closed, calls pass and are counted in a sliding window. When enough of them fail, and they are no small share of
//! all, the breaker opens: nobody is let through for a while. Then a few probes may pass at a time; enough successes
//! close it, one failure opens it again. (M. Nygard, *Release It!*, "Circuit Breaker".)

use std::time::Duration;

use base::Timestamp;

/// The parts that the window is counted in: what is older leaves a tenth of the window at a time.
const SLICES: u8 = 10;

/// When a breaker opens and closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerPolicy {
    /// So many failures within the window open it,
    pub failures: u32,
    /// if they are at least this share of the calls in it: a busy dependency that fails now and then is not resting.
    pub share: f64,
    /// The window.
    pub window: Duration,
    /// How long it stays open.
    pub rest: Duration,
    /// So many successes of probes close it; also how many probes may be on their way at a time.
    pub successes: u32,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            failures: 5,
            share: 0.5,
            window: Duration::from_mins(1),
            rest: Duration::from_mins(1),
            successes: 3,
        }
    }
}

/// What a breaker does with calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// They pass.
    Closed,
    /// They are refused.
    Open,
    /// A few pass, to see whether it is over.
    HalfOpen,
}

/// The breaker of one dependency.
#[derive(Debug)]
pub(crate) struct Breaker {
    policy: BreakerPolicy,
    phase: Phase,
    since: Timestamp,
    /// Counts the phases, so that the outcome of a call which began in an earlier one changes nothing.
    turn: u64,
    window: Window,
    probing: u32,
    succeeded: u32,
}

/// The right to one call. It has to be settled or given back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Permit {
    turn: u64,
}

/// What a call says about its dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It works.
    Success,
    /// It does not.
    Failure,
    /// Neither: the call was given up, or the dependency wants fewer of them.
    Unknown,
}

impl Breaker {
    pub(crate) fn new(policy: BreakerPolicy, now: Timestamp) -> Self {
        Self {
            policy,
            phase: Phase::Closed,
            since: now,
            turn: 0,
            window: Window::new(policy.window),
            probing: 0,
            succeeded: 0,
        }
    }

    /// Lets a call through, or says how long to wait before the next try makes sense.
    pub(crate) fn ask(&mut self, now: Timestamp) -> Result<Permit, Duration> {
        if self.phase == Phase::Open {
            let left = self.rest_left(now);
            if !left.is_zero() {
                return Err(left);
            }
            self.enter(Phase::HalfOpen, now);
        }
        if self.phase == Phase::HalfOpen {
            if self.probing + self.succeeded >= self.policy.successes {
                return Err(Duration::from_secs(1));
            }
            self.probing += 1;
        }
        Ok(Permit { turn: self.turn })
    }

    /// Takes note of how a call ended.
    pub(crate) fn settle(&mut self, permit: Permit, outcome: Outcome, now: Timestamp) {
        if permit.turn != self.turn {
            return;
        }
        match self.phase {
            Phase::Closed => {
                self.window.count(outcome, now);
                let (calls, failures) = self.window.sums(now);
                let share = f64::from(failures) >= f64::from(calls) * self.policy.share;
                if outcome == Outcome::Failure && failures >= self.policy.failures && share {
                    self.enter(Phase::Open, now);
                }
            }
            Phase::HalfOpen => {
                self.probing = self.probing.saturating_sub(1);
                match outcome {
                    Outcome::Success => {
                        self.succeeded += 1;
                        if self.succeeded >= self.policy.successes {
                            self.enter(Phase::Closed, now);
                        }
                    }
                    Outcome::Failure => self.enter(Phase::Open, now),
                    Outcome::Unknown => {}
                }
            }
            // No call of this turn was let through.
            Phase::Open => {}
        }
    }

    /// Closes it, whatever was counted: somebody knows that the dependency works again.
    pub(crate) fn reset(&mut self, now: Timestamp) {
        self.enter(Phase::Closed, now);
    }

    /// The phase, as a call at that moment would find it, and since when it is in it.
    pub(crate) fn phase(&self, now: Timestamp) -> (Phase, Timestamp) {
        let over = self.phase == Phase::Open && self.rest_left(now).is_zero();
        (if over { Phase::HalfOpen } else { self.phase }, self.since)
    }

    /// When the next call is let through, while it is open.
    pub(crate) fn opens_at(&self) -> Option<Timestamp> {
        (self.phase == Phase::Open).then(|| self.since.plus(self.policy.rest))
    }

    /// Calls and failures in the window.
    pub(crate) fn counts(&mut self, now: Timestamp) -> (u32, u32) {
        self.window.sums(now)
    }

    fn rest_left(&self, now: Timestamp) -> Duration {
        // A clock that was set back must not keep it open for longer than it rests.
        if now < self.since { Duration::ZERO } else { self.since.plus(self.policy.rest).since(now) }
    }

    fn enter(&mut self, phase: Phase, now: Timestamp) {
        (self.phase, self.since) = (phase, now);
        self.turn += 1;
        (self.probing, self.succeeded) = (0, 0);
        self.window = Window::new(self.policy.window);
    }
}

/// Calls and failures of the recent past, in slices.
#[derive(Debug)]
struct Window {
    slice: Duration,
    /// Number of the slice that is counted in, since the beginning of time.
    current: i64,
    counts: [(u32, u32); SLICES as usize],
}

impl Window {
    fn new(length: Duration) -> Self {
        let slice = (length / u32::from(SLICES)).max(Duration::from_micros(1));
        Self { slice, current: i64::MIN, counts: [(0, 0); SLICES as usize] }
    }

    fn count(&mut self, outcome: Outcome, now: Timestamp) {
        self.turn_to(now);
        let (calls, failures) = &mut self.counts[place(self.current)];
        match outcome {
            Outcome::Unknown => {}
            Outcome::Success => *calls = calls.saturating_add(1),
            Outcome::Failure => {
                *calls = calls.saturating_add(1);
                *failures = failures.saturating_add(1);
            }
        }
    }

    fn sums(&mut self, now: Timestamp) -> (u32, u32) {
        self.turn_to(now);
        self.counts.iter().fold((0_u32, 0_u32), |(calls, failures), slice| {
            (calls.saturating_add(slice.0), failures.saturating_add(slice.1))
        })
    }

    /// Forgets the slices between the one that was counted in and now.
    fn turn_to(&mut self, now: Timestamp) {
        let length = i64::try_from(self.slice.as_micros()).unwrap_or(i64::MAX);
        let now = now.as_micros().div_euclid(length);
        let passed = now.saturating_sub(self.current);
        if passed >= i64::from(SLICES) {
            self.counts = [(0, 0); SLICES as usize];
        } else {
            for step in 1..=passed {
                self.counts[place(self.current + step)] = (0, 0);
            }
        }
        self.current = self.current.max(now);
    }
}

fn place(slice: i64) -> usize {
    usize::try_from(slice.rem_euclid(i64::from(SLICES))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    fn at(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn breaker() -> Breaker {
        Breaker::new(BreakerPolicy::default(), START)
    }

    fn call(breaker: &mut Breaker, outcome: Outcome, now: Timestamp) {
        let permit = breaker.ask(now).unwrap();
        breaker.settle(permit, outcome, now);
    }

    fn opened() -> Breaker {
        let mut breaker = breaker();
        (0..5).for_each(|_| call(&mut breaker, Outcome::Failure, START));
        breaker
    }

    #[test]
    fn five_failures_in_the_window_open_it_for_a_minute() {
        let mut breaker = breaker();
        (0..4).for_each(|_| call(&mut breaker, Outcome::Failure, START));
        assert_eq!(breaker.phase(START).0, Phase::Closed);
        call(&mut breaker, Outcome::Failure, at(1));
        assert_eq!(breaker.phase(at(1)).0, Phase::Open);
        assert_eq!(breaker.ask(at(2)).unwrap_err(), Duration::from_secs(59));
        assert_eq!(breaker.opens_at(), Some(at(61)));
        assert_eq!(breaker.phase(at(61)).0, Phase::HalfOpen);
        assert!(breaker.ask(at(61)).is_ok());
    }

    #[test]
    fn failures_that_left_the_window_or_are_few_among_many_open_nothing() {
        let mut old = breaker();
        for second in [0, 30, 60, 90, 120, 150] {
            call(&mut old, Outcome::Failure, at(second));
        }
        assert_eq!(old.phase(at(150)).0, Phase::Closed);
        let mut busy = breaker();
        for _ in 0..100 {
            (0..9).for_each(|_| call(&mut busy, Outcome::Success, START));
            call(&mut busy, Outcome::Failure, START);
        }
        assert_eq!(busy.phase(START).0, Phase::Closed);
        assert_eq!(busy.counts(START), (1_000, 100));
        assert_eq!(busy.counts(at(61)), (0, 0));
    }

    #[test]
    fn few_probes_at_a_time_and_three_successes_close_it() {
        let mut breaker = opened();
        let probes: Vec<Permit> = (0..3).map(|_| breaker.ask(at(60)).unwrap()).collect();
        assert!(breaker.ask(at(60)).is_err(), "a fourth would be a stampede");
        // One that was given up makes room for another, and says nothing.
        breaker.settle(probes[0], Outcome::Unknown, at(61));
        let another = breaker.ask(at(61)).unwrap();
        for permit in [probes[1], probes[2], another] {
            assert_eq!(breaker.phase(at(61)).0, Phase::HalfOpen);
            breaker.settle(permit, Outcome::Success, at(61));
        }
        assert_eq!(breaker.phase(at(61)), (Phase::Closed, at(61)));
    }

    #[test]
    fn a_probe_that_fails_opens_it_again_and_late_answers_change_nothing() {
        let mut breaker = breaker();
        let late = breaker.ask(START).unwrap();
        (0..5).for_each(|_| call(&mut breaker, Outcome::Failure, START));
        breaker.settle(late, Outcome::Success, at(1));
        assert_eq!(breaker.phase(at(1)).0, Phase::Open);
        let (first, second) = (breaker.ask(at(60)).unwrap(), breaker.ask(at(60)).unwrap());
        breaker.settle(first, Outcome::Failure, at(61));
        breaker.settle(second, Outcome::Success, at(62));
        assert_eq!(breaker.phase(at(62)), (Phase::Open, at(61)));
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_it_open_no_longer() {
        let mut breaker = opened();
        assert!(breaker.ask(Timestamp::from_seconds(10)).is_ok());
        let mut closed = opened();
        closed.reset(at(1));
        assert!(closed.ask(at(1)).is_ok());
    }
}
