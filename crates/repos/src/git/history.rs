//! Who changed what, newest first.

mod known;
mod walk;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use analysis::history::WINDOW_DAYS;
use analysis::report::Note;
use analysis::source::{Change, CommitRecord, HistoryInput, Older, Person};
use foldhash::fast::RandomState;
use gix::ObjectId;
use gix::mailmap::Snapshot;
use gix::objs::Kind;

use super::changes::{Changes, Comparer, FileChange};
use super::name::display_name;
use super::objects::ObjectError;
use super::repository::{CommitInfo, Repository};
use super::tree;
use crate::failure::Failure;
use crate::limits::Limits;

pub use known::KnownCommits;
use walk::{Place, Step, Walked, walk};

/// Git reads `.mailmap` files of any size; nobody has written one beyond this.
const MAILMAP_BYTES: u64 = 4 << 20;

const DAY_SECONDS: i64 = 86_400;

/// Commits one thread compares in a row: what one has read, the next one mostly needs.
const STRETCH: usize = 64;

/// The history of one commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryRead {
    /// The commits, people and paths.
    pub history: HistoryInput,
    /// All commits, newest first: those of the history, and the older ones.
    pub order: Vec<ObjectId>,
    /// What limits it.
    pub notes: Vec<Note>,
    /// What [`KnownCommits`] did not know; `None` when that is nothing.
    pub fresh: Option<Vec<u8>>,
    /// Whether everything that was looked for could be read.
    pub whole: bool,
}

/// Reads the history that ends in `head`. Commits within the window before it are compared with their first parent;
/// of those that are older than all of them only the time is looked at. What is `known` is not read again. `progress`
/// hears how many of how many comparisons are done.
pub fn read(
    repository: &Repository,
    head: ObjectId,
    limits: &Limits,
    known: &KnownCommits<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<HistoryRead, Failure> {
    let newest = repository.head_commit(&head)?;
    let days_before = |days: u32| newest.time.saturating_sub(i64::from(days) * DAY_SECONDS);
    let (compared_from, counted_from) = (days_before(limits.window_days), days_before(WINDOW_DAYS));
    let mailmap = mailmap(repository, newest.tree, limits);
    let source = Source { repository, known };
    let walked = walk(source, head, newest, limits);
    // A child may claim to be older than its parent, so the window ends behind the last commit in it.
    let in_window = |step: &Step| step.time >= compared_from.min(counted_from);
    let recent = walked.steps.iter().rposition(in_window).map_or(0, |last| last + 1);
    let (steps, older) = walked.steps.split_at(recent);
    let compared = compare(source, &walked, steps, compared_from, limits, progress);
    let fresh = fresh(source, &walked, &compared);
    let read = compared.iter().flatten().all(|changes| changes.now().is_none_or(|changes| changes.sure));
    let whole = walked.unreadable == 0 && read;

    let mut people = Interner::default();
    // Most commits are by somebody who has made others.
    let mut authors: HashMap<(&[u8], &[u8]), u32, RandomState> = HashMap::default();
    let mut paths: Interner<Cow<'_, str>> = Interner::default();
    let mut commits = Vec::with_capacity(steps.len());
    for (step, changed) in steps.iter().zip(compared) {
        let Some(commit) = walked.view(known, step) else { continue };
        let author = *authors
            .entry((commit.name, commit.email))
            .or_insert_with_key(|(name, email)| people.index(author(&mailmap, name, email)));
        let (changes, changes_cut) = changed.map_or_else(Default::default, |it| it.told(&mut paths));
        commits.push(CommitRecord {
            id: step.id.to_string(),
            time: step.time,
            authored: commit.authored,
            author,
            subject: commit.subject.into_owned(),
            parents: u32::try_from(source.parents(&walked, step).0).unwrap_or(u32::MAX),
            changes,
            changes_cut,
        });
    }
    let people = people.values.into_iter().map(|(name, email)| Person { name, email }).collect();
    let paths = paths.values.into_iter().map(Cow::into_owned).collect();
    let older = Older {
        commits: u32::try_from(older.len()).unwrap_or(u32::MAX),
        first: older.iter().map(|step| step.time).min(),
    };
    let truncated = walked.truncated || repository.is_shallow();
    Ok(HistoryRead {
        history: HistoryInput { commits, older, people, paths, heads: Vec::new(), truncated },
        order: walked.steps.iter().map(|step| step.id).collect(),
        notes: notes(repository, walked.truncated, walked.unreadable, limits),
        fresh,
        whole,
    })
}

fn notes(repository: &Repository, truncated: bool, unreadable: u64, limits: &Limits) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    if repository.is_shallow() {
        note(
            "shallow_history",
            "The clone is shallow: what came before it is not here. `git fetch --unshallow` brings it."
                .to_owned(),
        );
    }
    if truncated && unreadable == 0 {
        note(
            "history_limit",
            format!(
                "Only the newest {} commits were read.",
                analysis::report::grouped(limits.commits as u64)
            ),
        );
    }
    if unreadable > 0 {
        note(
            "history_damaged",
            format!(
                "{unreadable} commits of the history are missing, damaged or too large; what leads only through them was not read."
            ),
        );
    }
    notes
}

