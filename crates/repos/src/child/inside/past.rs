//! Searches the contents of the history for credentials: each content once, commit by commit.
//!
//! What a commit brought depends on it and its parents alone, so what was found there is kept beside the facts of the
//! files, under the same conditions. How far back the search goes is counted in bytes of what was brought, whether or
//! not it had to be read again: so a search that knows nothing gives the same answer as one that knows much.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use analysis::finding::RawFinding;
use analysis::past::{self, PastInput, Sighting};
use analysis::report::Note;
use analysis::source::{CommitRecord, HistoryInput, SourceFile};
use gix::ObjectId;
use gix::objs::Kind;
use serde::{Deserialize, Serialize};

use super::examine::STACK_BYTES;
use super::known::{Key, load};
use crate::git::past::{Bringer, Brought};
use crate::git::{CommitInfo, Objects, Repository};
use crate::limits::Limits;

/// What is kept begins like this, with a key and the checksum of the rest behind it.
const MAGIC: &[u8; 8] = b"DMPAST01";

const HEADER: usize = MAGIC.len() + size_of::<Key>() + size_of::<u32>();

/// Commits that one thread takes in a row.
const STRETCH: usize = 64;

/// Sightings in all; beyond, older commits are not told of.
const MOST_SIGHTINGS: usize = 100_000;

/// What a commit brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// Bytes of all contents that it brought.
    bytes: u64,
    /// Path and credential, where the file did not have it before.
    found: Vec<(String, RawFinding)>,
}

/// Commits that were searched before, by their ids.
type Memory = HashMap<Vec<u8>, Known>;

/// What came of a search.
pub(super) struct Searched {
    pub(super) past: PastInput,
    /// All that is to be kept; `None` when nothing is new.
    pub(super) kept: Option<Vec<u8>>,
    /// Commits whose contents could not be read.
    pub(super) unreadable: u32,
}

impl Searched {
    /// Says what could not be searched.
    pub(super) fn note(&self) -> Option<Note> {
        let commits = if self.unreadable == 1 { "commit" } else { "commits" };
        (self.unreadable > 0).then(|| Note {
            code: "past_unreadable".to_owned(),
            text: format!(
                "What {} {commits} brought could not be read, and was not searched for secrets.",
                self.unreadable
            ),
        })
    }
}

/// Searches the commits, which come newest first. `kept` is what an earlier search left.
pub(super) fn search(
    repository: &Repository,
    history: &HistoryInput,
    limits: &Limits,
    (kept, key): (Option<File>, &Key),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Searched {
    let commits = &history.commits;
    let bytes = load(kept);
    let mut memory = recall(&bytes, key);
    let infos = infos(repository, commits);
    let trees: HashMap<ObjectId, ObjectId> =
        infos.iter().flatten().map(|(id, info)| (*id, info.tree)).collect();
    let work = Work { limits, trees: &trees, memory: &memory, seen: Mutex::default() };
    let sizes = work.each(repository, &infos, &|_, _| {}, Work::size);
    let (mut spent, mut reach) = (0_u64, 0);
    for size in sizes.iter().map(|size| size.flatten().unwrap_or_default()) {
        spent = spent.saturating_add(size);
        if spent > limits.past_bytes {
            break;
        }
        reach += 1;
    }
    let searched = work.each(repository, &infos[..reach], progress, Work::contents);

    let mut past = PastInput {
        commits: 0,
        truncated: history.truncated || reach < commits.len(),
        sightings: Vec::new(),
    };
    let mut unreadable = 0;
    let mut fresh = false;
    for (index, (info, known)) in (0_u32..).zip(infos.iter().zip(searched)) {
        let Some(known) = known.flatten() else {
            unreadable += 1;
            continue;
        };
        past.commits += 1;
        if past.sightings.len() + known.found.len() > MOST_SIGHTINGS {
            past.truncated = true;
            break;
        }
        let sightings = known.found.iter().cloned();
        past.sightings.extend(sightings.map(|(path, secret)| Sighting { commit: index, path, secret }));
        // Where a shallow clone ends, too much seems to be new.
        if let Some((id, _)) = info
            && !repository.ends_at(id)
            && !memory.contains_key(id.as_slice())
        {
            memory.insert(id.as_slice().to_vec(), known);
            fresh = true;
        }
    }
    let kept = if fresh { remember(&memory, key) } else { None };
    Searched { past, kept, unreadable }
}

fn infos(repository: &Repository, commits: &[CommitRecord]) -> Vec<Option<(ObjectId, CommitInfo)>> {
    let mut buffer = Vec::new();
    let info = |commit: &CommitRecord| {
        let id = ObjectId::from_hex(commit.id.as_bytes()).ok()?;
        let info = repository.commit(&id, &mut buffer).ok()?;
        let parents = if repository.ends_at(&id) { Vec::new() } else { info.parents.clone() };
        Some((id, CommitInfo { parents, ..info }))
    };
    commits.iter().map(info).collect()
}

struct Work<'a> {
    limits: &'a Limits,
    trees: &'a HashMap<ObjectId, ObjectId>,
    memory: &'a Memory,
    seen: Mutex<Seen>,
}

