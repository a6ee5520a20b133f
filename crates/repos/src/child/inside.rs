//! The child: does one task and ends.

mod analyze;
mod blame;
mod commit;
mod examine;
mod files;
mod joins;
mod known;
mod languages;
mod last;
mod past;
mod search;

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::protocol::{ANSWER_BYTES, Ahead, Head, Message, Probe, Request, Task};
use super::sandbox::{self, SandboxReport};
use crate::failure::{Failure, FailureCode};
use crate::git::{GitDirs, Repository, Resolved, locate, tree};
use crate::limits::Limits;
use analysis::advisories::AdvisoryAnswer;
use analysis::report::{AdvisoryState, Note, SkipReason, Skipped};
use analyze::{Conversation, Kept};
use gix::ObjectId;

/// Runs the child: one request from `input`, messages to `output`. Returns the process's exit code.
///
/// Call it before any thread is started, and end the process when it returns.
pub fn main(input: impl Read + Send + 'static, output: impl Write + Send) -> u8 {
    let voice = Voice(Mutex::new(output));
    let mut input = BufReader::new(input);
    let Some(request) = read_line::<Request>(&mut input, 1 << 20) else {
        voice.say(&Message::Failed(Failure::new(FailureCode::Internal, "The request could not be read.")));
        return 2;
    };
    // It has to be open before the walls stand; it is read behind them.
    let kept = Kept::open(&request);
    let (sandbox, dirs) = confine(&request);
    voice.say(&Message::Hello { sandbox });
    // Without a repository to look at, the greeting was the whole task.
    let Some(dirs) = dirs else { return 0 };
    let result = listen(input).and_then(|answers| {
        let conversation = Conversation { voice: &voice, answers: &answers, kept, brief: request.brief };
        run(&request, dirs?, conversation)
    });
    let (message, bytes) = result.unwrap_or_else(|failure| (Message::Failed(failure), Vec::new()));
    voice.say_with(&message, &bytes);
    0
}

/// The way to the supervisor, shared by threads.
struct Voice<W>(Mutex<W>);

impl<W: Write> Voice<W> {
    /// Sends one line. When nobody listens any more there is nothing left to do.
    fn say(&self, message: &Message) {
        self.say_with(message, &[]);
    }

    /// Sends one line and the bytes that belong to it.
    fn say_with(&self, message: &Message, bytes: &[u8]) {
        let Ok(mut line) = serde_json::to_vec(message) else { std::process::exit(3) };
        line.push(b'\n');
        let mut output = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let written = output.write_all(&line).and_then(|()| output.write_all(bytes));
        if written.and_then(|()| output.flush()).is_err() {
            std::process::exit(3);
        }
    }
}

