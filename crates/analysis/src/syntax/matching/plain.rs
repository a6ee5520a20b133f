//! The plain flow: what a rule about a value from outside may be sure of.
//!
//! A value flows plainly from a request to where a rule is about it if each step between the two is one of these, and
//! [`Unclear`] names what else there may be:
//!
//! - it is given to a name, a member or an element, or taken from one;
//! - it is put together with other text, or stands among others in a list;
//! - it is handed through a call that the lists of its language (`carry`, `join`, `format`, or `plain`, which is for all
//!   languages) name as one that changes nothing that matters;
//! - it is handed to or given back by a function of the same file in which it flows plainly;
//!
//! and nothing between the two asks about it, or about what was made of it, other than whether it is there, how long it
//! is, whether there is such a file, or whether it is one text whose branch its use is not in. What is asked of the outcome
//! of its use, or of the same use before, is no check of it.
//!
//! Whatever is not plain may be as harmful, but only a reader can tell: it is low.

mod looked;
mod said;

use std::cell::Cell;

use tree_sitter::Node;

use self::looked::{Tracked, looked_at};
use crate::syntax::flow::{At, Given, What};
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, named_children, text};
use crate::syntax::value::{Kind, Origin};

/// Steps that are taken for one value.
const MAX_STEPS: u32 = 600;

/// How far it is followed.
const MAX_DEPTH: u8 = 24;

/// Values of one list that are looked at.
const MAX_LISTED: usize = 16;

/// Why a value does not plainly come from a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unclear {
    /// A condition on this line looks at it first.
    Asked(u32),
    /// It passes through a call that is not followed: of another file, or of what may clean it, choose by it, or make
    /// something else of it.
    Call(String),
    /// It comes from somewhere else: from who calls or runs the program, from a file, or from the program itself.
    Elsewhere,
    /// Its way is too long to follow.
    TooLong,
}

impl Unclear {
    /// What is said of it at the end of a message.
    pub(super) fn said(&self) -> String {
        match self {
            Self::Asked(line) => format!("; line {line} looks at it first"),
            Self::Call(name) if name.is_empty() => {
                "; it passes through a call that was not followed".to_owned()
            }
            Self::Call(name) => format!("; it passes through `{name}`, which was not followed"),
            Self::Elsewhere => "; nothing shows that it comes from outside".to_owned(),
            Self::TooLong => "; its way here is too long to be sure of".to_owned(),
        }
    }

    /// The one that says more to a reader.
    fn or(self, other: Self) -> Self {
        let says = |one: &Self| match one {
            Self::Asked(_) => 3,
            Self::Call(_) => 2,
            Self::TooLong => 1,
            Self::Elsewhere => 0,
        };
        if says(&other) > says(&self) { other } else { self }
    }
}

/// A part of the way within one function: from where it comes into it to where it leaves it or is used.
#[derive(Debug, Clone)]
struct Stretch<'t> {
    /// Where it is used, or handed on.
    end: Node<'t>,
    /// What it is called there.
    names: Vec<Tracked>,
    /// The first byte at which one of these names is given something.
    from: usize,
}

impl<'t> Stretch<'t> {
    fn new(end: Node<'t>) -> Self {
        Self { end, names: Vec::new(), from: end.start_byte() }
    }
}

/// The way of a value, from its end.
#[derive(Debug, Clone)]
struct Trail<'t> {
    stretches: Vec<Stretch<'t>>,
    /// The functions of this file that it comes out of, each with the call.
    calls: Vec<(usize, Node<'t>, At)>,
}

impl<'t> Trail<'t> {
    fn called(mut self, name: Tracked, from: usize) -> Self {
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.names.push(name);
            stretch.from = stretch.from.min(from);
        }
        self
    }

    fn entered(mut self, end: Node<'t>) -> Self {
        self.stretches.push(Stretch::new(end));
        self
    }
}

type Outcome = Result<(), Unclear>;

/// Why none of some values plainly comes from a request; nothing where one does.
pub(super) fn unclear<'t>(values: &[(Node<'t>, At)], view: &View<'_, 't>) -> Option<Unclear> {
    let way = Way { view, left: Cell::new(MAX_STEPS) };
    let each = values.iter().map(|(value, at)| {
        let trail = Trail { stretches: vec![Stretch::new(*value)], calls: Vec::new() };
        way.follow(*value, *at, None, trail, MAX_DEPTH)
    });
    any(each).err()
}

/// Whether one of some ways is plain; otherwise what says most of why none is.
fn any(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut why = Unclear::Elsewhere;
    for outcome in outcomes {
        match outcome {
            Ok(()) => return Ok(()),
            Err(other) => why = why.or(other),
        }
    }
    Err(why)
}

struct Way<'a, 'v, 't> {
    view: &'a View<'v, 't>,
    left: Cell<u32>,
}

