//! Which tokens worked here a while ago.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Tokens that are remembered: 32 bytes each, and those of a large server fit.
const MANY: usize = 10_000;

/// The hashes of tokens that worked when they were last asked about. Cheap to clone.
///
/// It lets nobody in: a token that is in here is looked up like any other, only without being counted among those that
/// may be made up.
#[derive(Clone, Default)]
pub(crate) struct Used(Arc<Mutex<HashSet<Vec<u8>>>>);

impl Used {
    /// Whether that one worked.
    pub(crate) fn knows(&self, hash: &[u8]) -> bool {
        self.hashes().contains(hash)
    }

    /// It works.
    pub(crate) fn note(&self, hash: Vec<u8>) {
        let mut hashes = self.hashes();
        if hashes.len() >= MANY && !hashes.contains(&hash) {
            // Each of the others is counted once when it comes again.
            hashes.clear();
        }
        hashes.insert(hash);
    }

    /// It does not work any more.
    pub(crate) fn forget(&self, hash: &[u8]) {
        self.hashes().remove(hash);
    }

    fn hashes(&self) -> std::sync::MutexGuard<'_, HashSet<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_are_remembered_than_fit() {
        let used = Used::default();
        let hash = |number: usize| number.to_be_bytes().to_vec();
        for number in 0..=MANY {
            used.note(hash(number));
        }
        assert_eq!(used.hashes().len(), 1);
        assert!(used.knows(&hash(MANY)) && !used.knows(&hash(0)));
        used.forget(&hash(MANY));
        assert!(!used.knows(&hash(MANY)));
    }
}
