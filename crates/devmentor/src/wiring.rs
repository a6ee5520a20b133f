//! How the parts are joined: the one place where everything is built.
//!
//! Everything a part needs arrives through its constructor, the clock and the source of ids too, so that the
//! tests build the same system with a clock that stands still.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base::{Clock, Ids};
use chat::Chats;
use events::{Events, Hub, HubOptions, Retention};
use identity::mail::{Mailer, Smtp};
use identity::providers::Providers;
use identity::{Identity, KeyPlace};
use jobs::{Handlers, JobError, Jobs, NewJob, Runner, RunnerOptions};
use memory::Memories;
use mentor::Mentor;
use mentor::operate::Operations;
use models::Models;
use outbound::{Allowed, Options, Outbound};
use projects::Projects;
use repos::advisories::Advisories;
use repos::advisories::online::Online;
use repos::child::Supervisor;
use repos::fetch::{Credential, FetchConfig, Fetcher, SshConfig};
use repos::kept::Kept;
use repos::{Hosting, Limits, Repos};
use retrieval::{Embedder, Retrieval};
use secrets::Keyring;
use storage::Db;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::config::{Apply, Config, Environment, Secrets, SignUp, Token};
use crate::nodes::{Shared, Told};

/// The hidden command that leads a child to its work.
const CHILD_COMMAND: &str = "analyze-child";

/// The job that forgets what is old.
const FORGET: &str = "system.forget";

/// How often it runs.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How long a finished job can be looked up.
const DONE_KEPT: Duration = Duration::from_hours(7 * 24);

/// The most that is kept between analyses, in bytes.
const KEPT_BYTES: u64 = 4 << 30;

/// The most that the command line keeps between analyses, in bytes.
const CACHE_BYTES: u64 = 1 << 30;

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

/// The mail server that was configured.
fn mailer(config: &Config) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
    let Some(url) = &config.mail.smtp_url else { return Ok(None) };
    Ok(Some(Arc::new(Smtp::new(url, &config.mail.from)?)))
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

/// What the connections to code hosts are made with.
fn hosting(config: &Config, outbound: &Outbound, keyring: Keyring) -> anyhow::Result<Hosting> {
    let public_url = config.public_host()?.map(|host| format!("https://{host}"));
    Ok(Hosting { outbound: outbound.clone(), keyring, public_url })
}

/// The keys that seal what the database must not tell. A file of them is made where none is configured.
pub(crate) fn keyring(config: &Config, ids: &Ids) -> anyhow::Result<Keyring> {
    let Secrets { key_file, keys } = &config.secrets;
    match (keys, key_file) {
        (Some(_), Some(_)) => {
            anyhow::bail!("`secrets.keys` and `secrets.key_file` are both set: keep one of them")
        }
        (Some(keys), None) => Keyring::from_text(keys, ids.clone()).context("`secrets.keys` cannot be used"),
        (None, Some(file)) => Ok(Keyring::from_file(file, ids.clone())?),
        (None, None) => {
            private_folder(&config.data_dir)
                .with_context(|| format!("{} cannot be made", config.data_dir.display()))?;
            Ok(Keyring::from_file(config.data_dir.join("secrets.key"), ids.clone())?)
        }
    }
}

/// Makes a folder, and those above it, that nobody else can look into: it will hold private code.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The folders that may be read; `None` for any. A server that others reach opens none by itself.
fn roots(config: &Config) -> anyhow::Result<Option<Vec<PathBuf>>> {
    let stated = &config.repositories.allowed_roots;
    if stated.is_empty() {
        return Ok(if config.is_local()? { None } else { Some(Vec::new()) });
    }
    let real = stated.iter().map(|root| {
        root.canonicalize().with_context(|| format!("`repositories.allowed_roots` names {}", root.display()))
    });
    real.collect::<anyhow::Result<_>>().map(Some)
}

/// How background work runs.
pub fn runner_options(config: &Config) -> RunnerOptions {
    let lease = Duration::from_secs_f64(config.jobs.lease_seconds);
    // Three beats fit into a lease, so that one that is late costs nothing.
    RunnerOptions { slots: config.jobs.workers, lease, beat: lease / 3, ..RunnerOptions::default() }
}

