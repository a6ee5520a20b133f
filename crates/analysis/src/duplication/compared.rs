//! What was found in two files, kept under all that decides it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{Fragment, Pair, Tokens};
use crate::duplication::pairs::Candidate;

/// A key, and where the answer to it begins.
type Entry = [u8; 12];

/// What was found in pairs of files by an earlier search, and by this one.
///
/// The answer for two files depends on their tokens and on the places at which they share seeds, and on nothing else:
/// not on their paths, nor on other files. So it is kept under a hash of these, and most pairs of files need not be looked
/// at again when one file has changed.
#[derive(Debug, Default)]
pub struct Compared<'k> {
    /// Sorted by key.
    keys: &'k [Entry],
    answers: &'k [u8],
    found: Vec<(u64, Vec<Pair>)>,
    /// Whether something was not known.
    fresh: bool,
}

impl<'k> Compared<'k> {
    /// Takes up what [`write`](Self::write) wrote; bytes that it did not write are nothing.
    pub fn read(bytes: &'k [u8]) -> Self {
        let read = || {
            let (count, rest) = bytes.split_first_chunk::<4>()?;
            let length = (u32::from_le_bytes(*count) as usize).checked_mul(size_of::<Entry>())?;
            let (keys, answers) = rest.split_at_checked(length)?;
            Some((keys.as_chunks().0, answers))
        };
        let (keys, answers) = read().unwrap_or_default();
        Self { keys, answers, ..Self::default() }
    }

    /// What this search found, to be read by the next one; `None` where that is what is kept already.
    pub fn write(mut self) -> Option<Vec<u8>> {
        // What is of no use any more may stay while there is no more of it than of the rest.
        if !self.fresh && self.keys.len() <= 2 * self.found.len() {
            return None;
        }
        self.found.sort_unstable_by_key(|(key, _)| *key);
        self.found.dedup_by_key(|(key, _)| *key);
        let mut keys = u32::try_from(self.found.len()).ok()?.to_le_bytes().to_vec();
        let mut answers = Vec::new();
        for (key, pairs) in &self.found {
            keys.extend(key.to_le_bytes());
            keys.extend(u32::try_from(answers.len()).ok()?.to_le_bytes());
            answers = postcard::to_extend(pairs, answers).ok()?;
        }
        keys.extend(answers);
        Some(keys)
    }

    /// What two files have in common at these places: known, or found by `look`.
    pub(super) fn find(
        &mut self,
        (one, other): (&Tokens, &Tokens),
        places: impl Iterator<Item = (u64, u32)>,
        look: impl FnOnce() -> Vec<Pair>,
    ) -> Vec<Pair> {
        let mut hash = DefaultHasher::new();
        (one.digest(), other.digest(), std::ptr::eq(one, other)).hash(&mut hash);
        for place in places {
            place.hash(&mut hash);
        }
        let key = hash.finish();
        let pairs = self.known(key).unwrap_or_else(|| {
            self.fresh = true;
            look()
        });
        self.found.push((key, pairs.clone()));
        pairs
    }

    fn known(&self, key: u64) -> Option<Vec<Pair>> {
        let of = |entry: &Entry| {
            let (key, start) = entry.split_first_chunk::<8>()?;
            Some((u64::from_le_bytes(*key), u32::from_le_bytes(*start.first_chunk()?)))
        };
        let place = self.keys.binary_search_by_key(&Some(key), |entry| Some(of(entry)?.0)).ok()?;
        let (_, start) = of(self.keys.get(place)?)?;
        postcard::take_from_bytes(self.answers.get(start as usize..)?).ok().map(|(pairs, _)| pairs)
    }
}

impl Pair {
    /// The same pair between the files of these candidates, whose numbers may have changed.
    pub(super) fn of(self, between: &[Candidate]) -> Self {
        let (one, other) = between.first().map_or((0, 0), Candidate::files);
        Self {
            one: Fragment { file: one, ..self.one },
            other: Fragment { file: other, ..self.other },
            ..self
        }
    }
}
