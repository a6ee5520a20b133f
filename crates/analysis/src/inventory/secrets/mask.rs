//! Credentials in texts that people wrote and that are shown: the subjects of commits.

use std::sync::LazyLock;

use regex::Regex;

use super::places;

/// What is shown in the place of a credential.
const MASK: &str = "***";

/// The user of an address, and what is assigned to a name that says that it is a credential. A blank ends it: in a
/// sentence, `password: it was empty` is none.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)[a-z][a-z0-9+.-]{1,30}://([^\s/"'<>@]+)@|(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|credentials?)["']?[:=]["']?([^\s"',;)]{4,})"#,
    )
    .expect("the pattern is well formed")
});

/// A text without what looks like a credential in it.
pub fn masked(text: &str) -> String {
    // Nearly all subjects have neither; looking for this costs nothing, and compiling the pattern much.
    let mut pairs = text.as_bytes().windows(2);
    let assigns = pairs.any(|pair| matches!(pair, [b':' | b'=', after] if !after.is_ascii_whitespace()));
    let named = assigns.then(|| NAMED.captures_iter(text));
    let named = named.into_iter().flatten().filter_map(|found| found.get(1).or_else(|| found.get(2)));
    let mut found: Vec<_> = places(text).into_iter().chain(named.map(|one| one.range())).collect();
    found.sort_by_key(|place| (place.start, place.end));
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for place in found {
        if place.start >= from {
            shown.push_str(&text[from..place.start]);
            shown.push_str(MASK);
        }
        from = from.max(place.end);
    }
    shown.push_str(&text[from..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_subjects_are_masked_and_words_stay() {
        let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
        for (text, shown) in [
            (format!("Use {token} for now"), "Use *** for now"),
            (format!("Tokens {token}, {token}"), "Tokens ***, ***"),
            ("Clone https://bob:hunter2@a.b/c".to_owned(), "Clone https://***@a.b/c"),
            ("Set DB_PASSWORD=hunter2 (prod)".to_owned(), "Set DB_PASSWORD=*** (prod)"),
        ] {
            assert_eq!(masked(&text), shown);
        }
        for text in [
            "",
            "Fix password: it was empty",
            "fix(token): keep it",
            "See https://a.b/c@d and mail me@a.b",
            "Revert 0123456789abcdef0123456789abcdef01234567",
            "Ünïcode = ok",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
