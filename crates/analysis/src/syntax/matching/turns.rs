//! What a call in a loop has to do with the turn it stands in.

use tree_sitter::Node;

use crate::syntax::language::{field, named_children, text};

/// Nodes above a call that are climbed to its loop.
const MAX_ABOVE: usize = 64;

/// Statements of a loop that are looked at.
const MAX_STATEMENTS: usize = 200;

fn loop_around(node: Node<'_>) -> Option<Node<'_>> {
    let mut above = std::iter::successors(node.parent(), Node::parent).take(MAX_ABOVE);
    above.find(|one| one.kind() == "for_statement")
}

/// Most things that are a handful.
const HANDFUL: usize = 10;

/// Whether a call names what the loop runs over, or what its turn gave a name.
pub(super) fn uses_the_turn(node: Node<'_>, src: &str) -> bool {
    let Some(around) = loop_around(node) else { return true };
    let Some(left) = field(around, "left") else { return true };
    // A handful of fixed things is no loop over data.
    let few = ["list", "tuple", "set", "dictionary"];
    let is_few =
        |right: Node<'_>| few.contains(&right.kind()) && named_children(right, HANDFUL + 1).len() <= HANDFUL;
    if field(around, "right").is_some_and(is_few) {
        return false;
    }
    let body = field(around, "body").map_or(Vec::new(), |body| named_children(body, MAX_STATEMENTS));
    let assigned = body.into_iter().filter_map(|statement| {
        let inner = named_children(statement, 1).first().copied()?;
        field(inner, "left").filter(|_| inner.kind() == "assignment")
    });
    let used = text(node, src);
    std::iter::once(left).chain(assigned).any(|names| {
        let mut names = text(names, src).split(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
        names.any(|name| !name.is_empty() && mentions(used, name))
    })
}

/// Whether what is deferred is meant to be there until the function ends: it is one of those that the loop runs over, it
/// is put among others that outlive the turn, or the turn leaves the loop.
pub(super) fn is_kept_on_purpose(node: Node<'_>, src: &str) -> bool {
    let Some(around) = loop_around(node) else { return false };
    let called = text(node, src);
    let owner = called.split(['.', '(']).next().unwrap_or_default().trim();
    let body = field(around, "body");
    let head = src.get(around.start_byte()..body.map_or(around.start_byte(), |body| body.start_byte()));
    if head.is_some_and(|head| mentions(head.split(":=").next().unwrap_or_default(), owner)) {
        return true;
    }
    let Some(body) = body else { return false };
    let kept = text(body, src).lines().any(|line| {
        let line = line.trim();
        let put = line.split_once("append(").map(|(_, put)| put);
        let stored = line.split_once("] = ").map(|(_, stored)| stored);
        put.or(stored).is_some_and(|put| mentions(put, owner))
    });
    kept || leaves(node, body)
}

/// Whether a statement that follows in the same block as the call, or the last one of the turn, leaves the loop.
fn leaves(node: Node<'_>, body: Node<'_>) -> bool {
    let ends = |block: Node<'_>| {
        let mut block = block;
        if let Some(list) = named_children(block, 2).first().filter(|one| one.kind() == "statement_list") {
            block = *list;
        }
        let last = named_children(block, MAX_STATEMENTS).into_iter().rfind(|one| one.kind() != "comment");
        last.is_some_and(|last| matches!(last.kind(), "break_statement" | "return_statement"))
    };
    let mut above = std::iter::successors(node.parent(), Node::parent).take(MAX_ABOVE);
    ends(body) || above.find(|one| one.kind() == "block").is_some_and(ends)
}

/// Whether a text of code has a name in it as a whole word.
fn mentions(code: &str, name: &str) -> bool {
    let mut words = code.split(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
    !name.is_empty() && words.any(|word| word == name)
}
