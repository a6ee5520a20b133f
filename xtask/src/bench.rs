//! `cargo xtask bench`: what an analysis costs, beside programs that do a part of the same.
//!
//! Machines are shared and noisy, so the programs take turns (A B A B), processor time is compared rather than
//! time on the wall, and what is said is the ratio of medians. Writes nothing: a figure goes into
//! `docs/reports/bench.md` by hand, with the command beside it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{self, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The repository to measure with; by default this one.
    repository: Option<PathBuf>,
    /// How often each program runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// A program and what it is called in the table.
struct Contestant {
    name: &'static str,
    line: Vec<String>,
    runs: Vec<Run>,
}

/// One run.
#[derive(Clone, Copy)]
struct Run {
    /// Processor time with all children, in seconds.
    cpu: f64,
    /// Time on the wall, in seconds.
    wall: f64,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    ensure!(args.rounds > 0, "at least one round");
    shell::must(shell::cargo(&["build", "--release", "--package", "devmentor"]))?;
    let repository = args.repository.clone().unwrap_or_else(shell::root);
    let repository = repository.canonicalize().context("there is no such repository")?;
    let mut contestants = contestants(&repository.to_string_lossy());
    for _ in 0..args.rounds {
        for contestant in &mut contestants {
            contestant.runs.push(measure(&contestant.line).with_context(|| contestant.name)?);
        }
    }
    report(&contestants);
    Ok(())
}

fn contestants(repository: &str) -> Vec<Contestant> {
    let program = shell::binary(true).to_string_lossy().into_owned();
    let analyze = [&program, "analyze", repository, "--json", "--quiet", "--advisories", "none"];
    let read = ["git", "-C", repository, "archive", "--format=tar", "HEAD"];
    let mut all = vec![
        contestant("devmentor analyze", &analyze),
        // What reading every byte of the commit costs, with nothing done about it.
        contestant("git archive", &read),
    ];
    if shell::exists("tokei") {
        all.push(contestant("tokei", &["tokei", repository]));
    } else {
        say("tokei is not installed and is left out (cargo install tokei)");
    }
    if shell::exists("github-linguist") {
        all.push(contestant("github-linguist", &["github-linguist", repository]));
    }
    all
}

fn contestant(name: &'static str, line: &[&str]) -> Contestant {
    Contestant { name, line: line.iter().map(|word| (*word).to_owned()).collect(), runs: Vec::new() }
}

/// Runs a program once under a shell, which says what it and its children used.
fn measure(line: &[String]) -> Result<Run> {
    let began = Instant::now();
    let output = Command::new("sh")
        .args(["-c", "\"$@\" > /dev/null && times", "sh"])
        .args(line)
        .stdin(Stdio::null())
        .output()
        .context("no shell")?;
    let wall = began.elapsed().as_secs_f64();
    if !output.status.success() {
        bail!("ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Run { cpu: children(&text).context("the shell's `times` cannot be read")?, wall })
}

/// Processor time of the children in the output of `times`: its second line, user and system.
fn children(times: &str) -> Option<f64> {
    times.lines().nth(1)?.split_whitespace().map(seconds).sum()
}

/// `1m2.5s` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, rest) = text.split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + rest.strip_suffix('s')?.parse::<f64>().ok()?)
}

fn report(contestants: &[Contestant]) {
    let Some(first) = contestants.first().map(|contestant| median(&contestant.runs, |run| run.cpu)) else {
        return;
    };
    say("program              cpu s   wall s   devmentor's cpu against it");
    for contestant in contestants {
        let cpu = median(&contestant.runs, |run| run.cpu);
        let wall = median(&contestant.runs, |run| run.wall);
        say(&format!("{:<18} {cpu:>7.2} {wall:>8.2}   {:.2}x", contestant.name, first / cpu.max(0.001)));
    }
}

fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_is_understood() {
        let cpu = children("0m0.001s 0m0.002s\n1m2.500s 0m0.250s\n").unwrap();
        assert!((cpu - 62.75).abs() < 1e-9, "{cpu}");
        assert_eq!(children("nonsense"), None);
        let busy = ["sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"].map(str::to_owned);
        let run = measure(&busy).unwrap();
        assert!(run.wall > 0.0 && run.cpu <= run.wall * 2.0 + 0.1, "{} {}", run.cpu, run.wall);
        assert!(measure(&["false".to_owned()]).is_err());
    }

    #[test]
    fn the_median_ignores_one_bad_run() {
        let runs = [1.0, 9.0, 2.0].map(|cpu| Run { cpu, wall: cpu });
        assert!((median(&runs, |run| run.cpu) - 2.0).abs() < f64::EPSILON);
    }
}
