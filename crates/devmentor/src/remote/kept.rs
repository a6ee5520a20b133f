//! What is remembered of a server: its address, and the tokens of whoever signed in. A file that its owner alone reads.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The server that commands speak with.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Its address, without a slash at its end.
    pub(super) server: String,
    /// Who is signed in there; `None` after signing out.
    pub(super) tokens: Option<Tokens>,
}

/// What a session is gone on with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tokens {
    /// For `Authorization: Bearer`.
    pub(super) access: String,
    /// When that runs out.
    pub(super) access_expires_at: api::Time,
    /// Good once, for the next pair.
    pub(super) refresh: String,
}

/// Where it is remembered.
pub(super) struct Place(PathBuf);

impl Place {
    /// In that folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// What is remembered. A file that says nothing sensible is as good as none: signing in writes another.
    pub(super) fn read(&self) -> io::Result<Option<Kept>> {
        match fs::read(self.file()) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Remembers it: the whole of it or nothing, for its owner's eyes from the first byte on.
    pub(super) fn write(&self, kept: &Kept) -> io::Result<()> {
        self.make_folder()?;
        let fresh = self.0.join(format!(".server.json.{}", std::process::id()));
        let written = (|| {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
            file.write_all(&serde_json::to_vec_pretty(kept)?)?;
            file.sync_all()?;
            fs::rename(&fresh, self.file())
        })();
        if written.is_err() {
            // What was begun holds a token.
            let _ = fs::remove_file(&fresh);
        }
        written
    }

    /// Keeps other commands from refreshing at the same time, until what comes back is dropped: a token that is used twice
    /// ends the session.
    pub(super) fn lock(&self) -> io::Result<File> {
        self.make_folder()?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.0.join("server.lock"))?;
        file.lock()?;
        Ok(file)
    }

    fn file(&self) -> PathBuf {
        self.0.join("server.json")
    }

    fn make_folder(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_remembered_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().join("devmentor"));
        assert!(place.read().unwrap().is_none());
        let tokens = Tokens {
            access: "a".to_owned(),
            access_expires_at: base::Timestamp::from_seconds(7).into(),
            refresh: "b".to_owned(),
        };
        let kept = Kept { server: "https://mentor.example.org".to_owned(), tokens: Some(tokens.clone()) };
        place.write(&kept).unwrap();
        assert!(place.read().unwrap().unwrap().tokens == Some(tokens));
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(place.file()), mode(place.0.clone())), (0o600, 0o700));
        fs::write(place.file(), "nothing sensible").unwrap();
        assert!(place.read().unwrap().is_none());
    }
}