impl<'t> Way<'_, '_, 't> {
    /// Follows a value from where it is used; `member` is what of it is.
    fn follow(&self, node: Node<'t>, at: At, member: Option<&str>, trail: Trail<'t>, depth: u8) -> Outcome {
        let Some((left, depth)) = self.left.get().checked_sub(1).zip(depth.checked_sub(1)) else {
            return Err(Unclear::TooLong);
        };
        self.left.set(left);
        let view = self.view.from(at);
        let value = view.value(node);
        if value.origin != Origin::Request || value.kind <= Kind::Safe {
            return Err(Unclear::Elsewhere);
        }
        let expr = view.adapter.expr(node, view.src);
        let more = |node: Node<'t>, member| self.follow(node, at, member, trail.clone(), depth);
        match expr {
            Expr::Name(name) => self.named(name, node, at, member, trail, depth),
            // What it wraps may be a name, which conditions ask about.
            Expr::Wrap(inner) => more(inner, member),
            _ if is_source(node, &view) => self.arrived(node, &view, trail),
            Expr::Member { object, property } => more(object, Some(property)),
            Expr::Index { object } => more(object, None),
            Expr::Concat(one, other) | Expr::Choice(one, other) => {
                any([one, other].into_iter().map(|part| more(part, None)))
            }
            Expr::Format(_, values) => any(values.into_iter().map(|part| more(part, None))),
            Expr::List(list) => {
                any(named_children(list, MAX_LISTED).into_iter().map(|part| more(part, None)))
            }
            Expr::Call { .. } | Expr::Method { .. } => self.called(node, at, trail, depth),
            _ => Err(Unclear::Call(String::new())),
        }
    }

    fn named(
        &self,
        name: &'t str,
        node: Node<'t>,
        at: At,
        member: Option<&str>,
        trail: Trail<'t>,
        depth: u8,
    ) -> Outcome {
        let view = self.view.from(at);
        let Some(reaching) = view.flow.reaching(name, at) else { return Err(Unclear::TooLong) };
        let own = reaching.iter().all(|given| matches!(given.what, What::Import(_)));
        if own && is_source(node, &view) {
            return self.arrived(node, &view, trail);
        }
        any(reaching.iter().map(|given| {
            let known = match member {
                Some(member) if self.is_bag(given) => Tracked::member(name, member),
                _ => Tracked::whole(name),
            };
            let known = known.since(given.from);
            self.given(given, trail.clone().called(known, given.at.byte), depth)
        }))
    }

    /// Whether a name is given many parts of a request, each of which is asked about for itself.
    fn is_bag(&self, given: &Given<'t>) -> bool {
        let view = self.view.from(given.at);
        match given.what {
            What::Value(mut value, None) => {
                while let Expr::Wrap(inner) = view.adapter.expr(value, view.src) {
                    value = inner;
                }
                is_source(value, &view)
            }
            What::Parameter(..) | What::Element(_) => true,
            _ => false,
        }
    }

    fn given(&self, given: &Given<'t>, trail: Trail<'t>, depth: u8) -> Outcome {
        let at = given.at;
        let view = self.view.from(at);
        match given.what {
            What::Value(value, Some(member)) => {
                let path = format!("{}.{member}", view.path(value));
                if view.sources.origin(&path) == Origin::Request {
                    return self.judged(&match view.adapter.expr(value, view.src) {
                        Expr::Name(name) if is_alias(name, at, &view) => {
                            trail.called(Tracked::member(name, member), at.byte)
                        }
                        _ => trail,
                    });
                }
                self.follow(value, at, Some(member), trail, depth)
            }
            What::Value(value, None)
            | What::Element(value)
            | What::Added(value)
            | What::Put(_, value)
            | What::Member(_, value) => self.follow(value, at, None, trail, depth),
            What::Parameter(position, _) => self.parameter(at, position, trail, depth),
            _ => Err(Unclear::Elsewhere),
        }
    }

