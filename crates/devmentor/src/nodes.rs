//! What the nodes over one database share besides it, and how they tell each other what is new.

use anyhow::Context as _;
use base::{Clock, Ids};
use events::{Channel, Hub};
use identity::Identity;
use jobs::Jobs;
use outbound::Outbound;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use transient::{Bus, Cache, Heard, Limits, Redis, Topic};

use crate::config::Config;

/// What cached values may take up in this process, in bytes.
const CACHE_BYTES: u64 = 64 << 20;

/// The parts that have something to tell other nodes, or to hear from them.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    /// What happened.
    pub hub: &'a Hub,
    /// What is to be done.
    pub jobs: &'a Jobs,
    /// Who is signed in.
    pub identity: &'a Identity,
    /// What is known of other machines.
    pub outbound: &'a Outbound,
}

/// What nodes share; with no Redis server, what this one keeps by itself. Cheap to clone.
#[derive(Clone)]
pub struct Shared {
    /// How often somebody may ask.
    pub limits: Limits,
    /// Answers that took work to make.
    pub cache: Cache,
    /// The way to other nodes.
    pub bus: Bus,
}

impl Shared {
    /// As configured. Nothing waits for Redis: what it is for works without it too.
    pub(crate) fn new(
        config: &Config,
        outbound: &Outbound,
        clock: &Clock,
        ids: &Ids,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let Some(url) = &config.redis.url else {
            return Ok(Self {
                limits: Limits::in_process(clock.clone()),
                cache: Cache::in_process(CACHE_BYTES, clock.clone()),
                bus: Bus::Alone,
            });
        };
        let redis = Redis::new(url, outbound).context("`redis.url` cannot be used")?;
        let bus = Bus::shared(redis.clone(), ids, tracker, stop);
        let cache = Cache::tiered(CACHE_BYTES, redis.clone(), bus.clone(), clock.clone(), tracker, stop);
        Ok(Self { limits: Limits::shared(redis, clock.clone()), cache, bus })
    }

    /// Tells other nodes what this one commits, and lets this one look at once for what others say they did.
    pub(crate) fn join(&self, told: Told<'_>, tracker: &TaskTracker, stop: &CancellationToken) {
        if matches!(self.bus, Bus::Alone) {
            return;
        }
        let Told { hub, jobs, identity, outbound } = told;
        let tasks: [std::pin::Pin<Box<dyn Future<Output = ()> + Send>>; 7] = [
            Box::pin(tell_events(self.bus.clone(), hub.clone())),
            Box::pin(hear_events(self.bus.clone(), hub.clone())),
            Box::pin(tell_jobs(self.bus.clone(), jobs.clone())),
            Box::pin(hear_jobs(self.bus.clone(), jobs.clone())),
            Box::pin(tell_sessions(self.bus.clone(), identity.clone())),
            Box::pin(hear_sessions(self.bus.clone(), identity.clone())),
            Box::pin(hear_dependencies(self.bus.clone(), outbound.clone())),
        ];
        for task in tasks {
            let stop = stop.clone();
            tracker.spawn(async move { stop.run_until_cancelled(task).await });
        }
    }
}

async fn tell_events(bus: Bus, hub: Hub) {
    let mut committed = hub.committed();
    loop {
        match committed.recv().await {
            Ok((channel, offset)) => bus.say(Topic::Events, format!("{channel} {offset}")),
            // What was missed is found by those who look by themselves.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn hear_events(bus: Bus, hub: Hub) {
    let mut hints = bus.listen(Topic::Events);
    loop {
        match hints.next().await {
            Heard::Said(hint) => hub.hurry(place(&hint)),
            Heard::Missed => hub.hurry(None),
        }
    }
}

/// A channel and its offset, as [`tell_events`] writes them. What cannot be read may be about any channel.
fn place(hint: &str) -> Option<(Channel, u64)> {
    let (channel, offset) = hint.rsplit_once(' ')?;
    Some((channel.parse().ok()?, offset.parse().ok()?))
}

async fn tell_jobs(bus: Bus, jobs: Jobs) {
    loop {
        jobs.made().await;
        bus.say(Topic::Jobs, "made".to_owned());
    }
}

async fn hear_jobs(bus: Bus, jobs: Jobs) {
    let mut hints = bus.listen(Topic::Jobs);
    loop {
        hints.next().await;
        jobs.hurry();
    }
}

async fn tell_sessions(bus: Bus, identity: Identity) {
    let mut changes = identity.changes();
    loop {
        match changes.recv().await {
            Ok(changed) => bus.say(Topic::Sessions, changed.to_string()),
            // Very many ended at once: what cannot be read may be about any.
            Err(RecvError::Lagged(_)) => bus.say(Topic::Sessions, "any".to_owned()),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn hear_sessions(bus: Bus, identity: Identity) {
    let mut hints = bus.listen(Topic::Sessions);
    loop {
        match hints.next().await {
            Heard::Said(hint) => identity.changed_elsewhere(hint.parse().ok()),
            Heard::Missed => identity.changed_elsewhere(None),
        }
    }
}

async fn hear_dependencies(bus: Bus, outbound: Outbound) {
    let mut hints = bus.listen(Topic::Dependencies);
    loop {
        // A word that was missed costs the rest of a pause.
        if let Heard::Said(name) = hints.next().await {
            outbound.reset(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base::Secret;
    use outbound::{Condition, Dependency, Options, Protection, Verdict};

    use super::*;

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
    async fn a_dependency_that_works_again_is_called_again_by_all_nodes() {
        let Ok(server) = std::env::var("DEVMENTOR_TEST_REDIS") else {
            assert!(std::env::var_os("CI").is_none(), "DEVMENTOR_TEST_REDIS must be set in CI");
            return println!("not tried: set DEVMENTOR_TEST_REDIS to the address of a Redis server");
        };
        let (clock, tracker, stop) = (Clock::system(), TaskTracker::new(), CancellationToken::new());
        let ids = Ids::random(clock.clone());
        let node = || {
            let outbound = Outbound::new(Options::default(), clock.clone(), ids.clone()).unwrap();
            let redis = Redis::new(&Secret::new(server.clone()), &outbound).unwrap();
            (Bus::shared(redis, &ids, &tracker, &stop), outbound)
        };
        let ((here, _), (there, outbound)) = (node(), node());
        let guard = outbound.guard(Dependency::new("mail"), Protection::default());
        for _ in 0..5 {
            let failed =
                guard.call(false, |_: &&str| Verdict::Failing(None), async || Err::<(), _>("no")).await;
            assert!(failed.is_err());
        }
        assert_eq!(guard.state().condition, Condition::Resting);
        tracker.spawn(hear_dependencies(there.clone(), outbound));
        let reset = async {
            while guard.state().condition != Condition::Working {
                here.say(Topic::Dependencies, "mail".to_owned());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), reset).await.unwrap();
        stop.cancel();
    }

    #[test]
    fn a_hint_names_a_channel_and_its_offset_or_any() {
        let channel = Channel::workspace(Ids::counted().new_id());
        assert_eq!(place(&format!("{channel} 12")), Some((channel, 12)));
        for other in ["", "x", "x 1", &format!("{channel} x")] {
            assert_eq!(place(other), None);
        }
    }
}
