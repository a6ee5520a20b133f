//! Typed identifiers.
//!
//! Every id is a `UUIDv7` (RFC 9562): unique without coordination, and ordered by creation, so that it doubles as a
//! stable sort key. Between processes the order is that of their clocks, to the millisecond; the ids of one [`Ids`]
//! are strictly increasing (section 6.2, method 1: a counter within the millisecond). The type says what an id
//! identifies; mixing two kinds does not compile.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::time::Clock;

/// The text is not the hyphenated form of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id")]
pub struct ParseIdError(pub String);

/// Declares identifier types.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(raw: Uuid) -> Self {
                Self(raw)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                text.parse()
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                // Only the canonical form: two spellings of one id would defeat caches and comparisons.
                match Uuid::try_parse(text) {
                    Ok(raw) if raw.to_string() == text => Ok(Self(raw)),
                    _ => Err(ParseIdError(text.chars().take(64).collect())),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// A person.
    UserId
    /// A workspace: the tenant. Every row that belongs to somebody names one.
    WorkspaceId
    /// A signed-in browser, terminal or editor.
    SessionId
    /// One line of the audit log.
    AuditId
    /// A mail that is to be sent or was.
    MailId
    /// An invitation to a workspace.
    InviteId
    /// A request for more than a role permits.
    AccessRequestId
    /// A token that acts for a person.
    TokenId
    /// A connected repository.
    RepoId
    /// A connected code host: an account there, with its token.
    HostId
    /// One analysis of one commit of a repository.
    AnalysisId
    /// A finding as it lives on across analyses of one repository.
    FindingId
    /// An insight as it lives on across analyses of one repository.
    InsightId
    /// A decision of people not to act on findings.
    SuppressionId
    /// A project: a list of tasks with its own key.
    ProjectId
    /// A task of a project.
    TaskId
    /// Something that was learned.
    MemoryId
    /// A service with language models.
    ProviderId
    /// A conversation with the mentor.
    ThreadId
    /// A question in a conversation, or an answer.
    MessageId
    /// A background job.
    JobId
    /// One occurrence on a channel.
    EventId
    /// One HTTP request, for logs and error reports.
    RequestId
    /// The answer recorded for an `Idempotency-Key`.
    IdempotencyId
}

/// The source of new ids. Cheap to clone; every clone draws from the same sequence.
#[derive(Clone)]
pub struct Ids(Source);

#[derive(Clone)]
enum Source {
    Random(Clock, Arc<Mutex<Tick>>),
    Counted(Arc<Mutex<u64>>),
}

/// The place of the last id in time: its millisecond, and its number within that.
#[derive(Default)]
struct Tick {
    millis: u64,
    number: u16,
}

impl Tick {
    /// Numbers have 12 bits.
    const LAST: u16 = 0x0fff;

    /// The place of the next id. A millisecond begins at a random number in the lower half, so that ids do not tell
    /// how many there were; one that is used up borrows from the next, and so does a clock that went back.
    fn next(&mut self, now: u64) -> (u64, u16) {
        if now > self.millis {
            (self.millis, self.number) = (now, first_number());
        } else if self.number < Self::LAST {
            self.number += 1;
        } else {
            (self.millis, self.number) = (self.millis + 1, first_number());
        }
        (self.millis, self.number)
    }
}

fn first_number() -> u16 {
    u16::from_be_bytes(random_bytes()) & (Tick::LAST >> 1)
}

impl Ids {
    /// Ids from the clock and the operating system's random source.
    pub fn random(clock: Clock) -> Self {
        Self(Source::Random(clock, Arc::default()))
    }

    /// Ids that count up from one: the same run gives the same ids. For tests.
    pub fn counted() -> Self {
        Self(Source::Counted(Arc::new(Mutex::new(0))))
    }

    /// A new id of the wanted kind.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(match &self.0 {
            Source::Random(clock, tick) => {
                let now = u64::try_from(clock.now().as_micros() / 1_000).unwrap_or(0);
                let (millis, number) = tick.lock().unwrap_or_else(PoisonError::into_inner).next(now);
                let mut tail: [u8; 10] = random_bytes();
                tail[..2].copy_from_slice(&number.to_be_bytes());
                uuid_v7(millis, tail)
            }
            Source::Counted(count) => {
                let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
                *count += 1;
                let mut tail = [0; 10];
                tail[2..].copy_from_slice(&count.to_be_bytes());
                uuid_v7(0, tail)
            }
        })
    }

    /// 256 unguessable bits, for tokens. Counted sources give counted ones, so tests are repeatable.
    pub fn new_token(&self) -> [u8; 32] {
        match &self.0 {
            Source::Random(..) => random_bytes(),
            Source::Counted(count) => {
                let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
                *count += 1;
                let mut token = [0; 32];
                token[24..].copy_from_slice(&count.to_be_bytes());
                token
            }
        }
    }
}

fn uuid_v7(millis: u64, tail: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

#[expect(clippy::panic, reason = "an operating system without random numbers cannot run this program safely")]
fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes,
        Err(error) => panic!("the operating system gave no random numbers: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_their_text_and_refuse_other_spellings() {
        let id: RepoId = Ids::random(Clock::system()).new_id();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().to_uppercase().parse::<RepoId>().is_err());
        assert!("".parse::<RepoId>().is_err());
    }

    #[test]
    fn ids_of_one_source_increase_even_within_a_millisecond_and_when_the_clock_goes_back() {
        let clock = Clock::manual(crate::Timestamp::from_seconds(1_000));
        let ids = Ids::random(clock);
        // More than a millisecond has numbers for, by a clock that stands still.
        let made: Vec<TaskId> = (0..10_000).map(|_| ids.new_id()).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        let mut tick = Tick { millis: 9, number: Tick::LAST };
        assert_eq!(tick.next(3).0, 10);
    }

    #[test]
    fn counted_ids_repeat_and_are_ordered() {
        let (a, b) = (Ids::counted(), Ids::counted());
        let first: [TaskId; 3] = [a.new_id(), a.new_id(), a.new_id()];
        let second: [TaskId; 3] = [b.new_id(), b.new_id(), b.new_id()];
        assert_eq!(first, second);
        assert!(first.is_sorted());
    }
}
