//! Names that Git keeps as bytes, as text that is safe to store and to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The name as text: bytes that are not UTF-8, and control characters, become `\xNN`.
///
/// Control characters too, because a newline or an escape sequence in a name has no honest use and every reader
/// downstream (terminals, logs, line-based formats) would have to guard against it.
pub fn display_name(name: &[u8]) -> Cow<'_, str> {
    // Nearly all of them.
    if let Ok(plain) = str::from_utf8(name)
        && !plain.chars().any(char::is_control)
    {
        return Cow::Borrowed(plain);
    }
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                let mut bytes = [0; 4];
                push_escaped(&mut out, character.encode_utf8(&mut bytes).as_bytes());
            } else {
                out.push(character);
            }
        }
        push_escaped(&mut out, chunk.invalid());
    }
    Cow::Owned(out)
}

fn push_escaped(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\x{byte:02X}");
    }
}

/// Whether the name could be a file or folder below its parent. `..`, `.git` and names with a slash are only ever
/// made to trick programs that write files.
pub(super) fn is_plain(name: &[u8]) -> bool {
    !(name.is_empty()
        || name == b"."
        || name == b".."
        || name.eq_ignore_ascii_case(b".git")
        || name.contains(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_bytes_are_written_out() {
        assert_eq!(display_name("grün.rs".as_bytes()), "grün.rs");
        assert_eq!(display_name(b"caf\xe9.txt"), "caf\\xE9.txt");
        assert_eq!(display_name(b"a\nb\x1b[31m"), "a\\x0Ab\\x1B[31m");
        assert_eq!(display_name("a\u{85}b".as_bytes()), "a\\xC2\\x85b");
    }

    #[test]
    fn names_that_climb_are_not_plain() {
        for name in [&b""[..], b".", b"..", b".git", b".GIT", b"a/b"] {
            assert!(!is_plain(name), "{name:?}");
        }
        assert!(is_plain(b".gitignore") && is_plain(b"...") && is_plain(b"a\\b"));
    }
}
