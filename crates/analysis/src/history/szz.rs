//! Which functions changed, and which lines a fix had to replace, after Śliwerski, Zimmermann and Zeller, "When do
//! changes induce fixes?" (2005): the lines that a fix replaces are followed back to the commit that wrote them.
//!
//! The walk goes from the analysed commit backwards, see [`super::follow`], and ends with the window. A fix is told by
//! its subject, as everywhere in the history; bots, merges, sweeping
//! commits and changes that stand there twice count neither as fixes nor as origins.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::follow::{Lines, Step, way_back};
use super::{DAY, Window};
use crate::report::{CommitRef, Correction, Duplication, FunctionHistory, FunctionSummary, Hotspot};

/// Functions of one file that are followed, and pieces of replaced lines that are followed at once.
const MAX_FUNCTIONS: usize = 1_000;
const MAX_PIECES: usize = 1_000;

/// Comparisons of lines with changes in all: beyond, the files that are left are not followed.
const BUDGET: usize = 20_000_000;

/// Groups of duplicates that are followed.
const MAX_GROUPS: usize = 50;

/// Fixes that are named of a function.
const MENDED: usize = 3;

/// Lines that a fix replaced before it is said where they came from: one line is often only a neighbour.
const MIN_LINES: u32 = 2;

/// Adds to hotspots and duplicates what the history of their lines says. `functions` gives those of a file.
pub fn follow_lines<'a>(
    window: &Window<'_>,
    functions: &dyn Fn(&str) -> &'a [FunctionSummary],
    hotspots: &mut [Hotspot],
    duplication: &mut Duplication,
) {
    let places = duplication.groups.iter().take(MAX_GROUPS).filter(|group| !group.in_test);
    let places = places.flat_map(|group| group.places.iter().map(|place| place.path.as_str()));
    let wanted = hotspots.iter().map(|hotspot| hotspot.path.as_str()).chain(places);
    let mut past = Past::new(window, &wanted.collect());
    for hotspot in hotspots {
        let steps = past.steps(&hotspot.path);
        hotspot.followed = past.counted(&steps);
        let of_file = functions(&hotspot.path);
        hotspot.functions = past.functions(&steps, &of_file[..of_file.len().min(MAX_FUNCTIONS)]);
        hotspot.corrections = past.corrections(&steps);
    }
    for group in duplication.groups.iter_mut().take(MAX_GROUPS).filter(|group| !group.in_test) {
        let mut touched: BTreeMap<usize, u32> = BTreeMap::new();
        for place in &group.places {
            let steps = past.steps(&place.path);
            for commit in past.touching(&steps, vec![Lines::of(place.start, place.end)]) {
                *touched.entry(commit).or_default() += 1;
            }
        }
        let together = touched.values().filter(|places| **places > 1).count();
        group.changed_together = u32::try_from(together).unwrap_or(u32::MAX);
    }
}

/// The changes of the files that are asked about.
struct Past<'h> {
    window: &'h Window<'h>,
    /// By path: the content now, and the changes, the newest first.
    changes: HashMap<&'h str, (u64, Vec<Step<'h>>)>,
    budget: usize,
}

impl<'h> Past<'h> {
    fn new(window: &'h Window<'h>, wanted: &HashSet<&str>) -> Self {
        let input = window.input;
        let mut changes: Vec<Option<(u64, Vec<Step<'h>>)>> = input
            .paths
            .iter()
            .zip(&input.heads)
            .map(|(path, head)| wanted.contains(path.as_str()).then(|| (*head, Vec::new())))
            .collect();
        for (commit, record) in input.commits.iter().enumerate() {
            for change in &record.changes {
                let index = usize::try_from(change.path).unwrap_or(usize::MAX);
                if let Some(Some((_, steps))) = changes.get_mut(index) {
                    steps.push(Step { commit, change });
                }
            }
        }
        let named = input.paths.iter().zip(changes);
        Self {
            window,
            changes: named.filter_map(|(path, changes)| Some((path.as_str(), changes?))).collect(),
            budget: BUDGET,
        }
    }

    fn steps(&self, path: &str) -> Vec<Step<'h>> {
        self.changes.get(path).map(|(head, changes)| way_back(*head, changes)).unwrap_or_default()
    }

