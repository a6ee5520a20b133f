//! Why a repository could not be read, in words its owner can act on.

use serde::{Deserialize, Serialize};

/// A refusal or a failure: a stable code for programs, one sentence for people.
///
/// The sentence may name paths and addresses that the asking person gave, never the content of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// What kind.
    pub code: FailureCode,
    /// What happened and what to do about it.
    pub detail: String,
}

impl Failure {
    /// A failure of that kind.
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Declares the codes with their names, so that the two cannot drift apart.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal)*) => {
        /// The kinds of failure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FailureCode {
            $($(#[$doc])* $name,)*
        }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name used everywhere outside this program.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

codes! {
    /// The folder is not a Git repository.
    NotARepository = "not_a_repository"
    /// The repository has no commit yet.
    EmptyRepository = "empty_repository"
    /// The branch does not exist, or the commit that was named.
    NoSuchBranch = "no_such_branch"
    /// A file or object that is needed is missing, damaged or not permitted.
    Unreadable = "unreadable"
    /// The repository uses a storage format that is not understood.
    Unsupported = "unsupported"
    /// The repository leans on files outside its own folder, which are not followed.
    OutsideReference = "outside_reference"
    /// The path lies outside the folders the operator opened.
    OutsideRoots = "outside_roots"
    /// The text is no path and no Git address.
    UrlInvalid = "url_invalid"
    /// The address is one that must not be contacted.
    UrlRefused = "url_refused"
    /// The host wants to know who asks.
    AuthRequired = "auth_required"
    /// The host has no such repository, or does not show it.
    NotFound = "not_found"
    /// The host could not be reached.
    Unreachable = "unreachable"
    /// The host's certificate is not trusted.
    Certificate = "certificate"
    /// Larger than the limits.
    TooLarge = "too_large"
    /// It took longer than the limit.
    Timeout = "timeout"
    /// The analysis used up its memory or processor time.
    AnalysisLimit = "analysis_limit"
    /// The analysis process ended without an answer.
    AnalysisCrashed = "analysis_crashed"
    /// Somebody stopped it.
    Cancelled = "cancelled"
    /// The `git` program, needed for addresses, is missing.
    GitMissing = "git_missing"
    /// A fault of this program or its machine.
    Internal = "internal"
}

impl FailureCode {
    /// The code with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Whether the same request may succeed a little later without anybody doing anything.
    pub fn passes(self) -> bool {
        matches!(self, Self::Unreachable | Self::Timeout | Self::AnalysisCrashed | Self::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for code in FailureCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(FailureCode::parse(code.as_str()), Some(*code));
        }
    }
}
