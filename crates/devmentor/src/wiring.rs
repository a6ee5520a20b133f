//! How the parts are joined: the one place where everything is built.
//!
//! Everything a part needs arrives through its constructor, the clock and the source of ids too, so that the
//! tests build the same system with a clock that stands still.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use base::{Clock, Ids};
use events::{Events, Hub, HubOptions};
use identity::Identity;
use jobs::{Handlers, Jobs, Runner, RunnerOptions};
use projects::Projects;
use storage::Db;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;

/// Every part of the product, joined.
#[derive(Clone)]
pub struct System {
    /// The database.
    pub db: Db,
    /// Background work.
    pub jobs: Jobs,
    /// What happened, as it happens.
    pub hub: Hub,
    /// People and sessions.
    pub identity: Identity,
    /// Tasks.
    pub projects: Projects,
    /// The clock of every part.
    pub clock: Clock,
    /// The source of ids of every part.
    pub ids: Ids,
}

impl System {
    /// Opens the database, which brings it to the current schema, and joins the parts over it. Background tasks
    /// run on `tracker` and end with `stop`.
    pub async fn build(
        config: &Config,
        clock: Clock,
        ids: Ids,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let db = Db::open(&config.storage()).await.context("the database cannot be opened")?;
        let hub = Hub::start(db.clone(), &ids, HubOptions::default(), tracker, stop.clone())
            .await
            .context("the outbox cannot be read")?;
        let events = Events::new(hub.clone(), clock.clone(), ids.clone());
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let identity = Identity::new(db.clone(), events.clone(), clock.clone(), ids.clone());
        let projects = Projects::new(db.clone(), events, clock.clone(), ids.clone());
        Ok(Self { db, jobs, hub, identity, projects, clock, ids })
    }

    /// What does the background work. Nothing runs until it is told to.
    pub fn runner(&self, options: RunnerOptions) -> Runner {
        Runner::new(self.jobs.clone(), Handlers::new(), options)
    }

    /// The HTTP server's view of the parts.
    pub fn app(
        &self,
        config: server::Config,
        metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    ) -> server::App {
        server::App {
            db: self.db.clone(),
            identity: self.identity.clone(),
            projects: self.projects.clone(),
            hub: self.hub.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            config,
            metrics,
        }
    }
}

/// How background work runs.
pub fn runner_options(config: &Config) -> RunnerOptions {
    let lease = Duration::from_secs_f64(config.jobs.lease_seconds);
    // Three beats fit into a lease, so that one that is late costs nothing.
    RunnerOptions { slots: config.jobs.workers, lease, beat: lease / 3, ..RunnerOptions::default() }
}

/// How the server behaves at that address.
pub fn server_config(config: &Config, address: SocketAddr) -> server::Config {
    let mut server = server::Config::loopback(address);
    if !server.is_loopback() {
        server.hosts.push(address.to_string());
    }
    server.hosts.extend(config.server.allowed_hosts.iter().cloned());
    server.allowed_roots.clone_from(&config.repositories.allowed_roots);
    server
}
