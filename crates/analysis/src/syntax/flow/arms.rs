//! Branches: what is run under a condition only, or more than once.

use std::cell::Cell;

use tree_sitter::Node;

use super::{At, Flow};

/// Branches that were left before a place that are looked at.
const MAX_LEFT: usize = 256;

/// Branches between a place and the function's own body that are looked at.
const MAX_DEPTH: usize = 32;

/// Under which condition a branch is taken.
#[derive(Debug, Clone, Copy)]
pub(in crate::syntax) struct Condition<'t> {
    /// What decides.
    pub on: Node<'t>,
    pub choice: Choice<'t>,
    /// The node that has this branch and the others, of which one alone is taken.
    pub among: usize,
    pub at: At,
}

/// Which branch it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::syntax) enum Choice<'t> {
    /// The one for a condition that holds, or for one that does not.
    Holds(bool),
    /// The one for a value: the node with the values.
    Case(Node<'t>),
}

/// A branch.
#[derive(Debug)]
pub(in crate::syntax) struct Arm<'t> {
    /// The branch around it.
    pub outer: usize,
    /// The last branch inside it.
    pub last: usize,
    pub condition: Option<Condition<'t>>,
    /// The innermost branch around or at this one that is not always taken; nothing when it is never run.
    effective: Cell<Option<usize>>,
    /// Whether it ends by leaving the function.
    pub exits: bool,
    /// Whether it is the body of a function.
    pub body: bool,
}

impl<'t> Arm<'t> {
    pub(super) fn root() -> Self {
        Self {
            outer: 0,
            last: usize::MAX,
            condition: None,
            effective: Cell::new(Some(0)),
            exits: false,
            body: true,
        }
    }

    pub(super) fn new(outer: usize, condition: Option<Condition<'t>>, body: bool) -> Self {
        Self { outer, condition, body, ..Self::root() }
    }

    /// The node that has this branch and others of which one alone is taken. Cases can be run one after another.
    fn alternative(&self) -> Option<usize> {
        let holds = self.condition.filter(|condition| matches!(condition.choice, Choice::Holds(_)))?;
        Some(holds.among)
    }
}

impl<'t> Flow<'t> {
    /// The branches, in the order of the text: each after the one around it.
    pub(in crate::syntax) fn arms(&self) -> &[Arm<'t>] {
        &self.arms
    }

    /// The innermost branch around (or at) this one that is not always taken; `None` when it is never run.
    pub(super) fn effective(&self, arm: usize) -> Option<usize> {
        self.arms.get(arm)?.effective.get()
    }

    /// Notes what is known of a branch. The one around it comes first.
    pub(in crate::syntax) fn settle(&self, number: usize, taken: Option<bool>) {
        let Some(arm) = self.arms.get(number) else { return };
        let outer = self.effective(arm.outer);
        arm.effective.set(match taken {
            _ if outer.is_none() => None,
            Some(false) => None,
            Some(true) => outer,
            None => Some(number),
        });
    }

    /// Whether one branch is the other, or around it.
    pub(super) fn surrounds(&self, outer: usize, inner: usize) -> bool {
        outer <= inner && self.arms.get(outer).is_some_and(|arm| inner <= arm.last)
    }

    /// Whether what happens in one branch cannot have happened when the other, which it does not surround, is run
    /// after it: because the first leaves the function, or because only one of the two is taken.
    pub(super) fn is_past(&self, before: usize, after: usize) -> bool {
        let mut below = before;
        for _ in 0..MAX_DEPTH {
            let Some(arm) = self.arms.get(below) else { return false };
            if arm.exits {
                return true;
            }
            if self.surrounds(arm.outer, after) {
                let among = arm.alternative();
                return among.is_some() && among == self.condition_below(arm.outer, after);
            }
            below = arm.outer;
        }
        false
    }

    /// What decides over the branch that is right inside `outer` and has `inner`.
    fn condition_below(&self, outer: usize, inner: usize) -> Option<usize> {
        let mut below = inner;
        for _ in 0..MAX_DEPTH {
            let arm = self.arms.get(below)?;
            if arm.outer == outer {
                return arm.alternative();
            }
            below = arm.outer;
        }
        None
    }

    /// The conditions of the branches around a place, the nearest first, in its function.
    pub(in crate::syntax) fn conditions(&self, at: At) -> impl Iterator<Item = Node<'t>> {
        let mut number = at.arm;
        let arms = std::iter::from_fn(move || {
            let arm = self.arms.get(number).filter(|arm| !arm.body)?;
            number = arm.outer;
            Some(arm.condition.map(|condition| condition.on))
        });
        arms.take(MAX_DEPTH).flatten()
    }

    /// The conditions above a place under which its function was left before it, the nearest first; each with where it
    /// was asked.
    pub(in crate::syntax) fn guards(&self, at: At) -> impl Iterator<Item = (Node<'t>, At)> {
        self.left_before(at).map(|guard| (guard.on, guard.at))
    }

    fn left_before(&self, at: At) -> impl Iterator<Item = Condition<'t>> {
        let end = self.left.partition_point(|(byte, _)| *byte < at.byte);
        let near = self.left.get(..end).unwrap_or_default().iter().rev().take(MAX_LEFT);
        let conditions = near.filter_map(|(_, arm)| self.arms.get(*arm)?.condition);
        let above = conditions
            .filter(move |guard| guard.at.scope == at.scope && self.surrounds(guard.at.arm, at.arm));
        above.take(MAX_DEPTH)
    }

    /// What is known at a place of the conditions around it, and of those under which its function was left before it:
    /// each with where it was asked, and whether it holds.
    pub(in crate::syntax) fn known(&self, at: At) -> impl Iterator<Item = (Node<'t>, At, bool)> {
        let mut number = at.arm;
        let around = std::iter::from_fn(move || {
            let arm = self.arms.get(number).filter(|arm| !arm.body)?;
            number = arm.outer;
            Some(arm.condition)
        });
        let around = around.take(MAX_DEPTH).flatten().map(|condition| (condition, true));
        let before = self.left_before(at).map(|condition| (condition, false));
        around.chain(before).filter_map(|(condition, taken)| match condition.choice {
            Choice::Holds(holds) => Some((condition.on, condition.at, holds == taken)),
            Choice::Case(_) => None,
        })
    }

    /// Whether what happens at one place has always happened at the other, which stands below it.
    pub(in crate::syntax) fn is_certain(&self, before: At, after: At) -> bool {
        self.effective(before.arm).is_some_and(|arm| self.surrounds(arm, after.arm))
    }

    /// Whether that is so, and neither a function nor a loop begins between the two.
    pub(in crate::syntax) fn is_settled(&self, before: At, after: At) -> bool {
        let mut number = after.arm;
        for _ in 0..MAX_DEPTH {
            if self.surrounds(number, before.arm) {
                return self.is_certain(before, after);
            }
            match self.arms.get(number) {
                Some(arm) if arm.condition.is_some() => number = arm.outer,
                _ => return false,
            }
        }
        false
    }
}
