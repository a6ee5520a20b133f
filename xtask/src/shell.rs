//! Running programs: where, how their output is shown, and what of it is kept.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

/// The root of the work tree.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The built binary of the given profile.
pub(crate) fn binary(release: bool) -> PathBuf {
    target()
        .join(if release { "release" } else { "debug" })
        .join(format!("devmentor{}", std::env::consts::EXE_SUFFIX))
}

/// An environment variable, where it is set and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tasks are told by the environment whether they run in CI")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether this is a CI run, where nothing may be left out.
pub(crate) fn in_ci() -> bool {
    variable("CI").is_some_and(|value| value == "true" || value == "1")
}

/// Prints a line. A closed pipe is nobody's problem here.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line to the error output.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A command that runs in the root of the work tree.
pub(crate) fn command(program: impl AsRef<OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo(args: &[&str]) -> Command {
    command(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()), args)
}

/// Runs a command with its output where the user sees it; an exit code other than zero is an error.
pub(crate) fn must(mut command: Command) -> Result<()> {
    let line = shown(&command);
    say(&format!("$ {line}"));
    let status = command.status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// What a command printed and how it ended.
pub(crate) struct Finished {
    /// Both outputs, by line, without colour codes.
    pub(crate) lines: Vec<String>,
    /// Whether the exit code was zero.
    pub(crate) success: bool,
}

/// Runs a command, shows its output as it comes, and keeps it.
pub(crate) fn tee(mut command: Command) -> Result<Finished> {
    let line = shown(&command);
    say(&format!("$ {line}"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{line}`"))?;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let readers = [
        child.stdout.take().map(|pipe| follow(pipe, Arc::clone(&kept))),
        child.stderr.take().map(|pipe| follow(pipe, Arc::clone(&kept))),
    ];
    let status = child.wait().with_context(|| format!("`{line}` was lost"))?;
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has shown what it could; the exit code still counts.
        let _ = reader.join();
    }
    let lines = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Finished { lines, success: status.success() })
}

fn follow(pipe: impl Read + Send + 'static, kept: Arc<Mutex<Vec<String>>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut raw = Vec::new();
        while matches!(reader.read_until(b'\n', &mut raw), Ok(1..)) {
            let line = String::from_utf8_lossy(&raw);
            let line = line.trim_end_matches(['\n', '\r']);
            say(line);
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(plain(line));
            raw.clear();
        }
    })
}

/// What a command prints, when it ends well.
pub(crate) fn output(mut command: Command) -> Result<String> {
    let line = shown(&command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("could not start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something that is not text"))
}

/// Whether a program answers to `--version`.
pub(crate) fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A loopback port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port is free")?;
    Ok(probe.local_addr()?.port())
}

/// A folder for one run, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty one.
    pub(crate) fn new(task: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("devmentor-{task}-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("no folder for {task}"))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn shown(command: &Command) -> String {
    let mut line =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// The line without terminal control sequences.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(next) = chars.next() {
        if next == '\u{1b}' {
            // CSI: ends with a byte from @ to ~. Other sequences do not occur in what is read here.
            for skipped in chars.by_ref() {
                if skipped.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(next);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_do_not_reach_what_is_kept() {
        assert_eq!(plain("\u{1b}[32;1m     Summary\u{1b}[0m 3 passed"), "     Summary 3 passed");
    }

    #[test]
    fn output_of_both_pipes_is_kept() {
        let done = tee(command("sh", &["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        let mut lines = done.lines;
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
        assert!(!done.success);
    }
}
