//! Where the rows are kept.

use std::path::PathBuf;

use base::Secret;

/// Which engine keeps the rows, and where.
#[derive(Debug, Clone)]
pub enum Config {
    /// A file. What is missing of it and its folder is created, readable by its owner only.
    Sqlite {
        /// The database file.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host/database`; secret because of the password.
        url: Secret,
    },
}

impl Config {
    /// A database file.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite { path: path.into() }
    }

    /// A PostgreSQL server.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres { url: Secret::new(url) }
    }
}
