//! Rust sources: what a crate may name, and what every crate opens with.

use super::{Problem, Tree, crate_of, has_ending};

/// Words that would make an analysis depend on the machine it runs on.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env::",
    "SystemTime",
    "Instant::now",
    "tokio::",
    "std::thread::sleep",
];

/// Notes that promise work; an issue is where such a promise is kept. In two parts: this file is checked too.
const PROMISES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("HA", "CK:")];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| has_ending(path, "rs")) {
        if path.ends_with("src/lib.rs") {
            problems.extend(opening(path, text));
        }
        for (at, line) in text.lines().enumerate() {
            if let Some(text) = judge(path, line) {
                problems.push(Problem::at(path, at + 1, text));
            }
        }
    }
    problems
}

/// A crate opens with what it is for, what it deliberately does not know, and where to start reading.
fn opening(path: &str, text: &str) -> Option<Problem> {
    let header: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
    let says_where_to_start = header.iter().any(|line| line.contains("Reading order"));
    (header.len() < 4 || !says_where_to_start).then(|| {
        Problem::new(path, "open with what the crate is for, what it does not know, and `Reading order: ..`")
    })
}

fn judge(path: &str, line: &str) -> Option<String> {
    let code = line.split("//").next().unwrap_or(line);
    let (owner, inside) = crate_of(path).unwrap_or(("xtask", path));
    if code.contains(concat!("[all", "ow(")) {
        return Some(
            "write `#[expect(.., reason = \"..\")]`: it says so when it is no longer needed".to_owned(),
        );
    }
    if let Some(promise) = promise(line) {
        return Some(format!("{promise}: do it, or open an issue and say nothing here"));
    }
    if owner != "storage" && owner != "xtask" && names_sqlx(code) {
        return Some("only `storage` talks to sqlx; elsewhere only its derives are used".to_owned());
    }
    if owner != "server" && code.contains("axum::") && owner != "xtask" {
        return Some("only `server` knows axum".to_owned());
    }
    if owner == "analysis" && inside.starts_with("src/") {
        let word = IMPURE.iter().find(|word| code.contains(**word))?;
        return Some(format!("`analysis` is pure: `{word}` belongs to its caller"));
    }
    None
}

/// Any use of sqlx but `sqlx::FromRow` and `sqlx::Type`.
fn names_sqlx(code: &str) -> bool {
    code.match_indices("sqlx::").any(|(at, _)| {
        let rest = &code[at + "sqlx::".len()..];
        let own_word =
            code[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_');
        own_word && !rest.starts_with("FromRow") && !rest.starts_with("Type")
    })
}

/// A promise in a comment. Rules of the analysis name such words in strings, which is their business.
fn promise(line: &str) -> Option<&'static str> {
    let (_, comment) = line.split_once("//")?;
    if line.contains('"') {
        return None;
    }
    PROMISES.iter().copied().find(|promise| comment.contains(promise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_stay_with_their_owners() {
        assert!(judge("crates/repos/src/store.rs", "    sqlx::query(\"SELECT 1\")").is_some());
        assert_eq!(judge("crates/repos/src/store.rs", "#[derive(sqlx::FromRow)]"), None);
        assert_eq!(judge("crates/storage/src/db.rs", "sqlx::query(text)"), None);
        assert!(judge("crates/mentor/src/lib.rs", "use axum::Router;").is_some());
        assert_eq!(judge("crates/server/src/lib.rs", "use axum::Router;"), None);
    }

    #[test]
    fn the_analysis_opens_nothing() {
        assert!(judge("crates/analysis/src/syntax.rs", "let text = std::fs::read(path)?;").is_some());
        assert_eq!(judge("crates/analysis/tests/rules.rs", "let text = std::fs::read(path)?;"), None);
        assert_eq!(judge("crates/analysis/src/syntax.rs", "// never std::fs here"), None);
    }

    #[test]
    fn promises_are_seen_in_comments_only() {
        assert!(judge("crates/repos/src/a.rs", &format!("let a = 1; // {} later", PROMISES[0])).is_some());
        assert_eq!(judge("crates/analysis/src/a.rs", &format!("let word = \"// {}\";", PROMISES[0])), None);
    }

    #[test]
    fn a_crate_says_what_it_is_for() {
        assert!(opening("crates/a/src/lib.rs", "pub mod a;").is_some());
        let good = "//! A.\n//!\n//! It does not know B.\n//!\n//! Reading order: [`a`].\n\npub mod a;";
        assert_eq!(opening("crates/a/src/lib.rs", good), None);
    }
}
