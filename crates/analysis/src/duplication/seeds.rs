//! Hashes of runs of tokens, thinned out by winnowing.

use std::collections::VecDeque;

use super::tokens::Mark;
use super::{File, MAX_SEEDS, MIN_TOKENS, RUN, Tokens, count};

/// A run of tokens that was chosen to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seed {
    pub hash: u64,
    pub file: u32,
    pub at: u32,
}

/// The seeds of some files, by hash, file and position.
pub(super) struct Seeds {
    pub list: Vec<Seed>,
    /// Files whose seeds had no room.
    pub left_out: u32,
}

/// Odd, so that multiplying by it loses nothing.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hashes of which the smallest is kept: every stretch of [`MIN_TOKENS`] tokens has as many runs.
const WINDOW: usize = MIN_TOKENS - RUN + 1;

pub(super) fn of(files: &[File<'_>]) -> Seeds {
    let mut seeds = Seeds { list: Vec::new(), left_out: 0 };
    let mut taken = Vec::new();
    let mut room = MAX_SEEDS;
    for (index, file) in files.iter().enumerate() {
        if file.tokens.len() < MIN_TOKENS {
            continue;
        }
        if file.tokens.len() / (WINDOW / 2) > room {
            seeds.left_out += 1;
            continue;
        }
        room = room.saturating_sub(file.tokens.marks().len());
        taken.push((count(index), file.tokens));
    }
    // Most hashes stand there once: they need not be put in order.
    let mut met = Met::new(taken.iter().map(|(_, tokens)| tokens.marks().len()).sum());
    for mark in taken.iter().flat_map(|(_, tokens)| tokens.marks()) {
        met.add(mark.hash);
    }
    for (file, tokens) in taken {
        let shared = tokens.marks().filter(|mark| met.may_be_shared(mark.hash));
        seeds.list.extend(shared.map(|mark| Seed { hash: mark.hash, file, at: mark.at }));
    }
    // Field by field, compared at once.
    seeds.list.sort_unstable_by_key(|seed| {
        u128::from(seed.hash) << 64 | u128::from(seed.file) << 32 | u128::from(seed.at)
    });
    seeds
}

/// Tells hashes that were certainly met only once from the others.
struct Met {
    once: Vec<u64>,
    again: Vec<u64>,
}

impl Met {
    /// For so many hashes: sixteen bits for each, so that few have one in common.
    fn new(hashes: usize) -> Self {
        let words = (hashes / 4).next_power_of_two();
        Self { once: vec![0; words], again: vec![0; words] }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let word = usize::try_from(hash >> 6).unwrap_or(usize::MAX) & (self.once.len() - 1);
        (word, 1 << (hash & 63))
    }

    fn add(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        if let (Some(once), Some(again)) = (self.once.get_mut(word), self.again.get_mut(word)) {
            *again |= *once & bit;
            *once |= bit;
        }
    }

    fn may_be_shared(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.again.get(word).is_some_and(|again| again & bit != 0)
    }
}

/// Robust winnowing: of the smallest hashes of a window the one that was kept last, else the rightmost. Code that
/// repeats itself has the same hashes over and over, and would otherwise keep nearly all of them.
pub(super) fn winnow(tokens: &Tokens) -> Vec<Mark> {
    let mut out = Vec::with_capacity(tokens.len() / (WINDOW / 2));
    // Hashes that may yet be the smallest of a window, ascending; of equal ones only the rightmost may.
    let mut waiting: VecDeque<(usize, u64)> = VecDeque::with_capacity(WINDOW);
    let mut kept: Option<(usize, u64)> = None;
    for (at, hash) in runs(tokens).enumerate() {
        while waiting.back().is_some_and(|(_, other)| *other >= hash) {
            waiting.pop_back();
        }
        waiting.push_back((at, hash));
        let Some(start) = (at + 1).checked_sub(WINDOW) else { continue };
        while waiting.front().is_some_and(|(at, _)| *at < start) {
            waiting.pop_front();
        }
        let Some(&(at, hash)) = waiting.front() else { continue };
        if kept.is_some_and(|(last, known)| last >= start && known == hash) {
            continue;
        }
        out.push(Mark { hash, at: count(at) });
        kept = Some((at, hash));
    }
    out
}

/// The hash of the run of shapes that begins at each token (Karp and Rabin's rolling hash, mixed).
fn runs(tokens: &Tokens) -> impl Iterator<Item = u64> {
    let oldest = (1..RUN).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0_u64;
    tokens.shapes().enumerate().filter_map(move |(at, shape)| {
        if let Some(gone) = at.checked_sub(RUN) {
            let gone = u64::from(tokens.shape(gone).unwrap_or(0)) + 1;
            hash = hash.wrapping_sub(gone.wrapping_mul(oldest));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(shape) + 1);
        (at + 1 >= RUN).then(|| mix(hash))
    })
}

/// Spreads what the polynomial leaves in the upper bits (the finaliser of `SplitMix64`).
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the definition says, window by window.
    fn slowly(tokens: &Tokens) -> Vec<Mark> {
        let hashes: Vec<u64> = runs(tokens).collect();
        let mut kept: Option<(usize, u64)> = None;
        let mut out = Vec::new();
        for (start, window) in hashes.windows(WINDOW).enumerate() {
            let smallest =
                window.iter().enumerate().min_by_key(|(at, hash)| (**hash, std::cmp::Reverse(*at)));
            let (at, hash) = smallest.map(|(at, hash)| (start + at, *hash)).unwrap();
            if kept.is_none_or(|(last, known)| last < start || known != hash) {
                out.push(Mark { hash, at: count(at) });
                kept = Some((at, hash));
            }
        }
        out
    }

    #[test]
    fn the_kept_hashes_are_those_of_the_definition() {
        // Code of many kinds: all the same, of one pattern, and without any.
        for period in [1, 2, 3, 29, 30, 97, 1_000] {
            for length in [0, 27, 49, 50, 51, 400] {
                let mut tokens = Tokens::default();
                for at in 0..length {
                    let kind = format!("kind{}", (at % period) * 7919 % 13);
                    tokens.leaf(&kind, true, at, 1, "x");
                }
                assert_eq!(winnow(&tokens), slowly(&tokens), "{period} {length}");
            }
        }
    }
}
