//! The servers that tests want: PostgreSQL, Redis, sshd, and a browser.
//!
//! Each is private to one run: its own folder and a free loopback port, stopped and removed at the end. In CI
//! what is missing is installed from the system's packages; elsewhere nothing is installed behind anybody's
//! back but the browser, and the suite is left out with one line that says how to have it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::shell::{self, say};

/// Where browsers live on the systems this is known to work on.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What a CI run installs from the system's packages, with the program that shows it is there.
const PACKAGES: [(&str, &str); 4] =
    [("git", "git"), ("chromium", "chromium"), ("postgresql", "psql"), ("redis-server", "redis-server")];

/// Installs every missing package; for CI, where nothing may be left out.
pub(crate) fn install_all() -> Result<()> {
    let mut missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(package, program)| {
            !shell::exists(program) || (*package == "postgresql" && postgres_programs().is_none())
        })
        .map(|(package, _)| *package)
        .collect();
    // It has no `--version`, and lies where only root looks for programs.
    if !Path::new("/usr/sbin/sshd").exists() {
        missing.push("openssh-server");
    }
    install(&missing)
}

/// A browser, installed when that can be done without asking.
pub(crate) fn browser() -> Result<Option<String>> {
    if let Some(found) = find_browser() {
        return Ok(Some(found));
    }
    if shell::exists("apt-get") && privileged().is_some() {
        install(&["chromium"])?;
    }
    Ok(find_browser())
}

/// The browser's path.
fn find_browser() -> Option<String> {
    shell::variable("CHROMIUM_BIN").or_else(|| {
        let found = BROWSERS.iter().filter(|name| shell::exists(name)).find_map(|name| {
            shell::output(shell::command("sh", &["-c", "command -v \"$1\"", "sh", name])).ok()
        });
        found.map(|path| path.trim().to_owned())
    })
}

fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let Some(prefix) = privileged() else {
        bail!(
            "{} missing, and only root may install: apt-get install {}",
            packages.len(),
            packages.join(" ")
        );
    };
    let apt = |args: &[&str]| {
        let mut words = prefix.clone();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        words.extend(args);
        shell::must(shell::command(words[0], &words[1..]))
    };
    apt(&["update", "--quiet"])?;
    let mut args = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    args.extend(packages);
    apt(&args)
}

/// How to act as root without a question; `None` when that is not possible.
fn privileged() -> Option<Vec<&'static str>> {
    if is_root() {
        return Some(Vec::new());
    }
    let quiet_sudo = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    quiet_sudo.is_ok_and(|status| status.success()).then(|| vec!["sudo", "-n"])
}

fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u").take()).is_ok_and(|id| id.trim() == "0")
}

/// Lets a command be built in one expression.
trait Take {
    fn take(&mut self) -> Command;
}

impl Take for Command {
    fn take(&mut self) -> Command {
        std::mem::replace(self, Command::new("false"))
    }
}

/// A running PostgreSQL of our own.
pub(crate) struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

/// The folder of PostgreSQL's server programs; Debian keeps them out of the path, by version.
fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").exists() && programs.join("postgres").exists())
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs)
}

impl Postgres {
    /// Starts one, where PostgreSQL is installed.
    pub(crate) fn start() -> Result<Option<Self>> {
        let Some(programs) = postgres_programs() else { return Ok(None) };
        let folder = std::env::temp_dir().join(format!("devmentor-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).context("no folder for PostgreSQL")?;
        let server = Self { folder, programs, port: shell::free_port()? };
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            shell::output(Command::new("chown").arg("postgres").arg(&server.folder).take())?;
        }
        let data = server.folder.join("data");
        let data = data.to_string_lossy();
        server.run("initdb", &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"])?;
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200",
            server.port
        );
        let log = server.folder.join("log");
        server.run("pg_ctl", &["-D", &data, "-o", &options, "-l", &log.to_string_lossy(), "-w", "start"])?;
        say(&format!("PostgreSQL listens on port {}", server.port));
        Ok(Some(server))
    }

    /// Where a client finds it; databases may be created.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs one of its programs as a user it accepts.
    fn run(&self, program: &str, args: &[&str]) -> Result<()> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The server keeps its parent's pipes open; they must not be ours.
        command.args(args).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        let status =
            command.stderr(Stdio::inherit()).status().context("PostgreSQL's programs do not start")?;
        if !status.success() {
            bail!("PostgreSQL did not start: see {}", self.folder.join("log").display());
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        // Nothing is left to be saved here: what cannot be stopped or removed is the system's to clear away.
        let _ = self.run("pg_ctl", &["-D", &data.to_string_lossy(), "-m", "immediate", "stop"]);
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A running Redis of our own.
pub(crate) struct Redis {
    process: Child,
    port: u16,
}

impl Redis {
    /// Starts one, where Redis is installed.
    pub(crate) fn start() -> Result<Option<Self>> {
        if !shell::exists("redis-server") {
            return Ok(None);
        }
        let port = shell::free_port()?;
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("Redis does not start")?;
        let redis = Self { process, port };
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                say(&format!("Redis listens on port {port}"));
                return Ok(Some(redis));
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("Redis did not answer within 5 s")
    }

    /// Where a client finds it.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
