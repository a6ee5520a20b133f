//! One call, protected: it is not made while the dependency rests, and made again where that may help.

use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::{Clock, Ids, Timestamp};

use crate::breaker::{Breaker, BreakerPolicy, Outcome, Permit, Phase};
use crate::budget::{Budget, BudgetPolicy};
use crate::dependency::Dependency;
use crate::retry::RetryPolicy;

/// What a failed try says about the dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It works, and said no. Asking again changes nothing.
    Answered,
    /// It works, and wants to be asked later: after that time, where it says so.
    Later(Option<Duration>),
    /// It does not work: no answer, or one that says so; perhaps with the time after which it will.
    Failing(Option<Duration>),
}

/// Why a protected call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed<E> {
    /// The dependency rests and was not asked. Asking again makes sense after that time.
    Resting(Duration),
    /// It was asked, and this came of the last try.
    Tried(E),
}

/// How time passes between two tries.
#[derive(Debug, Clone)]
pub enum Wait {
    /// As it does.
    Real,
    /// At once: a manual clock is moved instead. For tests.
    Virtual(Clock),
}

impl Wait {
    async fn pass(&self, time: Duration) {
        match self {
            Self::Real => tokio::time::sleep(time).await,
            Self::Virtual(clock) => clock.advance(time),
        }
    }
}

/// How calls to one dependency are protected.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Protection {
    /// When it is left in peace.
    pub breaker: BreakerPolicy,
    /// When a call is repeated.
    pub retry: RetryPolicy,
    /// How many repetitions all calls together may have.
    pub budget: BudgetPolicy,
}

/// Whether calls reach a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// They do.
    Working,
    /// It failed too often and is left in peace.
    Resting,
    /// A few calls pass, to see whether it works again.
    Probing,
}

/// What is known of a dependency.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DependencyState {
    /// Its name.
    pub name: String,
    /// Whether calls reach it.
    pub condition: Condition,
    /// Since when.
    pub since: Timestamp,
    /// When the next call is let through, while it rests.
    pub next_try: Option<Timestamp>,
    /// Calls in the last minute (the breaker's window), since the condition changed.
    pub calls: u32,
    /// Those of them that failed.
    pub failures: u32,
    /// Repetitions that may be made at this moment.
    pub retries_left: u32,
    /// The last failure, in words.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Timestamp>,
}

/// Protects the calls to one dependency. Cheap to clone; all clones share what they know of it.
#[derive(Debug, Clone)]
pub struct Guard(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dependency: Dependency,
    retry: RetryPolicy,
    clock: Clock,
    chance: Chance,
    wait: Wait,
    known: Mutex<Known>,
}

/// Where chance comes from.
#[derive(Clone)]
pub(crate) struct Chance(pub(crate) Ids);

impl Chance {
    /// From 0 up to 1.
    fn draw(&self) -> f64 {
        let [a, b, c, d, ..] = self.0.new_token();
        f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
    }
}

impl std::fmt::Debug for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chance")
    }
}

#[derive(Debug)]
struct Known {
    breaker: Breaker,
    budget: Budget,
    last_error: Option<(String, Timestamp)>,
}

impl Guard {
    pub(crate) fn new(
        dependency: Dependency,
        protection: Protection,
        clock: Clock,
        chance: Chance,
        wait: Wait,
    ) -> Self {
        let now = clock.now();
        let known = Known {
            breaker: Breaker::new(protection.breaker, now),
            budget: Budget::new(protection.budget, now),
            last_error: None,
        };
        let guard =
            Inner { dependency, retry: protection.retry, clock, chance, wait, known: Mutex::new(known) };
        guard.show(Phase::Closed);
        Self(Arc::new(guard))
    }

