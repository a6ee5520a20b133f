//! The configuration: defaults, then files, then the environment, then options; the later wins.
//!
//! This is the only module that reads the environment. Everything below it is handed typed values.

mod layers;
mod models;
mod places;
mod providers;
mod show;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use base::Secret;
use figment::Figment;
use identity::providers::Provider;
use ipnet::IpNet;
use serde::Deserialize;

pub(crate) use layers::{Flag, flags};
pub use models::Models;
pub use places::Environment;
pub use providers::{ProviderEntry, ProviderKind};
pub(crate) use show::settings;

/// The commented file with every setting; also what the defaults are read from.
pub(crate) const TEMPLATE: &str = include_str!("config/defaults.toml");

/// What one analysis may be given: less ends it before it begins, and more than a tebibyte is a slip of the pen.
const MEMORY_MIB: std::ops::RangeInclusive<u64> = 256..=1 << 20;

/// More than thirty days is no bound: no session lives longer, however often it is used.
const IDLE_HOURS: std::ops::RangeInclusive<u64> = 1..=30 * 24;

/// Everything that can be set. `config/defaults.toml` says what each setting means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The database and the copies of repositories.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: Server,
    /// How often somebody may ask.
    pub limits: Limits,
    /// What nodes share besides the database.
    #[serde(default)]
    pub redis: Redis,
    /// Where rows are kept.
    pub database: Database,
    /// People and how they get in.
    pub identity: Identity,
    /// The mail server.
    pub mail: Mail,
    /// Keys that seal what is secret in the database.
    #[serde(default)]
    pub secrets: Secrets,
    /// Access to repositories.
    pub repositories: Repositories,
    /// Limits of one analysis.
    pub analysis: Analysis,
    /// Calls to other machines.
    pub outbound: Outbound,
    /// Known vulnerabilities.
    pub advisories: Advisories,
    /// Language models.
    #[serde(default)]
    pub models: Models,
    /// Background work.
    pub jobs: Jobs,
    /// What is written about the server's work.
    pub log: Log,
}

/// The HTTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// Where browsers find it behind a proxy that speaks TLS.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Networks of proxies that say where requests come from.
    pub trusted_proxies: Vec<String>,
    /// Whether `listen` may be an address that other machines can reach.
    pub allow_network: bool,
    /// Names under which the server may be addressed, besides its own address.
    pub allowed_hosts: Vec<String>,
}

/// How often somebody may ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Where.
    pub apply: Apply,
    /// Reads of one session.
    pub reads_per_minute: u32,
    /// Changes of one session.
    pub changes_per_minute: u32,
    /// Analyses and imports that one session starts.
    pub analyses_per_hour: u32,
    /// Questions to the mentor of one session, with looks at what they would send.
    pub questions_per_minute: u32,
    /// Attempts to sign in from one address.
    pub sign_ins_per_minute: u32,
}

/// Where limits apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Apply {
    /// Where other machines can reach the server.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// What nodes share besides the database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// A Redis server; without one, each node keeps its own.
    pub url: Option<Secret>,
}

/// Where rows are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// A PostgreSQL server; without one, a file in the data folder.
    pub url: Option<Secret>,
}

/// People and how they get in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Who may ask for an account.
    pub sign_up: SignUp,
    /// Hours after which a session ends that nobody uses.
    pub session_idle_hours: u64,
    /// Whose accounts sign people in besides.
    #[serde(default)]
    pub providers: Vec<ProviderEntry>,
}

/// Who may ask for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Everybody.
    Open,
}

/// The mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its address, with user and password.
    #[serde(default)]
    pub smtp_url: Option<Secret>,
    /// Whom mail comes from.
    pub from: String,
}

/// Keys that seal what is secret in the database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// The file that holds them; without one, `secrets.key` in the data folder.
    pub key_file: Option<PathBuf>,
    /// The keys themselves, instead of a file.
    pub keys: Option<Secret>,
}

