//! What can go wrong, as far as a caller can act on it.

use std::sync::Arc;

use sqlx::error::ErrorKind;

/// The failure underneath, for logs.
type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A storage operation failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached, or is held by others for too long. Nothing was kept; trying again later may
    /// work.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The commit was sent and its answer never came: what the transaction changed is there in full or not at all,
    /// and nobody knows which. Only [`Tx::commit`](crate::Tx::commit) gives it. Doing the same again may do it twice,
    /// unless the statements see by themselves that it was done (a unique key, a fence, a version); otherwise look
    /// first.
    #[error("it is not known whether the changes were kept")]
    OutcomeUnknown(#[source] Cause),
    /// A row with the same unique key exists. The transaction is lost.
    #[error("a row with this key exists already")]
    Conflict(#[source] Cause),
    /// The row is no longer as the caller saw it: another version, or gone.
    #[error("the row was changed in the meantime")]
    Changed,
    /// The disk is full or must not be written. Reading may still work.
    #[error("the database cannot be written")]
    ReadOnly(#[source] Cause),
    /// What is stored is not what was written: a damaged file, or a value that does not decode.
    #[error("the stored data is damaged: {0}")]
    Corrupt(String),
    /// An earlier statement of this transaction failed, so nothing of it can be kept.
    #[error("an earlier statement of the transaction failed")]
    Aborted,
    /// The database could not be opened or brought to the current schema.
    #[error("the database could not be opened: {0}")]
    Open(String),
    /// The engine refused the statement: a mistake in the program.
    #[error("the statement was refused")]
    Refused(#[source] Cause),
}

impl Error {
    /// Whether trying the whole transaction again later may work and cannot do anything twice.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether the transaction may have been kept all the same.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::OutcomeUnknown(_))
    }

    /// What a commit's failure means. Only the engine's own refusal says that nothing was kept.
    pub(crate) fn of_commit(error: sqlx::Error) -> Self {
        let refused = match &error {
            sqlx::Error::Database(database) => database.code().is_some_and(|code| refuses_commit(&code)),
            _ => false,
        };
        if refused { error.into() } else { Self::unknown(error) }
    }

    /// For a commit whose answer is lost.
    pub(crate) fn unknown(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the answer to a commit is lost");
        Self::OutcomeUnknown(Arc::new(error))
    }

    /// For text, an id or a JSON document that was read back and makes no sense.
    pub fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt(what.to_string())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => match database.kind() {
                ErrorKind::UniqueViolation => Self::Conflict(Arc::new(error)),
                _ => match database.code().as_deref().map(class_of) {
                    Some(Class::Unavailable) => Self::Unavailable(Arc::new(error)),
                    Some(Class::ReadOnly) => Self::ReadOnly(Arc::new(error)),
                    Some(Class::Corrupt) => Self::Corrupt(error.to_string()),
                    Some(Class::Other) | None => Self::Refused(Arc::new(error)),
                },
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable(Arc::new(error)),
            sqlx::Error::RowNotFound
            | sqlx::Error::TypeNotFound { .. }
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_) => Self::Corrupt(error.to_string()),
            _ => Self::Refused(Arc::new(error)),
        }
    }
}

enum Class {
    Unavailable,
    ReadOnly,
    Corrupt,
    Other,
}

/// The class of an engine's error code: SQLite's extended result codes are numbers, PostgreSQL's SQLSTATEs have
/// five characters.
fn class_of(code: &str) -> Class {
    if code.len() == 5 {
        return match (code.get(..2), code) {
            // Connection lost, operator intervention, resources exhausted; and what the transaction can be tried
            // again for: serialization failure, deadlock, lock not available.
            (Some("08" | "57"), _) | (_, "53200" | "53300" | "40001" | "40P01" | "55P03") => {
                Class::Unavailable
            }
            (_, "53100" | "25006") => Class::ReadOnly,
            (Some("XX"), _) => Class::Corrupt,
            _ => Class::Other,
        };
    }
    // The low byte is the primary code.
    match code.parse::<u32>().map(|code| code & 0xff) {
        // BUSY, LOCKED, CANTOPEN, PROTOCOL.
        Ok(5 | 6 | 14 | 15) => Class::Unavailable,
        // PERM, READONLY, IOERR, FULL.
        Ok(3 | 8 | 10 | 13) => Class::ReadOnly,
        // CORRUPT, NOTADB.
        Ok(11 | 26) => Class::Corrupt,
        _ => Class::Other,
    }
}

/// Whether an engine that answers a commit with this code has kept nothing. A server that shuts down or loses its
/// connection may have committed before it said so (PostgreSQL's classes 08 and 57P, and 40003); so may a file of
/// which only the last flush failed (SQLite's IOERR): its log is whole and would be replayed.
fn refuses_commit(code: &str) -> bool {
    if code.len() == 5 {
        return !(code.starts_with("08") || code.starts_with("57P") || code == "40003");
    }
    code.parse::<u32>().is_ok_and(|code| code & 0xff != 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_fall_into_the_classes_that_callers_know() {
        let name = |code| match class_of(code) {
            Class::Unavailable => "unavailable",
            Class::ReadOnly => "read only",
            Class::Corrupt => "corrupt",
            Class::Other => "other",
        };
        // SQLite: BUSY, BUSY_SNAPSHOT, CANTOPEN, READONLY, FULL, IOERR_WRITE, CORRUPT, NOTADB, ERROR, CHECK.
        let sqlite = ["5", "517", "14", "8", "13", "778", "11", "26", "1", "275"].map(name);
        assert_eq!(
            sqlite,
            [
                "unavailable",
                "unavailable",
                "unavailable",
                "read only",
                "read only",
                "read only",
                "corrupt",
                "corrupt",
                "other",
                "other",
            ]
        );
        // PostgreSQL: connection failure, shutdown, too many connections, deadlock, lock not available, disk full,
        // read-only transaction, data corrupted, syntax error, check violation.
        let postgres =
            ["08006", "57P01", "53300", "40P01", "55P03", "53100", "25006", "XX001", "42601", "23514"]
                .map(name);
        assert_eq!(
            postgres,
            [
                "unavailable",
                "unavailable",
                "unavailable",
                "unavailable",
                "unavailable",
                "read only",
                "read only",
                "corrupt",
                "other",
                "other",
            ]
        );
    }

    #[test]
    fn only_a_refusal_says_that_nothing_was_committed() {
        // SQLite: BUSY, FULL, a deferred foreign key; PostgreSQL: serialization failure, deadlock, disk full,
        // cancelled by the user, a deferred unique key.
        for code in ["5", "13", "787", "40001", "40P01", "53100", "57014", "23505"] {
            assert!(refuses_commit(code), "{code}");
        }
        // IOERR, IOERR_FSYNC; connection failure, shutdown, crash of a neighbour, completion unknown.
        for code in ["10", "1034", "08006", "57P01", "57P02", "40003"] {
            assert!(!refuses_commit(code), "{code}");
        }
        assert!(Error::of_commit(sqlx::Error::WorkerCrashed).is_outcome_unknown());
        let lost = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let lost = Error::of_commit(sqlx::Error::Io(lost));
        assert!(lost.is_outcome_unknown() && !lost.is_temporary());
    }
}
