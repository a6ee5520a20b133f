//! Default values of parameters that every call shares.

use tree_sitter::Node;

use crate::syntax::language::text;

/// Whether a parameter's name says that it is meant to outlive the call.
pub(super) fn is_memory(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with('_') || name.contains("cache") || name.contains("memo")
}

/// Whether a function changes one of its parameters in place: only then does a shared default do harm.
pub(super) fn is_mutated(name: &str, function: Node<'_>, src: &str) -> bool {
    const CHANGES: &[&str] = &[
        ".append(",
        ".add(",
        ".update(",
        ".extend(",
        ".insert(",
        ".pop(",
        ".remove(",
        ".clear(",
        ".setdefault(",
    ];
    let body = text(function, src);
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(|rest| rest.find(name)) {
        let start = from + at;
        let after = body.get(start + name.len()..).unwrap_or_default();
        let before = body.get(..start).and_then(|text| text.chars().next_back());
        let whole = before.is_none_or(|before| !(before.is_alphanumeric() || matches!(before, '_' | '.')));
        if whole && (CHANGES.iter().any(|change| after.starts_with(change)) || is_item_assignment(after)) {
            return true;
        }
        from = start + name.len();
    }
    false
}

/// `[key] = value` right after a name.
fn is_item_assignment(after: &str) -> bool {
    let line = after.lines().next().unwrap_or_default();
    let Some(close) = line.strip_prefix('[').and_then(|rest| rest.find(']')) else { return false };
    let rest = line.get(close + 2..).unwrap_or_default().trim_start();
    (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with("+=")
}