/// Access to repositories.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repositories {
    /// Folders below which the server may read local repositories; empty means any.
    pub allowed_roots: Vec<PathBuf>,
    /// Git hosts that may have a private address.
    pub allowed_hosts: Vec<String>,
    /// Certificates of an authority of one's own, in PEM.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// What one copy may take on disk, in MiB.
    pub max_copy_mib: u64,
    /// How long making a copy may take, in seconds.
    pub fetch_seconds: u64,
    /// Tokens for private repositories.
    pub tokens: Vec<Token>,
}

/// A token for one Git host.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The host's name, as in addresses.
    pub host: String,
    /// The account; many hosts take any.
    #[serde(default = "any_user")]
    pub user: String,
    /// The token.
    pub token: Secret,
}

fn any_user() -> String {
    "git".to_owned()
}

/// Limits of one analysis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// Threads that examine files.
    pub threads: usize,
    /// Address space, in MiB.
    pub memory_mib: u64,
    /// Processor time, in seconds.
    pub cpu_seconds: u64,
    /// Time on the wall, in seconds.
    pub wall_seconds: u64,
    /// Whether the contents of the history are searched for secrets, in every repository.
    pub secrets_in_history: bool,
}

/// Calls to other machines over HTTP.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// Hosts that may have a private address.
    pub allowed_hosts: Vec<String>,
    /// A proxy for all of them; secret because of the password.
    #[serde(default)]
    pub proxy: Option<Secret>,
}

/// Known vulnerabilities.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisories {
    /// Base address of the OSV service.
    pub osv_url: String,
}

/// Background work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Jobs at the same time.
    pub workers: usize,
    /// Time after which the job of a dead process is taken over.
    pub lease_seconds: f64,
}

/// What is written about the server's work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Levels by module.
    pub filter: String,
    /// The form of each line.
    pub format: LogFormat,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// The configuration is not valid. The message names the setting, where it was made, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(crate) String);

impl Config {
    /// The configuration in force.
    pub(crate) fn load(
        flags: &[Flag],
        environment: &Environment,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        Self::from_layers(&layers::layers(flags, environment, file)?)
    }

    /// The defaults with everything kept below one folder. For tests.
    pub fn in_folder(folder: &Path) -> Result<Self, ConfigError> {
        let here = [Flag::new("data_dir", "the caller", folder.to_string_lossy().into_owned())];
        Self::from_layers(&layers::layers(&here, &Environment::empty(), None)?)
    }

    fn from_layers(layers: &Figment) -> Result<Self, ConfigError> {
        let config: Self = layers.extract().map_err(|error| layers::explain(&error))?;
        config.validate()?;
        Ok(config)
    }

    /// What the types alone do not say.
    fn validate(&self) -> Result<(), ConfigError> {
        self.public_host()?;
        self.address()?;
        self.trusted_proxies()?;
        self.check_providers()?;
        self.models.check()?;
        let (analysis, repositories, jobs) = (&self.analysis, &self.repositories, &self.jobs);
        let (memory, limits) = (analysis.memory_mib, &self.limits);
        let bounds = [
            ("limits.reads_per_minute", limits.reads_per_minute > 0, "at least 1"),
            ("limits.changes_per_minute", limits.changes_per_minute > 0, "at least 1"),
            ("limits.analyses_per_hour", limits.analyses_per_hour > 0, "at least 1"),
            ("limits.questions_per_minute", limits.questions_per_minute > 0, "at least 1"),
            ("limits.sign_ins_per_minute", limits.sign_ins_per_minute > 0, "at least 1"),
            ("analysis.threads", analysis.threads > 0, "at least 1"),
            ("analysis.memory_mib", MEMORY_MIB.contains(&memory), "256 to 1,048,576, in MiB"),
            ("analysis.cpu_seconds", analysis.cpu_seconds > 0, "at least 1"),
            ("analysis.wall_seconds", analysis.wall_seconds > 0, "at least 1"),
            ("repositories.max_copy_mib", repositories.max_copy_mib > 0, "at least 1"),
            ("repositories.fetch_seconds", repositories.fetch_seconds > 0, "at least 1"),
            (
                "identity.session_idle_hours",
                IDLE_HOURS.contains(&self.identity.session_idle_hours),
                "1 to 720, in hours",
            ),
            ("jobs.workers", jobs.workers > 0, "at least 1"),
            ("jobs.lease_seconds", (0.2..=3_600.0).contains(&jobs.lease_seconds), "0.2 to 3,600"),
        ];
        match bounds.iter().find(|(_, fits, _)| !fits) {
            Some((setting, _, bound)) => Err(ConfigError(format!("`{setting}` has to be {bound}"))),
            None => Ok(()),
        }
    }

