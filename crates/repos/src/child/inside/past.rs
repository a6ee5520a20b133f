//! Searches the contents of the history for credentials: each content once, commit by commit.
//!
//! What a commit brought depends on it and its parents alone, so what was found there is kept beside the facts of the
//! files, under the same conditions. How far back the search goes is counted in bytes of what was brought, whether or
//! not it had to be read again: so a search that knows nothing gives the same answer as one that knows much. Only one
//! that runs out of time ends earlier; what it did is known the next time, which gets further.

mod memory;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use analysis::finding::RawFinding;
use analysis::past::{self, PastInput, Sighting};
use analysis::report::{CommitRef, Note};
use analysis::source::{SourceFile, reference};
use gix::ObjectId;
use gix::objs::Kind;
use rustix::time::{ClockId, clock_gettime};

use super::examine::STACK_BYTES;
use super::known::{Key, load};
use crate::git::past::{Bringer, Brought};
use crate::git::{ObjectError, Objects, Repository};
use crate::kept::SLOT_BYTES;
use crate::limits::Limits;
use memory::{Known, Memory, recall, remember};

/// Commits that one thread takes in a row.
const STRETCH: usize = 64;

/// Sightings in all; beyond, older commits are not told of.
const MOST_SIGHTINGS: usize = 100_000;

/// Different parents of a commit that is searched. The largest merges that people made have about as many.
const MOST_PARENTS: usize = 64;

/// Contents without a credential that are known as such at once, and credentials of the others.
const MOST_SEEN: usize = 1_000_000;

/// What came of a search.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Searched {
    pub(super) past: PastInput,
    /// All that is to be kept; `None` when nothing is new, or it is too much.
    pub(super) kept: Option<Vec<u8>>,
    /// Commits whose contents could not be read, or not all of them.
    unreadable: u32,
    /// Contents that are too large to be searched.
    large: u32,
}

impl Searched {
    /// Says what could not be searched.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let several = |count: u32, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let note =
            |count: u32, code: &str, text: String| (count > 0).then(|| Note { code: code.to_owned(), text });
        let unreadable = format!(
            "What {} brought could not all be read, or came from more than {MOST_PARENTS} parents, and was not searched for secrets.",
            several(self.unreadable, "commit"),
        );
        let large = format!(
            "{} of the history {} too large to be searched for secrets.",
            several(self.large, "content"),
            if self.large == 1 { "is" } else { "are" },
        );
        let notes =
            [note(self.unreadable, "past_unreadable", unreadable), note(self.large, "past_large", large)];
        notes.into_iter().flatten()
    }
}

/// A commit with what has to be known of it.
struct Step {
    id: ObjectId,
    tree: ObjectId,
    /// Each one once.
    parents: Vec<ObjectId>,
}

/// What came of one commit.
enum Outcome {
    /// It was searched; `whole` says whether everything it brought could be read.
    Searched { known: Known, whole: bool },
    /// What it brought is not known.
    Unreadable,
    /// It is further back than the search goes.
    Beyond,
}

