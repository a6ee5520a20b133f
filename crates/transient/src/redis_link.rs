//! The link to Redis: made when it is first needed, and left alone while it does not answer.

use std::time::Duration;

use base::Secret;
use outbound::{BreakerPolicy, Dependency, Failed, Guard, Outbound, Protection, RetryPolicy, Verdict};
use redis::aio::{ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::{Client, FromRedisValue, RedisError, Script, ToRedisArgs};

/// Every key begins with this, so that the server may be shared with other programs.
const PREFIX: &str = "devmentor:";

/// How long connecting, and one answer, may take. Redis is near; what takes longer is quicker without it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The address cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}: write redis://host:port/number, or rediss:// for TLS")]
pub struct OpenError(String);

/// Redis did not answer, or rests. The caller goes on without it.
#[derive(Debug, thiserror::Error)]
#[error("Redis cannot be asked: {0}")]
pub struct Unreachable(String);

/// A Redis server. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    manager: ConnectionManager,
    guard: Guard,
}

impl Redis {
    /// The server at that address. Nothing is sent yet; has to be called inside the async runtime.
    pub fn new(url: &Secret, outbound: &Outbound) -> Result<Self, OpenError> {
        // A second provider in one process can only mean that another part was first; they are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The library's words may hold the address, and that a password.
        let open = |error: RedisError| OpenError(error.category().to_owned());
        let client = Client::open(url.expose()).map_err(open)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(open)?;
        // It is back as soon as it is restarted, and what it keeps is cheap to do without: short rests, no retries.
        let breaker = BreakerPolicy {
            window: Duration::from_secs(10),
            rest: Duration::from_secs(2),
            ..BreakerPolicy::default()
        };
        let retry = RetryPolicy { tries: 1, ..RetryPolicy::default() };
        let protection = Protection { breaker, retry, ..Protection::default() };
        Ok(Self { client, manager, guard: outbound.guard(Dependency::new("redis"), protection) })
    }

    /// Runs a script on some keys, in one step that nothing interrupts.
    pub(crate) async fn script<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: impl Iterator<Item = &str> + Clone,
        arguments: &[impl ToRedisArgs],
    ) -> Result<T, Unreachable> {
        let run = || {
            let mut connection = self.manager.clone();
            let mut call = script.prepare_invoke();
            for key in keys.clone() {
                call.key(format!("{PREFIX}{key}"));
            }
            for argument in arguments {
                call.arg(argument);
            }
            async move { call.invoke_async(&mut connection).await }
        };
        self.guard.call(false, verdict, run).await.map_err(unreachable)
    }

    /// Says something to whoever listens on that channel now.
    pub(crate) async fn publish(&self, channel: &str, text: &str) -> Result<(), Unreachable> {
        let run = || {
            let mut connection = self.manager.clone();
            let mut say = redis::cmd("PUBLISH");
            say.arg(format!("{PREFIX}{channel}")).arg(text);
            async move { say.query_async::<()>(&mut connection).await }
        };
        self.guard.call(false, verdict, run).await.map_err(unreachable)
    }

    /// A connection that hears what is said on those channels.
    pub(crate) async fn listen(&self, channels: &[&str]) -> Result<PubSub, Unreachable> {
        let names: Vec<String> = channels.iter().map(|channel| format!("{PREFIX}{channel}")).collect();
        let run = || async {
            let connect = async {
                let mut line = self.client.get_async_pubsub().await?;
                line.subscribe(&names).await?;
                Ok(line)
            };
            match tokio::time::timeout(PATIENCE, connect).await {
                Ok(line) => line,
                Err(_) => Err(RedisError::from((redis::ErrorKind::Io, "no answer in time"))),
            }
        };
        self.guard.call(false, verdict, run).await.map_err(unreachable)
    }

    /// The name of one of our channels, as it was given to [`Self::listen`].
    pub(crate) fn unprefixed(channel: &str) -> &str {
        channel.strip_prefix(PREFIX).unwrap_or(channel)
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Redis").field(&self.guard.state().condition).finish()
    }
}

/// An answer that says no is an answer; anything else means that it cannot be relied on now.
fn verdict(error: &RedisError) -> Verdict {
    match error.kind() {
        redis::ErrorKind::UnexpectedReturnType | redis::ErrorKind::InvalidClientConfig => Verdict::Answered,
        _ => Verdict::Failing(None),
    }
}

fn unreachable(failed: Failed<RedisError>) -> Unreachable {
    Unreachable(match failed {
        Failed::Resting(_) => "it failed too often lately and is left in peace".to_owned(),
        Failed::Tried(error) => error.to_string(),
    })
}
