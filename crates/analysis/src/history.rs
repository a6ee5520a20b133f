//! What the history says about the files that live today: how often each changed, by how many people, how often
//! to mend something, and which change together.
//!
//! Deliberately not here: anything that rates single people. They are counted, and named where a folder would miss them.
//! Renames are not followed: a file's history begins where its path does.

mod commits;
mod copies;
mod follow;
mod ownership;
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
use together::Together;
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

/// Hotspots that are kept.
const MAX_HOTSPOTS: usize = 50;

/// A file must have changed this often to be a hotspot.
const MIN_CHANGES: u32 = 3;

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

/// What happened to one file in the window.
#[derive(Debug, Clone, Default)]
struct Changes {
    commits: u32,
    fixes: u32,
    lines: u32,
    /// The author of each commit.
    authors: Vec<u32>,
    with_tests: u32,
}

/// Churn, hotspots (the worst first), and the counted commits in the window by path of a living file.
///
/// Merges, bots, sweeping commits and changes that stand there twice are counted but left out of everything else.
pub fn summarise(
    window: &Window<'_>,
    files: &[FileView<'_>],
) -> (History, Vec<Hotspot>, HashMap<String, u32>) {
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
    let mut changes = vec![Changes::default(); files.len()];
    let mut together = Together::default();
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
        if work.is_empty() {
            owners.add(Work { author: commit.author, time: commit.time, age, fix }, &[]);
            continue;
        }
        let tested = paths.any_test(commit);
        let mut touched = Vec::with_capacity(work.len());
        for (file, lines) in &work {
            let entry = &mut changes[*file];
            entry.lines = entry.lines.saturating_add(*lines);
            // A commit that names a path twice is hand-made, but is one commit.
            if !touched.contains(file) {
                touched.push(*file);
                entry.commits += 1;
                entry.fixes += u32::from(fix);
                entry.with_tests += u32::from(tested);
                entry.authors.push(commit.author);
                if is_source(&files[*file]) && !files[*file].test {
                    history.source_changes += 1;
                    history.source_fixes += u32::from(fix);
                }
            }
        }
        let work: Vec<(&FileView<'_>, u32)> =
            work.iter().map(|(file, lines)| (&files[*file], *lines)).collect();
        owners.add(Work { author: commit.author, time: commit.time, age, fix }, &work);
        together.add(&touched, files);
    }
    history.contributors = u32::try_from(people.len()).unwrap_or(u32::MAX);
    owners.tell(files, &input.people, &mut history);
    let quiet = files.iter().enumerate().filter(|(index, file)| file.counted && changes[*index].commits == 0);
    history.unchanged_files = u32::try_from(quiet.count()).unwrap_or(u32::MAX);
    let hotspots = hotspots(files, &changes, &together, &history);
    history.unranked = hotspots.as_ref().err().cloned();
    let changed = files.iter().zip(&changes).filter(|(_, changes)| changes.commits > 0);
    let counts = changed.map(|(file, changes)| (file.path.to_owned(), changes.commits)).collect();
    (history, hotspots.unwrap_or_default(), counts)
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

/// The share of the sorted values that are below `value`, 0 to 1: ties share the lower rank.
fn rank(sorted: &[u32], value: u32) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    if sorted.len() < 2 { 1.0 } else { below as f64 / (sorted.len() - 1) as f64 }
}

/// The worst first; an error says why nothing is ranked.
fn hotspots(
    files: &[FileView<'_>],
    changes: &[Changes],
    together: &Together,
    history: &History,
) -> Result<Vec<Hotspot>, String> {
    let window = history.window_text();
    if history.window_commits < MIN_COMMITS {
        return Err(format!(
            "Too little history: {} in {window}, and a ranking of files takes {MIN_COMMITS}.",
            counted(history.window_commits as usize, "commit that counts", "commits that count")
        ));
    }
    let candidates: Vec<(usize, &FileView<'_>, u32)> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.counted && !file.test)
        .filter_map(|(index, file)| Some((index, file, file.cognitive?)))
        .collect();
    let mut by_churn: Vec<u32> = candidates.iter().map(|(index, ..)| changes[*index].commits).collect();
    let mut by_complexity: Vec<u32> = candidates.iter().map(|(.., cognitive)| *cognitive).collect();
    by_churn.sort_unstable();
    by_complexity.sort_unstable();

    let mut found: Vec<(usize, Hotspot)> = candidates
        .iter()
        .filter_map(|(index, file, cognitive)| {
            let changes = changes.get(*index).filter(|changes| changes.commits >= MIN_CHANGES)?;
            let score = 100.0 * rank(&by_churn, changes.commits) * rank(&by_complexity, *cognitive);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
            let score = score.round() as u32;
            let hotspot = || Hotspot {
                path: file.path.to_owned(),
                commits: changes.commits,
                fixes: changes.fixes,
                changed_lines: changes.lines,
                authors: distinct(&changes.authors),
                complexity: *cognitive,
                code: file.code,
                score,
                coupled: Vec::new(),
                with_tests: changes.with_tests,
                followed: 0,
                functions: Vec::new(),
                corrections: Vec::new(),
            };
            (score > 0 && *cognitive > 0).then(|| (*index, hotspot()))
        })
        .collect();
    found.sort_by(|(_, a), (_, b)| {
        (b.score, b.commits, b.complexity)
            .cmp(&(a.score, a.commits, a.complexity))
            .then_with(|| a.path.cmp(&b.path))
    });
    found.truncate(MAX_HOTSPOTS);
    let changes: u32 = found.iter().take(RANKED).map(|(_, hotspot)| hotspot.commits).sum();
    if changes >= MIN_RANKED_CHANGES {
        together.tell(files, &mut found);
        return Ok(found.into_iter().map(|(_, hotspot)| hotspot).collect());
    }
    let often = format!("with functions changed {MIN_CHANGES} times or more in {window}");
    Err(match found.len() {
        0 => format!("Too few changes: no source file outside tests {often}."),
        files => format!(
            "Too few changes: {} outside tests {often}, together {changes} times, and a ranking takes \
             {MIN_RANKED_CHANGES}.",
            counted(files, "source file", "source files")
        ),
    })
}

fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

/// How many different ones.
fn distinct(authors: &[u32]) -> u32 {
    let mut authors = authors.to_vec();
    authors.sort_unstable();
    authors.dedup();
    u32::try_from(authors.len()).unwrap_or(u32::MAX)
}