/// The first eight bytes of an object id, as the history tells contents apart.
pub fn short(id: &ObjectId) -> u64 {
    id.as_bytes().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// What a commit says of itself, but for its time and parents.
#[derive(Debug, Clone)]
struct View<'a> {
    tree: ObjectId,
    authored: i64,
    name: &'a [u8],
    email: &'a [u8],
    subject: Cow<'a, str>,
}

impl<'a> View<'a> {
    fn of(commit: &'a CommitInfo) -> Self {
        Self {
            tree: commit.tree,
            authored: commit.authored,
            name: &commit.author_name,
            email: &commit.author_email,
            subject: Cow::Borrowed(&commit.subject),
        }
    }
}

/// What a commit changed: as it was kept, or as it was compared now.
enum Compared<'a> {
    Before(known::Compared<'a>),
    Now(Changes),
}

impl<'a> Compared<'a> {
    fn now(&self) -> Option<&Changes> {
        match self {
            Self::Before(_) => None,
            Self::Now(changes) => Some(changes),
        }
    }

    /// The changes as a history has them, and whether there are more.
    fn told(self, paths: &mut Interner<Cow<'a, str>>) -> (Vec<Change>, bool) {
        match self {
            Self::Before(compared) => {
                let told = |file: known::File<'a>| {
                    let (path, known::File { added, removed, before, after, hunks, .. }) =
                        (paths.index(Cow::Borrowed(file.path)), file);
                    Change { path, added, removed, before, after, hunks }
                };
                (compared.files.into_iter().map(told).collect(), compared.cut)
            }
            Self::Now(changes) => {
                let told = |file: FileChange| {
                    let FileChange { path, added, removed, hunks, before, after } = file;
                    Change { path: paths.index(Cow::Owned(path)), added, removed, before, after, hunks }
                };
                (changes.files.into_iter().map(told).collect(), changes.cut)
            }
        }
    }
}

/// Where commits come from: what is known, else the repository.
#[derive(Clone, Copy)]
struct Source<'a> {
    repository: &'a Repository,
    known: &'a KnownCommits<'a>,
}

impl Source<'_> {
    fn commit(&self, id: &ObjectId, buffer: &mut Vec<u8>) -> Result<CommitInfo, ObjectError> {
        match self.known.commit(id) {
            Some(commit) if self.repository.ends_at(id) => Ok(CommitInfo { parents: Vec::new(), ..commit }),
            Some(commit) => Ok(commit),
            None => self.repository.commit(id, buffer),
        }
    }

    /// How many parents a commit of the walk has, and the first of them.
    fn parents(&self, walked: &Walked, step: &Step) -> (usize, Option<ObjectId>) {
        match step.place {
            Place::Row(_) if self.repository.ends_at(&step.id) => (0, None),
            Place::Row(row) => {
                let mut parents = self.known.table.parents(row);
                (parents.len(), parents.next().and_then(|parent| self.known.table.parent_id(parent)))
            }
            Place::Other(index) => walked
                .others
                .get(index as usize)
                .map_or((0, None), |commit| (commit.parents.len(), commit.parents.first().copied())),
        }
    }
}

/// A commit that is to be compared.
struct Wanted {
    /// Which one of the walk.
    index: usize,
    tree: ObjectId,
    parent: Option<ObjectId>,
}

/// What was not known, written down. Where a shallow clone ends, too little is seen to be kept.
fn fresh(source: Source<'_>, walked: &Walked, compared: &[Option<Compared<'_>>]) -> Option<Vec<u8>> {
    let changes = |at: usize| {
        let changes = compared.get(at)?.as_ref()?.now();
        changes.filter(|changes| changes.sure)
    };
    let mut again = Vec::new();
    let mut new = Vec::new();
    for (at, step) in walked.steps.iter().enumerate() {
        let changes = changes(at);
        match step.place {
            _ if source.repository.ends_at(&step.id) => {}
            Place::Row(_) if changes.is_none() => {}
            Place::Row(_) => again.extend(source.known.commit(&step.id).map(|it| (step.id, it, changes))),
            Place::Other(_) if source.known.has(&step.id, changes.is_some()) => {}
            Place::Other(index) => {
                new.extend(walked.others.get(index as usize).map(|it| (step.id, it, changes)));
            }
        }
    }
    // A walk that ends at the limit asks each time when these were made.
    for step in &walked.beyond {
        match step.place {
            Place::Other(index)
                if !source.repository.ends_at(&step.id) && !source.known.has(&step.id, false) =>
            {
                new.extend(walked.others.get(index as usize).map(|it| (step.id, it, None)));
            }
            _ => {}
        }
    }
    let again = again.iter().map(|(id, commit, changes)| (*id, commit, *changes));
    let all = again.chain(new);
    known::encode(&all.collect::<Vec<_>>())
}

