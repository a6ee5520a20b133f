//! Limits as their users see them, in one process and across nodes.

use std::time::Duration;

use base::{Clock, Secret};
use outbound::Condition;
use tokio::task::JoinSet;
use transient::{Limits, Redis, Rule};

use crate::{clock, outbound, redis_here};

const RULE: Rule = Rule { name: "test", quota: 5, window: Duration::from_mins(1) };

/// How many of ten calls pass.
async fn passing(limits: &Limits, key: &str) -> usize {
    let mut passed = 0;
    for _ in 0..10 {
        passed += usize::from(limits.check(key, &RULE).await.is_ok());
    }
    passed
}

#[tokio::test]
async fn each_key_and_each_rule_counts_apart() {
    let clock = clock();
    let limits = Limits::in_process(clock.clone());
    assert_eq!(passing(&limits, "ana").await, 5);
    assert_eq!(passing(&limits, "ben").await, 5);
    let other = Rule { name: "other", ..RULE };
    assert_eq!(limits.check("ana", &other).await.unwrap().remaining, 4);
    let refused = limits.check("ana", &RULE).await.unwrap_err();
    assert_eq!(refused.seconds(), 12);
    clock.advance(refused.0);
    assert_eq!(passing(&limits.clone(), "ana").await, 1);
}

#[tokio::test]
async fn nodes_count_together_and_alone_when_they_have_to() {
    let Some(server) = redis_here() else { return };
    let key = format!("{}", base::Ids::random(Clock::system()).new_id::<base::id::UserId>());
    let node = || {
        let clock = clock();
        let outbound = outbound(&clock);
        Limits::shared(Redis::new(&Secret::new(server.clone()), &outbound).unwrap(), clock)
    };
    let (one, two) = (node(), node());
    let mut remaining = Vec::new();
    for limits in [&one, &two, &one, &two, &one] {
        remaining.push(limits.check(&key, &RULE).await.unwrap().remaining);
    }
    assert_eq!(remaining, [4, 3, 2, 1, 0]);
    let refused = two.check(&key, &RULE).await.unwrap_err();
    assert!((1..=12).contains(&refused.seconds()), "{refused}");

    // Many at once: exactly the quota passes, whoever is asked.
    let crowd = format!("{key}-crowd");
    let mut calls = JoinSet::new();
    for number in 0..64 {
        let (limits, crowd) = (if number % 2 == 0 { one.clone() } else { two.clone() }, crowd.clone());
        calls.spawn(async move { limits.check(&crowd, &RULE).await.is_ok() });
    }
    assert_eq!(calls.join_all().await.into_iter().filter(|passed| *passed).count(), 5);
}

#[tokio::test]
async fn a_node_without_its_redis_goes_on_by_itself() {
    let clock = clock();
    let outbound = outbound(&clock);
    // Nobody listens there: the port was free a moment ago, and its owner is gone.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let redis = Redis::new(&Secret::new(format!("redis://{free}")), &outbound).unwrap();
    let limits = Limits::shared(redis, clock.clone());
    assert_eq!(passing(&limits, "ana").await, 5);
    assert_eq!(outbound.states()[0].condition, Condition::Resting);
    let error = Redis::new(&Secret::new("http://user:hunter2@x"), &outbound).unwrap_err().to_string();
    assert!(error.contains("redis://") && !error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_call_that_one_rule_refuses_uses_up_nothing_of_the_others() {
    let Some(server) = redis_here() else { return };
    let narrow = Rule { name: "narrow", quota: 2, window: Duration::from_mins(1) };
    let wide = Rule { name: "wide", quota: 10, window: Duration::from_mins(1) };
    let key = format!("{}", base::Ids::random(Clock::system()).new_id::<base::id::UserId>());
    let clock = clock();
    let shared = Limits::shared(Redis::new(&Secret::new(server), &outbound(&clock)).unwrap(), clock.clone());
    for limits in [Limits::in_process(clock.clone()), shared] {
        let mut left = Vec::new();
        for _ in 0..4 {
            let told = limits.check_all(&[(&key, narrow), (&key, wide)]).await;
            let remaining: Vec<Option<u32>> =
                told.each.iter().map(|one| one.ok().map(|allowed| allowed.remaining)).collect();
            left.push((told.refused().is_none(), remaining));
        }
        let refused = (false, vec![None, Some(8)]);
        let expected =
            [(true, vec![Some(1), Some(9)]), (true, vec![Some(0), Some(8)]), refused.clone(), refused];
        assert_eq!(left, expected);
        assert_eq!(limits.refused(), [("narrow", 2)]);
    }
}
