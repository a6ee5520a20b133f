//! `cargo xtask bench`: what things cost, beside programs that do a part of the same.
//!
//! Machines are shared and noisy, so the programs take turns (A B A B), processor time is compared rather than
//! time on the wall, and what is said is the ratio of medians. Writes nothing: a figure goes into
//! `docs/reports/bench.md` by hand, with the command beside it.

mod analysis;
pub(crate) mod gateway;
mod large;
mod recall;
mod start;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::measure::{self, Cost, median};
use crate::shell::{self, say};

/// Some programs need minutes for what others do in a second.
const PATIENCE: Duration = Duration::from_mins(15);

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
    /// Measure the release build that is there instead of building it.
    #[arg(long, global = true)]
    built: bool,
}

#[derive(clap::Subcommand)]
enum What {
    /// An analysis, beside programs that do a part of it.
    Analysis(analysis::Args),
    /// What the way to language models adds, beside a bare reverse proxy and LiteLLM.
    Gateway(gateway::Args),
    /// An analysis of several repositories as if they were one.
    Large(large::Args),
    /// How much of what answers a question is found, in code and among memories.
    Recall(recall::Args),
    /// The server: until it answers, and what it holds when it is left alone.
    Start(start::Args),
}

pub(crate) fn run(args: &Args) -> Result<()> {
    // What is found does not depend on how busy the machine is, and it builds what it measures.
    if let What::Recall(args) = &args.what {
        return recall::run(args);
    }
    if !args.built {
        shell::must(shell::cargo(&["build", "--release", "--package", "devmentor"]))?;
    }
    let folder = shell::Folder::new("bench")?;
    say(&format!("load of the machine before: {}", load()));
    match &args.what {
        What::Analysis(args) => analysis::run(args, folder.path()),
        What::Gateway(args) => gateway::run(args, folder.path()),
        What::Large(args) => large::run(args, folder.path()),
        What::Start(args) => start::run(args, folder.path()),
        What::Recall(args) => recall::run(args),
    }?;
    say(&format!("load of the machine after: {}", load()));
    Ok(())
}

/// How many programs wanted a processor, on average, in the last minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// A program and what its runs cost.
struct Contestant {
    name: &'static str,
    line: Vec<String>,
    runs: Vec<Cost>,
}

impl Contestant {
    fn new(name: &'static str, line: &[&str]) -> Self {
        Self { name, line: line.iter().map(|word| (*word).to_owned()).collect(), runs: Vec::new() }
    }

    /// An analysis of everything in the repository, without asking anybody outside.
    fn ours(name: &'static str, repository: &str) -> Self {
        let program = shell::binary(true).to_string_lossy().into_owned();
        Self::new(
            name,
            &[&program, "analyze", repository, "--json", "--quiet", "--no-cache", "--advisories", "none"],
        )
    }

    /// The languages and lines of the repository alone.
    fn languages(name: &'static str, repository: &str) -> Self {
        let program = shell::binary(true).to_string_lossy().into_owned();
        Self::new(name, &[&program, "languages", repository, "--json", "--quiet"])
    }

    /// Runs it once, with a data folder that no earlier run has filled.
    fn once(&mut self, scratch: &Path) -> Result<()> {
        let data = scratch.join("data");
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        let (program, args) = self.line.split_first().context("a program")?;
        let mut command = Command::new(program);
        command.args(args).env("HOME", scratch).env("DEVMENTOR_DATA_DIR", data);
        let cost = measure::cost(&command, scratch, PATIENCE).with_context(|| self.name)?;
        // Searching programs end with 1 where they find nothing.
        if !matches!(cost.code, Some(0 | 1)) {
            bail!("{} ended with {:?}", self.name, cost.code);
        }
        self.runs.push(cost);
        Ok(())
    }

    /// The medians: processor time in seconds, time on the wall in seconds, memory in megabytes.
    fn medians(&self) -> [f64; 3] {
        [
            median(self.runs.iter().map(|run| run.cpu.as_secs_f64())),
            median(self.runs.iter().map(|run| run.wall.as_secs_f64())),
            median(self.runs.iter().map(|run| run.memory as f64)) / f64::from(1 << 20),
        ]
    }
}

/// How much processor time one takes for each second of each of the others.
fn compare(contestants: &[Contestant], one: &str, others: &[&str]) {
    let of = |name: &str| contestants.iter().find(|it| it.name == name).map(|it| it.medians()[0]);
    for other in others {
        if let (Some(own), Some(cpu)) = (of(one), of(other)) {
            say(&format!("{one}: {:.2}x of the processor time of {other}", own / cpu.max(0.001)));
        }
    }
}

/// The table, each against the first.
fn report(contestants: &[Contestant]) {
    let Some([first, _, _]) = contestants.first().map(Contestant::medians) else { return };
    say("| program | processor time | wall | memory | devmentor's processor time against it |");
    say("|---|---|---|---|---|");
    for contestant in contestants {
        let [cpu, wall, memory] = contestant.medians();
        say(&format!(
            "| {} | {cpu:.3} s | {wall:.2} s | {memory:.0} MB | {:.2}x |",
            contestant.name,
            first / cpu.max(0.001)
        ));
    }
}
