//! Which sessions live, remembered for less than a second.
//!
//! What this process ends, it forgets with the commit. What another node ends, it learns at the next question, which
//! is never more than [`FRESH`] away; while the database does not answer, there is no answer, and nobody gets in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::id::{SessionId, UserId};

use super::Session;

/// How long an answer of the database counts.
const FRESH: Duration = Duration::from_millis(900);
/// Sessions that are remembered before old ones are looked for.
const MANY: usize = 10_000;

/// When a question was asked: an answer counts from there, and not at all when something ended since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    at: Instant,
    turn: u64,
}

/// The sessions that live. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Live(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    sessions: HashMap<SessionId, (Instant, Session)>,
    /// Counts the times that something was forgotten.
    turn: u64,
}

impl Live {
    /// The session, where the database said so a moment ago.
    pub(crate) fn get(&self, session: SessionId) -> Option<Session> {
        let known = self.known();
        let (at, session) = known.sessions.get(&session)?;
        (at.elapsed() < FRESH).then(|| session.clone())
    }

    /// Notes that the database is going to be asked.
    pub(crate) fn asked(&self) -> Asked {
        Asked { at: Instant::now(), turn: self.known().turn }
    }

    /// Remembers an answer.
    pub(crate) fn put(&self, session: Session, asked: Asked) {
        let mut known = self.known();
        // Something ended while the database was asked, perhaps this session, perhaps after it was read.
        if known.turn != asked.turn {
            return;
        }
        if known.sessions.len() >= MANY {
            known.sessions.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        known.sessions.insert(session.id, (asked.at, session));
    }

    /// These ended.
    pub(crate) fn forget(&self, ended: &[SessionId]) {
        let mut known = self.known();
        known.turn += 1;
        for session in ended {
            known.sessions.remove(session);
        }
    }

    /// Something about that person changed.
    pub(crate) fn forget_user(&self, user: UserId) {
        let mut known = self.known();
        known.turn += 1;
        known.sessions.retain(|_, (_, session)| session.user.id != user);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use base::{Ids, Timestamp};

    use super::*;
    use crate::people::User;

    fn session(ids: &Ids) -> Session {
        let user =
            User { id: ids.new_id(), handle: "a".into(), name: "A".into(), email: None, operator: false };
        Session { id: ids.new_id(), user, expires_at: Timestamp::from_seconds(1) }
    }

    #[test]
    fn what_ended_while_the_database_was_asked_is_not_remembered() {
        let (live, ids) = (Live::default(), Ids::counted());
        let (one, other) = (session(&ids), session(&ids));
        let asked = live.asked();
        live.put(one.clone(), asked);
        assert_eq!(live.get(one.id), Some(one.clone()));
        live.forget(&[one.id]);
        assert_eq!(live.get(one.id), None);
        live.put(one.clone(), asked);
        live.put(other.clone(), asked);
        assert_eq!((live.get(one.id), live.get(other.id)), (None, None));
        live.put(other.clone(), live.asked());
        live.forget_user(one.user.id);
        assert!(live.get(other.id).is_some());
        live.forget_user(other.user.id);
        assert!(live.get(other.id).is_none());
    }
}
