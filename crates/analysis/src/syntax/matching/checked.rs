//! Values that a condition holds against a list, a pattern or a place before they are used.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::before::statements_before;
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

/// Values of names that are looked at for one expression.
const MAX_FOLLOWED: usize = 8;

/// Nodes above an expression that are climbed to what is asked before it.
const MAX_ABOVE: usize = 16;

/// What is known of a value where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Checked {
    /// Nothing asked about it.
    No,
    /// It was handed to something that is called a check of such values; whether that throws is not known.
    Perhaps,
    /// It is one of those that are meant.
    Surely,
}

/// What is known of a value that an expression uses, where it stands: whether it is one of those that are meant, and no
/// other one in it comes from a request.
///
/// Where nothing shows that something in it comes from one (`asked` is not set), a check of one value says nothing of
/// others: then names are not followed.
pub(super) fn checked<'t>(node: Node<'t>, asked: bool, view: &View<'_, 't>) -> Checked {
    if !view.memo.may_look_for_checks() {
        return Checked::No;
    }
    if is_known_here(node, asked, view) || (asked && is_checked_or_replaced(node, view)) {
        return Checked::Surely;
    }
    refused_before(node, &followed_where(asked, node, view), view)
}

/// Whether each name in an expression that can hold something of a request was given that where it is checked, or is given
/// something else where it is not: `if (!ok(x)) { x = home; }`, `y = home; if (ok(x)) { y = x; }`.
fn is_checked_or_replaced<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    let mut open = vec![node];
    let mut seen = false;
    for _ in 0..MAX_PARTS {
        let Some(next) = open.pop() else { return seen };
        let expr = view.adapter.expr(next, view.src);
        if !matches!(expr, Expr::Name(_) | Expr::Member { .. } | Expr::Index { .. }) {
            open.extend(named_children(next, MAX_PARTS));
            continue;
        }
        let value = view.value(next);
        if value.origin < Origin::Request || value.kind <= Kind::Safe {
            continue;
        }
        let Expr::Name(name) = expr else { return false };
        let Some(given) = view.flow.reaching(name, view.at).filter(|given| given.len() > 1) else {
            return false;
        };
        let mut asked = Vec::new();
        let mut others = Vec::new();
        for one in given {
            let What::Value(value, None) = one.what else { return false };
            let (then, at) = (view.from(one.at), one.at);
            let of_request = then.value(value).origin == Origin::Request;
            if of_request { asked.push((value, at)) } else { others.push(at) }
        }
        let mut replaced = others.iter().filter_map(|at| view.from(*at).known().next());
        // Where it was not replaced, what decided that it is came out the other way.
        let by_replacing = replaced.any(|(condition, at, holds)| {
            let condition = text(condition, view.src);
            condition.len() <= MAX_CONDITION
                && at.byte < view.at.byte
                && parts(condition, !holds).into_iter().any(|part| {
                    is_denied(part) == holds
                        && !is_loose(part, view.src)
                        && view
                            .sources
                            .checked(part)
                            .any(|said| shared_values(said, name).contains(name.trim_start_matches('$')))
                })
        });
        if !by_replacing && !asked.iter().all(|(value, at)| is_known_here(*value, true, &view.from(*at))) {
            return false;
        }
        seen = true;
    }
    false
}

/// Whether conditions and statements before an expression say so.
fn is_known_here<'t>(node: Node<'t>, asked: bool, view: &View<'_, 't>) -> bool {
    let followed = followed_where(asked, node, view);
    let passes = |part: &str, at: At| {
        !is_loose(part, view.src)
            && view.sources.checked(part).any(|value| says_of_all(value, at, &followed, node, view))
    };
    let asked = view.known().map(|(condition, at, holds)| (text(condition, view.src), at, holds));
    let before = joined(node, view);
    let by_condition = asked.chain(before).any(|(condition, at, holds)| {
        condition.len() <= MAX_CONDITION
            && parts(condition, holds).into_iter().any(|part| is_denied(part) != holds && passes(part, at))
    });
    by_condition || refused_before(node, &followed, view) == Checked::Surely
}

