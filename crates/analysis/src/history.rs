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

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::inventory;
use crate::report::{Coupling, History, Hotspot};
use crate::source::HistoryInput;

use commits::{Class, Classifier};
use copies::Copies;
use ownership::{Owners, Work};

pub use szz::follow_lines;

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

/// Commits that changed both files before they count as changing together, and the share of the file's commits.
const MIN_TOGETHER: u32 = 5;
const MIN_TOGETHER_PERCENT: u32 = 40;

/// Commits with more living files than this say nothing about which of them belong together.
const MAX_COUPLED_FILES: usize = 30;

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
#[derive(Debug, Default)]
struct Changes {
    commits: u32,
    fixes: u32,
    lines: u32,
    authors: BTreeSet<u32>,
    with_tests: u32,
}

/// Churn, hotspots (the worst first), and the counted commits in the window by path of a living file.
///
/// The window is counted back from `head_time`, the analysed commit's own time, so that the same commit gives the
/// same answer at any later date. Merges, bots, sweeping commits and changes that stand there twice are counted but
/// left out of everything else.
pub fn summarise(
    input: &HistoryInput,
    head_time: i64,
    files: &[FileView<'_>],
) -> (History, Vec<Hotspot>, HashMap<String, u32>) {
    let living: HashMap<&str, usize> =
        files.iter().enumerate().map(|(index, file)| (file.path, index)).collect();
    let file_of: Vec<Option<usize>> =
        input.paths.iter().map(|path| living.get(path.as_str()).copied()).collect();
    let tests: Vec<bool> = input.paths.iter().map(|path| inventory::is_test_path(path)).collect();
    let classifier = Classifier::new(input, files.len());
    let since = head_time.saturating_sub(i64::from(WINDOW_DAYS) * DAY);

    let mut history = History {
        commits: input.total(),
        truncated: input.truncated,
        first: input.commits.iter().map(|commit| commit.time).chain(input.older.first).min(),
        window_days: WINDOW_DAYS,
        monthly: vec![0; 12],
        ..History::default()
    };
    let mut changes: BTreeMap<usize, Changes> = BTreeMap::new();
    let mut together: HashMap<(usize, usize), u32> = HashMap::new();
    let mut people = BTreeSet::new();
    let mut owners = Owners::default();
    let mut copies = Copies::default();
    // Clocks of committers differ: what claims to be from after the head is as recent as the head.
    for commit in input.commits.iter().filter(|commit| commit.time > since) {
        match classifier.class(commit) {
            Class::Merge => history.left_out.merges += 1,
            Class::Bot => history.left_out.bots += 1,
            Class::Sweeping => history.left_out.sweeping += 1,
            Class::Work if copies.is_copy(commit) => history.left_out.copies += 1,
            Class::Work => {
                history.window_commits += 1;
                people.insert(commit.author);
                let age = head_time.saturating_sub(commit.time).max(0);
                let month = usize::try_from(age * 12 / (i64::from(WINDOW_DAYS) * DAY)).unwrap_or(11).min(11);
                if let Some(count) = history.monthly.get_mut(11 - month) {
                    *count += 1;
                }
                let fix = classifier.is_fix(&commit.subject);
                history.fixes += u32::from(fix);
                history.reverts += u32::from(Classifier::is_revert(&commit.subject));
                let tested = commit.changes.iter().any(|change| {
                    usize::try_from(change.path).is_ok_and(|path| tests.get(path) == Some(&true))
                });
                let mut work = Vec::new();
                let mut touched = BTreeSet::new();
                for change in &commit.changes {
                    let path = usize::try_from(change.path).unwrap_or(usize::MAX);
                    let Some(file) = file_of.get(path).copied().flatten() else { continue };
                    let entry = changes.entry(file).or_default();
                    let lines = change.added.saturating_add(change.removed);
                    entry.lines = entry.lines.saturating_add(lines);
                    work.extend(files.get(file).map(|file| (file, lines)));
                    if touched.insert(file) {
                        entry.commits += 1;
                        entry.fixes += u32::from(fix);
                        entry.with_tests += u32::from(tested);
                        entry.authors.insert(commit.author);
                        if files.get(file).is_some_and(|file| is_source(file) && !file.test) {
                            history.source_changes += 1;
                            history.source_fixes += u32::from(fix);
                        }
                    }
                }
                owners.add(Work { author: commit.author, time: commit.time, age, fix }, &work);
                count_together(&touched, files, &mut together);
            }
        }
    }
    history.contributors = u32::try_from(people.len()).unwrap_or(u32::MAX);
    owners.tell(files, &input.people, &mut history);
    let quiet = files.iter().enumerate().filter(|(index, file)| file.counted && !changes.contains_key(index));
    history.unchanged_files = u32::try_from(quiet.count()).unwrap_or(u32::MAX);
    let hotspots = hotspots(files, &changes, &together, &history);
    history.unranked = hotspots.as_ref().err().cloned();
    let counts = changes
        .iter()
        .filter_map(|(file, changes)| Some((files.get(*file)?.path.to_owned(), changes.commits)))
        .collect();
    (history, hotspots.unwrap_or_default(), counts)
}

fn is_source(file: &FileView<'_>) -> bool {
    file.counted && file.cognitive.is_some()
}

fn count_together(
    touched: &BTreeSet<usize>,
    files: &[FileView<'_>],
    together: &mut HashMap<(usize, usize), u32>,
) {
    let sources: Vec<usize> =
        touched.iter().copied().filter(|file| files.get(*file).is_some_and(is_source)).collect();
    if sources.len() > MAX_COUPLED_FILES {
        return;
    }
    for (position, one) in sources.iter().enumerate() {
        for other in sources.iter().skip(position + 1) {
            *together.entry((*one, *other)).or_default() += 1;
        }
    }
}

/// The share of the sorted values that are below `value`, 0 to 1: ties share the lower rank.
fn rank(sorted: &[u32], value: u32) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    if sorted.len() < 2 { 1.0 } else { below as f64 / (sorted.len() - 1) as f64 }
}

/// The worst first; an error says why nothing is ranked.
fn hotspots(
    files: &[FileView<'_>],
    changes: &BTreeMap<usize, Changes>,
    together: &HashMap<(usize, usize), u32>,
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
    let commits_of = |index: &usize| changes.get(index).map_or(0, |changes| changes.commits);
    let mut by_churn: Vec<u32> = candidates.iter().map(|(index, ..)| commits_of(index)).collect();
    let mut by_complexity: Vec<u32> = candidates.iter().map(|(.., cognitive)| *cognitive).collect();
    by_churn.sort_unstable();
    by_complexity.sort_unstable();

    let mut found: Vec<Hotspot> = candidates
        .iter()
        .filter_map(|(index, file, cognitive)| {
            let changes = changes.get(index).filter(|changes| changes.commits >= MIN_CHANGES)?;
            let score = 100.0 * rank(&by_churn, changes.commits) * rank(&by_complexity, *cognitive);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
            let score = score.round() as u32;
            (score > 0 && *cognitive > 0).then(|| Hotspot {
                path: file.path.to_owned(),
                commits: changes.commits,
                fixes: changes.fixes,
                changed_lines: changes.lines,
                authors: u32::try_from(changes.authors.len()).unwrap_or(u32::MAX),
                complexity: *cognitive,
                code: file.code,
                score,
                coupled: coupled(*index, changes.commits, files, together),
                with_tests: changes.with_tests,
                followed: 0,
                functions: Vec::new(),
                corrections: Vec::new(),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        (b.score, b.commits, b.complexity)
            .cmp(&(a.score, a.commits, a.complexity))
            .then_with(|| a.path.cmp(&b.path))
    });
    found.truncate(MAX_HOTSPOTS);
    let changes: u32 = found.iter().take(RANKED).map(|hotspot| hotspot.commits).sum();
    if changes >= MIN_RANKED_CHANGES {
        return Ok(found);
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

fn coupled(
    file: usize,
    commits: u32,
    files: &[FileView<'_>],
    together: &HashMap<(usize, usize), u32>,
) -> Vec<Coupling> {
    let others = together.iter().filter_map(|((one, other), count)| match (*one == file, *other == file) {
        (true, _) => Some((*other, *count)),
        (_, true) => Some((*one, *count)),
        _ => None,
    });
    let mut found: Vec<Coupling> = others
        .filter(|(_, count)| *count >= MIN_TOGETHER && count * 100 >= commits * MIN_TOGETHER_PERCENT)
        .filter_map(|(other, count)| {
            Some(Coupling { path: files.get(other)?.path.to_owned(), together: count, of: commits })
        })
        .collect();
    found.sort_by(|a, b| b.together.cmp(&a.together).then_with(|| a.path.cmp(&b.path)));
    found.truncate(3);
    found
}
