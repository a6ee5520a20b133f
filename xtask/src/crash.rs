//! `cargo xtask crash`: SIGKILL in the middle of an analysis, again and again.
//!
//! The real binary serves; each round commits something new to a repository, asks for its analysis, kills the
//! server at a moment of the run that a seeded generator picks, and starts it again. Then the analysis has to be
//! done by itself, exactly once, with the findings that an undisturbed run of the command line gives.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::http::Client;
use crate::shell::{self, say};

/// Files of the repository: enough that an analysis has a middle.
const FILES: usize = 400;
/// How long an interrupted analysis may take to be done after the restart.
const PATIENCE: Duration = Duration::from_secs(30);
/// Analyses before the first kill.
const UNDISTURBED: u32 = 2;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often the server is killed.
    #[arg(long, default_value_t = 30)]
    rounds: u32,
    /// Picks the moments; the same number picks the same ones.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Use the release build.
    #[arg(long)]
    release: bool,
    /// Keep the leases that are shipped, instead of ones of a second.
    #[arg(long)]
    default_leases: bool,
}

impl Args {
    /// As if called with `--rounds`.
    pub(crate) fn rounds(rounds: u32) -> Self {
        Self { rounds, seed: 1, release: false, default_leases: false }
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let binary = shell::binary(args.release);
    ensure!(binary.exists(), "{} is missing: build it first", binary.display());
    let folder = shell::Folder::new("crash")?;
    let trial = Trial {
        binary,
        repository: folder.path().join("repository"),
        home: folder.path().join("home"),
        default_leases: args.default_leases,
    };
    fs::create_dir_all(&trial.home)?;
    trial.make_repository()?;

    let mut server = trial.start()?;
    let mut client = Client::enter(&server.link)?;
    let repo = client.post(
        "/api/v1/w/home/repos",
        "connect",
        Some(&json!({ "source": trial.repository.to_string_lossy() })),
    )?;
    let slug = repo["slug"].as_str().context("the repository has no name")?.to_owned();

    // Undisturbed, to know how long a run takes, and thereby where its middle is. The first one reads everything;
    // each later one keeps what did not change, so that only the second is like those that are killed.
    let mut usual = Duration::ZERO;
    for round in 0..UNDISTURBED {
        trial.commit(round)?;
        let began = Instant::now();
        let id = request(&client, &slug, round)?;
        wait_until_done(&client, &id, PATIENCE)?;
        usual = began.elapsed();
        say(&format!("undisturbed analysis {} takes {:.1} s", round + 1, usual.as_secs_f64()));
    }

    let mut moments = Moments(args.seed);
    let (mut interrupted, mut slowest) = (0, Duration::ZERO);
    for round in UNDISTURBED..UNDISTURBED + args.rounds {
        trial.commit(round)?;
        let id = request(&client, &slug, round)?;
        thread::sleep(moments.below(usual));
        let state = client.get(&format!("/api/v1/w/home/analyses/{id}"))?;
        if state["data"]["analysis"]["state"] == "done" {
            // The machine is faster now than it was when it was measured: aim earlier.
            usual = usual.mul_f64(0.7);
        } else {
            interrupted += 1;
        }
        server.kill()?;

        server = trial.start()?;
        client.host.clone_from(&server.host);
        let began = Instant::now();
        wait_until_done(&client, &id, PATIENCE).with_context(|| format!("round {round}"))?;
        slowest = slowest.max(began.elapsed());
        compare(&trial, &client, &slug, round).with_context(|| format!("round {round}"))?;
        // The session outlived the kill; its token does not outlive a long run.
        client = Client::enter(&server.link)?;
    }
    server.kill()?;
    say(&format!(
        "{} kills, {interrupted} of them in the middle: nothing lost, nothing doubled; done at most {:.1} s after \
         the restart",
        args.rounds,
        slowest.as_secs_f64()
    ));
    // Kills that all come too late would prove nothing.
    ensure!(args.rounds < 5 || interrupted * 2 >= args.rounds, "too few kills hit a running analysis");
    Ok(())
}

/// A small generator of repeatable moments (Knuth's multiplier; its high bits are good enough for this).
struct Moments(u64);

impl Moments {
    fn below(&mut self, limit: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        limit.mul_f64((self.0 >> 40) as f64 / f64::from(1_u32 << 24))
    }
}

/// What is tried, and where.
struct Trial {
    binary: PathBuf,
    repository: PathBuf,
    home: PathBuf,
    default_leases: bool,
}

/// A running server.
struct Server {
    process: Child,
    host: String,
    link: String,
}

impl Server {
    /// SIGKILL: no handler runs, nothing is flushed.
    fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

impl Trial {
    fn program(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env("HOME", &self.home)
            .env("DEVMENTOR_DATA_DIR", self.home.join("data"))
            .stdin(Stdio::null());
        command
    }