fn followed_where<'t>(asked: bool, node: Node<'t>, view: &View<'_, 't>) -> Vec<(Node<'t>, At)> {
    if asked { followed(node, view) } else { vec![(node, view.at)] }
}

/// Whether a check says something about every part of a request in an expression, which may have got other names since.
pub(super) fn is_made_of<'t>(check: &str, at: At, node: Node<'t>, view: &View<'_, 't>) -> bool {
    says_of_all(check, at, &followed(node, view), node, view)
}

fn says_of_all<'t>(
    check: &str,
    at: At,
    followed: &[(Node<'t>, At)],
    node: Node<'t>,
    view: &View<'_, 't>,
) -> bool {
    followed.iter().any(|(one, _)| share_a_value(check, text(*one, view.src)))
        && !has_another(node, check, view)
        && followed.iter().all(|(one, of)| is_still(check, at, *one, &view.from(*of)))
}

/// An expression, and the values that names in it were given, each with its place.
fn followed<'t>(node: Node<'t>, view: &View<'_, 't>) -> Vec<(Node<'t>, At)> {
    let mut found = vec![(node, view.at)];
    let mut at = 0;
    while let Some((next, place)) = found.get(at).copied().filter(|_| at < MAX_FOLLOWED) {
        at += 1;
        let view = view.from(place);
        let mut open = vec![next];
        for _ in 0..MAX_PARTS {
            let Some(one) = open.pop() else { break };
            if let Expr::Name(name) = view.adapter.expr(one, view.src) {
                let given = only_value(name, &view);
                found.extend(given.filter(|(value, _)| !found.iter().any(|(known, _)| known == value)));
            } else {
                open.extend(named_children(one, MAX_PARTS));
            }
        }
    }
    found
}

/// The only value that a name can have, and where it was given.
fn only_value<'t>(name: &str, view: &View<'_, 't>) -> Option<(Node<'t>, At)> {
    match view.flow.reaching(name, view.at)?.as_slice() {
        [given] => match given.what {
            What::Value(value, None) => Some((value, given.at)),
            _ => None,
        },
        _ => None,
    }
}

/// What is asked in the same expression before a node is reached: `ok(x) && use(x)`, `!ok(x) || use(x)`.
fn joined<'s, 't>(
    node: Node<'t>,
    view: &View<'s, 't>,
) -> impl Iterator<Item = (&'t str, At, bool)> + use<'s, 't> {
    let (src, at) = (view.src, view.at);
    let above = std::iter::successors(Some(node), Node::parent).take(MAX_ABOVE);
    above.filter_map(move |below| {
        let around = below.parent()?;
        let (left, right) = (around.child_by_field_name("left")?, around.child_by_field_name("right")?);
        let sign = src.get(left.end_byte()..right.start_byte())?.trim();
        let holds = match sign {
            "&&" | "and" => true,
            "||" | "or" => false,
            _ => return None,
        };
        (right == below).then(|| (text(left, src), at, holds))
    })
}

