//! What the history says about the files that live today: how often each changed, by how many people, how often
//! to mend something, and which change together.
//!
//! Deliberately not here: anything that rates single people. They are counted, and named where a folder would miss them.
//! Renames are not followed: a file's history begins where its path does.

mod commits;
mod copies;
mod follow;
mod ownership;
mod ranking;
mod szz;
#[cfg(test)]
mod tests;
mod together;
mod window;

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::inventory;
use crate::report::{History, Hotspot};
use crate::source::CommitRecord;

use ownership::{Owners, Work};
use ranking::{Changed, Ranking, SHORTER};
use window::Verdict;

pub use szz::follow_lines;
pub use window::Window;

/// Days back from the analysed commit that count.
pub const WINDOW_DAYS: u32 = 365;

/// With fewer counted commits in the window, a ranking of files would be chance: there are no hotspots then.
pub const MIN_COMMITS: u32 = 30;

/// The hotspots that are read as a ranking, and how often these must have changed together before it is one: below
/// that there are no hotspots either. Whoever needs a ranking only asks whether there are any.
pub const RANKED: usize = 10;
const MIN_RANKED_CHANGES: u32 = 20;

const DAY: i64 = 86_400;

/// What the history needs to know of a file that lives today.
#[derive(Debug, Clone, Copy)]
pub struct FileView<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// Lines of code.
    pub code: u32,
    /// Sum of the cognitive complexity of its functions; `None` when its syntax was not understood.
    pub cognitive: Option<u32>,
    /// Whether it is a test, an example or a fixture.
    pub test: bool,
    /// Whether it counts as the project's own source: not vendored, generated or documentation.
    pub counted: bool,
}

/// How often a file changed in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Churn {
    /// Commits that count.
    pub commits: u32,
    /// Committer time of the newest of them, in seconds since the epoch.
    pub last: i64,
}

/// Churn, hotspots (the worst first), and what happened in the window to each living file that changed, by path.
///
/// Merges, bots, sweeping commits and changes that stand there twice are counted but left out of everything else.
pub fn summarise(
    window: &Window<'_>,
    files: &[FileView<'_>],
) -> (History, Vec<Hotspot>, HashMap<String, Churn>) {
    let input = window.input;
    let mut history = History {
        commits: input.total(),
        truncated: input.truncated,
        first: input.commits.iter().map(|commit| commit.time).chain(input.older.first).min(),
        window_days: WINDOW_DAYS,
        monthly: vec![0; 12],
        ..History::default()
    };
    let mut paths = Paths::new(&input.paths, files);
    let mut ranking = Ranking::over(WINDOW_DAYS, files.len());
    let mut shorter = SHORTER.map(|days| Ranking::over(days, files.len()));
    let mut people = BTreeSet::new();
    let mut owners = Owners::default();
    for (commit, verdict) in input.commits.iter().zip(window.verdicts()) {
        let (fix, revert) = match verdict {
            Verdict::Outside => continue,
            Verdict::Merge => {
                history.left_out.merges += 1;
                continue;
            }
            Verdict::Bot => {
                history.left_out.bots += 1;
                continue;
            }
            Verdict::Sweeping => {
                history.left_out.sweeping += 1;
                continue;
            }
            Verdict::Copy => {
                history.left_out.copies += 1;
                continue;
            }
            Verdict::Work { fix, revert } => (*fix, *revert),
        };
        history.window_commits += 1;
        people.insert(commit.author);
        let age = window.head_time.saturating_sub(commit.time).max(0);
        let month = usize::try_from(age * 12 / (i64::from(WINDOW_DAYS) * DAY)).unwrap_or(11).min(11);
        if let Some(count) = history.monthly.get_mut(11 - month) {
            *count += 1;
        }
        history.fixes += u32::from(fix);
        history.reverts += u32::from(revert);
        let work: Vec<(usize, u32)> = paths.living(commit).collect();
        let holding = shorter.iter_mut().filter(|shorter| shorter.holds(age));
        if work.is_empty() {
            ranking.count();
            holding.for_each(Ranking::count);
            owners.add(Work { author: commit.author, time: commit.time, age, fix }, &[]);
            continue;
        }
        let tested = paths.any_test(commit);
        let changed = Changed { author: commit.author, time: commit.time, age, fix, tested };
        for shorter in holding {
            shorter.add(&changed, &work, files);
        }
        for file in ranking.add(&changed, &work, files) {
            let file = &files[file];
            if is_source(file) && !file.test {
                history.source_changes += 1;
                history.source_fixes += u32::from(fix);
            }
        }
        let work: Vec<(&FileView<'_>, u32)> =
            work.iter().map(|(file, lines)| (&files[*file], *lines)).collect();
        owners.add(Work { author: commit.author, time: commit.time, age, fix }, &work);
    }
    history.contributors = u32::try_from(people.len()).unwrap_or(u32::MAX);
    owners.tell(files, &input.people, &mut history);
    let quiet =
        files.iter().zip(ranking.changes()).filter(|(file, (commits, _))| file.counted && *commits == 0);
    history.unchanged_files = u32::try_from(quiet.count()).unwrap_or(u32::MAX);
    let changed = files
        .iter()
        .zip(ranking.changes())
        .filter_map(|(file, (commits, last))| Some((file.path.to_owned(), Churn { commits, last: last? })));
    let churn = changed.collect();
    let hotspots = ranking.ranked(files);
    history.unranked = hotspots.as_ref().err().cloned();
    history.windows = shorter.iter().map(|shorter| shorter.told(files)).collect();
    (history, hotspots.unwrap_or_default(), churn)
}

/// What the paths of a history are today.
struct Paths<'h> {
    all: &'h [String],
    /// For each path its file, where it lives.
    files: Vec<Option<usize>>,
    /// Whether it is that of a test: known of what lives, and of the rest where somebody asked.
    tests: Vec<Option<bool>>,
}

impl<'h> Paths<'h> {
    fn new(paths: &'h [String], files: &[FileView<'_>]) -> Self {
        let living: HashMap<&str, usize, RandomState> =
            files.iter().enumerate().map(|(index, file)| (file.path, index)).collect();
        let now: Vec<Option<usize>> = paths.iter().map(|path| living.get(path.as_str()).copied()).collect();
        let tests = now.iter().map(|file| Some(files.get((*file)?)?.test)).collect();
        Self { all: paths, files: now, tests }
    }

    /// The files of today that a commit changed, with the lines it added and removed.
    fn living(&self, commit: &CommitRecord) -> impl Iterator<Item = (usize, u32)> {
        commit.changes.iter().filter_map(|change| {
            let file = self.files.get(usize::try_from(change.path).ok()?).copied().flatten()?;
            Some((file, change.added.saturating_add(change.removed)))
        })
    }

    /// Whether a commit changed a test, living or not.
    fn any_test(&mut self, commit: &CommitRecord) -> bool {
        commit.changes.iter().any(|change| {
            let path = usize::try_from(change.path).unwrap_or(usize::MAX);
            let Some((known, path)) = self.tests.get_mut(path).zip(self.all.get(path)) else {
                return false;
            };
            *known.get_or_insert_with(|| inventory::is_test_path(path))
        })
    }
}

fn is_source(file: &FileView<'_>) -> bool {
    file.counted && file.cognitive.is_some()
}
