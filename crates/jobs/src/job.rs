//! What a job is.

use std::time::Duration;

use base::Timestamp;
use base::id::{JobId, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A job that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub(crate) kind: &'static str,
    pub(crate) payload: serde_json::Value,
    pub(crate) workspace: Option<WorkspaceId>,
    pub(crate) priority: i32,
    pub(crate) run_at: Option<Timestamp>,
    pub(crate) max_attempts: u32,
    pub(crate) timeout: Duration,
    pub(crate) dedupe: Option<String>,
}

impl NewJob {
    /// A job of a kind that a handler is registered for. The payload holds ids and nothing else: what they stand
    /// for is read when the job runs, as it is then.
    ///
    /// By default it has priority 0, may run at once, three times at most, for ten minutes each.
    pub fn new(kind: &'static str, payload: serde_json::Value) -> Self {
        Self {
            kind,
            payload,
            workspace: None,
            priority: 0,
            run_at: None,
            max_attempts: 3,
            timeout: Duration::from_mins(10),
            dedupe: None,
        }
    }

    /// The workspace it works for.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceId) -> Self {
        self.workspace = Some(workspace);
        self
    }

    /// Higher runs first.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Not before that time.
    #[must_use]
    pub fn run_at(mut self, at: Timestamp) -> Self {
        self.run_at = Some(at);
        self
    }

    /// How often it may be tried; at least once.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// How long one try may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// While a job of the same kind with the same key waits or runs, asking again gives that one.
    #[must_use]
    pub fn dedupe(mut self, key: impl Into<String>) -> Self {
        self.dedupe = Some(key.into());
        self
    }
}

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Identifies it.
    pub id: JobId,
    /// The workspace it works for, where it works for one.
    pub workspace: Option<WorkspaceId>,
    /// What handles it.
    pub kind: String,
    /// JSON with the ids it is about.
    pub payload: String,
    /// How far it is.
    pub state: State,
    /// Higher runs first.
    pub priority: i32,
    /// Not before that time.
    pub run_at: Timestamp,
    /// Tries so far, counted when each begins.
    pub attempt: u32,
    /// Tries at most.
    pub max_attempts: u32,
    /// How long one try may take.
    pub timeout: Duration,
    /// Somebody asked it to stop.
    pub cancel: bool,
    /// JSON that the handler left to say how far it is.
    pub progress: Option<String>,
    /// How the last try failed, where one did.
    pub error_kind: Option<ErrorKind>,
    /// Why, in words for an operator.
    pub error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When the last try began.
    pub started_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
}

impl Job {
    /// What the job is about.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.payload)
    }
}

/// Declares a closed set of words that is stored as text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The word it is stored as.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(word: &str) -> Result<Self, $error> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($error),
                }
            }
        }
    };
}

/// A stored word that is not one of its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such state")]
pub struct ParseStateError;

words! {
    /// How far a job is.
    State, ParseStateError {
        /// Waits for its time and a runner.
        Ready => "ready",
        /// A runner has it.
        Running => "running",
        /// Finished.
        Done => "done",
        /// Given up; may be tried again by hand.
        Dead => "dead",
        /// Stopped by somebody.
        Cancelled => "cancelled",
    }
}

words! {
    /// How a try failed.
    ErrorKind, ParseStateError {
        /// Its handler asked for another try.
        Retry => "retry",
        /// Its handler said that trying again is no use.
        Fail => "fail",
        /// Its handler panicked.
        Panic => "panic",
        /// It took too long.
        Timeout => "timeout",
        /// Its runner was not heard of any more.
        Lost => "lost",
    }
}
