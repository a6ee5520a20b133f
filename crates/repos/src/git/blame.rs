//! Which commit each line of a file comes from.
//!
//! The lines start out with the newest commit. Each commit hands those that a parent has too on to that parent, and
//! keeps the rest. A file that a commit has under another name than its parent is followed there.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use gix::ObjectId;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::objs::{Kind, TreeRefIter};

use super::changes::{Comparer, Content, Recent, is_binary};
use super::folder::{self, EntryKind};
use super::history::short;
use super::name::display_name;
use super::objects::ObjectError;
use super::repository::{CommitInfo, Repository};
use crate::limits::Limits;

/// Bytes of objects that one answer may cost: about ten seconds of reading.
const BUDGET: u64 = 3 << 30;

/// Names a file may have had.
const RENAMES: usize = 20;

/// Files that went away with a commit and may be the former name of one that came with it.
const CANDIDATES: usize = 30;

/// An octopus has more arms only to trick programs.
const PARENTS: usize = 64;

/// Lines that follow each other and come from one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// First line, from 0.
    pub start: u32,
    /// How many.
    pub lines: u32,
    /// Index into [`Blamed::commits`]; `None` where the way back ended before it was found.
    pub commit: Option<u32>,
}

/// A file with the commits its lines come from.
#[derive(Debug, Clone, Default)]
pub struct Blamed {
    /// All its lines, in order.
    pub runs: Vec<Run>,
    /// The commits, in the order in which their first line stands.
    pub commits: Vec<(ObjectId, CommitInfo)>,
}

/// What part of the file is still with a commit: where it begins in the newest version and in the commit's, and its
/// lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    newest: u32,
    here: u32,
    lines: u32,
}

/// The parts that wait for their commit's turn: newest first, then by id and path.
type Waiting = BTreeMap<(i64, ObjectId, String), Vec<Part>>;

struct Search<'a> {
    repository: &'a Repository,
    limits: &'a Limits,
    recent: Recent,
    /// What was found by name in a folder other than a root.
    known: HashMap<(ObjectId, String), Option<(bool, ObjectId)>>,
    commits: HashMap<ObjectId, CommitInfo>,
    left: u64,
    /// When the search has to end; `None` until it begins.
    until: Option<Instant>,
    renames: usize,
    waiting: Waiting,
    settled: Vec<(Part, ObjectId)>,
}

/// Follows every line of a file of `head` back, for as long as `within`. `None` where the commit has no such file, or
/// where it is not text, too large, or cannot be read.
pub fn blame(
    repository: &Repository,
    head: ObjectId,
    path: &str,
    within: Duration,
    limits: &Limits,
) -> Option<Blamed> {
    let mut search = Search {
        repository,
        limits,
        recent: Recent::default(),
        known: HashMap::new(),
        commits: HashMap::new(),
        left: BUDGET,
        until: None,
        renames: RENAMES,
        waiting: Waiting::new(),
        settled: Vec::new(),
    };
    let newest = search.commit(head)?;
    let blob = folder::at(repository.objects(), newest.tree, path, limits)
        .filter(|entry| entry.kind == EntryKind::File)?
        .id;
    let text = search.text(blob)?;
    let lines = count(&text);
    if lines > 0 {
        let all = Part { newest: 0, here: 0, lines };
        search.waiting.insert((newest.time, head, path.to_owned()), vec![all]);
    }
    search.until = Instant::now().checked_add(within);
    search.run();
    Some(search.finish(lines))
}

fn count(text: &[u8]) -> u32 {
    let ends = memchr::memchr_iter(b'\n', text).count();
    u32::try_from(ends + usize::from(text.last().is_some_and(|last| *last != b'\n'))).unwrap_or(u32::MAX)
}

