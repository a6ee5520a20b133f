//! What a client that was away gets: everything it missed, or the plain word that it cannot have it. Never a part.

use std::time::Duration;

use base::Clock;
use base::Ids;
use events::{Epoch, Events, HubOptions, Position, Retention};
use storage::testing::each_engine;

use crate::{Node, is_silent, joined, offsets, say};

#[tokio::test]
async fn on_an_empty_channel_there_is_nothing_to_miss() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        for since in [None, Some(node.at(0))] {
            let mut heard = node.hub.subscribe([(channel, since)]).await.unwrap();
            assert_eq!(joined(&mut heard).await, (0, true));
            assert!(is_silent(&mut heard).await);
        }
    })
    .await;
}

#[tokio::test]
async fn from_a_position_everything_after_it_comes_in_order_and_then_what_is_new() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        node.say(channel, 5).await;
        for (since, expected) in [(0, vec![1, 2, 3, 4, 5]), (2, vec![3, 4, 5]), (5, vec![])] {
            let mut heard = node.hub.subscribe([(channel, Some(node.at(since)))]).await.unwrap();
            assert_eq!(joined(&mut heard).await, (since, true));
            assert_eq!(offsets(&mut heard, expected.len()).await, expected);
            assert!(is_silent(&mut heard).await);
        }
        let mut resumed = node.hub.subscribe([(channel, Some(node.at(3)))]).await.unwrap();
        let mut fresh = node.hub.subscribe([(channel, None)]).await.unwrap();
        node.say(channel, 2).await;
        assert_eq!(joined(&mut resumed).await, (3, true));
        assert_eq!(offsets(&mut resumed, 4).await, [4, 5, 6, 7]);
        assert_eq!(joined(&mut fresh).await, (5, true));
        assert_eq!(offsets(&mut fresh, 2).await, [6, 7]);
    })
    .await;
}

#[tokio::test]
async fn more_than_the_limit_is_not_replayed() {
    each_engine(|test| async move {
        let options = HubOptions { replay: 3, ..HubOptions::default() };
        let node = Node::with(&test, options).await;
        let channel = node.channel();
        node.say(channel, 5).await;
        let mut just = node.hub.subscribe([(channel, Some(node.at(2)))]).await.unwrap();
        assert_eq!(joined(&mut just).await, (2, true));
        assert_eq!(offsets(&mut just, 3).await, [3, 4, 5]);
        let mut over = node.hub.subscribe([(channel, Some(node.at(1)))]).await.unwrap();
        assert_eq!(joined(&mut over).await, (5, false));
        node.say(channel, 1).await;
        assert_eq!(offsets(&mut over, 1).await, [6], "it goes on from there");
    })
    .await;
}

#[tokio::test]
async fn a_position_whose_successors_are_gone_is_not_recovered() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        node.say(channel, 5).await;
        let keep = Retention { per_channel: 2, ..Retention::default() };
        assert_eq!(node.events.trim(&node.db, keep).await.unwrap(), 3);
        for (since, start, recovered) in [(1, 5, false), (2, 5, false), (3, 3, true), (5, 5, true)] {
            let mut heard = node.hub.subscribe([(channel, Some(node.at(since)))]).await.unwrap();
            assert_eq!(joined(&mut heard).await, (start, recovered), "since {since}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_expired_position_is_not_recovered() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let (channel, other) = (node.channel(), node.channel());
        node.say(channel, 2).await;
        node.clock.advance(Duration::from_hours(2));
        node.say(channel, 1).await;
        node.say(other, 1).await;
        let keep = Retention { age: Duration::from_hours(1), ..Retention::default() };
        assert_eq!(node.events.trim(&node.db, keep).await.unwrap(), 2);
        for (since, start, recovered) in [(0, 3, false), (1, 3, false), (2, 2, true)] {
            let mut heard = node.hub.subscribe([(channel, Some(node.at(since)))]).await.unwrap();
            assert_eq!(joined(&mut heard).await, (start, recovered), "since {since}");
        }
        // Everything gone: a position at the end is still good, and numbers go on.
        node.clock.advance(Duration::from_hours(2));
        node.events.trim(&node.db, keep).await.unwrap();
        let mut heard = node.hub.subscribe([(channel, Some(node.at(3)))]).await.unwrap();
        assert_eq!(joined(&mut heard).await, (3, true));
        node.say(channel, 1).await;
        assert_eq!(offsets(&mut heard, 1).await, [4]);
    })
    .await;
}

#[tokio::test]
async fn a_position_that_is_not_there_yet_is_not_recovered() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        node.say(channel, 2).await;
        for since in [3, u64::MAX] {
            let mut heard = node.hub.subscribe([(channel, Some(node.at(since)))]).await.unwrap();
            assert_eq!(joined(&mut heard).await, (2, false));
        }
    })
    .await;
}

#[tokio::test]
async fn a_position_of_another_log_is_not_recovered() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        node.say(channel, 2).await;
        let elsewhere = Position { epoch: Epoch("another life".into()), offset: 2 };
        let mut heard = node.hub.subscribe([(channel, Some(elsewhere))]).await.unwrap();
        assert_eq!(joined(&mut heard).await, (2, false));
    })
    .await;
}

#[tokio::test]
async fn the_log_keeps_its_name_and_its_numbers_across_restarts() {
    each_engine(|test| async move {
        let first = Node::new(&test).await;
        let (channel, epoch) = (first.channel(), first.hub.epoch().clone());
        first.say(channel, 2).await;
        first.stop.cancel();
        first.tasks.close();
        first.tasks.wait().await;
        first.db.close().await;
        let second = Node::new(&test).await;
        assert_eq!(*second.hub.epoch(), epoch);
        second.say(channel, 1).await;
        let mut heard = second.hub.subscribe([(channel, Some(second.at(1)))]).await.unwrap();
        assert_eq!(joined(&mut heard).await, (1, true));
        assert_eq!(offsets(&mut heard, 2).await, [2, 3]);
    })
    .await;
}

#[tokio::test]
async fn what_other_processes_say_is_heard_in_its_place() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        let elsewhere = Events::without_hub(node.clock.clone(), Ids::random(Clock::system()));
        let mut heard = node.hub.subscribe([(channel, None)]).await.unwrap();
        assert_eq!(joined(&mut heard).await, (0, true));
        say(&node.db, &elsewhere, channel, &node.ids).await;
        assert_eq!(offsets(&mut heard, 1).await, [1]);
        // One of theirs between two of ours: ours waits for it.
        node.say(channel, 1).await;
        say(&node.db, &elsewhere, channel, &node.ids).await;
        node.say(channel, 1).await;
        assert_eq!(offsets(&mut heard, 3).await, [2, 3, 4]);
    })
    .await;
}
