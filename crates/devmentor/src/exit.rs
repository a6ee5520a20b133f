//! How a command ends: exit codes, and errors that know theirs.

use std::fmt;
use std::process::ExitCode;

/// Exit codes; they are documented in the help and in `docs/cli.md`, and scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Done, and something was found at or above the wanted severity.
    Found,
    /// The command line, the configuration or the source is not valid.
    Usage,
    /// It could not be done.
    Failed,
    /// A limit of time, memory or size ended it.
    Limit,
    /// The user ended it.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Failed => 3,
            Exit::Limit => 4,
            Exit::Interrupted => 130,
        })
    }
}

/// An error on its way to the user, with the exit code it stands for.
///
/// Anything that is turned into one without saying a code could not be done: [`Exit::Failed`].
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the program ends.
    pub(crate) exit: Exit,
    /// What went wrong; its causes are part of the message.
    pub(crate) error: anyhow::Error,
    /// What to do about it, where that is known.
    pub(crate) hint: Option<String>,
}

/// What a command gives back.
pub(crate) type Outcome = Result<Exit, Failure>;

impl Failure {
    /// The user asked for something that cannot be asked for.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, error: anyhow::anyhow!("{message}"), hint: None }
    }

    /// It could not be done.
    pub(crate) fn failed(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Failed, error: anyhow::anyhow!("{message}"), hint: None }
    }

    /// The same, with what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A setting that is not valid.
    pub(crate) fn setting(mistake: impl fmt::Display) -> Self {
        Self::usage(mistake)
            .hint("`devmentor config --template` prints every setting with its default and what it does")
    }

    /// What to do about it; where nothing better is known, what helps with all of its kind.
    pub(crate) fn next_step(&self) -> &str {
        self.hint.as_deref().unwrap_or(match self.exit {
            Exit::Usage => "`devmentor --help` shows what can be typed, `devmentor config` what is set",
            Exit::Limit => "`devmentor config --template` shows the limits and how to raise them",
            _ => "`devmentor doctor` looks whether everything is there that DevMentor relies on",
        })
    }

    /// Whether the reader of the output has gone away, which is no failure of ours.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.error.chain().any(|cause| {
            cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
        })
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { exit: Exit::Failed, error: error.into(), hint: None }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::Context;

    use super::*;

    #[test]
    fn a_closed_pipe_is_seen_through_what_was_said_about_it() {
        let io = || io::Error::from(io::ErrorKind::BrokenPipe);
        let failure = Failure::from(Err::<(), _>(io()).context("cannot print the report").unwrap_err());
        assert!(failure.is_broken_pipe());
        assert!(!Failure::failed("no").is_broken_pipe());
    }
}
