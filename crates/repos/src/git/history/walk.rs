//! The order of a history.

use std::collections::BinaryHeap;

use gix::ObjectId;

use super::known::{KnownCommits, Parent};
use super::{Source, View};
use crate::git::ids::{IdMap, IdSet};
use crate::git::repository::CommitInfo;
use crate::limits::Limits;

/// Where a commit is written down: in a row of the table of known commits, or among the [others](Walked::others).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Row(u32),
    Other(u32),
}

/// A commit of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) time: i64,
    pub(super) id: ObjectId,
    pub(super) place: Place,
}

/// What a walk came by.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Newest first.
    pub(super) steps: Vec<Step>,
    /// The commits that are not in the table.
    pub(super) others: Vec<CommitInfo>,
    /// Those of them that were met but lie beyond the limit.
    pub(super) beyond: Vec<Step>,
    pub(super) truncated: bool,
    pub(super) unreadable: u64,
}

/// A walk that is under way.
struct Walk<'a> {
    source: Source<'a>,
    buffer: Vec<u8>,
    /// The rows that were met, and the other commits.
    rows: Vec<bool>,
    ids: IdSet,
    queue: BinaryHeap<Step>,
    walked: Walked,
}

/// Walks from `head` to its ancestors, newest first by committer time; equal times by id, so that two runs agree.
pub(super) fn walk(source: Source<'_>, head: ObjectId, newest: CommitInfo, limits: &Limits) -> Walked {
    let mut walk = Walk {
        source,
        buffer: Vec::new(),
        rows: vec![false; source.known.table.len()],
        ids: IdSet::default(),
        queue: BinaryHeap::new(),
        walked: Walked::default(),
    };
    if let Some(row) = source.known.table.find(&head) {
        walk.row(row);
    } else {
        walk.ids.insert(head);
        walk.other(head, newest);
    }
    let mut beyond = None;
    while let Some(step) = walk.queue.pop() {
        if walk.walked.steps.len() >= limits.commits {
            walk.walked.truncated = true;
            beyond = Some(step);
            break;
        }
        walk.walked.steps.push(step);
        walk.parents(step);
    }
    walk.walked.beyond.extend(beyond.into_iter().chain(walk.queue).filter(Step::is_other));
    walk.walked
}

impl Step {
    fn is_other(&self) -> bool {
        matches!(self.place, Place::Other(_))
    }
}

impl Walk<'_> {
    /// Puts the parents into the queue. An octopus with a million arms would fill it; nobody can mean that.
    fn parents(&mut self, step: Step) {
        const MOST: usize = 1_000;
        match step.place {
            Place::Row(row) => {
                if self.source.repository.ends_at(&step.id) {
                    return;
                }
                let table = self.source.known.table;
                for parent in table.parents(row).take(MOST) {
                    match parent {
                        Parent::Row(row) => self.row(row),
                        Parent::Id(id) => self.id(id),
                    }
                }
            }
            Place::Other(index) => {
                let parents = |walked: &Walked| Some(walked.others.get(index as usize)?.parents.clone());
                for parent in parents(&self.walked).unwrap_or_default().into_iter().take(MOST) {
                    self.id(parent);
                }
            }
        }
    }

    fn id(&mut self, id: ObjectId) {
        if let Some(row) = self.source.known.table.find(&id) {
            self.row(row);
        } else if self.ids.insert(id) {
            if let Ok(commit) = self.source.commit(&id, &mut self.buffer) {
                self.other(id, commit);
            } else {
                self.walked.truncated = true;
                self.walked.unreadable += 1;
            }
        }
    }

    fn row(&mut self, row: u32) {
        let table = self.source.known.table;
        let Some(met) = self.rows.get_mut(row as usize).filter(|met| !**met) else { return };
        *met = true;
        if let Some((time, id)) = table.time(row).zip(table.id(row)) {
            self.queue.push(Step { time, id, place: Place::Row(row) });
        }
    }

    fn other(&mut self, id: ObjectId, commit: CommitInfo) {
        let Ok(index) = u32::try_from(self.walked.others.len()) else { return };
        self.queue.push(Step { time: commit.time, id, place: Place::Other(index) });
        self.walked.others.push(commit);
    }
}

impl Walked {
    /// What a commit says.
    pub(super) fn view<'a>(&'a self, known: &KnownCommits<'a>, step: &Step) -> Option<View<'a>> {
        match step.place {
            Place::Row(row) => known.table.view(row),
            Place::Other(index) => self.others.get(index as usize).map(View::of),
        }
    }

    /// The folders of files of the others.
    pub(super) fn trees(&self) -> IdMap<ObjectId> {
        let other = |step: &Step| match step.place {
            Place::Row(_) => None,
            Place::Other(index) => self.others.get(index as usize).map(|commit| (step.id, commit.tree)),
        };
        self.steps.iter().filter_map(other).collect()
    }
}
