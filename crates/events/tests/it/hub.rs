//! Saying and hearing within one process.

use std::time::Duration;

use base::id::UserId;
use events::{Channel, Delivery, Ended, Event, HubOptions, Tick};
use storage::testing::{each_engine, on_sqlite};

use crate::{Node, is_silent, joined, next, offsets};

fn tick(node: &Node, percent: u8) -> Tick {
    Tick::AnalysisProgressed {
        analysis: node.ids.new_id(),
        phase: "languages".into(),
        percent,
        done: 1,
        total: None,
        unit: "files".into(),
        facts: Vec::new(),
    }
}

#[tokio::test]
async fn what_is_heard_is_what_was_said_and_only_after_the_commit() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let (channel, user) = (node.channel(), node.ids.new_id::<UserId>());
        let mut heard = node.hub.subscribe([(channel, None)]).await.unwrap();
        joined(&mut heard).await;
        let event = Event::RepoConnected { repo: node.ids.new_id(), name: "Web".into(), slug: "web".into() };
        let mut lost = node.db.begin().await.unwrap();
        node.events.emit(&mut lost, channel, Some(user), event.clone());
        drop(lost);
        let mut tx = node.db.begin().await.unwrap();
        node.events.emit(&mut tx, channel, Some(user), event.clone());
        assert!(is_silent(&mut heard).await);
        tx.commit().await.unwrap();
        let Delivery::Event(envelope) = next(&mut heard).await.unwrap() else { panic!("an event") };
        assert_eq!((envelope.channel, envelope.offset, envelope.actor), (channel, 1, Some(user)));
        assert_eq!(envelope.at, node.clock.now());
        assert_eq!(serde_json::from_str::<Event>(&envelope.body).unwrap(), event);
        // What is read from the outbox later is the same.
        let mut later = node.hub.subscribe([(channel, Some(node.at(0)))]).await.unwrap();
        joined(&mut later).await;
        assert_eq!(next(&mut later).await.unwrap(), Delivery::Event(envelope));
    })
    .await;
}

#[tokio::test]
async fn channels_are_heard_by_those_who_joined_them_until_they_leave() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let (ours, theirs) = (node.channel(), Channel::user(node.ids.new_id()));
        let mut heard = node.hub.subscribe([(ours, None), (theirs, None)]).await.unwrap();
        assert_eq!((joined(&mut heard).await, joined(&mut heard).await), ((0, true), (0, true)));
        let mut only = node.hub.subscribe([(ours, None)]).await.unwrap();
        joined(&mut only).await;
        node.say(theirs, 1).await;
        node.say(ours, 1).await;
        offsets(&mut heard, 2).await;
        assert_eq!(offsets(&mut only, 1).await, [1]);
        heard.leave(ours);
        node.say(ours, 1).await;
        assert_eq!(offsets(&mut only, 1).await, [2]);
        assert!(is_silent(&mut heard).await);
        // Joining twice is joining at the second place.
        heard.join(ours, Some(node.at(0))).await.unwrap();
        heard.join(ours, Some(node.at(1))).await.unwrap();
        assert_eq!(joined(&mut heard).await, (1, true));
        assert_eq!(offsets(&mut heard, 1).await, [2]);
    })
    .await;
}

#[tokio::test]
async fn several_events_of_one_transaction_keep_their_order() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        let repos: Vec<base::id::RepoId> = (0..5).map(|_| node.ids.new_id()).collect();
        let mut heard = node.hub.subscribe([(channel, None)]).await.unwrap();
        joined(&mut heard).await;
        let mut tx = node.db.begin().await.unwrap();
        for &repo in &repos {
            node.events.emit(&mut tx, channel, None, Event::RepoRemoved { repo });
        }
        tx.commit().await.unwrap();
        for (offset, repo) in (1..).zip(repos) {
            let Delivery::Event(envelope) = next(&mut heard).await.unwrap() else { panic!("an event") };
            assert_eq!(envelope.offset, offset);
            assert_eq!(serde_json::from_str::<Event>(&envelope.body).unwrap(), Event::RepoRemoved { repo });
        }
    })
    .await;
}

