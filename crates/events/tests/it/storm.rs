//! Many who say, many who hear, lines that are cut at random: no gap, no doubles, no other order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::{Clock, Ids};
use events::{Channel, Delivery, Event, Events, HubOptions, Position};
use storage::testing::each_engine;
use tokio::task::JoinSet;

use crate::{Node, say};

const WRITERS: u64 = 8;
const EVENTS: u64 = 40;
const CLIENTS: u64 = 10;

/// Small, repeatable random numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Listens until the last event, cutting its own line now and then; how often it did.
async fn listen(hub: events::Hub, channel: Channel, mut dice: Dice) -> u64 {
    let mut place = Position { epoch: hub.epoch().clone(), offset: 0 };
    let mut cuts = 0;
    loop {
        let mut heard = hub.subscribe([(channel, Some(place.clone()))]).await.unwrap();
        let Ok(Delivery::Joined { recovered, position, .. }) = heard.next().await else {
            panic!("joined first")
        };
        assert!(recovered);
        assert_eq!(position, place);
        for _ in 0..=dice.below(20) {
            if place.offset == WRITERS * EVENTS {
                return cuts;
            }
            let next = tokio::time::timeout(Duration::from_secs(20), heard.next()).await;
            let Ok(Ok(Delivery::Event(envelope))) = next else { panic!("{next:?} after {place:?}") };
            assert_eq!(envelope.offset, place.offset + 1);
            place.offset = envelope.offset;
        }
        cuts += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_doubled_or_reordered() {
    each_engine(|test| async move {
        // A buffer for every event: nobody is dropped for being slow, so every gap would be one for ever.
        let poll = Duration::from_millis(10);
        let node = Node::with(&test, HubOptions { buffer: 1_024, poll, ..HubOptions::default() }).await;
        let channel = node.channel();
        let mut clients = JoinSet::new();
        for client in 1..=CLIENTS {
            clients.spawn(listen(node.hub.clone(), channel, Dice(client * 7_919)));
        }
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            // Half of the writers are in other processes, as far as the hub can tell.
            let events = if writer % 2 == 0 {
                node.events.clone()
            } else {
                Events::without_hub(node.clock.clone(), Ids::random(Clock::system()))
            };
            let (db, ids) = (node.db.clone(), node.ids.clone());
            writers.spawn(async move {
                for _ in 0..EVENTS {
                    say(&db, &events, channel, &ids).await;
                }
            });
        }
        writers.join_all().await;
        let cuts: u64 = clients.join_all().await.iter().sum();
        assert!(cuts > CLIENTS * 5, "{cuts}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transactions_that_speak_on_the_same_channels_do_not_block_each_other_for_ever() {
    each_engine(|test| async move {
        let node = Node::new(&test).await;
        let channels = [node.channel(), node.channel(), node.channel()];
        let said = Arc::new(AtomicU64::new(0));
        let mut writers = JoinSet::new();
        for writer in 0..12 {
            let (db, events, ids, said) =
                (node.db.clone(), node.events.clone(), node.ids.clone(), Arc::clone(&said));
            writers.spawn(async move {
                for _ in 0..10 {
                    let mut order = channels;
                    order.rotate_left(writer % 3);
                    if writer % 2 == 0 {
                        order.reverse();
                    }
                    let mut tx = db.begin().await.unwrap();
                    for channel in order {
                        events.emit(&mut tx, channel, None, Event::RepoRemoved { repo: ids.new_id() });
                    }
                    tx.commit().await.unwrap();
                    said.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        writers.join_all().await;
        let expected = said.load(Ordering::SeqCst);
        assert_eq!(expected, 120);
        for channel in channels {
            let mut heard = node.hub.subscribe([(channel, None)]).await.unwrap();
            assert_eq!(crate::joined(&mut heard).await, (expected, true));
        }
    })
    .await;
}
