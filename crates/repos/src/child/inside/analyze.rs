//! Analyses one commit, or tells the last report again where it is of that commit.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::pipeline::{self, Input, Phase, Progress};
use analysis::report::{Commit, SkipReason, grouped};
use foldhash::fast::RandomState;

use super::joins;
use super::known::{self, Besides, Known, Shelf};
use super::last::{self, Conditions, Last};
use super::{Answer, Voice, examine, lfs_note, past, unanswered};
use crate::child::protocol::{Beside, Message, Request};
use crate::failure::{Failure, FailureCode};
use crate::git::history::KnownCommits;
use crate::git::tree::{KnownTree, TreeFile};
use crate::git::{CommitInfo, Repository, Resolved, history, tree};
use crate::kept;
use crate::limits::Limits;

/// How often progress is said, at most.
const TICK: Duration = Duration::from_millis(100);

/// What is kept of earlier analyses: opened before the walls stand, and read behind them.
#[derive(Default)]
pub(super) struct Kept {
    facts: Option<File>,
    past: Option<File>,
    joins: Option<File>,
    last: Option<File>,
    pub(super) search: Option<File>,
}

impl Kept {
    /// `None` where nothing is to be kept.
    pub(super) fn open(request: &Request) -> Option<Self> {
        let open = |path: &Option<_>| path.as_deref().and_then(kept::open);
        let facts = kept::open(request.kept.as_deref()?);
        let (past, joins, last) = (open(&request.past), open(&request.joins), open(&request.last));
        Some(Self { facts, past, joins, last, search: open(&request.search) })
    }
}

/// What is remembered of earlier analyses, and how new things join it.
pub(super) struct Memory {
    pub(super) key: known::Key,
    pub(super) known: Known,
}

/// Everything an analysis has besides the repository.
pub(super) struct Conversation<'a, W> {
    pub(super) voice: &'a Voice<W>,
    pub(super) answers: &'a Receiver<AdvisoryAnswer>,
    pub(super) kept: Option<Kept>,
    /// Whether the report is to be [shortened](pipeline::shorten).
    pub(super) brief: bool,
}

/// Asks for advisories, once.
struct LookUp<'a, W> {
    voice: &'a Voice<W>,
    answers: &'a Receiver<AdvisoryAnswer>,
    said: RefCell<Option<(Vec<PackageKey>, AdvisoryAnswer)>>,
}

impl<W: Write> LookUp<'_, W> {
    fn of(&self, packages: &[PackageKey]) -> AdvisoryAnswer {
        let mut said = self.said.borrow_mut();
        let (asked, answer) = said.get_or_insert_with(|| {
            self.voice.say(&Message::Packages { packages: packages.to_vec() });
            (packages.to_vec(), self.answers.recv().unwrap_or_else(|_| unanswered()))
        });
        if asked == packages { answer.clone() } else { unanswered() }
    }
}

/// Says now and then how far an analysis is.
struct Ticker<'a, W> {
    voice: &'a Voice<W>,
    last: Mutex<Instant>,
}

impl<W: Write> Ticker<'_, W> {
    fn tick(&self, phase: Phase, done: u64, total: u64, unit: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= TICK {
            *last = Instant::now();
            drop(last);
            let (unit, facts) = (unit.to_owned(), Vec::new());
            let total = Some(total);
            self.voice.say(&Message::Progress(Progress { phase, finished: false, done, total, unit, facts }));
        }
    }
}

/// Analyses a commit, or tells the last report again where it says the same.
pub(super) fn analyze<W: Write + Send>(
    repository: &Repository,
    resolved: Resolved,
    limits: &Limits,
    conversation: Conversation<'_, W>,
) -> Result<Answer, Failure> {
    let Conversation { voice, answers, kept, brief } = conversation;
    let commit = repository.head_commit(&resolved.id)?;
    let look_up = LookUp { voice, answers, said: RefCell::default() };
    let key = known::key(limits);
    // Where a clone ends, and how far a search of the history came, may be otherwise the next time.
    let lasting = kept.is_some() && !repository.is_shallow() && !limits.past_secrets;
    let conditions = lasting.then(|| Conditions::new(&key, &resolved, brief));
    let keeps = kept.is_some();
    let Kept { facts, past, joins, last, search: _ } = kept.unwrap_or_default();
    if let Some(last) = conditions.and_then(|conditions| Last::read(last, conditions)) {
        let answer = look_up.of(last.packages());
        if let Some((phases, report)) = last.told(&answer) {
            for progress in phases {
                let files = progress.done;
                voice.say(&Message::Progress(with_known(progress, files)));
            }
            return Ok((Message::Report { bytes: report.len() as u64, head: 0 }, report));
        }
    }
    // What was read ends with the process, at once and not piece by piece.
    let memory = keeps.then(|| {
        let known = Known::read(facts.map(|file| Arc::new(file) as Arc<dyn Shelf>), &key);
        &*Box::leak(Box::new(Memory { key, known }))
    });
    let read = read(repository, (resolved, commit), limits, voice, (memory, past))?;
    let mut phases = Vec::new();
    phases.push(read.fetched);
    let input = Box::leak(Box::new(read.input));
    let mut tell = |progress: Progress| {
        phases.push(progress.clone());
        voice.say(&Message::Progress(with_known(progress, read.known)));
    };
    let mut joins = joins::read(joins, &key);
    let report = pipeline::join(input, brief, &mut joins, &mut tell, &mut |packages| look_up.of(packages));
    let lost = memory.is_some_and(|memory| memory.known.has_lost());
    if let Some(bytes) = joins::written(&joins, &key).filter(|_| keeps && !lost) {
        let what = Beside::Joins;
        voice.say_with(&Message::KeepBeside { what, bytes: bytes.len() as u64 }, &bytes);
    }
    let report = Box::leak(Box::new(report));
    if brief {
        pipeline::shorten(report);
    }
    let report = serde_json::to_vec(report)
        .map_err(|_| Failure::new(FailureCode::Internal, "The report could not be written."))?;
    let said = look_up.said.into_inner();
    let head = conditions.filter(|_| read.whole && !lost).zip(said.as_ref());
    let head = head.and_then(|(conditions, said)| last::head(conditions, said, phases, &report));
    let head = head.unwrap_or_default();
    let (length, before) = ((head.len() + report.len()) as u64, head.len() as u64);
    let bytes = if head.is_empty() { report } else { [head.as_slice(), &report].concat() };
    Ok((Message::Report { bytes: length, head: before }, bytes))
}

