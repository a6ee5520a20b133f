//! How git is started: everything it could pick up from its surroundings is taken away first.

use std::ffi::OsStr;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::{FetchConfig, SshConfig, outcome};
use crate::failure::{Failure, FailureCode};
use crate::source::{Address, Transport};

/// How often the size of a growing copy is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// What is kept of git's words.
const WORDS: usize = 16 << 10;

/// Settings of every call. Given on the command line, they win over what a repository's own configuration says.
const SETTINGS: &[&str] = &[
    "protocol.allow=never",
    "protocol.version=2",
    "http.followRedirects=false",
    "http.proxy=",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "http.cookieFile=",
    "http.delegation=none",
    "credential.helper=",
    "core.askPass=",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.sshCommand=",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "init.templateDir=",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "fetch.bundleURI=",
    "fetch.unpackLimit=1",
    "transfer.bundleURI=false",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// Bounds on one call.
#[derive(Clone, Copy)]
pub(super) struct Limit<'a> {
    /// How long it may take.
    pub(super) time: Duration,
    /// A folder and the bytes it may have.
    pub(super) folder: Option<(&'a Path, u64)>,
}

/// One call of git.
pub(super) struct GitCommand {
    command: Command,
}

impl GitCommand {
    pub(super) fn new(git: &Path, folder: &Path) -> Self {
        let mut command = Command::new(git);
        command
            .env_clear()
            // Where git looks for ssh and its own helpers.
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C")
            .env("HOME", "/nonexistent")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "/bin/false")
            .env("SSH_ASKPASS", "/bin/false")
            .env("GIT_ALLOW_PROTOCOL", "")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mut git = Self { command };
        for setting in SETTINGS {
            git.set(setting);
        }
        git
    }

    fn set(&mut self, setting: &str) {
        self.command.args(["-c", setting]);
    }

    pub(super) fn arg(&mut self, arg: impl AsRef<OsStr>) -> &mut Self {
        self.command.arg(arg);
        self
    }

    pub(super) fn args(&mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> &mut Self {
        self.command.args(args);
        self
    }

    pub(super) fn git_dir(&mut self, folder: &Path) {
        self.command.env("GIT_DIR", folder);
    }

    /// Permits this one address, at the one network address that was vetted.
    pub(super) fn speak_to(&mut self, address: &Address, pinned: SocketAddr, config: &FetchConfig) {
        match address.transport() {
            Transport::Https => {
                self.command.env("GIT_ALLOW_PROTOCOL", "https");
                self.set("protocol.https.allow=always");
                let target = match pinned.ip() {
                    IpAddr::V4(ip) => ip.to_string(),
                    IpAddr::V6(ip) => format!("[{ip}]"),
                };
                if address.host().parse::<IpAddr>().is_err() {
                    self.set(&format!("http.curloptResolve={}:{}:{target}", address.host(), pinned.port()));
                }
                if let Some(authorities) = &config.authorities {
                    self.set(&format!("http.sslCAInfo={}", authorities.display()));
                }
                if let Some(credential) =
                    config.credentials.iter().find(|it| it.host.eq_ignore_ascii_case(address.host()))
                {
                    let pair = format!("{}:{}", credential.user, credential.token.expose());
                    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
                    // Through the environment, which other accounts of this machine cannot read.
                    self.command
                        .env("GIT_CONFIG_COUNT", "1")
                        .env("GIT_CONFIG_KEY_0", "http.extraHeader")
                        .env("GIT_CONFIG_VALUE_0", format!("Authorization: Basic {pair}"));
                }
            }
            Transport::Ssh => {
                self.command.env("GIT_ALLOW_PROTOCOL", "ssh");
                self.set("protocol.ssh.allow=always");
                self.command.env("GIT_SSH_VARIANT", "ssh");
                self.command.env("GIT_SSH_COMMAND", ssh_command(address, pinned, &config.ssh));
                if let Some(agent) = &config.ssh.agent {
                    self.command.env("SSH_AUTH_SOCK", agent);
                }
            }
        }
    }

    /// Runs it to its end and gives what it printed. It is killed, with all that it started, when a limit is
    /// reached or `cancel` fires.
    pub(super) async fn run(
        mut self,
        limit: Limit<'_>,
        output_bytes: u64,
        cancel: &CancellationToken,
        progress: impl Fn(u64, Option<u64>, &str) + Send + Sync,
    ) -> Result<Vec<u8>, Failure> {
        let mut child = self.command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::new(
                FailureCode::GitMissing,
                "Git addresses need the `git` program, which is not installed here.",
            ),
            _ => Failure::new(FailureCode::Internal, format!("`git` could not be started: {error}.")),
        })?;
        let (Some(output), Some(words)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Failure::new(FailureCode::Internal, "`git` has no pipes."));
        };
        let work = async {
            let mut printed = Vec::new();
            let mut output = output.take(output_bytes + 1);
            let (read, words) = tokio::join!(output.read_to_end(&mut printed), listen(words, &progress));
            let status = child.wait().await;
            if printed.len() as u64 > output_bytes {
                return Err(Failure::new(
                    FailureCode::TooLarge,
                    "The repository has more branches than are read.",
                ));
            }
            match (read, status) {
                // A quick copy may be over before anybody looked at its size.
                (Ok(_), Ok(status)) if status.success() => within_size(limit).await.map(|()| printed),
                (_, status) => {
                    tracing::debug!(?status, words = ?words, "git failed");
                    Err(outcome::failure(&words))
                }
            }
        };
        let result = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Failure::new(FailureCode::Cancelled, "The copying was cancelled.")),
            failure = exceeded(limit) => Err(failure),
            result = work => result,
        };
        end(&mut child).await;
        result
    }
}

