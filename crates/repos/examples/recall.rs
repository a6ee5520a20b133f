//! Measures how well code is found: `cargo xtask bench recall code --tuning REPOSITORY.. --judging REPOSITORY..`.
//!
//! A question is the message of a commit that fixed something, an answer a file that it changed, and what is searched is
//! the commit before. So nobody decided what is right with this search in mind. The weights are chosen on the tuning
//! side alone; each part is also left out in turn.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use repos::Limits;
use repos::child::{Sought, Supervisor, What};
use repos::kept::Kept;
use retrieval::Embedder;
use retrieval::passages::Weights;

/// How many files are looked at.
const DEPTHS: [usize; 3] = [5, 10, 20];

/// Which of them the weights are chosen by, beside the rank of the first answer: few are shown.
const CHOSEN_BY: usize = 0;

/// Commits of one repository, the newest that are fixes.
const COMMITS: usize = 40;

/// A commit that changed more files says little about each.
const MOST_FILES: usize = 10;

/// How long reading a commit may take: all of it is wanted here.
const WITHIN: Duration = Duration::from_secs(55);

type Failure = Box<dyn std::error::Error>;

/// A commit that fixed something.
struct Fix {
    parent: String,
    message: String,
    files: Vec<String>,
}

/// Recall at each depth, and the mean of one over the rank of the first answer.
#[derive(Clone, Copy, Default)]
struct Quality {
    recall: [f64; DEPTHS.len()],
    rank: f64,
    questions: f64,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "its figures are its output")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == "child") {
        return ExitCode::from(repos::child::main(std::io::stdin(), std::io::stdout()));
    }
    match run(&args) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<String, Failure> {
    let middle = args.iter().position(|arg| arg == "--").ok_or("say `TUNING.. -- JUDGING..`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = std::env::temp_dir().join(format!("devmentor-recall-{}", std::process::id()));
    let sides = [&args[..middle], &args[middle + 1..]];
    let done = runtime.block_on(table(sides, &folder));
    std::fs::remove_dir_all(&folder)?;
    done
}

/// As it is shipped, each part alone and each left out.
fn ablations() -> Vec<(String, Weights)> {
    let shipped = Weights::default();
    let words = Weights { dense: 0.0, ..shipped };
    let all = [
        ("as shipped", shipped),
        ("words alone", words),
        ("meaning alone", Weights { dense: 1.0, ..shipped }),
        ("BM25 of the text alone", Weights { names: 0.0, path: 0.0, whole: 0.0, ..words }),
        ("without the path", Weights { path: 0.0, ..shipped }),
        ("without names", Weights { names: 0.0, ..shipped }),
        ("without the file as a whole", Weights { whole: 0.0, ..shipped }),
    ];
    all.into_iter().map(|(name, weights)| (name.to_owned(), weights)).collect()
}

/// What the weights are chosen among.
fn choices() -> Vec<(String, Weights)> {
    let mut all = Vec::new();
    for dense in [0.2, 0.3, 0.4, 0.5] {
        for whole in [0.0, 0.25, 0.5] {
            for names in [2.0, 4.0] {
                let weights = Weights { dense, whole, names, ..Weights::default() };
                all.push((format!("meaning {dense}, file {whole}, names {names}"), weights));
            }
        }
    }
    all
}

async fn table(sides: [&[String]; 2], folder: &Path) -> Result<String, Failure> {
    let ablations = ablations();
    let variants = [ablations.clone(), choices()].concat();
    let mut text = String::new();
    let mut qualities = [vec![Quality::default(); variants.len()], vec![Quality::default(); variants.len()]];
    for (side, qualities) in sides.into_iter().zip(&mut qualities) {
        for repository in side {
            let mut own = vec![Quality::default(); variants.len()];
            let took = measure(Path::new(repository), folder, &variants, &mut own).await?;
            for (all, own) in qualities.iter_mut().zip(&own) {
                all.add(own);
            }
            let name = repository.trim_end_matches("/repo").rsplit('/').next().unwrap_or(repository);
            writeln!(text, "{name}: {} questions; as shipped {}; {took}", own[0].questions, own[0].cells())?;
        }
    }
    // Chosen without a look at the other side, by what few are shown and by how soon the first comes.
    let worth = |quality: &Quality| quality.recall[CHOSEN_BY] + quality.rank;
    let chosen = (ablations.len()..variants.len())
        .max_by(|a, b| worth(&qualities[0][*a]).total_cmp(&worth(&qualities[0][*b])))
        .ok_or("nothing to choose from")?;
    writeln!(text, "\nchosen on the tuning side: {}", variants[chosen].0)?;
    text += "\n| | tuning: recall@5 | @10 | @20 | MRR | judging: recall@5 | @10 | @20 | MRR |\n";
    text += "|---|---|---|---|---|---|---|---|---|";
    for at in (0..ablations.len()).chain([chosen]) {
        let [tuning, judging] = [&qualities[0][at], &qualities[1][at]].map(Quality::cells);
        write!(text, "\n| {} | {tuning} | {judging} |", variants[at].0)?;
    }
    Ok(text)
}

impl Quality {
    fn add(&mut self, other: &Self) {
        for (recall, other) in self.recall.iter_mut().zip(other.recall) {
            *recall += other;
        }
        self.rank += other.rank;
        self.questions += other.questions;
    }

    fn question(&mut self, found: &[String], wanted: &[String]) {
        for (recall, depth) in self.recall.iter_mut().zip(DEPTHS) {
            let met = found.iter().take(depth).filter(|path| wanted.contains(path)).count();
            *recall += met as f64 / wanted.len() as f64;
        }
        let first = found.iter().position(|path| wanted.contains(path));
        self.rank += first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0));
        self.questions += 1.0;
    }

    fn cells(&self) -> String {
        let [five, ten, twenty] = self.recall.map(|found| found / self.questions.max(1.0));
        format!("{five:.3} | {ten:.3} | {twenty:.3} | {:.3}", self.rank / self.questions.max(1.0))
    }
}

