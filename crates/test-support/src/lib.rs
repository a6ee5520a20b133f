//! The application under test: the whole product in one process, over real HTTP, with a clock that stands still.
//!
//! Nothing is replaced but time, ids and the database's place: the parts are joined by the wiring of the binary,
//! and untrusted repositories are read by the real binary as a child process. It deliberately knows no rule of any
//! context; tests look from the outside, as a browser does.
//!
//! Reading order: [`TestApp`] (starting, background work, the check at the end), [`Caller`] (who asks),
//! [`Fixture`] (repositories to ask about).

#![expect(clippy::panic, reason = "a test that cannot set up its world has failed")]

mod app;
mod caller;
mod fixture;

pub use app::{TestApp, on_each_engine};
pub use caller::{Caller, Reply};
pub use fixture::Fixture;

/// What a test cannot go on without.
pub(crate) trait OrFail<T> {
    /// The value, or the end of the test with a reason.
    fn or_fail(self, what: &str) -> T;
}

impl<T, E: std::fmt::Display> OrFail<T> for Result<T, E> {
    #[track_caller]
    fn or_fail(self, what: &str) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{what}: {error}"),
        }
    }
}

impl<T> OrFail<T> for Option<T> {
    #[track_caller]
    fn or_fail(self, what: &str) -> T {
        match self {
            Some(value) => value,
            None => panic!("{what}"),
        }
    }
}