/// Everything that was read, and how.
struct Read {
    input: Input,
    /// How many files were known.
    known: u64,
    /// Whether the same would be read again from the same commit.
    whole: bool,
    /// The end of the first phase, which was told.
    fetched: Progress,
}

/// Reads the files and the history, but for what is kept of them; says what is to be kept besides.
fn read<W: Write + Send>(
    repository: &Repository,
    (resolved, commit): (Resolved, CommitInfo),
    limits: &Limits,
    voice: &Voice<W>,
    (memory, past): (Option<&Memory>, Option<File>),
) -> Result<Read, Failure> {
    let ticker = Ticker { voice, last: Mutex::new(Instant::now()) };
    let known: &dyn KnownTree = memory.map_or(&(), |memory| &memory.known);
    let mut tree = tree::walk_knowing(repository.objects(), commit.tree, limits, known)?;
    // In the order in which they are joined: whoever puts them there later has to move what is known of them as well.
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let nothing = KnownCommits::default();
    let known = memory.map_or(&nothing, |memory| &memory.known.commits);
    let mut history = history::read(repository, resolved.id, limits, known, &|done, total| {
        ticker.tick(Phase::Fetch, done, total, "recent commits compared");
    })?;
    history.history.heads = heads(&tree.files, &history.history.paths);
    let mut facts: Vec<String> = resolved.branch.iter().map(|branch| format!("Branch {branch}")).collect();
    facts.push(format!("{} files", tree.total_files));
    facts.push(format!("{} commits", history.history.total()));
    let fetched = Progress::finished(Phase::Fetch, tree.total_files, "files", facts);
    voice.say(&Message::Progress(fetched.clone()));

    let total = tree.files.len() as u64;
    let besides = Besides { commits: history.fresh.as_deref(), folders: &tree.fresh, known: &tree.known };
    let examined = examine::all(repository, tree.files, limits, memory, &besides, &|done| {
        ticker.tick(Phase::Languages, done, total, "files");
    })?;
    if let Some((joining, bytes)) = examined.additions {
        voice.say_with(&Message::Keep { joining, bytes: bytes.len() as u64 }, &bytes);
    }
    let wished = limits.past_secrets || examined.read.iter().any(|file| file.facts.rare().past_secrets);
    let searched = wished.then(|| {
        let commits = (&history.order[..], history.history.truncated);
        past::search(repository, commits, limits, (past, &known::key(limits)), &|done, total| {
            ticker.tick(Phase::Languages, done, total, "commits");
        })
    });
    if let Some(bytes) = searched.as_ref().and_then(|searched| searched.kept.as_ref())
        && memory.is_some()
    {
        let what = Beside::Past;
        voice.say_with(&Message::KeepBeside { what, bytes: bytes.len() as u64 }, bytes);
    }
    let mut notes = tree.notes;
    notes.extend(searched.iter().flat_map(past::Searched::notes));
    notes.extend(history.notes);
    notes.extend(lfs_note(&examined.unread));
    let mut skipped = tree.skipped;
    skipped.extend(examined.unread);
    // What could not be read this time may be there the next time.
    let lost = |reason| matches!(reason, SkipReason::Unreadable | SkipReason::ParserGaveUp);
    let whole = history.whole && !wished && !skipped.iter().any(|file| lost(file.reason));
    let commit = Commit {
        id: resolved.id.to_string(),
        branch: resolved.branch,
        time: commit.time,
        subject: commit.subject,
    };
    let input = Input {
        commit,
        files: examined.read,
        skipped,
        notes,
        history: history.history,
        past: searched.map(|searched| searched.past),
        tree_files: tree.total_files,
        tree_bytes: tree.total_bytes,
    };
    Ok(Read { input, known: examined.known, whole, fetched })
}

/// Says of the phase that examines files how many of them were known.
fn with_known(mut progress: Progress, files: u64) -> Progress {
    if progress.phase == Phase::Languages && files > 0 {
        let noun = if files == 1 { "file" } else { "files" };
        progress.facts.push(format!("{} {noun} known from an earlier run", grouped(files)));
    }
    progress
}

/// What each path of the history holds in the analysed commit.
fn heads(files: &[TreeFile], paths: &[String]) -> Vec<u64> {
    let now: HashMap<&str, u64, RandomState> =
        files.iter().map(|file| (file.path.as_str(), history::short(&file.id))).collect();
    paths.iter().map(|path| now.get(path.as_str()).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_files_are_counted_like_everything_else() {
        let phase = |phase| Progress::finished(phase, 9, "files", Vec::new());
        let said = |files| with_known(phase(Phase::Languages), files).facts;
        assert_eq!(said(0), <[String; 0]>::default());
        assert_eq!(said(1), ["1 file known from an earlier run"]);
        assert_eq!(said(1_204), ["1,204 files known from an earlier run"]);
        assert_eq!(with_known(phase(Phase::Fetch), 2).facts, <[String; 0]>::default());
    }
}
