//! What the text around a credential says of it: that it only shows what one looks like.

use std::sync::LazyLock;

use regex::Regex;

use super::looks::names_a_sample;

/// Lines above a credential that are looked at for the key that holds it.
const MAX_ABOVE: usize = 400;

/// The start of a file that says of what kind it is.
const HEAD: usize = 4_000;

/// What a line that documents a whole program begins with, in the midst of which examples stand.
const EXAMPLES_IN_TEXT: &str = "```";

/// The version of its format that a description of an interface states: outermost, or in JSON.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?mx)
        (?: ^['"]? | [{,]\s*" )
        (?: openapi['"]?\s*:\s*['"]?3\.[0-9] | swagger['"]?\s*:\s*['"]?2\.0(?:["'\s]|$) )"#,
    )
    .expect("the pattern is well formed")
});

/// Whether what stands before a credential on its line begins a comment.
pub(super) fn is_in_comment(before: &str) -> bool {
    const ALWAYS: [&str; 3] = ["//", "/*", "<!--"];
    const BEFORE_A_BLANK: [&str; 5] = ["#", "*", "--", ";", "%"];
    let begun = before.trim_start();
    let with_blank = |mark: &&str| {
        begun.strip_prefix(*mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    ALWAYS.iter().any(|mark| begun.starts_with(mark))
        || BEFORE_A_BLANK.iter().any(with_blank)
        || [" // ", " # ", "\t// "].iter().any(|mark| before.contains(mark))
}

/// Whether a file describes an interface, or records calls of one: what it holds is shown to readers.
pub(super) fn is_description(text: &str) -> bool {
    const RECORDS: [&str; 2] = ["schema.getpostman.com", "\"_postman_id\""];
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    // Settings of a program have sections of these names as well: searched is a version of the format.
    let named = || ["openapi", "swagger"].iter().any(|name| head.contains(name));
    RECORDS.iter().any(|sign| head.contains(sign)) || (named() && VERSION.is_match(head))
}

/// Whether a key that a credential stands below, or its own, says that it is an example: by the indentation of the lines
/// above, `before` being all of the text before the credential.
pub(super) fn is_below_example(before: &str) -> bool {
    let mut lines = before.rsplit('\n').take(MAX_ABOVE);
    let own = lines.next().unwrap_or_default();
    if own.contains(EXAMPLES_IN_TEXT) || names_example(own) {
        return true;
    }
    let mut depth = depth(own);
    for line in lines {
        let here = self::depth(line);
        if here >= depth || line.trim().is_empty() {
            continue;
        }
        depth = here;
        if names_example(line) {
            return true;
        }
        if depth == 0 {
            break;
        }
    }
    false
}

/// How far the first key of a line is indented, the marks of a list included.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '-']).len()
}

/// Whether a line has a key that says that what follows is an example.
fn names_example(line: &str) -> bool {
    const KEYS: [&str; 8] = [
        "example",
        "examples",
        "x-example",
        "x-examples",
        "sample",
        "samples",
        "example_value",
        "placeholder",
    ];
    let mut keys = line.split([':', '=']);
    // What stands behind the last sign is no key.
    let last = keys.next_back();
    last.is_some()
        && keys.any(|key| {
            let key = key.trim_end().trim_end_matches(['"', '\'']);
            let start = key.rfind(|letter: char| !(letter.is_ascii_alphanumeric() || "_-".contains(letter)));
            let word = &key[start.map_or(0, |at| at + key[at..].chars().next().map_or(1, char::len_utf8))..];
            KEYS.iter().any(|known| word.trim_start_matches('-').eq_ignore_ascii_case(known))
        })
}

/// Whether a JSON Web Token says that it expires, and soon after it was made.
pub(super) fn expires(token: &str) -> bool {
    /// Longer ones are made to stay.
    const LONG: i64 = 2 * 366 * 86_400;
    let payload = token.split('.').nth(1).map(super::keys::decoded).unwrap_or_default();
    let Ok(claims) = serde_json::from_slice::<serde_json::Value>(&payload) else { return false };
    let time = |claim: &str| claims.get(claim).and_then(serde_json::Value::as_i64);
    time("exp").is_some_and(|end| time("iat").is_none_or(|start| end.saturating_sub(start) < LONG))
}

/// Whether a name that a certificate is made out to is one that only tests and one's own machine have.
pub(super) fn is_name_of_samples(name: &str) -> bool {
    const ENDS: [&str; 6] = ["localhost", ".local", ".test", ".example", ".invalid", "127.0.0.1"];
    let name = name.to_ascii_lowercase();
    let own = |word: &str| matches!(word, "snakeoil" | "dev" | "development" | "localhost" | "selfsigned");
    if ENDS.iter().any(|end| name.ends_with(end)) {
        return true;
    }
    // Of the name of a machine whole labels count, and not the last, which anybody may buy names below: `api.acme.dev`.
    if let Some((labels, _)) = name.rsplit_once('.').filter(|_| !name.contains(' ')) {
        return labels.split('.').any(|label| !label.contains('-') && (own(label) || names_a_sample(label)));
    }
    names_a_sample(&name) || name.split(|letter: char| !letter.is_ascii_alphabetic()).any(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_known_by_what_they_begin_with() {
        for before in ["// key: ", "  # ", " * token ", "-- ", "x := 1 // like ", "<!-- a", "#"] {
            assert!(is_in_comment(before), "{before}");
        }
        for before in [
            "#define KEY \"",
            "--token=",
            "key = ",
            "https://a:",
            "*p = \"",
            "url: \"http://x/#",
            "    \"\"\"",
            "'''",
        ] {
            assert!(!is_in_comment(before), "{before}");
        }
    }

    #[test]
    fn examples_are_known_by_the_keys_above() {
        for before in [
            "example: ",
            "{\"example\": {\"key\": \"",
            "schema:\n  examples:\n  - value:\n      key: ",
            "examples:\n- key: a\n  token: ",
            "\"examples\": [\n  {\n    \"a\": 1,\n\n    \"key\": \"",
            "description: 'use\\n```js\\nkey = \"",
        ] {
            assert!(is_below_example(before), "{before}");
        }
        for before in [
            "example: a\nkey: ",
            "a:\n  example: b\n  key: ",
            "examples:\n  a: b\nother:\n  key: ",
            "key: example",
            "for_example_only: x\nkey: ",
        ] {
            assert!(!is_below_example(before), "{before}");
        }
    }

    #[test]
    fn descriptions_of_interfaces_are_known_by_their_head() {
        for text in [
            "openapi: 3.1.0\npaths: {}",
            "# ours\nopenapi: '3.0.3'\n",
            "swagger: \"2.0\"\r\n",
            "{\"swagger\": \"2.0\"}",
            "{\n  \"info\": {},\n  \"openapi\": \"3.0.0\"\n}",
            "{\"info\": {\"_postman_id\": \"1\"}}",
        ] {
            assert!(is_description(text), "{text}");
        }
        for text in [
            "server:\n  port: 1",
            "swagger:\n  enabled: true\n",
            "springdoc:\n  openapi: 3.0\n",
            "{\"dependencies\": {\"swagger\": \"^2.0.1\", \"openapi\": \"1.0.1\"}}",
        ] {
            assert!(!is_description(text), "{text}");
        }
    }

    #[test]
    fn tokens_say_whether_they_expire() {
        let token = |claims: &str| {
            let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let mut made = String::from("x.");
            for three in claims.as_bytes().chunks(3) {
                let bits =
                    (0..3).fold(0_u32, |all, at| all << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
                let signs =
                    (0..=three.len()).map(|at| char::from(letters[(bits >> (18 - 6 * at) & 63) as usize]));
                made.extend(signs);
            }
            made + ".y"
        };
        assert!(expires(&token("{\"exp\": 1500000000}")));
        assert!(expires(&token("{\"iat\": 1500000000, \"exp\": 1500003600}")));
        assert!(!expires(&token("{\"iat\": 1500000000, \"exp\": 1815360000}")));
        assert!(!expires(&token("{\"sub\": 1}")) && !expires("x.y.z"));
    }

    #[test]
    fn names_in_certificates_tell_samples() {
        for name in [
            "localhost",
            "*.example.com",
            "Test CA",
            "snakeoil.local",
            "Dev Root",
            "Test CA v1.0",
            "dev.acme.io",
            "test1.acme.dev",
        ] {
            assert!(is_name_of_samples(name), "{name}");
        }
        for name in [
            "api.acme.io",
            "devices.acme.io",
            "Contest CA",
            "api.acme.dev",
            "*.acme.dev",
            "dev-portal.acme.io",
        ] {
            assert!(!is_name_of_samples(name), "{name}");
        }
    }
}