    fn counted(&self, steps: &[Step<'_>]) -> u32 {
        let counted = steps.iter().filter(|step| self.window.counts(step.commit).0).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    /// The commits that count and changed some of these lines of today, the newest first.
    fn touching(&mut self, steps: &[Step<'_>], mut pieces: Vec<Lines>) -> Vec<usize> {
        let mut found = Vec::new();
        for step in steps {
            let hunks = &step.change.hunks;
            self.budget = self.budget.saturating_sub(hunks.len().saturating_mul(pieces.len()));
            if self.budget == 0 {
                break;
            }
            let touched = pieces.iter().any(|lines| hunks.iter().any(|hunk| lines.changed_by(hunk)));
            if touched && self.window.counts(step.commit).0 {
                found.push(step.commit);
            }
            pieces.retain_mut(|lines| match lines.before(hunks) {
                Some(before) => {
                    *lines = before;
                    true
                }
                None => false,
            });
            if pieces.is_empty() {
                break;
            }
        }
        found
    }

    fn functions(&mut self, steps: &[Step<'_>], functions: &[FunctionSummary]) -> Vec<FunctionHistory> {
        let mut found: Vec<FunctionHistory> = Vec::new();
        for function in functions {
            let commits = self.touching(steps, own_lines(function, functions));
            let fixes: Vec<usize> =
                commits.iter().copied().filter(|commit| self.window.counts(*commit).1).collect();
            if commits.is_empty() {
                continue;
            }
            found.push(FunctionHistory {
                name: function.name.clone(),
                start: function.start,
                end: function.end,
                cognitive: function.cognitive,
                commits: u32::try_from(commits.len()).unwrap_or(u32::MAX),
                fixes: u32::try_from(fixes.len()).unwrap_or(u32::MAX),
                mended: fixes.iter().take(MENDED).filter_map(|commit| self.named(*commit)).collect(),
            });
        }
        found.sort_by_key(|one| {
            let weight = (one.commits, one.fixes, one.cognitive);
            (std::cmp::Reverse(weight), one.start)
        });
        found.truncate(Hotspot::FUNCTIONS_LISTED);
        found
    }

    /// Where the lines came from that fixes replaced.
    fn corrections(&mut self, steps: &[Step<'_>]) -> Vec<Correction> {
        // Lines that a fix replaced and whose origin is not reached yet.
        let mut searched: Vec<(usize, Lines)> = Vec::new();
        let mut origins: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for step in steps {
            let (counts, fix) = self.window.counts(step.commit);
            let mut older = Vec::new();
            for (fixed, lines) in searched {
                let mut pieces = vec![lines];
                for hunk in &step.change.hunks {
                    self.budget = self.budget.saturating_sub(pieces.len());
                    let mut left = Vec::new();
                    for piece in pieces {
                        let (added, rest) = piece.split(hunk);
                        left.extend(rest.into_iter().flatten());
                        if added > 0 && counts {
                            *origins.entry((fixed, step.commit)).or_default() += added;
                        }
                    }
                    pieces = left;
                }
                let carried = pieces.into_iter().filter_map(|piece| piece.before(&step.change.hunks));
                older.extend(carried.map(|piece| (fixed, piece)));
            }
            if self.budget == 0 {
                break;
            }
            if fix {
                let replaced = step.change.hunks.iter().filter(|hunk| hunk.removed > 0);
                older.extend(replaced.map(|hunk| {
                    let end = hunk.before.saturating_add(hunk.removed);
                    (step.commit, Lines { start: hunk.before, end })
                }));
            }
            older.truncate(MAX_PIECES);
            searched = older;
        }
        let known = origins.into_iter().filter(|(_, lines)| *lines >= MIN_LINES);
        let mut found: Vec<Correction> = known
            .filter_map(|((fixed, introduced), lines)| {
                let (introduced, fixed) = (self.named(introduced)?, self.named(fixed)?);
                let seconds = fixed.time.saturating_sub(introduced.time).max(0);
                let days = u32::try_from(seconds / DAY).unwrap_or(u32::MAX);
                Some(Correction { introduced, fixed, lines, days })
            })
            .collect();
        found.truncate(Hotspot::CORRECTIONS_LISTED);
        found
    }

    fn named(&self, commit: usize) -> Option<CommitRef> {
        let commit = self.window.input.commits.get(commit)?;
        Some(commit.reference())
    }
}

/// The lines of a function without those of the functions inside it, whose changes are their own.
fn own_lines(function: &FunctionSummary, functions: &[FunctionSummary]) -> Vec<Lines> {
    let whole = (function.start, function.end);
    let mut inner: Vec<(u32, u32)> = functions
        .iter()
        .map(|other| (other.start, other.end))
        .filter(|other| *other != whole && whole.0 <= other.0 && other.1 <= whole.1)
        .collect();
    inner.sort_unstable();
    let mut pieces = Vec::new();
    let mut next = whole.0;
    for (start, end) in inner {
        if next < start {
            pieces.push(Lines::of(next, start - 1));
        }
        next = next.max(end.saturating_add(1));
    }
    if next <= whole.1 {
        pieces.push(Lines::of(next, whole.1));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CloneGroup, Span};
    use crate::source::{Change, CommitRecord, HistoryInput, Hunk, Older, Person};

    const HEAD: i64 = 1_700_000_000;

    /// A subject, and for each place where it changed the file: first old line, lines gone, first new line, lines new.
    type Told<'a> = (&'a str, &'a [(u32, u32, u32, u32)]);

    /// A history of one file whose contents are numbered: the newest commit leads to the highest number.
    fn input(commits: &[Told<'_>]) -> HistoryInput {
        let newest = u64::try_from(commits.len()).expect("few");
        let records = (0_u64..).zip(commits).map(|(age, (subject, hunks))| CommitRecord {
            id: format!("{age:040x}"),
            time: HEAD - i64::try_from(age).expect("few") * DAY,
            authored: 0,
            author: 0,
            subject: (*subject).to_owned(),
            parents: 1,
            changes: vec![Change {
                path: 0,
                added: 1,
                removed: 1,
                before: newest - age,
                after: newest - age + 1,
                hunks: hunks
                    .iter()
                    .map(|(before, removed, after, added)| Hunk {
                        before: *before,
                        removed: *removed,
                        after: *after,
                        added: *added,
                    })
                    .collect(),
            }],
            changes_cut: false,
        });
        HistoryInput {
            commits: records.collect(),
            older: Older::default(),
            people: vec![Person { name: "One".into(), email: "one@example.com".into() }],
            paths: vec!["a.rs".into()],
            heads: vec![newest + 1],
            truncated: false,
        }
    }

    fn function(name: &str, start: u32, end: u32) -> FunctionSummary {
        let (cyclomatic, cognitive, nesting, parameters) = (9, 30, 2, 0);
        FunctionSummary { name: name.into(), start, end, cyclomatic, cognitive, nesting, parameters }
    }

    fn hotspot() -> Hotspot {
        Hotspot {
            path: "a.rs".into(),
            commits: 4,
            fixes: 2,
            recent_fixes: 0,
            changed_lines: 10,
            authors: 1,
            complexity: 40,
            code: 100,
            score: 90,
            coupled: Vec::new(),
            with_tests: 0,
            followed: 0,
            functions: Vec::new(),
            corrections: Vec::new(),
        }
    }

    fn followed(
        input: &HistoryInput,
        functions: &[FunctionSummary],
        duplication: &mut Duplication,
    ) -> Hotspot {
        let mut hotspots = [hotspot()];
        follow_lines(&Window::of(input, HEAD, 0), &|_| functions, &mut hotspots, duplication);
        let [hotspot] = hotspots;
        hotspot
    }

    #[test]
    fn a_change_belongs_to_the_function_whose_lines_it_changed() {
        let input = input(&[
            ("Fix the end of b", &[(27, 1, 30, 2)]),
            ("Add a header", &[(0, 0, 0, 3)]),
            ("Fix b again", &[(25, 2, 25, 1)]),
            ("Teach a to count", &[(12, 1, 12, 1)]),
            ("cargo fmt", &[(12, 1, 12, 1)]),
        ]);
        let functions = [function("a", 11, 20), function("b", 24, 40), function("quiet", 50, 60)];
        let hotspot = followed(&input, &functions, &mut Duplication::default());
        assert_eq!(hotspot.followed, 4, "formatting does not count");
        let rows: Vec<(&str, u32, u32)> =
            hotspot.functions.iter().map(|one| (one.name.as_str(), one.commits, one.fixes)).collect();
        assert_eq!(rows, [("b", 2, 2), ("a", 1, 0)]);
        let mended: Vec<&str> = hotspot.functions[0].mended.iter().map(|one| one.subject.as_str()).collect();
        assert_eq!(mended, ["Fix the end of b", "Fix b again"]);
    }

    #[test]
    fn a_change_that_stands_there_twice_counts_once_as_in_the_hotspot() {
        let input = input(&[
            ("Speed a up (#7)", &[(12, 1, 12, 1)]),
            ("Name a line", &[(13, 1, 13, 1)]),
            ("Speed a up (#7)", &[(14, 1, 14, 1)]),
        ]);
        let hotspot = followed(&input, &[function("a", 11, 20)], &mut Duplication::default());
        assert_eq!((hotspot.followed, hotspot.functions[0].commits), (2, 2));
    }

    #[test]
    fn what_changes_inside_an_inner_function_is_its_own() {
        let input = input(&[
            ("Fix the inner one", &[(23, 1, 23, 1)]),
            ("Fix both", &[(13, 1, 13, 1), (24, 1, 24, 1)]),
            ("Fix behind it", &[(34, 1, 34, 1)]),
        ]);
        let functions = [function("outer", 11, 40), function("inner", 21, 30)];
        let hotspot = followed(&input, &functions, &mut Duplication::default());
        let rows: Vec<(&str, u32)> =
            hotspot.functions.iter().map(|one| (one.name.as_str(), one.commits)).collect();
        assert_eq!(rows, [("outer", 2), ("inner", 2)]);
    }

    #[test]
    fn lines_that_a_fix_replaced_are_followed_to_the_commit_that_wrote_them() {
        let input = input(&[
            // Replaces 4 lines: 2 of them are from the commit before the last, 2 are older than all that is known.
            ("Fix the overflow", &[(20, 4, 20, 1)]),
            ("Move down", &[(0, 0, 0, 5)]),
            ("Count faster", &[(10, 0, 12, 5)]),
            ("Start", &[(90, 1, 90, 1)]),
        ]);
        let hotspot = followed(&input, &[], &mut Duplication::default());
        let [correction] = hotspot.corrections.as_slice() else { panic!("{:?}", hotspot.corrections) };
        assert_eq!(correction.introduced.subject, "Count faster");
        assert_eq!(correction.fixed.subject, "Fix the overflow");
        assert_eq!((correction.lines, correction.days), (2, 2));
    }

    #[test]
    fn nothing_is_said_beyond_a_content_that_no_change_led_to() {
        let mut input = input(&[("Fix a", &[(12, 1, 12, 1)]), ("Fix a too", &[(12, 1, 12, 1)])]);
        input.commits[1].changes[0].after = 77;
        let hotspot = followed(&input, &[function("a", 11, 20)], &mut Duplication::default());
        assert_eq!((hotspot.followed, hotspot.functions[0].commits), (1, 1));
        input.heads = vec![0];
        let hotspot = followed(&input, &[function("a", 11, 20)], &mut Duplication::default());
        assert_eq!((hotspot.followed, hotspot.functions.len()), (0, 0));
    }

    #[test]
    fn a_duplicate_knows_how_often_two_of_its_places_changed_at_once() {
        let both: &[(u32, u32, u32, u32)] = &[(12, 1, 12, 1), (52, 1, 52, 1)];
        let input = input(&[("One", both), ("Two", &[(12, 1, 12, 1)]), ("Three", both)]);
        let group = CloneGroup {
            fingerprint: "f".into(),
            lines: 10,
            tokens: 100,
            exact: true,
            in_test: false,
            places_total: 2,
            places: vec![Span::lines("a.rs", 11, 20), Span::lines("a.rs", 51, 60)],
            changed_together: 0,
        };
        let mut duplication = Duplication { groups: vec![group], ..Duplication::default() };
        followed(&input, &[], &mut duplication);
        assert_eq!(duplication.groups[0].changed_together, 2);
    }
}
