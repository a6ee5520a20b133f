//! The hub's task, and the search for events of other processes.
//!
//! The task only moves pointers between queues; it never waits for the database, so that a slow one delays nobody.
//! Reading the outbox is done beside it, and what is found comes back as a command like any other.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use storage::{Db, Error};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::channel::Channel;
use crate::hub::HubOptions;
use crate::outbox;
use crate::subscription::{Ended, Envelope, Incoming, Listener};

/// Channels asked for in one statement.
const CHUNK: usize = 500;

/// Events of one channel read in one statement.
const BATCH: u64 = 500;

/// What the hub is told.
pub(crate) enum Command {
    /// Send a channel's events to a listener from now on.
    Join { channel: Channel, listener: Listener, registered: oneshot::Sender<()> },
    /// A listener has read the outbox of a channel up to there.
    Caught { channel: Channel, offset: u64 },
    /// Send no more of a channel to a listener.
    Leave { channel: Channel, listener: Listener },
    /// Send nothing more to a listener.
    Forget { listener: Listener },
    /// An event was committed.
    Publish(Arc<Envelope>),
    /// Another process says that a channel has come to an offset, or that any may have.
    Hurry { about: Option<(Channel, u64)> },
    /// A passing message.
    Tick { channel: Channel, body: Arc<str> },
    /// The events of the outbox after one offset, up to and including another, in order.
    Found { channel: Channel, envelopes: Vec<Arc<Envelope>>, from: u64, upto: u64 },
}

pub(crate) struct Relay {
    channels: HashMap<Channel, Watched>,
    /// For the search: what was passed on, for each watched channel.
    seen: watch::Sender<BTreeMap<Channel, u64>>,
    hurry: Arc<Notify>,
}

#[derive(Default)]
struct Watched {
    listeners: Vec<Listener>,
    /// Every listener has every event up to here, passed on or read by itself. `None` until one has read.
    seen: Option<u64>,
}

impl Relay {
    pub(crate) fn new() -> Self {
        Self { channels: HashMap::new(), seen: watch::Sender::new(BTreeMap::new()), hurry: Arc::default() }
    }

