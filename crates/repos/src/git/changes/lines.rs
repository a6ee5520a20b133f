//! How many lines two texts do not have in common.

use analysis::source::Hunk;
use gix::diff::blob::{Algorithm, Diff, InternedInput};

/// Git looks at this many bytes to tell binary from text.
const BINARY_PROBE: usize = 8_000;

/// Bytes that are compared at once.
const STEP: usize = 64;

/// Whether git takes it for something else than text.
pub(crate) fn is_binary(content: &[u8]) -> bool {
    memchr::memchr(0, &content[..content.len().min(BINARY_PROBE)]).is_some()
}

/// How two texts differ.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// Lines that only the new text has.
    pub(super) added: u32,
    /// Lines that only the old text has.
    pub(super) removed: u32,
    /// Where; empty when there are more than [`Hunk::MOST`] places.
    pub(super) hunks: Vec<Hunk>,
}

/// Compares two texts by lines.
///
/// Most edits are small: the lines that both texts begin and end with are taken off before the rest is split. The
/// algorithm does the same with what it is given, so that the result is the same.
pub(super) fn compare(old: &[u8], new: &[u8]) -> Compared {
    let start = same_start(old, new);
    let skipped = lines(&old[..start]);
    let (old, new) = (&old[start..], &new[start..]);
    let end = same_end(old, new);
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    plainly(old, new, skipped)
}

fn plainly(old: &[u8], new: &[u8], skipped: u32) -> Compared {
    let diff = Diff::compute(Algorithm::Histogram, &InternedInput::new(old, new));
    let places = diff.hunks().map(|hunk| Hunk {
        before: skipped.saturating_add(hunk.before.start),
        removed: hunk.before.end.saturating_sub(hunk.before.start),
        after: skipped.saturating_add(hunk.after.start),
        added: hunk.after.end.saturating_sub(hunk.after.start),
    });
    let mut hunks: Vec<Hunk> = places.take(Hunk::MOST + 1).collect();
    if hunks.len() > Hunk::MOST {
        hunks = Vec::new();
    }
    Compared { added: diff.count_additions(), removed: diff.count_removals(), hunks }
}

/// Bytes of the whole lines that both begin with.
fn same_start(a: &[u8], b: &[u8]) -> usize {
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b).count() * STEP;
    let rest = a[steps..].iter().zip(&b[steps..]).take_while(|(a, b)| a == b).count();
    memchr::memrchr(b'\n', &a[..steps + rest]).map_or(0, |at| at + 1)
}

/// Bytes of the whole lines that both end with.
fn same_end(a: &[u8], b: &[u8]) -> usize {
    let steps = a.rchunks_exact(STEP).zip(b.rchunks_exact(STEP)).take_while(|(a, b)| a == b).count() * STEP;
    let (rest_a, rest_b) = (&a[..a.len() - steps], &b[..b.len() - steps]);
    let rest = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let length = steps + rest;
    let starts_line = |text: &[u8]| text.len() == length || text[text.len() - length - 1] == b'\n';
    if starts_line(a) && starts_line(b) {
        return length;
    }
    memchr::memchr(b'\n', &a[a.len() - length..]).map_or(0, |at| length - at - 1)
}

fn lines(text: &[u8]) -> u32 {
    let ends =
        memchr::memchr_iter(b'\n', text).count() + usize::from(text.last().is_some_and(|it| *it != b'\n'));
    u32::try_from(ends).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_taken_off_both_ends_do_not_change_the_numbers() {
        // Every text of up to four lines out of three, with and without an end of the last one.
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<String> =
                texts.iter().flat_map(|text| ["a\n", "b\n", "\n"].map(|line| text.clone() + line)).collect();
            texts.extend(longer);
        }
        texts.extend(texts.clone().into_iter().filter_map(|text| text.strip_suffix('\n').map(str::to_owned)));
        texts.sort();
        texts.dedup();
        for old in &texts {
            for new in &texts {
                let (old, new) = (old.as_bytes(), new.as_bytes());
                assert_eq!(compare(old, new), plainly(old, new, 0), "{old:?} {new:?}");
            }
        }
    }

    #[test]
    fn long_texts_are_compared_in_steps() {
        let old = (0..200).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
        let new = old.replace("line 77\n", "line 77a\nline 77b\n");
        let compared = compare(old.as_bytes(), new.as_bytes());
        let hunk = Hunk { before: 77, removed: 1, after: 77, added: 2 };
        assert_eq!(compared, Compared { added: 2, removed: 1, hunks: vec![hunk] });
        let numbers = |new: &str| {
            let compared = compare(old.as_bytes(), new.as_bytes());
            (compared.added, compared.removed)
        };
        assert_eq!(numbers(new.trim_end()), (3, 2));
        assert_eq!(numbers(""), (0, 200));
        assert_eq!(numbers(&old), (0, 0));
    }
}
