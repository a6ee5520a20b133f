//! What the names of one file are given, in which order and under which conditions: noted during the walk, asked
//! afterwards for any place of the text.
//!
//! This is reaching definitions by the structure of the text: a name holds what it was given last before its use,
//! and everything it may have been given in branches since. What a loop carries round to its beginning is not seen.

mod arms;

use std::collections::{BTreeSet, HashMap};

use tree_sitter::Node;

pub(super) use arms::{Arm, Choice, Condition};

/// Things a name was given that are looked through for one use: of a name that is given more than that, nothing is
/// known.
const MAX_SEEN: usize = 24;

/// A place: in which function, in which branch, and how far into the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// Position in [`Flow::scopes`].
    pub scope: usize,
    /// Position in [`Flow::arms`].
    pub arm: usize,
    pub byte: usize,
}

/// What a name is given.
#[derive(Debug, Clone)]
pub(super) enum What<'t> {
    /// Something imported: its path.
    Import(String),
    /// What the caller passes: its position, and the type where it is written.
    Parameter(u32, Option<Node<'t>>),
    /// A value, or a member of it.
    Value(Node<'t>, Option<&'t str>),
    /// One of many values.
    Element(Node<'t>),
    /// More at its end: text, or an element.
    Added(Node<'t>),
    /// A value under a key that is an expression.
    Put(Node<'t>, Node<'t>),
    /// A value under a key that is a name.
    Member(&'t str, Node<'t>),
    /// An element is taken out.
    Removed(Node<'t>),
    /// A number, or something else that holds no text of others: by its type. The value, if it has one.
    Number(Option<Node<'t>>),
    /// Nothing yet: it is declared.
    Nothing,
    /// Something of this file that is not followed.
    Local,
}

impl What<'_> {
    /// Whether what the name held before is still there.
    pub(super) fn keeps(&self) -> bool {
        matches!(self, Self::Added(_) | Self::Put(..) | Self::Member(..) | Self::Removed(_))
    }
}

/// Something a name is given.
#[derive(Debug, Clone)]
pub(super) struct Given<'t> {
    pub what: What<'t>,
    /// Where it is evaluated.
    pub at: At,
    /// The byte from which the name holds it.
    pub from: usize,
    /// Tells it from all others of the file.
    pub id: usize,
}

/// A function, with what its summary is made of.
#[derive(Debug)]
pub(super) struct Function<'t> {
    pub class: Option<String>,
    pub parameters: Vec<&'t str>,
    /// The parameters that a framework fills with the request, as bits by position.
    pub requested: u64,
    /// How many of the parameters the caller does not write (`self`).
    pub implied: usize,
    /// Whether its type says that it gives a number.
    pub gives_number: bool,
    /// What it gives back.
    pub returns: Vec<(Node<'t>, At)>,
    /// The calls of it in this file: their arguments.
    pub calls: Vec<(Node<'t>, At)>,
}

#[derive(Debug, Default)]
struct Scope<'t> {
    outer: Option<usize>,
    names: HashMap<&'t str, Vec<Given<'t>>>,
    function: Option<usize>,
}

/// The names and functions of a file.
#[derive(Debug)]
pub(super) struct Flow<'t> {
    scopes: Vec<Scope<'t>>,
    arms: Vec<Arm<'t>>,
    functions: Vec<Function<'t>>,
    by_node: HashMap<usize, usize>,
    by_name: HashMap<&'t str, Vec<usize>>,
    pub classes: BTreeSet<String>,
    /// Where branches end by leaving their function: the byte, and the position in [`Flow::arms`].
    left: Vec<(usize, usize)>,
    /// Names that are counted up or down somewhere: they are no constants.
    counters: BTreeSet<&'t str>,
    scope: usize,
    arm: usize,
    givens: usize,
}

impl<'t> Flow<'t> {
    pub(super) fn new() -> Self {
        Self {
            scopes: vec![Scope::default()],
            arms: vec![Arm::root()],
            functions: Vec::new(),
            by_node: HashMap::new(),
            by_name: HashMap::new(),
            classes: BTreeSet::new(),
            left: Vec::new(),
            counters: BTreeSet::new(),
            scope: 0,
            arm: 0,
            givens: 0,
        }
    }

    /// The place of the walk, with the byte given.
    pub(super) fn at(&self, byte: usize) -> At {
        At { scope: self.scope, arm: self.arm, byte }
    }

    /// Enters a function. The name is for calls by it, and only of functions that have one.
    pub(super) fn enter_function(&mut self, node: Node<'t>, name: Option<&'t str>, function: Function<'t>) {
        let number = self.functions.len();
        self.functions.push(function);
        self.by_node.insert(node.id(), number);
        if let Some(name) = name {
            self.by_name.entry(name).or_default().push(number);
        }
        let scope = Scope { outer: Some(self.scope), names: HashMap::new(), function: Some(number) };
        self.scope = self.scopes.len();
        self.scopes.push(scope);
        self.push_arm(None, true);
    }

    pub(super) fn leave_function(&mut self) {
        self.leave_arm();
        if let Some(outer) = self.scopes.get(self.scope).and_then(|scope| scope.outer) {
            self.scope = outer;
        }
    }

    /// Enters what is run under a condition only, or more than once.
    pub(super) fn enter_arm(&mut self, condition: Option<Condition<'t>>) {
        self.push_arm(condition, false);
    }

    fn push_arm(&mut self, condition: Option<Condition<'t>>, body: bool) {
        let outer = self.arm;
        self.arm = self.arms.len();
        self.arms.push(Arm::new(outer, condition, body));
    }

    pub(super) fn leave_arm(&mut self) {
        let last = self.arms.len().saturating_sub(1);
        if let Some(arm) = self.arms.get_mut(self.arm) {
            arm.last = last;
            self.arm = arm.outer;
        }
    }

    /// Notes that the current branch ends, at a byte, by leaving the function.
    pub(super) fn exits(&mut self, byte: usize) {
        if let Some(arm) = self.arms.get_mut(self.arm)
            && !arm.body
        {
            arm.exits = true;
            self.left.push((byte, self.arm));
        }
    }

    /// Notes what the current function gives back.
    pub(super) fn returns(&mut self, value: Node<'t>, byte: usize) {
        let at = self.at(byte);
        let function = self.scopes.get(self.scope).and_then(|scope| scope.function);
        if let Some(function) = function.and_then(|function| self.functions.get_mut(function)) {
            function.returns.push((value, at));
        }
    }

    pub(super) fn count(&mut self, name: &'t str) {
        self.counters.insert(name);
    }

    pub(super) fn is_counter(&self, name: &str) -> bool {
        self.counters.contains(name)
    }

    /// Notes what a name is given, to hold from a byte on, evaluated at another.
    ///
    /// What is assigned or changed belongs to the function that knows the name, the innermost one; a declaration to
    /// the current one.
    pub(super) fn give(
        &mut self,
        name: &'t str,
        what: What<'t>,
        (evaluated, from): (usize, usize),
        declares: bool,
    ) {
        let owner = if declares { None } else { self.owner(name) };
        if owner.is_none() && what.keeps() {
            return;
        }
        let at = self.at(evaluated);
        let id = self.givens;
        self.givens += 1;
        if let Some(scope) = self.scopes.get_mut(owner.unwrap_or(self.scope)) {
            scope.names.entry(name).or_default().push(Given { what, at, from, id });
        }
    }

    fn owner(&self, name: &str) -> Option<usize> {
        let mut scope = Some(self.scope);
        while let Some(number) = scope {
            let here = self.scopes.get(number)?;
            if here.names.contains_key(name) {
                return Some(number);
            }
            scope = here.outer;
        }
        None
    }

    /// Puts everything into the order of the text, once the walk is over.
    pub(super) fn finish(&mut self) {
        for given in self.scopes.iter_mut().flat_map(|scope| scope.names.values_mut()) {
            given.sort_by_key(|given| given.from);
        }
    }

    /// What a name may hold at a place, in the order of the text; `None` when too much to tell. A name that this
    /// file says nothing of gives nothing.
    pub(super) fn reaching(&self, name: &str, at: At) -> Option<Vec<&Given<'t>>> {
        let mut number = Some(at.scope);
        while let Some(scope) = number.and_then(|number| self.scopes.get(number)) {
            if let Some(given) = scope.names.get(name) {
                let before = given.partition_point(|given| given.from <= at.byte);
                let own = number == Some(at.scope);
                match given.get(..before) {
                    Some(seen) if !seen.is_empty() => return self.last(seen, at),
                    // A function can be called after what stands below it has happened.
                    _ if !own && given.len() <= MAX_SEEN => return Some(given.iter().collect()),
                    _ if !own => return None,
                    _ => {}
                }
            }
            number = scope.outer;
        }
        Some(Vec::new())
    }

    fn last<'a>(&self, given: &'a [Given<'t>], at: At) -> Option<Vec<&'a Given<'t>>> {
        let mut found = Vec::new();
        for (steps, given) in given.iter().rev().enumerate() {
            if steps >= MAX_SEEN {
                return None;
            }
            let Some(arm) = self.effective(given.at.arm) else { continue };
            let around = self.surrounds(arm, at.arm);
            if !around && self.is_past(arm, at.arm) {
                continue;
            }
            found.push(given);
            if around && !given.what.keeps() {
                break;
            }
        }
        found.reverse();
        Some(found)
    }

    /// The values that names are given between two bytes, each with its name, in the order of the text.
    pub(super) fn given_between(&self, from: usize, to: usize) -> Vec<(&'t str, Node<'t>)> {
        let all = self.scopes.iter().flat_map(|scope| &scope.names);
        let within = |given: &&Given<'t>| (from..to).contains(&given.at.byte);
        let given =
            all.flat_map(|(name, given)| given.iter().filter(within).map(move |given| (*name, given)));
        let mut found: Vec<_> = given
            .filter_map(|(name, given)| match given.what {
                What::Value(value, _)
                | What::Element(value)
                | What::Added(value)
                | What::Put(_, value)
                | What::Member(_, value)
                | What::Number(Some(value)) => Some((given.id, name, value)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(id, ..)| *id);
        found.into_iter().map(|(_, name, value)| (name, value)).collect()
    }

    /// The function a node makes.
    pub(super) fn function_at(&self, node: Node<'t>) -> Option<usize> {
        self.by_node.get(&node.id()).copied()
    }

    pub(super) fn function(&self, number: usize) -> Option<&Function<'t>> {
        self.functions.get(number)
    }

    /// The function around a place.
    pub(super) fn function_around(&self, at: At) -> Option<usize> {
        self.scopes.get(at.scope)?.function
    }

    /// The functions of this name.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Notes a call of a function of this file.
    pub(super) fn called(&mut self, function: usize, arguments: Node<'t>, at: At) {
        if let Some(function) = self.functions.get_mut(function)
            && function.calls.len() < MAX_SEEN
        {
            function.calls.push((arguments, at));
        }
    }
}
