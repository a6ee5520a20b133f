//! Credentials in texts that people wrote and that are shown, or sent to others: the subjects of commits, prompts.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::places;

/// What is shown in the place of a credential.
const MASK: &str = "***";

/// The user of an address with a password, what stands behind a scheme of HTTP, and what is assigned to a name that says
/// that it is a credential: up to its quote, or to a blank. Behind a blank a value must have a digit or a sign: in a
/// sentence, `password: it was empty` is none.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?ix)
        [a-z][a-z0-9+.-]{1,30}://([^\s/"'<>@:]*(?::|[0-9])[^\s/"'<>@]*)@
        | \b(?:bearer|basic)\s+(?<scheme>[a-z0-9._~+/-]{6,}=*)
        | (?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|credentials?)["']?
          (?: \s?[:=]\s? (?: "([^"]{4,})" | '([^']{4,})' )
            | [:=] ["']? ([^\s"',;)]{4,})
            | \s?[:=]\s ([^\s"',;)]*[0-9!$%&*+/=?@^~\#][^\s"',;)]{3,}|[^\s"',;)]{3,}[0-9!$%&*+/=?@^~\#][^\s"',;)]*) )"#,
    )
    .expect("the pattern is well formed")
});

/// Where a text has what looks like a credential: in order, apart from each other.
pub fn credentials(text: &str) -> Vec<Range<usize>> {
    // Nearly all subjects have nothing of it; looking for this costs little, and compiling the pattern much.
    let named = may_name(text).then(|| NAMED.captures_iter(text));
    let named = named.into_iter().flatten().filter_map(|found| {
        let word = found.name("scheme").is_some_and(|token| !is_drawn(token.as_str()));
        found.iter().skip(1).flatten().next().filter(|_| !word)
    });
    let mut found: Vec<_> = places(text).into_iter().chain(named.map(|one| one.range())).collect();
    found.sort_by_key(|place| (place.start, place.end));
    found.dedup_by(|next, place| {
        let inside = next.start < place.end;
        if inside {
            place.end = place.end.max(next.end);
        }
        inside
    });
    found
}

/// A text without what looks like a credential in it.
pub fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for place in credentials(text) {
        shown.push_str(&text[from..place.start]);
        shown.push_str(MASK);
        from = place.end;
    }
    shown.push_str(&text[from..]);
    shown
}

/// Whether what stands behind a scheme is a token and no word, such as `html5`.
fn is_drawn(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let upper = token.bytes().any(|byte| byte.is_ascii_uppercase());
    token.ends_with('=') || digits > 2 || (digits > 0 && upper) || token.len() > 24
}

/// Whether a text has a word that the pattern needs, and where one needs it a sign that assigns.
fn may_name(text: &str) -> bool {
    const NAMES: [&str; 6] = ["://", "pass", "secret", "token", "key", "credential"];
    let lower = text.to_ascii_lowercase();
    ["bearer", "basic"].into_iter().any(|scheme| lower.contains(scheme))
        || (lower.contains([':', '=']) && NAMES.into_iter().any(|name| lower.contains(name)))
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
            ("Use password: hunter2secret".to_owned(), "Use password: ***"),
            ("Use password = 4ever-young now".to_owned(), "Use password = *** now"),
            (["Authorization: Bearer ", "eyJ9", "x.abc.def"].concat(), "Authorization: Bearer ***"),
            ("curl -H 'Authorization: Basic dTpwNQ==' x".to_owned(), "curl -H 'Authorization: Basic ***' x"),
            ("PGPASSWORD=\"hunter2 secret\" psql".to_owned(), "PGPASSWORD=\"***\" psql"),
            ("PGPASSWORD='hunter2 secret' psql".to_owned(), "PGPASSWORD='***' psql"),
            ("PGPASSWORD=\"hunter2 and no end".to_owned(), "PGPASSWORD=\"*** and no end"),
        ] {
            assert_eq!(masked(&text), shown);
        }
        for text in [
            "",
            "Fix password: it was empty",
            "fix(token): keep it",
            "Clone ssh://git@a.b/c",
            "Give basic html5-support",
            "Update the basic 2fa page: token handling",
            "See https://a.b/c@d and mail me@a.b",
            "Revert 0123456789abcdef0123456789abcdef01234567",
            "Ünïcode = ok",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
