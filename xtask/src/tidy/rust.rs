//! Rust sources: what a crate may name, and what every crate opens with.

use super::{Problem, Tree, code, crate_of, has_ending, is_test};

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
        for (at, line) in (1..).zip(text.lines()) {
            problems.extend(habits(path, line).map(|text| Problem::at(path, at, text)));
        }
        if !is_test(path) {
            let borders =
                code(text).filter_map(|(at, line)| Some(Problem::at(path, at, border(path, line)?)));
            problems.extend(borders);
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

/// What holds in every source, tests too.
fn habits(path: &str, line: &str) -> Option<String> {
    if statement(line).contains(concat!("[all", "ow(")) {
        return Some(
            "write `#[expect(.., reason = \"..\")]`: it says so when it is no longer needed".to_owned(),
        );
    }
    let promise = promise(line).filter(|_| !path.contains("/fixtures/"))?;
    Some(format!("{promise}: do it, or open an issue and say nothing here"))
}

/// What a crate may name outside its tests.
fn border(path: &str, line: &str) -> Option<String> {
    let (owner, inside) = crate_of(path)?;
    let code = statement(line);
    if owner != "storage" && names_sqlx(code) {
        return Some("only `storage` talks to sqlx; elsewhere only its derives are used".to_owned());
    }
    if owner != "server" && code.contains("axum::") {
        return Some("only `server` knows axum".to_owned());
    }
    if owner == "analysis" && inside.starts_with("src/") {
        let word = IMPURE.iter().find(|word| code.contains(**word))?;
        return Some(format!("`analysis` is pure: `{word}` belongs to its caller"));
    }
    None
}

/// The line without its comment.
fn statement(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
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
        assert!(border("crates/repos/src/store.rs", "    sqlx::query(\"SELECT 1\")").is_some());
        assert_eq!(border("crates/repos/src/store.rs", "#[derive(sqlx::FromRow)]"), None);
        assert_eq!(border("crates/storage/src/db.rs", "sqlx::query(text)"), None);
        assert!(border("crates/mentor/src/lib.rs", "use axum::Router;").is_some());
        assert_eq!(border("crates/server/src/lib.rs", "use axum::Router;"), None);
    }

    #[test]
    fn the_analysis_opens_nothing() {
        assert!(border("crates/analysis/src/syntax.rs", "let text = std::fs::read(path)?;").is_some());
        assert_eq!(border("crates/analysis/tests/rules.rs", "let text = std::fs::read(path)?;"), None);
        assert_eq!(border("crates/analysis/src/syntax.rs", "// never std::fs here"), None);
    }

    #[test]
    fn promises_are_seen_in_comments_only() {
        assert!(habits("crates/repos/src/a.rs", &format!("let a = 1; // {} later", PROMISES[0])).is_some());
        assert_eq!(habits("crates/analysis/src/a.rs", &format!("let word = \"// {}\";", PROMISES[0])), None);
    }

    #[test]
    fn a_crate_says_what_it_is_for() {
        assert!(opening("crates/a/src/lib.rs", "pub mod a;").is_some());
        let good = "//! A.\n//!\n//! It does not know B.\n//!\n//! Reading order: [`a`].\n\npub mod a;";
        assert_eq!(opening("crates/a/src/lib.rs", good), None);
    }
}
