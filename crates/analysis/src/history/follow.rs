//! Follows lines of a file back through its versions.
//!
//! A version is known by its content, and a change leads from one content to another: where the newer one is the
//! content at hand, lines are carried over to the older one. Nothing is guessed: where no change led to the content at
//! hand, as after a merge of two lines of work on the same file, or where one was not compared, the way back ends. What
//! is counted is therefore never too much, but may be too little.

use crate::source::{Change, Hunk};

/// Lines of one version: the first, and the one behind the last, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    pub start: u32,
    pub end: u32,
}

impl Lines {
    /// From a range as reports have it: counted from 1, both ends included.
    pub(super) fn of(first: u32, last: u32) -> Self {
        Self { start: first.saturating_sub(1), end: last }
    }

    fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the hunk adds, replaces or removes something between the first and the last of these lines.
    pub(super) fn changed_by(self, hunk: &Hunk) -> bool {
        if hunk.added == 0 {
            return self.start < hunk.after && hunk.after < self.end;
        }
        hunk.after < self.end && hunk.after.saturating_add(hunk.added) > self.start
    }

    /// The lines in the older version; `None` where there were none. At the borders only what the change left as it was
    /// is carried over, so that the lines never grow into their neighbours.
    pub(super) fn before(self, hunks: &[Hunk]) -> Option<Self> {
        let whole = |hunk: &Hunk| {
            hunk.added > 0 && hunk.after <= self.start && hunk.after.saturating_add(hunk.added) >= self.end
        };
        if hunks.iter().any(whole) {
            return None;
        }
        let start = carry(self.start, hunks, Edge::Start)?;
        let end = carry(self.end, hunks, Edge::End)?;
        let lines = Self { start, end };
        (!lines.is_empty()).then_some(lines)
    }

