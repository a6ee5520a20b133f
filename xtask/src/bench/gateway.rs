//! What the way to language models adds: a bare reverse proxy, LiteLLM and ours before the same model that is none.
//!
//! All of it runs on this machine and takes turns. The model that is none, and whoever asks, are this program, so that each word
//! says when it left and is held against the same clock when it arrives.

mod drive;
pub(crate) mod proxy;
mod upstream;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use crate::http::Client;
use crate::measure::median;
use crate::shell::{self, say};
use drive::Target;
use upstream::Pace;

/// Requests of the same moment, where it is counted how many are answered in a second.
const AT_ONCE: usize = 8;

/// Streams of the same moment.
const STREAMS: usize = 4;

/// How long a program may take until it answers: some load a lot.
const START: Duration = Duration::from_mins(2);

/// What LiteLLM asks of its callers here.
const KEY: &str = "sk-bench";

#[derive(clap::Args)]
pub(super) struct Args {
    /// How often each has its turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Requests of a turn, one after the other and then as many several at once.
    #[arg(long, default_value_t = 400)]
    requests: usize,
    /// The program of LiteLLM (`pip install 'litellm[proxy]'`); without it, the one in the path.
    #[arg(long, value_name = "PROGRAM")]
    litellm: Option<PathBuf>,
}

pub(super) fn run(args: &Args, scratch: &Path) -> Result<()> {
    if cfg!(debug_assertions) {
        return again(args);
    }
    let upstream = upstream::start()?;
    let mut all = vec![Contestant::new("nothing between", Target::new(upstream, ""), None)];
    all.push(bare(upstream)?);
    all.push(ours(upstream, scratch)?);
    match litellm(args) {
        Some(program) => all.push(theirs(&program, upstream, scratch)?),
        None => say(
            "LiteLLM is left out: `pip install 'litellm[proxy]'` in an environment of its own, and name it with --litellm",
        ),
    }
    for contestant in &all {
        contestant.wait()?;
    }
    for round in 0..=args.rounds {
        for contestant in &mut all {
            contestant.turn(args.requests).with_context(|| contestant.name)?;
            if round == 0 {
                // What is loaded and made at the first requests is not what a request costs.
                contestant.figures = Figures::default();
            }
        }
    }
    report(&all);
    Ok(())
}

/// Does the same as a program that was optimised, as those are that it measures.
fn again(args: &Args) -> Result<()> {
    shell::must(shell::cargo(&["build", "--release", "--package", "xtask"]))?;
    let (rounds, requests) = (args.rounds.to_string(), args.requests.to_string());
    let program = shell::target().join("release").join(format!("xtask{}", std::env::consts::EXE_SUFFIX));
    let mut command = shell::command(
        program,
        &["bench", "--built", "gateway", "--rounds", &rounds, "--requests", &requests],
    );
    if let Some(litellm) = &args.litellm {
        command.arg("--litellm").arg(litellm);
    }
    shell::must(command)
}

/// Somebody between the model and whoever asks.
struct Contestant {
    name: &'static str,
    target: Target,
    process: Option<Child>,
    figures: Figures,
}

/// What was measured, in microseconds but for the rate.
#[derive(Default)]
struct Figures {
    /// Each whole answer, asked for one after the other.
    whole: Vec<f64>,
    /// Answers in a second, several at once, by turn.
    rate: Vec<f64>,
    /// Processor time of each of these answers, by turn.
    processor: Vec<f64>,
    /// Each word of a stream, from its leaving to its arrival.
    word: Vec<f64>,
}

impl Contestant {
    fn new(name: &'static str, target: Target, process: Option<Child>) -> Self {
        Self { name, target, process, figures: Figures::default() }
    }

