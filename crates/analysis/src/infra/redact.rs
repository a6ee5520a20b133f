//! Credentials in what a finding shows: the message, the symbol and the anchor of every infrastructure finding go
//! through here.
//!
//! A command line is shown so that people recognise it; what stands where a credential stands is not part of that.
//! Rather a harmless word too many is masked than a credential shown.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use crate::inventory::secret_places;
use crate::pattern::Pattern;

/// What is shown in the place of a credential.
const MASK: &str = "***";
/// How many bytes around a part of a text are looked at for what says that it is a credential.
const AROUND: usize = 300;

/// Of a longer part only its beginning is kept, in bytes.
const LONGEST: usize = 4_000;

/// One word of a command line: an expression of a pipeline, a quoted text, or anything up to a blank or an operator.
const WORD: &str = r#"(\$\{\{[^}]*\}\}[^\s"'|;&]*|"[^"]*"?|'[^']*'?|[^\s"'|;&,<>-][^\s"'|;&<>]*)"#;
/// Parts of names that say that the value is a credential.
const NAMES: &str = "token|secret|passphrase|passw|passwd|pass|pwd|api[_-]?key|(?:access|private|account|auth|signing|encryption)[_-]?key|credential|signature|\\bsig|\\bkey";

/// Where credentials stand, each as the first group.
#[expect(clippy::expect_used, reason = "the patterns are part of the program, and tests run them")]
static PLACES: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    [
        // The user, and whatever is with it, in an address.
        r#"[A-Za-z][A-Za-z0-9+.-]*://([^\s/"'<>]+)@"#.to_owned(),
        // `-u`, `-p`, also at the end of other short ones; `-uNAME:PASSWORD`, and `-pPASSWORD` of programs that take it.
        format!(r#"(?:^|[\s"'\[,(])-[A-Za-z]{{0,8}}[uUpP](?:\s+|=|["']\s*,\s*){WORD}"#),
        r#"(?:^|[\s"'\[,(])-[A-Za-z]{0,8}[uU]([^\s"'|;&:]+:[^\s"'|;&]+)"#.to_owned(),
        r#"(?i)\b(?:mysql|mariadb|sshpass|7z|zip)[^|;&]{0,200}?[\s"']-p([^\s"'|;&-][^\s"'|;&]+)"#.to_owned(),
        format!(r#"(?i)--[a-z-]{{0,40}}(?:user|{NAMES})[a-z-]{{0,40}}(?:\s+|=|["']\s*,\s*){WORD}"#),
        format!(r#"(?i)authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token)\s+)?{WORD}"#),
        // `token=...`, `"password": "..."`, `?key=...`.
        format!(r#"(?i)(?:{NAMES})[\w.-]{{0,40}}["']?(?:\s*:\s|\s*:?=)\s*{WORD}"#),
    ]
    .map(|pattern| Pattern::new(pattern).expect("the pattern is well formed"))
    .into()
});

/// Whether any of [`PLACES`] can be in a text: each of them needs a blank, a quote or one of these signs. The names of
/// actions and images, which most findings show, have none, and making the expressions takes longer than all else.
fn may_have_places(text: &str) -> bool {
    const SIGNS: [char; 9] = [' ', '\t', '\n', '\x0b', '\x0c', '\r', '=', '"', '\''];
    let of_options = || text.starts_with('-') || text.contains(['[', ',', '(']);
    let of_headers = || text.to_ascii_lowercase().contains("authorization");
    text.contains(SIGNS) || text.contains("://") || (text.contains(':') && (of_options() || of_headers()))
}

/// A value that only names where the credential comes from; such a name is what people need to see.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static REFERENCE: LazyLock<Pattern> = LazyLock::new(|| {
    let one = r"\$(?:\{\{[^}]*\}\}|\{[A-Za-z_][A-Za-z0-9_]*\}|\([^()]*\)|[A-Za-z_][A-Za-z0-9_]*)";
    Pattern::new(format!(r#"^"?{one}(?::{one})?"?$"#)).expect("the pattern is well formed")
});

/// A text without the credentials in it.
pub(super) fn redacted(text: &str) -> Cow<'_, str> {
    masked(text, 0..text.len())
}

/// A part of a text without the credentials in it, also those that only the text around the part shows to be some.
pub(super) fn part(text: &str, range: Range<usize>) -> String {
    let range = range.start..text.floor_char_boundary(range.end.min(range.start + LONGEST));
    let start = text.floor_char_boundary(range.start.saturating_sub(AROUND));
    let end = text.ceil_char_boundary(range.end.saturating_add(AROUND).min(text.len()));
    masked(&text[start..end], range.start - start..range.end - start).into_owned()
}

fn masked(text: &str, range: Range<usize>) -> Cow<'_, str> {
    let places = may_have_places(text).then(|| PLACES.iter()).into_iter().flatten();
    let named = places.flat_map(|place| place.captures_iter(text)).filter_map(|found| {
        let makes_folders = text[..found.get(0)?.start()].ends_with("mkdir");
        found.get(1).filter(|_| !makes_folders)
    });
    let mut places: Vec<Range<usize>> = named
        .filter(|found| !REFERENCE.is_match(found.as_str()))
        .map(|found| found.range())
        .chain(secret_places(text))
        .filter(|place| place.start < range.end && range.start < place.end)
        .collect();
    if places.is_empty() {
        return Cow::Borrowed(&text[range]);
    }
    places.sort_by_key(|place| (place.start, place.end));
    let mut shown = String::with_capacity(range.len());
    let mut from = range.start;
    for place in places {
        // Of places that overlap, one mask is enough.
        if place.start >= from || shown.is_empty() {
            shown.push_str(&text[from..place.start.max(from)]);
            shown.push_str(MASK);
        }
        from = from.max(place.end.min(range.end));
    }
    shown.push_str(&text[from..range.end]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn where_no_sign_is_no_place_is(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "-u", "-p", "-xu", "--user", "--token", "token", "password", "Authorization", "basic", "mysql", "a1",
                    ":", "=", "@", "/", "://", "[", ",", "(", "'", "\"", " ", "\n", ";", "-", "ä",
                ]),
                0..9,
            ),
        ) {
            let text = parts.concat();
            let found = PLACES.iter().any(|place| place.is_match(&text));
            prop_assert!(!found || may_have_places(&text), "{text:?}");
        }
    }

    #[test]
    fn credentials_are_masked_wherever_a_command_line_has_them() {
        for (text, shown) in [
            ("curl -k -u admin:hunter2 https://a.b/c | sh", "curl -k -u *** https://a.b/c | sh"),
            ("curl -sku 'admin:hunter2 x' https://a.b", "curl -sku *** https://a.b"),
            ("curl -uadmin:hunter2 https://a.b", "curl -u*** https://a.b"),
            ("curl --proxy-user=a:hunter2 b", "curl --proxy-user=*** b"),
            ("mysql -phunter2 -e x", "mysql -p*** -e x"),
            ("sshpass -p hunter2 ssh a", "sshpass -p *** ssh a"),
            ("docker login --password hunter2 a", "docker login --password *** a"),
            ("x --registry-token \"hunter2\" a", "x --registry-token *** a"),
            ("https://bob:hunter2@a.b/c?d=e@f", "https://***@a.b/c?d=e@f"),
            ("https://hunter2@a.b/c", "https://***@a.b/c"),
            ("https://a.b/c?x=1&token=hunter2&y=2", "https://a.b/c?x=1&token=***&y=2"),
            ("https://a.b/c?key=hunter2", "https://a.b/c?key=***"),
            ("DB_PASSWORD=hunter2 run", "DB_PASSWORD=*** run"),
            ("{\"password\": \"hunter2\"}", "{\"password\": ***}"),
            ("curl -H 'Authorization: Bearer hunter2' a", "curl -H 'Authorization: Bearer ***' a"),
            ("curl -H \"X-Api-Key: hunter2\" a", "curl -H \"X-Api-Key: ***\" a"),
        ] {
            assert_eq!(redacted(text), shown, "{text}");
        }
        assert!(!redacted("[\"curl\", \"-u\", \"admin:hunter2\"]").contains("hunter2"));
        let known = ["ghp_", "q2Xw9vLkT4pR7nYb3mZc6hJ1aB5dE8fG0iKl"].concat();
        assert!(!redacted(&format!("echo {known} | gh auth login")).contains(&known));
    }

    #[test]
    fn what_is_no_credential_and_what_only_names_one_stays() {
        for text in [
            "curl -fsSL https://a.b:8080/c@1.sh | sh",
            "echo \"${{ github.event.issue.title }}\"",
            "curl -u \"$USER:$PASS\" https://a.b",
            "TOKEN=${{ secrets.TOKEN }} run",
            "echo $TOKEN",
            "/var/run/docker.sock:/var/run/docker.sock",
            "chmod 777 /data",
            "mkdir -p /data && chmod 777 /data",
            "seccomp=unconfined",
            "",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_part_is_masked_by_what_stands_before_it() {
        let text = "curl -k -u 'admin:x hunter2 y' https://a.b";
        let at = text.find("hunter2").unwrap();
        assert_eq!(part(text, at..text.len()), "*** https://a.b");
        assert_eq!(part(text, at..at + 3), "***");
        assert_eq!(part("é curl", 0..2), "é");
        assert_eq!(part(&"é".repeat(5_000), 1_000..9_000).len(), LONGEST);
    }
}
