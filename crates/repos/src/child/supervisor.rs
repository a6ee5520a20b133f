//! The parent: starts the child, listens, answers, and ends it.

mod running;
mod search;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::inventory::Survey;
use analysis::pipeline::{Phase, Progress};
use analysis::report::Report;
use tokio::io::BufReader;
use tokio::process::Command;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::protocol::{
    Ahead, Beside, Blame, CommitShown, Folder, Head, Lines, MESSAGE_BYTES, Message, Probe, Request, Task,
};
use super::sandbox::SandboxReport;
use crate::failure::{Failure, FailureCode};
use crate::kept::{Joining, SLOT_BYTES, Slot};
use crate::limits::Limits;
use running::Running;

/// How often progress is passed on, at most.
const TICK: Duration = Duration::from_millis(100);

/// How long a probe or a few lines may take.
const SHORT_TASK: Duration = Duration::from_mins(1);

/// How the C library gives memory to a child, which lives shortly and gives nothing back: in large steps and large
/// pages, which saves a fifth of the processor time of a run that has little to examine. Other libraries pass over it.
const ALLOCATION: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864:glibc.malloc.trim_threshold=1073741824",
);

/// Starts analysis processes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Supervisor {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    slot: Option<Slot>,
    brief: bool,
}

/// A finished analysis.
#[derive(Debug)]
pub struct Analyzed {
    /// The result.
    pub report: Box<Report>,
    /// How far the child was confined.
    pub sandbox: SandboxReport,
}

impl Supervisor {
    /// Children are `program` with `arguments`, which must lead it to [`main`](super::main).
    pub fn new(program: PathBuf, arguments: impl IntoIterator<Item = OsString>, limits: Limits) -> Self {
        Self { program, arguments: arguments.into_iter().collect(), limits, slot: None, brief: false }
    }

    /// The same, but analyses use what is kept there and add to it. It must be of the one repository they read.
    #[must_use]
    pub fn keeping(&self, slot: Slot) -> Self {
        Self { slot: Some(slot), ..self.clone() }
    }

    /// The same, but reports leave out what [`pipeline::shorten`](analysis::pipeline::shorten) does.
    #[must_use]
    pub fn briefly(&self) -> Self {
        Self { brief: true, ..self.clone() }
    }

    /// The same, but analyses search the contents of the history for credentials.
    #[must_use]
    pub fn searching_history(&self) -> Self {
        let limits = Limits { past_secrets: true, ..self.limits.clone() };
        Self { limits, ..self.clone() }
    }

    /// The bounds each child gets.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How far this machine's kernel confines a child.
    pub async fn sandbox(&self) -> Result<SandboxReport, Failure> {
        let mut running = self.start(Task::Hello, Path::new("/"), &[], None).await?;
        running
            .finish_within(SHORT_TASK, &CancellationToken::new(), async |running| running.hello().await)
            .await
    }

    /// What the repository at `path` is. `roots`: see [`locate`](crate::git::locate).
    pub async fn probe(
        &self,
        path: &Path,
        roots: &[PathBuf],
        branch: Option<&str>,
    ) -> Result<Probe, Failure> {
        let task = Task::Probe { branch: branch.map(str::to_owned) };
        match self.short(task, path, roots).await? {
            Message::Probe(probe) => Ok(probe),
            other => Err(unexpected(&other)),
        }
    }

    /// The languages and lines of the newest commit of a branch, or of the one that `HEAD` names. When `cancel` fires,
    /// the child is killed.
    pub async fn languages(
        &self,
        path: &Path,
        branch: Option<&str>,
        cancel: &CancellationToken,
    ) -> Result<Survey, Failure> {
        let task = Task::Languages { branch: branch.map(str::to_owned) };
        let limit = Duration::from_secs(self.limits.wall_seconds);
        match self.one_answer(task, path, &[], limit, cancel).await? {
            Message::Languages(survey) => Ok(survey),
            other => Err(unexpected(&other)),
        }
    }

