//! Where an address leads: its beginning decides, and who made that.

use tree_sitter::Node;

use crate::syntax::flow::What;
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, text};
use crate::syntax::value::{Kind, Origin, Value};

/// Parts of an address that are looked at, and how far they are followed.
const MAX_PARTS: usize = 24;
const MAX_DEPTH: u8 = 12;

/// One of the values that an address is put together from, one after the other.
struct Part {
    value: Value,
    /// The path by which it is reached.
    path: String,
}

/// Whether the sender of a request can choose where an address leads: its first part is the sender's, or it stands right
/// behind a part of the program's own that may be empty.
pub(super) fn leads_elsewhere<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    let mut parts = Vec::new();
    collect(node, view, MAX_DEPTH, &mut parts);
    // A header's name before its value is no part of the address, and neither is an empty text.
    let named = |part: &Part| {
        let text = part.value.text.trim().to_ascii_lowercase();
        part.value.kind == Kind::Literal && matches!(text.as_str(), "" | "location:" | "redirect:")
    };
    let mut parts = parts.iter().skip_while(|part| named(part));
    let Some(head) = parts.next() else { return true };
    let of_sender = |part: &Part| part.value.origin == Origin::Request && part.value.kind > Kind::Safe;
    if head.value.kind == Kind::Literal || of_sender(head) {
        return true;
    }
    // What follows on the program's own part.
    for part in parts {
        if part.value.kind == Kind::Literal {
            if part.value.text.is_empty() {
                continue;
            }
            let mut signs = part.value.text.chars();
            let within =
                signs.next() == Some('/') && signs.next().is_some_and(|sign| !matches!(sign, '/' | '\\'));
            return !(within || part.value.text.starts_with(['?', '#']));
        }
        if of_sender(part) {
            return !is_own_path(&part.path);
        }
    }
    false
}

/// Whether a part of a request is the path that was asked for: behind a part of the program's own it leads nowhere else.
fn is_own_path(path: &str) -> bool {
    const NAMES: [&str; 16] = [
        "path",
        "full_path",
        "fullpath",
        "path_info",
        "script_root",
        "script_name",
        "original_url",
        "originalurl",
        "baseurl",
        "requesturi",
        "request_uri",
        "get_full_path",
        "php_self",
        "getrequesturi",
        "rawpath",
        "escapedpath",
    ];
    let name = path.trim_end_matches("()").trim_end_matches("[]");
    let last = name.rsplit(['.', '[']).next().unwrap_or(name).trim_end_matches(']').trim_matches(['"', '\'']);
    NAMES.iter().any(|known| last.eq_ignore_ascii_case(known))
}

/// A value with how it is reached: an element by its text, which has the key.
fn part<'t>(node: Node<'t>, view: &View<'_, 't>) -> Part {
    let path = match view.adapter.expr(node, view.src) {
        Expr::Index { .. } => text(node, view.src).to_owned(),
        _ => view.path(node),
    };
    Part { value: view.value(node), path }
}

fn collect<'t>(node: Node<'t>, view: &View<'_, 't>, depth: u8, parts: &mut Vec<Part>) {
    if parts.len() >= MAX_PARTS {
        return;
    }
    let expr = view.adapter.expr(node, view.src);
    match (expr, depth.checked_sub(1)) {
        (Expr::Concat(left, right), Some(depth)) => {
            collect(left, view, depth, parts);
            collect(right, view, depth, parts);
        }
        (Expr::Format(template, values), Some(depth)) => {
            let mut texts = template.split('\0');
            let mut text = |parts: &mut Vec<Part>| {
                let fixed = texts.next().filter(|text| !text.is_empty());
                parts.extend(fixed.map(|text| Part { value: Value::literal(text), path: String::new() }));
            };
            text(parts);
            for value in values {
                collect(value, view, depth, parts);
                text(parts);
            }
        }
        (Expr::Name(name), Some(depth)) => {
            match view.flow.reaching(name, view.at).unwrap_or_default().as_slice() {
                [given] => match given.what {
                    What::Value(value, None) => collect(value, &view.from(given.at), depth, parts),
                    _ => parts.push(part(node, view)),
                },
                _ => parts.push(part(node, view)),
            }
        }
        _ => parts.push(part(node, view)),
    }
}
