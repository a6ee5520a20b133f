//! The server: how long until it answers, and what it holds when it is left alone.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::measure::median;
use crate::shell::{self, say};

/// How long the server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub(super) struct Args {
    /// How often it is started.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

pub(super) fn run(args: &Args, scratch: &Path) -> Result<()> {
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        let (start, memory) = serve(scratch)?;
        starts.push(start);
        idle.push(memory);
    }
    say(&format!("server: ready after {:.0} ms, {:.0} MB when idle", median(starts), median(idle)));
    Ok(())
}

/// Starts the server; milliseconds until it answers, and megabytes that it holds when it is left alone.
fn serve(scratch: &Path) -> Result<(f64, f64)> {
    let began = Instant::now();
    let mut server = Command::new(shell::binary(true))
        .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .env("HOME", scratch)
        .env("DEVMENTOR_DATA_DIR", scratch.join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the server does not start")?;
    let mut link = String::new();
    let out = server.stdout.take().context("the server has no output")?;
    let read = BufReader::new(out).read_line(&mut link);
    let ready = began.elapsed().as_secs_f64() * 1_000.0;
    thread::sleep(IDLE);
    let status = fs::read_to_string(format!("/proc/{}/status", server.id()));
    server.kill()?;
    server.wait()?;
    ensure!(read? > 0, "the server printed no link");
    let memory = resident(&status?).context("the kernel does not say what the server holds")?;
    Ok((ready, memory))
}

/// Resident megabytes in `/proc/PID/status`.
fn resident(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_kernel() {
        assert_eq!(resident("Name:\tx\nVmRSS:\t   2048 kB\n"), Some(2.0));
        assert_eq!(resident("Name:\tx\n"), None);
    }
}