/// Searches the commits, which come newest first; `truncated` says whether there are others. `kept` is what an earlier
/// search left.
pub(super) fn search(
    repository: &Repository,
    (commits, truncated): (&[ObjectId], bool),
    limits: &Limits,
    (kept, key): (Option<File>, &Key),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Searched {
    let bytes = load(kept);
    let mut memory = recall(&bytes, key);
    drop(bytes);
    let steps = steps(repository, commits);
    let trees: HashMap<ObjectId, ObjectId> =
        steps.iter().flatten().map(|step| (step.id, step.tree)).collect();
    let end = End::of(limits);
    let work = Work {
        limits,
        trees: &trees,
        memory: &memory,
        examine: past::examine,
        over: &|| end.is_here(),
        most_seen: MOST_SEEN,
        spent: Mutex::new(vec![Spent::default(); steps.len().div_ceil(STRETCH)]),
        seen: Mutex::default(),
    };
    let outcomes = work.each(repository, &steps, progress);
    drop(work);
    let (mut searched, fresh) = gather(outcomes, limits.past_bytes, MOST_SIGHTINGS);
    searched.past.truncated |= truncated;
    searched.past.named = named(repository, commits, &searched.past.sightings);
    let before = memory.len();
    for (index, known) in fresh {
        // Where a shallow clone ends, too much seems to be new.
        if let Some(step) = steps.get(index).and_then(Option::as_ref)
            && !repository.ends_at(&step.id)
        {
            memory.entry(step.id.as_slice().to_vec()).or_insert(known);
        }
    }
    if memory.len() > before {
        let now: HashSet<&[u8]> = steps.iter().flatten().map(|step| step.id.as_slice()).collect();
        memory.retain(|id, _| now.contains(id.as_slice()));
        searched.kept = remember(&memory, key, SLOT_BYTES);
    }
    searched
}

/// Joins what came of the commits, the newest first, up to so many bytes and sightings; and what each of them brought,
/// where it may be remembered. A commit of which nothing came was not got to.
fn gather(
    outcomes: Vec<Option<Outcome>>,
    most_bytes: u64,
    most_sightings: usize,
) -> (Searched, Vec<(usize, Known)>) {
    let mut searched = Searched::default();
    let mut fresh = Vec::new();
    let past = &mut searched.past;
    let mut spent = 0_u64;
    for (index, outcome) in (0_u32..).zip(outcomes) {
        let (known, whole) = match outcome {
            Some(Outcome::Searched { known, whole }) => (known, whole),
            Some(Outcome::Unreadable) => {
                searched.unreadable += 1;
                continue;
            }
            Some(Outcome::Beyond) | None => {
                past.truncated = true;
                break;
            }
        };
        spent = spent.saturating_add(known.bytes);
        if spent > most_bytes {
            past.truncated = true;
            break;
        }
        let room = most_sightings - past.sightings.len();
        let sightings = known.found.iter().take(room).cloned();
        past.sightings.extend(sightings.map(|(path, secret)| Sighting { commit: index, path, secret }));
        past.commits += u32::from(whole);
        searched.unreadable += u32::from(!whole);
        searched.large = searched.large.saturating_add(known.large);
        if known.found.len() > room {
            past.truncated = true;
            break;
        }
        if whole {
            fresh.push((index as usize, known));
        }
    }
    (searched, fresh)
}

/// The commits; those that cannot be read, or have too many parents, are none.
fn steps(repository: &Repository, commits: &[ObjectId]) -> Vec<Option<Step>> {
    let mut buffer = Vec::new();
    let step = |id: &ObjectId| {
        let info = repository.commit(id, &mut buffer).ok()?;
        let parents: BTreeSet<ObjectId> = info.parents.into_iter().collect();
        let few = parents.len() <= MOST_PARENTS;
        few.then(|| Step { id: *id, tree: info.tree, parents: parents.into_iter().collect() })
    };
    commits.iter().map(step).collect()
}

/// The commits of the sightings, by their numbers.
fn named(repository: &Repository, commits: &[ObjectId], sightings: &[Sighting]) -> BTreeMap<u32, CommitRef> {
    let mut buffer = Vec::new();
    let numbers: BTreeSet<u32> = sightings.iter().map(|sighting| sighting.commit).collect();
    let named = numbers.into_iter().filter_map(|number| {
        let id = commits.get(number as usize)?;
        let commit = repository.commit(id, &mut buffer).ok()?;
        Some((number, reference(id.to_string(), &commit.subject, commit.time)))
    });
    named.collect()
}

/// When a search has to end, so that enough is left for the rest of the analysis.
struct End {
    /// Of the process, from its beginning.
    processor: Duration,
    wall: Instant,
}

impl End {
    fn of(limits: &Limits) -> Self {
        let wall = Instant::now() + Duration::from_secs(limits.wall_seconds) / 3;
        Self { processor: Duration::from_secs(limits.cpu_seconds) * 2 / 3, wall }
    }

    fn is_here(&self) -> bool {
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        let spent = Duration::from_secs(u64::try_from(spent.tv_sec).unwrap_or(0));
        spent >= self.processor || Instant::now() >= self.wall
    }
}

/// What commits came to.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    bytes: u64,
    sightings: usize,
}

struct Work<'a> {
    limits: &'a Limits,
    trees: &'a HashMap<ObjectId, ObjectId>,
    memory: &'a Memory,
    /// What looks like a credential in a content; `None` where nothing does.
    examine: fn(&SourceFile<'_>) -> Option<Vec<RawFinding>>,
    /// Whether the time is over.
    over: &'a (dyn Fn() -> bool + Sync),
    /// See [`Seen`].
    most_seen: usize,
    /// For each stretch of commits. What is before a commit only grows, so who finds too much there is beyond the end
    /// of the search whichever thread was faster.
    spent: Mutex<Vec<Spent>>,
    seen: Mutex<Seen>,
}

/// What one thread reads with.
struct Reader<'a> {
    repository: &'a Repository,
    bringer: Bringer<'a>,
}

/// Contents that were looked at: those with nothing in them, whatever they are called, and the others by path. When
/// they become too many they are forgotten, and looked at again where they are needed.
#[derive(Default)]
struct Seen {
    clean: HashSet<ObjectId>,
    found: HashMap<(ObjectId, String), Arc<Vec<RawFinding>>>,
    /// Findings of all of these, and one for each content.
    held: usize,
}

/// Why a content was not searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unsearched {
    TooLarge,
    /// It is missing or damaged, or a rule could not deal with it.
    Failed,
}