    /// The newest commit of a branch, or of the one that `HEAD` names.
    pub async fn resolve(
        &self,
        path: &Path,
        roots: &[PathBuf],
        branch: Option<&str>,
    ) -> Result<Head, Failure> {
        let task = Task::Resolve { branch: branch.map(str::to_owned) };
        match self.short(task, path, roots).await? {
            Message::Resolved(head) => Ok(head),
            other => Err(unexpected(&other)),
        }
    }

    /// How far a branch has moved on from a commit.
    pub async fn ahead(
        &self,
        path: &Path,
        roots: &[PathBuf],
        branch: Option<&str>,
        commit: &str,
    ) -> Result<Ahead, Failure> {
        let task = Task::Ahead { branch: branch.map(str::to_owned), commit: commit.to_owned() };
        match self.short(task, path, roots).await? {
            Message::Ahead(ahead) => Ok(ahead),
            other => Err(unexpected(&other)),
        }
    }

    /// The newest commit that both a revision, as people name it, and a branch follow: what has changed since is the
    /// branch's own.
    pub async fn since(
        &self,
        path: &Path,
        roots: &[PathBuf],
        branch: Option<&str>,
        revision: &str,
    ) -> Result<Head, Failure> {
        let task = Task::Since { revision: revision.to_owned(), branch: branch.map(str::to_owned) };
        match self.short(task, path, roots).await? {
            Message::Resolved(head) => Ok(head),
            other => Err(unexpected(&other)),
        }
    }

    /// What is in one folder of a commit.
    pub async fn folder(
        &self,
        path: &Path,
        roots: &[PathBuf],
        commit: &str,
        folder: &str,
    ) -> Result<Folder, Failure> {
        let task = Task::Folder { commit: commit.to_owned(), path: folder.to_owned() };
        match self.short(task, path, roots).await? {
            Message::Folder(folder) => Ok(folder),
            other => Err(unexpected(&other)),
        }
    }

    /// Which commit each line of a file of a commit comes from. After `within`, what was found is the answer.
    pub async fn blame(
        &self,
        path: &Path,
        roots: &[PathBuf],
        commit: &str,
        file: &str,
        within: Duration,
    ) -> Result<Blame, Failure> {
        let milliseconds = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        let task = Task::Blame { commit: commit.to_owned(), path: file.to_owned(), milliseconds };
        match self.short(task, path, roots).await? {
            Message::Blame(blame) => Ok(blame),
            other => Err(unexpected(&other)),
        }
    }

    /// What a commit changed, where an analysed one is it or follows it.
    pub async fn commit(
        &self,
        path: &Path,
        roots: &[PathBuf],
        analysed: &str,
        id: &str,
    ) -> Result<CommitShown, Failure> {
        let task = Task::Commit { analysed: analysed.to_owned(), id: id.to_owned() };
        match self.short(task, path, roots).await? {
            Message::Commit(commit) => Ok(commit),
            other => Err(unexpected(&other)),
        }
    }

    /// A file of a commit, and some of its lines: at most 2,000.
    pub async fn lines(
        &self,
        path: &Path,
        roots: &[PathBuf],
        commit: &str,
        file: &str,
        lines: std::ops::RangeInclusive<u32>,
    ) -> Result<Lines, Failure> {
        let task = Task::Lines {
            commit: commit.to_owned(),
            path: file.to_owned(),
            start: *lines.start(),
            end: *lines.end(),
        };
        match self.short(task, path, roots).await? {
            Message::Lines(lines) => Ok(lines),
            other => Err(unexpected(&other)),
        }
    }

    /// Analyses one commit: the named one, else the branch's newest, else that of `HEAD`.
    ///
    /// `progress` hears of every finished phase, once and in order, and, in between, at most ten times a second.
    /// `advisories` is called at most once. When `cancel` fires, the child and all it may have started are killed.
    pub async fn analyze<F>(
        &self,
        target: Target<'_>,
        cancel: &CancellationToken,
        progress: impl FnMut(Progress) + Send,
        advisories: impl FnOnce(Vec<PackageKey>) -> F + Send,
    ) -> Result<Analyzed, Failure>
    where
        F: Future<Output = AdvisoryAnswer> + Send,
    {
        let mut telling = Telling { progress, last: None, finished: None };
        let mut advisories = Some(advisories);
        let slot = self.slot.as_ref();
        let first = self.attempt(target, slot, cancel, &mut telling, &mut advisories).await;
        let (Err(failure), Some(slot)) = (&first, slot) else { return first };
        if !matches!(failure.code, FailureCode::AnalysisCrashed | FailureCode::AnalysisLimit) {
            return first;
        }
        // What is kept may be the reason, so it must not have the chance again.
        clear(slot, Slot::clear).await;
        if failure.code == FailureCode::AnalysisCrashed && advisories.is_some() {
            return self.attempt(target, None, cancel, &mut telling, &mut advisories).await;
        }
        first
    }

