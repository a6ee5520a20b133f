//! Secrets at rest: what other people's services must not learn from a stolen database.
//!
//! A value is sealed under a data key of its own, and that key under a key of the [`Keyring`] (envelope encryption, as
//! NIST SP 800-57 part 1, 6.2 calls wrapping). The keys live in a file or in the environment, never in the database: a
//! copy of the database alone tells nothing. Every sealed value is bound to its [`Place`], so that whoever can write to
//! the database cannot let one tenant use the secret of another by copying it.
//!
//! What it does not do: keep a secret from the running program, or from whoever may read both the keys and the database.
//!
//! This crate deliberately knows no database and no table: who owns a column seals, opens and re-seals it.
//!
//! Reading order: [`Place`] and [`Sealed`] (what is kept), [`Keyring`] (how); inside, `key` and `file`.

mod file;
mod key;
mod keyring;
mod sealed;

pub use file::KeyFileError;
pub use key::{KeyId, MalformedKeys};
pub use keyring::{Keyring, RotateError};
pub use sealed::{OpenError, Place, Sealed};
