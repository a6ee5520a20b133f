//! A seed that two places share, grown to all that they have in common.

use std::collections::HashMap;

use super::compared::Compared;
use super::edges;
use super::seeds::Seed;
use super::weight;
use super::{
    File, Fragment, MIN_LINES, MIN_RENAMED_LINES, MIN_RENAMED_TOKENS, MIN_TOKENS, Pair, Tokens, count,
};

/// Places that share a seed and are compared each with each; beyond, each is compared with the next ones only.
const ALL_PAIRS: usize = 12;

/// The next ones.
const NEXT: usize = 3;

/// Pairs of places that are looked at, at most.
const MAX_CANDIDATES: usize = 4_000_000;

/// A place in two files, by the distance between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Candidate {
    one: u32,
    other: u32,
    /// Position in the other file less position in the one, shifted to be positive.
    shift: u64,
    at: u32,
}

impl Candidate {
    /// What puts candidates in order, field by field, compared at once: no two files are 2^31 apart.
    fn order(&self) -> u128 {
        let files = u128::from(self.one) << 32 | u128::from(self.other);
        files << 65 | u128::from(self.shift) << 32 | u128::from(self.at)
    }

    /// The two files.
    pub(super) fn files(&self) -> (u32, u32) {
        (self.one, self.other)
    }
}