    /// Waits until it answers.
    fn wait(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            match drive::whole(&self.target, 1, 1) {
                Ok(_) => return Ok(()),
                Err(error) if began.elapsed() > START => return Err(error).context(self.name),
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn turn(&mut self, requests: usize) -> Result<()> {
        self.figures.whole.extend(drive::whole(&self.target, 1, requests)?);
        let (began, before) = (Instant::now(), self.processor_time()?);
        let answers = drive::whole(&self.target, AT_ONCE, requests)?.len() as f64;
        self.figures.rate.push(answers / began.elapsed().as_secs_f64());
        // What is written into the books afterwards belongs to the request.
        thread::sleep(Duration::from_millis(300));
        let used = self.processor_time()?.saturating_sub(before);
        self.figures.processor.push(used.as_secs_f64() * 1e6 / answers);
        self.figures.word.extend(drive::words(&self.target, STREAMS)?);
        Ok(())
    }

    /// What the threads of the process have used so far. They stay as long as somebody asks.
    fn processor_time(&self) -> Result<Duration> {
        let Some(process) = &self.process else { return Ok(Duration::ZERO) };
        let mut used = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{}/task", process.id()))? {
            // One may have ended since it was listed.
            let told = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
            used += Duration::from_nanos(on_processor(&told).unwrap_or(0));
        }
        Ok(used)
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Nanoseconds that a thread was on a processor, in its `schedstat`: the ticks of `stat` are hundredths of a second, in which a
/// proxy passes on hundreds of requests.
fn on_processor(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().next()?.parse().ok()
}

/// A reverse proxy of a few lines, which does nothing but pass on.
fn bare(upstream: SocketAddr) -> Result<Contestant> {
    let here: SocketAddr = ([127, 0, 0, 1], shell::free_port()?).into();
    let program = std::env::current_exe().context("where this program is")?;
    let process = Command::new(program)
        .args(["proxy", &here.to_string(), &upstream.to_string()])
        .stdin(Stdio::null())
        .spawn()
        .context("the proxy does not start")?;
    Ok(Contestant::new("bare hyper", Target::new(here, ""), Some(process)))
}

/// The product as it is: a token, durable budgets and books, redaction, breakers; without limits of how often, as on a laptop.
fn ours(upstream: SocketAddr, scratch: &Path) -> Result<Contestant> {
    let settings = scratch.join("devmentor.toml");
    let route = |pace: Pace| format!("{{ provider = \"mock\", model = \"{}\" }}", pace.model());
    fs::write(
        &settings,
        format!(
            "[models]\nproviders = [{{ name = \"mock\", kind = \"openai\", address = \"http://{upstream}/v1\" }}]\n\
             routes = [{}, {}]\nperson_tokens_per_day = 1000000000000\n",
            route(Pace::AtOnce),
            route(Pace::Steady)
        ),
    )?;
    let mut process = Command::new(shell::binary(true))
        .arg("--config")
        .arg(&settings)
        .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .env("HOME", scratch)
        .env("DEVMENTOR_DATA_DIR", scratch.join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(scratch.join("devmentor.log"))?)
        .spawn()
        .context("the server does not start")?;
    let mut link = String::new();
    let read = process.stdout.take().map(|out| BufReader::new(out).read_line(&mut link));
    // From here on it is ended with the contestant, whatever happens.
    let mut contestant = Contestant::new("devmentor", Target::new(upstream, ""), Some(process));
    read.context("the server has no output")??;
    let client = Client::enter(link.trim())?;
    let body = json!({ "name": "bench", "workspace": "home", "scopes": ["model.use"] });
    let made = client.post("/api/v1/me/tokens", "", Some(&body))?;
    let secret = made["secret"].as_str().context("no token was made")?;
    contestant.target = Target::new(client.host.parse()?, secret);
    Ok(contestant)
}

/// LiteLLM's program, where there is one.
fn litellm(args: &Args) -> Option<PathBuf> {
    match &args.litellm {
        Some(program) => Some(program.clone()),
        None => shell::exists("litellm").then(|| "litellm".into()),
    }
}

/// LiteLLM with a key for its callers, without a database.
fn theirs(program: &Path, upstream: SocketAddr, scratch: &Path) -> Result<Contestant> {
    let here: SocketAddr = ([127, 0, 0, 1], shell::free_port()?).into();
    let model = |pace: Pace| {
        let name = pace.model();
        json!({
            "model_name": name,
            "litellm_params": { "model": format!("openai/{name}"), "api_base": format!("http://{upstream}/v1"), "api_key": "none" },
        })
    };
    let settings = json!({
        "model_list": [model(Pace::AtOnce), model(Pace::Steady)],
        "general_settings": { "master_key": KEY },
    });
    // YAML is read, of which JSON is a part.
    let file = scratch.join("litellm.yaml");
    fs::write(&file, settings.to_string())?;
    let log = File::create(scratch.join("litellm.log"))?;
    let process = Command::new(program)
        .args(["--host", "127.0.0.1", "--port", &here.port().to_string(), "--config"])
        .arg(&file)
        .env("HOME", scratch)
        // Otherwise it fetches its list of prices from elsewhere.
        .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("{} does not start", program.display()))?;
    Ok(Contestant::new("LiteLLM", Target::new(here, KEY), Some(process)))
}

/// The value that so many of a hundred are not above.
fn quantile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100);
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
}

fn report(all: &[Contestant]) {
    let Some(direct) = all.first() else { return };
    say("Milliseconds; \"added\" is over nothing between, quantile by quantile.");
    say(
        "| between | whole answer p50 | p99 | added p50 | added p99 | answers in a second | processor time of each | word added p50 | p99 |",
    );
    say("|---|---|---|---|---|---|---|---|---|");
    for Contestant { name, figures, .. } in all {
        let of = |values: &[f64], percent| quantile(values, percent) / 1e3;
        let added = |ours: &[f64], theirs: &[f64], percent| of(ours, percent) - of(theirs, percent);
        let (whole, word, base) = (&figures.whole, &figures.word, &direct.figures);
        say(&format!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {:.3} | {:.2} | {:.2} |",
            of(whole, 50),
            of(whole, 99),
            added(whole, &base.whole, 50),
            added(whole, &base.whole, 99),
            median(figures.rate.iter().copied()),
            median(figures.processor.iter().copied()) / 1e3,
            added(word, &base.word, 50),
            added(word, &base.word, 99),
        ));
    }
    let cost = |name: &str| {
        all.iter().find(|one| one.name == name).map(|one| median(one.figures.processor.iter().copied()))
    };
    for other in ["bare hyper", "LiteLLM"] {
        if let (Some(ours), Some(theirs)) = (cost("devmentor"), cost(other)) {
            say(&format!("devmentor: {:.2}x of the processor time of {other}", ours / theirs.max(0.001)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_the_first_that_the_kernel_says() {
        assert_eq!(on_processor("1234567 89 10\n"), Some(1_234_567));
        assert_eq!(on_processor(""), None);
    }

    #[test]
    fn quantiles_are_values_that_were_seen() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((quantile(&values, 99) - 99.0).abs() < f64::EPSILON);
        assert!((quantile(&values, 50) - 50.0).abs() < f64::EPSILON);
        assert!(quantile(&[], 50).abs() < f64::EPSILON);
    }
}