    fn start(&self) -> Result<Server> {
        let mut command = self.program();
        if !self.default_leases {
            command.env("DEVMENTOR_JOBS__LEASE_SECONDS", "1");
        }
        let mut process = command
            .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
            .env("DEVMENTOR_LOG__FILTER", "error")
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let mut link = String::new();
        let out = process.stdout.take().context("the server has no output")?;
        BufReader::new(out).read_line(&mut link)?;
        let link = link.trim().to_owned();
        let Some((host, _)) = link.strip_prefix("http://").and_then(|rest| rest.split_once('/')) else {
            let _ = process.kill();
            bail!("the server printed no link but `{link}`");
        };
        Ok(Server { host: host.to_owned(), link, process })
    }

    fn git(&self, args: &[&str]) -> Result<()> {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Crash", "-c", "user.email=crash@example.org"]).args(args);
        command.current_dir(&self.repository);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        shell::output(command).map(|_| ())
    }

    fn make_repository(&self) -> Result<()> {
        fs::create_dir_all(self.repository.join("src"))?;
        self.git(&["init", "--quiet", "--initial-branch=main"])?;
        for number in 0..FILES {
            let body = (0..40).fold(String::from("import subprocess\n"), |body, line| {
                body + &format!(
                    "\n\ndef step_{line}(name):\n    if name:\n        return {line}\n    return {number}\n"
                )
            });
            fs::write(self.repository.join(format!("src/part_{number}.py")), body)?;
        }
        self.git(&["add", "."])?;
        self.git(&["commit", "--quiet", "-m", "Start"])
    }

    /// A commit that adds a finding of its own, so that no two rounds have the same answer.
    fn commit(&self, round: u32) -> Result<()> {
        let text = format!(
            "import subprocess\n\n\ndef run_{round}(name):\n    return subprocess.call(\"ls \" + name, shell=True)\n"
        );
        fs::write(self.repository.join(format!("src/round_{round}.py")), text)?;
        self.git(&["add", "."])?;
        self.git(&["commit", "--quiet", "-m", &format!("Round {round}")])
    }

    /// What the command line finds in the same commit, undisturbed.
    fn expected(&self) -> Result<Value> {
        let mut command = self.program();
        command.args(["analyze", "--json"]).arg(&self.repository);
        Ok(serde_json::from_str(&shell::output(command)?)?)
    }
}

/// Asks for an analysis; its id.
fn request(client: &Client, slug: &str, round: u32) -> Result<String> {
    let path = format!("/api/v1/w/home/repos/{slug}/analyses?fresh=true");
    let analysis = client.post(&path, &format!("round-{round}"), None)?;
    Ok(analysis["id"].as_str().context("the analysis has no id")?.to_owned())
}

fn wait_until_done(client: &Client, id: &str, patience: Duration) -> Result<()> {
    let began = Instant::now();
    loop {
        let answer = client.get(&format!("/api/v1/w/home/analyses/{id}"))?;
        match answer["data"]["analysis"]["state"].as_str() {
            Some("done") => return Ok(()),
            Some("queued" | "running") if began.elapsed() < patience => {
                thread::sleep(Duration::from_millis(100));
            }
            _ => bail!("the analysis is not done: {}", answer["data"]["analysis"]),
        }
    }
}

/// Everything there exactly once, and the same as undisturbed.
fn compare(trial: &Trial, client: &Client, slug: &str, round: u32) -> Result<()> {
    let runs = client.get(&format!("/api/v1/w/home/repos/{slug}/analyses?limit=500"))?;
    let runs = runs["items"].as_array().context("no list of analyses")?;
    let done = runs.iter().filter(|run| run["state"] == "done").count();
    ensure!(
        runs.len() == round as usize + 1 && done == runs.len(),
        "{done} of {} analyses are done",
        runs.len()
    );

    let expected = trial.expected()?;
    let report = client.get(&format!("/api/v1/w/home/repos/{slug}/report.json"))?;
    for part in [
        "commit",
        "languages",
        "dependencies",
        "findings",
        "files",
        "graph",
        "hotspots",
        "quality",
        "insights",
    ] {
        ensure!(report[part] == expected[part], "`{part}` differs from an undisturbed analysis");
    }
    let wanted: BTreeSet<String> = places(&expected["findings"]);
    let found = client.get(&format!("/api/v1/w/home/repos/{slug}/findings?limit=500"))?;
    ensure!(
        found["total"].as_u64() == Some(wanted.len() as u64),
        "{} findings, not {}",
        found["total"],
        wanted.len()
    );
    ensure!(places(&found["items"]) == wanted, "other findings than in an undisturbed analysis");
    Ok(())
}

/// Findings by rule and place.
fn places(findings: &Value) -> BTreeSet<String> {
    let all = findings.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|finding| format!("{} {}", finding["rule"], finding["span"])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_repeat_and_stay_inside() {
        let limit = Duration::from_secs(2);
        let draw = |seed| {
            let mut moments = Moments(seed);
            (0..100).map(|_| moments.below(limit)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).iter().all(|moment| *moment < limit));
        let late = draw(7).iter().filter(|moment| **moment > limit / 2).count();
        assert!((30..70).contains(&late), "{late} of 100 in the second half");
    }
}