/// What one thread reads with.
struct Reader<'a> {
    repository: &'a Repository,
    bringer: Bringer<'a>,
}

/// Contents that were looked at: those with nothing in them, whatever they are called, and the others by path.
#[derive(Default)]
struct Seen {
    clean: HashSet<ObjectId>,
    found: HashMap<(ObjectId, String), Arc<Vec<RawFinding>>>,
}

impl Work<'_> {
    /// Does something with each commit, on several threads; in their order.
    fn each<T: Send>(
        &self,
        repository: &Repository,
        infos: &[Option<(ObjectId, CommitInfo)>],
        progress: &(dyn Fn(u64, u64) + Sync),
        one: impl Fn(&Self, &mut Reader<'_>, &ObjectId, &CommitInfo) -> T + Sync,
    ) -> Vec<Option<T>> {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let stretches = |own: &Repository| {
            let bringer = Bringer::new(own.objects(), self.limits);
            let mut reader = Reader { repository: own, bringer };
            let mut results = Vec::new();
            loop {
                let from = next.fetch_add(STRETCH, Ordering::Relaxed);
                let Some(stretch) = infos.get(from..).filter(|rest| !rest.is_empty()) else { return results };
                for (offset, info) in stretch.iter().take(STRETCH).enumerate() {
                    if let Some((id, info)) = info {
                        results.push((from + offset, one(self, &mut reader, id, info)));
                    }
                    progress(done.fetch_add(1, Ordering::Relaxed) as u64 + 1, infos.len() as u64);
                }
            }
        };
        let mut all: Vec<Option<T>> = infos.iter().map(|_| None).collect();
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.limits.threads.max(1))
                .filter_map(|_| {
                    let own = repository.clone();
                    let stretches = &stretches;
                    let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
                    builder.spawn_scoped(scope, move || stretches(&own)).ok()
                })
                .collect();
            for worker in workers {
                for (index, result) in worker.join().unwrap_or_default() {
                    if let Some(slot) = all.get_mut(index) {
                        *slot = Some(result);
                    }
                }
            }
        });
        all
    }

    fn brought(&self, reader: &mut Reader<'_>, commit: &CommitInfo) -> Option<Vec<Brought>> {
        let tree = |parent: &ObjectId| {
            let read = || reader.repository.commit(parent, &mut Vec::new()).ok().map(|commit| commit.tree);
            self.trees.get(parent).copied().or_else(read)
        };
        let parents: Option<Vec<ObjectId>> = commit.parents.iter().map(tree).collect();
        reader.bringer.brought(&parents?, commit.tree).ok()
    }

    /// Bytes of what a commit brought.
    fn size(&self, reader: &mut Reader<'_>, id: &ObjectId, commit: &CommitInfo) -> Option<u64> {
        if let Some(known) = self.memory.get(id.as_slice()) {
            return Some(known.bytes);
        }
        let brought = self.brought(reader, commit)?;
        Some(brought.iter().map(|one| self.readable(reader.repository.objects(), &one.id)).sum())
    }

    /// How large a content is; 0 for one that is not read because it is too large or not there.
    fn readable(&self, objects: &Objects, id: &ObjectId) -> u64 {
        objects
            .header(id)
            .ok()
            .map(|(_, size)| size)
            .filter(|size| *size <= self.limits.file_bytes)
            .unwrap_or(0)
    }

    /// What a commit brought, read.
    fn contents(&self, reader: &mut Reader<'_>, id: &ObjectId, commit: &CommitInfo) -> Option<Known> {
        if let Some(known) = self.memory.get(id.as_slice()) {
            return Some(known.clone());
        }
        let mut known = Known::default();
        let objects = reader.repository.objects();
        for one in self.brought(reader, commit)? {
            known.bytes += self.readable(objects, &one.id);
            let now = self.look(objects, &one.path, &one.id);
            if now.is_empty() {
                continue;
            }
            let before: Vec<Arc<Vec<RawFinding>>> =
                one.before.iter().map(|id| self.look(objects, &one.path, id)).collect();
            let mut told: HashSet<(&str, &str)> =
                before.iter().flat_map(|of| of.iter()).map(|raw| (&*raw.rule, &*raw.anchor)).collect();
            let new = now.iter().filter(|raw| told.insert((&raw.rule, &raw.anchor)));
            known.found.extend(new.map(|raw| (one.path.clone(), raw.clone())));
        }
        Some(known)
    }

    /// What looks like a credential in a content, which is read once.
    fn look(&self, objects: &Objects, path: &str, id: &ObjectId) -> Arc<Vec<RawFinding>> {
        let key = (*id, path.to_owned());
        {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.clean.contains(id) {
                return Arc::default();
            }
            if let Some(found) = seen.found.get(&key) {
                return Arc::clone(found);
            }
        }
        let mut buffer = Vec::new();
        // A content that makes a rule panic costs itself, not the analysis.
        let found = catch_unwind(AssertUnwindSafe(|| {
            let bytes = objects.read(id, Kind::Blob, self.limits.file_bytes, &mut buffer).ok()?;
            past::examine(&SourceFile { path, executable: false, bytes })
        }));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(Some(found)) = found else {
            seen.clean.insert(*id);
            return Arc::default();
        };
        Arc::clone(seen.found.entry(key).or_insert_with(|| Arc::new(found)))
    }
}

