//! Which files change often and are hard to change, over windows of different lengths.

use super::together::Together;
use super::{DAY, FileView, MIN_COMMITS, MIN_RANKED_CHANGES, RANKED, WINDOW_DAYS};
use crate::report::{Hotspot, HotspotWindow, days_text};

/// Lengths of the shorter windows in days, the shortest first: a quarter and a half of the whole one.
pub(super) const SHORTER: [u32; 2] = [WINDOW_DAYS / 4, WINDOW_DAYS / 2];

/// Hotspots that are kept.
const MAX_HOTSPOTS: usize = 50;

/// A file must have changed this often to be a hotspot.
const MIN_CHANGES: u32 = 3;

/// A commit that counts, as far as a ranking needs to know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changed {
    pub(super) author: u32,
    /// Committer time.
    pub(super) time: i64,
    /// Seconds before the analysed commit.
    pub(super) age: i64,
    /// Whether it says that it mends something.
    pub(super) fix: bool,
    /// Whether it changed a test.
    pub(super) tested: bool,
}

/// What happened to one file in the window.
#[derive(Debug, Clone, Default)]
struct Changes {
    commits: u32,
    fixes: u32,
    recent_fixes: u32,
    lines: u32,
    /// The author of each commit.
    authors: Vec<u32>,
    with_tests: u32,
    /// Committer time of the newest.
    last: Option<i64>,
}

/// The commits that count in one window, and what they did to each file of today.
#[derive(Debug)]
pub(super) struct Ranking {
    days: u32,
    commits: u32,
    changes: Vec<Changes>,
    together: Together,
}

impl Ranking {
    /// A window of so many days over so many files.
    pub(super) fn over(days: u32, files: usize) -> Self {
        Self { days, commits: 0, changes: vec![Changes::default(); files], together: Together::default() }
    }

    /// Whether what is that old, in seconds, lies in the window.
    pub(super) fn holds(&self, age: i64) -> bool {
        age < i64::from(self.days) * DAY
    }

    /// Counts a commit that changed no file of today.
    pub(super) fn count(&mut self) {
        self.commits += 1;
    }

    /// Counts a commit and what it did to files: their numbers, with the lines it added and removed. Answers each file
    /// once, however often the commit names it: such a commit is hand-made, but is one commit.
    pub(super) fn add(
        &mut self,
        commit: &Changed,
        work: &[(usize, u32)],
        files: &[FileView<'_>],
    ) -> Vec<usize> {
        self.count();
        let recent = commit.age < i64::from(SHORTER[0]) * DAY;
        let mut touched = Vec::with_capacity(work.len());
        for (file, lines) in work {
            let entry = &mut self.changes[*file];
            entry.lines = entry.lines.saturating_add(*lines);
            if touched.contains(file) {
                continue;
            }
            touched.push(*file);
            entry.commits += 1;
            entry.fixes += u32::from(commit.fix);
            entry.recent_fixes += u32::from(commit.fix && recent);
            entry.with_tests += u32::from(commit.tested);
            entry.authors.push(commit.author);
            entry.last = entry.last.max(Some(commit.time));
        }
        self.together.add(&touched, files);
        touched
    }

    /// For each file how many commits changed it, and when the newest did.
    pub(super) fn changes(&self) -> impl Iterator<Item = (u32, Option<i64>)> {
        self.changes.iter().map(|changes| (changes.commits, changes.last))
    }

    /// The window as a report tells it.
    pub(super) fn told(&self, files: &[FileView<'_>]) -> HotspotWindow {
        let ranked = self.ranked(files);
        HotspotWindow {
            days: self.days,
            commits: self.commits,
            unranked: ranked.as_ref().err().cloned(),
            hotspots: ranked.unwrap_or_default(),
        }
    }

    /// The worst first; an error says why nothing is ranked.
    pub(super) fn ranked(&self, files: &[FileView<'_>]) -> Result<Vec<Hotspot>, String> {
        let window = days_text(self.days);
        if self.commits < MIN_COMMITS {
            return Err(format!(
                "Too little history: {} in {window}, and a ranking of files takes {MIN_COMMITS}.",
                counted(self.commits as usize, "commit that counts", "commits that count")
            ));
        }
        let mut found = self.candidates(files);
        found.sort_by(|(_, a), (_, b)| {
            (b.score, b.commits, b.complexity)
                .cmp(&(a.score, a.commits, a.complexity))
                .then_with(|| a.path.cmp(&b.path))
        });
        found.truncate(MAX_HOTSPOTS);
        let changes: u32 = found.iter().take(RANKED).map(|(_, hotspot)| hotspot.commits).sum();
        if changes >= MIN_RANKED_CHANGES {
            self.together.tell(files, &mut found);
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

    /// The files that changed often enough and whose complexity is known, with their numbers.
    fn candidates(&self, files: &[FileView<'_>]) -> Vec<(usize, Hotspot)> {
        let candidates: Vec<(&Changes, usize, &FileView<'_>, u32)> = files
            .iter()
            .zip(&self.changes)
            .enumerate()
            .filter(|(_, (file, _))| file.counted && !file.test)
            .filter_map(|(index, (file, changes))| Some((changes, index, file, file.cognitive?)))
            .collect();
        let mut by_churn: Vec<u32> = candidates.iter().map(|(changes, ..)| changes.commits).collect();
        let mut by_complexity: Vec<u32> = candidates.iter().map(|(.., cognitive)| *cognitive).collect();
        by_churn.sort_unstable();
        by_complexity.sort_unstable();
        let often = candidates.iter().filter(|(changes, ..)| changes.commits >= MIN_CHANGES);
        let scored = often.filter_map(|(changes, index, file, cognitive)| {
            let score = 100.0 * rank(&by_churn, changes.commits) * rank(&by_complexity, *cognitive);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
            let score = score.round() as u32;
            let hotspot = || Hotspot {
                path: file.path.to_owned(),
                commits: changes.commits,
                fixes: changes.fixes,
                recent_fixes: changes.recent_fixes,
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
        });
        scored.collect()
    }
}

/// The share of the sorted values that are below `value`, 0 to 1: ties share the lower rank.
fn rank(sorted: &[u32], value: u32) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    if sorted.len() < 2 { 1.0 } else { below as f64 / (sorted.len() - 1) as f64 }
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
