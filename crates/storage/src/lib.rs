//! Relational storage: one SQL text over two engines.
//!
//! Contexts hold a [`Db`], write plain SQL with `$1` placeholders and get rows back. This crate alone knows that
//! the rows are kept by SQLite on a laptop and by PostgreSQL in a cluster; it is the only one that names either.
//! It deliberately does not know what any table means: statements live in the crate that owns the table.
//!
//! What it promises on both engines:
//! - a committed transaction survives the loss of the process and of power;
//! - a [`Tx`] whose statement failed is lost as a whole, so code that runs on one engine runs on the other;
//! - a commit whose answer is lost says so ([`Error::OutcomeUnknown`]), instead of that it did not happen;
//! - what was registered with [`Tx::after_commit`] runs only after the commit, and always when it is known.
//!
//! Reading order: [`Config`], [`Db`] (opening, reading, beginning), [`Tx`] (writing), [`Query`] (one statement),
//! [`Sql`] and [`SqlBuilder`] (its text), [`Val`] (its values), [`Error`]; then `sqlite::writer` (how commits
//! share one fsync), `migrate`, and [`recorder`] (which statements no test executed).

mod config;
mod db;
mod error;
mod migrate;
mod query;
pub mod recorder;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod val;

pub use config::Config;
pub use db::{Db, Engine};
pub use error::Error;
pub use query::{Query, Row};
pub use sql::{Sql, SqlBuilder, Statement};
pub use sqlx::FromRow;
pub use tx::{BeforeCommit, Tx};
pub use val::Val;
