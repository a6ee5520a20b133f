//! `cargo xtask bombs`: files made to exhaust whoever reads them, one after another through the real program.
//!
//! Each file stands with a harmless neighbour in a commit of its own, which `devmentor analyze` reads in its child
//! with the limits it is shipped with. Whatever the file does, the analysis has to end well, to say what became of
//! the file and to know the neighbour's function; and it may cost so much and no more.
//!
//! The languages and formats are those that the product's sources name; one without bombs is an error. The release
//! build is held to the aims. A build for development is slower by a factor that no aim was made for, so there the
//! worst of each language or format stand in one commit, with limits that only a fault reaches.

mod code;
mod data;
mod formats;
mod known;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::measure::{self, Cost};
use crate::shell::{self, say};

/// The most processor time that one file may cost, with the program's own start.
const CPU: Duration = Duration::from_secs(2);
/// The most memory that one file may cost, with what the program needs anyway.
const MEMORY: u64 = 256 << 20;
/// What the worst of one language or format, at most a dozen, may cost together in a build for development: five
/// times the aim of a single one, and memory for two threads that look at them while all results are kept.
const CPU_TOGETHER: Duration = Duration::from_secs(10);
const MEMORY_TOGETHER: u64 = 1 << 30;
/// What takes longer is ended.
const PATIENCE: Duration = Duration::from_mins(1);
/// The harmless file beside each bomb.
const NEIGHBOUR: &str = "src/neighbour.py";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Measure each file on its own with the release build, and print the table of `docs/reports/containment.md`.
    #[arg(long)]
    release: bool,
    /// Only what has this in the name of its language, format or bomb.
    #[arg(long)]
    only: Option<String>,
}

impl Args {
    /// The short form: the worst of each, with the build for development.
    pub(crate) fn short() -> Self {
        Self { release: false, only: None }
    }
}

