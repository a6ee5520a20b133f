//! How much of what answers a question is found, and how fast: `cargo xtask bench recall memories FILE` and `.. speed NUMBER`.
//!
//! `recall quality FILE` reads conversations with questions and the turns that answer them. The mix is tuned on all
//! conversations but the last and judged on that one; each kind of likeness is also tried alone.
//! `recall speed NUMBER` searches among that many made-up documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base::Ids;
use base::id::WorkspaceId;
use retrieval::{Change, Document, Embedder, Error, Mix, Retrieval, Search, Watermark};
use serde::Deserialize;
use uuid::Uuid;

/// How many hits are looked at.
const DEPTHS: [usize; 3] = [5, 10, 20];
/// What is tried for the mix, in hundredths.
const MIXES: [u8; 9] = [10, 20, 30, 35, 40, 45, 50, 60, 70];
/// What the mix is chosen by: the first of [`DEPTHS`], because few are shown.
const CHOSEN_BY: usize = 0;

type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Data {
    conversations: Vec<Conversation>,
}

#[derive(Deserialize)]
struct Conversation {
    turns: Vec<Turn>,
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Turn {
    id: String,
    speaker: String,
    text: String,
    #[serde(default)]
    image_caption: String,
}

#[derive(Deserialize)]
struct Question {
    question: String,
    evidence: Vec<String>,
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
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match *args.as_slice() {
        ["quality", file] => run(quality(Path::new(file))),
        ["speed", number] => run(speed(number)),
        _ => Err("say `quality FILE` or `speed NUMBER`".into()),
    };
    match done {
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

fn run(work: impl Future<Output = Result<String, Failure>>) -> Result<String, Failure> {
    tokio::runtime::Builder::new_multi_thread().build()?.block_on(work)
}

async fn quality(file: &Path) -> Result<String, Failure> {
    let data: Data = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut scenes = Vec::new();
    for conversation in data.conversations {
        scenes.push(Scene::new(conversation).await?);
    }
    let (judged, tuning) = scenes.split_last().ok_or("there is no conversation in it")?;
    let mut best = (0_u8, 0.0);
    for hundredths in MIXES {
        let found = over(tuning, f64::from(hundredths) / 100.0).await?.recall[CHOSEN_BY];
        if found > best.1 {
            best = (hundredths, found);
        }
    }
    let mut text = format!("tuned: {} % of the score from meaning\n", best.0);
    text += "| | tuning: recall@5 | @10 | @20 | MRR | judging: recall@5 | @10 | @20 | MRR |\n|---|---|---|---|---|---|---|---|---|";
    let shipped = Mix::default().dense;
    for (name, dense) in [
        ("meaning alone", 1.0),
        ("words alone (BM25)", 0.0),
        ("both, as tuned", f64::from(best.0) / 100.0),
        ("both, as shipped", shipped),
    ] {
        let (tuned, judged) = (over(tuning, dense).await?, over(std::slice::from_ref(judged), dense).await?);
        write!(text, "\n| {name} | {} | {} |", tuned.cells(), judged.cells())?;
    }
    Ok(text)
}

impl Quality {
    fn cells(&self) -> String {
        let [five, ten, twenty] = self.recall.map(|found| found / self.questions);
        format!("{five:.3} | {ten:.3} | {twenty:.3} | {:.3}", self.rank / self.questions)
    }
}

/// A conversation, indexed.
struct Scene {
    retrieval: Retrieval,
    embedder: Embedder,
    workspace: WorkspaceId,
    questions: Vec<(String, BTreeSet<Uuid>)>,
}

impl Scene {
    async fn new(conversation: Conversation) -> Result<Self, Failure> {
        let (retrieval, embedder) = (Retrieval::in_process(None), Embedder::new());
        let workspace = Ids::counted().new_id();
        let turns = (0_u128..).map(Uuid::from_u128).zip(conversation.turns).collect::<Vec<_>>();
        let mut changes = Vec::new();
        for (id, turn) in &turns {
            let text = format!("{}: {} {}", turn.speaker, turn.text, turn.image_caption);
            let vector = embedder.embed(&text)?;
            changes.push(Change::Put(Document { id: *id, workspace, keys: Vec::new(), text, vector }));
        }
        retrieval.apply(changes, Watermark { epoch: String::new(), seen: 1 }).await?;
        let of = |name: &String| turns.iter().find(|(_, turn)| turn.id == *name).map(|(id, _)| *id);
        let questions = conversation
            .questions
            .into_iter()
            .map(|question| {
                (question.question, question.evidence.iter().filter_map(of).collect::<BTreeSet<_>>())
            })
            .filter(|(_, evidence)| !evidence.is_empty())
            .collect();
        Ok(Self { retrieval, embedder, workspace, questions })
    }

    fn search(&self, text: &str, dense: f64, limit: usize) -> Result<Search, Error> {
        Ok(Search {
            workspace: self.workspace,
            text: text.to_owned(),
            vector: Some(self.embedder.embed(text)?),
            filter: Vec::new(),
            limit,
            mix: Mix { dense },
        })
    }
}

async fn over(scenes: &[Scene], dense: f64) -> Result<Quality, Error> {
    let mut quality = Quality::default();
    for scene in scenes {
        for (question, evidence) in &scene.questions {
            // Deep enough that the first answer is in it.
            let hits = scene.retrieval.search(scene.search(question, dense, 1_000)?).await?;
            for (recall, depth) in quality.recall.iter_mut().zip(DEPTHS) {
                let found = hits.iter().take(depth).filter(|hit| evidence.contains(&hit.id)).count();
                *recall += found as f64 / evidence.len() as f64;
            }
            let first = hits.iter().position(|hit| evidence.contains(&hit.id));
            quality.rank += first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0));
            quality.questions += 1.0;
        }
    }
    Ok(quality)
}

/// Words of made-up documents; each has a name that most others do not.
const WORDS: [&str; 24] = [
    "retry",
    "payment",
    "timeout",
    "connection",
    "cache",
    "invalid",
    "token",
    "session",
    "queue",
    "worker",
    "deploy",
    "migration",
    "index",
    "schema",
    "parser",
    "error",
    "button",
    "theme",
    "layout",
    "branch",
    "review",
    "release",
    "memory",
    "latency",
];

async fn speed(number: &str) -> Result<String, Failure> {
    let number: usize = number.parse()?;
    let folder = std::env::temp_dir().join(format!("devmentor-recall-{}", std::process::id()));
    let retrieval = Retrieval::in_process(Some(folder.clone()));
    let done = measure(&retrieval, number).await;
    drop(retrieval);
    std::fs::remove_dir_all(&folder)?;
    done
}

async fn measure(retrieval: &Retrieval, number: usize) -> Result<String, Failure> {
    let (embedder, workspace) = (Embedder::new(), Ids::counted().new_id());
    let mut random = Random(1);
    let before = resident()?;
    let began = Instant::now();
    let mut at = 0;
    while at < number {
        let mut changes = Vec::new();
        for number in at..number.min(at + 5_000) {
            let text = random.text(number);
            let vector = embedder.embed(&text)?;
            let id = Uuid::from_u128(number as u128);
            changes.push(Change::Put(Document { id, workspace, keys: vec!["team".into()], text, vector }));
        }
        at += changes.len();
        retrieval.apply(changes, Watermark { epoch: String::new(), seen: i64::try_from(at)? }).await?;
    }
    let indexed = began.elapsed();
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..2_000 {
        let text = random.text(round);
        let began = Instant::now();
        let search = Search {
            workspace,
            vector: Some(embedder.embed(&text)?),
            text: text.split(' ').take(5).collect::<Vec<_>>().join(" "),
            filter: vec![vec!["team".into()]],
            limit: 20,
            mix: Mix::default(),
        };
        let hits = retrieval.search(search).await?;
        times.push(began.elapsed());
        if hits.is_empty() {
            return Err("nothing was found".into());
        }
    }
    times.sort_unstable();
    Ok(format!(
        "{number} documents: indexed in {:.1} s, embedding included; a query p50 {:.2} ms, p99 {:.2} ms; {} MB resident, {before} MB before",
        indexed.as_secs_f64(),
        times[times.len() / 2].as_secs_f64() * 1_000.0,
        times[times.len() * 99 / 100].as_secs_f64() * 1_000.0,
        resident()?,
    ))
}

/// A small generator of repeatable numbers (Knuth's multiplier).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn text(&mut self, number: usize) -> String {
        let mut words: Vec<String> = (0..40).map(|_| WORDS[self.below(WORDS.len())].to_owned()).collect();
        words[0] = format!("name{}", number / 7);
        words.join(" ")
    }
}

/// Megabytes that this process holds.
fn resident() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().next().ok_or("no number")?.parse::<u64>()? / 1_024)
}