    async fn attempt<F>(
        &self,
        target: Target<'_>,
        slot: Option<&Slot>,
        cancel: &CancellationToken,
        telling: &mut Telling<impl FnMut(Progress) + Send>,
        advisories: &mut Option<impl FnOnce(Vec<PackageKey>) -> F + Send>,
    ) -> Result<Analyzed, Failure>
    where
        F: Future<Output = AdvisoryAnswer> + Send,
    {
        let task = Task::Analyze {
            branch: target.branch.map(str::to_owned),
            commit: target.commit.map(str::to_owned),
        };
        let mut running = self.start(task, target.path, target.roots, slot).await?;
        let limit = Duration::from_secs(self.limits.wall_seconds);
        running
            .finish_within(limit, cancel, async move |running| {
                let sandbox = running.hello().await?;
                let refuse = |what: &str| Err(Failure::new(FailureCode::Internal, what));
                let (mut slot, mut past, mut joins, last) = (slot, slot, slot, slot);
                let mut finished = None::<Phase>;
                loop {
                    match running.message().await? {
                        Message::Progress(it) => {
                            // Finished phases are stored and told, so a child gone bad must not have any number.
                            if it.finished && finished.replace(it.phase).is_some_and(|last| last >= it.phase)
                            {
                                return refuse("It finished a phase twice or out of order.");
                            }
                            telling.tell(it);
                        }
                        Message::Packages { packages } => match advisories.take() {
                            Some(look_up) => running.answer(&look_up(packages).await).await?,
                            None => return refuse("It asked for advisories twice."),
                        },
                        Message::Keep { joining, bytes } => match slot.take() {
                            Some(slot) if bytes <= SLOT_BYTES => {
                                let additions = running.bytes(bytes).await?;
                                keep(slot, joining, additions).await;
                            }
                            _ => return refuse("It asked to keep what it must not."),
                        },
                        Message::KeepBeside { what, bytes } => {
                            let (slot, place): (_, fn(&Slot) -> PathBuf) = match what {
                                Beside::Past => (past.take(), Slot::past),
                                Beside::Joins => (joins.take(), Slot::joins),
                                Beside::Search => (None, Slot::search),
                            };
                            match slot {
                                Some(slot) if bytes <= SLOT_BYTES => {
                                    keep_beside(slot, place, running.bytes(bytes).await?).await;
                                }
                                _ => return refuse("It asked to keep what it must not."),
                            }
                        }
                        Message::Report { bytes, head } if bytes <= MESSAGE_BYTES && head <= bytes => {
                            let all = running.bytes(bytes).await?;
                            let report = all.get(usize::try_from(head).unwrap_or(usize::MAX)..);
                            let report = report.and_then(|report| serde_json::from_slice(report).ok());
                            let report = report.ok_or_else(unreadable)?;
                            if let Some(slot) = slot {
                                // Nothing was added: what there is was all that was needed. No file is no fault.
                                let _ = slot.used();
                            }
                            match last {
                                Some(slot) if (1..=SLOT_BYTES).contains(&head) && bytes <= SLOT_BYTES => {
                                    keep_beside(slot, Slot::last, all).await;
                                }
                                _ if head > 0 => return refuse("It asked to keep what it must not."),
                                _ => {}
                            }
                            return Ok(Analyzed { report, sandbox });
                        }
                        Message::Failed(failure) => return Err(failure),
                        other => return Err(unexpected(&other)),
                    }
                }
            })
            .await
    }

    async fn short(&self, task: Task, path: &Path, roots: &[PathBuf]) -> Result<Message, Failure> {
        self.one_answer(task, path, roots, SHORT_TASK, &CancellationToken::new()).await
    }

