//! One change that stands in the history several times: on a branch and, carried over, on another that was merged.

use std::collections::{BTreeSet, HashSet};

use foldhash::fast::RandomState;

use crate::source::CommitRecord;

/// The changes that were met: by author and subject, and by what tells two changes under the same subject apart.
#[derive(Debug, Default)]
pub(super) struct Copies<'h> {
    met: HashSet<(u32, &'h str, Mark), RandomState>,
}

/// What two commits under the same subject share when they are one change.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Mark {
    /// When it was written, and how many lines of which files it added and removed.
    Whole(i64, Vec<(u32, u32, u32)>),
    /// When it was written.
    Time(i64),
    /// The files it changed.
    Files(BTreeSet<u32>),
}

impl<'h> Copies<'h> {
    /// Whether the change was met before. Two commits are one change when the same person wrote both under the same
    /// subject, and that names a pull request and both were written at the same second or change the same files, or
    /// both were written at the same second and change the same files by as much.
    pub(super) fn is_copy(&mut self, commit: &'h CommitRecord) -> bool {
        let marks = if names_a_request(&commit.subject) {
            let files = commit.changes.iter().map(|it| it.path).collect();
            vec![Mark::Time(commit.authored), Mark::Files(files)]
        } else {
            let changes = commit.changes.iter().map(|it| (it.path, it.added, it.removed)).collect();
            vec![Mark::Whole(commit.authored, changes)]
        };
        let mut copy = false;
        for mark in marks {
            copy |= !self.met.insert((commit.author, &commit.subject, mark));
        }
        copy
    }
}

/// Whether a subject ends with the number of a pull request in brackets, as forges write it.
fn names_a_request(subject: &str) -> bool {
    let number = subject.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once("(#"));
    number.is_some_and(|(_, digits)| !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Change;

    #[test]
    fn a_change_that_was_carried_over_counts_once() {
        let change = |added| Change { path: 0, added, removed: 0, before: 0, after: 0, hunks: Vec::new() };
        let commit = |author, subject: &str, authored| CommitRecord {
            id: String::new(),
            time: 0,
            authored,
            author,
            subject: subject.to_owned(),
            parents: 1,
            changes: vec![change(1)],
            changes_cut: false,
        };
        let elsewhere = |authored| {
            let change = Change { path: 1, ..change(1) };
            CommitRecord { changes: vec![change], ..commit(0, "Mend the parser (#12)", authored) }
        };
        let more = CommitRecord { changes: vec![change(2)], ..commit(0, "Update", 5) };
        let history = [
            (commit(0, "Mend the parser (#12)", 5), false),
            (commit(0, "Mend the parser (#12)", 9), true),
            (elsewhere(7), false),
            (elsewhere(5), true),
            (commit(1, "Mend the parser (#12)", 5), false),
            (commit(0, "Mend the parser (#13)", 5), false),
            (commit(0, "Update", 5), false),
            (commit(0, "Update", 6), false),
            (commit(0, "Update", 5), true),
            (more, false),
            (commit(0, "Close (#x)", 5), false),
            (commit(0, "Close (#x)", 6), false),
            (commit(0, "Close (#)", 5), false),
            (commit(0, "Close (#)", 6), false),
        ];
        let mut copies = Copies::default();
        for (commit, copy) in &history {
            assert_eq!(copies.is_copy(commit), *copy, "{} {}", commit.subject, commit.authored);
        }
    }
}
