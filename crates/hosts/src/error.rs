//! Why a host gave no answer that can be used.

use std::time::Duration;

use base::Timestamp;

/// Why a host gave no answer that can be used. No text of it holds an address or a token.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The token is wrong, expired or was revoked.
    #[error("the host does not accept the token: it is wrong, has expired or was revoked")]
    TokenRefused,
    /// The token is good, but may not do that.
    #[error("the token may not do that: {0}")]
    Forbidden(String),
    /// It understood what was asked and will not do it; the same once more is declined again.
    #[error("the host declined: {0}")]
    Declined(String),
    /// There is no such thing, or the token does not reach it.
    #[error("the host has no such repository, or does not show it to this token")]
    NotFound,
    /// The host wants to be asked later.
    #[error("the host answers no more questions for now")]
    RateLimited {
        /// When it does again, where it said so.
        until: Option<Timestamp>,
    },
    /// The host must not be contacted.
    #[error("{0}")]
    Refused(String),
    /// It could not be reached, or failed.
    #[error("{detail}")]
    Unavailable {
        /// What happened.
        detail: String,
        /// When asking again makes sense, where that is known.
        after: Option<Duration>,
    },
    /// It answered with something else than its interface says: most often it is a host of another kind.
    #[error("the answer is not that of such a host")]
    Malformed,
}
