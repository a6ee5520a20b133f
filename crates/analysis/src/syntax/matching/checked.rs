//! Values that a condition holds against a list, a pattern or a place before they are used.

use tree_sitter::Node;

use super::shared::share_a_value;
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, named_children, text};
use crate::syntax::value::{Kind, Origin};

/// Longest condition that is looked through.
const MAX_CONDITION: usize = 600;

/// Parts of an expression that are looked through.
const MAX_PARTS: usize = 200;

/// Whether a value that an expression uses is known, where it stands, to be one of those that are meant, and no other
/// one in it comes from a request.
pub(super) fn is_checked<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    let source = text(node, view.src);
    view.known().any(|(condition, holds)| {
        let condition = text(condition, view.src);
        condition.len() <= MAX_CONDITION
            && parts(condition, holds).into_iter().any(|part| {
                is_denied(part) != holds
                    && view.sources.checks(part)
                    && share_a_value(part, source)
                    && !has_another(node, part, view)
            })
    })
}

/// Whether a part of an expression comes from a request that a check says nothing about.
fn has_another<'t>(node: Node<'t>, check: &str, view: &View<'_, 't>) -> bool {
    let mut open = vec![node];
    for _ in 0..MAX_PARTS {
        let Some(next) = open.pop() else { return false };
        match view.adapter.expr(next, view.src) {
            Expr::Name(_) | Expr::Member { .. } | Expr::Index { .. } => {
                let value = view.value(next);
                let reached = value.origin == Origin::Request && value.kind > Kind::Safe;
                if reached && !share_a_value(check, text(next, view.src)) {
                    return true;
                }
            }
            _ => open.extend(named_children(next, MAX_PARTS)),
        }
    }
    true
}

/// The parts of a condition that are known to hold where all of it does; or not to hold where none of it does.
fn parts(condition: &str, holds: bool) -> Vec<&str> {
    const AND: [&str; 2] = ["&&", " and "];
    const OR: [&str; 2] = ["||", " or "];
    let (splits, others) = if holds { (AND, OR) } else { (OR, AND) };
    if others.iter().any(|other| condition.contains(other)) {
        return Vec::new();
    }
    let bare = strip(condition);
    bare.split(splits[0]).flat_map(|part| part.split(splits[1])).map(str::trim).collect()
}

/// A condition without the brackets around all of it.
fn strip(condition: &str) -> &str {
    let condition = condition.trim();
    let inner = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| is_balanced(inner)).map_or(condition, str::trim)
}

/// Whether no bracket closes that was not opened.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for sign in text.chars() {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Whether a part says that something is not so.
fn is_denied(part: &str) -> bool {
    let part = part.trim_start_matches(['(', ' ']);
    let denied = part.starts_with('!') || part.starts_with("not ") || part.contains(" not in ");
    let compared = part.contains("!=")
        || ["=== false", "== false", "=== 0", "== 0", "is False"].iter().any(|end| part.ends_with(end));
    denied != compared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_says_what_its_parts_say_only_where_they_are_joined_that_way() {
        assert_eq!(parts("(a && !b(c))", true), ["a", "!b(c)"]);
        assert_eq!(parts("a || b", false), ["a", "b"]);
        assert!(parts("a || b", true).is_empty() && parts("a and b", false).is_empty());
        assert_eq!(parts("(a) || (b)", false), ["(a)", "(b)"]);
    }

    #[test]
    fn a_part_can_deny() {
        for part in
            ["!ctype_xdigit($k)", "x not in LIST", "not x", "kind !== 'a'", "in_array($x, L) === false"]
        {
            assert!(is_denied(part), "{part}");
        }
        for part in ["ctype_xdigit($k)", "x in LIST", "kind === 'a'", "(a)", "!in_array($x, L) === false"] {
            assert!(!is_denied(part), "{part}");
        }
    }
}
