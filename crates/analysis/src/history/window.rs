//! The commits of the window, each looked at once.

use super::commits::{Class, Classifier};
use super::copies::Copies;
use super::{DAY, WINDOW_DAYS};
use crate::source::HistoryInput;

/// What a commit counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is older than the window.
    Outside,
    Merge,
    Bot,
    Sweeping,
    /// It stands there twice.
    Copy,
    /// It counts.
    Work {
        /// Whether it says that it mends something.
        fix: bool,
        /// Whether it says that it takes an earlier one back.
        revert: bool,
    },
}

/// A history with what each of its commits counts as.
#[derive(Debug)]
pub struct Window<'h> {
    pub(super) input: &'h HistoryInput,
    pub(super) head_time: i64,
    verdicts: Vec<Verdict>,
}

impl<'h> Window<'h> {
    /// The window is counted back from `head_time`, the analysed commit's own time, so that the same commit gives the
    /// same answer at any later date. `files` is how many live today.
    pub fn of(input: &'h HistoryInput, head_time: i64, files: usize) -> Self {
        let since = head_time.saturating_sub(i64::from(WINDOW_DAYS) * DAY);
        let classifier = Classifier::new(input, files, since);
        let mut copies = Copies::default();
        let verdicts = input.commits.iter().map(|commit| {
            // Clocks of committers differ: what claims to be from after the head is as recent as the head.
            if commit.time <= since {
                return Verdict::Outside;
            }
            match classifier.class(commit) {
                Class::Merge => Verdict::Merge,
                Class::Bot => Verdict::Bot,
                Class::Sweeping => Verdict::Sweeping,
                Class::Work if copies.is_copy(commit) => Verdict::Copy,
                Class::Work => Verdict::Work {
                    fix: classifier.is_fix(&commit.subject),
                    revert: Classifier::is_revert(&commit.subject),
                },
            }
        });
        Self { input, head_time, verdicts: verdicts.collect() }
    }

    /// What each commit counts as, in their order.
    pub(super) fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Whether a commit counts, and whether it is a fix.
    pub(super) fn counts(&self, commit: usize) -> (bool, bool) {
        match self.verdicts.get(commit) {
            Some(Verdict::Work { fix, .. }) => (true, *fix),
            _ => (false, false),
        }
    }
}
