//! `cargo xtask bombs`: files made to exhaust whoever reads them, one after another through the real program.
//!
//! Each file stands with a harmless neighbour in a commit of its own, which `devmentor analyze` reads in its child
//! with the limits it is shipped with. Whatever the file does, the analysis has to end well, to say what became of
//! the file and to know the neighbour's function; and it may cost so much and no more.
//!
//! The release build is held to the aims. A build for development is slower by a factor that no aim was made for, so
//! there every bomb of a language or format stands in one commit, and only the end and the memory are looked at.

mod code;
mod data;

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
/// The same for all the bombs of one format at once: two threads look at them, and all results are kept.
const MEMORY_TOGETHER: u64 = 1 << 30;
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

/// A hostile file.
struct Bomb {
    /// The language or the format that it is made for.
    of: &'static str,
    path: &'static str,
    name: &'static str,
    text: String,
}

impl Bomb {
    fn new(of: &'static str, path: &'static str, name: &'static str, text: String) -> Self {
        Self { of, path, name, text }
    }
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
    let mut bombs: Vec<Bomb> = code::all().into_iter().chain(data::all()).collect();
    if let Some(only) = &args.only {
        bombs.retain(|bomb| format!("{} {}", bomb.of, bomb.name).contains(only.as_str()));
    }
    let folder = shell::Folder::new("bombs")?;
    let trial =
        Trial { binary, repository: folder.path().join("repository"), scratch: folder.path().to_owned() };
    if args.release { one_by_one(&trial, &bombs) } else { together(&trial, &bombs) }
}

/// Each bomb in a commit of its own.
fn one_by_one(trial: &Trial, bombs: &[Bomb]) -> Result<()> {
    let commits: Vec<Vec<(String, &str)>> =
        bombs.iter().map(|bomb| vec![(bomb.path.to_owned(), bomb.text.as_str())]).collect();
    trial.make_repository(&commits)?;
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut problems = 0;
    for (number, bomb) in bombs.iter().enumerate() {
        let outcome = trial.analyze(number);
        let row = rows.entry(bomb.of).or_default();
        let problem = match &outcome {
            Ok(outcome) => {
                row.take(bomb, outcome);
                let Cost { cpu, memory, .. } = outcome.cost;
                (cpu > CPU || memory > MEMORY)
                    .then(|| format!("{:.2} s, {} MB", cpu.as_secs_f64(), memory >> 20))
            }
            Err(error) => Some(format!("{error:#}")),
        };
        if let Some(problem) = problem {
            problems += 1;
            say(&format!("TOO MUCH  {}: {}: {problem}", bomb.of, bomb.name));
        }
    }
    say("| made for | files | skipped | most processor time | most memory |");
    say("|---|---|---|---|---|");
    for (of, row) in &rows {
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
    say(&format!("{} files, {problems} of them too much", bombs.len()));
    ensure!(problems == 0, "{problems} files cost too much");
    Ok(())
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
    fn take(&mut self, bomb: &Bomb, outcome: &Outcome) {
        self.files += 1;
        self.skipped += outcome.skipped.len();
        self.cpu = self.cpu.max((outcome.cost.cpu, bomb.name));
        self.memory = self.memory.max((outcome.cost.memory, bomb.name));
    }
}

/// All bombs of a language or format in one commit, each in a folder of its own.
fn together(trial: &Trial, bombs: &[Bomb]) -> Result<()> {
    let mut commits: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for (number, bomb) in bombs.iter().enumerate() {
        let path = format!("{number}/{}", bomb.path);
        commits.entry(bomb.of).or_default().push((path, &bomb.text));
    }
    let names: Vec<&str> = commits.keys().copied().collect();
    let commits: Vec<Vec<(String, &str)>> = commits.into_values().collect();
    trial.make_repository(&commits)?;
    for (number, name) in names.iter().enumerate() {
        let outcome = trial.analyze(number).with_context(|| format!("the bombs of {name}"))?;
        ensure!(
            outcome.cost.memory <= MEMORY_TOGETHER,
            "the bombs of {name} took {} MB",
            outcome.cost.memory >> 20
        );
    }
    say(&format!(
        "{} hostile files of {} languages and formats: every analysis ended well",
        bombs.len(),
        names.len()
    ));
    Ok(())
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
        command.args(["analyze", "--json", "--quiet", "--advisories", "none"]);
        command.arg("--branch").arg(format!("b{number}")).arg(&self.repository);
        command.env("HOME", &self.scratch).env("DEVMENTOR_DATA_DIR", self.scratch.join("data"));
        let cost = measure::cost(&command, &self.scratch)?;
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
        let read =
            |path: &str| fs::read_to_string(shell::root().join("crates/analysis/src").join(path)).unwrap();
        let formats = read("inventory/manifest.rs");
        let table = formats.split_once("const FORMATS").unwrap().1.split_once("];").unwrap().0;
        let named = table.split('"').skip(1).step_by(2);
        let known: BTreeSet<&str> = data::formats().collect();
        assert_eq!(named.filter(|name| !known.contains(name)).collect::<Vec<_>>(), Vec::<&str>::new());

        let known: BTreeSet<&str> = code::languages().collect();
        for file in fs::read_dir(shell::root().join("crates/analysis/src/syntax/languages")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            for start in text.split("Language::new(").skip(1) {
                let name = start.split('"').nth(1).unwrap();
                assert!(known.contains(name), "{name} has no bombs");
            }
        }
    }

    #[test]
    fn every_bomb_has_a_name_of_its_own() {
        let all: Vec<Bomb> = code::all().into_iter().chain(data::all()).collect();
        let names: BTreeSet<(&str, &str)> = all.iter().map(|bomb| (bomb.of, bomb.name)).collect();
        let twice = all.len() - names.len();
        // `yarn.lock` has two formats, whose bombs share a few names.
        assert!(twice <= 12, "{twice} names are used twice");
        assert!(all.iter().all(|bomb| bomb.text.len() <= 5 << 20));
    }
}
