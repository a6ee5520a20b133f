//! One listener: its place on each of its channels, and what waits for it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, OnceLock};

use base::Timestamp;
use base::id::{EventId, UserId};
use storage::{Db, Error};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::channel::{Channel, Epoch, Position};
use crate::hub::HubOptions;
use crate::outbox;
use crate::relay::Command;

/// An event on its way, encoded once for all who get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The channel it is on.
    pub channel: Channel,
    /// Its place there: 1, 2, 3, without gaps.
    pub offset: u64,
    /// Identifies the event.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the program itself.
    pub actor: Option<UserId>,
    /// The JSON of its [`crate::Event`].
    pub body: Arc<str>,
}

/// What a subscriber hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A channel was joined; its events after `position` follow, without a gap and in order.
    Joined {
        /// The channel.
        channel: Channel,
        /// Where the events begin.
        position: Position,
        /// Whether that is the position that was asked for. Otherwise what the subscriber holds is out of date.
        recovered: bool,
        /// How many missed events follow.
        missed: u64,
    },
    /// Something happened.
    Event(Arc<Envelope>),
    /// A passing message.
    Tick {
        /// The channel.
        channel: Channel,
        /// The JSON of its [`crate::Tick`].
        body: Arc<str>,
    },
}

/// Why a subscription is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The subscriber took too long to read. It may come back with its last position.
    #[error("the subscriber is too slow")]
    Slow,
    /// The process is stopping.
    #[error("the hub has stopped")]
    Stopped,
}

/// Events of some channels, in order and without gaps. Dropping it ends it.
pub struct Subscription {
    commands: mpsc::UnboundedSender<Command>,
    db: Db,
    epoch: Epoch,
    options: HubOptions,
    /// What the hub sends; also the subscription's identity there.
    incoming: mpsc::Receiver<Incoming>,
    outgoing: Listener,
    /// The place on each channel.
    places: HashMap<Channel, Place>,
    /// Ready to be given out.
    ready: VecDeque<Delivery>,
}

/// The hub's end of a subscription.
#[derive(Clone)]
pub(crate) struct Listener {
    pub(crate) sender: mpsc::Sender<Incoming>,
    ending: Arc<Ending>,
}

#[derive(Default)]
struct Ending {
    why: OnceLock<Ended>,
    /// Set after `why`.
    now: CancellationToken,
}

impl Listener {
    pub(crate) fn new(sender: mpsc::Sender<Incoming>) -> Self {
        Self { sender, ending: Arc::default() }
    }

    /// Whether both belong to the same subscription.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ending, &other.ending)
    }

    /// Ends the subscription; the first reason counts.
    pub(crate) fn end(&self, why: Ended) {
        self.ending.why.get_or_init(|| why);
        self.ending.now.cancel();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ending.now.is_cancelled()
    }
}

/// What the hub sends to a subscription. The hub does not promise an order.
#[derive(Debug, Clone)]
pub(crate) enum Incoming {
    Event(Arc<Envelope>),
    Tick { channel: Channel, body: Arc<str> },
}

#[derive(Default)]
struct Place {
    /// Offset of the last event given out.
    at: u64,
    /// Events that came before the ones in front of them.
    early: BTreeMap<u64, Arc<Envelope>>,
}

impl Subscription {
    pub(crate) fn open(
        commands: mpsc::UnboundedSender<Command>,
        db: Db,
        epoch: Epoch,
        options: HubOptions,
    ) -> Self {
        let (sender, incoming) = mpsc::channel(options.buffer);
        Self {
            commands,
            db,
            epoch,
            options,
            incoming,
            outgoing: Listener::new(sender),
            places: HashMap::new(),
            ready: VecDeque::new(),
        }
    }