    /// Runs until `stop`.
    pub(crate) async fn run(
        mut self,
        mut asked: mpsc::UnboundedReceiver<Command>,
        db: Db,
        options: HubOptions,
        stop: CancellationToken,
    ) {
        let (found, mut finds) = mpsc::channel(16);
        let search = Search { db, seen: self.seen.subscribe(), hurry: Arc::clone(&self.hurry), found };
        let mut search = std::pin::pin!(search.run(options));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = &mut search => break,
                Some(command) = finds.recv() => self.obey(command),
                command = asked.recv() => match command {
                    Some(command) => self.obey(command),
                    None => break,
                },
            }
        }
        for listener in self.channels.into_values().flat_map(|watched| watched.listeners) {
            listener.end(Ended::Stopped);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Join { channel, listener, registered } => {
                let listeners = &mut self.channels.entry(channel).or_default().listeners;
                if !listeners.iter().any(|known| known.is(&listener)) {
                    listeners.push(listener);
                }
                // Fails when the subscriber went away while it joined; its own goodbye follows.
                let _gone = registered.send(());
            }
            Command::Caught { channel, offset } => {
                if let Some(watched) = self.channels.get_mut(&channel) {
                    // It may have read before another one did, and then lacks what came between the two. Looking
                    // again from there tells the other one nothing new, and does no harm.
                    watched.seen = Some(watched.seen.map_or(offset, |seen| seen.min(offset)));
                    self.note(channel);
                }
            }
            Command::Leave { channel, listener } => {
                if let Some(watched) = self.channels.get_mut(&channel) {
                    watched.listeners.retain(|known| !known.is(&listener));
                }
                self.tidy();
            }
            Command::Forget { listener } => {
                for watched in self.channels.values_mut() {
                    watched.listeners.retain(|known| !known.is(&listener));
                }
                self.tidy();
            }
            Command::Publish(envelope) => {
                let (channel, offset) = (envelope.channel, envelope.offset);
                self.send(channel, &Incoming::Event(envelope));
                let Some(watched) = self.channels.get_mut(&channel) else { return };
                match watched.seen {
                    Some(seen) if offset == seen + 1 => {
                        watched.seen = Some(offset);
                        self.note(channel);
                    }
                    // Somebody else's event is in between: look for it now.
                    Some(seen) if offset > seen => self.hurry.notify_one(),
                    _ => {}
                }
            }
            Command::Hurry { about } => {
                let news = about.is_none_or(|(channel, offset)| {
                    let seen = self.channels.get(&channel).and_then(|watched| watched.seen);
                    seen.is_some_and(|seen| offset > seen)
                });
                if news {
                    self.hurry.notify_one();
                }
            }
            Command::Tick { channel, body } => self.send(channel, &Incoming::Tick { channel, body }),
            Command::Found { channel, envelopes, from, upto } => {
                for envelope in envelopes {
                    self.send(channel, &Incoming::Event(envelope));
                }
                if let Some(watched) = self.channels.get_mut(&channel) {
                    // Unless somebody who lacks more came while the search was under way.
                    watched.seen = watched.seen.map(|seen| if from <= seen { seen.max(upto) } else { seen });
                    self.note(channel);
                }
            }
        }
    }

    /// Sends to every listener of a channel. One whose buffer is full misses a tick, and is dropped for an event.
    fn send(&mut self, channel: Channel, incoming: &Incoming) {
        let Some(watched) = self.channels.get_mut(&channel) else { return };
        let before = watched.listeners.len();
        watched.listeners.retain(|listener| match listener.sender.try_send(incoming.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) if matches!(incoming, Incoming::Tick { .. }) => true,
            Err(TrySendError::Full(_)) => {
                listener.end(Ended::Slow);
                false
            }
            Err(TrySendError::Closed(_)) => false,
        });
        if watched.listeners.len() < before {
            self.tidy();
        }
    }

    /// Stops watching channels that nobody listens to, and listeners that were dropped on another channel.
    fn tidy(&mut self) {
        self.channels.retain(|_, watched| {
            watched.listeners.retain(|listener| !listener.has_ended());
            !watched.listeners.is_empty()
        });
        let channels = &self.channels;
        self.seen.send_if_modified(|seen| {
            let before = seen.len();
            seen.retain(|channel, _| channels.contains_key(channel));
            seen.len() != before
        });
    }

    /// Lets the search know how far a channel is.
    fn note(&mut self, channel: Channel) {
        if let Some(offset) = self.channels.get(&channel).and_then(|watched| watched.seen) {
            self.seen.send_if_modified(|seen| seen.insert(channel, offset) != Some(offset));
        }
    }
}

/// Looks into the outbox for what this process was not told.
struct Search {
    db: Db,
    seen: watch::Receiver<BTreeMap<Channel, u64>>,
    hurry: Arc<Notify>,
    found: mpsc::Sender<Command>,
}

impl Search {
    /// Ends when the hub does.
    async fn run(self, options: HubOptions) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(options.poll) => {}
                () = self.hurry.notified() => {}
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the outbox cannot be read; trying again");
            }
            if self.found.is_closed() {
                return;
            }
        }
    }

    async fn look(&self) -> Result<(), Error> {
        let seen: Vec<(Channel, u64)> =
            self.seen.borrow().iter().map(|(&channel, &at)| (channel, at)).collect();
        for chunk in seen.chunks(CHUNK) {
            let known: HashMap<Channel, u64> = chunk.iter().copied().collect();
            for (channel, last) in outbox::lasts(&self.db, known.keys().copied()).await? {
                let mut from = known.get(&channel).copied().unwrap_or(last);
                while from < last {
                    let upto = last.min(from + BATCH);
                    let envelopes = outbox::between(&self.db, channel, from, upto).await?;
                    let envelopes = envelopes.into_iter().map(Arc::new).collect();
                    // Fails when the hub has stopped.
                    drop(self.found.send(Command::Found { channel, envelopes, from, upto }).await);
                    from = upto;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
