//! The order for ecosystems without rules of their own here.
//!
//! The text is cut into runs of digits and runs of letters; digits compare by value, letters by spelling, a number
//! is newer than a word, and what goes on is newer than what ends. So `1.10` is newer than `1.2`, and `1.0a` is
//! newer than `1.0`: pre-releases are not understood.

use std::cmp::Ordering;

use super::digits;

/// Compares two texts as described above.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (digits::runs(a), digits::runs(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (digits::is_number(a), digits::is_number(b)) {
                (true, true) => digits::compare(a, b),
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The same, but what follows a dash is older than the version without it.
pub(super) fn compare_with_pre_release(a: &str, b: &str) -> Ordering {
    let (main_a, pre_a) = a.split_once('-').map_or((a, None), |(main, pre)| (main, Some(pre)));
    let (main_b, pre_b) = b.split_once('-').map_or((b, None), |(main, pre)| (main, Some(pre)));
    compare(main_a, main_b).then_with(|| match (pre_a, pre_b) {
        (Some(pre_a), Some(pre_b)) => compare(pre_a, pre_b),
        (pre_a, pre_b) => pre_a.is_none().cmp(&pre_b.is_none()),
    })
}