    /// Those of these lines that the hunk added, and what is left of them before and behind.
    pub(super) fn split(self, hunk: &Hunk) -> (u32, [Option<Self>; 2]) {
        let (from, to) = (hunk.after, hunk.after.saturating_add(hunk.added));
        let added = to.min(self.end).saturating_sub(from.max(self.start));
        if added == 0 {
            return (0, [Some(self), None]);
        }
        let left = Self { start: self.start, end: from.max(self.start) };
        let right = Self { start: to.min(self.end), end: self.end };
        (added, [left, right].map(|part| (!part.is_empty()).then_some(part)))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

/// Where a border lies in the older version.
fn carry(position: u32, hunks: &[Hunk], edge: Edge) -> Option<u32> {
    let mut moved = i64::from(position);
    for hunk in hunks {
        let behind = hunk.after.saturating_add(hunk.added);
        let (old, old_behind) = (hunk.before, hunk.before.saturating_add(hunk.removed));
        if behind < position || (behind == position && (edge == Edge::Start || hunk.added > 0)) {
            moved = i64::from(position) + i64::from(old_behind) - i64::from(behind);
            if edge == Edge::End && behind == position {
                // The last line is new: what was there before it was replaced.
                moved = i64::from(old);
            }
        } else if hunk.after < position {
            moved = i64::from(if edge == Edge::Start { old_behind } else { old });
        } else {
            break;
        }
    }
    u32::try_from(moved).ok()
}

/// One step back: the change that made the content at hand, and which commit it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    /// Index of the commit, the newest first.
    pub commit: usize,
    pub change: &'a Change,
}

/// The way back from `head` through the changes of one file, the newest first.
pub(super) fn way_back<'a>(head: u64, changes: &[Step<'a>]) -> Vec<Step<'a>> {
    let mut at = head;
    let mut steps = Vec::new();
    for step in changes {
        // A change of the mode alone leads from a content to itself.
        if at == 0 || step.change.after != at || step.change.before == at {
            continue;
        }
        if step.change.hunks.is_empty() {
            break;
        }
        steps.push(*step);
        at = step.change.before;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(before: u32, removed: u32, after: u32, added: u32) -> Hunk {
        Hunk { before, removed, after, added }
    }

    fn lines(start: u32, end: u32) -> Lines {
        Lines { start, end }
    }

    #[test]
    fn lines_move_with_what_is_added_and_removed_above() {
        let above = [hunk(2, 1, 2, 4), hunk(90, 0, 93, 9)];
        assert_eq!(lines(10, 20).before(&above), Some(lines(7, 17)));
        assert!(!lines(10, 20).changed_by(&above[0]) && !lines(10, 20).changed_by(&above[1]));
    }

    #[test]
    fn a_change_inside_keeps_the_borders() {
        let inside = hunk(12, 3, 12, 1);
        assert!(lines(10, 20).changed_by(&inside));
        assert_eq!(lines(10, 20).before(&[inside]), Some(lines(10, 22)));
        let removal = hunk(12, 3, 12, 0);
        assert!(lines(10, 20).changed_by(&removal));
        assert_eq!(lines(10, 20).before(&[removal]), Some(lines(10, 23)));
    }

    #[test]
    fn a_change_beside_is_not_a_change() {
        for beside in [hunk(5, 2, 5, 5), hunk(20, 1, 20, 3), hunk(8, 4, 10, 0), hunk(20, 4, 20, 0)] {
            assert!(!lines(10, 20).changed_by(&beside), "{beside:?}");
        }
        assert_eq!(lines(10, 20).before(&[hunk(5, 2, 5, 5)]), Some(lines(7, 17)));
        assert_eq!(lines(10, 20).before(&[hunk(20, 1, 20, 3)]), Some(lines(10, 20)));
        assert_eq!(lines(10, 20).before(&[hunk(8, 4, 10, 0)]), Some(lines(12, 22)), "removed just above");
        assert_eq!(lines(10, 20).before(&[hunk(20, 4, 20, 0)]), Some(lines(10, 20)), "removed just below");
    }

    #[test]
    fn what_crosses_a_border_is_not_carried_over() {
        assert_eq!(lines(10, 20).before(&[hunk(8, 6, 8, 5)]), Some(lines(14, 21)));
        assert_eq!(lines(10, 20).before(&[hunk(17, 9, 17, 5)]), Some(lines(10, 17)));
        assert_eq!(lines(10, 20).before(&[hunk(17, 9, 17, 3)]), Some(lines(10, 17)), "new to the last line");
    }

    #[test]
    fn lines_that_one_change_wrote_were_not_there_before() {
        assert_eq!(lines(10, 20).before(&[hunk(3, 0, 9, 30)]), None);
        assert_eq!(lines(10, 20).before(&[hunk(10, 40, 10, 10)]), None, "a rewrite is no history");
    }

    #[test]
    fn a_range_is_split_around_what_was_added() {
        assert_eq!(lines(10, 20).split(&hunk(0, 0, 12, 3)), (3, [Some(lines(10, 12)), Some(lines(15, 20))]));
        assert_eq!(lines(10, 20).split(&hunk(0, 0, 5, 10)), (5, [None, Some(lines(15, 20))]));
        assert_eq!(lines(10, 20).split(&hunk(0, 0, 30, 10)), (0, [Some(lines(10, 20)), None]));
    }

    #[test]
    fn the_way_back_ends_where_it_is_not_known() {
        let change = |before, after, hunks: &[Hunk]| Change {
            path: 0,
            added: 1,
            removed: 0,
            before,
            after,
            hunks: hunks.to_vec(),
        };
        let one = [hunk(0, 0, 0, 1)];
        let changes = [
            change(8, 9, &one),
            change(3, 4, &one),
            change(9, 9, &[]),
            change(7, 8, &one),
            change(6, 7, &[]),
        ];
        let steps: Vec<Step<'_>> =
            changes.iter().enumerate().map(|(commit, change)| Step { commit, change }).collect();
        let found = |head| way_back(head, &steps).iter().map(|step| step.commit).collect::<Vec<_>>();
        assert_eq!(found(9), [0, 3]);
        assert_eq!(found(5), [] as [usize; 0]);
        assert_eq!(found(0), [] as [usize; 0]);
    }
}
