//! What the configuration says, as the parts take it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base::{Clock, Ids};
use identity::mail::{Mailer, Smtp};
use jobs::RunnerOptions;
use outbound::{Allowed, Options, Outbound};
use repos::advisories::online::Online;
use repos::child::Supervisor;
use repos::fetch::{Credential, FetchConfig, Fetcher, SshConfig};
use repos::kept::Kept;
use repos::{Hosting, Limits};
use secrets::Keyring;
use url::Url;

use crate::config::{Apply, Config, Environment, Secrets, Token};

/// The hidden command that leads a child to its work.
const CHILD_COMMAND: &str = "analyze-child";

/// The most that the command line keeps between analyses, in bytes.
const CACHE_BYTES: u64 = 1 << 30;

/// The mail server that was configured.
pub(super) fn mailer(config: &Config) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
    let Some(url) = &config.mail.smtp_url else { return Ok(None) };
    Ok(Some(Arc::new(Smtp::new(url, &config.mail.from)?)))
}

/// What the connections to code hosts are made with.
pub(super) fn hosting(config: &Config, outbound: &Outbound, keyring: Keyring) -> anyhow::Result<Hosting> {
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
pub(super) fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The folders that may be read; `None` for any. A server that others reach opens none by itself.
pub(super) fn roots(config: &Config) -> anyhow::Result<Option<Vec<PathBuf>>> {
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
pub(super) fn limits(config: &Config) -> Limits {
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