/// Compares each commit of the window with its first parent, on several threads. Merges are not compared.
fn compare<'a>(
    source: Source<'a>,
    walked: &Walked,
    steps: &[Step],
    window_start: i64,
    limits: &Limits,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Vec<Option<Compared<'a>>> {
    let mut result: Vec<Option<Compared<'a>>> = steps.iter().map(|_| None).collect();
    let mut wanted = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let (parents, parent) = source.parents(walked, step);
        if step.time < window_start || parents > 1 {
            continue;
        }
        let known = match step.place {
            _ if source.repository.ends_at(&step.id) => None,
            Place::Row(row) => source.known.changes_of(row, &step.id),
            Place::Other(_) => source.known.changes(&step.id),
        };
        if let Some(known) = known {
            result[index] = Some(Compared::Before(known));
        } else if let Some(commit) = walked.view(source.known, step) {
            wanted.push(Wanted { index, tree: commit.tree, parent });
        }
    }
    if wanted.is_empty() {
        return result;
    }
    let next = AtomicUsize::new(0);
    let trees = walked.trees();
    let tree = |id: &ObjectId| trees.get(id).copied().or_else(|| source.known.tree(id));
    let compared = AtomicUsize::new(0);
    let work = |repository: Repository| {
        let mut comparer = Comparer::new(repository.objects(), limits);
        let mut done = Vec::new();
        loop {
            let from = next.fetch_add(STRETCH, Ordering::Relaxed);
            let stretch = wanted.iter().skip(from).take(STRETCH);
            if stretch.len() == 0 {
                return done;
            }
            for one in stretch {
                done.push((one.index, changes(&repository, &mut comparer, tree, one)));
                progress(compared.fetch_add(1, Ordering::Relaxed) as u64 + 1, wanted.len() as u64);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..limits.threads.clamp(1, wanted.len().div_ceil(STRETCH)))
            .map(|_| {
                let own = source.repository.clone();
                scope.spawn(move || work(own))
            })
            .collect();
        for worker in workers {
            for (index, changes) in worker.join().unwrap_or_default() {
                result[index] = Some(Compared::Now(changes));
            }
        }
    });
    // What a thread that ended early was to compare.
    for Wanted { index, .. } in wanted {
        result[index].get_or_insert(Compared::Now(NOT_COMPARED));
    }
    result
}

/// A commit that may have changed anything.
const NOT_COMPARED: Changes = Changes { files: Vec::new(), cut: true, sure: false };

/// What a commit with at most one parent changed.
fn changes(
    repository: &Repository,
    comparer: &mut Comparer<'_>,
    tree: impl Fn(&ObjectId) -> Option<ObjectId>,
    wanted: &Wanted,
) -> Changes {
    let parent = match &wanted.parent {
        None if repository.is_shallow() => return Changes::default(),
        None => None,
        Some(parent) => match tree(parent)
            .map_or_else(|| repository.commit(parent, &mut Vec::new()).map(|commit| commit.tree), Ok)
        {
            Ok(tree) => Some(tree),
            // What cannot be compared is not known to be unchanged.
            Err(_) => return NOT_COMPARED,
        },
    };
    comparer.between(parent, wanted.tree).unwrap_or(NOT_COMPARED)
}

fn mailmap(repository: &Repository, root: ObjectId, limits: &Limits) -> Snapshot {
    let mut buffer = Vec::new();
    tree::find(repository.objects(), root, ".mailmap", limits)
        .and_then(|(id, _)| repository.objects().read(&id, Kind::Blob, MAILMAP_BYTES, &mut buffer).ok())
        .map_or_else(Snapshot::default, Snapshot::from_bytes)
}

fn author(mailmap: &Snapshot, name: &[u8], email: &[u8]) -> (String, String) {
    let signature = gix::actor::SignatureRef { name: name.into(), email: email.into(), time: "0 +0000" };
    let resolved = mailmap.resolve_cow(signature);
    let short = |bytes: &[u8]| display_name(bytes).chars().take(200).collect::<String>();
    (short(resolved.name.as_ref()), short(resolved.email.as_ref()))
}

/// Numbers equal values equally, in the order of their first appearance.
struct Interner<T> {
    values: Vec<T>,
    known: HashMap<T, u32, RandomState>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), known: HashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    fn index(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        *self.known.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            next
        })
    }
}
