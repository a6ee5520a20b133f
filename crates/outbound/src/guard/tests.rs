//! Calls in virtual time.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::*;

fn clock() -> Clock {
    Clock::manual(Timestamp::from_seconds(1_000))
}

fn guard(clock: &Clock, protection: Protection) -> Guard {
    let chance = Chance(Ids::random(clock.clone()));
    Guard::new(Dependency::new("service"), protection, clock.clone(), chance, Wait::Virtual(clock.clone()))
}

/// Makes one call whose tries end as told, the last again and again; how many were made, and what came of it.
async fn call(
    guard: &Guard,
    repeatable: bool,
    ends: &[Result<(), Verdict>],
) -> (u32, Result<(), Failed<String>>) {
    let made = Cell::new(0_u32);
    let verdict = Cell::new(Verdict::Answered);
    let result = guard
        .call(
            repeatable,
            |_: &String| verdict.get(),
            || {
                let end = ends[(made.get() as usize).min(ends.len() - 1)];
                made.set(made.get() + 1);
                std::future::ready(end.map_err(|it| {
                    verdict.set(it);
                    format!("{it:?}")
                }))
            },
        )
        .await;
    (made.get(), result)
}

const FAILING: Result<(), Verdict> = Err(Verdict::Failing(None));

#[tokio::test]
async fn what_may_help_is_tried_three_times_and_nothing_else() {
    let clock = clock();
    let (tries, result) =
        call(&guard(&clock, Protection::default()), true, &[FAILING, FAILING, Ok(())]).await;
    assert_eq!((tries, result), (3, Ok(())));
    let (tries, result) = call(&guard(&clock, Protection::default()), true, &[FAILING]).await;
    assert!(tries == 3 && matches!(result, Err(Failed::Tried(_))));
    for (repeatable, end) in [(false, FAILING), (true, Err(Verdict::Answered))] {
        let (tries, result) = call(&guard(&clock, Protection::default()), repeatable, &[end]).await;
        assert!(tries == 1 && matches!(result, Err(Failed::Tried(_))), "{end:?}");
    }
}

#[tokio::test]
async fn what_the_dependency_asked_for_is_waited_for() {
    let clock = clock();
    let guard = guard(&clock, Protection::default());
    let began = clock.now();
    let later = Err(Verdict::Later(Some(Duration::from_secs(20))));
    assert_eq!(call(&guard, true, &[later, Ok(())]).await, (2, Ok(())));
    assert!((20..22).contains(&clock.now().since(began).as_secs()));
    let too_long = Err(Verdict::Later(Some(Duration::from_mins(5))));
    assert_eq!(call(&guard, true, &[too_long]).await.0, 1);
    assert_eq!(guard.state().condition, Condition::Working, "it answered each time");
}

#[tokio::test]
async fn a_dependency_that_fails_rests_is_probed_and_works_again() {
    let clock = clock();
    let guard = guard(&clock, Protection::default());
    for _ in 0..5 {
        drop(call(&guard, false, &[FAILING]).await);
    }
    let state = guard.state();
    assert_eq!((state.condition, state.last_error.as_deref()), (Condition::Resting, Some("Failing(None)")));
    assert_eq!(state.next_try, Some(clock.now().plus(Duration::from_mins(1))));
    let (tries, result) = call(&guard, true, &[Ok(())]).await;
    assert_eq!((tries, result), (0, Err(Failed::Resting(Duration::from_mins(1)))));
    clock.advance(Duration::from_mins(1));
    assert_eq!(guard.state().condition, Condition::Probing);
    for _ in 0..3 {
        assert_eq!(call(&guard, false, &[Ok(())]).await, (1, Ok(())));
    }
    assert_eq!(guard.state().condition, Condition::Working);
}

#[tokio::test]
async fn a_probe_that_is_dropped_makes_room_for_another() {
    let clock = clock();
    let guard = guard(&clock, Protection::default());
    for _ in 0..5 {
        drop(call(&guard, false, &[FAILING]).await);
    }
    clock.advance(Duration::from_mins(1));
    for _ in 0..10 {
        drop(guard.begin().unwrap());
    }
    assert_eq!(guard.state().condition, Condition::Probing);
    guard.reset();
    assert_eq!(guard.state().condition, Condition::Working);
}

/// An outage, event by event: `rate` callers a second for that many seconds, every try fails after `latency`.
/// How many calls were begun by callers, and how many tries reached the dependency.
fn outage(protection: Protection, rate: u64, seconds: u64, latency: Duration) -> (u64, u64) {
    let clock = clock();
    let start = clock.now();
    let guard = guard(&clock, protection);
    let mut calls: Vec<Option<Underway>> = Vec::new();
    // When something happens, and to which call: its first try, the end of a try, or the end of a wait.
    let mut agenda: BinaryHeap<Reverse<(Timestamp, usize, bool)>> = (0..rate * seconds)
        .map(|number| {
            calls.push(None);
            let at = start.plus(Duration::from_micros(number * 1_000_000 / rate));
            Reverse((at, calls.len() - 1, false))
        })
        .collect();
    let (requests, end) = (rate * seconds, start.plus(Duration::from_secs(seconds)));
    let mut tries = 0;
    while let Some(Reverse((at, index, ended))) = agenda.pop() {
        if at >= end {
            break;
        }
        clock.advance(at.since(clock.now()));
        if ended {
            let underway = calls[index].as_mut().unwrap();
            match underway.failed(true, Verdict::Failing(None), &"down") {
                Some(wait) => agenda.push(Reverse((at.plus(wait), index, false))),
                None => calls[index] = None,
            }
            continue;
        }
        let begun = match calls[index].as_mut() {
            Some(underway) => underway.again().is_ok(),
            None => guard.begin().map(|underway| calls[index] = Some(underway)).is_ok(),
        };
        if begun {
            tries += 1;
            agenda.push(Reverse((at.plus(latency), index, true)));
        } else {
            calls[index] = None;
        }
    }
    (requests, tries)
}

/// The bound of the reliability plan: 1.2 tries for each request, and ten a second.
fn bound(requests: u64, seconds: u64) -> u64 {
    requests * 12 / 10 + 10 * seconds
}

#[test]
fn an_outage_of_a_minute_gets_little_more_than_the_usual_load() {
    let never = BreakerPolicy { failures: u32::MAX, ..BreakerPolicy::default() };
    for latency in [Duration::ZERO, Duration::from_millis(50), Duration::from_secs(2)] {
        let (requests, tries) = outage(Protection::default(), 50, 60, latency);
        println!("50/s for 60 s, {latency:?} a try: {tries} tries for {requests} requests");
        assert!(tries <= bound(requests, 60), "{tries}");
        assert!(tries < requests / 5, "the breaker keeps nearly all of it away: {tries}");
        // The budget alone holds the bound too, and without it the load would be three times as high.
        let (requests, alone) =
            outage(Protection { breaker: never, ..Protection::default() }, 50, 60, latency);
        println!("  without the breaker: {alone}");
        assert!(alone <= bound(requests, 60), "{alone}");
        assert!(alone > requests, "retries are made at all: {alone}");
        let endless = BudgetPolicy { share: 3.0, per_second: 1_000.0, most: 1e9 };
        let (_, storm) =
            outage(Protection { breaker: never, budget: endless, ..Protection::default() }, 50, 60, latency);
        println!("  without either: {storm}");
        assert!(storm > bound(requests, 60), "what is held back is worth holding back: {storm}");
    }
}