impl Search<'_> {
    /// Pays for what was read; whether there was enough left.
    fn pay(&mut self, bytes: usize) -> Option<()> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            self.left = 0;
        }
        // Finding an object costs something, however small it is.
        self.left = self.left.checked_sub(bytes as u64 + 4_096)?;
        Some(())
    }

    fn commit(&mut self, id: ObjectId) -> Option<CommitInfo> {
        if let Some(known) = self.commits.get(&id) {
            return Some(known.clone());
        }
        self.pay(1_024)?;
        let commit = self.repository.commit(&id, &mut Vec::new()).ok()?;
        self.commits.insert(id, commit.clone());
        Some(commit)
    }

    fn text(&mut self, id: ObjectId) -> Option<Content> {
        let read = self.recent.read(self.repository.objects(), &id, Kind::Blob, self.limits.diff_bytes);
        let text = read.ok()?;
        self.pay(text.len())?;
        (!is_binary(&text)).then_some(text)
    }

    /// The file at a path of a tree; the outer `None` says that the search has to end.
    #[expect(clippy::option_option, reason = "the outer one ends the search, the inner one is its answer")]
    fn file(&mut self, root: ObjectId, path: &str) -> Option<Option<ObjectId>> {
        let mut here = root;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let key = (here, part.to_owned());
            let found = if let Some(found) = self.known.get(&key) {
                *found
            } else {
                let read =
                    self.recent.read(self.repository.objects(), &here, Kind::Tree, self.limits.folder_bytes);
                let data = match read {
                    Ok(data) => data,
                    Err(ObjectError::Missing | ObjectError::Damaged | ObjectError::TooLarge(_)) => {
                        return None;
                    }
                };
                self.pay(data.len())?;
                let found = TreeRefIter::from_bytes(&data, gix::hash::Kind::Sha1)
                    .map_while(Result::ok)
                    .filter(|entry| entry.mode.is_tree() || entry.mode.is_blob())
                    .find(|entry| display_name(entry.filename) == part)
                    .map(|entry| (entry.mode.is_tree(), entry.oid.to_owned()));
                if here != root {
                    self.known.insert(key, found);
                }
                found
            };
            match (found, parts.peek()) {
                (Some((true, folder)), Some(_)) => here = folder,
                (Some((false, file)), None) => return Some(Some(file)),
                _ => return Some(None),
            }
        }
        Some(None)
    }

    fn run(&mut self) {
        let mut steps = 0;
        while let Some(((time, id, path), parts)) = self.waiting.pop_last() {
            steps += 1;
            let whole = merged(parts);
            if steps > self.limits.commits || self.step(id, &path, &whole).is_none() {
                // What could not be decided stays with nobody, and so does all that waits.
                self.waiting.insert((time, id, path), whole);
                return;
            }
        }
    }

    /// Hands on what the parents of a commit have too. `None` says that the search has to end; nothing is handed on
    /// then.
    fn step(&mut self, id: ObjectId, path: &str, parts: &[Part]) -> Option<()> {
        let commit = self.commit(id)?;
        let file = self.file(commit.tree, path)??;
        let mut befores = Vec::new();
        for parent in commit.parents.iter().take(PARENTS) {
            let info = self.commit(*parent)?;
            let before = if info.tree == commit.tree { Some(file) } else { self.file(info.tree, path)? };
            if before == Some(file) {
                self.hand_on(*parent, info.time, path, parts.to_vec());
                return Some(());
            }
            befores.push((*parent, info, before));
        }
        let mut olds = Vec::new();
        for (parent, info, before) in &befores {
            if let Some(before) = before {
                olds.push((*parent, info.time, path.to_owned(), self.text_of(*before)?));
            }
        }
        if olds.is_empty()
            && let Some((parent, info, _)) = befores.first()
            && let Some((name, blob)) = self.former_name(info.tree, &commit, path, file)?
        {
            olds.push((*parent, info.time, name, self.text_of(blob)?));
        }
        let new = self.text_of(file)?;
        let mut rest = parts.to_vec();
        for (parent, time, name, old) in olds {
            let (same, own) = match (&old, &new) {
                (Some(old), Some(new)) => split(&rest, old, new),
                // What is no text any more, or was none before, has no line in common.
                _ => (Vec::new(), rest),
            };
            self.hand_on(parent, time, &name, same);
            rest = own;
        }
        self.settled.extend(rest.into_iter().map(|part| (part, id)));
        Some(())
    }

    /// The text of a file, where it is one; the outer `None` says that the search has to end.
    #[expect(clippy::option_option, reason = "the outer one ends the search, the inner one is its answer")]
    fn text_of(&mut self, id: ObjectId) -> Option<Option<Content>> {
        match self.text(id) {
            None if self.left < 2 << 20 => None,
            text => Some(text),
        }
    }

    fn hand_on(&mut self, parent: ObjectId, time: i64, path: &str, parts: Vec<Part>) {
        if !parts.is_empty() {
            self.waiting.entry((time, parent, path.to_owned())).or_default().extend(parts);
        }
    }

    /// The file that a commit took away and that a file it brought was before, by content: the same, or most of its
    /// lines.
    #[expect(clippy::option_option, reason = "the outer one ends the search, the inner one is its answer")]
    fn former_name(
        &mut self,
        before: ObjectId,
        commit: &CommitInfo,
        path: &str,
        file: ObjectId,
    ) -> Option<Option<(String, ObjectId)>> {
        if self.renames == 0 {
            return Some(None);
        }
        self.renames -= 1;
        self.pay(16 << 20)?;
        let mut comparer = Comparer::new(self.repository.objects(), self.limits);
        let Ok(changes) = comparer.between(Some(before), commit.tree) else { return Some(None) };
        let end = |path: &str| path.rsplit_once('.').map(|(_, end)| end.to_owned());
        let mut gone: Vec<_> = changes.files.iter().filter(|change| change.after == 0).collect();
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        gone.retain(|change| change.before == short(&file) || end(&change.path) == end(path));
        gone.sort_by_key(|change| (change.before != short(&file), name(&change.path) != name(path)));
        let new = self.text_of(file)?;
        let mut best = None::<(u64, String, ObjectId)>;
        for change in gone.into_iter().take(CANDIDATES) {
            let Some(id) = self.file(before, &change.path)? else { continue };
            if id == file {
                return Some(Some((change.path.clone(), id)));
            }
            let (Some(old), Some(new)) = (self.text_of(id)?, &new) else { continue };
            let alike = alike(&old, new);
            if alike >= 50 && best.as_ref().is_none_or(|(most, ..)| alike > *most) {
                best = Some((alike, change.path.clone(), id));
            }
        }
        Some(best.map(|(_, path, id)| (path, id)))
    }

    fn finish(self, lines: u32) -> Blamed {
        let waiting = self.waiting.into_values().flatten().map(|part| (part, None));
        let mut all: Vec<(Part, Option<ObjectId>)> =
            self.settled.into_iter().map(|(part, id)| (part, Some(id))).chain(waiting).collect();
        all.sort_by_key(|(part, _)| part.newest);
        let mut blamed = Blamed::default();
        let mut numbers: HashMap<ObjectId, u32> = HashMap::new();
        for (part, id) in all {
            let commit = id.and_then(|id| {
                if let Some(number) = numbers.get(&id) {
                    return Some(*number);
                }
                let number = u32::try_from(blamed.commits.len()).ok()?;
                blamed.commits.push((id, self.commits.get(&id)?.clone()));
                numbers.insert(id, number);
                Some(number)
            });
            match blamed.runs.last_mut() {
                Some(last) if last.commit == commit && last.start + last.lines == part.newest => {
                    last.lines += part.lines;
                }
                _ => blamed.runs.push(Run { start: part.newest, lines: part.lines, commit }),
            }
        }
        debug_assert_eq!(blamed.runs.iter().map(|run| run.lines).sum::<u32>(), lines);
        blamed
    }
}

