//! The hub: one task for each process that carries events from those who say them to those who listen.

use std::sync::Arc;
use std::time::Duration;

use base::Ids;
use storage::{Db, Error};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channel::{Channel, Epoch, Position};
use crate::outbox;
use crate::relay::{Command, Relay};
use crate::subscription::{Envelope, Subscription};
use crate::tick::Tick;

/// The limits of a hub.
#[derive(Debug, Clone, Copy)]
pub struct HubOptions {
    /// Messages that wait for one subscriber at most. One that is further behind is dropped, and may resume.
    pub buffer: usize,
    /// Missed events that a subscriber gets one by one at most; beyond it reads its screens again.
    pub replay: u64,
    /// How often the outbox is searched for events of other processes.
    pub poll: Duration,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self { buffer: 256, replay: 1_000, poll: Duration::from_millis(500) }
    }
}

/// Committed events of which somebody may still be told. Whoever is further behind misses some.
const COMMITTED: usize = 1_024;

/// The way to the hub's task. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    commands: mpsc::UnboundedSender<Command>,
    committed: broadcast::Sender<(Channel, u64)>,
    db: Db,
    epoch: Epoch,
    options: HubOptions,
}

impl Hub {
    /// Starts the hub's task on `tracker`. It ends with `stop`, and then tells its subscribers.
    pub async fn start(
        db: Db,
        ids: &Ids,
        options: HubOptions,
        tracker: &TaskTracker,
        stop: CancellationToken,
    ) -> Result<Self, Error> {
        let epoch = outbox::epoch(&db, ids).await?;
        // Unbounded, because who commits must never wait for who listens. The task only moves pointers, and what
        // it puts into the subscribers' buffers is bounded.
        let (commands, asked) = mpsc::unbounded_channel();
        tracker.spawn(Relay::new().run(asked, db.clone(), options, stop));
        let (committed, _) = broadcast::channel(COMMITTED);
        Ok(Self { commands, committed, db, epoch, options })
    }

    /// The life of the log that positions count in.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// A subscription without channels; see [`Subscription::join`].
    pub fn open(&self) -> Subscription {
        Subscription::open(self.commands.clone(), self.db.clone(), self.epoch.clone(), self.options)
    }

    /// Subscribes to channels: each from the position given, or from now on.
    pub async fn subscribe(
        &self,
        channels: impl IntoIterator<Item = (Channel, Option<Position>)>,
    ) -> Result<Subscription, Error> {
        let mut subscription = self.open();
        for (channel, since) in channels {
            subscription.join(channel, since).await?;
        }
        Ok(subscription)
    }

    /// Tells a passing message to whoever listens right now.
    pub fn tick(&self, channel: Channel, tick: &Tick) {
        match serde_json::to_string(tick) {
            Ok(body) => self.send(Command::Tick { channel, body: body.into() }),
            Err(error) => tracing::error!(%error, "a tick does not encode"),
        }
    }

    /// The channels on which this process commits events from now on, with their new offsets: for who tells other
    /// processes to look.
    pub fn committed(&self) -> broadcast::Receiver<(Channel, u64)> {
        self.committed.subscribe()
    }

    /// Another process says that a channel has come to that offset, or that any may have moved on: the outbox is searched
    /// now, and not only when it is its turn. A word that is not true costs one search.
    pub fn hurry(&self, about: Option<(Channel, u64)>) {
        self.send(Command::Hurry { about });
    }

    /// Carries a committed event to the subscribers.
    pub(crate) fn publish(&self, envelope: Arc<Envelope>) {
        // Fails where nobody tells others.
        drop(self.committed.send((envelope.channel, envelope.offset)));
        self.send(Command::Publish(envelope));
    }

    fn send(&self, command: Command) {
        // Fails only when the hub has stopped, and its subscribers know that already.
        drop(self.commands.send(command));
    }
}
