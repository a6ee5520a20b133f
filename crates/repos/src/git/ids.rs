//! Maps by object id. An id is a hash already, so hashing it takes one multiplication; what it is multiplied with differs
//! from process to process, so that nobody can make ids that all fall into one place.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};

use gix::ObjectId;

/// A map by object id.
pub(crate) type IdMap<T> = HashMap<ObjectId, T, Ids>;

/// A set of object ids.
pub(crate) type IdSet = HashSet<ObjectId, Ids>;

/// Makes the hashers of one map.
#[derive(Debug, Clone)]
pub(crate) struct Ids(u64);

impl Default for Ids {
    fn default() -> Self {
        // Odd, so that multiplying by it loses nothing.
        Self(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Ids {
    type Hasher = IdHasher;

    fn build_hasher(&self) -> IdHasher {
        IdHasher { factor: self.0, hash: 0 }
    }
}

/// Hashes one id.
#[derive(Debug)]
pub(crate) struct IdHasher {
    factor: u64,
    hash: u64,
}

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let number = part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
            let product = u128::from(self.hash ^ number) * u128::from(self.factor);
            // The lower half alone knows nothing of the upper bits.
            #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
            let (low, high) = (product as u64, (product >> 64) as u64);
            self.hash = low ^ high;
        }
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_differ_anywhere_are_told_apart() {
        let ids = Ids::default();
        let base = [7_u8; 20];
        let mut seen = HashSet::from([ids.hash_one(ObjectId::from(base))]);
        for at in 0..base.len() {
            let mut other = base;
            other[at] ^= 1;
            assert!(seen.insert(ids.hash_one(ObjectId::from(other))), "byte {at}");
        }
        let mut map = IdMap::default();
        map.insert(ObjectId::from(base), 1);
        assert_eq!(map.get(&ObjectId::from(base)), Some(&1));
    }
}