    /// Makes a call, and makes it again where `repeatable` says that this does no harm and `judge` that it may help.
    /// A call that is dropped half-way says nothing about the dependency.
    pub async fn call<T, E: Display, F: Future<Output = Result<T, E>>>(
        &self,
        repeatable: bool,
        judge: impl Fn(&E) -> Verdict,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Failed<E>> {
        let mut underway = self.begin().map_err(Failed::Resting)?;
        loop {
            let error = match attempt().await {
                Ok(value) => {
                    underway.succeeded();
                    return Ok(value);
                }
                Err(error) => error,
            };
            let verdict = judge(&error);
            let Some(wait) = underway.failed(repeatable, verdict, &error) else {
                return Err(Failed::Tried(error));
            };
            self.0.wait.pass(wait).await;
            // It may have begun to rest meanwhile; then this answer is the last one.
            if underway.again().is_err() {
                return Err(Failed::Tried(error));
            }
        }
    }

    /// Begins a call that the caller makes itself; the time to wait when the dependency rests.
    pub(crate) fn begin(&self) -> Result<Underway, Duration> {
        let now = self.0.clock.now();
        let mut known = self.0.known();
        let permit = match known.breaker.ask(now) {
            Ok(permit) => permit,
            Err(wait) => {
                drop(known);
                self.0.count("resting");
                return Err(wait);
            }
        };
        known.budget.earn();
        Ok(Underway { guard: Arc::clone(&self.0), permit: Some(permit), tried: 1 })
    }

    /// Takes note of a failure after a call had succeeded, such as an answer that broke off, or of one that was given up.
    pub fn broke_off(&self, error: &dyn Display) {
        if let Ok(mut underway) = self.begin() {
            underway.failed(false, Verdict::Failing(None), error);
        }
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What is known of the dependency now.
    pub fn state(&self) -> DependencyState {
        let now = self.0.clock.now();
        let mut known = self.0.known();
        let (phase, since) = known.breaker.phase(now);
        let (calls, failures) = known.breaker.counts(now);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the brim")]
        let retries_left = known.budget.left(now) as u32;
        DependencyState {
            name: self.0.dependency.name().to_owned(),
            condition: match phase {
                Phase::Closed => Condition::Working,
                Phase::Open => Condition::Resting,
                Phase::HalfOpen => Condition::Probing,
            },
            since,
            next_try: known.breaker.opens_at(),
            calls,
            failures,
            retries_left,
            last_error: known.last_error.as_ref().map(|(text, _)| text.clone()),
            last_error_at: known.last_error.as_ref().map(|(_, at)| *at),
        }
    }

    /// Lets calls through again at once: somebody knows that the dependency works.
    pub fn reset(&self) {
        self.0.known().breaker.reset(self.0.clock.now());
        self.0.show(Phase::Closed);
    }
}

impl Inner {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, permit: Permit, outcome: Outcome) {
        let now = self.clock.now();
        let mut known = self.known();
        let (before, _) = known.breaker.phase(now);
        known.breaker.settle(permit, outcome, now);
        let (after, _) = known.breaker.phase(now);
        drop(known);
        if before != after {
            let name = self.dependency.name();
            match after {
                Phase::Open => tracing::warn!(dependency = name, "it failed too often and is left in peace"),
                Phase::Closed => tracing::info!(dependency = name, "it works again"),
                Phase::HalfOpen => {}
            }
        }
        self.show(after);
    }

    fn show(&self, phase: Phase) {
        let value = match phase {
            Phase::Closed => 0.0,
            Phase::HalfOpen => 1.0,
            Phase::Open => 2.0,
        };
        metrics::gauge!("outbound_breaker", "dependency" => self.dependency.name().to_owned()).set(value);
    }

    fn count(&self, outcome: &'static str) {
        let name = self.dependency.name().to_owned();
        metrics::counter!("outbound_tries_total", "dependency" => name, "outcome" => outcome).increment(1);
    }
}

/// A call that was begun. Dropped unfinished, it says nothing about the dependency.
#[derive(Debug)]
pub(crate) struct Underway {
    guard: Arc<Inner>,
    permit: Option<Permit>,
    tried: u32,
}

impl Underway {
    /// The try succeeded.
    pub(crate) fn succeeded(&mut self) {
        self.settle(Outcome::Success, "ok");
    }

    /// The try failed: how long to wait before the next one, or `None` when there is none.
    pub(crate) fn failed(
        &mut self,
        repeatable: bool,
        verdict: Verdict,
        error: &dyn Display,
    ) -> Option<Duration> {
        let (outcome, asked) = match verdict {
            Verdict::Answered => {
                self.settle(Outcome::Success, "refused");
                return None;
            }
            Verdict::Later(asked) => (Outcome::Unknown, asked),
            Verdict::Failing(asked) => (Outcome::Failure, asked),
        };
        let now = self.guard.clock.now();
        self.guard.known().last_error = Some((error.to_string(), now));
        self.settle(outcome, "failed");
        if !repeatable {
            return None;
        }
        let wait = self.guard.retry.wait(self.tried, asked, self.guard.chance.draw())?;
        if !self.guard.known().budget.spend(now) {
            self.guard.count("out_of_budget");
            return None;
        }
        Some(wait)
    }

    /// Begins the next try.
    pub(crate) fn again(&mut self) -> Result<(), Duration> {
        let now = self.guard.clock.now();
        self.permit = Some(self.guard.known().breaker.ask(now)?);
        self.tried += 1;
        Ok(())
    }

    fn settle(&mut self, outcome: Outcome, shown: &'static str) {
        if let Some(permit) = self.permit.take() {
            self.guard.settle(permit, outcome);
            self.guard.count(shown);
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.settle(Outcome::Unknown, "dropped");
    }
}

#[cfg(test)]
mod tests;
