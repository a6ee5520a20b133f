//! Who changed what, newest first.

mod known;

use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use analysis::report::Note;
use analysis::source::{Change, CommitRecord, HistoryInput, Person};
use gix::ObjectId;
use gix::mailmap::Snapshot;
use gix::objs::Kind;

use super::changes::{Changes, Comparer};
use super::ids::IdMap;
use super::name::display_name;
use super::objects::ObjectError;
use super::repository::{CommitInfo, Repository};
use super::tree;
use crate::failure::Failure;
use crate::limits::Limits;

pub use known::KnownCommits;

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
    /// What limits it.
    pub notes: Vec<Note>,
    /// What [`KnownCommits`] did not know; `None` when that is nothing.
    pub fresh: Option<Vec<u8>>,
    /// Whether everything that was looked for could be read.
    pub whole: bool,
}

/// Reads the history that ends in `head`. Commits within the window before it are compared with their first parent;
/// of older ones only who and when is read. What is `known` is not read again. `progress` hears how many of how many
/// comparisons are done.
pub fn read(
    repository: &Repository,
    head: ObjectId,
    limits: &Limits,
    known: &KnownCommits<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<HistoryRead, Failure> {
    let newest = repository.head_commit(&head)?;
    let window_start = newest.time.saturating_sub(i64::from(limits.window_days) * DAY_SECONDS);
    let mailmap = mailmap(repository, newest.tree, limits);
    let source = Source { repository, known };
    let walked = walk(&source, head, newest, limits);
    let compared = compare(&source, &walked.commits, window_start, limits, progress);
    let fresh = source.fresh(&walked.commits, &compared);
    let whole = walked.unreadable == 0 && compared.iter().flatten().all(|changes| changes.sure);

    let mut people = Interner::default();
    // Most commits are by somebody who has made others.
    let mut authors: HashMap<(Vec<u8>, Vec<u8>), u32> = HashMap::new();
    let mut paths = Interner::default();
    let mut commits = Vec::with_capacity(walked.commits.len());
    for ((id, commit), changed) in walked.commits.into_iter().zip(compared) {
        let author = *authors
            .entry((commit.author_name, commit.author_email))
            .or_insert_with_key(|(name, email)| people.index(author(&mailmap, name, email)));
        let changed = changed.unwrap_or_default();
        let changes = changed.files.into_iter().map(|file| Change {
            path: paths.index(file.path),
            added: file.added,
            removed: file.removed,
            before: file.before,
            after: file.after,
            hunks: file.hunks,
        });
        commits.push(CommitRecord {
            id: id.to_string(),
            time: commit.time,
            authored: commit.authored,
            author,
            subject: commit.subject,
            parents: u32::try_from(commit.parents.len()).unwrap_or(u32::MAX),
            changes: changes.collect(),
            changes_cut: changed.cut,
        });
    }
    let people = people.values.into_iter().map(|(name, email)| Person { name, email }).collect();
    let truncated = walked.truncated || repository.is_shallow();
    Ok(HistoryRead {
        history: HistoryInput { commits, people, paths: paths.values, heads: Vec::new(), truncated },
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

struct Walked {
    commits: Vec<(ObjectId, CommitInfo)>,
    truncated: bool,
    unreadable: u64,
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

    /// What was not known, written down. Where a shallow clone ends, too little is seen to be kept.
    fn fresh(&self, commits: &[(ObjectId, CommitInfo)], compared: &[Option<Changes>]) -> Option<Vec<u8>> {
        let sure = |changes: &'_ Option<Changes>| changes.as_ref().is_some_and(|changes| changes.sure);
        let all = commits
            .iter()
            .zip(compared)
            .filter(|((id, _), changes)| !self.repository.ends_at(id) && !self.known.has(id, sure(changes)));
        known::encode(all.map(|((id, commit), changes)| (id, commit, changes.as_ref().filter(|it| it.sure))))
    }
}

/// Walks from `head` to its ancestors, newest first by committer time; equal times by id, so that two runs agree.
fn walk(source: &Source<'_>, head: ObjectId, newest: CommitInfo, limits: &Limits) -> Walked {
    let mut buffer = Vec::new();
    // Commits that were seen; what is known of them, until it is their turn.
    let mut seen: IdMap<Option<CommitInfo>> = IdMap::default();
    let mut queue = BinaryHeap::from([(newest.time, head)]);
    seen.insert(head, Some(newest));
    let mut walked = Walked { commits: Vec::new(), truncated: false, unreadable: 0 };
    while let Some((_, id)) = queue.pop() {
        let Some(commit) = seen.get_mut(&id).and_then(Option::take) else { continue };
        if walked.commits.len() >= limits.commits {
            walked.truncated = true;
            break;
        }
        // An octopus with a million arms would fill the queue; nobody can mean that.
        for parent in commit.parents.iter().take(1_000) {
            let Entry::Vacant(new) = seen.entry(*parent) else { continue };
            let commit = source.commit(parent, &mut buffer).ok();
            if let Some(commit) = &commit {
                queue.push((commit.time, *parent));
            } else {
                walked.truncated = true;
                walked.unreadable += 1;
            }
            new.insert(commit);
        }
        walked.commits.push((id, commit));
    }
    walked
}

/// Compares each commit of the window with its first parent, on several threads. Merges are not compared.
fn compare(
    source: &Source<'_>,
    commits: &[(ObjectId, CommitInfo)],
    window_start: i64,
    limits: &Limits,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Vec<Option<Changes>> {
    let mut result: Vec<Option<Changes>> = commits.iter().map(|_| None).collect();
    let mut wanted = Vec::new();
    for (index, (id, commit)) in commits.iter().enumerate() {
        if commit.time < window_start || commit.parents.len() > 1 {
            continue;
        }
        let known = if source.repository.ends_at(id) { None } else { source.known.changes(id) };
        if known.is_none() {
            wanted.push(index);
        }
        result[index] = known;
    }
    if wanted.is_empty() {
        return result;
    }
    let next = AtomicUsize::new(0);
    let trees: IdMap<ObjectId> = commits.iter().map(|(id, commit)| (*id, commit.tree)).collect();
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
            for index in stretch {
                done.push((*index, one(&repository, &mut comparer, &trees, &commits[*index].1)));
                progress(compared.fetch_add(1, Ordering::Relaxed) as u64 + 1, wanted.len() as u64);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..limits.threads.max(1))
            .map(|_| {
                let own = source.repository.clone();
                scope.spawn(move || work(own))
            })
            .collect();
        for worker in workers {
            for (index, changes) in worker.join().unwrap_or_default() {
                result[index] = Some(changes);
            }
        }
    });
    // What a thread that ended early was to compare.
    for index in wanted {
        result[index].get_or_insert(NOT_COMPARED);
    }
    result
}

/// A commit that may have changed anything.
const NOT_COMPARED: Changes = Changes { files: Vec::new(), cut: true, sure: false };

fn one(
    repository: &Repository,
    comparer: &mut Comparer<'_>,
    trees: &IdMap<ObjectId>,
    commit: &CommitInfo,
) -> Changes {
    let parent = match commit.parents.first() {
        None if repository.is_shallow() => return Changes::default(),
        None => None,
        Some(parent) => match trees
            .get(parent)
            .copied()
            .map_or_else(|| repository.commit(parent, &mut Vec::new()).map(|commit| commit.tree), Ok)
        {
            Ok(tree) => Some(tree),
            // What cannot be compared is not known to be unchanged.
            Err(_) => return NOT_COMPARED,
        },
    };
    comparer.between(parent, commit.tree).unwrap_or(NOT_COMPARED)
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
    known: HashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), known: HashMap::new() }
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
