//! How the parts are joined: the one place where everything is built.
//!
//! Everything a part needs arrives through its constructor, the clock and the source of ids too, so that the
//! tests build the same system with a clock that stands still. [`configured`] makes what the configuration alone decides.

mod configured;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base::{Clock, Ids};
use chat::Chats;
use events::{Events, Hub, HubOptions, Retention};
use identity::mail::Mailer;
use identity::providers::Providers;
use identity::{Identity, KeyPlace};
use jobs::{Handlers, JobError, Jobs, NewJob, Runner, RunnerOptions};
use memory::Memories;
use mentor::Mentor;
use mentor::operate::Operations;
use models::Models;
use outbound::Outbound;
use projects::Projects;
use repos::Repos;
use repos::advisories::Advisories;
use repos::advisories::online::Online;
use repos::child::Supervisor;
use repos::fetch::Fetcher;
use repos::kept::Kept;
use retrieval::{Embedder, Retrieval};
use secrets::Keyring;
use storage::Db;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Environment, SignUp};
use crate::nodes::{Shared, Told};
pub(crate) use configured::{cache, fetcher, keyring, online, outbound, outbound_to, supervisor};
use configured::{hosting, mailer, private_folder, roots};
pub use configured::{runner_options, server_config};

/// The job that forgets what is old.
const FORGET: &str = "system.forget";

/// How often it runs.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How long a finished job can be looked up.
const DONE_KEPT: Duration = Duration::from_hours(7 * 24);

/// The most that is kept between analyses, in bytes.
const KEPT_BYTES: u64 = 4 << 30;

/// The ways out of this process: other programs and other machines.
pub struct Outside {
    /// Starts analysis processes.
    pub supervisor: Supervisor,
    /// Copies repositories of other machines.
    pub fetcher: Fetcher,
    /// Calls to other machines.
    pub outbound: Outbound,
    /// Asks for known vulnerabilities, where that was chosen.
    pub online: Online,
    /// Takes mail to people, where a mail server is configured.
    pub mailer: Option<Arc<dyn Mailer>>,
}

impl Outside {
    /// As configured; `program` is this binary.
    pub fn new(
        config: &Config,
        environment: &Environment,
        program: PathBuf,
        clock: &Clock,
        ids: &Ids,
    ) -> anyhow::Result<Self> {
        let outbound = outbound(config, clock, ids)?;
        Ok(Self {
            supervisor: supervisor(config, program),
            fetcher: fetcher(config, environment),
            online: online(config, &outbound)?,
            mailer: mailer(config)?,
            outbound,
        })
    }
}