    /// What a caller passes: the call that the way came out of, or any of this file.
    fn parameter(&self, at: At, position: u32, mut trail: Trail<'t>, depth: u8) -> Outcome {
        let flow = self.view.flow;
        let number = flow.function_around(at);
        let Some((number, function)) = number.and_then(|number| Some((number, flow.function(number)?)))
        else {
            return Err(Unclear::Elsewhere);
        };
        if function.requested.checked_shr(position).is_some_and(|bits| bits & 1 == 1) {
            return self.judged(&trail);
        }
        let passed = |(list, at): (Node<'t>, At), trail: Trail<'t>| {
            let passed = self.view.from(at).passed(number, position, list);
            let Some(passed) = passed else { return Err(Unclear::Elsewhere) };
            self.follow(passed, at, None, trail.entered(passed), depth)
        };
        if let Some((called, list, at)) = trail.calls.pop() {
            return if called == number { passed((list, at), trail) } else { Err(Unclear::TooLong) };
        }
        any(function.calls.iter().map(|call| passed(*call, trail.clone())))
    }

    fn called(&self, node: Node<'t>, at: At, mut trail: Trail<'t>, depth: u8) -> Outcome {
        let view = self.view.from(at);
        if let Some((number, list)) = view.callee(node)
            && let Some(function) = view.flow.function(number)
        {
            let Some(list) = list else { return Err(Unclear::Elsewhere) };
            if trail.calls.iter().any(|(known, ..)| *known == number) {
                return Err(Unclear::TooLong);
            }
            trail.calls.push((number, list, at));
            return any(function
                .returns
                .iter()
                .map(|(value, at)| self.follow(*value, *at, None, trail.clone().entered(*value), depth)));
        }
        let Some((object, name, path)) = called_as(node, &view) else { return Err(Unclear::Elsewhere) };
        if !view.sources.is_plain(&path, name) {
            return Err(Unclear::Call(looked::shortened(name)));
        }
        let getter = name.strip_prefix("get").filter(|rest| !rest.is_empty()).map(|_| name);
        let of_object = object.map(|object| self.follow(object, at, getter, trail.clone(), depth));
        let arguments = view.call_arguments(node).into_iter();
        any(of_object
            .into_iter()
            .chain(arguments.map(|one| self.follow(one, at, None, trail.clone(), depth))))
    }

    /// The way ends at a part of a request that is written so.
    fn arrived(&self, source: Node<'t>, view: &View<'_, 't>, trail: Trail<'t>) -> Outcome {
        let mut head = source;
        let mut alias = false;
        let from = loop {
            head = match view.adapter.expr(head, view.src) {
                Expr::Member { object, .. }
                | Expr::Index { object }
                | Expr::Wrap(object)
                | Expr::Method { object: Some(object), .. } => object,
                Expr::Call { callee, .. } => callee,
                Expr::Name(name) => {
                    alias = is_alias(name, view.at, view);
                    let given = view.flow.reaching(name, view.at).unwrap_or_default();
                    let given = given.iter().filter(|given| !matches!(given.what, What::Import(_)));
                    break given.map(|given| given.at.byte).min().unwrap_or(source.start_byte());
                }
                _ => break source.start_byte(),
            };
        };
        let known = Tracked::source(text(source, view.src));
        self.judged(&trail.called(if alias { known.of_alias() } else { known }, from))
    }

    /// Whether nothing on a whole way looks at the value.
    fn judged(&self, trail: &Trail<'t>) -> Outcome {
        let asked = trail.stretches.iter().find_map(|stretch| looked_at(stretch, self.view));
        asked.map_or(Ok(()), Err)
    }
}

/// Whether a name was given some value of the same function, such as all that is asked for.
fn is_alias(name: &str, at: At, view: &View<'_, '_>) -> bool {
    let given = view.flow.reaching(name, at).unwrap_or_default();
    !given.is_empty() && given.iter().all(|given| matches!(given.what, What::Value(..)))
}

/// What a method is called on, and its name.
fn method_of<'t>(node: Node<'t>, view: &View<'_, 't>) -> Option<(Node<'t>, &'t str)> {
    match view.adapter.expr(node, view.src) {
        Expr::Method { object, name, .. } => Some((object?, name)),
        Expr::Call { callee, .. } => match view.adapter.expr(callee, view.src) {
            Expr::Member { object, property } => Some((object, property)),
            _ => None,
        },
        _ => None,
    }
}

/// What a call is made on, the name of what is called, and its path.
fn called_as<'t>(node: Node<'t>, view: &View<'_, 't>) -> Option<(Option<Node<'t>>, &'t str, String)> {
    match view.adapter.expr(node, view.src) {
        Expr::Method { object, name, .. } => Some((object, name, view.method_path(object, name))),
        Expr::Call { callee, .. } => {
            let of = method_of(node, view);
            let name = of.map_or_else(|| text(callee, view.src), |(_, name)| name);
            Some((of.map(|(object, _)| object), name, view.path(callee)))
        }
        _ => None,
    }
}

/// Whether the language or its framework puts a part of a request there.
fn is_source<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    let path = view.path(node);
    let sources = view.sources;
    if let Some((object, name)) = method_of(node, view)
        && sources.origin(&view.path(object)) == Origin::Request
    {
        // `request.args.get("a")` is a part of one, `req.query.a.trim()` is made of one.
        let arguments = view.call_arguments(node);
        let fixed =
            |one: &Node<'t>| matches!(view.adapter.expr(*one, view.src), Expr::Text(_) | Expr::Scalar(_));
        return sources.is_plain(&path, name) && arguments.first().is_some_and(fixed);
    }
    sources.origin(&path) == Origin::Request
        || path.strip_suffix("()").is_some_and(|path| sources.origin(path) == Origin::Request)
        || sources.is_asked(text(node, view.src))
        || view.call_arguments(node).first().is_some_and(|first| {
            matches!(view.adapter.expr(*first, view.src), Expr::Text(name) if sources.is_request(name))
        })
}
