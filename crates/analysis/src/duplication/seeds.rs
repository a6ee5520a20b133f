//! Hashes of runs of tokens, thinned out by winnowing.

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

pub(super) fn of(files: &[File<'_>], test: bool) -> Seeds {
    let mut seeds = Seeds { list: Vec::new(), left_out: 0 };
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.test == test) {
        if file.tokens.len() < MIN_TOKENS {
            continue;
        }
        if seeds.list.len() + file.tokens.len() / (WINDOW / 2) > MAX_SEEDS {
            seeds.left_out += 1;
            continue;
        }
        winnow(file.tokens, count(index), &mut seeds.list);
    }
    seeds.list.sort_unstable();
    seeds
}

/// Robust winnowing: of the smallest hashes of a window the one that was kept last, else the rightmost. Code that
/// repeats itself has the same hashes over and over, and would otherwise keep nearly all of them.
fn winnow(tokens: &Tokens, file: u32, out: &mut Vec<Seed>) {
    let hashes = runs(tokens);
    let mut kept: Option<(usize, u64)> = None;
    for (start, window) in hashes.windows(WINDOW).enumerate() {
        let smallest = window.iter().enumerate().min_by_key(|(at, hash)| (**hash, std::cmp::Reverse(*at)));
        let Some((at, &hash)) = smallest else { continue };
        if kept.is_some_and(|(last, known)| last >= start && known == hash) {
            continue;
        }
        let at = start + at;
        out.push(Seed { hash, file, at: count(at) });
        kept = Some((at, hash));
    }
}

/// The hash of the run of shapes that begins at each token (Karp and Rabin's rolling hash, mixed).
fn runs(tokens: &Tokens) -> Vec<u64> {
    let shape = |at: usize| u64::from(tokens.shape(at).unwrap_or(0)) + 1;
    let oldest = (1..RUN).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0_u64;
    let mut out = Vec::with_capacity(tokens.len());
    for at in 0..tokens.len() {
        if at >= RUN {
            hash = hash.wrapping_sub(shape(at - RUN).wrapping_mul(oldest));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(shape(at));
        if at + 1 >= RUN {
            out.push(mix(hash));
        }
    }
    out
}

/// Spreads what the polynomial leaves in the upper bits (the finaliser of `SplitMix64`).
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}
