//! What is said, and what is heard of it, on both engines.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod hub;
mod recovery;
mod shapes;
mod storm;

use std::time::Duration;

use base::id::WorkspaceId;
use base::{Clock, Ids, Timestamp};
use events::{Channel, Delivery, Ended, Event, Events, Hub, HubOptions, Position, Subscription};
use storage::Db;
use storage::testing::TestDb;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A process with a hub.
struct Node {
    db: Db,
    hub: Hub,
    events: Events,
    clock: Clock,
    ids: Ids,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Node {
    async fn new(test: &TestDb) -> Self {
        Self::with(test, HubOptions { poll: Duration::from_millis(10), ..HubOptions::default() }).await
    }

    async fn with(test: &TestDb, options: HubOptions) -> Self {
        let db = test.open().await;
        let (clock, ids) = (Clock::manual(Timestamp::from_seconds(1_000)), Ids::random(Clock::system()));
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let hub = Hub::start(db.clone(), &ids, options, &tasks, stop.clone()).await.unwrap();
        let events = Events::new(hub.clone(), clock.clone(), ids.clone());
        Self { db, hub, events, clock, ids, tasks, stop }
    }

    fn channel(&self) -> Channel {
        Channel::workspace(self.ids.new_id::<WorkspaceId>())
    }

    /// Says that many events, one to a transaction.
    async fn say(&self, channel: Channel, count: usize) {
        for _ in 0..count {
            say(&self.db, &self.events, channel, &self.ids).await;
        }
    }

    fn at(&self, offset: u64) -> Position {
        Position { epoch: self.hub.epoch().clone(), offset }
    }
}

async fn say(db: &Db, events: &Events, channel: Channel, ids: &Ids) {
    let mut tx = db.begin().await.unwrap();
    events.emit(&mut tx, channel, None, Event::RepoRemoved { repo: ids.new_id() });
    tx.commit().await.unwrap();
}

/// The next delivery; a test that hears nothing has failed.
async fn next(subscription: &mut Subscription) -> Result<Delivery, Ended> {
    tokio::time::timeout(Duration::from_secs(10), subscription.next())
        .await
        .unwrap_or_else(|_| panic!("nothing was heard for ten seconds"))
}

/// The beginning of a channel: where, and whether everything before it is known.
async fn joined(subscription: &mut Subscription) -> (u64, bool) {
    match next(subscription).await.unwrap() {
        Delivery::Joined { position, recovered, .. } => (position.offset, recovered),
        other => panic!("{other:?}"),
    }
}

/// The offsets of the next events.
async fn offsets(subscription: &mut Subscription, count: usize) -> Vec<u64> {
    let mut offsets = Vec::new();
    while offsets.len() < count {
        match next(subscription).await.unwrap() {
            Delivery::Event(envelope) => offsets.push(envelope.offset),
            other => panic!("{other:?}"),
        }
    }
    offsets
}

/// Whether nothing is there to be heard right now.
async fn is_silent(subscription: &mut Subscription) -> bool {
    tokio::time::timeout(Duration::from_millis(40), subscription.next()).await.is_err()
}
