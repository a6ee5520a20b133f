//! Which statements ran.
//!
//! The compiler does not check SQL, so a statement that no test executes is one that may not even parse. In debug
//! builds, when the environment names a file in `DEVMENTOR_SQL_LOG`, every statement is appended to it once for
//! each process, one to a line; `cargo xtask tidy` compares the file with the statements the sources hold.

#[cfg(debug_assertions)]
pub(crate) fn note(text: &'static str) {
    debug::note(text);
}

#[cfg(not(debug_assertions))]
pub(crate) fn note(_text: &'static str) {}

/// The form in which statements are compared: any run of white space is one space.
pub fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(debug_assertions)]
mod debug {
    use std::collections::HashSet;
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;
    use std::sync::{LazyLock, Mutex, PoisonError};

    struct Log {
        file: File,
        seen: HashSet<&'static str>,
    }

    static LOG: LazyLock<Option<Mutex<Log>>> = LazyLock::new(|| {
        #[expect(clippy::disallowed_methods, reason = "a hook of the test run, absent from release builds")]
        let path = std::env::var_os("DEVMENTOR_SQL_LOG")?;
        let file = OpenOptions::new().create(true).append(true).open(path).ok()?;
        Some(Mutex::new(Log { file, seen: HashSet::new() }))
    });

    pub(super) fn note(text: &'static str) {
        let Some(log) = LOG.as_ref() else { return };
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.seen.insert(text) {
            // One write for each line: processes append to the same file side by side.
            let line = format!("{}\n", super::normalised(text));
            if let Err(error) = log.file.write_all(line.as_bytes()) {
                tracing::warn!(%error, "the statement log cannot be written");
            }
        }
    }
}
