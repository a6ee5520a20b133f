//! Whether values are what a rule asks for.

use std::borrow::Cow;

use tree_sitter::Node;

use super::leads::leads_elsewhere;
use super::parts::is_only_of;
use crate::syntax::flow::{At, What};
use crate::syntax::follow::View;
use crate::syntax::language::{Argument, Expr, text};
use crate::syntax::rules::{Is, Match, Test};
use crate::syntax::value::{Kind, Origin, Value};

/// Parts of an address that are looked through.
const MAX_ADDRESS: u8 = 12;

/// What begins the query of an address, and what follows it.
const QUERY: [char; 2] = ['?', '#'];

/// What is known of an address up to its query.
fn address<'t>(node: Node<'t>, view: &View<'_, 't>, fuel: u8) -> Value {
    let Some(fuel) = fuel.checked_sub(1) else { return view.value(node) };
    match view.adapter.expr(node, view.src) {
        Expr::Format(template, values) => {
            let Some(before) = template.find(QUERY).and_then(|end| template.get(..end)) else {
                return view.value(node);
            };
            let places = before.matches('\0').count();
            let values: Vec<Value> = values.into_iter().take(places).map(|value| view.value(value)).collect();
            Value::filled(before, &values)
        }
        Expr::Concat(left, right) => {
            let begun = address(left, view, fuel);
            let whole = begun.text.contains(QUERY) || view.value(left).text.contains(QUERY);
            if whole { begun } else { begun.then(&address(right, view, fuel)) }
        }
        Expr::Name(name) => match view.flow.reaching(name, view.at).unwrap_or_default().as_slice() {
            [given] => match given.what {
                What::Value(value, None) => address(value, &view.from(given.at), fuel),
                _ => view.value(node),
            },
            _ => view.value(node),
        },
        _ => view.value(node),
    }
}

/// The text of a node without the comments right inside it.
fn without_comments<'s>(node: Node<'_>, source: &'s str) -> Cow<'s, str> {
    if !source.contains("/*") && !source.contains("//") && !source.contains('#') {
        return source.into();
    }
    let mut cursor = node.walk();
    let comments = node.named_children(&mut cursor).filter(|child| child.kind().contains("comment"));
    let mut kept = String::new();
    let mut end = 0;
    for comment in comments {
        let place = |byte: usize| byte.saturating_sub(node.start_byte());
        kept.push_str(source.get(end..place(comment.start_byte())).unwrap_or_default());
        end = place(comment.end_byte());
    }
    if end == 0 {
        return source.into();
    }
    kept.push_str(source.get(end..).unwrap_or_default());
    kept.into()
}

/// What the method is called on, in a call of one.
fn object<'t>(node: Node<'t>, view: &View<'_, 't>) -> Option<Node<'t>> {
    match view.adapter.expr(node, view.src) {
        Expr::Method { object, .. } => object,
        Expr::Call { callee, .. } => match view.adapter.expr(callee, view.src) {
            Expr::Member { object, .. } => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Whether what a method is called on passes.
pub(super) fn object_passes<'t>(test: &Test, node: Node<'t>, view: &View<'_, 't>) -> bool {
    object(node, view).is_some_and(|object| passes(test, Some(object), view))
}

/// Whether the argument of the call that made what a method is called on passes.
pub(super) fn maker_passes<'t>(test: &Test, node: Node<'t>, view: &View<'_, 't>) -> bool {
    let made = object(node, view).and_then(|object| view.made_with(object));
    made.is_some_and(|(list, at)| {
        let view = view.from(at);
        argument_passes(test, &view.adapter.arguments(list, view.src), &view)
    })
}

/// Where what a test looks at comes from: the farthest of it.
pub(super) fn origin<'t>(test: &Test, arguments: &[Argument<'t>], view: &View<'_, 't>) -> Origin {
    let origin = |argument: &Argument<'t>| view.value(argument.value).origin;
    match test.at {
        Some(at) if test.name.is_none() => arguments.get(at).map_or(Origin::Here, origin),
        _ => arguments.iter().map(origin).max().unwrap_or(Origin::Here),
    }
}

pub(super) fn argument_passes<'t>(test: &Test, arguments: &[Argument<'t>], view: &View<'_, 't>) -> bool {
    match (test.at, &test.name, chosen(test, arguments)) {
        // Neither position nor name: any argument.
        (None, None, _) => arguments.iter().any(|argument| passes(test, Some(argument.value), view)),
        (_, _, chosen) => passes(test, chosen, view),
    }
}

