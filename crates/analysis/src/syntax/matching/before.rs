//! What was run before a place, whatever the conditions.

use tree_sitter::Node;

use crate::pattern::Pattern;
use crate::syntax::language::{named_children, text};

/// Nodes above a place that are climbed to its function.
const MAX_ABOVE: usize = 64;

/// Nodes above a place that are climbed to the calls around it.
const MAX_NEAR: usize = 10;

/// Statements of a block that are looked at.
const MAX_STATEMENTS: usize = 400;

/// Longest statement that is looked at.
const MAX_LENGTH: usize = 400;

/// Whether a statement that looks so stands before a node, in its block or one around it of the same function.
pub(super) fn is_run_before(wanted: &Pattern, node: Node<'_>, src: &str) -> bool {
    statements_before(node).any(|one| one.byte_range().len() <= MAX_LENGTH && wanted.is_match(text(one, src)))
}

/// The statements of one expression before a node, in its block or one around it of the same function.
pub(super) fn statements_before(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let is_function = |node: Node<'_>| {
        ["function", "method", "lambda"].iter().any(|word| node.kind().contains(word)) && has_body(node)
    };
    let above = std::iter::successors(Some(node), Node::parent).take(MAX_ABOVE);
    let blocks = above.take_while(move |one| !is_function(*one)).filter_map(|one| one.parent());
    blocks.flat_map(move |block| {
        let statements = named_children(block, MAX_STATEMENTS).into_iter();
        let before = statements.take_while(move |one| one.end_byte() <= node.start_byte());
        before.filter(|one| one.kind() == "expression_statement")
    })
}

/// Whether a call around a node, in the same statement, is of something that looks so.
pub(super) fn is_inside(unwanted: &Pattern, node: Node<'_>, src: &str) -> bool {
    let is_statement =
        |node: Node<'_>| ["statement", "declaration", "block"].iter().any(|word| node.kind().contains(word));
    let above = std::iter::successors(node.parent(), Node::parent).take(MAX_NEAR);
    let mut around = above.take_while(|one| !is_statement(*one));
    around.any(|one| {
        let list = one.child_by_field_name("arguments").filter(|list| list.end_byte() >= node.end_byte());
        let callee = list.and_then(|list| src.get(one.start_byte()..list.start_byte()));
        callee.is_some_and(|callee| callee.len() <= MAX_LENGTH && unwanted.is_match(callee))
    })
}

/// Whether a node has a body.
fn has_body(node: Node<'_>) -> bool {
    node.child_by_field_name("body").is_some()
}