impl Work<'_> {
    /// What came of each commit, on several threads; in their order.
    fn each(
        &self,
        repository: &Repository,
        steps: &[Option<Step>],
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Vec<Option<Outcome>> {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let stretches = |own: &Repository| {
            let bringer = Bringer::new(own.objects(), self.limits);
            let mut reader = Reader { repository: own, bringer };
            let mut results = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(stretch) = steps.chunks(STRETCH).nth(at) else { return results };
                for (offset, step) in stretch.iter().enumerate() {
                    let Some(before) = self.before(at) else { return results };
                    let outcome = step.as_ref().map_or(Outcome::Unreadable, |step| {
                        self.contents(&mut reader, step, before).unwrap_or(Outcome::Unreadable)
                    });
                    self.note(at, &outcome);
                    results.push((at * STRETCH + offset, outcome));
                    progress(done.fetch_add(1, Ordering::Relaxed) as u64 + 1, steps.len() as u64);
                }
            }
        };
        let mut all: Vec<Option<Outcome>> = steps.iter().map(|_| None).collect();
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

    /// Bytes that commits of the stretches up to this one came to; `None` when the search has come to its end.
    fn before(&self, stretch: usize) -> Option<u64> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let all = spent.iter().take(stretch + 1).fold(Spent::default(), |all, one| Spent {
            bytes: all.bytes.saturating_add(one.bytes),
            sightings: all.sightings + one.sightings,
        });
        let over = all.bytes > self.limits.past_bytes || all.sightings > MOST_SIGHTINGS;
        (!over && !(self.over)()).then_some(all.bytes)
    }

    fn note(&self, stretch: usize, outcome: &Outcome) {
        let Outcome::Searched { known, .. } = outcome else { return };
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spent) = spent.get_mut(stretch) {
            spent.bytes = spent.bytes.saturating_add(known.bytes);
            spent.sightings += known.found.len();
        }
    }

    fn brought(&self, reader: &mut Reader<'_>, commit: &Step) -> Option<Vec<Brought>> {
        let tree = |parent: &ObjectId| {
            let read = || reader.repository.commit(parent, &mut Vec::new()).ok().map(|commit| commit.tree);
            self.trees.get(parent).copied().or_else(read)
        };
        let parents: Option<Vec<ObjectId>> = commit.parents.iter().map(tree).collect();
        reader.bringer.brought(&parents?, commit.tree).ok()
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

    /// What a commit brought, read where that fits into what is left; `None` where it is not known.
    fn contents(&self, reader: &mut Reader<'_>, commit: &Step, before: u64) -> Option<Outcome> {
        if let Some(known) = self.memory.get(commit.id.as_slice()) {
            return Some(Outcome::Searched { known: known.clone(), whole: true });
        }
        let brought = self.brought(reader, commit)?;
        let objects = reader.repository.objects();
        let bytes = brought.iter().map(|one| self.readable(objects, &one.id)).sum();
        let mut known = Known { bytes, ..Known::default() };
        if before.saturating_add(known.bytes) > self.limits.past_bytes {
            return Some(Outcome::Beyond);
        }
        let mut whole = true;
        for one in brought {
            if (self.over)() {
                return Some(Outcome::Beyond);
            }
            let now = match self.look(objects, &one.path, &one.id) {
                Ok(now) if now.is_empty() => continue,
                Ok(now) => now,
                Err(why) => {
                    known.large += u32::from(why == Unsearched::TooLarge);
                    whole &= why == Unsearched::TooLarge;
                    continue;
                }
            };
            let mut told: HashSet<(String, String)> = HashSet::new();
            for id in &one.before {
                match self.look(objects, &one.path, id) {
                    Ok(had) => told.extend(had.iter().map(|raw| (raw.rule.clone(), raw.anchor.clone()))),
                    Err(why) => whole &= why == Unsearched::TooLarge,
                }
            }
            let new = now.iter().filter(|raw| told.insert((raw.rule.clone(), raw.anchor.clone())));
            known.found.extend(new.map(|raw| (one.path.clone(), raw.clone())));
            if known.found.len() > MOST_SIGHTINGS {
                break;
            }
        }
        Some(Outcome::Searched { known, whole })
    }

    /// What looks like a credential in a content, which is read once.
    fn look(&self, objects: &Objects, path: &str, id: &ObjectId) -> Result<Arc<Vec<RawFinding>>, Unsearched> {
        let key = (*id, path.to_owned());
        {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.clean.contains(id) {
                return Ok(Arc::default());
            }
            if let Some(found) = seen.found.get(&key) {
                return Ok(Arc::clone(found));
            }
        }
        let mut buffer = Vec::new();
        let bytes =
            objects.read(id, Kind::Blob, self.limits.file_bytes, &mut buffer).map_err(
                |error| match error {
                    ObjectError::TooLarge(_) => Unsearched::TooLarge,
                    ObjectError::Missing | ObjectError::Damaged => Unsearched::Failed,
                },
            )?;
        // A content that makes a rule panic costs itself, not the analysis.
        let examine = || (self.examine)(&SourceFile { path, executable: false, bytes });
        let found = catch_unwind(AssertUnwindSafe(examine)).map_err(|_| Unsearched::Failed)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.held += 1 + found.as_ref().map_or(0, Vec::len);
        if seen.held > self.most_seen {
            *seen = Seen::default();
        }
        let Some(found) = found else {
            seen.clean.insert(*id);
            return Ok(Arc::default());
        };
        Ok(Arc::clone(seen.found.entry(key).or_insert_with(|| Arc::new(found))))
    }
}

#[cfg(test)]
mod tests;
