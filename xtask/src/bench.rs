//! `cargo xtask bench`: what an analysis costs, beside programs that do a part of the same, and what the server
//! needs to start and to wait.
//!
//! Machines are shared and noisy, so the programs take turns (A B A B), processor time is compared rather than
//! time on the wall, and what is said is the ratio of medians. Every rival reads the same files: a clone of the one
//! commit, without the history that only the analysis looks at and that is measured in a row of its own. Writes
//! nothing: a figure goes into `docs/reports/bench.md` by hand, with the command beside it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::measure::{self, Cost, median};
use crate::shell::{self, say};

/// How long the server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The repository to measure with, checked out; by default this one.
    repository: Option<PathBuf>,
    /// How often each program runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measure the release build that is there instead of building it.
    #[arg(long)]
    built: bool,
}

/// The languages of the analysis, as ast-grep calls them: one pattern in each makes it parse the same files once.
const LANGUAGES: [&str; 13] = [
    "JavaScript",
    "TypeScript",
    "Tsx",
    "Python",
    "Rust",
    "Go",
    "Java",
    "C",
    "Cpp",
    "CSharp",
    "Php",
    "Ruby",
    "Kotlin",
];

/// A program and what it is called in the table.
struct Contestant {
    name: &'static str,
    line: Vec<String>,
    runs: Vec<Cost>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    ensure!(args.rounds > 0, "at least one round");
    if !args.built {
        shell::must(shell::cargo(&["build", "--release", "--package", "devmentor"]))?;
    }
    let folder = shell::Folder::new("bench")?;
    let repository = args.repository.clone().unwrap_or_else(shell::root);
    let repository = repository.canonicalize().context("there is no such repository")?;
    let commit = folder.path().join("commit");
    shell::output(shell::command(
        "git",
        &[
            "clone",
            "--quiet",
            "--depth",
            "1",
            &format!("file://{}", repository.display()),
            &commit.to_string_lossy(),
        ],
    ))?;
    let mut contestants = contestants(&commit.to_string_lossy(), &repository.to_string_lossy());
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        for contestant in &mut contestants {
            contestant.runs.push(once(contestant, folder.path())?);
        }
        let (start, memory) = serve(folder.path())?;
        starts.push(start);
        idle.push(memory);
    }
    report(&contestants);
    say(&format!("server: ready after {:.0} ms, {:.0} MB when idle", median(starts), median(idle)));
    Ok(())
}

fn contestants(commit: &str, repository: &str) -> Vec<Contestant> {
    let program = shell::binary(true).to_string_lossy().into_owned();
    let analyze = |path| [&program, "analyze", path, "--json", "--quiet", "--advisories", "none"];
    let mut all = vec![
        contestant("devmentor analyze", &analyze(commit)),
        contestant("devmentor analyze, with the history", &analyze(repository)),
        // What reading every byte of the commit costs, with nothing done about it.
        contestant("git archive", &["git", "-C", commit, "archive", "--format=tar", "HEAD"]),
    ];
    let rules = rules();
    let rivals: [(&str, &[&str], &str); 3] = [
        ("ast-grep", &["ast-grep", "scan", "--inline-rules", &rules, commit], "npm: @ast-grep/cli"),
        ("tokei", &["tokei", commit], "cargo install tokei"),
        ("github-linguist", &["github-linguist", commit], "apt-get install ruby-github-linguist"),
    ];
    for (name, line, how) in rivals {
        if shell::exists(name) {
            all.push(contestant(name, line));
        } else {
            say(&format!("{name} is not installed and is left out ({how})"));
        }
    }
    all
}

/// One pattern in every language, one document each.
fn rules() -> String {
    let rule = |language: &&str| {
        format!("id: call-{}\nlanguage: {language}\nrule:\n  pattern: eval($A)\n", language.to_lowercase())
    };
    LANGUAGES.iter().map(rule).collect::<Vec<_>>().join("---\n")
}

fn contestant(name: &'static str, line: &[&str]) -> Contestant {
    Contestant { name, line: line.iter().map(|word| (*word).to_owned()).collect(), runs: Vec::new() }
}

fn once(contestant: &Contestant, scratch: &Path) -> Result<Cost> {
    let (program, args) = contestant.line.split_first().context("a program")?;
    let mut command = Command::new(program);
    command.args(args).env("DEVMENTOR_DATA_DIR", scratch.join("data"));
    let cost = measure::cost(&command, scratch).with_context(|| contestant.name)?;
    // Searching programs end with 1 where they find nothing.
    if !matches!(cost.code, Some(0 | 1)) {
        bail!("{} ended with {:?}", contestant.name, cost.code);
    }
    Ok(cost)
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

fn report(contestants: &[Contestant]) {
    let cpu = |contestant: &Contestant| median(contestant.runs.iter().map(|run| run.cpu.as_secs_f64()));
    let Some(first) = contestants.first().map(cpu) else { return };
    say("| program | processor time | wall | memory | devmentor's processor time against it |");
    say("|---|---|---|---|---|");
    for contestant in contestants {
        let wall = median(contestant.runs.iter().map(|run| run.wall.as_secs_f64()));
        let memory = median(contestant.runs.iter().map(|run| run.memory as f64)) / f64::from(1 << 20);
        let cpu = cpu(contestant);
        say(&format!(
            "| {} | {cpu:.2} s | {wall:.2} s | {memory:.0} MB | {:.2}x |",
            contestant.name,
            first / cpu.max(0.001)
        ));
    }
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