/// Every part of the product, joined.
#[derive(Clone)]
pub struct System {
    /// The database.
    pub db: Db,
    /// Background work.
    pub jobs: Jobs,
    /// What happened, as it happens.
    pub hub: Hub,
    /// The way into the outbox.
    pub events: Events,
    /// People and sessions.
    pub identity: Identity,
    /// Repositories, their analyses and what was found.
    pub repos: Repos,
    /// Tasks.
    pub projects: Projects,
    /// What was learned.
    pub memories: Memories,
    /// Language models.
    pub models: Models,
    /// The use cases that join contexts.
    pub mentor: Mentor,
    /// Calls to other machines.
    pub outbound: Outbound,
    /// What nodes share besides the database.
    pub shared: Shared,
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
        outside: Outside,
        clock: Clock,
        ids: Ids,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let clones = config.data_dir.join("clones");
        private_folder(&clones).with_context(|| format!("{} cannot be made", clones.display()))?;
        let db = Db::open(&config.storage()).await.context("the database cannot be opened")?;
        let hub = Hub::start(db.clone(), &ids, HubOptions::default(), tracker, stop.clone())
            .await
            .context("the outbox cannot be read")?;
        let events = Events::new(hub.clone(), clock.clone(), ids.clone());
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let shared = Shared::new(config, &outside.outbound, &clock, &ids, tracker, stop)?;
        let keyring = keyring(config, &ids)?;
        let identity = Identity::new(identity::Parts {
            db: db.clone(),
            events: events.clone(),
            jobs: jobs.clone(),
            limits: shared.limits.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            config: people(config, outside.mailer, keyring.clone(), &outside.outbound, &clock)?,
        });
        let told = Told { hub: &hub, jobs: &jobs, identity: &identity, outbound: &outside.outbound };
        shared.join(told, tracker, stop);
        let projects = Projects::new(db.clone(), events.clone(), clock.clone(), ids.clone());
        let embedder = Embedder::new();
        let repos = Repos::new(repos::Parts {
            db: db.clone(),
            events: events.clone(),
            hub: Some(hub.clone()),
            jobs: jobs.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            advisories: Advisories::new(db.clone(), clock.clone(), Some(outside.online)),
            config: repos::Config {
                clones,
                roots: roots(config)?,
                supervisor: outside.supervisor,
                fetcher: outside.fetcher,
                kept: Kept::new(config.data_dir.join("facts"), KEPT_BYTES),
            },
            hosting: hosting(config, &outside.outbound, keyring.clone())?,
        })
        .sharing(embedder.clone());
        let memories = memories(config, &db, events.clone(), &embedder, &clock, &ids);
        let models = models(config, &db, keyring, &outside.outbound, tracker, &clock, &ids)?;
        let mentor = Mentor::new(mentor::Parts {
            db: db.clone(),
            jobs: jobs.clone(),
            repos: repos.clone(),
            projects: projects.clone(),
            memories: memories.clone(),
            models: models.clone(),
            chats: Chats::new(db.clone(), clock.clone(), ids.clone()),
            embedder,
            tracker: tracker.clone(),
            stop: stop.clone(),
            clock: clock.clone(),
        });
        Ok(Self {
            db,
            jobs,
            hub,
            events,
            identity,
            repos,
            projects,
            memories,
            models,
            mentor,
            outbound: outside.outbound,
            shared,
            clock,
            ids,
        })
    }

    /// What does the background work. Nothing runs until it is told to.
    pub fn runner(&self, options: RunnerOptions) -> Runner {
        Runner::new(self.jobs.clone(), self.handlers(), options)
            .every("forget", FORGET_EVERY, || NewJob::new(FORGET, serde_json::Value::Null))
    }

    /// Who does which job.
    fn handlers(&self) -> Handlers {
        let handlers = self.identity.handlers(self.repos.handlers(Handlers::new()));
        self.forgetting(self.mentor.handlers(&self.identity, &self.shared.cache, handlers))
    }

    /// Registers what keeps the outbox, the queue and the copies of repositories from growing for ever.
    fn forgetting(&self, handlers: Handlers) -> Handlers {
        let system = self.clone();
        handlers.on(FORGET, move |_| {
            let Self { db, events, jobs, repos, identity, memories, models, mentor, .. } = system.clone();
            async move {
                events.trim(&db, Retention::default()).await.map_err(JobError::retry)?;
                jobs.trim(DONE_KEPT).await.map_err(JobError::retry)?;
                repos.sweep_copies().await.map_err(JobError::retry)?;
                repos.trim_deliveries().await.map_err(JobError::retry)?;
                identity.trim().await.map_err(JobError::retry)?;
                memories.expire().await.map_err(JobError::retry)?;
                models.trim().await.map_err(JobError::retry)?;
                mentor.forget_private(&identity).await.map_err(JobError::retry)?;
                Ok(())
            }
        })
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
            repos: self.repos.clone(),
            projects: self.projects.clone(),
            memories: self.memories.clone(),
            models: self.models.clone(),
            mentor: self.mentor.clone(),
            jobs: self.jobs.clone(),
            hub: self.hub.clone(),
            operations: Operations::new(
                self.db.clone(),
                self.jobs.clone(),
                self.identity.audit(),
                Arc::new(self.handlers()),
            ),
            outbound: self.outbound.clone(),
            limits: self.shared.limits.clone(),
            cache: self.shared.cache.clone(),
            bus: self.shared.bus.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            config,
            metrics,
        }
    }
}

/// What the operator decided about people. Keys are beside the database's file, or where that file would be.
fn people(
    config: &Config,
    mailer: Option<Arc<dyn Mailer>>,
    keyring: Keyring,
    outbound: &Outbound,
    clock: &Clock,
) -> anyhow::Result<identity::Config> {
    let keys = config.data_dir.join("keys");
    private_folder(&keys).with_context(|| format!("{} cannot be made", keys.display()))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(identity::Config {
        sign_up: match config.identity.sign_up {
            SignUp::Closed => identity::SignUp::Closed,
            SignUp::Open => identity::SignUp::Open,
        },
        keys: KeyPlace::Folder(keys),
        session_idle: Duration::from_hours(config.identity.session_idle_hours),
        // One processor is left for everybody who is signed in already.
        hashes: cores.saturating_sub(1).max(1),
        mailer,
        keyring: Some(keyring),
        providers: Providers::new(config.providers()?, outbound, clock)
            .context("`identity.providers` cannot be used")?,
    })
}

/// What was learned. The search index lies in the data folder; while another process writes it, one in memory serves.
pub(crate) fn memories(
    config: &Config,
    db: &Db,
    events: Events,
    embedder: &Embedder,
    clock: &Clock,
    ids: &Ids,
) -> Memories {
    let index = Retrieval::in_process(Some(config.data_dir.join("index").join("memory")));
    Memories::new(db.clone(), index, embedder.clone(), events, clock.clone(), ids.clone())
}

/// Language models, as configured and as workspaces set them up.
pub(crate) fn models(
    config: &Config,
    db: &Db,
    keyring: Keyring,
    outbound: &Outbound,
    tracker: &TaskTracker,
    clock: &Clock,
    ids: &Ids,
) -> anyhow::Result<Models> {
    Ok(Models::new(models::Parts {
        db: db.clone(),
        keyring,
        connect: models::over(outbound.clone()),
        named: outbound.allowed().clone(),
        redactor: llm::Redactor::new(Arc::new(analysis::inventory::credentials)),
        server: config.models.server()?,
        tracker: tracker.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
    }))
}

/// People, for a program that serves nobody: it can find the owner and make links.
pub(crate) fn identity_alone(db: Db, clock: Clock, ids: Ids) -> Identity {
    let events = Events::without_hub(clock.clone(), ids.clone());
    let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
    let limits = transient::Limits::in_process(clock.clone());
    Identity::new(identity::Parts {
        db,
        events,
        jobs,
        limits,
        clock,
        ids,
        config: identity::Config::closed(),
    })
}
