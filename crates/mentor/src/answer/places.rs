//! How many answers are in the making at once: a few for each person, and on each node no more than it can write.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use base::id::UserId;

/// Answers of one person: somebody who reads several conversations at once has enough of them.
const PERSON: usize = 4;
/// Answers of one node: each is noted every second while it is written.
const NODE: usize = 64;

/// Why there is no place for another answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// This person has as many as one may have.
    #[error("{PERSON} answers are being written for you: wait for one of them or stop it")]
    Person,
    /// The node has.
    #[error("this server writes as many answers as it can: try again in a moment")]
    Node,
}

/// Who has answers in the making, and how many. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<BTreeMap<UserId, usize>>>);

impl Places {
    /// A place for one more answer, until it is dropped.
    pub(crate) fn take(&self, person: UserId) -> Result<Place, Full> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.get(&person).is_some_and(|own| *own >= PERSON) {
            return Err(Full::Person);
        }
        if taken.values().sum::<usize>() >= NODE {
            return Err(Full::Node);
        }
        *taken.entry(person).or_default() += 1;
        Ok(Place { places: self.clone(), person })
    }
}

/// The place of an answer that is being written.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    person: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.person) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.remove(&self.person)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_few_places_and_a_node_no_more_than_it_can_fill() {
        let (places, ids) = (Places::default(), base::Ids::counted());
        let ana: UserId = ids.new_id();
        let mut own: Vec<Place> = (0..PERSON).map(|_| places.take(ana).unwrap()).collect();
        assert_eq!(places.take(ana).unwrap_err(), Full::Person);
        own.pop();
        own.push(places.take(ana).unwrap());
        let others: Vec<Place> = (PERSON..NODE).map(|_| places.take(ids.new_id()).unwrap()).collect();
        assert_eq!(places.take(ids.new_id()).unwrap_err(), Full::Node);
        drop((own, others));
        assert!(places.0.lock().unwrap().is_empty(), "who has no answer is not counted");
        assert!(places.take(ana).is_ok());
    }
}