/// All pairs of duplicates, by place. What two files have in common is looked up where it is known.
pub(super) fn of(files: &[File<'_>], seeds: &[Seed], known: &mut Compared<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let candidates = candidates(seeds, MAX_CANDIDATES);
    for between in candidates.chunk_by(|a, b| (a.one, a.other) == (b.one, b.other)) {
        let Some(Candidate { one, other, .. }) = between.first() else { continue };
        let (Some(one), Some(other)) = (files.get(*one as usize), files.get(*other as usize)) else {
            continue;
        };
        let places = between.iter().map(|candidate| (candidate.shift, candidate.at));
        let found = known.find((one.tokens, other.tokens), places, || two(files, between));
        pairs.extend(found.into_iter().map(|pair| pair.of(between)));
    }
    pairs
}

/// The duplicates at some places of two files.
fn two(files: &[File<'_>], between: &[Candidate]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut done: Option<(u64, usize)> = None;
    for candidate in between {
        // A seed inside what was already grown along the same shift would grow to the same.
        if done.is_some_and(|(shift, end)| shift == candidate.shift && (candidate.at as usize) < end) {
            continue;
        }
        let end = grow(files, *candidate, &mut pairs);
        done = Some((candidate.shift, end));
    }
    pairs
}

/// The pairs of places that share a seed, by place: the first `most` in the order of the seeds.
pub(super) fn candidates(seeds: &[Seed], most: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    'full: for bucket in seeds.chunk_by(|a, b| a.hash == b.hash).filter(|bucket| bucket.len() > 1) {
        let reach = if bucket.len() <= ALL_PAIRS { ALL_PAIRS } else { NEXT };
        for (position, one) in bucket.iter().enumerate() {
            for other in bucket.iter().skip(position + 1).take(reach) {
                // One bucket alone can hold more than there is room for.
                if found.len() >= most {
                    break 'full;
                }
                let shift = (u64::from(other.at) + (1 << 32)) - u64::from(one.at);
                found.push(Candidate { one: one.file, other: other.file, shift, at: one.at });
            }
        }
    }
    found.sort_unstable_by_key(Candidate::order);
    found
}

/// Grows a candidate as far as the shapes are equal, and keeps what is a duplicate of it. Returns where the equal
/// shapes end in the first file.
fn grow(files: &[File<'_>], candidate: Candidate, out: &mut Vec<Pair>) -> usize {
    let seed = candidate.at as usize;
    let file = |index: u32| files.get(index as usize).map(|file| file.tokens);
    let (Some(one), Some(other)) = (file(candidate.one), file(candidate.other)) else { return seed + 1 };
    let Ok(seed_other) = usize::try_from((candidate.shift + u64::from(candidate.at)) - (1 << 32)) else {
        return seed + 1;
    };
    let alike = |pair: &(&u32, &u32)| Tokens::shape_of(*pair.0) == Tokens::shape_of(*pair.1);
    let ((behind, ahead), (behind_other, ahead_other)) = (one.around(seed), other.around(seed_other));
    let before = behind.iter().rev().zip(behind_other.iter().rev()).take_while(alike).count();
    let (start, start_other) = (seed - before, seed_other - before);
    let length = before + ahead.iter().zip(ahead_other).take_while(alike).count();
    if length <= before {
        // Two runs with one hash that are not equal.
        return seed + 1;
    }
    // Code that overlaps itself is a row of one pattern: only the first of it is compared with the second.
    let usable =
        if candidate.one == candidate.other { length.min(start_other.abs_diff(start)) } else { length };
    let mut add = |from: usize, to: usize, exact: bool| {
        let (a, b) = ((start + from, start + to), (start_other + from, start_other + to));
        let least = if exact { (MIN_TOKENS, MIN_LINES) } else { (MIN_RENAMED_TOKENS, MIN_RENAMED_LINES) };
        let weighs = if exact { MIN_TOKENS * 3 / 4 } else { MIN_TOKENS };
        if let Some((a, b)) = whole_lines(one, other, a, b, least)
            && !is_pattern(one, a)
            && weight::of(one, a) >= weighs
        {
            let (one, other) =
                (Fragment::new(candidate.one, one, a), Fragment::new(candidate.other, other, b));
            out.push(Pair { one, other, exact });
        }
    };
    let names = (start, start_other, usable);
    let equal = equal_stretches(one, other, names);
    let most_are_equal = equal.iter().map(|(from, to)| to - from).sum::<usize>() * 10 >= usable * 9;
    if !most_are_equal && usable >= MIN_RENAMED_TOKENS && renamed(one, other, names) {
        add(0, usable, false);
    }
    for (from, to) in equal {
        add(from, to, true);
    }
    start + length
}

/// Whether one stretch is the other with each name consistently replaced by one other name.
fn renamed(one: &Tokens, other: &Tokens, (start, start_other, length): (usize, usize, usize)) -> bool {
    let mut there: HashMap<u16, u16> = HashMap::new();
    let mut back: HashMap<u16, u16> = HashMap::new();
    let (mut kept, mut changed) = (0_usize, 0_usize);
    for at in 0..length {
        let (Some(a), Some(b)) = (one.name(start + at), other.name(start_other + at)) else { continue };
        if *there.entry(a).or_insert(b) != b || *back.entry(b).or_insert(a) != a {
            return false;
        }
        if a == b {
            kept += 1;
        } else {
            changed += 1;
        }
    }
    // Where most names differ, only the shape is the same.
    kept >= changed
}

/// The stretches of equal tokens that are long enough, as distances from the start.
fn equal_stretches(
    one: &Tokens,
    other: &Tokens,
    (start, start_other, length): (usize, usize, usize),
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..=length {
        if at < length && one.code(start + at) == other.code(start_other + at) {
            continue;
        }
        if at - from >= MIN_TOKENS {
            found.push((from, at));
        }
        from = at + 1;
    }
    found
}

type Stretch = (usize, usize);

/// Cuts both stretches to the lines that are wholly in the first, if what is left is long enough in both.
fn whole_lines(
    one: &Tokens,
    other: &Tokens,
    a: Stretch,
    b: Stretch,
    (tokens, lines): (usize, u32),
) -> Option<(Stretch, Stretch)> {
    let first_of = |index: usize| one.lines().get(index).map_or(one.len(), |(_, first)| *first as usize);
    let index = one.line_index(a.0);
    let start = if first_of(index) == a.0 { a.0 } else { first_of(index + 1) };
    let last = one.line_index(a.1.saturating_sub(1));
    let end = if first_of(last + 1) == a.1 { a.1 } else { first_of(last) };
    let (start, end) = edges::trim(one, (start.min(end), end));
    if end < start + tokens {
        return None;
    }
    let b = (b.0 + (start - a.0), b.1 - (a.1 - end));
    let a = (start, end);
    (height(one, a) >= lines && height(other, b) >= lines).then_some((a, b))
}

/// Lines with code in a stretch.
fn height(tokens: &Tokens, (start, end): Stretch) -> u32 {
    count(tokens.line_index(end.saturating_sub(1)) + 1 - tokens.line_index(start))
}

/// Whether a stretch is a row of one pattern: most of its lines have the shape of another one in it.
fn is_pattern(tokens: &Tokens, (start, end): Stretch) -> bool {
    let (first, last) = (tokens.line_index(start), tokens.line_index(end.saturating_sub(1)));
    let lines = tokens.looks().get(first..=last).unwrap_or_default();
    let mut looks: Vec<u64> = lines.iter().copied().filter(|look| *look != 0).collect();
    let all = looks.len();
    looks.sort_unstable();
    looks.dedup();
    looks.len() * 2 < all || looks.len() < 3
}