    /// Adds a channel: from the position given, or from now on. The next deliveries are [`Delivery::Joined`] and
    /// the missed events.
    pub async fn join(&mut self, channel: Channel, since: Option<Position>) -> Result<(), Error> {
        // The hub is told first and the past is read second, so that nothing falls between the two; what comes
        // both ways is dropped by its offset.
        self.discard(channel);
        let (registered, known) = oneshot::channel();
        let listener = self.outgoing.clone();
        drop(self.commands.send(Command::Join { channel, listener, registered }));
        if known.await.is_err() {
            // The hub has stopped, and nobody else would say so.
            self.outgoing.end(Ended::Stopped);
        }
        let last = outbox::last(&self.db, channel).await?;
        let missed = match &since {
            None => Some(Vec::new()),
            Some(position) => self.missed(channel, position, last).await?,
        };
        let recovered = missed.is_some();
        let start = match (&since, recovered) {
            (Some(position), true) => position.offset,
            _ => last,
        };
        self.ready.push_back(Delivery::Joined {
            channel,
            position: Position { epoch: self.epoch.clone(), offset: start },
            recovered,
            missed: last.saturating_sub(start),
        });
        self.ready.extend(missed.into_iter().flatten().map(|envelope| Delivery::Event(Arc::new(envelope))));
        self.places.insert(channel, Place { at: last, early: BTreeMap::new() });
        drop(self.commands.send(Command::Caught { channel, offset: last }));
        Ok(())
    }

    /// The events after a position up to `last`, if every one of them is still there.
    async fn missed(
        &self,
        channel: Channel,
        since: &Position,
        last: u64,
    ) -> Result<Option<Vec<Envelope>>, Error> {
        let Some(count) = last.checked_sub(since.offset) else { return Ok(None) };
        if since.epoch != self.epoch || count > self.options.replay {
            return Ok(None);
        }
        let missed = outbox::between(&self.db, channel, since.offset, last).await?;
        // Offsets have no gaps, so the number tells whether some were forgotten.
        Ok((u64::try_from(missed.len()) == Ok(count)).then_some(missed))
    }

    /// Leaves a channel. Nothing of it is delivered any more.
    pub fn leave(&mut self, channel: Channel) {
        self.discard(channel);
        drop(self.commands.send(Command::Leave { channel, listener: self.outgoing.clone() }));
    }

    /// Forgets the place on a channel, and what of it is ready.
    fn discard(&mut self, channel: Channel) {
        self.places.remove(&channel);
        self.ready.retain(|delivery| match delivery {
            Delivery::Joined { channel: of, .. } | Delivery::Tick { channel: of, .. } => *of != channel,
            Delivery::Event(envelope) => envelope.channel != channel,
        });
    }

    /// Waits for the next delivery. May be dropped while it waits without losing anything.
    pub async fn next(&mut self) -> Result<Delivery, Ended> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Ok(ready);
            }
            let incoming = tokio::select! {
                biased;
                // A slow subscriber is not served what is left in its buffer: there is a gap behind it.
                () = self.outgoing.ending.now.cancelled() => {
                    return Err(self.outgoing.ending.why.get().copied().unwrap_or(Ended::Stopped));
                }
                incoming = self.incoming.recv() => incoming,
            };
            match incoming {
                Some(Incoming::Tick { channel, body }) if self.places.contains_key(&channel) => {
                    return Ok(Delivery::Tick { channel, body });
                }
                Some(Incoming::Tick { .. }) => {}
                Some(Incoming::Event(envelope)) => self.place(envelope)?,
                None => return Err(Ended::Stopped),
            }
        }
    }

    /// Puts an event where it belongs: out, aside until those before it came, or away.
    fn place(&mut self, envelope: Arc<Envelope>) -> Result<(), Ended> {
        let Some(place) = self.places.get_mut(&envelope.channel) else { return Ok(()) };
        if envelope.offset <= place.at {
            return Ok(());
        }
        place.early.insert(envelope.offset, envelope);
        while let Some(next) = place.early.remove(&(place.at + 1)) {
            place.at += 1;
            self.ready.push_back(Delivery::Event(next));
        }
        // The hub fills the gap from the outbox; if it cannot for so long, a fresh start is better.
        if place.early.len() > self.options.buffer { Err(Ended::Slow) } else { Ok(()) }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        drop(self.commands.send(Command::Forget { listener: self.outgoing.clone() }));
    }
}
