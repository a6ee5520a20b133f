//! Numbers of any length, compared without reading them into a machine integer.

use std::cmp::Ordering;

/// Compares two runs of decimal digits by value.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Whether the text is a run of decimal digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The runs of digits and the runs of letters; everything else only separates.
pub(super) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 1,
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => 2,
        _ => 0,
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && class(bytes[at]) == 0 {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && class(bytes[at]) == class(bytes[start]) {
            at += 1;
        }
        // Every byte above 0x7f is in one class, so a run never splits a character.
        text.get(start..at).filter(|run| !run.is_empty())
    })
}
