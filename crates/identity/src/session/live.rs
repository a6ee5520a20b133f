//! Which sessions live, remembered for less than a second.
//!
//! What this process ends, it forgets with the commit, and says so to whoever tells other nodes. What another node ends
//! and nobody tells, it learns at the next question, which is never more than [`FRESH`] away; while the database does not
//! answer, there is no answer, and nobody gets in.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::id::{SessionId, UserId};
use tokio::sync::broadcast;

use super::Session;

/// How long an answer of the database counts.
const FRESH: Duration = Duration::from_millis(900);
/// Sessions that are remembered before old ones are looked for.
const MANY: usize = 10_000;
/// Changes that wait for whoever tells other nodes.
const WAITING: usize = 256;

/// What is known of somebody no more: told among nodes as `session ID` or `user ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// That session ended.
    Session(SessionId),
    /// Something about that person changed.
    User(UserId),
}

/// The text names no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a change of a session or a person")]
pub struct NoChange;

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(session) => write!(f, "session {session}"),
            Self::User(user) => write!(f, "user {user}"),
        }
    }
}

impl FromStr for Changed {
    type Err = NoChange;

    fn from_str(text: &str) -> Result<Self, NoChange> {
        match text.split_once(' ').ok_or(NoChange)? {
            ("session", id) => id.parse().map(Self::Session).map_err(|_| NoChange),
            ("user", id) => id.parse().map(Self::User).map_err(|_| NoChange),
            _ => Err(NoChange),
        }
    }
}

/// When a question was asked: an answer counts from there, and not at all when something ended since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    at: Instant,
    turn: u64,
}

/// The sessions that live. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Live {
    known: Arc<Mutex<Known>>,
    changed: broadcast::Sender<Changed>,
}

impl Default for Live {
    fn default() -> Self {
        Self { known: Arc::default(), changed: broadcast::channel(WAITING).0 }
    }
}

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

    /// These ended here.
    pub(crate) fn forget(&self, ended: &[SessionId]) {
        for session in ended {
            self.change(Changed::Session(*session));
        }
    }

    /// Something about that person changed here.
    pub(crate) fn forget_user(&self, user: UserId) {
        self.change(Changed::User(user));
    }

    fn change(&self, changed: Changed) {
        self.heard(Some(changed));
        // Fails where nobody tells others.
        drop(self.changed.send(changed));
    }

    /// That changed, here or elsewhere; anything may have, where it is not said what.
    pub(crate) fn heard(&self, changed: Option<Changed>) {
        let mut known = self.known();
        known.turn += 1;
        match changed {
            Some(Changed::Session(session)) => drop(known.sessions.remove(&session)),
            Some(Changed::User(user)) => known.sessions.retain(|_, (_, session)| session.user.id != user),
            None => known.sessions.clear(),
        }
    }

    /// What changes here from now on.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changed.subscribe()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use base::{Ids, Timestamp};

    use super::*;
    use crate::people::User;

    fn session(ids: &Ids) -> Session {
        let user = User {
            id: ids.new_id(),
            handle: "a".into(),
            name: "A".into(),
            email: None,
            operator: false,
            avatar: None,
        };
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

    #[test]
    fn what_changes_here_is_told_and_what_is_heard_is_forgotten_and_told_no_further() {
        let (live, ids) = (Live::default(), Ids::counted());
        let (one, other) = (session(&ids), session(&ids));
        let mut changes = live.changes();
        live.forget(&[one.id]);
        live.forget_user(other.user.id);
        for told in [Changed::Session(one.id), Changed::User(other.user.id)] {
            assert_eq!(changes.try_recv(), Ok(told));
            assert_eq!(told.to_string().parse(), Ok(told));
        }
        for heard in [Some(Changed::Session(one.id)), Some(Changed::User(one.user.id)), None] {
            let asked = live.asked();
            live.put(one.clone(), asked);
            assert!(live.get(one.id).is_some());
            live.heard(heard);
            assert!(live.get(one.id).is_none(), "{heard:?}");
            // What was asked before is not believed either.
            live.put(one.clone(), asked);
            assert!(live.get(one.id).is_none(), "{heard:?}");
        }
        assert!(changes.try_recv().is_err());
        for wrong in ["", "session", "session x", "else 1"] {
            assert!(wrong.parse::<Changed>().is_err(), "{wrong}");
        }
    }
}
