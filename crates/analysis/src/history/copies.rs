//! One change that stands in the history several times: on a branch and, carried over, on another that was merged.

use std::collections::HashSet;

use crate::source::CommitRecord;

/// The changes that were met: by author and subject, and by what was written where the subject names no pull request.
#[derive(Debug, Default)]
pub(super) struct Copies<'h> {
    met: HashSet<(u32, &'h str, Option<Written>)>,
}

/// When a change was written, and how many lines of which files it added and removed.
type Written = (i64, Vec<(u32, u32, u32)>);

impl<'h> Copies<'h> {
    /// Whether the change was met before. Two commits are one change when the same person wrote both under the same
    /// subject, and that names a pull request, which is merged once, or both were written at the same second and change
    /// the same files by as much.
    pub(super) fn is_copy(&mut self, commit: &'h CommitRecord) -> bool {
        let written = || {
            let changes = commit.changes.iter().map(|it| (it.path, it.added, it.removed)).collect();
            (commit.authored, changes)
        };
        let written = (!names_a_request(&commit.subject)).then(written);
        !self.met.insert((commit.author, &commit.subject, written))
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
        let more = CommitRecord { changes: vec![change(2)], ..commit(0, "Update", 5) };
        let history = [
            (commit(0, "Mend the parser (#12)", 5), false),
            (commit(0, "Mend the parser (#12)", 9), true),
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
