//! `RubyGems`: dotted segments, where a word is older than any number and trailing zeros do not count.

use std::cmp::Ordering;

use super::digits;

/// Compares two gem versions.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (segments(a)?, segments(b)?);
    let order = (0..a.len().max(b.len())).map(|i| {
        let (a, b) = (a.get(i).map_or("0", String::as_str), b.get(i).map_or("0", String::as_str));
        match (digits::is_number(a), digits::is_number(b)) {
            (true, true) => digits::compare(a, b),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => a.cmp(b),
        }
    });
    Some(order.into_iter().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal))
}

/// The segments, without the zeros that end the numeric part and those that end the whole.
fn segments(text: &str) -> Option<Vec<String>> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    if !plain || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // A dash starts a pre-release, as in `Gem::Version`.
    let dotted = text.replace('-', ".pre.");
    let all: Vec<&str> = digits::runs(&dotted).collect();
    let words_from = all.iter().position(|run| !digits::is_number(run)).unwrap_or(all.len());
    let is_zero = |run: &&str| run.bytes().all(|byte| byte == b'0');
    let (numbers, rest) = all.split_at(words_from);
    let trimmed = |part: &[&str]| {
        let zeros = part.iter().rev().take_while(|run| is_zero(run)).count();
        part[..part.len() - zeros].iter().map(|run| (*run).to_owned()).collect::<Vec<_>>()
    };
    let mut segments = trimmed(numbers);
    segments.extend(trimmed(rest));
    Some(segments)
}