/// What a hostile file is called, and its content.
type Text = (&'static str, String);

/// The hostile files of one language or format. They are made when their turn comes: all at once they are gigabytes.
struct Set {
    /// The language or the format that they are made for.
    of: String,
    path: String,
    make: Box<dyn Fn() -> Vec<Text>>,
}

/// What became of a commit.
struct Outcome {
    cost: Cost,
    /// What was skipped, as `path: reason`.
    skipped: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let binary = shell::binary(args.release);
    ensure!(binary.exists(), "{} is missing: build it first", binary.display());
    let folder = shell::Folder::new("bombs")?;
    let mut tally = Tally::default();
    for (number, set) in sets()?.iter().enumerate() {
        let mut texts = (set.make)();
        if !args.release {
            texts.retain(|(name, _)| code::WORST.contains(name) || formats::WORST.contains(name));
        }
        if let Some(only) = &args.only {
            texts.retain(|(name, _)| format!("{} {name}", set.of).contains(only.as_str()));
        }
        if texts.is_empty() {
            continue;
        }
        let scratch = folder.path().join(number.to_string());
        fs::create_dir(&scratch)?;
        let trial = Trial { binary: binary.clone(), repository: scratch.join("repository"), scratch };
        if args.release {
            one_by_one(&trial, set, &texts, &mut tally)?;
        } else {
            together(&trial, set, &texts, &mut tally)?;
        }
        fs::remove_dir_all(&trial.scratch)?;
    }
    tally.report(args.release)
}

fn sets() -> Result<Vec<Set>> {
    let mut sets = code::sets(&known::languages()?)?;
    sets.extend(formats::sets(&known::formats()?)?);
    Ok(sets)
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    rows: BTreeMap<String, Row>,
    problems: usize,
}

impl Tally {
    fn problem(&mut self, of: &str, name: &str, problem: &str) {
        self.problems += 1;
        say(&format!("TOO MUCH  {of}: {name}: {problem}"));
    }

    fn report(&self, table: bool) -> Result<()> {
        if table {
            say("| made for | files | skipped | most processor time | most memory |");
            say("|---|---|---|---|---|");
            for (of, row) in &self.rows {
                say(&format!(
                    "| {of} | {} | {} | {:.2} s ({}) | {} MB ({}) |",
                    row.files,
                    row.skipped,
                    row.cpu.0.as_secs_f64(),
                    row.cpu.1,
                    row.memory.0 >> 20,
                    row.memory.1
                ));
            }
        }
        let files: usize = self.rows.values().map(|row| row.files).sum();
        say(&format!(
            "{files} hostile files of {} languages and formats, {} of them too much",
            self.rows.len(),
            self.problems
        ));
        ensure!(self.problems == 0, "{} files cost too much", self.problems);
        Ok(())
    }
}

/// The worst of one language or format.
#[derive(Default)]
struct Row {
    files: usize,
    skipped: usize,
    cpu: (Duration, &'static str),
    memory: (u64, &'static str),
}

impl Row {
    fn take(&mut self, name: &'static str, outcome: &Outcome) {
        self.skipped += outcome.skipped.len();
        self.cpu = self.cpu.max((outcome.cost.cpu, name));
        self.memory = self.memory.max((outcome.cost.memory, name));
    }
}

/// Each bomb in a commit of its own.
fn one_by_one(trial: &Trial, set: &Set, texts: &[Text], tally: &mut Tally) -> Result<()> {
    let commits: Vec<Vec<(String, &str)>> =
        texts.iter().map(|(_, text)| vec![(set.path.clone(), text.as_str())]).collect();
    trial.make_repository(&commits)?;
    for (number, (name, _)) in texts.iter().enumerate() {
        let outcome = trial.analyze(number);
        let row = tally.rows.entry(set.of.clone()).or_default();
        row.files += 1;
        let problem = match &outcome {
            Ok(outcome) => {
                row.take(name, outcome);
                over(outcome.cost, CPU, MEMORY)
            }
            Err(error) => Some(format!("{error:#}")),
        };
        if let Some(problem) = problem {
            tally.problem(&set.of, name, &problem);
        }
    }
    Ok(())
}

/// All bombs of a language or format in one commit, each in a folder of its own.
fn together(trial: &Trial, set: &Set, texts: &[Text], tally: &mut Tally) -> Result<()> {
    let files = texts.iter().enumerate().map(|(at, (_, text))| (format!("{at}/{}", set.path), text.as_str()));
    trial.make_repository(&[files.collect()])?;
    let row = tally.rows.entry(set.of.clone()).or_default();
    row.files += texts.len();
    let problem = match trial.analyze(0) {
        Ok(outcome) => {
            row.take("together", &outcome);
            over(outcome.cost, CPU_TOGETHER, MEMORY_TOGETHER)
        }
        Err(error) => Some(format!("{error:#}")),
    };
    if let Some(problem) = problem {
        tally.problem(&set.of, "together", &problem);
    }
    Ok(())
}

fn over(cost: Cost, most_cpu: Duration, most_memory: u64) -> Option<String> {
    (cost.cpu > most_cpu || cost.memory > most_memory)
        .then(|| format!("{:.2} s, {} MB", cost.cpu.as_secs_f64(), cost.memory >> 20))
}

/// Where it is tried.
struct Trial {
    binary: PathBuf,
    repository: PathBuf,
    scratch: PathBuf,
}

impl Trial {
    /// A bare repository with a branch for each commit, which has these files, the neighbour, and no parent.
    fn make_repository(&self, commits: &[Vec<(String, &str)>]) -> Result<()> {
        let path = self.repository.to_string_lossy();
        shell::output(shell::command("git", &["init", "--quiet", "--bare", &path]))?;
        let mut git = Command::new("git");
        git.args(["--git-dir", &path, "-c", "core.compression=1", "fast-import", "--quiet"]);
        let mut git = git.stdin(Stdio::piped()).spawn().context("git does not start")?;
        let mut pipe = git.stdin.take().context("git does not listen")?;
        for (number, files) in commits.iter().enumerate() {
            write!(
                pipe,
                "commit refs/heads/b{number}\ncommitter Bomb <bomb@example.org> 1780000000 +0000\ndata 4\nbomb\n"
            )?;
            let neighbour = (NEIGHBOUR.to_owned(), "def neighbour(a):\n    return a\n");
            for (path, text) in files.iter().chain([&neighbour]) {
                write!(pipe, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
            }
        }
        drop(pipe);
        ensure!(git.wait()?.success(), "git does not take the bombs");
        Ok(())
    }

    /// Analyses the commit of that number.
    fn analyze(&self, number: usize) -> Result<Outcome> {
        let out = self.scratch.join("report.json");
        let mut command = Command::new("sh");
        // The report is read from a file: a pipe would make this program a part of what is measured.
        command.args(["-c", "out=$1; shift; exec \"$@\" > \"$out\"", "sh"]).arg(&out).arg(&self.binary);
        command.args(["analyze", "--json", "--quiet", "--no-cache", "--advisories", "none"]);
        command.arg("--branch").arg(format!("b{number}")).arg(&self.repository);
        command.env("HOME", &self.scratch).env("DEVMENTOR_DATA_DIR", self.scratch.join("data"));
        let cost = measure::cost(&command, &self.scratch, PATIENCE)?;
        ensure!(cost.code == Some(0), "the analysis ended with {:?}", cost.code);
        read(&out, cost)
    }
}

fn read(out: &Path, cost: Cost) -> Result<Outcome> {
    let report: Value = serde_json::from_slice(&fs::read(out)?).context("the report cannot be read")?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let known = list(&report["files"])
        .iter()
        .any(|file| file["path"] == NEIGHBOUR && file["complexity"]["functions"] == 1);
    ensure!(known, "the neighbour was not looked at");
    let skipped = list(&report["coverage"]["skipped"]);
    if let Some(wrong) = skipped.iter().find(|file| file["reason"].as_str().is_none_or(str::is_empty)) {
        bail!("skipped without a reason: {wrong}");
    }
    let skipped = skipped.iter().map(|file| format!("{}: {}", file["path"], file["reason"])).collect();
    Ok(Outcome { cost, skipped })
}

/// So much of a part that the whole has about that many bytes.
fn fill(part: &str, bytes: usize) -> String {
    part.repeat(bytes / part.len())
}

/// That many parts, each with its number.
fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, number| text + &part(number))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_format_and_language_has_bombs() {
        let known: BTreeSet<String> = sets().unwrap().into_iter().map(|set| set.of).collect();
        for name in ["Rust", "Python", "package.json", "Cargo.lock", ".gitattributes"] {
            assert!(known.contains(name), "{name}");
        }
        let refused = formats::sets(&["unheard.of".to_owned()]).err().unwrap();
        assert!(refused.to_string().contains("unheard.of"));
        assert!(code::sets(&["Unheard".to_owned()]).is_err());
    }

    #[test]
    fn bombs_have_names_of_their_own_and_a_size_that_is_read() {
        for set in sets().unwrap().iter().filter(|set| ["Go", "package-lock.json"].contains(&&*set.of)) {
            let texts = (set.make)();
            let names: BTreeSet<&str> = texts.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), texts.len(), "{}", set.of);
            assert!(texts.iter().all(|(_, text)| text.len() <= 5 << 20));
        }
    }
}