    /// Where the server listens.
    pub fn address(&self) -> Result<SocketAddr, ConfigError> {
        let listen = &self.server.listen;
        let address: SocketAddr = listen.parse().map_err(|_| {
            ConfigError(format!(
                "`server.listen` is `{listen}`: write an IP address and a port, such as 127.0.0.1:4680 or [::1]:4680"
            ))
        })?;
        // A proxy is no excuse: who reaches this address by itself goes past it, over plain HTTP.
        if !address.ip().is_loopback() && !self.server.allow_network {
            return Err(ConfigError(format!(
                "`server.listen` is {address}, which other machines can reach. Whoever has the owner's link could \
                 then read your repositories, over plain HTTP. Listen on 127.0.0.1, with a proxy on this machine that \
                 speaks TLS in front and its address in `server.public_url`; or say that you mean it with \
                 --allow-network"
            )));
        }
        Ok(address)
    }

    /// The host of `server.public_url`, as browsers write it; `None` when no proxy stands in front.
    pub(crate) fn public_host(&self) -> Result<Option<String>, ConfigError> {
        let Some(written) = &self.server.public_url else { return Ok(None) };
        public_host(written).map(Some).ok_or_else(|| {
            ConfigError(format!(
                "`server.public_url` is `{written}`: write https:// and the name by which browsers reach the proxy, \
                 without a path, such as https://mentor.example.org"
            ))
        })
    }

    /// The networks of `server.trusted_proxies`; an address alone is a network of one.
    pub(crate) fn trusted_proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let network = |written: &String| {
            let one = || written.parse::<IpAddr>().map(IpNet::from);
            written.parse::<IpNet>().or_else(|_| one()).map_err(|_| {
                ConfigError(format!(
                    "`server.trusted_proxies` has `{written}`: write an address or a network, such as 10.0.0.7 or \
                     10.0.0.0/24"
                ))
            })
        };
        self.server.trusted_proxies.iter().map(network).collect()
    }

    /// Whether only people on this machine can reach the server: it listens on loopback and no proxy stands in
    /// front. They may read this machine's files anyway.
    pub(crate) fn is_local(&self) -> Result<bool, ConfigError> {
        Ok(self.address()?.ip().is_loopback() && self.server.public_url.is_none())
    }

    /// Whether providers can be used, as far as that is seen without their passwords' files.
    fn check_providers(&self) -> Result<(), ConfigError> {
        let all = self.identity.providers.iter().map(ProviderEntry::without_file);
        let all: Vec<Provider> = all.collect::<Result<_, _>>()?;
        identity::providers::usable(&all)
            .map_err(|error| ConfigError(format!("`identity.providers` cannot be used: {error}")))
    }

    /// Whose accounts sign people in, in the order they were written.
    pub(crate) fn providers(&self) -> Result<Vec<Provider>, ConfigError> {
        self.identity.providers.iter().map(ProviderEntry::provider).collect()
    }

    /// The database.
    pub(crate) fn storage(&self) -> storage::Config {
        match &self.database.url {
            Some(url) => storage::Config::postgres(url.expose()),
            None => storage::Config::sqlite(self.data_dir.join("devmentor.db")),
        }
    }
}

/// Host, and port unless it is that of https, of an address that is nothing more than an origin.
fn public_host(written: &str) -> Option<String> {
    let url: url::Url = written.parse().ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    if url.scheme() != "https" || !bare || !nobody {
        return None;
    }
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests;
