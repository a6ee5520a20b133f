//! What a program and everything it started cost, as the kernel counted it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde_json::{Value, json};

use crate::shell;

/// The hidden command: runs a program and says what it cost. The kernel keeps one sum for all the children of a
/// process, so each run that is measured needs a process of its own around it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to write the figures.
    out: std::path::PathBuf,
    /// Seconds after which the program is ended: its figures are bad enough by then.
    patience: u64,
    /// The program and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    line: Vec<String>,
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Processor time of the program and its children.
    pub(crate) cpu: Duration,
    /// Time on the wall.
    pub(crate) wall: Duration,
    /// The most memory that any one of the processes held, in bytes.
    pub(crate) memory: u64,
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
}

/// Runs the program of the hidden command.
pub(crate) fn run(args: &Args) -> Result<()> {
    let (program, rest) = args.line.split_first().context("no program")?;
    let began = Instant::now();
    let mut process = Command::new(program).args(rest).spawn().with_context(|| format!("no {program}"))?;
    let status = loop {
        match process.try_wait()? {
            Some(status) => break status,
            None if began.elapsed().as_secs() >= args.patience => process.kill()?,
            None => thread::sleep(Duration::from_millis(1)),
        }
    };
    let wall = began.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let figures = json!({
        "cpu": micros(usage.user_time()) + micros(usage.system_time()),
        "wall": u64::try_from(wall.as_micros())?,
        "memory": usage.max_rss() * memory_unit(),
        "code": status.code(),
    });
    std::fs::write(&args.out, figures.to_string())?;
    Ok(())
}

fn micros(time: TimeVal) -> i64 {
    time.tv_sec() * 1_000_000 + time.tv_usec()
}

/// Bytes in the unit in which the kernel counts memory here.
fn memory_unit() -> i64 {
    if cfg!(target_os = "macos") { 1 } else { 1024 }
}

/// Runs a command, its output kept out of sight, and says what it cost; what takes longer than `patience` is ended.
/// `scratch` is a folder for the figures.
pub(crate) fn cost(command: &Command, scratch: &Path, patience: Duration) -> Result<Cost> {
    let figures = scratch.join("cost.json");
    let mut around = Command::new(std::env::current_exe().context("where this program is")?);
    around.arg("measure").arg(&figures).arg(patience.as_secs().to_string());
    around.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => around.env(name, value),
            None => around.env_remove(name),
        };
    }
    around.current_dir(command.get_current_dir().unwrap_or(&shell::root()));
    let output = around.stdin(Stdio::null()).stdout(Stdio::null()).output()?;
    if !output.status.success() {
        bail!("could not be measured: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let figures: Value = serde_json::from_slice(&std::fs::read(&figures)?)?;
    let number = |name: &str| figures[name].as_u64().with_context(|| format!("no {name} was measured"));
    Ok(Cost {
        cpu: Duration::from_micros(number("cpu")?),
        wall: Duration::from_micros(number("wall")?),
        memory: number("memory")?,
        code: figures["code"].as_i64().and_then(|code| i32::try_from(code).ok()),
    })
}

/// The middle one of some values; zero of none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_one_bad_run() {
        assert!((median([1.0, 9.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn times_are_whole() {
        assert_eq!(micros(TimeVal::new(2, 5)), 2_000_005);
    }
}
