//! Why a call over HTTP gave nothing.

use std::time::Duration;

use crate::address::NotPublic;
use crate::client::Answer;
use crate::guard::Verdict;

/// Why a call over HTTP gave nothing. No text of it holds an address, a header or a body.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is one that must not be contacted.
    #[error(transparent)]
    Refused(#[from] NotPublic),
    /// The request is not one that can be sent.
    #[error("the request cannot be sent: {0}")]
    Malformed(String),
    /// The dependency failed too often and was not asked.
    #[error("the service failed too often lately and is left in peace; the next try is in {} s", .0.as_secs().max(1))]
    Resting(Duration),
    /// It could not be reached, or broke off.
    #[error("the service could not be reached: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The answer is longer than any honest one.
    #[error("the answer is too large")]
    TooLarge,
    /// It answered with a status that is no success.
    #[error("the service answered with status {}", .0.status)]
    Status(Box<Answer>),
}

impl Error {
    /// What it says about the dependency.
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            // Nothing of this says that the dependency is ill.
            Self::Refused(_) | Self::Malformed(_) | Self::TooLarge | Self::Resting(_) => Verdict::Answered,
            Self::Unreachable(_) | Self::TimedOut => Verdict::Failing(None),
            Self::Status(answer) => match answer.status {
                429 => Verdict::Later(answer.retry_after),
                408 | 500..=599 => Verdict::Failing(answer.retry_after),
                _ => Verdict::Answered,
            },
        }
    }

    /// When asking again makes sense, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Resting(after) => Some(*after),
            Self::Status(answer) => answer.retry_after,
            _ => None,
        }
    }

    /// From the HTTP library. The address is left out: it may hold a key.
    pub(crate) fn from_transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(refused) = not_public(&error) {
            return Self::Refused(refused);
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if error.is_builder() {
            return Self::Malformed(error.to_string());
        }
        // The innermost cause is the one that says something: "connection refused", "certificate expired".
        let mut cause: &dyn std::error::Error = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        Self::Unreachable(cause.to_string())
    }
}

/// The refusal of the resolver, inside what the library made of it.
fn not_public(error: &reqwest::Error) -> Option<NotPublic> {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(refused) = cause.downcast_ref::<NotPublic>() {
            return Some(refused.clone());
        }
        next = cause.source();
    }
    None
}
