//! Shapes that the grammars of several languages share.

use tree_sitter::Node;

use crate::syntax::language::{
    Argument, Expr, Parameter, field, field_text, first_line, last_line, named_children,
};
use crate::syntax::{Symbol, SymbolKind};

/// One of two values, where both are there.
pub(super) fn choice<'t>(one: Option<Node<'t>>, other: Option<Node<'t>>) -> Expr<'t> {
    match (one, other) {
        (Some(one), Some(other)) => Expr::Choice(one, other),
        _ => Expr::Other,
    }
}

/// A call whose callee and arguments stand in fields of their own.
pub(super) fn call<'t>(node: Node<'t>, callee: &str) -> Expr<'t> {
    let arguments = field(node, "arguments");
    field(node, callee).map_or(Expr::Other, |callee| Expr::Call { callee, arguments })
}

/// Arguments that are nodes of their own, with a name or without.
pub(super) fn named_arguments<'t>(arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
    let arguments = named_children(arguments, 16).into_iter();
    arguments
        .filter_map(|argument| {
            let value = named_children(argument, 4).into_iter().next_back()?;
            Some(Argument { name: field_text(argument, "name", src), value })
        })
        .collect()
}

/// The name that a function without one is given by what it is the value of, where that is short enough for a name.
pub(super) fn given_name<'t>(
    parent: Option<&Node<'t>>,
    kind: &str,
    at: &str,
    src: &'t str,
) -> Option<&'t str> {
    let parent = parent.filter(|parent| parent.kind() == kind)?;
    field_text(*parent, at, src).filter(|name| name.len() <= 80)
}

/// Parameters, as many as a caller gives.
pub(super) fn counted(parameters: Vec<Parameter<'_>>) -> (Vec<Parameter<'_>>, u32) {
    let count = u32::try_from(parameters.len()).unwrap_or(u32::MAX);
    (parameters, count)
}

/// What a node defines.
pub(super) fn symbol(node: Node<'_>, name: &str, kind: SymbolKind, public: bool) -> Symbol {
    Symbol { name: name.to_owned(), kind, public, start: first_line(node), end: last_line(node) }
}
