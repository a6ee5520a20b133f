//! Whether values are what a rule asks for.

use tree_sitter::Node;

use super::parameters::has_parameter;
use crate::syntax::follow::View;
use crate::syntax::language::{Argument, Expr, text};
use crate::syntax::rules::{Is, Test};
use crate::syntax::value::{Kind, Origin};

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
    let named = test.name.as_deref().and_then(|name| arguments.iter().find(|one| one.name == Some(name)));
    let positional = || {
        let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
        test.at.and_then(|at| positional.nth(at))
    };
    let chosen = named.or_else(positional).map(|argument| argument.value);
    match (test.at, &test.name, chosen) {
        // Neither position nor name: any argument.
        (None, None, _) => arguments.iter().any(|argument| passes(test, Some(argument.value), view)),
        (_, _, chosen) => passes(test, chosen, view),
    }
}

pub(super) fn passes<'t>(test: &Test, node: Option<Node<'t>>, view: &View<'_, 't>) -> bool {
    let Some(node) = node else { return test.is.contains(&Is::Absent) };
    let source = text(node, view.src);
    if test.source.as_ref().is_some_and(|wanted| !wanted.is_match(source))
        || test.not_source.as_ref().is_some_and(|unwanted| unwanted.is_match(source))
    {
        return false;
    }
    if test.path.as_ref().is_some_and(|wanted| !wanted.is_match(&view.path(node))) {
        return false;
    }
    if test.parameter.as_ref().is_some_and(|wanted| !has_parameter(wanted, node, view)) {
        return false;
    }
    if test.is.is_empty() && test.text.is_none() && test.not_text.is_none() {
        return true;
    }
    let value = view.value(node);
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