/// The argument that a test names.
fn chosen<'t>(test: &Test, arguments: &[Argument<'t>]) -> Option<Node<'t>> {
    let named = test.name.as_deref().and_then(|name| arguments.iter().find(|one| one.name == Some(name)));
    let positional = || {
        let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
        test.at.and_then(|at| positional.nth(at))
    };
    named.or_else(positional).map(|argument| argument.value)
}

/// The values of a call that a match is about if they come from outside, each with its place.
pub(super) fn tested<'t>(
    matched: &Match,
    node: Node<'t>,
    arguments: &[Argument<'t>],
    view: &View<'_, 't>,
) -> Vec<(Node<'t>, At)> {
    let of_flow = matched.args.iter().filter(|test| test.is_about_flow());
    let values = of_flow.flat_map(|test| {
        let of = |arguments: &[Argument<'t>], view: &View<'_, 't>| -> Vec<(Node<'t>, At)> {
            let one = chosen(test, arguments).map(|value| (value, view.at));
            if test.at.is_some() || test.name.is_some() {
                return one.into_iter().collect();
            }
            let passing = arguments.iter().filter(|one| passes(test, Some(one.value), view));
            passing.map(|one| (one.value, view.at)).collect()
        };
        if test.object {
            return object(node, view).map(|object| (object, view.at)).into_iter().collect();
        }
        if !test.maker {
            return of(arguments, view);
        }
        let made = object(node, view).and_then(|object| view.made_with(object));
        made.map_or_else(Vec::new, |(list, at)| {
            let view = view.from(at);
            of(&view.adapter.arguments(list, view.src), &view)
        })
    });
    let mut values: Vec<_> = values.collect();
    if values.is_empty() && matched.receiver.is_some() {
        let reached = object(node, view).filter(|object| view.value(*object).origin == Origin::Request);
        values.extend(reached.map(|object| (object, view.at)));
    }
    values
}

/// The value of a pair or an assignment, if a match is about one that comes from outside.
pub(super) fn tested_value<'t>(matched: &Match, value: Node<'t>, view: &View<'_, 't>) -> Vec<(Node<'t>, At)> {
    let about = matched.value.as_ref().is_some_and(Test::is_about_flow);
    if about { vec![(value, view.at)] } else { Vec::new() }
}

pub(super) fn passes<'t>(test: &Test, node: Option<Node<'t>>, view: &View<'_, 't>) -> bool {
    let Some(node) = node else { return test.is.contains(&Is::Absent) };
    let source = text(node, view.src);
    if test.source.as_ref().is_some_and(|wanted| !wanted.is_match(source))
        || test.not_source.as_ref().is_some_and(|unwanted| unwanted.is_match(&without_comments(node, source)))
    {
        return false;
    }
    if test.path.as_ref().is_some_and(|wanted| !wanted.is_match(&view.path(node))) {
        return false;
    }
    if test.not_only.as_ref().is_some_and(|unwanted| is_only_of(unwanted, node, view)) {
        return false;
    }
    if test.address && test.asks_for_request() && !leads_elsewhere(node, view) {
        return false;
    }
    if test.is.is_empty() && test.text.is_none() && test.not_text.is_none() {
        return true;
    }
    let value = if test.address { address(node, view, MAX_ADDRESS) } else { view.value(node) };
    if test.text.as_ref().is_some_and(|wanted| !wanted.is_match(&value.text))
        || test.not_text.as_ref().is_some_and(|unwanted| unwanted.is_match(&value.text))
    {
        return false;
    }
    test.is.is_empty()
        || test.is.iter().any(|is| match is {
            Is::Literal => value.kind == Kind::Literal,
            Is::Built => value.kind == Kind::Built,
            Is::Dynamic => value.kind > Kind::Safe,
            Is::Request => value.origin == Origin::Request && value.kind > Kind::Safe,
            Is::Predictable => value.origin == Origin::Predictable,
            Is::Typed => value.origin == Origin::Typed && value.kind > Kind::Safe,
            Is::True => matches!(source, "true" | "True"),
            Is::False => matches!(source, "false" | "False"),
            Is::Absent => false,
            Is::Present => true,
        })
}