    async fn one_answer(
        &self,
        task: Task,
        path: &Path,
        roots: &[PathBuf],
        limit: Duration,
        cancel: &CancellationToken,
    ) -> Result<Message, Failure> {
        let mut running = self.start(task, path, roots, None).await?;
        running
            .finish_within(limit, cancel, async |running| {
                running.hello().await?;
                match running.message().await? {
                    Message::Failed(failure) => Err(failure),
                    answer => Ok(answer),
                }
            })
            .await
    }

    async fn start(
        &self,
        task: Task,
        path: &Path,
        roots: &[PathBuf],
        slot: Option<&Slot>,
    ) -> Result<Running, Failure> {
        let internal = |what: &str, error: &std::io::Error| {
            Failure::new(FailureCode::Internal, format!("The analysis process could not be {what}: {error}."))
        };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .env(ALLOCATION.0, ALLOCATION.1)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| internal("started", &error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(Failure::new(FailureCode::Internal, "The analysis process has no pipes."));
        };
        let mut running = Running { child, input, output: BufReader::new(output), errors };
        let path = std::path::absolute(path).map_err(|error| internal("told its task", &error))?;
        let kept = slot.map(|slot| slot.path().to_owned());
        let past = slot.map(Slot::past);
        let joins = slot.map(Slot::joins);
        let last = slot.map(Slot::last);
        let search = slot.map(Slot::search);
        let (roots, limits, brief) = (roots.to_vec(), self.limits.clone(), self.brief);
        let request = Request { task, path, roots, limits, kept, past, joins, last, search, brief };
        running.answer(&request).await?;
        Ok(running)
    }
}

/// What to analyse.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The repository's folder.
    pub path: &'a Path,
    /// Folders from which it may borrow objects.
    pub roots: &'a [PathBuf],
    /// The branch; `None` is the one that `HEAD` names.
    pub branch: Option<&'a str>,
    /// The commit, where it is already known.
    pub commit: Option<&'a str>,
}

fn unreadable() -> Failure {
    Failure::new(FailureCode::AnalysisCrashed, "The analysis process sent what cannot be read.")
}

fn unexpected(message: &Message) -> Failure {
    tracing::warn!(kind = message.kind(), "the analysis process sent what was not asked for");
    Failure::new(FailureCode::Internal, "The analysis process sent what was not asked for.")
}

/// Passes progress on.
struct Telling<P> {
    progress: P,
    last: Option<Instant>,
    finished: Option<Phase>,
}

impl<P: FnMut(Progress)> Telling<P> {
    /// Tells what is new, and not too often. A phase that a former attempt finished is not told of again.
    fn tell(&mut self, it: Progress) {
        if self.finished.is_some_and(|last| last >= it.phase) {
            return;
        }
        let now = Instant::now();
        let due = self.last.is_none_or(|last| now.duration_since(last) >= TICK);
        if it.finished {
            self.finished = Some(it.phase);
        }
        if it.finished || due {
            self.last = Some(now);
            (self.progress)(it);
        }
    }
}

/// Keeps something for the next time. An analysis does not fail because nothing can be kept.
async fn keep(slot: &Slot, joining: Joining, additions: Vec<u8>) {
    let own = slot.clone();
    let kept = tokio::task::spawn_blocking(move || own.keep(joining, &additions)).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, path = %slot.path().display(), "what was found could not be kept");
    }
}

/// Keeps something in a file of its own, in the same way.
async fn keep_beside(slot: &Slot, place: fn(&Slot) -> PathBuf, content: Vec<u8>) {
    let own = slot.clone();
    let kept = tokio::task::spawn_blocking(move || own.keep_beside(&place(&own), &content)).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, path = %place(slot).display(), "what was found could not be kept");
    }
}

/// Forgets what is kept of a repository, all of it or what one kind of work reads.
async fn clear(slot: &Slot, what: fn(&Slot) -> std::io::Result<()>) {
    let own = slot.clone();
    let cleared = tokio::task::spawn_blocking(move || what(&own)).await;
    if let Ok(Err(error)) = cleared {
        tracing::warn!(%error, path = %slot.path().display(), "what is kept could not be deleted");
    }
}