/// How the server behaves at that address.
pub fn server_config(
    config: &Config,
    environment: &Environment,
    address: SocketAddr,
) -> anyhow::Result<server::Config> {
    let mut server = match config.public_host()? {
        Some(host) => server::Config::behind_proxy(address, host),
        None => server::Config::direct(address),
    };
    env!("DEVMENTOR_VERSION").clone_into(&mut server.build);
    server.trusted_proxies = config.trusted_proxies()?;
    server.hosts.extend(config.server.allowed_hosts.iter().cloned());
    server.quotas = quotas(config)?;
    server.allowed_roots.clone_from(&config.repositories.allowed_roots);
    if server.allowed_roots.is_empty() && server.is_local() {
        // Whoever reaches it here may read these files anyway. Looking for a repository starts at home.
        let home = environment.get("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        server.allowed_roots.extend(home);
        server.allowed_roots.push(PathBuf::from("/"));
    }
    Ok(server)
}

/// How often somebody may ask, where that is bounded: the only person on a laptop is in nobody's way.
fn quotas(config: &Config) -> anyhow::Result<Option<server::Quotas>> {
    let limits = &config.limits;
    let bounded = match limits.apply {
        Apply::Always => true,
        Apply::Never => false,
        Apply::Auto => !config.is_local()?,
    };
    Ok(bounded.then_some(server::Quotas {
        reads: limits.reads_per_minute,
        changes: limits.changes_per_minute,
        analyses: limits.analyses_per_hour,
        questions: limits.questions_per_minute,
        sign_ins: limits.sign_ins_per_minute,
    }))
}

/// Starts analysis processes: this program again, with the hidden command.
pub(crate) fn supervisor(config: &Config, program: PathBuf) -> Supervisor {
    Supervisor::new(program, [OsString::from(CHILD_COMMAND)], limits(config))
}

/// What the command line keeps between analyses; `None` without a folder for that. Whoever names a folder for the data
/// wants everything there.
pub(crate) fn cache(config: &Config, environment: &Environment) -> Option<Kept> {
    let folder = match environment.data_dir() {
        Some(usual) if usual == config.data_dir => environment.cache_dir()?,
        _ => config.data_dir.join("cache"),
    };
    Some(Kept::new(folder.join("facts"), CACHE_BYTES))
}

/// The bounds of one analysis.
fn limits(config: &Config) -> Limits {
    Limits {
        threads: config.analysis.threads,
        memory_bytes: config.analysis.memory_mib << 20,
        cpu_seconds: config.analysis.cpu_seconds,
        wall_seconds: config.analysis.wall_seconds,
        past_secrets: config.analysis.secrets_in_history,
        ..Limits::default()
    }
}

/// What makes copies of other machines' repositories, as configured.
pub(crate) fn fetcher(config: &Config, environment: &Environment) -> Fetcher {
    let repositories = &config.repositories;
    let credential = |token: &Token| Credential {
        host: token.host.clone(),
        user: token.user.clone(),
        token: token.token.clone(),
    };
    Fetcher::new(FetchConfig {
        allowed: Allowed::new(&repositories.allowed_hosts),
        authorities: repositories.ca_file.clone(),
        credentials: repositories.tokens.iter().map(credential).collect(),
        ssh: SshConfig { agent: environment.get("SSH_AUTH_SOCK").map(PathBuf::from), ..SshConfig::default() },
        bytes: repositories.max_copy_mib << 20,
        time: Duration::from_secs(repositories.fetch_seconds),
        ..FetchConfig::default()
    })
}

/// The way to other machines, as configured. An address that the operator wrote down is allowed by that.
pub(crate) fn outbound(config: &Config, clock: &Clock, ids: &Ids) -> anyhow::Result<Outbound> {
    outbound_to(config, None, clock, ids)
}

/// The same, also to an address that was typed into the command line.
pub(crate) fn outbound_to(
    config: &Config,
    typed: Option<&Url>,
    clock: &Clock,
    ids: &Ids,
) -> anyhow::Result<Outbound> {
    let named = Allowed::new(&config.outbound.allowed_hosts).with(&osv(config)?);
    let allowed = typed.into_iter().fold(named, Allowed::with);
    // Who uses this machine alone may run models on it, where Ollama usually listens.
    let allowed = if config.is_local()? { allowed.with(&ollama()?).with(&localhost()?) } else { allowed };
    let proxy = config.outbound.proxy.as_ref().map(|proxy| {
        let proxy = proxy.expose();
        proxy.parse().context("`outbound.proxy` is no URL: write http://host:port")
    });
    let authorities = config.repositories.ca_file.as_ref().map(|file| {
        std::fs::read(file)
            .with_context(|| format!("`repositories.ca_file`: {} cannot be read", file.display()))
    });
    let options = Options { allowed, proxy: proxy.transpose()?, authorities: authorities.transpose()? };
    Outbound::new(options, clock.clone(), ids.clone()).context("no HTTP client can be made")
}

/// The online service that was configured. Nothing is sent until it is asked.
pub(crate) fn online(config: &Config, outbound: &Outbound) -> anyhow::Result<Online> {
    Ok(Online::new(outbound, osv(config)?))
}

/// Where Ollama usually listens.
fn ollama() -> anyhow::Result<Url> {
    Ok(llm::ollama::USUAL.parse()?)
}

/// The same by the name of this machine.
fn localhost() -> anyhow::Result<Url> {
    let mut url = ollama()?;
    url.set_host(Some("localhost"))?;
    Ok(url)
}

fn osv(config: &Config) -> anyhow::Result<Url> {
    let base = &config.advisories.osv_url;
    base.parse().with_context(|| format!("`advisories.osv_url` is `{base}`, which is no URL"))
}
