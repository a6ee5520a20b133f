//! How far the hub believes its listeners to be, in the orders that are hard to bring about from outside.

use base::{Ids, Timestamp};

use super::*;

struct Bench {
    relay: Relay,
    channel: Channel,
    ids: Ids,
}

impl Bench {
    fn new() -> Self {
        let ids = Ids::counted();
        Self { relay: Relay::new(), channel: Channel::workspace(ids.new_id()), ids }
    }

    fn join(&mut self) -> mpsc::Receiver<Incoming> {
        let (sender, heard) = mpsc::channel(16);
        let (registered, _known) = oneshot::channel();
        self.relay.obey(Command::Join { channel: self.channel, listener: Listener::new(sender), registered });
        heard
    }

    fn caught(&mut self, offset: u64) {
        self.relay.obey(Command::Caught { channel: self.channel, offset });
    }

    fn publish(&mut self, offset: u64) {
        let envelope = self.envelope(offset);
        self.relay.obey(Command::Publish(envelope));
    }

    fn found(&mut self, from: u64, upto: u64) {
        let envelopes = (from + 1..=upto).map(|offset| self.envelope(offset)).collect();
        self.relay.obey(Command::Found { channel: self.channel, envelopes, from, upto });
    }

    fn envelope(&self, offset: u64) -> Arc<Envelope> {
        let (id, at) = (self.ids.new_id(), Timestamp::from_seconds(0));
        Arc::new(Envelope { channel: self.channel, offset, id, at, actor: None, body: "{}".into() })
    }

    /// Where the search begins.
    fn seen(&self) -> Option<u64> {
        self.relay.seen.borrow().get(&self.channel).copied()
    }
}

fn offsets(heard: &mut mpsc::Receiver<Incoming>) -> Vec<u64> {
    std::iter::from_fn(|| match heard.try_recv() {
        Ok(Incoming::Event(envelope)) => Some(envelope.offset),
        _ => None,
    })
    .collect()
}

#[test]
fn the_search_begins_where_the_listener_that_has_least_is() {
    let mut bench = Bench::new();
    let (mut one, mut other) = (bench.join(), bench.join());
    assert_eq!(bench.seen(), None, "nobody has read yet");
    // Event 1 of another process was committed after the first one read and before the second one did.
    bench.caught(1);
    bench.caught(0);
    assert_eq!(bench.seen(), Some(0));
    bench.found(0, 1);
    assert_eq!(bench.seen(), Some(1));
    assert_eq!((offsets(&mut one), offsets(&mut other)), (vec![1], vec![1]));
}

#[test]
fn a_search_under_way_does_not_hide_what_a_newcomer_lacks() {
    let mut bench = Bench::new();
    let _one = bench.join();
    bench.caught(3);
    // The search for what follows 3 has begun; somebody comes who read when there were 2.
    let mut newcomer = bench.join();
    bench.caught(2);
    bench.found(3, 5);
    assert_eq!(bench.seen(), Some(2));
    bench.found(2, 5);
    assert_eq!(bench.seen(), Some(5));
    assert_eq!(offsets(&mut newcomer), [4, 5, 3, 4, 5]);
}

#[test]
fn own_events_move_the_search_on_only_without_a_gap() {
    let mut bench = Bench::new();
    let mut heard = bench.join();
    bench.publish(7);
    assert_eq!(bench.seen(), None);
    bench.caught(7);
    bench.publish(8);
    assert_eq!(bench.seen(), Some(8));
    bench.publish(10);
    assert_eq!(bench.seen(), Some(8), "somebody else said 9");
    bench.found(8, 10);
    assert_eq!(bench.seen(), Some(10));
    assert_eq!(offsets(&mut heard), [7, 8, 10, 9, 10]);
}

#[test]
fn a_channel_without_listeners_is_not_searched() {
    let mut bench = Bench::new();
    let heard = bench.join();
    bench.caught(1);
    drop(heard);
    bench.publish(2);
    assert_eq!(bench.seen(), None);
    assert!(bench.relay.channels.is_empty());
}
