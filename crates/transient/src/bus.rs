//! What nodes tell each other: hints that somebody should look, never what there is to see.
//!
//! A hint may be lost, so nothing depends on one: whoever listens also looks by themselves now and then, and is told
//! when hints may have been missed. What a hint brings is that others look at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::Ids;
use futures_util::StreamExt as _;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::redis_link::Redis;

/// Hints that wait to be sent. Beyond it they are dropped: who waits for so many looks by themselves before.
const WAITING: usize = 1_024;

/// Hints that wait for one listener. One that is further behind missed some, and is told so.
const HEARD: usize = 1_024;

/// How often a line on which nothing is said is tried.
const PING: Duration = Duration::from_secs(5);

/// How long a lost line is left alone.
const PAUSE: Duration = Duration::from_millis(500);

/// What hints are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A channel of events has a new offset: `CHANNEL OFFSET`.
    Events,
    /// There may be something to run.
    Jobs,
    /// Cached values must be forgotten: their surrogate keys.
    Cache,
    /// What is known of sessions must be read again: whose or which.
    Sessions,
    /// Somebody says that a dependency works again: its name.
    Dependencies,
}

impl Topic {
    const ALL: [Self; 5] = [Self::Events, Self::Jobs, Self::Cache, Self::Sessions, Self::Dependencies];

    fn name(self) -> &'static str {
        match self {
            Self::Events => "bus:events",
            Self::Jobs => "bus:jobs",
            Self::Cache => "bus:cache",
            Self::Sessions => "bus:sessions",
            Self::Dependencies => "bus:dependencies",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Another node said that.
    Said(Arc<str>),
    /// Hints may have been missed: the line was lost, is new, or the listener was too slow.
    Missed,
}

/// The way to other nodes. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Bus {
    /// There is none: nothing that is said is heard anywhere.
    Alone,
    /// Through Redis.
    Shared(Line),
}

/// A line to other nodes.
#[derive(Debug, Clone)]
pub struct Line(Arc<Ends>);

#[derive(Debug)]
struct Ends {
    saying: mpsc::Sender<(Topic, String)>,
    heard: [broadcast::Sender<Heard>; Topic::ALL.len()],
    connected: AtomicBool,
}

/// What others say about one topic.
#[derive(Debug)]
pub struct Listener(Option<broadcast::Receiver<Heard>>);

impl Listener {
    /// Waits for the next hint; for ever where there are no other nodes.
    pub async fn next(&mut self) -> Heard {
        let Some(receiver) = &mut self.0 else { return std::future::pending().await };
        match receiver.recv().await {
            Ok(heard) => heard,
            Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
            // The line is gone with its process.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl Bus {
    /// Through that Redis, on `tracker`, until `stop`.
    pub fn shared(redis: Redis, ids: &Ids, tracker: &TaskTracker, stop: &CancellationToken) -> Self {
        let (saying, said) = mpsc::channel(WAITING);
        let heard = Topic::ALL.map(|_| broadcast::channel(HEARD).0);
        let ends = Arc::new(Ends { saying, heard, connected: AtomicBool::new(false) });
        // What this node said comes back to it, and says nothing new.
        let node = hex::encode(&ids.new_token()[..8]);
        let (teller, stopped) = (tell(redis.clone(), node.clone(), said), stop.clone());
        tracker.spawn(async move { stopped.run_until_cancelled(teller).await });
        let (listener, stopped) = (listen(redis, node, Arc::clone(&ends)), stop.clone());
        tracker.spawn(async move { stopped.run_until_cancelled(listener).await });
        Self::Shared(Line(ends))
    }

    /// Tells other nodes. Waits for nobody, and may be lost.
    pub fn say(&self, topic: Topic, text: String) {
        let Self::Shared(Line(ends)) = self else { return };
        if ends.saying.try_send((topic, text)).is_err() {
            metrics::counter!("bus_dropped_total", "topic" => topic.name()).increment(1);
        }
    }

    /// Hears what other nodes say from now on.
    pub fn listen(&self, topic: Topic) -> Listener {
        match self {
            Self::Alone => Listener(None),
            Self::Shared(Line(ends)) => Listener(Some(ends.heard[topic as usize].subscribe())),
        }
    }

    /// Whether other nodes are heard at this moment; `None` where there are none.
    pub fn is_connected(&self) -> Option<bool> {
        match self {
            Self::Alone => None,
            Self::Shared(Line(ends)) => Some(ends.connected.load(Ordering::Relaxed)),
        }
    }
}

impl Ends {
    fn pass_on(&self, topic: Topic, heard: Heard) {
        // Fails where nobody listens.
        drop(self.heard[topic as usize].send(heard));
    }

    fn set_connected(&self, connected: bool) {
        self.connected.store(connected, Ordering::Relaxed);
        metrics::gauge!("bus_connected").set(f64::from(u8::from(connected)));
    }
}

async fn tell(redis: Redis, node: String, mut said: mpsc::Receiver<(Topic, String)>) {
    while let Some((topic, text)) = said.recv().await {
        if let Err(error) = redis.publish(topic.name(), &format!("{node} {text}")).await {
            metrics::counter!("bus_dropped_total", "topic" => topic.name()).increment(1);
            tracing::debug!(%error, "other nodes were not told; they will look by themselves");
        }
    }
}

async fn listen(redis: Redis, node: String, ends: Arc<Ends>) {
    let names = Topic::ALL.map(Topic::name);
    loop {
        match redis.listen(&names).await {
            Ok(line) => {
                let (mut sink, mut hints) = line.split();
                ends.set_connected(true);
                for topic in Topic::ALL {
                    ends.pass_on(topic, Heard::Missed);
                }
                loop {
                    match tokio::time::timeout(PING, hints.next()).await {
                        Ok(Some(hint)) => hear(&ends, &node, &hint),
                        Ok(None) => break,
                        // A connection that broke without a word looks like one on which nothing is said. What is asked
                        // is answered only while somebody reads the hints.
                        Err(_) => {
                            let asked = tokio::time::timeout(PAUSE, sink.ping::<redis::Value>());
                            let mut asked = std::pin::pin!(asked);
                            let answered = loop {
                                tokio::select! {
                                    answer = &mut asked => break matches!(answer, Ok(Ok(_))),
                                    hint = hints.next() => match hint {
                                        Some(hint) => hear(&ends, &node, &hint),
                                        None => break false,
                                    },
                                }
                            };
                            if !answered {
                                break;
                            }
                        }
                    }
                }
                ends.set_connected(false);
                tracing::warn!("the line to other nodes was lost; trying again");
            }
            Err(error) => tracing::debug!(%error, "other nodes are not heard"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn hear(ends: &Ends, node: &str, hint: &redis::Msg) {
    let Some(topic) = Topic::named(Redis::unprefixed(hint.get_channel_name())) else { return };
    let text = std::str::from_utf8(hint.get_payload_bytes()).unwrap_or_default();
    if let Some((from, said)) = text.split_once(' ')
        && from != node
    {
        ends.pass_on(topic, Heard::Said(said.into()));
    }
}