/// Asks every question under every variant; says how long a search took.
async fn measure(
    repository: &Path,
    folder: &Path,
    variants: &[(String, Weights)],
    qualities: &mut [Quality],
) -> Result<String, Failure> {
    let slot = Kept::new(folder.to_owned(), u64::MAX).slot("recall");
    slot.clear()?;
    let program = std::env::current_exe()?;
    let supervisor = Supervisor::new(program, [OsString::from("child")], Limits::default()).keeping(slot);
    let embedder = Embedder::new();
    let mut times = Vec::new();
    for fix in fixes(repository)? {
        let vector = embedder.embed(&fix.message)?.to_bytes();
        let mut anew = true;
        for ((_, weights), quality) in variants.iter().zip(&mut *qualities) {
            let sought = Sought {
                commit: Some(fix.parent.clone()),
                text: fix.message.clone(),
                vector: Some(vector.clone()),
                what: What::Passages { weights: *weights, per_file: 1 },
                limit: DEPTHS[DEPTHS.len() - 1],
                milliseconds: u64::try_from(WITHIN.as_millis())?,
            };
            let began = Instant::now();
            let mut found = supervisor.search(repository, &[], sought.clone()).await?;
            // The first search of a commit reads what is new in it.
            if !std::mem::take(&mut anew) {
                times.push(began.elapsed());
            }
            while !found.partial.is_empty() {
                found = supervisor.search(repository, &[], sought.clone()).await?;
            }
            let paths: Vec<String> = found.passages.into_iter().map(|passage| passage.path).collect();
            quality.question(&paths, &fix.files);
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0, Duration::as_millis);
    Ok(format!("a search p50 {} ms, p95 {} ms", at(50), at(95)))
}

/// The newest commits that fixed something, the newest first.
fn fixes(repository: &Path) -> Result<Vec<Fix>, Failure> {
    let listed = git(
        repository,
        &["log", "--no-merges", "-i", "-E", "--grep=(fix|bug|regression)", "--format=%H %P"],
    )?;
    let mut fixes = Vec::new();
    for line in listed.lines() {
        if fixes.len() == COMMITS {
            break;
        }
        let Some((commit, parent)) = line.split_once(' ').filter(|(_, parents)| !parents.contains(' '))
        else {
            continue;
        };
        let message = message(&git(repository, &["log", "-1", "--format=%B", commit])?);
        let changed = git(repository, &["diff-tree", "-r", "--no-renames", "--name-status", parent, commit])?;
        let files: Vec<String> = changed
            .lines()
            .filter_map(|line| line.split_once('\t').filter(|(fate, _)| *fate != "A"))
            .map(|(_, path)| path.to_owned())
            .collect();
        let number = changed.lines().count();
        if (1..=MOST_FILES).contains(&number) && !files.is_empty() && message.split_whitespace().count() > 2 {
            fixes.push(Fix { parent: parent.to_owned(), message, files });
        }
    }
    Ok(fixes)
}

/// A commit's message without the lines that programs add.
fn message(text: &str) -> String {
    let added = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.ends_with("-by") || name.eq_ignore_ascii_case("git-svn-id") || name.starts_with("PiperOrigin")
    };
    text.lines().filter(|line| !added(line.trim())).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn git(repository: &Path, args: &[&str]) -> Result<String, Failure> {
    let output = Command::new("git")
        .arg("-c")
        .arg("core.quotePath=false")
        .arg("-C")
        .arg(repository)
        .args(args)
        .output()?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