#[tokio::test]
async fn a_tick_reaches_who_listens_and_is_not_kept() {
    on_sqlite(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        let mut heard = node.hub.subscribe([(channel, None)]).await.unwrap();
        joined(&mut heard).await;
        let sent = tick(&node, 40);
        node.hub.tick(channel, &sent);
        let Delivery::Tick { channel: on, body } = next(&mut heard).await.unwrap() else { panic!("a tick") };
        assert_eq!((on, serde_json::from_str::<Tick>(&body).unwrap()), (channel, sent));
        let mut later = node.hub.subscribe([(channel, Some(node.at(0)))]).await.unwrap();
        assert_eq!(joined(&mut later).await, (0, true));
        assert!(is_silent(&mut later).await);
    })
    .await;
}

#[tokio::test]
async fn a_slow_subscriber_misses_ticks_is_dropped_for_events_and_resumes() {
    on_sqlite(|test| async move {
        let node = Node::with(&test, HubOptions { buffer: 4, ..HubOptions::default() }).await;
        let channel = node.channel();
        let mut slow = node.hub.subscribe([(channel, None)]).await.unwrap();
        let mut quick = node.hub.subscribe([(channel, None)]).await.unwrap();
        assert_eq!((joined(&mut slow).await, joined(&mut quick).await), ((0, true), (0, true)));
        node.say(channel, 1).await;
        for percent in 0..50 {
            node.hub.tick(channel, &tick(&node, percent));
        }
        // The hub answers in order, so it has carried the ticks by now.
        node.hub.subscribe([(node.channel(), None)]).await.unwrap();
        assert_eq!(offsets(&mut slow, 1).await, [1]);
        for _ in 0..3 {
            assert!(matches!(next(&mut slow).await.unwrap(), Delivery::Tick { .. }));
        }
        assert!(is_silent(&mut slow).await, "ticks that found no room are gone, and nothing else is");
        // The other one reads its ticks away and keeps up, while the slow one stops reading.
        while !is_silent(&mut quick).await {}
        for offset in 2..=7 {
            node.say(channel, 1).await;
            assert_eq!(offsets(&mut quick, 1).await, [offset]);
        }
        assert_eq!(next(&mut slow).await, Err(Ended::Slow));
        assert_eq!(next(&mut slow).await, Err(Ended::Slow));
        let mut back = node.hub.subscribe([(channel, Some(node.at(1)))]).await.unwrap();
        assert_eq!(joined(&mut back).await, (1, true));
        assert_eq!(offsets(&mut back, 6).await, [2, 3, 4, 5, 6, 7]);
    })
    .await;
}

#[tokio::test]
async fn a_stop_ends_every_subscription_and_those_that_come_after() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channel = node.channel();
        let mut waiting = node.hub.subscribe([(channel, None)]).await.unwrap();
        joined(&mut waiting).await;
        let mut empty = node.hub.open();
        node.stop.cancel();
        assert_eq!(next(&mut waiting).await, Err(Ended::Stopped));
        node.tasks.close();
        tokio::time::timeout(Duration::from_secs(5), node.tasks.wait()).await.unwrap();
        empty.join(channel, None).await.unwrap();
        assert_eq!(joined(&mut empty).await, (0, true));
        assert_eq!(next(&mut empty).await, Err(Ended::Stopped));
        // Saying something is possible still: it waits in the outbox.
        node.say(channel, 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_process_that_is_told_looks_at_once_and_tells_what_it_commits() {
    each_engine(|test| async move {
        // It would look by itself in an hour.
        let options = HubOptions { poll: Duration::from_hours(1), ..HubOptions::default() };
        let (here, there) = (Node::with(&test, options).await, Node::with(&test, options).await);
        let channel = here.channel();
        let mut heard = there.hub.subscribe([(channel, None)]).await.unwrap();
        joined(&mut heard).await;
        let mut committed = here.hub.committed();
        here.say(channel, 2).await;
        assert_eq!(committed.recv().await.unwrap(), (channel, 1));
        assert_eq!(committed.recv().await.unwrap(), (channel, 2));
        assert!(is_silent(&mut heard).await, "nobody has told it");
        there.hub.hurry(Some((channel, 2)));
        assert_eq!(offsets(&mut heard, 2).await, [1, 2]);
        here.say(channel, 1).await;
        there.hub.hurry(None);
        assert_eq!(offsets(&mut heard, 1).await, [3]);
    })
    .await;
}