/// Waits until a limit is reached.
async fn exceeded(limit: Limit<'_>) -> Failure {
    let deadline = Instant::now() + limit.time;
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(deadline) => {
                let seconds = limit.time.as_secs();
                return Failure::new(FailureCode::Timeout, format!("The host took longer than {seconds} seconds."));
            }
            _ = look.tick() => {
                if let Err(failure) = within_size(limit).await {
                    return failure;
                }
            }
        }
    }
}

async fn within_size(limit: Limit<'_>) -> Result<(), Failure> {
    let Some((folder, bytes)) = limit.folder else { return Ok(()) };
    let folder = folder.to_owned();
    let size = tokio::task::spawn_blocking(move || folder_bytes(folder)).await.unwrap_or(0);
    if size <= bytes {
        return Ok(());
    }
    let megabytes = bytes / 1_000_000;
    Err(Failure::new(
        FailureCode::TooLarge,
        format!("The repository is larger than {megabytes} MB, the limit of this server."),
    ))
}

fn folder_bytes(folder: PathBuf) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(_) => bytes += entry.metadata().map_or(0, |it| it.len()),
                Err(_) => {}
            }
        }
    }
    bytes
}

/// Reads git's words, passes on its progress, and keeps the last of them.
async fn listen(
    mut words: impl AsyncRead + Unpin,
    progress: &(impl Fn(u64, Option<u64>, &str) + Sync),
) -> String {
    let mut kept = Vec::new();
    let mut line = Vec::new();
    let mut chunk = [0; 4_096];
    while let Ok(read @ 1..) = words.read(&mut chunk).await {
        for byte in &chunk[..read] {
            if matches!(byte, b'\r' | b'\n') {
                if let Some((done, total, unit)) = outcome::progress(&line) {
                    progress(done, Some(total), unit);
                } else if !line.is_empty() {
                    kept.extend_from_slice(&line);
                    kept.push(b'\n');
                }
                line.clear();
            } else if line.len() < WORDS {
                line.push(*byte);
            }
        }
        if kept.len() > 2 * WORDS {
            kept.drain(..kept.len() - WORDS);
        }
    }
    kept.extend_from_slice(&line);
    String::from_utf8_lossy(&kept).into_owned()
}

async fn end(child: &mut Child) {
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait().await;
}

/// The ssh that git starts. Git hands this text to a shell, so every part is quoted.
fn ssh_command(address: &Address, pinned: SocketAddr, ssh: &SshConfig) -> String {
    let alias = if address.port() == 22 {
        address.host().to_owned()
    } else {
        format!("[{}]:{}", address.host(), address.port())
    };
    let mut options = vec![
        "BatchMode=yes".to_owned(),
        "StrictHostKeyChecking=yes".to_owned(),
        format!("HostName={}", pinned.ip()),
        format!("HostKeyAlias={alias}"),
        "CheckHostIP=no".to_owned(),
        "UpdateHostKeys=no".to_owned(),
        "ProxyCommand=none".to_owned(),
        "ProxyJump=none".to_owned(),
        "PermitLocalCommand=no".to_owned(),
        "KnownHostsCommand=none".to_owned(),
        "ClearAllForwardings=yes".to_owned(),
        "ForwardAgent=no".to_owned(),
        "ForwardX11=no".to_owned(),
        "ControlMaster=no".to_owned(),
        "ControlPath=none".to_owned(),
        "ConnectTimeout=20".to_owned(),
    ];
    if let Some(file) = &ssh.known_hosts {
        options.push(format!("UserKnownHostsFile={}", file.display()));
    }
    if let Some(key) = &ssh.key {
        options.push(format!("IdentityFile={}", key.display()));
        options.push("IdentitiesOnly=yes".to_owned());
    }
    let mut command = "ssh -F /dev/null".to_owned();
    for option in options {
        command.push_str(" -o ");
        command.push_str(&quoted(&option));
    }
    command
}

/// One word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn ssh_gets_nothing_from_the_address_that_a_shell_would_read() {
        let Ok(Source::Git(address)) = Source::parse("git@host.example:team/tool.git") else { panic!() };
        let ssh = SshConfig { key: Some("/keys/it's".into()), ..SshConfig::default() };
        let command = ssh_command(&address, "203.0.113.9:22".parse().unwrap(), &ssh);
        assert!(command.contains("-o 'HostName=203.0.113.9'"), "{command}");
        assert!(command.contains("-o 'HostKeyAlias=host.example'"), "{command}");
        assert!(command.contains(r"-o 'IdentityFile=/keys/it'\''s'"), "{command}");
        assert!(!command.contains("team"), "{command}");
    }
}
