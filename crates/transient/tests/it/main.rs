//! What may be lost, in one process and across nodes.
//!
//! What nodes share needs a server: `DEVMENTOR_TEST_REDIS` holds its address. With `CI` set it must take part.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bus;
mod cache;
mod limits;

use base::{Clock, Ids, Secret, Timestamp};
use outbound::{Options, Outbound};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use transient::{Bus, Redis};

fn clock() -> Clock {
    Clock::manual(Timestamp::from_seconds(1_795_339_920))
}

fn outbound(clock: &Clock) -> Outbound {
    Outbound::new(Options::default(), clock.clone(), Ids::counted()).unwrap()
}

/// The address of the Redis server that tests may use.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn redis_here() -> Option<String> {
    let server = std::env::var("DEVMENTOR_TEST_REDIS").ok();
    if server.is_none() {
        assert!(std::env::var_os("CI").is_none(), "DEVMENTOR_TEST_REDIS must be set in CI");
    }
    server
}

/// A process that shares a Redis server with others.
struct Node {
    redis: Redis,
    bus: Bus,
    clock: Clock,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Node {
    fn new(server: &str) -> Self {
        let clock = clock();
        let redis = Redis::new(&Secret::new(server.to_owned()), &outbound(&clock)).unwrap();
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let bus = Bus::shared(redis.clone(), &Ids::random(Clock::system()), &tracker, &stop);
        Self { redis, bus, clock, tracker, stop }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
