//! What the server is made of, and what its handlers share.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use base::{Clock, Ids, Timestamp};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::config::Config;
use crate::live::Connections;
use crate::problem::Problem;

/// Everything the server needs, built by the wiring.
#[derive(Clone)]
pub struct App {
    /// The database, for readiness and for answers that are kept.
    pub db: storage::Db,
    /// People and sessions.
    pub identity: identity::Identity,
    /// Repositories, analyses, findings and insights.
    pub repos: repos::Repos,
    /// Tasks.
    pub projects: projects::Projects,
    /// What was learned.
    pub memories: memory::Memories,
    /// Language models.
    pub models: models::Models,
    /// What joins contexts.
    pub mentor: mentor::Mentor,
    /// Background work, for its numbers at `/metrics`.
    pub jobs: jobs::Jobs,
    /// Live events.
    pub hub: events::Hub,
    /// What the operator does.
    pub operations: mentor::operate::Operations,
    /// Calls to other machines, for what is known of those.
    pub outbound: outbound::Outbound,
    /// How often somebody may ask.
    pub limits: transient::Limits,
    /// Answers that took work to make.
    pub cache: transient::Cache,
    /// The way to other nodes.
    pub bus: transient::Bus,
    /// The clock.
    pub clock: Clock,
    /// The source of ids and nonces.
    pub ids: Ids,
    /// What the operator decided.
    pub config: Config,
    /// What is shown at `/metrics`; without it that page does not exist.
    pub metrics: Option<PrometheusHandle>,
}

/// [`App`] with what belongs to the running server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

pub(crate) struct Shared {
    app: App,
    /// Fires when the server is to stop: live channels say goodbye.
    pub(crate) stop: CancellationToken,
    /// Everything that a stop waits for.
    pub(crate) tracker: TaskTracker,
    /// Requests that may be worked on at once.
    pub(crate) permits: Semaphore,
    /// When this process began.
    pub(crate) started_at: Timestamp,
    /// Live connections by person.
    pub(crate) connections: Connections,
    /// The OpenAPI document.
    pub(crate) document: bytes::Bytes,
}

impl AppState {
    pub(crate) fn new(
        app: App,
        stop: CancellationToken,
        tracker: TaskTracker,
        document: bytes::Bytes,
    ) -> Self {
        let permits = Semaphore::new(app.config.concurrency);
        let (started_at, connections) = (app.clock.now(), Connections::shown_as("live_connections"));
        Self(Arc::new(Shared { app, stop, tracker, permits, started_at, connections, document }))
    }

    /// Does work to its end, though whoever asked for it goes away meanwhile; a stop of the server waits for it.
    pub(crate) async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        match self.tracker.spawn(work.in_current_span()).await {
            Ok(result) => Ok(result),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(Problem::internal(error)),
            },
        }
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Deref for Shared {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

macro_rules! parts {
    ($($field:ident: $type:ty),* $(,)?) => {$(
        impl FromRef<AppState> for $type {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    )*};
}

parts!(repos: repos::Repos, mentor: mentor::Mentor, identity: identity::Identity, projects: projects::Projects, memories: memory::Memories, models: models::Models, clock: Clock);
