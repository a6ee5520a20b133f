//! How far a branch has moved on from a commit.

use std::collections::{BinaryHeap, HashMap};

use gix::ObjectId;

use super::objects::ObjectError;
use super::repository::Repository;

/// Commits that are counted; beyond that a number says no more than "many".
const COUNTED: u32 = 1_000;

/// Commits that are looked at to count them and to meet the other one.
const READ: usize = 20_000;

/// What a branch has that a commit does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// How many commits, by their times; at most 1,000.
    pub commits: u32,
    /// Whether there are more.
    pub more: bool,
    /// Whether the branch still follows the commit: it does not where its history was rewritten.
    pub follows: bool,
}

/// Who follows a commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Followed {
    by_head: bool,
    by_known: bool,
}

impl Repository {
    /// Counts what `head` has that `known` does not follow. `None` where `known` is not there any more.
    ///
    /// # Errors
    /// When a commit cannot be read.
    pub fn ahead(&self, known: ObjectId, head: ObjectId) -> Result<Option<Ahead>, ObjectError> {
        let mut walk =
            Walk { repository: self, seen: HashMap::new(), queue: BinaryHeap::new(), buffer: Vec::new() };
        match walk.reach(known, Followed { by_head: false, by_known: true }) {
            Err(ObjectError::Missing) => return Ok(None),
            other => other?,
        }
        walk.reach(head, Followed { by_head: true, by_known: false })?;
        while let Some((_, id)) = walk.queue.pop() {
            let followed = walk.seen.get(&id).copied().unwrap_or_default();
            // Where all that is left is followed by both, nothing new is found any more.
            if walk.seen.len() >= READ || !walk.is_open(followed) {
                break;
            }
            for parent in self.commit(&id, &mut walk.buffer)?.parents {
                walk.reach(parent, followed)?;
            }
        }
        walk.settle()?;
        let cut = walk.seen.len() >= READ;
        let own = walk.seen.values().filter(|it| it.by_head && !it.by_known).count();
        let commits = u32::try_from(own).unwrap_or(u32::MAX);
        let met = walk.seen.get(&known).is_some_and(|it| it.by_head);
        // What lies too far back to be met is not taken for rewritten.
        Ok(Some(Ahead { commits: commits.min(COUNTED), more: commits > COUNTED || cut, follows: met || cut }))
    }
}

struct Walk<'a> {
    repository: &'a Repository,
    seen: HashMap<ObjectId, Followed>,
    /// The newest first.
    queue: BinaryHeap<(i64, ObjectId)>,
    buffer: Vec<u8>,
}

impl Walk<'_> {
    /// Notes who follows a commit; it is looked at again where that is news.
    fn reach(&mut self, id: ObjectId, by: Followed) -> Result<(), ObjectError> {
        let before = self.seen.get(&id).copied().unwrap_or_default();
        let now =
            Followed { by_head: before.by_head || by.by_head, by_known: before.by_known || by.by_known };
        if now == before {
            return Ok(());
        }
        let time = self.repository.commit(&id, &mut self.buffer)?.time;
        self.seen.insert(id, now);
        self.queue.push((time, id));
        Ok(())
    }

    /// Takes what a commit of both follows for one of both as well. The walk came past it before where clocks were wrong.
    fn settle(&mut self) -> Result<(), ObjectError> {
        let both = Followed { by_head: true, by_known: true };
        let mut open: Vec<ObjectId> =
            self.seen.iter().filter(|(_, followed)| **followed == both).map(|(id, _)| *id).collect();
        while let Some(id) = open.pop() {
            for parent in self.repository.commit(&id, &mut self.buffer)?.parents {
                if let Some(followed) = self.seen.get_mut(&parent).filter(|followed| **followed != both) {
                    *followed = both;
                    open.push(parent);
                }
            }
        }
        Ok(())
    }

    /// Whether the commit that was taken up, or one that is waiting, is followed by only one side.
    fn is_open(&self, taken: Followed) -> bool {
        taken.by_head != taken.by_known
            || self.queue.iter().any(|(_, id)| self.seen.get(id).is_some_and(|it| it.by_head != it.by_known))
    }
}