/// What an earlier search left, under the same key; nothing where it is damaged.
fn recall(bytes: &[u8], key: &Key) -> Memory {
    let known = || {
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(key)?;
        let (check, rest) = rest.split_first_chunk::<{ size_of::<u32>() }>()?;
        let sound = crc32fast::hash(rest) == u32::from_le_bytes(*check);
        let commits: Vec<(Vec<u8>, Known)> = postcard::from_bytes(rest).ok().filter(|_| sound)?;
        Some(commits.into_iter().collect())
    };
    known().unwrap_or_default()
}

fn remember(memory: &Memory, key: &Key) -> Option<Vec<u8>> {
    let mut commits: Vec<(&Vec<u8>, &Known)> = memory.iter().collect();
    commits.sort_by_key(|(id, _)| *id);
    let rest = postcard::to_allocvec(&commits).ok()?;
    let mut bytes = Vec::with_capacity(HEADER + rest.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(&crc32fast::hash(&rest).to_le_bytes());
    bytes.extend(rest);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_is_known_under_the_same_key_and_only_whole() {
        let known = Known { bytes: 7, found: Vec::new() };
        let memory = Memory::from([(vec![1; 20], known)]);
        let bytes = remember(&memory, &[7; 32]).expect("it can be written");
        assert_eq!(recall(&bytes, &[7; 32]), memory);
        assert_eq!(recall(&bytes, &[8; 32]), Memory::new(), "another version");
        for length in 0..bytes.len() {
            assert_eq!(recall(&bytes[..length], &[7; 32]), Memory::new());
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(recall(&damaged, &[7; 32]), Memory::new(), "byte {at}");
        }
    }
}
