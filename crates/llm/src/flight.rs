//! Answers on their way, so that who asks the same meanwhile listens along.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::answer::{Answer, Said};
use crate::cache::Key;

/// Where an answer is said.
pub(crate) type Voice = Arc<watch::Sender<Said>>;

/// The answers on their way.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, Voice>>);

impl Flights {
    /// Joins the answer to that question, or begins one: then its voice is there too.
    pub(crate) fn join(&self, key: Key) -> (Answer, Option<Voice>) {
        let mut flights = self.lock();
        if let Some(voice) = flights.get(&key) {
            return (Answer::new(voice.subscribe()), None);
        }
        let (answer, voice) = alone();
        flights.insert(key, Arc::clone(&voice));
        (answer, Some(voice))
    }

    /// Ends a flight that nobody listens to; `false` when somebody joined a moment ago.
    pub(crate) fn end_unheard(&self, key: Option<Key>, voice: &Voice) -> bool {
        let mut flights = self.lock();
        let unheard = voice.receiver_count() == 0;
        if let Some(key) = key.filter(|_| unheard) {
            flights.remove(&key);
        }
        unheard
    }

    /// Ends a flight.
    pub(crate) fn end(&self, key: Key) {
        self.lock().remove(&key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Voice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that nobody can join, and its voice.
pub(crate) fn alone() -> (Answer, Voice) {
    let (voice, said) = watch::channel(Said::default());
    (Answer::new(said), Arc::new(voice))
}