/// Parts in the order of the commit's own lines, neighbours joined.
fn merged(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_key(|part| (part.here, part.newest));
    parts.dedup_by(|next, last| {
        let follows = last.here + last.lines == next.here && last.newest + last.lines == next.newest;
        if follows {
            last.lines += next.lines;
        }
        follows
    });
    parts
}

fn compared(old: &[u8], new: &[u8]) -> Diff {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_lines(&input);
    diff
}

/// How much of two texts is the same, in percent of both.
fn alike(old: &[u8], new: &[u8]) -> u64 {
    let diff = Diff::compute(Algorithm::Histogram, &InternedInput::new(old, new));
    let (before, after) = (u64::from(count(old)), u64::from(count(new)));
    let same = before.saturating_sub(u64::from(diff.count_removals()));
    (200 * same).checked_div(before + after).unwrap_or(0)
}

/// What of the parts the older text has too, with its lines there, and what it has not. `parts` are in the order of the
/// newer text's lines.
fn split(parts: &[Part], old: &[u8], new: &[u8]) -> (Vec<Part>, Vec<Part>) {
    let hunks: Vec<_> = compared(old, new).hunks().collect();
    let (mut same, mut own) = (Vec::new(), Vec::new());
    for part in parts {
        let (mut here, end) = (part.here, part.here + part.lines);
        while here < end {
            let next = hunks.partition_point(|hunk| hunk.after.end <= here);
            let hunk = hunks.get(next);
            let start = hunk.map_or(end, |hunk| hunk.after.start.min(end));
            let newest = part.newest + (here - part.here);
            if here < start {
                // Both have these lines, as far apart as the last place that differs leaves them.
                let last = next.checked_sub(1).and_then(|last| hunks.get(last));
                let there = last.map_or(here, |last| last.before.end + (here - last.after.end));
                same.push(Part { newest, here: there, lines: start - here });
                here = start;
            } else {
                let stop = hunk.map_or(end, |hunk| hunk.after.end.min(end));
                own.push(Part { newest, here, lines: stop - here });
                here = stop;
            }
        }
    }
    (same, own)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(newest: u32, here: u32, lines: u32) -> Part {
        Part { newest, here, lines }
    }

    #[test]
    fn what_both_have_is_handed_on_with_its_place() {
        let (same, own) = split(&[part(10, 0, 5)], b"a\nb\nc\n", b"x\na\nb\ny\nc\n");
        assert_eq!(same, [part(11, 0, 2), part(14, 2, 1)]);
        assert_eq!(own, [part(10, 0, 1), part(13, 3, 1)]);
        let (same, own) = split(&[part(0, 1, 1), part(7, 3, 2)], b"a\nb\nd\n", b"a\nb\nc\nd\ne\n");
        assert_eq!(same, [part(0, 1, 1), part(7, 2, 1)]);
        assert_eq!(own, [part(8, 4, 1)]);
    }

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(merged(vec![part(3, 3, 1), part(1, 1, 2), part(9, 4, 1)]), [part(1, 1, 3), part(9, 4, 1)]);
    }

    proptest! {
        #[test]
        fn every_line_is_either_handed_on_to_an_equal_one_or_kept(
            old in prop::collection::vec("[a-d]", 0..12),
            new in prop::collection::vec("[a-d]", 1..12),
        ) {
            let text = |lines: &[String]| lines.join("\n") + "\n";
            let all = part(0, 0, u32::try_from(new.len()).unwrap());
            let (same, own) = split(&[all], text(&old).as_bytes(), text(&new).as_bytes());
            let mut seen = vec![0; new.len()];
            for part in &same {
                for at in 0..part.lines {
                    prop_assert_eq!(&old[(part.here + at) as usize], &new[(part.newest + at) as usize]);
                    seen[(part.newest + at) as usize] += 1;
                }
            }
            for part in &own {
                (0..part.lines).for_each(|at| seen[(part.newest + at) as usize] += 1);
            }
            prop_assert!(seen.iter().all(|times| *times == 1), "{seen:?}");
        }
    }
}