fn read_line<T: serde::de::DeserializeOwned>(input: &mut impl BufRead, limit: u64) -> Option<T> {
    let mut line = Vec::new();
    input.take(limit).read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

/// Hears the supervisor's answers, and ends the process when the supervisor is gone: a server that was killed must
/// not leave its children behind.
fn listen(mut input: impl BufRead + Send + 'static) -> Result<Receiver<AdvisoryAnswer>, Failure> {
    let (sender, receiver) = mpsc::channel();
    let spawned = std::thread::Builder::new().name("supervisor".into()).spawn(move || {
        while let Some(answer) = read_line(&mut input, ANSWER_BYTES) {
            if sender.send(answer).is_err() {
                return;
            }
        }
        std::process::exit(3);
    });
    match spawned {
        Ok(_) => Ok(receiver),
        Err(error) => Err(Failure::new(
            FailureCode::AnalysisLimit,
            format!("The analysis has too little memory to begin: {error}."),
        )),
    }
}

/// Gives up everything that is not needed. Finding the folders reads a few small files by careful code of our own
/// before the last walls stand, because these need to know them; no object is read before they do.
fn confine(request: &Request) -> (SandboxReport, Option<Result<GitDirs, Failure>>) {
    let dirs = match request.task {
        Task::Hello => None,
        _ => Some(locate(&request.path, &request.roots)),
    };
    let found = dirs.as_ref().and_then(|dirs| dirs.as_ref().ok());
    let readable = found.map(GitDirs::readable).unwrap_or_default();
    let mapped = found.map_or(0, |dirs| dirs.packed_bytes);
    let report = sandbox::confine(&request.limits, &readable, mapped);
    (report, dirs)
}

/// The last message, and the bytes that belong to it.
type Answer = (Message, Vec<u8>);

fn run<W: Write + Send>(
    request: &Request,
    dirs: GitDirs,
    conversation: Conversation<'_, W>,
) -> Result<Answer, Failure> {
    let limits = &request.limits;
    let repository = Repository::open_at(dirs, limits)?;
    let alone = |message| (message, Vec::new());
    match &request.task {
        Task::Hello => Err(Failure::new(FailureCode::Internal, "A greeting needs no repository.")),
        Task::Probe { branch } => {
            probe(&repository, branch.as_deref(), limits).map(Message::Probe).map(alone)
        }
        Task::Languages { branch } => {
            languages::all(&repository, branch.as_deref(), limits).map(Message::Languages).map(alone)
        }
        Task::Resolve { branch } => {
            let resolved = repository.resolve(branch.as_deref())?;
            Ok(alone(Message::Resolved(Head {
                commit: resolved.id.to_string(),
                branch: resolved.branch,
                origin: repository.origin_name(),
            })))
        }
        Task::Ahead { branch, commit } => {
            ahead(&repository, branch.as_deref(), commit).map(Message::Ahead).map(alone)
        }
        Task::Since { revision, branch } => {
            since(&repository, revision, branch.as_deref()).map(Message::Resolved).map(alone)
        }
        Task::Lines { commit, path, start, end } => {
            files::lines(&repository, commit, path, *start..=*end, limits).map(Message::Lines).map(alone)
        }
        Task::Folder { commit, path } => {
            files::folder(&repository, commit, path, limits).map(Message::Folder).map(alone)
        }
        Task::Blame { commit, path, milliseconds } => {
            let within = Duration::from_millis(*milliseconds);
            blame::blame(&repository, commit, path, within, limits).map(Message::Blame).map(alone)
        }
        Task::Commit { analysed, id } => {
            commit::shown(&repository, analysed, id, limits).map(Message::Commit).map(alone)
        }
        Task::Search(sought) => {
            let Conversation { voice, kept, .. } = conversation;
            search::search(&repository, sought, limits, voice, kept.map(|kept| kept.search))
        }
        Task::Analyze { branch, commit } => {
            let resolved = match commit {
                Some(commit) => Resolved { branch: branch.clone(), ..repository.resolve_commit(commit)? },
                None => repository.resolve(branch.as_deref())?,
            };
            analyze::analyze(&repository, resolved, limits, conversation)
        }
    }
}

fn ahead(repository: &Repository, branch: Option<&str>, commit: &str) -> Result<Ahead, Failure> {
    let unreadable = |_| Failure::new(FailureCode::Unreadable, "The history of the branch cannot be read.");
    let known = ObjectId::from_hex(commit.as_bytes())
        .map_err(|_| Failure::new(FailureCode::NotFound, "A commit is named by 40 hexadecimal digits."))?;
    let resolved = repository.resolve(branch)?;
    let found = repository.ahead(known, resolved.id).map_err(unreadable)?;
    Ok(Ahead {
        commit: resolved.id.to_string(),
        branch: resolved.branch,
        commits: found.map(|ahead| ahead.commits),
        more: found.is_some_and(|ahead| ahead.more),
        follows: found.is_some_and(|ahead| ahead.follows),
    })
}

fn since(repository: &Repository, revision: &str, branch: Option<&str>) -> Result<Head, Failure> {
    let newest = repository.resolve(branch)?.id;
    let other = repository.revision(revision)?;
    let base = repository.common_ancestor(other, newest)?.ok_or_else(|| {
        let why = if repository.is_shallow() { " here: the clone is shallow" } else { "" };
        Failure::new(
            FailureCode::NoSuchBranch,
            format!("`{}` and `{newest}` follow no common commit{why}.", revision.escape_debug()),
        )
    })?;
    Ok(Head { commit: base.to_string(), branch: None, origin: None })
}

fn probe(repository: &Repository, branch: Option<&str>, limits: &Limits) -> Result<Probe, Failure> {
    let resolved = repository.resolve(branch)?;
    let commit = repository.head_commit(&resolved.id)?;
    let tree = tree::walk(repository.objects(), commit.tree, limits)?;
    Ok(Probe {
        branch: resolved.branch,
        commit: resolved.id.to_string(),
        files: tree.total_files,
        bytes: tree.total_bytes,
        shallow: repository.is_shallow(),
        origin: repository.origin_name(),
        notes: tree.notes.into_iter().map(|note| note.text).collect(),
    })
}

fn unanswered() -> AdvisoryAnswer {
    AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: "The look-up of advisories gave no answer.".to_owned() },
        covered: Vec::new(),
        records: Vec::new(),
    }
}

fn lfs_note(unread: &[Skipped]) -> Option<Note> {
    let count = unread.iter().filter(|file| file.reason == SkipReason::LfsPointer).count();
    (count > 0).then(|| Note {
        code: "lfs".to_owned(),
        text: format!(
            "{count} {} kept by Git LFS outside the repository and not looked at.",
            if count == 1 { "file is" } else { "files are" }
        ),
    })
}
