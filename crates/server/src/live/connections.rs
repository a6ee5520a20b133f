//! How many of something that lasts each person has: live connections, answers on their way to programs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base::id::UserId;

/// Counts by person.
#[derive(Clone)]
pub(crate) struct Connections {
    counts: Arc<Mutex<HashMap<UserId, usize>>>,
    gauge: &'static str,
}

/// One of them; gone when dropped.
pub(crate) struct Connection {
    all: Connections,
    user: UserId,
}

impl Connections {
    /// Nobody has any. All together are shown at `/metrics` under that name.
    pub(crate) fn shown_as(gauge: &'static str) -> Self {
        Self { counts: Arc::default(), gauge }
    }

    /// Counts one more, unless the person has as many as `limit` already.
    pub(crate) fn open(&self, user: UserId, limit: usize) -> Option<Connection> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        metrics::gauge!(self.gauge).increment(1.0);
        Some(Connection { all: self.clone(), user })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut counts = self.all.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
        metrics::gauge!(self.all.gauge).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_bounded_number_and_gets_it_back() {
        let all = Connections::shown_as("live_connections");
        let user = base::Ids::counted().new_id();
        let first = all.open(user, 2);
        let second = all.open(user, 2);
        assert!(first.is_some() && second.is_some());
        assert!(all.open(user, 2).is_none());
        drop(first);
        assert!(all.open(user, 2).is_some());
    }
}
