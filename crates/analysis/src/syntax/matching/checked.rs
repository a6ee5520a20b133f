//! Values that a condition holds against a list, a pattern or a place before they are used.

use tree_sitter::Node;

use super::shared::{share_a_value, shared_values};
use crate::syntax::flow::{At, What};
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, named_children, text};
use crate::syntax::value::{Kind, Origin};

/// Longest condition that is looked through.
const MAX_CONDITION: usize = 600;

/// Parts of an expression that are looked through.
const MAX_PARTS: usize = 200;

/// Assignments that a value is followed through.
const MAX_STEPS: u8 = 32;

/// Whether a value that an expression uses is known, where it stands, to be one of those that are meant, and no other
/// one in it comes from a request.
pub(super) fn is_checked<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    let source = text(node, view.src);
    view.known().any(|(condition, at, holds)| {
        let condition = text(condition, view.src);
        condition.len() <= MAX_CONDITION
            && parts(condition, holds).into_iter().any(|part| {
                is_denied(part) != holds
                    && share_a_value(part, source)
                    && view.sources.checked(part).any(|value| {
                        share_a_value(value, source)
                            && !has_another(node, value, view)
                            && is_still(value, at, node, view)
                    })
            })
    })
}

/// Whether a value that an expression shares with a check is still what it was at the check, or made of that.
pub(super) fn is_still<'t>(check: &str, checked: At, node: Node<'t>, view: &View<'_, 't>) -> bool {
    is_still_within(check, checked, node, view, &mut { MAX_STEPS })
}

fn is_still_within<'t>(
    check: &str,
    checked: At,
    node: Node<'t>,
    view: &View<'_, 't>,
    steps: &mut u8,
) -> bool {
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    let shared = shared_values(check, text(node, view.src));
    // Some languages write a sign before the names of some variables.
    let names = shared.iter().flat_map(|name| ["", "$", "@"].map(|sign| format!("{sign}{name}")));
    names.collect::<Vec<_>>().iter().all(|name| {
        let Some(given) = view.flow.reaching(name, view.at) else { return false };
        let mut since = given.iter().filter(|given| given.from > checked.byte && given.from <= view.at.byte);
        since.all(|given| {
            let value = match &given.what {
                What::Removed(_) | What::Nothing | What::Number(_) => return true,
                What::Member(member, _) if !shared.contains(member) => return true,
                What::Value(value, _)
                | What::Element(value)
                | What::Added(value)
                | What::Put(_, value)
                | What::Member(_, value) => *value,
                What::Import(_) | What::Parameter(..) | What::Local => return false,
            };
            let then = view.from(given.at);
            let known = then.value(value);
            known.kind <= Kind::Safe
                || (given.what.keeps() && known.origin < Origin::Typed)
                || (share_a_value(check, text(value, view.src))
                    && !has_another(value, check, &then)
                    && is_still_within(check, checked, value, &then, steps))
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
                if reached && !is_about(check, next, view) {
                    return true;
                }
            }
            _ => open.extend(named_children(next, MAX_PARTS)),
        }
    }
    true
}

/// Whether a check looks at a value: at what a key leads to in a request, and not at the key.
fn is_about<'t>(check: &str, node: Node<'t>, view: &View<'_, 't>) -> bool {
    let named = text(node, view.src);
    let inside = match view.adapter.expr(node, view.src) {
        Expr::Index { object } => view.value(object).origin == Origin::Request,
        _ => false,
    };
    if inside { check.contains(named) } else { share_a_value(check, named) }
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
    let denied = part.starts_with('!')
        || part.starts_with("not ")
        || [" not in ", " !in "].iter().any(|word| part.contains(word));
    let to_nothing =
        ["== false", "!= false", "== 0", "!= 0", "is False"].iter().any(|end| part.ends_with(end));
    denied ^ part.contains("!=") ^ to_nothing
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
        for part in [
            "!ctype_xdigit($k)",
            "x not in LIST",
            "x !in LIST",
            "not x",
            "kind !== 'a'",
            "in_array($x, L) === false",
        ] {
            assert!(is_denied(part), "{part}");
        }
        for part in [
            "ctype_xdigit($k)",
            "x in LIST",
            "kind === 'a'",
            "(a)",
            "!in_array($x, L) === false",
            "in_array($x, L) !== false",
        ] {
            assert!(!is_denied(part), "{part}");
        }
    }
}