/// What it says of a value that a statement before a node hands it to something that is called a check of it.
fn refused_before<'t>(node: Node<'t>, followed: &[(Node<'t>, At)], view: &View<'_, 't>) -> Checked {
    let says = statements_before(node).map(|statement| {
        let said = text(statement, view.src);
        let at = At { byte: statement.end_byte(), ..view.at };
        let named = if said.len() <= MAX_CONDITION { refuses(said) } else { Checked::No };
        if named != Checked::No && says_of_all(said, at, followed, node, view) { named } else { Checked::No }
    });
    says.max().unwrap_or(Checked::No)
}

/// What the name of a call on its own says: one that throws where a value is not of those that are meant is called after
/// these, or asserts something. What is only called a check may give back what it found, which nobody here looks at.
pub(super) fn refuses(statement: &str) -> Checked {
    let Some(found) = CALLED.as_ref().and_then(|called| called.captures(statement)) else {
        return Checked::No;
    };
    let part = |at: usize| found.get(at).map_or("", |part| part.as_str()).to_ascii_lowercase();
    let (verb, what) = (part(1), part(2));
    let has = |words: &[&str]| words.iter().any(|word| what.contains(word));
    if has(MEANT) {
        return Checked::Surely;
    }
    let what = what.replace("redirect", "address");
    if !has(CHECKED) || MADE.iter().any(|word| what.contains(word)) {
        return Checked::No;
    }
    match verb.as_str() {
        "assert" | "require" | "guard" => Checked::Surely,
        "check" | "validate" | "verify" => Checked::Perhaps,
        _ => Checked::No,
    }
}

/// Words of a check for what is meant.
const MEANT: &[&str] =
    &["safe", "valid", "allow", "traversal", "inside", "within", "trusted", "permitted", "known"];

/// Words of what is checked.
const CHECKED: &[&str] = &["path", "url", "uri", "host", "redirect", "domain"];

/// Words of what is made or loaded, or need only be there.
pub(super) const MADE: &[&str] = &["exist", "dir", "folder", "create", "load", "present"];

/// A statement that is a call of what is named after a check: the verb, and of what.
static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:await\s+)?(?:[\w$@]+(?:\.|->|::))*(?i)(assert|validate|check|ensure|verify|require|guard)(\w*)!?\(",
    )
    .ok()
});

/// Whether a part asks a pattern that is written in the file, and that a longer text fits as well; or one of another file
/// whose name does not say that it is one.
fn is_loose(part: &str, src: &str) -> bool {
    static ASKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?:\b([A-Za-z_]\w*)\.(?:test|match|MatchString|IsMatch)\(|preg_match\(\s*(?:self|static)::(\w+)\s*,)",
        )
        .ok()
    });
    let asked = ASKED.as_ref().and_then(|asked| asked.captures(part));
    let Some(name) = asked.and_then(|found| found.get(1).or_else(|| found.get(2))) else { return false };
    let name = name.as_str();
    if matches!(name, "re" | "regexp" | "Regex") {
        return false;
    }
    let defined = src.match_indices(name).find_map(|(at, _)| {
        let before = src.get(..at)?.chars().next_back();
        let rest = src.get(at + name.len()..)?.lines().next()?.trim_start();
        let whole = before.is_none_or(|sign| !(sign.is_alphanumeric() || matches!(sign, '_' | '.')));
        let given =
            rest.strip_prefix(":=").or_else(|| rest.strip_prefix('=').filter(|rest| !rest.starts_with('=')));
        given.filter(|_| whole)
    });
    let name = name.to_ascii_lowercase();
    let unnamed = || !["pattern", "regex", "regexp", "_re"].iter().any(|end| name.ends_with(end));
    let open = |pattern: &str| !(pattern.contains('^') && (pattern.contains('$') || pattern.contains("\\z")));
    defined.map_or_else(unnamed, open)
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
    let mut open = vec![(node, view.at)];
    for _ in 0..MAX_PARTS {
        let Some((next, at)) = open.pop() else { return false };
        let view = view.from(at);
        match view.adapter.expr(next, view.src) {
            expr @ (Expr::Name(_) | Expr::Member { .. } | Expr::Index { .. }) => {
                let value = view.value(next);
                let reached = value.origin == Origin::Request && value.kind > Kind::Safe;
                if !reached || is_about(check, next, &view) {
                    continue;
                }
                let made = match expr {
                    Expr::Name(name) => only_value(name, &view),
                    _ => None,
                };
                match made {
                    Some(made) => open.push(made),
                    None => return true,
                }
            }
            _ => open.extend(named_children(next, MAX_PARTS).into_iter().map(|child| (child, at))),
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
